"""A study session: its deck, how far it has come, and what was answered in it."""

from sqlalchemy import (
    Text,
    bindparam,
    cast,
    select,
    update,
)

from app.models.content import DeckRow
from app.models.effective import RATING, TURN, effective
from app.models.learning import (
    DailyTotal,
    LearningSession,
    Review,
    ShownQuestion,
)
from app.models.statements.decks import OTHERS
from app.models.statements.parameters import DAY, LEARNER, TOKEN, at_most

_OF_SESSION = (ShownQuestion.user_id == LEARNER, ShownQuestion.session_token == TOKEN)
_OPEN = (
    select(ShownQuestion.token)
    .where(*_OF_SESSION, ShownQuestion.answered_epoch_s.is_(None))
    .order_by(ShownQuestion.position)
    .limit(at_most(1))
)
_LAST = (
    select(ShownQuestion.position)
    .where(*_OF_SESSION)
    .order_by(ShownQuestion.position.desc())
    .limit(at_most(1))
)
_TODAY = (DailyTotal.user_id == LEARNER, DailyTotal.study_day == DAY)
_PROGRESS = (
    _OPEN.scalar_subquery().label("open_token"),
    _LAST.scalar_subquery().label("position"),
)
PROGRESS = select(*_PROGRESS)
"""How far a session has come: its open question, and the place of its last one."""
STUDY_SESSION = (
    select(
        LearningSession.token,
        LearningSession.deck_id,
        LearningSession.plan,
        LearningSession.seed,
        LearningSession.ahead_days,
        LearningSession.finished_epoch_s,
        DeckRow.revision.label("deck_revision"),
        OTHERS,
        *_PROGRESS,
        select(DailyTotal.new_facts).where(*_TODAY).scalar_subquery().label("new_facts"),
        select(DailyTotal.due_facts).where(*_TODAY).scalar_subquery().label("due_facts"),
    )
    .join(DeckRow, DeckRow.id == LearningSession.deck_id)
    .where(
        LearningSession.user_id == LEARNER,
        LearningSession.token == TOKEN,
        LearningSession.kind == "study",
    )
)
"""A study session with its progress and its learner's day: what the next question begins from."""
REMEMBERED = 20
"""Questions of the session whose stems a learner may still have in mind."""
LATEST_BODIES = (
    select(cast(ShownQuestion.body, Text).label("body"))
    .where(*_OF_SESSION, ShownQuestion.answered_epoch_s.is_not(None))
    .order_by(ShownQuestion.position.desc())
    .limit(at_most(REMEMBERED))
)
"""The latest answered questions of a session, as text."""
QUOTA = select(DailyTotal.new_facts, DailyTotal.due_facts, DailyTotal.reviews).where(*_TODAY)
HISTORY = (
    effective(
        select(Review.number, Review.fact_id, RATING.label("rating"))
        .select_from(ShownQuestion)
        .join(
            Review,
            (Review.user_id == ShownQuestion.user_id) & (Review.token == ShownQuestion.token),
        )
    )
).where(*_OF_SESSION, bindparam("until") >= TURN)
"""A session's answers in force, found by its questions, in any order.

An order would lead SQLite through the learner's whole log, which may be long.
"""
HISTORY_SINCE = effective(
    select(
        Review.number,
        Review.fact_id,
        RATING.label("rating"),
        cast(ShownQuestion.body, Text).label("body"),
    )
    .select_from(Review)
    .join(
        ShownQuestion,
        (ShownQuestion.user_id == Review.user_id) & (ShownQuestion.token == Review.token),
    )
).where(
    Review.user_id == LEARNER,
    Review.number > bindparam("after"),
    Review.number <= bindparam("until"),
    Review.session_token == TOKEN,
)
"""The session's answers after a number of the learner's log, each with its question as text."""

FINISH_SESSION = (
    update(LearningSession)
    .where(LearningSession.user_id == LEARNER, LearningSession.token == TOKEN)
    .values(finished_epoch_s=bindparam("finished"))
)
