"""The learner's latest answers, with what became of each."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.content import DeckRow
from app.models.effective import CREDIT, KIND, amended
from app.models.learning import LearningSession, Review, ShownQuestion


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """One answer in the log; `amendment` is the kind of its latest amendment, "" for none."""

    token: str
    deck_title: str
    language: str
    """Of the deck (BCP 47)."""
    stem: str
    credit: float
    kind: str
    amendment: str
    reviewed_epoch_s: int


def latest_answers(session: Session, user_id: int, limit: int = 50) -> list[GivenAnswer]:
    """Return a learner's latest answers, newest first."""
    shown = (ShownQuestion.user_id == Review.user_id) & (ShownQuestion.token == Review.token)
    owner = (LearningSession.user_id == Review.user_id) & (
        LearningSession.token == Review.session_token
    )
    rows = session.execute(
        amended(
            select(
                Review.token,
                DeckRow.title,
                DeckRow.language,
                ShownQuestion.body,
                CREDIT,
                LearningSession.kind,
                KIND,
                Review.reviewed_epoch_s,
            )
            .select_from(Review)
            .join(ShownQuestion, shown)
            .join(LearningSession, owner)
            .join(DeckRow, DeckRow.id == LearningSession.deck_id)
        )
        .where(Review.user_id == user_id)
        .order_by(Review.number.desc())
        .limit(limit)
    )
    return [
        GivenAnswer(token, title, language, body["stem"], credit, kind, amendment, at)
        for token, title, language, body, credit, kind, amendment, at in rows
    ]
