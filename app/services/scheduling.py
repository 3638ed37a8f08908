"""When a fact is due after a review: decided once, and kept in the log with it."""

from collections import Counter
from dataclasses import dataclass
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.intervals import BALANCED_DAYS, Wanted, by_chance, days_allowed, least_loaded
from app.core.memory import MemoryState
from app.core.planning import day_start_epoch_s
from app.models.content import FactRow
from app.models.driving import all_rows, connection_of
from app.models.learning import DeckSettings
from app.models.statements.answering import LOAD
from app.services.sessions import Learner

RELEARN_S = 600
"""A missed fact is due again after this many seconds."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """The review that decides: of which fact, which one of the learner's log, and when."""

    fact_id: int
    number: int
    at_epoch_s: int
    missed: bool


@dataclass(frozen=True, slots=True)
class DeckTerms:
    """What a learner wants otherwise in a deck; None is as everywhere."""

    desired_retention: float | None
    target_day: int | None


def due_after(
    session: Session,
    learner: Learner,
    state: MemoryState,
    occasion: Occasion,
    deck: DeckTerms | None,
) -> int:
    """Return when the fact is due: soon when missed, else at the start of an allowed day.

    The day depends on the memory, the learner's settings, what is due already, and on a seed
    made of learner, fact and review: the same review gives the same day.
    """
    if occasion.missed:
        return occasion.at_epoch_s + RELEARN_S
    today = learner.day(occasion.at_epoch_s)
    allowed = days_allowed(
        state.stability_days, wanted_of(learner, deck, today), learner.parameters
    )
    rng = Random(f"{learner.id}:{occasion.fact_id}:{occasion.number}")  # noqa: S311 no secret
    loads = learner.preferences.weekday_loads
    if allowed[-1] > BALANCED_DAYS:
        days = by_chance(allowed, loads, today, rng)
    else:
        days = least_loaded(allowed, load(session, learner, today, allowed), loads, today, rng)
    return day_start_epoch_s(today + days, learner.zone)


def wanted_of(learner: Learner, deck: DeckTerms | None, today: int) -> Wanted:
    """Return what a learner wants in a deck: its own settings before the learner's."""
    retention = deck.desired_retention if deck and deck.desired_retention else None
    left = deck.target_day - today if deck and deck.target_day else None
    return Wanted(
        retention=retention or learner.desired_retention,
        maximum_days=learner.preferences.maximum_interval_days,
        target_in_days=left if left is not None and left >= 0 else None,
    )


def load(session: Session, learner: Learner, today: int, allowed: range) -> Counter[int]:
    """Return how many facts are due after each of the allowed numbers of days from `today`."""
    if len(allowed) == 1:
        return Counter()
    first, last = today + allowed[0], today + allowed[-1]
    stretch = {
        "learner": learner.id,
        "first": day_start_epoch_s(first, learner.zone),
        "end": day_start_epoch_s(last + 1, learner.zone),
    }
    rows = all_rows(connection_of(session), LOAD, stretch)
    counted: Counter[int] = Counter()
    for due, count in rows:
        counted[learner.day(due) - today] += count
    return counted


def deck_terms(session: Session, user_id: int, fact_id: int) -> DeckTerms | None:
    """Return what a learner wants otherwise in a fact's deck."""
    row = session.execute(
        select(DeckSettings.desired_retention, DeckSettings.target_day)
        .join(FactRow, FactRow.deck_id == DeckSettings.deck_id)
        .where(DeckSettings.user_id == user_id, FactRow.id == fact_id)
    ).one_or_none()
    return DeckTerms(*row) if row else None
