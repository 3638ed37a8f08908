"""Making a shared quiz, and what its owner may do with it."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from random import Random

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from app.core.errors import NotAllowed, NotFound, Refused
from app.core.questions import Question, QuestionType
from app.core.questions.codec import dump_question
from app.core.sentences import say
from app.models.content import DeckRow
from app.models.database import writing
from app.models.people import User
from app.models.sharing import QuizEntry, SharedQuiz
from app.services import quiz
from app.services.decks import deck_id_of, index_of
from app.services.secret_hashes import secret_hash
from app.services.sessions import FactRef, NothingToAsk, published_facts

LONGEST_S = 366 * 86_400
"""A shared quiz is open for a year at most."""
KEPT_CLOSED_S = 366 * 86_400
"""How long results can be looked at after a quiz has closed."""
MOST_OPEN = 100
LONGEST_TITLE = 100


class TooManyShared(Refused):
    """Somebody has as many open shared quizzes as one person may."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A quiz to be shared; no types means all that are marked."""

    deck_key: str
    title: str
    count: int
    types: Collection[QuestionType]
    closes_epoch_s: int


@dataclass(frozen=True, slots=True)
class OwnQuiz:
    """A shared quiz in its owner's list."""

    id: int
    title: str
    deck_key: str
    deck_title: str
    questions: int
    people: int
    created_epoch_s: int
    closes_epoch_s: int


def make(session: Session, user_id: int, wanted: Wanted, now: int) -> tuple[int, str]:
    """Draw a quiz, freeze its questions; return its number and the secret of its address.

    The secret is told this once. Raises NotAllowed for guests, NothingToAsk, NotFound,
    TooManyShared, and Refused for a bad closing time.
    """
    _check(wanted, now)
    deck_id = deck_id_of(session, wanted.deck_key)
    drawn = _drawn(session, deck_id, wanted)
    secret = secrets.token_urlsafe(32)
    with writing(session):
        owner = session.get(User, user_id, with_for_update=True)
        if owner is None or owner.is_guest:
            raise NotAllowed(say("Sign up first: a shared quiz belongs to an account."))
        _check_number(session, user_id, now)
        made = SharedQuiz(
            user_id=user_id,
            deck_id=deck_id,
            secret_sha256=secret_hash(secret),
            title=wanted.title[:LONGEST_TITLE],
            questions=[
                {"fact": ref.id, "revision": ref.revision, "body": dump_question(question)}
                for ref, question in drawn
            ],
            created_epoch_s=now,
            closes_epoch_s=wanted.closes_epoch_s,
        )
        session.add(made)
        session.flush()
        return made.id, secret


def _check(wanted: Wanted, now: int) -> None:
    if not 1 <= wanted.count <= quiz.MAX_QUESTIONS:
        raise NothingToAsk(
            say(
                "A quiz has between 1 and {max_questions} questions.",
                max_questions=quiz.MAX_QUESTIONS,
            )
        )
    if not now < wanted.closes_epoch_s <= now + LONGEST_S:
        raise Refused(say("Let it close at a time to come, within a year."))


def _check_number(session: Session, user_id: int, now: int) -> None:
    still_open = select(func.count()).where(
        SharedQuiz.user_id == user_id, SharedQuiz.closes_epoch_s > now
    )
    if (session.scalar(still_open) or 0) >= MOST_OPEN:
        raise TooManyShared(
            say("You share {most_open} quizzes already: close one first.", most_open=MOST_OPEN)
        )


def _drawn(session: Session, deck_id: int, wanted: Wanted) -> list[tuple[FactRef, Question]]:
    """Draw the questions; no flashcards, since who rates themselves cannot be compared."""
    index = index_of(session, deck_id)
    refs = published_facts(session, deck_id)
    known = [fact for fact in index.facts if fact.key in refs]
    types = set(wanted.types or quiz.DEFAULT_TYPES) & quiz.DEFAULT_TYPES
    rng = Random(secrets.randbits(64))  # noqa: S311 the questions are the same for everybody
    drawn = quiz.draw(index, known, wanted.count, types, rng) if types else []
    if not drawn:
        raise NothingToAsk(say("No question of the chosen types can be made. Choose more types."))
    return [(refs[one.fact_key], one) for one in drawn]


def own(session: Session, user_id: int, deck_key: str = "") -> list[OwnQuiz]:
    """Return the quizzes that somebody shares, newest first; of one deck where it is named."""
    people = (
        select(func.count())
        .where(QuizEntry.shared_quiz_id == SharedQuiz.id, QuizEntry.removed_epoch_s.is_(None))
        .scalar_subquery()
    )
    query = (
        select(
            SharedQuiz.id,
            SharedQuiz.title,
            DeckRow.key,
            DeckRow.title.label("deck_title"),
            func.json_array_length(SharedQuiz.questions).label("questions"),
            people.label("people"),
            SharedQuiz.created_epoch_s,
            SharedQuiz.closes_epoch_s,
        )
        .join(DeckRow, DeckRow.id == SharedQuiz.deck_id)
        .where(SharedQuiz.user_id == user_id)
        .order_by(SharedQuiz.id.desc())
    )
    rows = session.execute(query.where(DeckRow.key == deck_key) if deck_key else query)
    return [OwnQuiz(*row) for row in rows]


def own_quiz(session: Session, user_id: int, quiz_id: int) -> SharedQuiz:
    """Return a shared quiz of somebody's own. Raises NotFound, also for another's."""
    found = session.get(SharedQuiz, quiz_id)
    if found is None or found.user_id != user_id:
        raise NotFound(say("There is no such quiz, or it is not yours."))
    return found


def close(session: Session, user_id: int, quiz_id: int, now: int) -> None:
    """Close a quiz now; one that has closed stays as it is. Raises NotFound."""
    with writing(session):
        found = own_quiz(session, user_id, quiz_id)
        found.closes_epoch_s = min(found.closes_epoch_s, now)


def forget_old(session: Session, now: int) -> None:
    """Delete quizzes that closed a year ago; what people answered in them stays their own."""
    old = SharedQuiz.closes_epoch_s < now - KEPT_CLOSED_S
    if session.scalar(select(SharedQuiz.id).where(old).limit(1)) is None:
        return
    with writing(session):
        session.execute(delete(SharedQuiz).where(old))


def new_address(session: Session, user_id: int, quiz_id: int) -> str:
    """Give a quiz another address and return its secret; the one before leads nowhere any more.

    Who has joined goes on. Raises NotFound.
    """
    secret = secrets.token_urlsafe(32)
    with writing(session):
        own_quiz(session, user_id, quiz_id).secret_sha256 = secret_hash(secret)
    return secret


def remove(session: Session, user_id: int, quiz_id: int, member_id: int, now: int) -> None:
    """Take somebody off a quiz's list: their answers stay their own. Raises NotFound."""
    with writing(session):
        own_quiz(session, user_id, quiz_id)
        taken = (
            update(QuizEntry)
            .where(
                QuizEntry.user_id == member_id,
                QuizEntry.shared_quiz_id == quiz_id,
                QuizEntry.removed_epoch_s.is_(None),
            )
            .values(removed_epoch_s=now)
        )
        if not session.execute(taken.returning(QuizEntry.user_id)).all():
            raise NotFound(say("Nobody by that number takes part."))
