"""Goals and reminders: the daily digest by e-mail, and the calendar with a secret address."""

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.message import EmailMessage
from typing import Protocol

import structlog
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.core.errors import NotFound
from app.core.sentences import Sentence, say, say_many
from app.interchange.ical import StudyDate, write_calendar
from app.languages import ENGLISH, in_language
from app.models.database import writing
from app.models.learning import ReminderSettings
from app.models.people import User
from app.services import study
from app.services.insights import glance
from app.services.schedule import due_by_day
from app.services.secret_hashes import secret_hash
from app.services.sessions import learner_of, lock_learner, zone_of

FEED_DAYS = 60
LONGEST_ID = 18
"""Digits that any database can hold."""
LONGEST_LINE = 998
"""Characters of a line in an e-mail (RFC 5322, 2.1.1)."""


@dataclass(frozen=True, slots=True)
class Reminders:
    """What a learner wants to hear; `may_have_mail` is false for guests, who have no address."""

    wants_digest: bool = False
    hour: int = 8
    goal: int = 0
    has_feed: bool = False
    may_have_mail: bool = False


@dataclass(frozen=True, slots=True)
class Sender:
    """From whom digests come and where their links lead; `secret` signs unsubscribing."""

    address: str
    site: str
    secret: str


class Undeliverable(Exception):
    """A message was refused for good: its receiver hears nothing today, others do."""


class TryLater(Exception):
    """A message was refused for now; others may still go out."""


class Mailer(Protocol):
    """Whatever brings a message to its receiver."""

    def send(self, message: EmailMessage) -> None:
        """Send a message. Raises Undeliverable, TryLater, and OSError where nothing can go out."""


def reminders(session: Session, user_id: int) -> Reminders:
    """Return what a learner wants to hear. Raises NotFound."""
    row = session.get(ReminderSettings, user_id)
    email = session.scalar(select(User.email).where(User.id == user_id))
    if row is None:
        return Reminders(may_have_mail=email is not None)
    has_feed = row.feed_sha256 is not None
    return Reminders(row.wants_digest, row.hour, row.goal, has_feed, email is not None)


def save_reminders(session: Session, user_id: int, wanted: Reminders) -> None:
    """Store the goal and the digest's hour; a guest gets no digest. Raises NotFound."""
    with writing(session):
        lock_learner(session, user_id)
        email = session.scalar(select(User.email).where(User.id == user_id))
        row = _row(session, user_id)
        row.wants_digest = wanted.wants_digest and email is not None
        row.hour, row.goal = wanted.hour, wanted.goal


def _row(session: Session, user_id: int) -> ReminderSettings:
    found = session.get(ReminderSettings, user_id)
    if found is None:
        found = ReminderSettings(
            user_id=user_id, wants_digest=False, hour=8, goal=0, sent_date=0, feed_sha256=None
        )
        session.add(found)
    return found


def new_feed(session: Session, user_id: int) -> str:
    """Return the token of a new calendar address; an older one stops working. Shown once."""
    secret = secrets.token_urlsafe(32)
    with writing(session):
        lock_learner(session, user_id)
        _row(session, user_id).feed_sha256 = secret_hash(secret)
    return f"{user_id}.{secret}"


def revoke_feed(session: Session, user_id: int) -> None:
    """Make the calendar's address stop working."""
    with writing(session):
        lock_learner(session, user_id)
        _row(session, user_id).feed_sha256 = None


def feed(session: Session, token: str, now: int) -> bytes:
    """Return the calendar at a secret address. Raises NotFound for a wrong or revoked one."""
    number, _, secret = token.partition(".")
    user_id = (
        int(number) if number.isascii() and number.isdecimal() and len(number) <= LONGEST_ID else 0
    )
    row = session.get(ReminderSettings, user_id)
    stored = (row.feed_sha256 if row else None) or ""
    if not hmac.compare_digest(stored, secret_hash(secret)):
        raise NotFound(say("There is no such calendar."))
    learner = learner_of(session, user_id)
    today = learner.day(now)
    due = due_by_day(session, learner, today, FEED_DAYS, now)
    days = [StudyDate(today + at, count) for at, count in enumerate(due)]
    spoken = _language(session, user_id)
    return write_calendar(days, stored[:16], now, lambda due: in_language(spoken, _due(due)))


def _due(count: int) -> Sentence:
    return say_many("Factdeck: {number} fact due", "Factdeck: {number} facts due", count)


def unsubscribe_token(user_id: int, secret: str) -> str:
    """Return the signed token of a learner's unsubscribe link."""
    return f"{user_id}.{_signature(str(user_id), secret)}"


def _signature(number: str, secret: str) -> str:
    return hmac.new(secret.encode(), f"unsubscribe {number}".encode(), "sha256").hexdigest()


def signed_user(token: str, secret: str) -> int:
    """Return whose unsubscribe link this is. Raises NotFound where the signature is wrong."""
    number, _, signature = token.partition(".")
    if not hmac.compare_digest(signature.encode(), _signature(number, secret).encode()):
        raise NotFound(say("This link is not whole. Open it from the e-mail once more."))
    return int(number)


def unsubscribe(session: Session, token: str, secret: str) -> None:
    """Stop a learner's digest; pressed twice it changes nothing more. Raises NotFound."""
    user_id = signed_user(token, secret)
    with writing(session):
        session.execute(
            update(ReminderSettings)
            .where(ReminderSettings.user_id == user_id)
            .values(wants_digest=False)
        )


