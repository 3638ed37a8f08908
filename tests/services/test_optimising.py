"""Own parameters: fitted from the log, kept only when they predict what they have not seen."""

from collections.abc import Callable
from random import Random

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from app.core.facts import Deck
from app.core.fitting import Fitted, fit, wants_fit
from app.core.memory import DEFAULT_PARAMETERS, Rating, interval_days, next_state, retrievability
from app.models.content import FactRow
from app.models.database import writing
from app.models.learning import Memory, Review
from app.models.people import User
from app.services import housekeeping, ledger, optimising, study
from app.services.sessions import learner_of, lock_learner
from tests.services.test_amendments import clean, snapshot

NOW = 1_763_900_000
DAY_S = 86_400
FORGETFUL = tuple(
    value * (0.35 if at < 4 else 0.45 if at == 8 else 1)
    for at, value in enumerate(DEFAULT_PARAMETERS)
)
"""A learner who forgets new facts three times as fast as most, and whom reviews help less."""


def logged(session: Session, learner: int, reviews: int, days_apart: int = 1) -> None:
    """Store the log of somebody who forgets by other parameters, over every fact there is."""
    rng = Random(7)  # noqa: S311 a test's chance
    facts = session.scalars(select(FactRow.id).order_by(FactRow.id)).all()
    rows = []
    states: dict[int, tuple[object, int]] = {}
    day = 739_000
    due: dict[int, int] = dict.fromkeys(facts, 0)
    while len(rows) < reviews:
        day += days_apart
        for fact_id in [fact for fact in facts if due[fact] <= day][: reviews - len(rows)]:
            state, last = states.get(fact_id, (None, day))
            recall = retrievability(state.stability_days, day - last, FORGETFUL) if state else 0.7
            rating = Rating.GOOD if rng.random() < recall else Rating.AGAIN
            at = NOW + (day - 739_000) * DAY_S
            after = next_state(state, rating, at, day - last, FORGETFUL)
            states[fact_id] = (after, day)
            due[fact_id] = day + interval_days(after.stability_days * 3, 0.9)
            rows.append(row(learner, len(rows) + 1, fact_id, at, day, rating))
    with writing(session):
        lock_learner(session, learner)
        session.execute(insert(Review), rows)
        session.execute(update(User).where(User.id == learner).values(reviews=len(rows)))
        ledger.rebuild(session, learner)


def row(
    learner: int, number: int, fact_id: int, at: int, day: int, rating: Rating
) -> dict[str, object]:
    return {
        "user_id": learner,
        "number": number,
        "token": f"t{number}",
        "session_token": "s",
        "moves_memory": True,
        "fact_id": fact_id,
        "question_type": "cloze",
        "direction": "forward",
        "response": {},
        "credit": float(rating > 1),
        "verdict": "exact",
        "why": "",
        "rating": int(rating),
        "points": 0,
        "reviewed_epoch_s": at,
        "study_day": day,
        "response_ms": 1000,
        "due_epoch_s": at + 5 * DAY_S,
    }


def test_better_parameters_are_kept_and_what_is_remembered_is_told_again(
    session: Session, deck: Deck, learner: int
) -> None:
    assert deck.facts
    logged(session, learner, 2000)
    before = {one.fact_id: one.stability_days for one in session.scalars(select(Memory))}
    fitted = optimising.fit_learner(session, learner, NOW)
    assert fitted.better
    assert fitted.held_out > 300
    assert learner_of(session, learner).parameters == fitted.parameters
    session.expire_all()
    after = {one.fact_id: one.stability_days for one in session.scalars(select(Memory))}
    assert before != after
    assert clean(session, learner)
    [told] = optimising.fits(session, learner)
    assert told.kept
    assert told.log_loss_after is not None
    assert told.log_loss_before is not None
    assert told.log_loss_after < told.log_loss_before
    dues = [one.due_epoch_s for one in session.scalars(select(Memory))]
    assert optimising.reschedule_all(session, learner, NOW) > 0
    assert [one.due_epoch_s for one in session.scalars(select(Memory))] != dues
    assert clean(session, learner)
    optimising.use_defaults(session, learner, NOW)
    assert learner_of(session, learner).parameters == tuple(DEFAULT_PARAMETERS)
    assert clean(session, learner)


def test_worse_parameters_are_told_of_and_not_used(
    session: Session, deck: Deck, learner: int
) -> None:
    assert deck.facts
    logged(session, learner, 430)
    first = optimising.fit_learner(session, learner, NOW)
    before = snapshot(session, learner)
    again = optimising.fit_learner(session, learner, NOW)
    assert first.better
    assert not again.better
    assert [one.kept for one in optimising.fits(session, learner)] == [False, True]
    assert snapshot(session, learner) == before
    assert clean(session, learner)


def test_a_fit_comes_by_itself_from_400_reviews_on_and_every_1000_after() -> None:
    assert [wants_fit(reviews, None) for reviews in (399, 400)] == [False, True]
    assert [wants_fit(reviews, 400) for reviews in (1399, 1400)] == [False, True]


def test_the_server_fits_who_has_answered_enough_and_nobody_else(
    session: Session, deck: Deck, new_learner: Callable[..., int]
) -> None:
    assert deck.facts
    one, few, asks = new_learner(), new_learner(), new_learner()
    logged(session, one, 400)
    logged(session, few, 399)
    logged(session, asks, 120)
    assert optimising.waiting_for_fit(session) == [one]
    optimising.ask_for(session, asks, suggestion=False)
    assert sorted(optimising.waiting_for_fit(session)) == [one, asks]
    session.rollback()
    housekeeping.run(session.get_bind().engine, NOW)
    assert optimising.waiting_for_fit(session) == []
    assert len(optimising.fits(session, one)) == len(optimising.fits(session, asks)) == 1
    assert optimising.fits(session, few) == []
    assert all(clean(session, learner) for learner in (one, few, asks))


def test_a_log_with_nothing_to_learn_from_changes_nothing(
    session: Session, deck: Deck, learner: int
) -> None:
    assert deck.facts
    fitted = optimising.fit_learner(session, learner, NOW)
    assert not fitted.better
    assert fit([], DEFAULT_PARAMETERS) == Fitted(tuple(DEFAULT_PARAMETERS), 0, None, None)
    assert study.wishes(session, learner).suggested_retention is None


def test_a_suggested_retention_is_one_that_can_be_chosen(
    session: Session, deck: Deck, learner: int
) -> None:
    assert deck.facts
    optimising.ask_for(session, learner, suggestion=True)
    assert optimising.waiting_for_suggestion(session) == [learner]
    suggested = optimising.suggest_retention(session, learner)
    assert 0.7 <= suggested <= 0.97
    assert study.wishes(session, learner).suggested_retention == suggested
    assert optimising.waiting_for_suggestion(session) == []
