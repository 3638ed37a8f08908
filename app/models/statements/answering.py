"""What an answer reads and writes, the learner locked."""

from sqlalchemy import (
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from app.models.content import FactRow
from app.models.learning import (
    ACTIVE,
    DailyTotal,
    DeckSettings,
    HeldFact,
    LearningSession,
    Memory,
    Review,
    ShownQuestion,
)
from app.models.people import User
from app.models.statements.parameters import DAY, FACT, LEARNER, TOKEN

_IS_LOGGED = select(Review.number).where(Review.user_id == LEARNER, Review.token == TOKEN)
_THAT_DAY = select(Review.number).where(
    Review.user_id == LEARNER, Review.fact_id == FACT, Review.study_day == DAY
)
STANDING = (
    select(
        FactRow.revision,
        FactRow.deck_id,
        Memory.fact_id.label("is_known"),
        Memory.stability_days,
        Memory.difficulty,
        Memory.last_review_epoch_s,
        Memory.reviews,
        Memory.lapses,
        Memory.last_study_day,
        Memory.state,
        HeldFact.fact_id.label("is_held"),
        HeldFact.until_epoch_s.label("held_until_epoch_s"),
        DeckSettings.desired_retention,
        DeckSettings.target_day,
        _IS_LOGGED.exists().label("is_logged"),
        _THAT_DAY.exists().label("was_answered_today"),
    )
    .outerjoin(Memory, (Memory.fact_id == FactRow.id) & (Memory.user_id == LEARNER))
    .outerjoin(HeldFact, (HeldFact.fact_id == FactRow.id) & (HeldFact.user_id == LEARNER))
    .outerjoin(
        DeckSettings,
        (DeckSettings.deck_id == FactRow.deck_id) & (DeckSettings.user_id == LEARNER),
    )
    .where(FactRow.id == FACT)
)
"""All that decides about an answer to a fact: one read, after the lock."""

LOAD = (
    select(Memory.due_epoch_s, func.count())
    .where(
        Memory.user_id == LEARNER,
        Memory.due_epoch_s >= bindparam("first"),
        Memory.due_epoch_s < bindparam("end"),
        Memory.state == ACTIVE,
    )
    .group_by(Memory.due_epoch_s)
)
"""How much falls due at each instant of some days: what balances intervals."""

INSERT_REVIEW = insert(Review).inline()
INSERT_MEMORY = insert(Memory).inline()
UPDATE_MEMORY = update(Memory).where(Memory.user_id == LEARNER, Memory.fact_id == FACT)
DELETE_HELD = delete(HeldFact).where(HeldFact.user_id == LEARNER, HeldFact.fact_id == FACT)
_TALLIED = (
    DailyTotal.reviews,
    DailyTotal.correct,
    DailyTotal.new_facts,
    DailyTotal.points,
    DailyTotal.response_ms,
    DailyTotal.due_facts,
    DailyTotal.passed,
    DailyTotal.mature,
    DailyTotal.mature_passed,
)
ADD_TO_DAY = (
    update(DailyTotal)
    .where(DailyTotal.user_id == LEARNER, DailyTotal.study_day == DAY)
    .values({column: column + bindparam(f"more_{column.key}") for column in _TALLIED})
)
INSERT_DAY = insert(DailyTotal).inline()
ADD_TO_LEARNER = (
    update(User)
    .where(User.id == LEARNER)
    .values(score=User.score + bindparam("more_score"), reviews=User.reviews + 1)
)
MARK_ANSWERED = (
    update(ShownQuestion)
    .where(ShownQuestion.user_id == LEARNER, ShownQuestion.token == TOKEN)
    .values(answered_epoch_s=bindparam("now"))
)
_LEFT = (
    select(ShownQuestion.token)
    .where(
        ShownQuestion.user_id == LEARNER,
        ShownQuestion.session_token == TOKEN,
        ShownQuestion.answered_epoch_s.is_(None),
    )
    .correlate(None)
)
FINISH_QUIZ = (
    update(LearningSession)
    .where(
        LearningSession.user_id == LEARNER,
        LearningSession.token == TOKEN,
        LearningSession.finished_epoch_s.is_(None),
        ~_LEFT.exists(),
    )
    .values(finished_epoch_s=bindparam("now"))
)
FACT_REVISION = select(FactRow.revision).where(FactRow.id == FACT)
