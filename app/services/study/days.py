"""What today holds, and how a session went."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models.content import DeckRow
from app.models.effective import CREDIT, POINTS, effective, in_session
from app.models.learning import Review
from app.services.decks import deck_id_of
from app.services.sessions import learner_of, own_session
from app.services.study.dues import Dues, due_by_deck, due_to, moments_of, next_due
from app.services.study.newcomers import new_by_deck, new_today
from app.services.study.queue import Quota, quota_and_answers, quota_of


@dataclass(frozen=True, slots=True)
class Today:
    """What today holds: due now, new facts left, missed ones that come later, done so far.

    `due` stays within the day's limit; what is due beyond it is `backlog`, which is only counted so
    far (`backlog_is_longer`) where very many facts are due.
    """

    due: int
    new_left: int
    later_today: int
    reviewed: int
    next_due_epoch_s: int | None
    backlog: int = 0
    backlog_is_longer: bool = False
    paused: bool = False


@dataclass(frozen=True, slots=True)
class DeckToday:
    """What today holds in one deck, within the day's limits."""

    due: int
    later_today: int
    new_left: int


@dataclass(frozen=True, slots=True)
class StudySummary:
    """How a study session went."""

    reviewed: int
    correct: int
    points: float
    next_due_epoch_s: int | None


def today(session: Session, user_id: int, deck_key: str | None, now: int) -> Today:
    """Return what today holds, in one deck or in all that are begun. Raises NotFound."""
    learner = learner_of(session, user_id)
    deck_id = deck_id_of(session, deck_key) if deck_key is not None else None
    dues = due_to(session, learner, moments_of(learner, now), deck_id)
    quota, answers = quota_and_answers(session, learner, now)
    new = new_today(session, learner, quota.new, now, deck_id)
    paused = learner.preferences.paused_epoch_s is not None
    waiting = dues.now - dues.again
    return Today(
        due=0 if paused else _asked(dues, quota),
        new_left=0 if paused else new.facts,
        later_today=dues.later,
        reviewed=answers,
        next_due_epoch_s=next_due(session, user_id, deck_id, now),
        backlog=max(0, waiting - quota.due),
        backlog_is_longer=dues.more,
        paused=paused,
    )


def _asked(dues: Dues, quota: Quota) -> int:
    """Return how many of the due facts are asked today: those begun today do not count twice."""
    return dues.again + min(dues.now - dues.again, quota.due)


def today_by_deck(session: Session, user_id: int, now: int) -> dict[str, DeckToday]:
    """Return what today holds in every deck, begun or not, by its key. Raises NotFound."""
    learner = learner_of(session, user_id)
    keys = {row[0]: row[1] for row in session.execute(select(DeckRow.id, DeckRow.key))}
    if learner.preferences.paused_epoch_s is not None:
        return dict.fromkeys(keys.values(), DeckToday(0, 0, 0))
    quota = quota_of(session, learner, now)
    at = moments_of(learner, now)
    dues = due_by_deck(session, learner, at, list(keys), quota.due)
    new = new_by_deck(session, learner, quota.new, now)
    return {
        key: DeckToday(_asked(dues[deck], quota), dues[deck].later, new[deck])
        for deck, key in keys.items()
    }


_SUMS = select(
    func.count(Review.number),
    func.count(Review.number).filter(CREDIT >= 1),
    func.coalesce(func.sum(POINTS), 0),
)


def summary(session: Session, user_id: int, session_token: str) -> StudySummary:
    """Return how a study session went so far. Raises NotFound."""
    owner = own_session(session, user_id, session_token, "study")
    reviewed, correct, points = session.execute(
        effective(in_session(_SUMS, user_id, session_token))
    ).one()
    upcoming = next_due(session, user_id, owner.deck_id, after=-1)
    return StudySummary(reviewed, correct, int(points) / 10, upcoming)
