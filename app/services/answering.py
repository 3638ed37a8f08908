"""Answering: mark, log, remember and score in one transaction, however often it is sent."""

from dataclasses import dataclass

from sqlalchemy import BindParameter, bindparam, exists, select, update
from sqlalchemy.orm import Session

from app.core.errors import NotFound
from app.core.marking import Mark
from app.core.memory import MemoryState, Rating, next_state, rating_for, retrievability
from app.core.questions import Question, mark
from app.core.questions.codec import dump_response, load_question
from app.core.questions.question import Response, SelfRated
from app.core.replaying import NOTHING, Tally, days_between, recalled
from app.core.scoring import tenths
from app.core.sentences import say
from app.models.content import FactRow
from app.models.database import retried, writing
from app.models.learning import (
    ACTIVE,
    SUSPENDED,
    DeckSettings,
    HeldFact,
    LearningSession,
    Memory,
    Review,
    ShownQuestion,
)
from app.models.people import User
from app.services import ledger, leeches
from app.services.corrections import catch_up
from app.services.feedback import (
    EvidencePage,
    Feedback,
    ShownPage,
    one_feedback,
    one_shown,
)
from app.services.scheduling import RELEARN_S, Occasion, due_after
from app.services.sessions import Learner, lock_learner

__all__ = ["RELEARN_S", "EvidencePage", "Feedback", "ShownPage", "answer", "feedback", "shown"]
MAX_RESPONSE_MS = 600_000
"""Longer than this nobody thinks about a question: they went away."""


@dataclass(frozen=True, slots=True)
class _Answer:
    """An answer, marked, with the question that it was given to."""

    shown: ShownQuestion
    question: Question
    response: Response
    mark: Mark
    rating: Rating
    at_epoch_s: int
    response_ms: int


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
    take(session, user_id, token, response, now, response_ms)
    return one_feedback(session, user_id, token)


def take(
    session: Session, user_id: int, token: str, response: Response, now: int, response_ms: int
) -> Mark | None:
    """Mark a response and count it once; return its mark, or None where it was sent before.

    Marking happens before the transaction, so that nobody waits for it. Raises NotFound.
    """
    row = session.get(ShownQuestion, (user_id, token))
    if row is None:
        raise NotFound(say("There is no such question, or it is not yours."))
    given = _marked(row, response, now, response_ms)
    with writing(session):
        learner = lock_learner(session, user_id)
        is_first = not _is_logged(session, user_id, token)
        if is_first:
            _store(session, learner, given)
    # After the commit: a correction that comes now either finds the review or is seen here.
    if session.scalar(_TAUGHT_OLD, {"learner": user_id, "token": token}) is not None:
        catch_up(session, user_id, token, now)
    return given.mark if is_first else None


_TAUGHT_OLD = (
    select(ShownQuestion.token)
    .join(FactRow, FactRow.id == ShownQuestion.fact_id)
    .join(
        LearningSession,
        (LearningSession.user_id == ShownQuestion.user_id)
        & (LearningSession.token == ShownQuestion.session_token),
    )
    .where(
        ShownQuestion.user_id == bindparam("learner"),
        ShownQuestion.token == bindparam("token"),
        FactRow.revision != ShownQuestion.fact_revision,
        LearningSession.kind == "study",
    )
)
"""A question whose fact has changed since it was made: what it taught may have been corrected."""


def _marked(row: ShownQuestion, response: Response, now: int, response_ms: int) -> _Answer:
    question = load_question(row.body)
    given = mark(question, response)
    self_rated = response.rating if isinstance(response, SelfRated) else None
    return _Answer(
        shown=ShownQuestion(
            user_id=row.user_id,
            token=row.token,
            session_token=row.session_token,
            fact_id=row.fact_id,
        ),
        question=question,
        response=response,
        mark=given,
        rating=rating_for(given, question.type, self_rated),
        at_epoch_s=now,
        response_ms=min(max(0, response_ms), MAX_RESPONSE_MS),
    )


_LOGGED = select(Review.token).where(
    Review.user_id == bindparam("learner"), Review.token == bindparam("token")
)


def _is_logged(session: Session, user_id: int, token: str) -> bool:
    return session.scalar(_LOGGED, {"learner": user_id, "token": token}) is not None


def _store(session: Session, learner: Learner, given: _Answer) -> None:
    owner = session.get_one(LearningSession, (learner.id, given.shown.session_token))
    points = _points(session, learner, given)
    memory, memory_part, predicted = None, NOTHING, None
    if owner.kind == "study":
        memory, memory_part, predicted = _remember(session, learner, given)
    review = _review(learner, given, points, memory)
    review.predicted = predicted
    review.number = learner.reviews + 1
    session.add(review)
    if memory is not None:
        leeches.catch(session, learner, memory, review)
    _count(session, learner, given, points, memory_part)
    session.execute(
        update(ShownQuestion)
        .where(ShownQuestion.user_id == learner.id, ShownQuestion.token == given.shown.token)
        .values(answered_epoch_s=given.at_epoch_s)
    )
    if owner.kind == "quiz":
        _finish_quiz(session, owner, given.at_epoch_s)


def _points(session: Session, learner: Learner, given: _Answer) -> int:
    """Return tenths of points; none where the fact has earned some today already."""
    worth = tenths(given.question.type, given.mark.credit)
    day = learner.day(given.at_epoch_s)
    if worth and ledger.has_earned(session, learner.id, given.shown.fact_id, day):
        return 0
    return worth


