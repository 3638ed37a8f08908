"""What kind of edit a change of a fact is: its wording, its answer, or another fact's turn."""

from enum import StrEnum

from app.core.facts import Fact
from app.core.marking import Verdict, mark_value
from app.core.sentences import say
from app.core.values import Entity, EntityValue, SetValue, Value
from app.core.wording import display, fact_text, shown_value, stem

_SAME = frozenset({Verdict.EXACT, Verdict.EQUIVALENT})


class EditKind(StrEnum):
    """What an edit of a fact means for those who have learned it."""

    WORDING = "wording"
    CORRECTION = "correction"
    SUPERSEDED = "superseded"


def usual_kind(before: Fact, after: Fact) -> EditKind:
    """Return the kind that a curator most likely means: a correction where the answer differs."""
    about = _key(before.subject) == _key(after.subject) and _relation(before) == _relation(after)
    same = about and same_answer(before.value, after.value)
    return EditKind.WORDING if same else EditKind.CORRECTION


def told_kind(before: Fact, after: Fact) -> str:
    """Return in a sentence what an edit looks like; "" where nothing has changed for learners."""
    if usual_kind(before, after) is EditKind.CORRECTION:
        old, new = told_change(before, after)
        return say("This looks like a correction: {old} → {new}.", old=old, new=new)
    worded = (before.value, before.ask, before.say, before.ask_inverse)
    if worded == (after.value, after.ask, after.say, after.ask_inverse):
        return ""
    return say("This looks like a change of wording: the answer stays what it was.")


def same_answer(one: Value, other: Value) -> bool:
    """Whether marking takes each of two values for the other, typing errors apart."""
    if _keys(one) is not None and _keys(one) == _keys(other):
        return True
    return _accepts(one, other) and _accepts(other, one)


def told_change(before: Fact, after: Fact) -> tuple[str, str]:
    """Return the old and the new answer in words; whole sentences where only those differ."""
    answers = shown_value(before), shown_value(after)
    if answers[0] != answers[1]:
        return answers
    return fact_text(before), fact_text(after)


def told_question(fact: Fact) -> str:
    """Return the question that a corrected fact answers; "" where it has no wording."""
    return stem(fact)


def _accepts(value: Value, other: Value) -> bool:
    mark = mark_value(value, display(other))
    return mark.correct and mark.verdict in _SAME


def _keys(value: Value) -> frozenset[str] | None:
    if isinstance(value, EntityValue):
        return frozenset({value.entity.key})
    return frozenset(one.key for one in value.items) if isinstance(value, SetValue) else None


def _key(entity: Entity | None) -> str | None:
    return entity.key if entity else None


def _relation(fact: Fact) -> str | None:
    return fact.relation.key if fact.relation else None
