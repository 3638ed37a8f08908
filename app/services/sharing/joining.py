"""Taking part in a shared quiz: by its address, under a name that the others see."""

import re
import unicodedata
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.errors import NotFound, Refused
from app.core.questions.codec import load_question
from app.core.sentences import say
from app.models.content import DeckRow, FactRow
from app.models.database import retried, writing
from app.models.sharing import QuizEntry, SharedQuiz
from app.services.quiz import NOT_SHOWN
from app.services.quiz_entries import Entry, check_open
from app.services.secret_hashes import secret_hash
from app.services.sessions import (
    FactRef,
    NothingToAsk,
    lock_learner,
    open_session,
    put_up,
)

MOST_PEOPLE = 500
LONGEST_NAME = 40
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
"""Characters that are shown as nothing (Unicode's Default_Ignorable_Code_Point) and have a category
of letters or marks: fillers, selectors; and the empty pattern of Braille."""
NO_SUCH_QUIZ = say("This link leads to no quiz. Ask whoever sent it for the newest one.")


class NotSeated(Refused):
    """Somebody cannot take part by the name that they gave."""


class NameTaken(NotSeated):
    """Somebody else takes part by the same name."""


class BadName(NotSeated):
    """A name that cannot be shown to others."""


class QuizFull(Refused):
    """As many people take part as can be compared."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """What whoever opens a shared quiz's address is told."""

    quiz_id: int
    title: str
    deck_key: str
    deck_title: str
    questions: int
    people: int
    closes_epoch_s: int
    is_closed: bool
    session_token: str | None
    """The reader's own session, once they have joined."""


def invitation(session: Session, secret: str, user_id: int | None, now: int) -> Invitation:
    """Return what an address leads to. Raises NotFound."""
    row = session.execute(
        select(SharedQuiz, DeckRow.key, DeckRow.title)
        .join(DeckRow, DeckRow.id == SharedQuiz.deck_id)
        .where(SharedQuiz.secret_sha256 == secret_hash(secret))
    ).one_or_none()
    if row is None:
        raise NotFound(NO_SUCH_QUIZ)
    found, deck_key, deck_title = row
    entry = session.get(QuizEntry, (user_id, found.id)) if user_id is not None else None
    return Invitation(
        quiz_id=found.id,
        title=found.title,
        deck_key=deck_key,
        deck_title=deck_title,
        questions=len(found.questions),
        people=_people(session, found.id),
        closes_epoch_s=found.closes_epoch_s,
        is_closed=found.closes_epoch_s <= now,
        session_token=entry.session_token if entry else None,
    )


@retried
def join(session: Session, secret: str, user_id: int, name: str, now: int) -> str:
    """Take part, and return the token of one's quiz session; joined already, the same one.

    Who goes on need not say a name again.
    The quiz's row is locked, so that two cannot take one name at once. Raises NotFound,
    QuizClosed, TakesNoPart, BadName, NameTaken, QuizFull and NothingToAsk.
    """
    with writing(session):
        lock_learner(session, user_id)
        found = session.scalar(
            select(SharedQuiz)
            .where(SharedQuiz.secret_sha256 == secret_hash(secret))
            .with_for_update()
        )
        if found is None:
            raise NotFound(NO_SUCH_QUIZ)
        before = session.get(QuizEntry, (user_id, found.id))
        is_removed = before is not None and before.removed_epoch_s is not None
        check_open(Entry(found.id, found.closes_epoch_s, is_removed), now)
        if before is not None:
            return before.session_token
        shown_name = checked_name(name)
        _check_place(session, found.id, shown_name)
        return _seated(session, found, user_id, shown_name, now)


def checked_name(name: str) -> str:
    """Return a name as it is shown. Raises BadName."""
    shown = " ".join(unicodedata.normalize("NFC", name).split())
    if not any(unicodedata.category(one)[0] in "LNPS" for one in _visible(shown)):
        raise BadName(say("Give a name that the others will see."))
    if len(shown) > LONGEST_NAME:
        raise BadName(
            say("A name has at most {longest_name} characters.", longest_name=LONGEST_NAME)
        )
    if "@" in shown:
        raise BadName(say("The others see this name: do not use your e-mail address."))
    return shown


def _check_place(session: Session, quiz_id: int, name: str) -> None:
    if _people(session, quiz_id) >= MOST_PEOPLE:
        raise QuizFull(
            say(
                "{most_people} people take part already; there is no room for more.",
                most_people=MOST_PEOPLE,
            )
        )
    names = session.scalars(
        select(QuizEntry.name).where(
            QuizEntry.shared_quiz_id == quiz_id, QuizEntry.removed_epoch_s.is_(None)
        )
    )
    if _alike(name) in map(_alike, names):
        raise NameTaken(say("Somebody takes part as {name} already. Add to your name.", name=name))


def _alike(name: str) -> str:
    """Return what two names that look the same have in common."""
    return _visible(unicodedata.normalize("NFKC", name)).casefold()


def _visible(name: str) -> str:
    """Return a name without what no font shows."""
    return "".join(
        one for one in name if unicodedata.category(one) != "Cf" and not _UNSEEN.fullmatch(one)
    )


def _seated(session: Session, found: SharedQuiz, user_id: int, name: str, now: int) -> str:
    """Put the frozen questions up for a learner, each in its place.

    One whose fact has been deleted since is nobody's, and leaves its place empty.
    """
    wanted = [one["fact"] for one in found.questions]
    there = set(session.scalars(select(FactRow.id).where(FactRow.id.in_(wanted))))
    if not there:
        raise NothingToAsk(say("The facts of this quiz are there no more."))
    owner = open_session(session, user_id, found.deck_id, "quiz", now)
    owner.plan = [fact_id for fact_id in wanted if fact_id in there]
    session.flush()
    for place, one in enumerate(found.questions, start=1):
        if one["fact"] in there:
            asked = (FactRef(one["fact"], one["revision"]), load_question(one["body"]))
            put_up(session, owner, [asked], place, NOT_SHOWN)
    session.add(
        QuizEntry(
            user_id=user_id,
            shared_quiz_id=found.id,
            session_token=owner.token,
            name=name,
            joined_epoch_s=now,
            removed_epoch_s=None,
        )
    )
    return owner.token


def _people(session: Session, quiz_id: int) -> int:
    count = select(func.count()).where(
        QuizEntry.shared_quiz_id == quiz_id, QuizEntry.removed_epoch_s.is_(None)
    )
    return session.scalar(count) or 0
