"""What becomes of an answer afterwards: undone, overruled, admitted as a guess, marked anew.

The review stays in the log for ever; an amendment is added to it, and memory, the days' totals
and the score are told again from the log of that one fact.
"""

from dataclasses import dataclass
from math import isclose

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import NotAllowed, NotFound
from app.core.marking import Mark, Verdict
from app.core.memory import Rating, rating_for
from app.core.questions import QuestionType
from app.core.replaying import Changed, Event, decider, earned_by, tell
from app.core.sentences import say
from app.models.database import retried, writing
from app.models.effective import TURN, Amended, amended, in_session
from app.models.learning import Review, ReviewAmendment, ShownQuestion
from app.services import ledger
from app.services.scheduling import Occasion, deck_terms, due_after
from app.services.sessions import Learner, lock_learner, new_token, put_up_again
from app.services.statistics import count_again

UNDONE, RIGHT, GUESSED, REMARKED, AS_MARKED = (
    "undone",
    "i_was_right",
    "i_guessed",
    "remarked",
    "as_marked",
)


@dataclass(frozen=True, slots=True)
class Amendment:
    """What a review says instead."""

    kind: str
    mark: Mark
    rating: Rating


@retried
def undo(session: Session, user_id: int, token: str, now: int) -> str | None:
    """Undo one answer, as if it had never been given; sent twice, it is undone once.

    Return the token of the same question, to be answered again, when it is from today's study;
    None for an older one. Raises NotFound, and NotAllowed in a quiz.
    """
    with writing(session):
        learner = lock_learner(session, user_id)
        review, kind = _review(session, user_id, token)
        if not review.moves_memory:
            raise NotAllowed(say("A quiz counts as it was answered; only study can be undone."))
        fresh = kind != UNDONE
        if fresh:
            unmade = Amendment(
                UNDONE, _mark_of(review, say("You undid this.")), Rating(review.rating)
            )
            _record(session, learner, review, unmade, now)
        if review.study_day != learner.day(now):
            return None
        return _asked_again(session, learner, review, fresh=fresh)


def undo_last(session: Session, user_id: int, session_token: str, now: int) -> str | None:
    """Undo a session's last answer that is still in force; return what to answer again.

    None when there is nothing left to undo.
    """
    last = session.scalar(
        amended(in_session(select(Review.token), user_id, session_token))
        .where(Amended.kind.is_(None) | (Amended.kind != UNDONE))
        .order_by(TURN.desc())
        .limit(1)
    )
    return undo(session, user_id, last, now) if last is not None else None


def i_was_right(session: Session, user_id: int, token: str, now: int) -> None:
    """Overrule the marker: full credit, rated good; points stay what the marker gave."""
    mark = Mark(1, Verdict.EQUIVALENT, say("You said that you were right."))
    _amend(session, user_id, token, (RIGHT, mark), now)


def i_guessed(session: Session, user_id: int, token: str, now: int) -> None:
    """Admit a lucky guess: rated again, since it was not known; credit and points stay."""
    _amend(session, user_id, token, (GUESSED, None), now)


def as_marked(session: Session, user_id: int, token: str, now: int) -> None:
    """Take an amendment back: the review counts as it was marked, also one that was undone."""
    _amend(session, user_id, token, (AS_MARKED, None), now)


def remark(session: Session, user_id: int, token: str, mark: Mark, now: int) -> None:
    """Give an answer another mark, with its points: a curator has let it count, or not.

    Unlike the others it runs inside the caller's writing transaction, which has locked the
    learner: a new alias marks many answers of many learners anew, or none.
    """
    review, kind = _review(session, user_id, token)
    if kind == UNDONE:
        return
    told = Amendment(REMARKED, mark, _rating_of(REMARKED, mark, review))
    _record(session, lock_learner(session, user_id), review, told, now)


@retried
def _amend(
    session: Session, user_id: int, token: str, wanted: tuple[str, Mark | None], now: int
) -> None:
    kind, mark = wanted
    with writing(session):
        learner = lock_learner(session, user_id)
        review, before = _review(session, user_id, token)
        if before == kind or (kind == AS_MARKED and not before):
            return
        if before == UNDONE and kind != AS_MARKED:
            raise NotAllowed(say("This answer has been undone, so there is nothing to amend."))
        given = mark or _mark_of(review, _WHY.get(kind, review.why))
        told = Amendment(kind, given, _rating_of(kind, given, review))
        _record(session, learner, review, told, now)


