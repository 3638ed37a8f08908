"""Answering: mark, log, remember and score in one transaction, however often it is sent."""

from dataclasses import dataclass, fields, replace
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from app.core.errors import NotFound
from app.core.marking import Mark
from app.core.memory import MemoryState, Rating, next_state, rating_for, retrievability
from app.core.questions import mark
from app.core.questions.codec import dump_response
from app.core.questions.question import Response, SelfRated
from app.core.replaying import NOTHING, Tally, days_between, recalled
from app.core.scoring import tenths
from app.core.sentences import say
from app.models.database import retried, writing
from app.models.driving import Found, connection_of, first_row, written
from app.models.learning import ACTIVE, SUSPENDED
from app.models.statements import answering as statements
from app.services import late, ledger, leeches
from app.services.corrections import catch_up
from app.services.feedback import (
    EvidencePage,
    Feedback,
    ShownPage,
    one_feedback,
    one_shown,
)
from app.services.ledger import LogPlace
from app.services.scheduling import RELEARN_S, DeckTerms, Occasion, due_after
from app.services.sessions import Learner, lock_learner

__all__ = [
    "RELEARN_S",
    "EvidencePage",
    "Feedback",
    "LateAnswer",
    "ShownPage",
    "answer",
    "feedback",
    "shown",
    "take",
    "take_late",
]
MAX_RESPONSE_MS = 600_000
"""Longer than this nobody thinks about a question: they went away."""

Standing = Found
"""A row of `statements.STANDING`: all that decides about an answer."""


@dataclass(frozen=True, slots=True)
class _Answer:
    """An answer, marked, with the question that it was given to."""

    shown: ShownPage
    response: Response
    mark: Mark
    rating: Rating
    at_epoch_s: int
    response_ms: int
    is_late: bool = False
    """Given some time ago, without a network: others of its fact may have overtaken it."""


@dataclass(frozen=True, slots=True)
class LateAnswer:
    """A response that was given some time ago, without a network."""

    response: Response
    answered_epoch_s: int
    response_ms: int


@dataclass(frozen=True, slots=True)
class _Remembered:
    """A memory as an answer leaves it, its part in the day, and the recall predicted before."""

    columns: dict[str, Any]
    part: Tally
    predicted: float | None


def shown(session: Session, user_id: int, token: str) -> ShownPage:
    """Return a question as it was shown to this learner. Raises NotFound."""
    return one_shown(session, user_id, token)


def feedback(session: Session, user_id: int, token: str) -> Feedback:
    """Return what is told about an answer. Raises NotFound before it is given."""
    return one_feedback(session, user_id, token)


@retried
def answer(
    session: Session, user_id: int, token: str, response: Response, now: int, response_ms: int
) -> Feedback:
    """Take a response, and return what is told about the answer that counts. Raises NotFound."""
    page = one_shown(session, user_id, token)
    _take(session, user_id, _marked(page, response, now, response_ms), now)
    return one_feedback(session, user_id, token)


@retried
def take(
    session: Session,
    user_id: int,
    page: ShownPage,
    response: Response,
    now: int,
    response_ms: int,
) -> Mark | None:
    """Mark a response to a question as this learner was shown it (`shown`), and count it once.

    Return its mark, or None where one was sent before. Marking happens before the transaction, so
    that nobody waits for it. Raises NotFound for a fact that has been deleted meanwhile.
    """
    return _take(session, user_id, _marked(page, response, now, response_ms), now)


@retried
def take_late(
    session: Session, user_id: int, page: ShownPage, answer: LateAnswer, now: int
) -> Mark | None:
    """Count an answer that arrives late for when it was given, once; else as `take`."""
    given = _marked(page, answer.response, answer.answered_epoch_s, answer.response_ms)
    return _take(session, user_id, replace(given, is_late=True), now)


def _take(session: Session, user_id: int, given: _Answer, now: int) -> Mark | None:
    page = given.shown
    with writing(session):
        learner = lock_learner(session, user_id)
        standing = _standing(connection_of(session), learner, given)
        if not standing.is_logged:
            _store(session, learner, given, standing)
    if page.kind == "study" and _has_changed(session, page, standing.revision):
        catch_up(session, user_id, page.token, now)
    return None if standing.is_logged else given.mark


