"""What operators watch: whether the database is ready, and what waits in it."""

from dataclasses import dataclass

from sqlalchemy import Engine, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.models.failures import Unusable
from app.models.migrating import current_revision, newest_revision
from app.models.people import User
from app.models.reports import RemarkJob, Report
from app.models.sqlite import check_in_place


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much waits to be done behind the answers, and by curators."""

    learners_uncounted: int
    """Learners with answers that item statistics have not counted yet."""
    answers_uncounted: int
    remarkings: int
    """Accepted answers whose earlier responses are still being marked anew."""
    reports: int


_UNCOUNTED = select(
    func.count(), func.coalesce(func.sum(User.reviews - User.reviews_counted), 0)
).where(User.reviews > User.reviews_counted)
_REMARKINGS = select(func.count()).where(RemarkJob.finished_epoch_s.is_(None))
_REPORTS = select(func.count()).where(Report.status == "open")


def waiting(session: Session) -> Waiting:
    """Count what waits, from indexes alone."""
    learners, answers = session.execute(_UNCOUNTED).one()
    remarkings = session.scalar(_REMARKINGS) or 0
    return Waiting(int(learners), int(answers), remarkings, session.scalar(_REPORTS) or 0)


def is_ready(engine: Engine) -> bool:
    """Whether the database answers, is of this version, and still where it was opened."""
    try:
        with engine.connect() as connection:
            check_in_place(connection)
        return current_revision(engine) == newest_revision()
    except (SQLAlchemyError, Unusable):
        return False