_WHY = {GUESSED: say("You said that you only guessed.")}


def _review(session: Session, user_id: int, token: str) -> tuple[Review, str]:
    """Return a learner's own review with the kind of its latest amendment, "" for none."""
    row = session.execute(
        amended(select(Review, Amended.kind)).where(
            Review.user_id == user_id, Review.token == token
        )
    ).one_or_none()
    if row is None:
        raise NotFound(say("There is no such answer, or it is not yours."))
    return row[0], row[1] or ""


def _mark_of(review: Review, why: str) -> Mark:
    return Mark(review.credit, Verdict(review.verdict), why)


def _rating_of(kind: str, mark: Mark, review: Review) -> Rating:
    if kind == GUESSED:
        return Rating.AGAIN
    if kind == AS_MARKED:
        return Rating(review.rating)
    return rating_for(mark, QuestionType(review.question_type))


def _record(session: Session, learner: Learner, review: Review, told: Amendment, now: int) -> None:
    """Add the amendment, decide when the fact is due now, and restate what follows from it."""
    number, fact_id = review.number, review.fact_id
    before = tell(_events(session, learner, fact_id), learner.parameters)
    row = _row(learner, number, told, now)
    row.change = ledger.next_change(session, learner.id)
    session.add(row)
    session.flush()
    events = _events(session, learner, fact_id)
    row.points = earned_by(events, number)
    row.due_epoch_s = _due(session, learner, events, (review, told), now)
    session.flush()
    ledger.restate(session, learner, fact_id, before)
    count_again(session, learner.id, number)


def _events(session: Session, learner: Learner, fact_id: int) -> list[Event]:
    return ledger.events_of(session, learner.id, fact_id).get(fact_id, [])


def _row(learner: Learner, number: int, told: Amendment, now: int) -> ReviewAmendment:
    return ReviewAmendment(
        user_id=learner.id,
        number=number,
        kind=told.kind,
        credit=told.mark.credit,
        verdict=str(told.mark.verdict),
        why=told.mark.why,
        rating=int(told.rating),
        points=0,
        after_review=learner.reviews,
        amended_epoch_s=now,
    )


def _due(
    session: Session,
    learner: Learner,
    events: list[Event],
    amending: tuple[Review, Amendment],
    now: int,
) -> int | None:
    """Return when the fact is due instead; None where what was decided before still stands.

    That is so when the last answer in force left the very state that stands now: an undone last
    answer gives back the due date from before it.
    """
    review, told = amending
    memory = tell(events, learner.parameters).standing.memory
    last = decider(events)
    if memory is None or last is None or isinstance(last, Changed):
        return None
    undid_last = told.kind == UNDONE and review.number > last.number
    if undid_last or isclose(memory.stability_days, last.stability_days or 0, rel_tol=1e-9):
        return None
    missed = last.rating is Rating.AGAIN
    at = now if missed and last.number == review.number else last.at_epoch_s
    occasion = Occasion(review.fact_id, last.number, at, missed)
    terms = deck_terms(session, learner.id, review.fact_id)
    return due_after(session, learner, memory, occasion, terms)


def _asked_again(session: Session, learner: Learner, review: Review, *, fresh: bool) -> str | None:
    """Return the open question that repeats an undone one, put up by the undo itself."""
    open_copy = session.scalar(
        select(ShownQuestion.token).where(
            ShownQuestion.user_id == learner.id,
            ShownQuestion.session_token == review.session_token,
            ShownQuestion.fact_id == review.fact_id,
            ShownQuestion.answered_epoch_s.is_(None),
        )
    )
    elsewhere = session.get(ShownQuestion, (learner.id, review.token)) is None
    if open_copy is not None or not fresh or elsewhere:
        return open_copy
    copy = new_token()
    put_up_again(session, learner.id, review.token, copy)
    return copy
