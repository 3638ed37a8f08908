"""Paper: a quiz with its answer key, and flashcards to cut out, as HTML made for printing."""

import html
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from app.core.facts import Deck, Fact, Picture, Side
from app.core.questions import DeckIndex
from app.core.wording import shown_value, stem
from app.interchange.items import Item, ItemKind, items_of

MOST_QUESTIONS = 200
CARDS_A_SHEET = 8
_ROW = 2
_LETTERS = "ABCDEFGHIJ"


@dataclass(frozen=True, slots=True)
class Styling:
    """How a page gets its styles: a link for the site, the rules themselves for a file."""

    link: str = ""
    rules: str = ""
    pictures: Mapping[str, str] = field(default_factory=dict)
    """Addresses of pictures by name."""

    @property
    def head(self) -> str:
        """The element that goes into the head."""
        if self.link:
            return f'<link rel="stylesheet" href="{html.escape(self.link)}">'
        return f"<style>{self.rules}</style>"

    def images(self, shown: Iterable[Picture]) -> str:
        """Return the elements of pictures."""
        return "".join(
            f'<img src="{html.escape(self.pictures[one.name])}" alt="{html.escape(one.alt)}">'
            for one in shown
            if one.name in self.pictures
        )


def print_quiz(index: DeckIndex, styling: Styling, count: int = 20, seed: int = 0) -> str:
    """Return a quiz of about `count` questions, one a fact, with a key on a page of its own."""
    items = _drawn(index, min(count, MOST_QUESTIONS), seed)
    asked = "".join(_asked(item, styling) for item in items)
    keys = "".join(f"<li>{_key(item)}</li>" for item in items)
    title = html.escape(index.deck.title)
    body = (
        f'<header><h1>{title}</h1><p class="who">Name <span class="line"></span> Date '
        f'<span class="line short"></span> Points <span class="line short"></span> of {len(items)}'
        f'</p></header><main><ol class="quiz">{asked}</ol>'
        f'<section class="key"><h2>Answers</h2><ol>{keys}</ol></section></main>'
    )
    return _page(index.deck, f"Quiz: {index.deck.title}", body, styling)


def print_cards(index: DeckIndex, styling: Styling) -> str:
    """Return flashcards: sheets of questions, each followed by its backs, mirrored for duplex."""
    facts = [fact for fact in index.facts if stem(fact)]
    sheets = "".join(
        _sheets(facts[at : at + CARDS_A_SHEET], index.deck, styling)
        for at in range(0, len(facts), CARDS_A_SHEET)
    )
    title = html.escape(index.deck.title)
    hint = (
        "Print on both sides, turned over the long edge, and cut along the lines. "
        f"{len(facts)} cards."
    )
    body = f'<header class="screen"><h1>{title}</h1><p>{hint}</p></header><main>{sheets}</main>'
    return _page(index.deck, f"Flashcards: {index.deck.title}", body, styling)


def _page(deck: Deck, title: str, body: str, styling: Styling) -> str:
    language = html.escape(deck.language)
    return (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{html.escape(title)}</title>{styling.head}</head><body>{body}</body></html>\n"
    )


def _drawn(index: DeckIndex, count: int, seed: int) -> list[Item]:
    """Return one question a fact, kinds taking turns, in an order that the seed draws."""
    by_fact: dict[str, list[Item]] = {}
    for item in items_of(index, seed):
        by_fact.setdefault(item.name.split(" ")[0], []).append(item)
    rng = Random(seed)  # noqa: S311 no secret
    keys = list(by_fact)
    rng.shuffle(keys)
    return [_turn(by_fact[key], at) for at, key in enumerate(keys[:count])]


def _turn(items: Sequence[Item], at: int) -> Item:
    kinds = list(dict.fromkeys(item.kind for item in items))
    kind = kinds[at % len(kinds)]
    return next(item for item in items if item.kind is kind)


def _asked(item: Item, styling: Styling) -> str:
    stem_text = html.escape(item.stem)
    shown = styling.images(item.pictures)
    return f'<li><p class="stem">{stem_text}</p>{shown}{"".join(_space(item))}</li>'


def _space(item: Item) -> Iterator[str]:
    """Yield what is answered on: boxes, letters or a line."""
    if item.kind in {ItemKind.TYPED, ItemKind.NUMBER}:
        yield '<p class="line answer"></p>'
    elif item.kind is ItemKind.MATCH:
        left = "".join(
            f'<li>{html.escape(one)} <span class="box"></span></li>' for one in item.prompts
        )
        right = "".join(f"<li>{html.escape(one)}</li>" for one in item.options)
        yield f'<div class="pairs"><ul>{left}</ul><ol type="A">{right}</ol></div>'
    else:
        several = ' class="many"' if item.kind is ItemKind.SELECT else ""
        boxes = "".join(
            f'<li><span class="box"></span> {html.escape(one)}</li>' for one in item.options
        )
        told = '<p class="how">Number them in order.</p>' if item.kind is ItemKind.ORDER else ""
        yield f"{told}<ul{several}>{boxes}</ul>"


def _key(item: Item) -> str:
    if item.kind is ItemKind.MATCH:
        pairs = zip(item.prompts, item.keys, strict=True)
        told = "; ".join(
            f"{prompt}: {_LETTERS[item.options.index(key)]}, {key}" for prompt, key in pairs
        )
    elif item.kind is ItemKind.ORDER:
        told = " → ".join(item.keys)
    elif item.kind is ItemKind.TYPED:
        told = item.keys[0]
    else:
        told = "; ".join(item.keys)
    return html.escape(told)


def _sheets(facts: Sequence[Fact], deck: Deck, styling: Styling) -> str:
    fronts = [_front(fact, styling) for fact in facts]
    backs = [_back(fact, deck, styling) for fact in facts]
    empty = '<div class="card"></div>'
    padded = backs + [empty] * (-len(backs) % _ROW)
    mirrored = [
        one for at in range(0, len(padded), _ROW) for one in reversed(padded[at : at + _ROW])
    ]
    front, back = "".join(fronts), "".join(mirrored)
    return f'<section class="sheet">{front}</section><section class="sheet back">{back}</section>'


def _front(fact: Fact, styling: Styling) -> str:
    shown = styling.images(one for one in fact.pictures if one.side is Side.QUESTION)
    return f'<div class="card"><p>{html.escape(stem(fact))}</p>{shown}</div>'


def _back(fact: Fact, deck: Deck, styling: Styling) -> str:
    source = deck.source_by_key.get(fact.evidence.source) if fact.evidence else None
    who = f"{str(fact.stance).capitalize()} by {fact.attribution}" if fact.attribution else ""
    told = ", ".join(filter(None, (who, source.title if source else "")))
    small = f'<p class="source">{html.escape(told)}</p>' if told else ""
    shown = styling.images(one for one in fact.pictures if one.side is Side.ANSWER)
    answer = html.escape(shown_value(fact))
    return f'<div class="card"><p><strong>{answer}</strong></p>{shown}{small}</div>'
