"""However long a log and a backlog are, a page reads what it shows: by plans and by counting."""

from collections.abc import Callable
from dataclasses import fields, replace
from itertools import product
from random import Random
from typing import Any

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from app.core.facts import Deck, Fact
from app.core.urgency import DueFact, in_order
from app.core.values import TextValue
from app.models.content import DeckRow, FactRow, FactTag
from app.models.database import writing
from app.models.learning import Memory
from app.services import amendments, checking, memory_events, study
from app.services.decks import deck_id_of, import_deck
from app.services.schedule import Kind, Sorting, Wanted, pages, schedule_page, searching
from app.services.sessions import learner_of
from app.services.study import dues, newcomers
from app.services.study.preferences import change_settings
from app.services.study.queue import ORDER, WINDOW, Quota, Sitting, candidates
from tests.services.conftest import made_deck
from tests.services.test_insights import DAY_S, NOW, sent, studied


def test_no_question_and_no_count_of_today_walks_a_learners_log_or_memories(
    session: Session, deck: Deck, learner: int
) -> None:
    studied(session, deck, learner, misses=2)
    token = study.start(session, learner, deck.key, NOW)
    with sent(session) as statements:
        study.next_question(session, learner, token, NOW)
        study.summary(session, learner, token)
        study.today(session, learner, None, NOW)
        study.today(session, learner, deck.key, NOW)
        study.today_by_deck(session, learner, NOW)
        amendments.undo_last(session, learner, token, NOW)
    if session.get_bind().dialect.name != "sqlite":
        return
    looked_at = 0
    for statement, given in statements:
        if not statement.startswith("SELECT"):
            continue
        for row in session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given):
            looked_at += "memory" in row[3] or "review" in row[3]
            # A range by the learner alone is the whole of what they have.
            walks = "(user_id=?)" in row[3] and ("memory" in row[3] or "review" in row[3])
            assert not walks, (statement, row[3])
    assert looked_at > 20


@pytest.mark.writes_rows
def test_the_database_orders_due_facts_as_the_core_does(session: Session, learner: int) -> None:
    count = WINDOW + 200
    words = tuple(Fact(f"f{at}", TextValue(f"w{at}"), ask=f"Which is {at}?") for at in range(count))
    import_deck(session, Deck("words", "Words", facts=words), NOW)
    deck_id, chance = deck_id_of(session, "words"), Random(5)  # noqa: S311 a test
    facts = session.scalars(
        select(FactRow.id).where(FactRow.deck_id == deck_id).order_by(FactRow.id)
    ).all()
    rows = [
        _memory(learner, fact, deck_id)
        | {
            "stability_days": chance.choice([0.5, 3.0, 40.0]),
            "due_epoch_s": NOW + 5 * DAY_S - chance.randrange(20 * DAY_S),
            # Some lie ahead: a clock that has jumped back.
            "last_review_epoch_s": NOW + DAY_S - chance.randrange(30) * DAY_S,
        }
        for fact in facts
    ]
    with writing(session):
        session.execute(insert(Memory), rows)
        session.execute(update(FactRow).where(FactRow.id.in_(facts[::9])).values(status="retired"))
    asked = [row for row in rows if row["fact_id"] not in facts[::9]]
    known = learner_of(session, learner)
    for ahead, until in ((0, NOW), (3, NOW + 3 * DAY_S)):
        due = sorted(
            (one for one in asked if one["due_epoch_s"] <= until),
            key=lambda one: (one["due_epoch_s"], one["fact_id"]),
            reverse=not ahead,
        )
        names = [one.name for one in fields(DueFact)]
        window = [DueFact(**{name: one[name] for name in names}) for one in due[:WINDOW]]
        sitting = Sitting(learner, "none", deck_id, ahead_days=ahead)
        found = candidates(session, known, sitting, Quota(0, 1000), NOW)
        assert [one.ref.id for one in found] == [
            one.fact_id for one in in_order(window, NOW, ORDER)
        ]
        plan = [fact for at, fact in enumerate(facts) if at % 9 in {1, 2}]
        only = candidates(session, known, replace(sitting, plan=plan), Quota(0, 1000), NOW)
        assert {one.ref.id for one in only} == {one["fact_id"] for one in due} & set(plan)


def _memory(learner: int, fact: int, deck_id: int) -> dict[str, Any]:
    return {
        "user_id": learner,
        "fact_id": fact,
        "deck_id": deck_id,
        "difficulty": 5.0,
        "reviews": 2,
        "lapses": 0,
        "last_type": "cloze",
        "first_study_day": 1,
        "last_study_day": 1,
        "state": 0,
    }


