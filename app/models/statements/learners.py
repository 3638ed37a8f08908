"""A learner's settings and counters, and how many answers came lately."""

from sqlalchemy import (
    bindparam,
    select,
)

from app.models.learning import (
    LearnerParameters,
    Review,
    StudySettings,
)
from app.models.people import User
from app.models.statements.parameters import LEARNER, at_most

PARAMETERS = (
    select(LearnerParameters.parameters)
    .where(LearnerParameters.user_id == User.id, LearnerParameters.kept)
    .order_by(LearnerParameters.number.desc())
    .limit(at_most(1))
    .scalar_subquery()
)
LEARNER_SETTINGS = (
    select(
        User.id,
        User.time_zone,
        User.desired_retention,
        User.new_per_day,
        User.reviews,
        User.changes,
        PARAMETERS.label("parameters"),
        StudySettings.user_id.label("has_settings"),
        StudySettings.reviews_per_day,
        StudySettings.maximum_interval_days,
        StudySettings.new_order,
        StudySettings.weekday_loads,
        StudySettings.leech_lapses,
        StudySettings.leech_suspends,
        StudySettings.fits_by_itself,
        StudySettings.paused_epoch_s,
    )
    .outerjoin(StudySettings, StudySettings.user_id == User.id)
    .where(User.id == LEARNER)
)
LOCK_LEARNER = LEARNER_SETTINGS.with_for_update(of=User)
"""The first statement of whatever writes for a learner; on SQLite BEGIN IMMEDIATE has locked."""
LOCK_COUNTERS = select(User.reviews, User.changes).where(User.id == LEARNER).with_for_update()
"""The same for what only has to know whether the learner has done anything meanwhile."""

ANSWERED_LATELY = (
    select(Review.number)
    .where(Review.user_id == LEARNER, Review.reviewed_epoch_s > bindparam("since"))
    .order_by(Review.reviewed_epoch_s)
    .limit(at_most(1))
    .offset(bindparam("fewer"))
)
"""A row where a learner has given more answers since an instant than so many."""
