"""Counts behind the rate limits: in the database, so that they hold for all workers."""

from ipaddress import IPv4Address, IPv6Network, ip_address

from sqlalchemy import case, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.core.errors import Refused
from app.core.sentences import say
from app.models.database import writing
from app.models.driving import connection_of, first_row
from app.models.people import RateCount
from app.models.statements.learners import ANSWERED_LATELY

LONGEST_KEY = 200
GUESTS, GUESTS_S = 600, 3_600
"""New guests that one address may make within so many seconds: a school has one address."""
HOME_BITS = 64
"""Of an IPv6 address, those that name a home or an office (RFC 6177)."""
ANSWERS, ANSWERS_S = 600, 60
"""Answers that one learner may give within so many seconds; nobody reads ten questions a second."""


class TooOften(Refused):
    """Something was done more often than anybody could mean to.

    `after_s` is in how many seconds, at the latest, it can be done again.
    """

    def __init__(self, message: str, after_s: int = 5) -> None:
        super().__init__(message)
        self.after_s = after_s


def network_of(address: str) -> str:
    """Return what counts as one network address: of IPv6 the first half, which one home has.

    Whoever has an IPv6 address has 2**64 of them, and could use each one once.
    """
    try:
        known = ip_address(address)
    except ValueError:
        return address
    if isinstance(known, IPv4Address):
        return str(known)
    return str(known.ipv4_mapped or IPv6Network((int(known), HOME_BITS), strict=False))


def check_guests(session: Session, address: str, now: int) -> None:
    """Count one more guest from an address. Raises TooOften."""
    if count_one(session, f"guests/{address}", GUESTS_S, now) > GUESTS:
        told = say("Too many new visitors from your address. Try again in an hour.")
        raise TooOften(told, GUESTS_S)


def check_answers(session: Session, user_id: int, now: int) -> None:
    """Raise TooOften for a learner who answers faster than a person can; the log has counted."""
    lately = {"learner": user_id, "since": now - ANSWERS_S, "fewer": ANSWERS - 1}
    if first_row(connection_of(session), ANSWERED_LATELY, lately) is not None:
        raise TooOften(say("Those were very many answers within a minute. Wait a moment."))


def count_one(session: Session, key: str, seconds: int, now: int, amount: int = 1) -> int:
    """Count what was just done, and return how often it was within its window of seconds."""
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    made = dialect.insert(RateCount).values(
        key=key[:LONGEST_KEY], count=amount, expires_epoch_s=now + seconds
    )
    is_over = RateCount.expires_epoch_s <= now
    counted = made.on_conflict_do_update(
        index_elements=[RateCount.key],
        set_={
            "count": case((is_over, amount), else_=RateCount.count + amount),
            "expires_epoch_s": case((is_over, now + seconds), else_=RateCount.expires_epoch_s),
        },
    ).returning(RateCount.count)
    with writing(session):
        return int(session.scalars(counted).one())


def counted(session: Session, key: str, now: int) -> tuple[int, int]:
    """Return how often something was done within its window, and when that ends (epoch seconds)."""
    row = session.execute(
        select(RateCount.count, RateCount.expires_epoch_s).where(
            RateCount.key == key[:LONGEST_KEY], RateCount.expires_epoch_s > now
        )
    ).one_or_none()
    return (row[0], row[1]) if row else (0, now)


def forget(session: Session, key: str | None = None) -> int:
    """Drop a count, or all of them; return how many there were."""
    query = delete(RateCount)
    if key is not None:
        query = query.where(RateCount.key == key[:LONGEST_KEY])
    with writing(session):
        return len(session.execute(query.returning(RateCount.key)).all())


def forget_old(session: Session, now: int) -> None:
    """Drop the counts of windows that are over."""
    with writing(session):
        session.execute(delete(RateCount).where(RateCount.expires_epoch_s <= now))
