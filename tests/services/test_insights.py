"""What the progress pages tell agrees with the log, on both databases, by bounded queries."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from sqlalchemy import event, insert, select, update
from sqlalchemy.orm import Session

from app.core.facts import Deck
from app.models.content import FactRow
from app.models.database import writing
from app.models.learning import SUSPENDED, DailyTotal, Memory, Review
from app.services import amendments, answering, insights, ledger, study
from app.services.fact_story import fact_story
from app.services.schedule import Kind, Sorting, Wanted, due_by_day, schedule_page
from app.services.sessions import learner_of
from tests.services.test_answering import right, wrong

NOW = 1_763_900_000
DAY_S = 86_400


def studied(session: Session, deck: Deck, learner: int, now: int = NOW, misses: int = 0) -> None:
    token = study.start(session, learner, deck.key, now)
    for at in range(5):
        shown = study.next_question(session, learner, token, now)
        assert shown is not None
        question = answering.shown(session, learner, shown).question
        response = wrong(question) if at < misses else right(question)
        answering.answer(session, learner, shown, response, now, 2000)


@contextmanager
def sent(session: Session) -> Iterator[list[tuple[str, object]]]:
    found: list[tuple[str, object]] = []

    def log(_c: object, _u: object, statement: str, given: object, *_: object) -> None:
        found.append((statement, given))

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", log)
    yield found
    event.remove(engine, "before_cursor_execute", log)


def test_the_schedule_lists_studied_facts_soonest_first(
    session: Session, deck: Deck, learner: int
) -> None:
    studied(session, deck, learner, misses=5)
    page = schedule_page(session, learner, Wanted(), NOW)
    dues = [one.due_epoch_s for one in page.facts]
    assert dues == sorted(due for due in dues if due is not None)
    assert page.facts[0].state_words == "due later today"
    assert page.facts[0].retrievability == pytest.approx(1)
    new = schedule_page(session, learner, Wanted(deck.key, kind=Kind.NEW), NOW).facts
    assert len(page.facts) + len(new) == len(deck.published)
    assert {one.state_words for one in new} == {"not studied yet"}
    assert not schedule_page(session, learner, Wanted("another"), NOW).facts


def many(session: Session, learner: int) -> list[int]:
    """Give the learner a memory of every fact, weaker and longer forgotten from fact to fact."""
    facts = session.execute(select(FactRow.id, FactRow.deck_id).order_by(FactRow.id)).all()
    with writing(session):
        session.execute(
            insert(Memory),
            [
                {
                    "user_id": learner,
                    "fact_id": fact,
                    "deck_id": deck,
                    "stability_days": 60.0 - 2 * at,
                    "difficulty": 5.0,
                    "last_review_epoch_s": NOW - at * DAY_S,
                    "due_epoch_s": NOW + (at - 3) * DAY_S,
                    "reviews": 2,
                    "lapses": at,
                    "last_type": "cloze",
                    "first_study_day": 1,
                    "last_study_day": 1,
                    "state": 0,
                }
                for at, (fact, deck) in enumerate(facts)
            ],
        )
    return [fact for fact, _ in facts]


@pytest.mark.usefixtures("deck")
def test_the_schedule_is_sorted_and_narrowed(session: Session, learner: int) -> None:
    facts = many(session, learner)

    def ids(**wanted: object) -> list[int]:
        page = schedule_page(session, learner, Wanted(**wanted), NOW)  # type: ignore[arg-type]
        return [one.fact_id for one in page.facts]

    assert ids(sorting=Sorting.RECALL) == facts[::-1]
    assert ids(sorting=Sorting.WEAKEST) == facts[::-1]
    assert ids(sorting=Sorting.STRONGEST) == facts
    assert ids(sorting=Sorting.LAPSES) == facts[::-1]
    assert ids(kind=Kind.DUE) == facts[:4]
    assert ids(kind=Kind.MATURE) == facts[:20]
    assert ids(kind=Kind.YOUNG) == facts[20:]
    assert ids(kind=Kind.LEECH) == facts[8:]
    assert len(ids(tag="money")) == 1
    assert ids(tag="mone") == []
    assert ids(tag='%"') == []
    with writing(session):
        session.execute(update(Memory).where(Memory.fact_id == facts[2]).values(state=SUSPENDED))
    assert ids(kind=Kind.SUSPENDED) == [facts[2]]


@pytest.mark.writes_rows
@pytest.mark.usefixtures("deck")
def test_days_count_what_falls_due_and_leave_out_what_is_not_asked(
    session: Session, learner: int
) -> None:
    facts = many(session, learner)
    with writing(session):
        session.execute(
            update(FactRow).where(FactRow.id.in_([facts[0], facts[5]])).values(status="retired")
        )
    own = learner_of(session, learner)
    today = own.day(NOW)
    assert due_by_day(session, own, today - 1, 5, NOW) == [0, 3, 1, 0, 1]
    (first,) = [one for one in insights.month(session, learner, date(2025, 11, 1), NOW) if one.due][
        :1
    ]
    assert (date.fromordinal(first.day), first.due) == (date(2025, 11, 23), 3)


def test_retention_counts_the_first_answers_of_later_days_and_follows_an_undo(
    session: Session, deck: Deck, learner: int
) -> None:
    studied(session, deck, learner)
    later = NOW + 40 * DAY_S
    studied(session, deck, learner, later, misses=2)
    told = insights.insights(session, learner, later)
    today = dict(told.retention.spans)["Today"]
    # What is asked again on the same day does not count: it has no prediction.
    log = session.execute(
        select(Review.predicted, Review.rating).where(Review.number > 5).order_by(Review.number)
    ).all()
    counted = [rating > 1 for predicted, rating in log if predicted is not None]
    assert len(counted) in {4, 5}
    assert counted[:4] == [False, False, True, True]
    before = (len(counted), sum(counted))
    assert (today.asked, today.passed) == before
    assert told.calibration is not None
    assert told.calibration.count == len(counted)
    assert told.learned.count == 0
    assert told.reviews_this_week == 5
    predicted = session.scalars(select(Review.predicted).order_by(Review.number)).all()
    assert predicted[:5] == [None] * 5
    assert all(0 < one < 0.95 for one in predicted[5:9] if one is not None)
    assert ledger.check_learner(session, learner) == []
    total = session.get(DailyTotal, (learner, today_of(session, learner, later)))
    assert total is not None
    assert (total.due_facts, total.passed) == before
    recalled = select(Review.token).where(Review.number == 8)
    amendments.undo(session, learner, session.scalars(recalled).one(), later)
    session.expire_all()
    total = session.get(DailyTotal, (learner, today_of(session, learner, later)))
    assert total is not None
    assert (total.due_facts, total.passed) == (before[0] - 1, before[1] - 1)
    assert ledger.check_learner(session, learner) == []


def today_of(session: Session, learner: int, now: int) -> int:
    return learner_of(session, learner).day(now)


def test_knowledge_is_the_sum_of_recall_and_begins_with_the_first_review(
    session: Session, deck: Deck, learner: int
) -> None:
    studied(session, deck, learner)
    told = insights.insights(session, learner, NOW)
    assert told.known_now == pytest.approx(5, abs=0.1)
    assert told.known[-1].facts <= 5
    late = insights.insights(session, learner, NOW + 200 * DAY_S)
    assert late.known_now < 5
    assert late.known[0].facts > late.known[-1].facts
    assert sum(one.facts for one in late.recall) == pytest.approx(5)
    assert sum(one.facts for one in late.stability) == pytest.approx(5)
    # Five facts overdue, and ten new ones a day until all of the deck are learned.
    assert late.forecast[0].known >= 5
    assert sum(day.new for day in late.forecast) == len(deck.published) - 5


def test_a_story_draws_recall_from_review_to_review(
    session: Session, deck: Deck, learner: int
) -> None:
    studied(session, deck, learner)
    studied(session, deck, learner, NOW + 40 * DAY_S, misses=1)
    fact_id = session.scalars(select(Review.fact_id).where(Review.rating == 1)).first()
    assert fact_id is not None
    told = fact_story(session, learner, fact_id, NOW + 40 * DAY_S)
    assert [one.rating for one in told.lines[-2:]] == [1, 3]
    assert told.lines[-2].predicted is not None
    assert len(told.arcs) == 2  # two answers in one second are one rise
    assert told.arcs[0].points[0] == (NOW, 1.0)
    assert told.arcs[0].points[-1][1] == pytest.approx(told.lines[-2].predicted, abs=0.02)
    assert told.arcs[1].points[0][0] == NOW + 40 * DAY_S


def test_the_pages_ask_a_fixed_number_of_queries_and_scan_nobody_elses_rows(
    session: Session, deck: Deck, new_learner: Callable[..., int]
) -> None:
    learner = new_learner()
    studied(session, deck, learner)
    with sent(session) as statements:
        schedule_page(session, learner, Wanted(), NOW)
        schedule_page(session, learner, Wanted(sorting=Sorting.RECALL), NOW)
        assert len(statements) <= 14
        insights.insights(session, learner, NOW)
        insights.glance(session, learner, 5, 5, NOW)
        due_by_day(session, learner_of(session, learner), 1, 40, NOW)
        assert len(statements) <= 35
    if session.get_bind().dialect.name != "sqlite":
        return
    for statement, given in statements:
        if statement.startswith("SELECT"):
            plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given)
            for row in plan:
                # "SCAN x" reads a whole table; of these two it may never be.
                assert not row[3].startswith(("SCAN memory", "SCAN review")), (statement, row[3])