def _has_changed(session: Session, page: ShownPage, revision: int) -> bool:
    """Whether the fact has changed since it was shown: what it taught may have been corrected.

    A correction either finds the review or is seen here. On SQLite writers come one after another,
    so what was read inside the transaction decides; on PostgreSQL it is read after the commit.
    """
    if session.get_bind().dialect.name != "sqlite":
        at = {"fact": page.fact_id}
        row = first_row(connection_of(session), statements.FACT_REVISION, at)
        return row is None or row.revision != page.fact_revision
    return revision != page.fact_revision


def _marked(page: ShownPage, response: Response, now: int, response_ms: int) -> _Answer:
    given = mark(page.question, response)
    self_rated = response.rating if isinstance(response, SelfRated) else None
    return _Answer(
        shown=page,
        response=response,
        mark=given,
        rating=rating_for(given, page.question.type, self_rated),
        at_epoch_s=now,
        response_ms=min(max(0, response_ms), MAX_RESPONSE_MS),
    )


def _standing(connection: Connection, learner: Learner, given: _Answer) -> Standing:
    at = {
        "learner": learner.id,
        "which": given.shown.token,
        "fact": given.shown.fact_id,
        "day": learner.day(given.at_epoch_s),
    }
    row = first_row(connection, statements.STANDING, at)
    if row is None:
        raise NotFound(say("There is no such question, or it is not yours."))
    return row


def _store(session: Session, learner: Learner, given: _Answer, standing: Standing) -> None:
    connection = connection_of(session)
    fact_id, at = given.shown.fact_id, given.at_epoch_s
    place = ledger.place_at(session, learner, fact_id, at) if given.is_late else None
    if place is not None and place.is_overtaken:
        is_study = given.shown.kind == "study"
        late.slip_in(session, learner, _review(learner, given, 0, None), place, is_study)
    else:
        _append(session, learner, given, standing, place)
    which = {"learner": learner.id, "which": given.shown.token, "now": at}
    written(connection, statements.MARK_ANSWERED, which)
    if given.shown.kind == "quiz":
        written(connection, statements.FINISH_QUIZ, which | {"which": given.shown.session_token})


def _append(
    session: Session,
    learner: Learner,
    given: _Answer,
    standing: Standing,
    place: LogPlace | None,
) -> None:
    """Log an answer that nothing about its fact comes after, and move what follows from it."""
    connection = connection_of(session)
    points = _points(session, learner, given, standing)
    remembered = None
    if given.shown.kind == "study":
        remembered = _remembered(session, learner, given, standing)
    review = _review(learner, given, points, remembered)
    if place is not None:
        review |= {"behind_review": place.review, "behind_change": place.change}
    written(connection, statements.INSERT_REVIEW, review)
    if remembered is not None:
        columns = leeches.caught(session, learner, remembered.columns, review)
        _keep(connection, learner, given.shown.fact_id, standing, columns)
    part = remembered.part if remembered else NOTHING
    _count(connection, learner, given, points, part)


def _points(session: Session, learner: Learner, given: _Answer, standing: Standing) -> int:
    """Return tenths of points; none where the fact has earned some today already."""
    worth = tenths(given.shown.question.type, given.mark.credit)
    if not worth or not standing.was_answered_today:
        return worth
    day = learner.day(given.at_epoch_s)
    return 0 if ledger.has_earned(session, learner.id, given.shown.fact_id, day) else worth


