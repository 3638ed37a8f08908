"""Paper: a quiz with its answer key, and flashcards to cut out, as HTML made for printing."""

import html
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from unicodedata import east_asian_width

from app.core.facts import Deck, Fact, Picture, Side, Stance
from app.core.languages import direction
from app.core.questions import DeckIndex
from app.core.sentences import Sentence, say, say_many
from app.core.wording import shown_value, stem
from app.interchange.items import TRUE, Item, ItemKind, items_of
from app.languages import ENGLISH, LANGUAGES, in_language

MOST_QUESTIONS = 200
CARDS_A_SHEET = 8
_ROW = 2
_LETTERS = "ABCDEFGHIJ"
_SIZES = ((150, "long"), (320, "longer"), (700, "longest"))
"""Characters from which a card's letters are smaller, found by printing such cards."""


@dataclass(frozen=True, slots=True)
class Styling:
    """How a page gets its styles: a link for the site, the rules themselves for a file."""

    link: str = ""
    rules: str = ""
    pictures: Mapping[str, str] = field(default_factory=dict)
    """Addresses of pictures by name."""
    reader: str = ENGLISH
    """The language of who prints it."""

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


@dataclass(frozen=True, slots=True)
class Paper:
    """A page that is being written: its deck, its styles, and what our own words on it speak.

    They speak the deck's language if we do; else that of who prints it, and say so.
    """

    deck: Deck
    styling: Styling

    @property
    def language(self) -> str:
        """The language of our own words."""
        spoken = self.deck.language.partition("-")[0].lower()
        return spoken if spoken in LANGUAGES else self.styling.reader

    def told(self, sentence: Sentence) -> str:
        """Return a sentence of ours as it stands on this page."""
        return html.escape(in_language(self.language, sentence))

    @property
    def ours(self) -> str:
        """The attributes of elements with words of ours."""
        return f' lang="{self.language}" dir="{direction(self.language)}"'


def print_quiz(index: DeckIndex, styling: Styling, count: int = 20, seed: int = 0) -> str:
    """Return a quiz of about `count` questions, one a fact, with a key on a page of its own."""
    paper = Paper(index.deck, styling)
    items = _drawn(index, min(count, MOST_QUESTIONS), seed)
    asked = "".join(_asked(item, paper) for item in items)
    keys = "".join(f"<li>{_key(item, paper)}</li>" for item in items)
    name, date, key = (paper.told(one) for one in (say("Name:"), say("Date:"), say("Answer key")))
    points = paper.told(say("Points (of {most}):", most=len(items)))
    body = (
        f"<header><h1>{html.escape(index.deck.title)}</h1>"
        f'<p class="who"{paper.ours}>{name} <span class="line"></span> '
        f'{date} <span class="line short"></span> '
        f'{points} <span class="line short"></span></p></header>'
        f'<main><ol class="quiz">{asked}</ol><section class="key">'
        f"<h2{paper.ours}>{key}</h2><ol>{keys}</ol></section></main>"
    )
    return _page(paper, say("Quiz: {title}", title=index.deck.title), body)


def print_cards(index: DeckIndex, styling: Styling) -> str:
    """Return flashcards: sheets of questions, each followed by its backs, mirrored for duplex."""
    paper = Paper(index.deck, styling)
    facts = [fact for fact in index.facts if stem(fact)]
    sheets = "".join(
        _sheets(facts[at : at + CARDS_A_SHEET], paper) for at in range(0, len(facts), CARDS_A_SHEET)
    )
    title = html.escape(index.deck.title)
    hint = paper.told(
        say("Print on both sides, turned over the long edge, and cut along the lines.")
    )
    count = paper.told(say_many("{number} card.", "{number} cards.", len(facts)))
    body = (
        f'<header class="screen"><h1>{title}</h1><p{paper.ours}>{hint} {count}</p></header>'
        f"<main>{sheets}</main>"
    )
    return _page(paper, say("Flashcards: {title}", title=index.deck.title), body)