def _remember(
    session: Session, learner: Learner, given: _Answer
) -> tuple[Memory, Tally, float | None]:
    """Move the fact's memory; return it, its part in the day, and the recall predicted before."""
    fact_id, today = given.shown.fact_id, learner.day(given.at_epoch_s)
    memory, held, deck = _memory_of(session, learner.id, fact_id)
    is_new = memory is None
    studied_again = memory is not None and today > memory.last_study_day
    state = _state_of(memory)
    elapsed = days_between(memory.last_study_day, today) if memory else 0
    after = next_state(state, given.rating, given.at_epoch_s, elapsed, learner.parameters)
    predicted, part = None, Tally(new_facts=int(is_new))
    if state is not None and studied_again:
        predicted = retrievability(state.stability_days, elapsed, learner.parameters)
        part = recalled(state.stability_days, given.rating)
    missed = given.rating is Rating.AGAIN
    occasion = Occasion(fact_id, learner.reviews + 1, given.at_epoch_s, missed)
    due = due_after(session, learner, after, occasion, deck)
    if memory is None:
        memory = _first_memory(session, learner, fact_id, today, held)
    memory.stability_days = after.stability_days
    memory.difficulty = after.difficulty
    memory.last_review_epoch_s = after.last_review_epoch_s
    memory.due_epoch_s = due
    memory.reviews += 1
    memory.lapses += missed and not is_new
    memory.last_type = str(given.question.type)
    memory.last_study_day = max(memory.last_study_day, today)
    return memory, part, predicted


_LEARNER: BindParameter[int] = bindparam("learner")
_MEMORY = (
    select(Memory, HeldFact, DeckSettings)
    .select_from(FactRow)
    .outerjoin(Memory, (Memory.fact_id == FactRow.id) & (Memory.user_id == _LEARNER))
    .outerjoin(HeldFact, (HeldFact.fact_id == FactRow.id) & (HeldFact.user_id == _LEARNER))
    .outerjoin(
        DeckSettings,
        (DeckSettings.deck_id == FactRow.deck_id) & (DeckSettings.user_id == _LEARNER),
    )
    .where(FactRow.id == bindparam("fact"))
)


def _memory_of(
    session: Session, user_id: int, fact_id: int
) -> tuple[Memory | None, HeldFact | None, DeckSettings | None]:
    """Return what is remembered of a fact, if it is held back, its deck's settings: one query."""
    row = session.execute(_MEMORY, {"learner": user_id, "fact": fact_id}).one()
    return row[0], row[1], row[2]


def _first_memory(
    session: Session, learner: Learner, fact_id: int, today: int, held: HeldFact | None
) -> Memory:
    """Add the memory of a fact that is answered for the first time, held back or not."""
    memory = Memory(
        user_id=learner.id,
        fact_id=fact_id,
        reviews=0,
        lapses=0,
        first_study_day=today,
        last_study_day=today,
        state=SUSPENDED if held and held.until_epoch_s is None else ACTIVE,
    )
    session.add(memory)
    if held is not None:
        session.delete(held)
    return memory


def _state_of(memory: Memory | None) -> MemoryState | None:
    if memory is None:
        return None
    return MemoryState(memory.stability_days, memory.difficulty, memory.last_review_epoch_s)


def _review(learner: Learner, given: _Answer, points: int, memory: Memory | None) -> Review:
    return Review(
        user_id=learner.id,
        token=given.shown.token,
        session_token=given.shown.session_token,
        moves_memory=memory is not None,
        fact_id=given.shown.fact_id,
        question_type=str(given.question.type),
        direction=str(given.question.direction),
        response=dump_response(given.response),
        credit=given.mark.credit,
        verdict=str(given.mark.verdict),
        why=given.mark.why,
        rating=int(given.rating),
        points=points,
        reviewed_epoch_s=given.at_epoch_s,
        study_day=learner.day(given.at_epoch_s),
        response_ms=given.response_ms,
        stability_days=memory.stability_days if memory else None,
        difficulty=memory.difficulty if memory else None,
        due_epoch_s=memory.due_epoch_s if memory else None,
    )


def _count(
    session: Session, learner: Learner, given: _Answer, points: int, memory_part: Tally
) -> None:
    """Add the answer to the learner's day and score."""
    part = Tally(
        reviews=1,
        correct=int(given.mark.correct),
        points=points,
        response_ms=given.response_ms,
    )
    ledger.move_day(session, learner.id, learner.day(given.at_epoch_s), part + memory_part)
    session.execute(
        update(User)
        .where(User.id == learner.id)
        .values(score=User.score + points, reviews=User.reviews + 1)
    )


def _finish_quiz(session: Session, owner: LearningSession, now: int) -> None:
    left = exists().where(
        ShownQuestion.user_id == owner.user_id,
        ShownQuestion.session_token == owner.token,
        ShownQuestion.answered_epoch_s.is_(None),
    )
    session.execute(
        update(LearningSession)
        .where(
            LearningSession.user_id == owner.user_id,
            LearningSession.token == owner.token,
            LearningSession.finished_epoch_s.is_(None),
            ~left,
        )
        .values(finished_epoch_s=now)
    )
