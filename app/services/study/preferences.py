"""How a learner wants to study."""

from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.core.errors import Refused
from app.core.planning import Preferences
from app.core.sentences import say
from app.models.database import writing
from app.models.learning import StudySettings
from app.models.people import User
from app.services.sessions import learner_of, lock_learner

LEAST_RETENTION, MOST_RETENTION = 0.70, 0.97
CHOSEN = (
    "reviews_per_day",
    "maximum_interval_days",
    "weekday_loads",
    "leech_lapses",
    "leech_suspends",
    "fits_by_itself",
)


class NotPossible(Refused):
    """A setting outside what is possible."""


@dataclass(frozen=True, slots=True)
class StudyWishes:
    """All that a learner can choose about studying; retention is a share from 0.70 to 0.97."""

    desired_retention: float
    new_per_day: int
    preferences: Preferences
    suggested_retention: float | None = None


def wishes(session: Session, user_id: int) -> StudyWishes:
    """Return what a learner has chosen. Raises NotFound."""
    learner = learner_of(session, user_id)
    suggested = session.scalar(
        select(StudySettings.suggested_retention).where(StudySettings.user_id == user_id)
    )
    return StudyWishes(
        learner.desired_retention, learner.new_per_day, learner.preferences, suggested
    )


def save_wishes(session: Session, user_id: int, chosen: StudyWishes) -> None:
    """Store what a learner has chosen; a pause stays as it is. Raises NotPossible, NotFound."""
    check_retention(chosen.desired_retention)
    if not any(chosen.preferences.weekday_loads):
        raise NotPossible(say("Leave at least one weekday to study on."))
    with writing(session):
        lock_learner(session, user_id)
        session.execute(
            update(User)
            .where(User.id == user_id)
            .values(desired_retention=chosen.desired_retention, new_per_day=chosen.new_per_day)
        )
        taken: dict[str, object] = {name: getattr(chosen.preferences, name) for name in CHOSEN}
        taken["weekday_loads"] = list(chosen.preferences.weekday_loads)
        change_settings(session, user_id, new_order=str(chosen.preferences.new_order), **taken)


def change_settings(session: Session, user_id: int, **changes: object) -> None:
    """Change some of a learner's stored settings. Inside a writing transaction."""
    row = session.get(StudySettings, user_id)
    if row is None:
        row = StudySettings(user_id=user_id)
        session.add(row)
    for name, value in changes.items():
        setattr(row, name, value)
    session.flush()


def check_retention(retention: float) -> None:
    """Raise NotPossible for a recall that nobody can want."""
    if not LEAST_RETENTION <= retention <= MOST_RETENTION:
        raise NotPossible(say("Choose a recall between 70 % and 97 %."))