def send_digests(session: Session, mailer: Mailer, sender: Sender, now: int) -> int:
    """Send today's digest to whom it is due; return how many went out.

    The date is claimed before sending, so that two servers send one; given back when the mail
    could not go out, so that it is tried again. A server that cannot be reached at all is not
    asked again for each learner: the others wait for the next round. Who has nothing to do gets
    no mail.
    """
    sent = 0
    for user_id, email, day in _waiting(session, now):
        before = _claim(session, user_id, day)
        if before is None:
            continue
        try:
            sent += _send(session, mailer, digest(session, user_id, email, sender, now))
        except TryLater as refusal:
            _give_back(session, user_id, before)
            _log().info("digest_put_off", error=str(refusal))
        except OSError as error:
            _give_back(session, user_id, before)
            _log().warning("digests_failed", error=str(error))
            break
    return sent


def _send(session: Session, mailer: Mailer, message: EmailMessage | None) -> int:
    """Send a message, if any; return how many went out. Raises TryLater and OSError."""
    session.rollback()  # no transaction is held open while a slow server is talked to
    try:
        if message is not None:
            mailer.send(message)
    except Undeliverable as refusal:
        _log().warning("digest_refused", error=str(refusal))
        return 0
    return int(message is not None)


def _log() -> structlog.typing.FilteringBoundLogger:
    log: structlog.typing.FilteringBoundLogger = structlog.get_logger(__name__)
    return log


def _waiting(session: Session, now: int) -> Sequence[tuple[int, str, int]]:
    """Return whose hour has come today: id, address, date."""
    rows = session.execute(
        select(User.id, User.email, User.time_zone, ReminderSettings)
        .join(ReminderSettings, ReminderSettings.user_id == User.id)
        .where(ReminderSettings.wants_digest, User.active, User.email.is_not(None))
        .order_by(User.id)
    ).all()
    found = []
    for user_id, email, zone, wanted in rows:
        local = datetime.fromtimestamp(now, UTC).astimezone(zone_of(zone))
        day = local.date().toordinal()
        if local.hour >= wanted.hour and wanted.sent_date < day:
            found.append((user_id, str(email), day))
    return found


def _claim(session: Session, user_id: int, day: int) -> int | None:
    """Take a day's digest; return the day of the last one, None where another took it."""
    with writing(session):
        lock_learner(session, user_id)
        row = session.get(ReminderSettings, user_id, populate_existing=True)
        if row is None or not row.wants_digest or row.sent_date >= day:
            return None
        before, row.sent_date = row.sent_date, day
        return before


def _give_back(session: Session, user_id: int, before: int) -> None:
    with writing(session):
        lock_learner(session, user_id)
        _row(session, user_id).sent_date = before


def digest(
    session: Session, user_id: int, email: str, sender: Sender, now: int
) -> EmailMessage | None:
    """Return a learner's digest, without any fact in it; None when nothing is to be done."""
    today = study.today(session, user_id, None, now)
    if not today.due and not today.new_left:
        return None
    seen = glance(session, user_id, today.due, today.new_left, now)
    link = f"{sender.site}/unsubscribe/{unsubscribe_token(user_id, sender.secret)}"
    spoken = _language(session, user_id)
    message = EmailMessage()
    message["Subject"] = in_language(spoken, _subject(today.due, today.new_left))
    message["From"], message["To"] = sender.address, email
    # RFC 8058: mail programs show a button that posts to this address.
    message["List-Unsubscribe"] = f"<{link}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    lines = [_to_do(today.due, today.new_left, seen.minutes)]
    if seen.streak.days:
        lines.append(say("Days in a row: {days}.", days=seen.streak.days))
    if seen.goal:
        lines.append(say("Your goal: {goal} answers a day.", goal=seen.goal))
    ways = [
        say("Study: {address}", address=f"{sender.site}/study"),
        say("No more of these: {address}", address=link),
    ]
    paragraphs = [
        [in_language(spoken, one) for one in part] for part in (lines, ways[:1], ways[1:])
    ]
    message.set_content("\n\n".join("\n".join(part) for part in paragraphs) + "\n")
    # Folded at 78 characters, a long address would leave as encoded words, which nobody follows.
    message.policy = message.policy.clone(max_line_length=LONGEST_LINE)
    return message


def _language(session: Session, user_id: int) -> str:
    """Return the language that somebody chose; English where they chose none."""
    return session.scalar(select(User.language).where(User.id == user_id)) or ENGLISH


def _subject(due: int, new: int) -> Sentence:
    return say_many(
        "Factdeck: {number} fact due, {new} new",
        "Factdeck: {number} facts due, {new} new",
        due,
        new=new,
    )


def _to_do(due: int, new: int, minutes: int) -> Sentence:
    return say_many(
        "{number} fact due now and {new} new, about {minutes} minutes.",
        "{number} facts due now and {new} new, about {minutes} minutes.",
        due,
        new=new,
        minutes=minutes,
    )


def month_of(text: str, today: date) -> date:
    """Return the first of a month written 2026-11; of this one where it cannot be read."""
    try:
        found = datetime.strptime(text, "%Y-%m").replace(tzinfo=UTC).date()
    except ValueError:
        found = today
    return min(max(found, date(2000, 1, 1)), date(2199, 12, 1)).replace(day=1)
