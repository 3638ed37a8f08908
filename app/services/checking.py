"""`factdeck check`: what is stored against what must hold; `--repair` mends it from the log."""

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models.content import DeckRow
from app.models.database import writing
from app.models.learning import Review
from app.models.mapping import load_deck
from app.models.people import User
from app.models.statistics import CountedAnswer, ItemStatistic
from app.services import ledger, statistics
from app.services.backup import is_whole
from app.services.learned import SESSION
from app.services.sessions import lock_learner

DAY_S = 86_400
TOLERATED_S = 3_600
"""A clock may be set back by so much without a word."""


def check(session: Session) -> list[str]:
    """Return everything that is wrong, a sentence each; nothing is changed."""
    found = is_whole(session.get_bind().engine)
    for user_id in session.scalars(select(User.id).order_by(User.id)).all():
        found += ledger.check_learner(session, user_id)
        session.expunge_all()
    return found + list(_evidence(session)) + _statistics(session)


def _statistics(session: Session) -> list[str]:
    """Compare the items' counts with the answers that were counted, without reading the log."""
    counted = session.scalar(select(func.count()).select_from(CountedAnswer))
    summed = session.scalar(select(func.sum(ItemStatistic.answers)))
    if counted == (summed or 0):
        return []
    return [f"item statistics: {summed or 0} answers are summed up, {counted} were counted."]


def warnings(session: Session) -> list[str]:
    """Return what is odd but harmless: logs in which the clock went back."""
    before = func.lag(Review.reviewed_epoch_s).over(
        partition_by=Review.user_id, order_by=Review.number
    )
    pairs = select(Review.user_id, Review.reviewed_epoch_s.label("at"), before.label("before"))
    # Reviews from another program keep their times, and stand behind what the log had.
    log = pairs.where(Review.session_token.not_like(f"{SESSION}%")).subquery()
    rows = session.execute(
        select(log.c.user_id, func.count(), func.max(log.c.before - log.c.at))
        .where(log.c.before - log.c.at > TOLERATED_S)
        .group_by(log.c.user_id)
        .order_by(log.c.user_id)
    )
    return [
        f"learner {user_id}: the clock went back {count} times, by {most / DAY_S:.1f} days at most;"
        " the order of the log counts, and nothing needs repair."
        for user_id, count, most in rows
    ]


def _evidence(session: Session) -> Iterator[str]:
    for deck_id in session.scalars(select(DeckRow.id).order_by(DeckRow.id)).all():
        deck = load_deck(session, deck_id)
        for fact in deck.facts:
            evidence = fact.evidence
            if evidence and evidence.quote not in deck.source_by_key[evidence.source].text:
                yield f"deck {deck.key}: the passage of {fact.key} does not stand in its source."


def repair(session: Session) -> list[str]:
    """Rebuild what differs from the log, learner by learner; return what was done."""
    done: list[str] = []
    for user_id in session.scalars(select(User.id).order_by(User.id)).all():
        if not ledger.check_learner(session, user_id):
            continue
        with writing(session):
            lock_learner(session, user_id)
            ledger.rebuild(session, user_id)
        session.expunge_all()
        done.append(f"learner {user_id}: memory, totals and score rebuilt from the log.")
    if _statistics(session):
        statistics.rebuild(session)
        done.append("item statistics: counted anew from the log.")
    return done
