"""Match three to five subjects to their values, or questions to their answers of one kind."""

from random import Random

from app.core.facts import Fact, Stance
from app.core.marking import Mark
from app.core.questions.building import MAX_OPTION, leaks, partly, question_for, wrong
from app.core.questions.chance import Chance
from app.core.questions.distractors import may_hold, names_of, right_values
from app.core.questions.index import DeckIndex
from app.core.questions.looks import overlaps, style_of
from app.core.questions.question import Direction, Matched, Question, QuestionType, Response
from app.core.sentences import say
from app.core.values import EntityValue, SetValue, TextValue
from app.core.wording import (
    answer_texts,
    as_dated,
    dated,
    display,
    fill,
    frame_of,
    kept,
    shown_value,
    stem,
)

FEWEST, MOST = 3, 5
SAME_RELATION = SAME_KIND = 60


def ask(index: DeckIndex, fact: Fact, direction: Direction, chance: Chance) -> Question | None:
    """Return the question, or None without three facts whose values are all different.

    Where the fact's relation has too few, whole questions are matched to answers of one kind.
    """
    if direction is Direction.INVERSE or fact.stance is not Stance.STATED:
        return None
    rng = chance.own
    chosen = _of_relation(index, fact, rng) or _of_kind(index, fact, rng)
    if len(chosen) < FEWEST:
        return None
    text = _stem(fact)
    if fact.subject is None or fact.subject.name not in chosen:
        text = frame_of(fact.language).match_questions
    prompts = list(chosen)
    rng.shuffle(prompts)
    keys = [shown_value(chosen[prompt]) for prompt in prompts]
    options = list(keys)
    while options == keys:
        rng.shuffle(options)
    return question_for(
        fact,
        (QuestionType.MATCHING, direction),
        text,
        keys,
        prompts=tuple(prompts),
        options=tuple(options),
        fact_keys=tuple(one.key for one in chosen.values()),
    )


def _of_relation(index: DeckIndex, fact: Fact, rng: Random) -> dict[str, Fact]:
    """Return facts of one relation by their subjects, none where they are too few."""
    asked = _matched_as(fact)
    if fact.subject is None or fact.relation is None or asked is None:
        return {}
    others = [one for one in index.beside(fact, SAME_RELATION) if _matched_as(one) == asked]
    rng.shuffle(others)
    chosen = {fact.subject.name: fact}
    for other in others:
        if other.subject and len(chosen) < MOST and _distinct(index, other, chosen):
            chosen[other.subject.name] = other
    return chosen if len(chosen) >= FEWEST else {}


def _of_kind(index: DeckIndex, fact: Fact, rng: Random) -> dict[str, Fact]:
    """Return facts whose answers are of one kind by their questions, of which none tells another.

    Relations with several values are left out: another of them might fit as well.
    """
    others = [one for one in index.of_kind(fact, SAME_KIND) if _asks_for_one(one)]
    if len(others) < FEWEST - 1 or not _asks_for_one(fact):
        return {}
    rng.shuffle(others)
    chosen = {stem(fact): fact}
    for other in others:
        if len(chosen) < MOST and _apart(index, other, chosen):
            chosen[stem(other)] = other
    return chosen


def _asks_for_one(fact: Fact) -> bool:
    one = fact.relation is None or not fact.relation.many
    entity = isinstance(fact.value, EntityValue) and bool(fact.value.entity.kind)
    return one and entity and fact.stance is Stance.STATED and 0 < len(stem(fact)) <= MAX_OPTION


def _apart(index: DeckIndex, fact: Fact, chosen: dict[str, Fact]) -> bool:
    """Whether a question can stand beside others: no answer fits two or is told by one."""
    if stem(fact) in chosen:
        return False
    mine = {name for value in right_values(index, fact) for name in names_of(value)}
    for text, other in chosen.items():
        theirs = {name for value in right_values(index, other) for name in names_of(value)}
        if mine & theirs or leaks(text, tuple(mine)) or leaks(stem(fact), tuple(theirs)):
            return False
    return True


@kept
def _matched_as(fact: Fact) -> tuple[str, str] | None:
    """Return what facts matched to each other share: wording and date; None for no such fact."""
    stated = fact.stance is Stance.STATED
    if not stated or fact.subject is None or isinstance(fact.value, SetValue):
        return None
    if leaks(fact.subject.name, answer_texts(fact.value, fact.language)):
        return None
    return fact.ask_template, as_dated(fact)


def _distinct(index: DeckIndex, fact: Fact, chosen: dict[str, Fact]) -> bool:
    """Whether a fact can stand beside the chosen: no value of one also fits another."""
    if fact.subject is None or fact.subject.name in chosen or fact.relation is None:
        return False
    mine, style, shown = _texts_of(index, fact), style_of(fact.value), shown_value(fact)
    for name, other in chosen.items():
        if style_of(other.value) != style or not mine.isdisjoint(_texts_of(index, other)):
            return False
        if may_hold(other.value, fact.value) or shown == name:
            return False
        if isinstance(fact.value, TextValue) and overlaps(shown, shown_value(other)):
            return False
    return True


def _texts_of(index: DeckIndex, fact: Fact) -> frozenset[str]:
    """Return the values that a fact's subject has by its relation, as shown and folded."""
    if fact not in index.kept.texts and fact.subject and fact.relation:
        values = [*index.right_values[fact.subject.name, fact.relation.key]]
        values += index.elsewhere.right_values(fact)
        index.kept.texts[fact] = frozenset(display(value).casefold() for value in values)
    return index.kept.texts.get(fact, frozenset())


def _stem(fact: Fact) -> str:
    example = dated(fact, fill(fact.ask_template, "…", "…"))
    return frame_of(fact.language).match.format(example=example)


def mark(question: Question, response: Response) -> Mark:
    """Give each right pair its share."""
    if not isinstance(response, Matched) or len(response.options) != len(question.keys):
        return wrong(say("Match every line."))
    pairs = zip(question.keys, response.options, strict=True)
    hits = sum(key == option for key, option in pairs)
    total = len(question.keys)
    return partly(hits / total, say("{hits} of {total} pairs are right.", hits=hits, total=total))
