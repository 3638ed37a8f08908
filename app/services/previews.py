"""Every question that a fact would produce, what is wrong with them, and a try at answering."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.core.facts import Deck, Fact, Status
from app.core.lint import Finding, lint_fact
from app.core.marking import Mark, mark_value
from app.core.questions import (
    DeckIndex,
    Direction,
    Question,
    QuestionType,
    mark,
    questions_of,
)
from app.core.questions.question import Typed
from app.core.values import Entity, EntityValue, SetValue, ValueProblem
from app.services.drafts import FactDraft, fact_of

PREVIEW_SEED = 1


@dataclass(frozen=True, slots=True)
class Preview:
    """Every question that a fact would produce, and what is wrong with them."""

    questions: tuple[Question, ...]
    findings: tuple[Finding, ...]
    mark: Mark | None = None
    """How the answer that was tried would be marked."""


def preview(deck: Deck, fact: Fact, response: str = "") -> Preview:
    """Return every question that a fact would produce if it were published now.

    A `response` is marked as it would be if it were typed as the answer.
    """
    fact = replace(fact, status=Status.PUBLISHED)
    others = tuple(one for one in deck.facts if one.key != fact.key)
    entities = {one.key: one for one in (*deck.entities, *new_entities(deck, fact))}
    index = DeckIndex(replace(deck, facts=(*others, fact), entities=tuple(entities.values())))
    found = tuple(lint_fact(index, fact, PREVIEW_SEED))
    questions = tuple(questions_of(index, fact, PREVIEW_SEED))
    tried = _tried(index, fact, questions, response) if response.strip() else None
    return Preview(questions, found, tried)


def _tried(index: DeckIndex, fact: Fact, questions: Sequence[Question], response: str) -> Mark:
    """Mark a response by the question that would be typed, or by the value where there is none."""
    for question in questions:
        typed = question.type in {QuestionType.SHORT_ANSWER, QuestionType.CLOZE}
        if typed and question.direction is Direction.FORWARD:
            return mark(question, Typed(response))
    return mark_value(fact.value, response, index.rivals(fact.value), fact.language)


def new_entities(deck: Deck, fact: Fact) -> list[Entity]:
    """Return the things that a fact names and its deck does not know yet."""
    known = {entity.key for entity in deck.entities}
    named: list[Entity] = [fact.subject] if fact.subject else []
    if isinstance(fact.value, EntityValue):
        named.append(fact.value.entity)
    if isinstance(fact.value, SetValue):
        named.extend(fact.value.items)
    return list({one.key: one for one in named if one.key not in known}.values())


def tried(deck: Deck, draft: FactDraft, response: str) -> Mark | None:
    """Return how a response would be marked by a draft's value, before there is a question."""
    bare = FactDraft(draft.value, ask="?", name_kind=draft.name_kind)
    try:
        return preview(deck, fact_of(deck, bare, "draft", Status.DRAFT), response).mark
    except ValueProblem:
        return None
