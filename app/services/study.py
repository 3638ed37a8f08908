"""Study sessions: due facts first, then new ones, missed ones again until they are right."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random

from sqlalchemy import ColumnElement, Row, Select, func, select
from sqlalchemy.orm import Session, aliased

from app.core.memory import Rating
from app.core.planning import choose_type, day_start_epoch_s
from app.core.questions import DeckIndex, Question, QuestionType, questions_of
from app.models.content import FactRow
from app.models.database import writing
from app.models.effective import CREDIT, POINTS, RATING, effective
from app.models.learning import DailyTotal, LearningSession, Memory, Review
from app.services.decks import deck_id_of, index_of
from app.services.notices import tell_first
from app.services.sessions import (
    FactRef,
    Learner,
    NothingToAsk,
    learner_of,
    lock_learner,
    next_position,
    open_question,
    open_session,
    own_session,
    put_up,
)

OTHERS_BETWEEN = 3
"""Questions between a miss and the same fact again, while there are others."""
_LOOK_AHEAD = 200
"""Candidates fetched at once; more than one only where facts cannot be asked."""


@dataclass(frozen=True, slots=True)
class Today:
    """What today holds: due now, new facts left, missed ones that come later, done so far."""

    due: int
    new_left: int
    later_today: int
    reviewed: int
    next_due_epoch_s: int | None


@dataclass(frozen=True, slots=True)
class StudySummary:
    """How a study session went."""

    reviewed: int
    correct: int
    points: float
    next_due_epoch_s: int | None


@dataclass(frozen=True, slots=True)
class _Candidate:
    fact_key: str
    ref: FactRef
    stability_days: float | None
    last_type: str | None


def start(session: Session, user_id: int, deck_key: str, now: int) -> str:
    """Open a study session over a deck and return its token. Raises NothingToAsk, NotFound."""
    deck_id = deck_id_of(session, deck_key)
    if not index_of(session, deck_id).facts:
        raise NothingToAsk("This deck has no published facts yet, so there is nothing to study.")
    with writing(session):
        lock_learner(session, user_id)
        return open_session(session, user_id, deck_id, "study", now).token


def next_question(session: Session, user_id: int, session_token: str, now: int) -> str | None:
    """Put up the next question and return its token, or None when all is done for now.

    While a question is open it stays the next one, however often this is asked.
    """
    deck_id = own_session(session, user_id, session_token, "study").deck_id
    index = index_of(session, deck_id)
    with writing(session):
        learner = lock_learner(session, user_id)
        token = open_question(session, user_id, session_token)
        if token is not None:
            return token
        owner = own_session(session, user_id, session_token, "study")
        history = _history(session, owner)
        position = next_position(session, owner)
        for candidate in _candidates(session, learner, owner, history, now):
            question = _question(index, candidate, owner.seed + position)
            if question is not None:
                owner.finished_epoch_s = None
                token = put_up(session, owner, [(candidate.ref, question)], position, now)[0]
                tell_first(session, user_id, token, candidate.ref.id, now)
                return token
        owner.finished_epoch_s = now
    return None


def _history(session: Session, owner: LearningSession) -> list[tuple[int, int]]:
    """Return the session's (fact id, rating), oldest first."""
    rows = session.execute(
        effective(select(Review.fact_id, RATING.label("rating")))
        .where(Review.user_id == owner.user_id, Review.session_token == owner.token)
        .order_by(Review.number)
    )
    return [(row.fact_id, row.rating) for row in rows]


def missed_facts(history: Sequence[tuple[int, int]]) -> dict[int, int]:
    """Return the facts whose last answer was wrong, each with how many questions came since."""
    last = {fact: (at, rating) for at, (fact, rating) in enumerate(history, start=1)}
    return {
        fact: len(history) - at for fact, (at, rating) in last.items() if rating == Rating.AGAIN
    }


def _candidates(
    session: Session,
    learner: Learner,
    owner: LearningSession,
    history: Sequence[tuple[int, int]],
    now: int,
) -> Iterable[_Candidate]:
    missed = missed_facts(history)
    rested = [fact for fact, since in missed.items() if since >= OTHERS_BETWEEN]
    seen = {fact for fact, _ in history}
    yield from _by_id(session, learner, owner.deck_id, rested)
    yield from _due(session, learner, owner.deck_id, seen, now)
    yield from _successors(session, learner, owner.deck_id)
    yield from _new(session, learner, owner.deck_id, now)
    yield from _by_id(session, learner, owner.deck_id, sorted(missed, key=lambda one: -missed[one]))


def _known(learner: Learner, deck_id: int) -> Select[str, int, int, float, str]:
    return (
        select(FactRow.key, FactRow.id, FactRow.revision, Memory.stability_days, Memory.last_type)
        .join(Memory, Memory.fact_id == FactRow.id)
        .where(
            Memory.user_id == learner.id,
            FactRow.deck_id == deck_id,
            FactRow.status == "published",
        )
    )


def _by_id(
    session: Session, learner: Learner, deck_id: int, ids: Sequence[int]
) -> Iterable[_Candidate]:
    if not ids:
        return
    rows = session.execute(_known(learner, deck_id).where(FactRow.id.in_(ids)))
    found = {row.id: _candidate(row) for row in rows}
    yield from (found[fact] for fact in ids if fact in found)