def _remembered(
    session: Session, learner: Learner, given: _Answer, standing: Standing
) -> _Remembered:
    """Return the fact's memory after this answer."""
    fact_id, today = given.shown.fact_id, learner.day(given.at_epoch_s)
    state, is_new = _state_of(standing), standing.is_known is None
    elapsed = 0 if is_new else days_between(standing.last_study_day, today)
    after = next_state(state, given.rating, given.at_epoch_s, elapsed, learner.parameters)
    predicted, part = None, Tally(new_facts=int(is_new))
    if state is not None and today > standing.last_study_day:
        predicted = retrievability(state.stability_days, elapsed, learner.parameters)
        part = recalled(state.stability_days, given.rating)
    missed = given.rating is Rating.AGAIN
    occasion = Occasion(fact_id, learner.reviews + 1, given.at_epoch_s, missed)
    terms = DeckTerms(standing.desired_retention, standing.target_day)
    columns = {
        "stability_days": after.stability_days,
        "difficulty": after.difficulty,
        "last_review_epoch_s": after.last_review_epoch_s,
        "due_epoch_s": due_after(session, learner, after, occasion, terms),
        "reviews": 1 if is_new else standing.reviews + 1,
        "lapses": 0 if is_new else standing.lapses + missed,
        "last_type": str(given.shown.question.type),
        "last_study_day": today if is_new else max(standing.last_study_day, today),
        "state": _first_state(standing) if is_new else standing.state,
    }
    return _Remembered(columns, part, predicted)


def _state_of(standing: Standing) -> MemoryState | None:
    if standing.is_known is None:
        return None
    return MemoryState(standing.stability_days, standing.difficulty, standing.last_review_epoch_s)


def _first_state(standing: Standing) -> int:
    """Return the state of a fact answered for the first time: set aside before, it stays so."""
    is_set_aside = standing.is_held is not None and standing.held_until_epoch_s is None
    return SUSPENDED if is_set_aside else ACTIVE


def _keep(
    connection: Connection,
    learner: Learner,
    fact_id: int,
    standing: Standing,
    columns: dict[str, Any],
) -> None:
    """Store a memory; one that begins takes the place of what held the fact back."""
    if standing.is_known is not None:
        at = {"learner": learner.id, "fact": fact_id}
        written(connection, statements.UPDATE_MEMORY, at | columns)
        return
    key = {"user_id": learner.id, "fact_id": fact_id, "deck_id": standing.deck_id}
    first = {"first_study_day": columns["last_study_day"]}
    written(connection, statements.INSERT_MEMORY, key | columns | first)
    if standing.is_held is not None:
        written(connection, statements.DELETE_HELD, {"learner": learner.id, "fact": fact_id})


def _review(
    learner: Learner, given: _Answer, points: int, remembered: _Remembered | None
) -> dict[str, Any]:
    memory = remembered.columns if remembered else {}
    question = given.shown.question
    return {
        "user_id": learner.id,
        "number": learner.reviews + 1,
        "token": given.shown.token,
        "session_token": given.shown.session_token,
        "moves_memory": remembered is not None,
        "fact_id": given.shown.fact_id,
        "question_type": str(question.type),
        "direction": str(question.direction),
        "response": dump_response(given.response),
        "credit": given.mark.credit,
        "verdict": str(given.mark.verdict),
        "why": given.mark.why,
        "rating": int(given.rating),
        "points": points,
        "reviewed_epoch_s": given.at_epoch_s,
        "study_day": learner.day(given.at_epoch_s),
        "response_ms": given.response_ms,
        "stability_days": memory.get("stability_days"),
        "difficulty": memory.get("difficulty"),
        "due_epoch_s": memory.get("due_epoch_s"),
        "predicted": remembered.predicted if remembered else None,
    }


def _count(
    connection: Connection, learner: Learner, given: _Answer, points: int, memory_part: Tally
) -> None:
    """Add the answer to the learner's day and score."""
    part = memory_part + Tally(
        reviews=1,
        correct=int(given.mark.correct),
        points=points,
        response_ms=given.response_ms,
    )
    more = {one.name: getattr(part, one.name) for one in fields(Tally)}
    day = learner.day(given.at_epoch_s)
    added = {f"more_{name}": amount for name, amount in more.items()}
    at = {"learner": learner.id, "day": day}
    if not written(connection, statements.ADD_TO_DAY, at | added):
        key = {"user_id": learner.id, "study_day": day}
        written(connection, statements.INSERT_DAY, key | more)
    gained = {"learner": learner.id, "more_score": points}
    written(connection, statements.ADD_TO_LEARNER, gained)
