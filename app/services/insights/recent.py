"""The newest answers: where the time goes, and whether the predictions came true."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, String, bindparam, cast, exists, func, select
from sqlalchemy.orm import Session, aliased

from app.core.evaluation import Prediction
from app.core.memory import Rating
from app.core.replaying import STARTS_ANEW
from app.models.content import DeckRow, FactRow
from app.models.driving import Found, all_rows, connection_of
from app.models.effective import RATING, effective
from app.models.learning import MemoryEvent, Review

RECENT_REVIEWS = 2000
MOST_SHARES = 8


@dataclass(frozen=True, slots=True)
class Share:
    """How much time and how many answers something took among the newest answers."""

    label: str
    answers: int
    recalled: int
    seconds: float


_LEARNER: BindParameter[int] = bindparam("learner")
_AFTER: BindParameter[int] = bindparam("after")
_RECENT = effective(
    select(
        Review.number,
        Review.predicted,
        Review.study_day,
        RATING.label("rating"),
        Review.response_ms,
        Review.question_type,
        cast(FactRow.tags, String).label("tags"),
        DeckRow.title,
    )
    .join(FactRow, FactRow.id == Review.fact_id)
    .join(DeckRow, DeckRow.id == FactRow.deck_id)
    .where(Review.user_id == _LEARNER, Review.number > _AFTER)
)


def recent_answers(session: Session, user_id: int) -> list[Found]:
    """Return the newest answers in force, with their facts' deck and tags."""
    last = session.scalar(select(func.max(Review.number)).where(Review.user_id == user_id)) or 0
    given = {"learner": user_id, "after": last - RECENT_REVIEWS}
    return all_rows(connection_of(session), _RECENT, given)


def scored(session: Session, user_id: int, recent: Iterable[Any]) -> list[Prediction]:
    """Return the predictions among answers, each with what its bin of RMSE needs.

    As `factdeck evaluate` scores a log: a fact's first answer and further ones of a day are not
    scored; how many answers and lapses came before counts from where the fact was last begun.
    """
    made = []
    recent = list(recent)
    earlier = _earlier(session, user_id, min((row.number for row in recent), default=1) - 1)
    for row in recent:
        if row.predicted is not None and row.number in earlier:
            before = earlier[row.number]
            made.append(
                Prediction(
                    recall=row.predicted,
                    recalled=row.rating > Rating.AGAIN,
                    elapsed_days=max(1, row.study_day - before.last_day),
                    number=before.answers + 1,
                    lapses=before.lapses,
                )
            )
    return made


def _earlier(session: Session, user_id: int, after: int) -> dict[int, Any]:
    """Return by number what came before each predicted answer after one about its fact."""
    asked = aliased(Review)
    begun_anew = exists().where(
        MemoryEvent.user_id == user_id,
        MemoryEvent.fact_id == Review.fact_id,
        MemoryEvent.kind.in_(map(str, STARTS_ANEW)),
        MemoryEvent.after_review >= Review.number,
        MemoryEvent.after_review < asked.number,
    )
    query = effective(
        select(
            asked.number,
            func.count().label("answers"),
            func.count()
            .filter((RATING == Rating.AGAIN) & Review.predicted.is_not(None))
            .label("lapses"),
            func.max(Review.study_day).label("last_day"),
        )
        .select_from(asked)
        .join(
            Review,
            (Review.user_id == user_id)
            & (Review.fact_id == asked.fact_id)
            & (Review.number < asked.number),
        )
        .where(
            asked.user_id == user_id,
            asked.number > after,
            asked.predicted.is_not(None),
            Review.moves_memory,
            ~begun_anew,
        )
        .group_by(asked.number)
    )
    return {row.number: row for row in connection_of(session).execute(query)}


@lru_cache(maxsize=1024)
def tags_of(stored: str) -> tuple[str, ...]:
    """Return the tags of a fact as it stores them: thousands of answers share a few lists."""
    return tuple(json.loads(stored))


def shares(labelled: Iterable[tuple[str, Any]]) -> tuple[Share, ...]:
    """Return what took the most time, by label."""
    answers: dict[str, int] = defaultdict(int)
    recalled: dict[str, int] = defaultdict(int)
    spent_ms: dict[str, int] = defaultdict(int)
    least = int(Rating.HARD)  # an enumeration's own comparison takes longer than all the rest
    for label, row in labelled:
        answers[label] += 1
        recalled[label] += row.rating >= least
        spent_ms[label] += row.response_ms
    parts = [
        Share(label, count, recalled[label], spent_ms[label] / 1000)
        for label, count in answers.items()
    ]
    return tuple(sorted(parts, key=lambda one: (-one.seconds, one.label))[:MOST_SHARES])
