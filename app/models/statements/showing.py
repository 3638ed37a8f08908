"""A question as it was shown, what is told about its answer, and putting one up."""

from sqlalchemy import (
    bindparam,
    func,
    insert,
    select,
    update,
)

from app.models.content import DeckRow, FactRow, SourceRow
from app.models.effective import CREDIT, KIND, POINTS, RATING, Amended, amended
from app.models.learning import (
    LearningSession,
    MemoryEvent,
    Review,
    ShownQuestion,
)
from app.models.statements.parameters import LEARNER, TOKEN, at_most

_CAUGHT = (
    select(MemoryEvent.change)
    .where(
        MemoryEvent.user_id == Review.user_id,
        MemoryEvent.fact_id == Review.fact_id,
        MemoryEvent.cause == Review.number,
    )
    .limit(at_most(1))
    .correlate(Review)
    .scalar_subquery()
)
_OF_ITS_SESSION = (LearningSession.user_id == ShownQuestion.user_id) & (
    LearningSession.token == ShownQuestion.session_token
)
_AS_SHOWN = (
    select(
        ShownQuestion.token,
        ShownQuestion.session_token,
        ShownQuestion.position,
        ShownQuestion.fact_id,
        ShownQuestion.fact_revision,
        ShownQuestion.body,
        ShownQuestion.answered_epoch_s,
        LearningSession.kind,
        LearningSession.plan,
        LearningSession.finished_epoch_s,
        DeckRow.key.label("deck_key"),
        DeckRow.title.label("deck_title"),
        DeckRow.language,
    )
    .join(LearningSession, _OF_ITS_SESSION)
    .join(DeckRow, DeckRow.id == LearningSession.deck_id)
    .where(ShownQuestion.user_id == LEARNER)
)
_ANSWERED = amended(
    _AS_SHOWN.join(
        Review, (Review.user_id == ShownQuestion.user_id) & (Review.token == ShownQuestion.token)
    )
    .join(FactRow, FactRow.id == ShownQuestion.fact_id)
    .outerjoin(SourceRow, SourceRow.id == FactRow.source_id)
    .add_columns(
        Review.response,
        Review.reviewed_epoch_s,
        Review.moves_memory,
        Review.stability_days,
        CREDIT.label("credit"),
        RATING.label("rating"),
        POINTS.label("points"),
        KIND.label("amendment"),
        func.coalesce(Amended.verdict, Review.verdict).label("verdict"),
        func.coalesce(Amended.why, Review.why).label("why"),
        func.coalesce(Amended.due_epoch_s, Review.due_epoch_s).label("due_epoch_s"),
        _CAUGHT.label("caught"),
        FactRow.note,
        FactRow.quote,
        FactRow.revision,
        SourceRow.key.label("source_key"),
        SourceRow.title.label("source_title"),
        SourceRow.author,
        SourceRow.publisher,
        SourceRow.published,
        SourceRow.url,
        SourceRow.text,
    )
)
SHOWN = _AS_SHOWN.where(ShownQuestion.token == TOKEN)
ANSWERED = _ANSWERED.where(ShownQuestion.token == TOKEN)
ANSWERED_IN_SESSION = _ANSWERED.where(ShownQuestion.session_token == TOKEN).order_by(
    ShownQuestion.position
)

INSERT_SHOWN = insert(ShownQuestion).inline()
QUIZ_QUESTION = (
    select(
        ShownQuestion.token,
        ShownQuestion.shown_epoch_s,
        ShownQuestion.body,
        ShownQuestion.position,
        ShownQuestion.fact_revision,
        LearningSession.deck_id,
        FactRow.key,
        FactRow.revision,
    )
    .select_from(LearningSession)
    .outerjoin(ShownQuestion, _OF_ITS_SESSION & ShownQuestion.answered_epoch_s.is_(None))
    .outerjoin(FactRow, FactRow.id == ShownQuestion.fact_id)
    .where(
        LearningSession.user_id == LEARNER,
        LearningSession.token == TOKEN,
        LearningSession.kind == "quiz",
    )
    .order_by(ShownQuestion.position)
    .limit(at_most(1))
)
"""A quiz, with its first open question if there is any."""
SHOW_QUIZ_QUESTION = (
    update(ShownQuestion)
    .where(ShownQuestion.user_id == LEARNER, ShownQuestion.token == TOKEN)
    .values(
        shown_epoch_s=bindparam("now"),
        body=bindparam("made"),
        fact_revision=bindparam("made_of"),
    )
)