@pytest.mark.writes_rows
def test_counts_of_today_are_the_same_for_a_short_and_a_long_backlog(
    session: Session, deck: Deck, learner: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with writing(session):
        change_settings(session, learner, reviews_per_day=2)
    other = made_deck("ports")
    import_deck(session, other, NOW)
    for one in (deck, other):
        studied(session, one, learner, misses=1)
    with writing(session):
        hidden = select(FactRow.id).where(FactRow.key == "opened_0")
        session.execute(update(FactRow).where(FactRow.id.in_(hidden)).values(status="retired"))
    later = NOW + 40 * DAY_S
    ids = session.scalars(select(FactRow.deck_id).join(DeckRow).distinct()).all()
    at = dues.moments_of(learner_of(session, learner), later)
    found = dues.due_by_deck(session, learner_of(session, learner), at, list(ids), 1000)
    whole = dues.due_to(session, learner_of(session, learner), at)
    assert sum(one.now for one in found.values()) == whole.now == 6
    short = _told(session, learner, deck, later)
    every = study.today(session, learner, None, later)
    assert (every.due, every.backlog, every.backlog_is_longer) == (2, 4, False)
    monkeypatch.setattr(dues, "COUNTED", 3)
    assert _told(session, learner, deck, later) == short
    every = study.today(session, learner, None, later)
    assert (every.due, every.backlog, every.backlog_is_longer) == (2, 1, True)


def _told(session: Session, learner: int, deck: Deck, now: int) -> object:
    return (
        study.today(session, learner, None, now).due,
        study.today_by_deck(session, learner, now),
        dues.next_due(session, learner, deck_id_of(session, deck.key), NOW),
        dues.next_due(session, learner, None, NOW),
    )


@pytest.mark.writes_rows
def test_a_deck_without_new_facts_is_not_searched_again_until_something_changes(
    session: Session, deck: Deck, learner: int
) -> None:
    deck_id = deck_id_of(session, deck.key)
    with writing(session):
        first, *rest = session.scalars(select(FactRow.id).where(FactRow.deck_id == deck_id))
        session.execute(update(FactRow).where(FactRow.id.in_(rest)).values(status="retired"))
    memory_events.mark_known(session, learner, first, NOW)

    def new(now: int = NOW) -> int:
        return newcomers.new_today(session, learner_of(session, learner), 10, now, deck_id).facts

    assert new() == 0
    with sent(session) as statements:
        assert new() == 0
        assert len(statements) == 3  # the learner, the deck, successors
    memory_events.reset(session, learner, first, NOW)
    assert new() == 1
    memory_events.mark_known(session, learner, first, NOW)
    assert new() == 0
    with writing(session):
        session.execute(update(FactRow).where(FactRow.id == rest[0]).values(status="published"))
        session.execute(update(DeckRow).where(DeckRow.id == deck_id).values(revision=77))
    assert new() == 1
    memory_events.suspend(session, learner, rest[0], NOW)
    assert new() == 0
    assert session.get(Memory, (learner, rest[0])) is None
    memory_events.resume(session, learner, rest[0], NOW)
    assert new() == 1, "a fact that was set aside comes back"


def _plans(session: Session, statements: list[tuple[str, Any]]) -> list[str]:
    return [
        row[3]
        for statement, given in statements
        if statement.startswith("SELECT")
        for row in session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given)
    ]


FITS: dict[Kind, Callable[[dict[str, Any]], Any]] = {
    Kind.ALL: lambda _: True,
    Kind.DUE: lambda one: one["due_epoch_s"] <= NOW and not one["state"],
    Kind.YOUNG: lambda one: one["stability_days"] < 21,
    Kind.MATURE: lambda one: one["stability_days"] >= 21,
    Kind.LEECH: lambda one: one["lapses"] >= 8,
    Kind.SUSPENDED: lambda one: one["state"],
}
ORDERS: dict[Sorting, Callable[[dict[str, Any]], Any]] = {
    Sorting.DUE: lambda one: (one["due_epoch_s"], one["state"], one["fact_id"]),
    Sorting.RECALL: lambda one: (
        (one["last_review_epoch_s"] - NOW) / one["stability_days"],
        one["fact_id"],
    ),
    Sorting.WEAKEST: lambda one: (one["stability_days"], one["fact_id"]),
    Sorting.STRONGEST: lambda one: (-one["stability_days"], -one["fact_id"]),
    Sorting.LAPSES: lambda one: (-one["lapses"], -one["fact_id"]),
}


def _listed(session: Session, learner: int, wanted: Wanted) -> list[int]:
    """Return the facts of all pages."""
    facts: list[int] = []
    for at in range(1, 9):
        page = schedule_page(session, learner, replace(wanted, page=at), NOW)
        facts += [fact.fact_id for fact in page.facts]
        if not page.has_more:
            break
    return facts


