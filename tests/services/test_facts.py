"""Editing facts: revisions, conflicts, and what learners meet afterwards."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.corrections import EditKind
from app.core.errors import NotFound
from app.core.facts import Deck, Status
from app.core.questions import QuestionType
from app.core.questions.question import Typed
from app.core.values import SetValue, ValueProblem
from app.models.content import DeckRow, FactRevision, FactRow
from app.models.learning import Memory
from app.services import answering, facts, quiz, study
from app.services.drafts import FactDraft
from app.services.facts import Edit, FactFilter, FlawedFact
from app.services.revisions import StaleRevision

NOW = 1_763_900_000


def drafted(learner: int, status: Status = Status.PUBLISHED, **fields: object) -> Edit:
    whole = {"value": {"kind": "entity", "name": "Ship Lisbon"}} | fields
    draft = FactDraft(**{"subject": "Lisbon", "relation": "flagship"} | whole)  # type: ignore[arg-type]
    return Edit(learner, draft, NOW, status)


def fact_id(session: Session, key: str) -> int:
    found = session.scalar(select(FactRow.id).where(FactRow.key == key))
    assert found is not None
    return found


def revision_of(session: Session, number: int) -> int:
    return facts.open_fact(session, number).revision


def test_an_edit_keeps_every_revision_and_the_schedule(
    session: Session, deck: Deck, learner: int
) -> None:
    token = study.start(session, learner, deck.key, NOW)
    shown = study.next_question(session, learner, token, NOW)
    assert shown is not None
    key = answering.shown(session, learner, shown).question.fact_key
    answering.answer(session, learner, shown, Typed("?"), NOW, 10)
    number = fact_id(session, key)
    before = session.execute(select(Memory.due_epoch_s, Memory.stability_days)).all()
    edit = drafted(learner, ask="Which one is it?", relation="", subject="")
    edit = replace(edit, kind=EditKind.WORDING)
    facts.revise(session, number, revision_of(session, number), edit)
    assert session.execute(select(Memory.due_epoch_s, Memory.stability_days)).all() == before
    kept = session.scalars(
        select(FactRevision.revision).where(FactRevision.fact_id == number)
    ).all()
    assert sorted(kept) == [1, 2]


@pytest.mark.usefixtures("deck")
def test_the_second_of_two_editors_is_refused_and_nothing_overwritten(
    session: Session, learner: int
) -> None:
    number = fact_id(session, "flagship_0")
    revision = revision_of(session, number)
    facts.revise(session, number, revision, drafted(learner, note="first"))
    with pytest.raises(StaleRevision) as stale:
        facts.revise(session, number, revision, drafted(learner, note="second"))
    assert stale.value.theirs.note == "first"
    assert facts.open_fact(session, number).fact.note == "first"


def test_the_next_question_of_a_running_quiz_uses_an_edit_and_a_shown_one_stays(
    session: Session, deck: Deck, learner: int
) -> None:
    wanted = [QuestionType.SHORT_ANSWER]
    token = quiz.start(session, learner, deck.key, 25, wanted, NOW)
    first = quiz.next_question(session, learner, token, NOW)
    assert first is not None
    seen = answering.shown(session, learner, first).question
    for number, row_key in session.execute(select(FactRow.id, FactRow.key)).all():
        fact = facts.open_fact(session, number).fact
        draft = FactDraft(
            value={"kind": "text", "text": "blue"}, ask=f"What is the new colour of {row_key}?"
        )
        edit = Edit(learner, draft, NOW, fact.status)
        facts.revise(session, number, revision_of(session, number), edit)
    assert answering.shown(session, learner, first).question == seen
    told = answering.answer(session, learner, first, Typed(seen.keys[0]), NOW, 10)
    assert told.mark.correct
    assert told.changed_since
    second = quiz.next_question(session, learner, token, NOW)
    assert second is not None
    assert "new colour" in answering.shown(session, learner, second).question.stem
    assert quiz.next_question(session, learner, token, NOW) == second


def test_a_retired_fact_is_no_longer_drawn(session: Session, deck: Deck, learner: int) -> None:
    number = fact_id(session, "flagship_0")
    revision = revision_of(session, number)
    facts.revise(session, number, revision, drafted(learner, Status.RETIRED))
    token = quiz.start(session, learner, deck.key, 50, [], NOW)
    for _ in range(50):
        shown = quiz.next_question(session, learner, token, NOW)
        if shown is None:
            break
        assert answering.shown(session, learner, shown).question.fact_key != "flagship_0"
        answering.answer(session, learner, shown, Typed("?"), NOW, 1)


def test_a_new_fact_brings_its_new_entities(session: Session, deck: Deck, learner: int) -> None:
    edit = drafted(learner, subject="Oslo", value={"kind": "entity", "name": "Ship Oslo"})
    number = facts.create(session, deck.key, edit)
    opened = facts.open_fact(session, number)
    assert opened.fact.subject is not None
    assert opened.fact.subject.name == "Oslo"
    assert {"Oslo", "Ship Oslo"} <= {one.name for one in opened.deck.entities}
    revision = session.scalar(select(DeckRow.revision))
    assert revision is not None
    facts.create(session, deck.key, drafted(learner, Status.DRAFT, subject="Oslo"))
    assert session.scalar(select(DeckRow.revision)) == revision + 1
    names = [one.name for one in facts.open_fact(session, number).deck.entities]
    assert names.count("Oslo") == 1


def test_a_fact_with_errors_is_published_only_on_purpose(
    session: Session, deck: Deck, learner: int
) -> None:
    before = session.scalar(select(func.count()).select_from(FactRow))
    flawed = drafted(learner, value={"kind": "entity", "name": "Ship Porto"})
    with pytest.raises(FlawedFact) as refused:
        facts.create(session, deck.key, flawed)
    assert refused.value.findings
    assert session.scalar(select(func.count()).select_from(FactRow)) == before
    edit = Edit(learner, flawed.draft, NOW, Status.PUBLISHED, override=True)
    assert facts.create(session, deck.key, edit)


@pytest.mark.parametrize(
    ("field", "fields"),
    [
        ("kind", {"value": {"kind": "colour"}}),
        ("amount", {"value": {"kind": "number", "amount": "many"}}),
        ("relation", {"relation": "nothing"}),
        ("ask", {"relation": "", "subject": ""}),
        ("according_to", {"stance": "claimed"}),
        ("source", {"quote": "something", "source": "nowhere"}),
        ("quote", {"quote": "never said", "source": "almanac"}),
        ("as_of", {"as_of": "yesterday"}),
    ],
)
def test_what_is_not_a_fact_is_refused_by_field(
    session: Session, deck: Deck, learner: int, field: str, fields: dict[str, object]
) -> None:
    with pytest.raises(ValueProblem) as refused:
        facts.create(session, deck.key, drafted(learner, **fields))
    assert refused.value.field == field


def test_facts_are_found_by_words_status_and_stance(session: Session, deck: Deck) -> None:
    assert facts.fact_page(session, deck.key, FactFilter("lisbon")).total == 3
    assert facts.fact_page(session, deck.key, FactFilter("lisbon", "draft")).facts == ()
    claimed = facts.fact_page(session, deck.key, FactFilter(stance="claimed"))
    assert [one.key for one in claimed.facts] == ["cost"]
    quoted = facts.fact_page(session, deck.key, FactFilter(source="almanac"), 2, 5)
    assert [one.key for one in quoted.facts] == ["opened_5", "opened_6", "opened_7"]
    assert (quoted.total, quoted.number, quoted.pages) == (8, 2, 2)
    with pytest.raises(NotFound):
        facts.open_fact(session, 10**9)


@pytest.mark.parametrize(
    ("items", "names"),
    [(["C", "C++", "C#"], ["C", "C++", "C#"]), (["Lisbon", "Oslo"], ["Lisbon", "Oslo"])],
)
def test_names_that_look_alike_stay_apart(
    session: Session, deck: Deck, learner: int, items: list[str], names: list[str]
) -> None:
    edit = drafted(
        learner, Status.DRAFT, ask="Which?", relation="", value={"kind": "set", "items": items}
    )
    number = facts.create(session, deck.key, edit)
    value = facts.open_fact(session, number).fact.value
    assert isinstance(value, SetValue)
    assert [item.name for item in value.items] == names
    assert len({item.key for item in value.items}) == len(names)


def test_a_name_and_its_alias_are_no_set(session: Session, deck: Deck, learner: int) -> None:
    value = {"kind": "set", "items": ["Lisbon", "Lisbon Town"]}
    with pytest.raises(ValueProblem) as refused:
        facts.create(session, deck.key, drafted(learner, ask="Which?", relation="", value=value))
    assert refused.value.field == "items"


def test_a_passage_may_be_broken_into_other_lines(
    session: Session, deck: Deck, learner: int
) -> None:
    source = deck.sources[0]
    quote = next(line for line in source.text.split("\n\n") if "Lisbon" in line)
    typed = quote.replace("\n", " ").replace(" ", "\r\n")
    edit = drafted(learner, Status.DRAFT, source=source.key, quote=typed, as_of="2022 late")
    number = facts.create(session, deck.key, edit)
    fact = facts.open_fact(session, number).fact
    assert fact.evidence is not None
    assert fact.evidence.quote == quote
    assert fact.as_of is not None
    assert fact.as_of.part == "late"
