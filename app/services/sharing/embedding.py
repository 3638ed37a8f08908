"""Shared quizzes within pages of other sites: which sites may, and who sits there.

Browsers keep cookies from a page that is shown within another site's. So whoever takes part there
holds a signed address of their own, and that address alone says who they are: no cookie is read,
and none that a browser does send could be used by the page around it.
"""

import hmac
import re
import secrets
from dataclasses import dataclass
from urllib.parse import urlsplit

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.core.errors import NotFound, Refused
from app.core.hosts import ascii_host
from app.core.sentences import say
from app.models.content import DeckRow
from app.models.database import writing
from app.models.people import User
from app.models.sharing import EmbedOrigin, QuizEntry, SharedQuiz
from app.services import accounts
from app.services.decks import deck_id_of
from app.services.quiz_entries import TakesNoPart
from app.services.secret_hashes import secret_hash
from app.services.sharing.joining import NO_SUCH_QUIZ, checked_name, invitation, join

MOST_ORIGINS = 20
LONGEST_ORIGIN = 200
LOOPBACK = frozenset({"localhost", "127.0.0.1"})
"""Hosts on which somebody builds a page, and may do without https."""
_HOST = re.compile(
    r"(?=.{1,253}\Z)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)+"
)


class BadOrigin(Refused):
    """What was typed is not the address of a site."""


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody who takes part within another site's page."""

    user_id: int
    quiz_id: int
    session_token: str


def origin_of(typed: str) -> str:
    """Return a site's origin as browsers compare it: https://school.example. Raises BadOrigin."""
    try:
        parts = urlsplit(typed.strip())
        host = ascii_host(parts.hostname or "")
        port = parts.port
    except ValueError:
        raise BadOrigin(_HOW) from None
    is_whole = not (
        parts.path.strip("/") or parts.query or parts.fragment or set("@[") & set(parts.netloc)
    )
    is_named = _HOST.fullmatch(host) is not None or host in LOOPBACK
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK)
    if not (is_whole and is_named and is_safe and port != 0):
        raise BadOrigin(_HOW)
    usual = {"https": 443, "http": 80}[parts.scheme]
    origin = f"{parts.scheme}://{host}" + (f":{port}" if port not in {None, usual} else "")
    if len(origin) > LONGEST_ORIGIN:
        raise BadOrigin(_HOW)
    return origin


_HOW = say("Write the site as https://school.example: with https, and nothing behind its name.")


def origins_of(session: Session, deck_key: str) -> list[str]:
    """Return the sites that may show a deck's shared quizzes. Raises NotFound."""
    deck_id = deck_id_of(session, deck_key)
    return list(
        session.scalars(
            select(EmbedOrigin.origin)
            .where(EmbedOrigin.deck_id == deck_id)
            .order_by(EmbedOrigin.origin)
        )
    )


def allow_origin(session: Session, deck_key: str, typed: str) -> None:
    """Let a site show a deck's shared quizzes. Raises BadOrigin and NotFound."""
    origin = origin_of(typed)
    with writing(session):
        deck = session.scalar(select(DeckRow).where(DeckRow.key == deck_key).with_for_update())
        if deck is None:
            raise NotFound(say("There is no such deck."))
        held = select(func.count()).where(EmbedOrigin.deck_id == deck.id)
        if (session.scalar(held) or 0) >= MOST_ORIGINS:
            raise BadOrigin(
                say(
                    "{most_origins} sites are named already: take one off first.",
                    most_origins=MOST_ORIGINS,
                )
            )
        if session.get(EmbedOrigin, (deck.id, origin)) is None:
            session.add(EmbedOrigin(deck_id=deck.id, origin=origin))


def forbid_origin(session: Session, deck_key: str, origin: str) -> None:
    """Let a site show them no more. Raises NotFound."""
    with writing(session):
        deck_id = deck_id_of(session, deck_key)
        named = (EmbedOrigin.deck_id == deck_id, EmbedOrigin.origin == origin)
        session.execute(delete(EmbedOrigin).where(*named))


def frames_of(session: Session, *, secret: str = "", quiz_id: int | None = None) -> list[str]:
    """Return the sites that may show a quiz, named by its address or number; none by default."""
    which = (
        SharedQuiz.secret_sha256 == secret_hash(secret)
        if quiz_id is None
        else SharedQuiz.id == quiz_id
    )
    return list(
        session.scalars(
            select(EmbedOrigin.origin)
            .join(SharedQuiz, SharedQuiz.deck_id == EmbedOrigin.deck_id)
            .where(which)
            .order_by(EmbedOrigin.origin)
        )
    )


def take_seat(session: Session, secret: str, name: str, key: str, now: int) -> str:
    """Take part as a new guest, and return one's signed seat. Raises as `join` does."""
    checked_name(name)
    invitation(session, secret, None, now)  # nobody is made a guest of nothing
    guest = accounts.make_guest(session, secrets.token_urlsafe(32), now)
    try:
        join(session, secret, guest.id, name, now)
    except Refused:
        with writing(session):
            session.execute(delete(User).where(User.id == guest.id))
        raise
    quiz_id = invitation(session, secret, guest.id, now).quiz_id
    named = f"{guest.id}.{quiz_id}"
    return f"{named}.{_signature(named, key)}"


def seat_of(session: Session, seat: str, key: str) -> Seat:
    """Return who sits in a seat. Raises NotFound, and TakesNoPart once taken off the list."""
    named, _, signature = seat.rpartition(".")
    if not hmac.compare_digest(signature.encode(), _signature(named, key).encode()):
        raise NotFound(NO_SUCH_QUIZ)
    user_id, quiz_id = map(int, named.split("."))
    entry = session.get(QuizEntry, (user_id, quiz_id))
    if entry is None:
        raise NotFound(NO_SUCH_QUIZ)
    if entry.removed_epoch_s is not None:
        raise TakesNoPart(say("Whoever shared this quiz has taken you off its list."))
    return Seat(user_id, quiz_id, entry.session_token)


def is_seat(session: Session, seat: str, key: str, quiz_id: int) -> bool:
    """Whether a seat is one of this quiz, taken and not lost."""
    try:
        return seat_of(session, seat, key).quiz_id == quiz_id
    except Refused:
        return False


def _signature(named: str, key: str) -> str:
    return hmac.new(key.encode(), f"seat {named}".encode(), "sha256").hexdigest()