def _page(paper: Paper, title: Sentence, body: str) -> str:
    spoken = html.escape(paper.deck.language)
    return (
        f'<!doctype html>\n<html lang="{spoken}" dir="{direction(paper.deck.language)}">'
        '<head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{paper.told(title)}</title>{paper.styling.head}</head>"
        f"<body>{body}</body></html>\n"
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


def _asked(item: Item, paper: Paper) -> str:
    stem_text = html.escape(item.stem)
    shown = paper.styling.images(item.pictures)
    return f'<li><p class="stem">{stem_text}</p>{shown}{"".join(_space(item, paper))}</li>'


def _space(item: Item, paper: Paper) -> Iterator[str]:
    """Yield what is answered on: boxes, letters or a line."""
    if item.kind in {ItemKind.TYPED, ItemKind.NUMBER}:
        yield '<p class="line answer"></p>'
    elif item.kind is ItemKind.MATCH:
        left = "".join(
            f'<li><span>{html.escape(one)}</span> <span class="box"></span></li>'
            for one in item.prompts
        )
        right = "".join(f"<li>{html.escape(one)}</li>" for one in item.options)
        yield f'<div class="pairs"><ul>{left}</ul><ol type="A">{right}</ol></div>'
    else:
        several = ' class="many"' if item.kind is ItemKind.SELECT else ""
        boxes = "".join(
            f'<li><span class="box"></span> {_option(item, one, paper)}</li>'
            for one in item.options
        )
        how = paper.told(say("Number them in order."))
        told = f'<p class="how"{paper.ours}>{how}</p>' if item.kind is ItemKind.ORDER else ""
        yield f"{told}<ul{several}>{boxes}</ul>"


def _option(item: Item, text: str, paper: Paper) -> str:
    """Return an option or a key as it stands on paper; True and False are words of ours."""
    if item.kind is not ItemKind.TRUE_FALSE:
        return html.escape(text)
    told = paper.told(say("True") if text == TRUE else say("False"))
    return f"<bdi{paper.ours}>{told}</bdi>"


def _key(item: Item, paper: Paper) -> str:
    if item.kind is ItemKind.TRUE_FALSE:
        return _option(item, item.keys[0], paper)
    if item.kind is ItemKind.MATCH:
        pairs = zip(item.prompts, item.keys, strict=True)
        told = "; ".join(
            f"{prompt} → {_LETTERS[item.options.index(key)]}, {key}" for prompt, key in pairs
        )
    elif item.kind is ItemKind.ORDER:
        told = " → ".join(item.keys)
    elif item.kind is ItemKind.TYPED:
        told = item.keys[0]
    else:
        told = "; ".join(item.keys)
    return html.escape(told)


def _sheets(facts: Sequence[Fact], paper: Paper) -> str:
    fronts = [_front(fact, paper.styling) for fact in facts]
    backs = [_back(fact, paper) for fact in facts]
    empty = '<div class="card"></div>'
    padded = backs + [empty] * (-len(backs) % _ROW)
    mirrored = [
        one for at in range(0, len(padded), _ROW) for one in reversed(padded[at : at + _ROW])
    ]
    front, back = "".join(fronts), "".join(mirrored)
    return f'<section class="sheet">{front}</section><section class="sheet back">{back}</section>'


def _front(fact: Fact, styling: Styling) -> str:
    shown = styling.images(one for one in fact.pictures if one.side is Side.QUESTION)
    text = stem(fact)
    return f'<div class="{_size(text, shown)}"><p>{html.escape(text)}</p>{shown}</div>'


def _back(fact: Fact, paper: Paper) -> str:
    source = paper.deck.source_by_key.get(fact.evidence.source) if fact.evidence else None
    said = f'<p class="source"{paper.ours}>{paper.told(_says_so(fact))}</p>'
    who = said if fact.attribution else ""
    small = f'<p class="source">{html.escape(source.title)}</p>' if source else ""
    shown = paper.styling.images(one for one in fact.pictures if one.side is Side.ANSWER)
    answer = shown_value(fact)
    told = f"<p><strong>{html.escape(answer)}</strong></p>{shown}{who}{small}"
    return f'<div class="{_size(answer, shown)}">{told}</div>'


def _size(text: str, shown: str) -> str:
    """Return the classes of a card whose letters are as small as its text needs to be whole.

    A picture takes half of the card.
    """
    width = sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)
    needed = width * (2 if shown else 1)
    return " ".join(["card", *(name for most, name in _SIZES if needed > most)])


def _says_so(fact: Fact) -> Sentence:
    if fact.stance is Stance.CLAIMED:
        return say("A claim by {who}", who=fact.attribution)
    if fact.stance is Stance.DISPUTED:
        return say("Disputed: {who} says so", who=fact.attribution)
    return say("Reported by {who}", who=fact.attribution)