def _known_facts(session: Session, learner: int) -> tuple[list[int], dict[int, dict[str, Any]]]:
    """Return the facts of a deck, and the memories of most; every eighth is retired."""
    chance = Random(7)  # noqa: S311 a test
    words = tuple(
        Fact(f"f{at}", TextValue(f"w{at}"), ask=f"Which is {at}?", tags=("x",) * (at % 3 == 0))
        for at in range(90)
    )
    import_deck(session, Deck("words", "Words", facts=words), NOW)
    deck_id = deck_id_of(session, "words")
    facts = list(
        session.scalars(select(FactRow.id).where(FactRow.deck_id == deck_id).order_by(FactRow.id))
    )
    known = {
        fact: _memory(learner, fact, deck_id)
        | {
            "stability_days": float(chance.randrange(1, 50)),
            "due_epoch_s": NOW + chance.randrange(-20, 20) * DAY_S,
            "last_review_epoch_s": NOW - chance.randrange(1, 30) * DAY_S,
            "lapses": chance.randrange(11),
            "state": chance.randrange(2),
        }
        for fact in facts[:80]
    }
    with writing(session):
        session.execute(insert(Memory), list(known.values()))
        session.execute(update(FactRow).where(FactRow.id.in_(facts[::8])).values(status="retired"))
    return facts, known


@pytest.mark.writes_rows
def test_the_schedule_is_found_and_sorted_as_one_would_by_hand_and_by_indexes(
    session: Session, learner: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts, known = _known_facts(session, learner)
    asked = [fact for fact in facts if fact not in facts[::8]]
    with sent(session) as statements:
        for rare, tag, deck in ((99, "", ""), (99, "x", ""), (0, "x", "words")):
            monkeypatch.setattr(searching, "RARE", rare)
            for (kind, is_of_kind), (sorting, order) in product(FITS.items(), ORDERS.items()):
                wanted = Wanted(deck, tag, kind, sorting)
                matching = [
                    known[fact]
                    for at, fact in enumerate(facts)
                    if fact in known and fact in asked and is_of_kind(known[fact])
                    if not tag or at % 3 == 0
                ]
                by_hand = [one["fact_id"] for one in sorted(matching, key=order)]
                assert _listed(session, learner, wanted) == by_hand, wanted
        new = [fact for at, fact in enumerate(facts) if at % 3 == 0 and at >= 80]
        assert _listed(session, learner, Wanted(tag="x", kind=Kind.NEW)) == [
            one for one in new if one in asked
        ]
        for nothing in (Wanted(tag="y"), Wanted(deck_key="none")):
            assert not _listed(session, learner, nothing)
        monkeypatch.setattr(searching, "COMPARED", 60)
        monkeypatch.setattr(pages, "COMPARED", 60)
        first = schedule_page(session, learner, Wanted(sorting=Sorting.RECALL), NOW)
        assert first.compared == 60
    if session.get_bind().dialect.name == "sqlite":
        plans = _plans(session, statements)
        walks = "SEARCH memory USING PRIMARY KEY (user_id=?)"
        assert not [plan for plan in plans if plan.startswith(("SCAN", walks)) and "fact" in plan]
        assert any("ix_memory_user_mature" in plan for plan in plans)
        assert any("ix_memory_user_suspended" in plan for plan in plans)
        assert any("ix_fact_unasked" in plan for plan in plans)


@pytest.mark.writes_rows
def test_a_fact_is_found_by_the_tags_that_it_has(session: Session, deck: Deck) -> None:
    def found(tag: str) -> list[int]:
        return list(session.scalars(select(FactTag.fact_id).where(FactTag.tag == tag)))

    first, second = session.scalars(select(FactRow).order_by(FactRow.id).limit(2)).all()
    with writing(session):
        first = session.get_one(FactRow, first.id)
        first.tags = ["a", "b", "a", "l" * 150]
    assert found("a") == found("b") == found("l" * 100) == [first.id]
    with writing(session):
        session.get_one(FactRow, first.id).tags = ["b"]
    assert (found("a"), found("b")) == ([], [first.id])
    import_deck(session, replace(deck, facts=(replace(deck.facts[0], tags=("c",)),)), NOW)
    assert (found("b"), len(found("c"))) == ([], 1)
    with writing(session):
        session.execute(insert(FactTag), [{"tag": "z", "fact_id": second.id}])
    assert len([said for said in checking.check(session) if "tags" in said]) == 1
    checking.repair(session)
    assert found("z") == []
    assert not [said for said in checking.check(session) if "tags" in said]