def _due(
    session: Session, learner: Learner, deck_id: int, seen: set[int], now: int
) -> Iterable[_Candidate]:
    rows = session.execute(
        _known(learner, deck_id)
        .where(Memory.due_epoch_s <= now, FactRow.id.not_in(seen))
        .order_by(Memory.due_epoch_s, FactRow.position, FactRow.id)
        .limit(_LOOK_AHEAD)
    ).all()
    yield from (_candidate(row) for row in rows)


def _new(session: Session, learner: Learner, deck_id: int, now: int) -> Iterable[_Candidate]:
    if _new_quota(session, learner, now) <= 0:
        return
    rows = session.execute(
        select(FactRow.key, FactRow.id, FactRow.revision)
        .where(FactRow.deck_id == deck_id, *_unseen(learner))
        .order_by(FactRow.position, FactRow.id)
        .limit(_LOOK_AHEAD)
    ).all()
    yield from (_Candidate(row.key, FactRef(row.id, row.revision), None, None) for row in rows)


def _successors(session: Session, learner: Learner, deck_id: int) -> Iterable[_Candidate]:
    """Give the facts that took the place of one this learner knows: no quota holds them back."""
    rows = session.execute(
        select(FactRow.key, FactRow.id, FactRow.revision)
        .where(FactRow.deck_id == deck_id, *_unseen(learner), _replaces_known(learner))
        .order_by(FactRow.position, FactRow.id)
        .limit(_LOOK_AHEAD)
    ).all()
    yield from (_Candidate(row.key, FactRef(row.id, row.revision), None, None) for row in rows)


def _replaces_known(learner: Learner) -> ColumnElement[bool]:
    old = aliased(FactRow)
    return (
        select(old.id)
        .join(Memory, (Memory.fact_id == old.id) & (Memory.user_id == learner.id))
        .where(old.superseded_by_id == FactRow.id)
        .correlate(FactRow)
        .exists()
    )


def _unseen(learner: Learner) -> tuple[ColumnElement[bool], ...]:
    known = select(Memory.fact_id).where(Memory.user_id == learner.id, Memory.fact_id == FactRow.id)
    return (FactRow.status == "published", ~known.exists())


def _candidate(row: Row[str, int, int, float, str]) -> _Candidate:
    key, fact_id, revision, stability_days, last_type = row
    return _Candidate(key, FactRef(fact_id, revision), stability_days, last_type)


def _question(index: DeckIndex, candidate: _Candidate, seed: int) -> Question | None:
    """Return the candidate's question by its step of the ladder; None where it has none."""
    fact = index.deck.fact_by_key.get(candidate.fact_key)
    made = questions_of(index, fact, seed) if fact else []
    if not made:
        return None
    by_look = {(question.type, question.direction): question for question in made}
    last = QuestionType(candidate.last_type) if candidate.last_type else None
    rng = Random(seed)  # noqa: S311 which question comes is no secret
    return by_look[choose_type(list(by_look), candidate.stability_days, last, rng)]


def _new_quota(session: Session, learner: Learner, now: int) -> int:
    """Return how many new facts today still allows, over all decks."""
    begun = session.scalar(
        select(DailyTotal.new_facts).where(
            DailyTotal.user_id == learner.id, DailyTotal.study_day == learner.day(now)
        )
    )
    return max(0, learner.new_per_day - (begun or 0))


def today(session: Session, user_id: int, deck_key: str | None, now: int) -> Today:
    """Return what today holds, in one deck or in all. Raises NotFound."""
    learner = learner_of(session, user_id)
    in_deck = [FactRow.deck_id == deck_id_of(session, deck_key)] if deck_key is not None else []
    next_day = learner.day(now) + 1
    due, later, upcoming = session.execute(
        select(
            func.count().filter(Memory.due_epoch_s <= now),
            func.count().filter(
                Memory.due_epoch_s > now,
                Memory.due_epoch_s < day_start_epoch_s(next_day, learner.zone),
            ),
            func.min(Memory.due_epoch_s).filter(Memory.due_epoch_s > now),
        )
        .join(FactRow, FactRow.id == Memory.fact_id)
        .where(Memory.user_id == user_id, FactRow.status == "published", *in_deck)
    ).one()
    unseen, successors = session.execute(
        select(
            func.count(FactRow.id), func.count(FactRow.id).filter(_replaces_known(learner))
        ).where(*in_deck, *_unseen(learner))
    ).one()
    done = session.get(DailyTotal, (user_id, learner.day(now)))
    return Today(
        due=due,
        new_left=successors
        + min(unseen - successors, max(0, learner.new_per_day - (done.new_facts if done else 0))),
        later_today=later,
        reviewed=done.reviews if done else 0,
        next_due_epoch_s=upcoming,
    )


def summary(session: Session, user_id: int, session_token: str) -> StudySummary:
    """Return how a study session went so far. Raises NotFound."""
    owner = own_session(session, user_id, session_token, "study")
    reviewed, correct, points = session.execute(
        effective(
            select(
                func.count(Review.number),
                func.count(Review.number).filter(CREDIT >= 1),
                func.coalesce(func.sum(POINTS), 0),
            )
        ).where(Review.user_id == user_id, Review.session_token == session_token)
    ).one()
    upcoming = session.scalar(
        select(func.min(Memory.due_epoch_s))
        .join(FactRow, FactRow.id == Memory.fact_id)
        .where(
            Memory.user_id == user_id,
            FactRow.deck_id == owner.deck_id,
            FactRow.status == "published",
        )
    )
    return StudySummary(reviewed, correct, int(points) / 10, upcoming)
