"""A learner's own reviews and schedule as tables, for a spreadsheet or another program."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import NotFound
from app.core.memory import retrievability
from app.core.sentences import say
from app.core.wording import fact_text
from app.interchange.formulas import guarded
from app.interchange.xlsx import Cell, write_rows
from app.models.content import DeckRow, FactRow
from app.models.effective import CREDIT, POINTS, RATING, effective
from app.models.learning import SUSPENDED, Memory, Review
from app.models.some_facts import facts_of_rows
from app.services.fact_story import response_words
from app.services.sessions import learner_of

REVIEWS = (
    "card_id",
    "review_time",
    "review_rating",
    "review_duration",
    "deck",
    "fact",
    "question_type",
    "direction",
    "response",
    "credit",
    "points",
    "counts_for_memory",
)
"""The first four are what `factdeck evaluate` and FSRS tools read; the duration in milliseconds."""
SCHEDULE = (
    "deck",
    "fact",
    "statement",
    "due",
    "stability_days",
    "difficulty",
    "recall",
    "reviews",
    "lapses",
    "last_review",
    "suspended",
)
DAY_S = 86_400
_BATCH = 500


def review_rows(session: Session, user_id: int, _now: int) -> Iterator[tuple[Cell, ...]]:
    """Yield a learner's reviews as they count, in the order of the log."""
    rows = session.execute(
        effective(
            select(
                Review,
                RATING.label("rating"),
                CREDIT.label("credit"),
                POINTS.label("points"),
                FactRow.key.label("fact"),
                DeckRow.key.label("deck"),
            )
            .join(FactRow, FactRow.id == Review.fact_id)
            .join(DeckRow, DeckRow.id == FactRow.deck_id)
            .where(Review.user_id == user_id)
        ).order_by(Review.number),
        execution_options={"yield_per": _BATCH},
    )
    for row in rows:
        review: Review = row.Review
        yield (
            f"{row.deck}/{row.fact}",
            _iso(review.reviewed_epoch_s),
            row.rating,
            review.response_ms,
            row.deck,
            row.fact,
            review.question_type,
            review.direction,
            response_words(review.response),
            row.credit,
            row.points / 10,
            "yes" if review.moves_memory else "no",
        )


def schedule_rows(session: Session, user_id: int, now: int) -> Iterator[tuple[Cell, ...]]:
    """Yield what a learner knows of each fact, the first due first."""
    parameters = learner_of(session, user_id).parameters
    rows = session.execute(
        select(FactRow, DeckRow.key, Memory)
        .join(Memory, Memory.fact_id == FactRow.id)
        .join(DeckRow, DeckRow.id == FactRow.deck_id)
        .where(Memory.user_id == user_id)
        .order_by(Memory.due_epoch_s, Memory.fact_id)
    ).all()
    for start in range(0, len(rows), _BATCH):
        batch = rows[start : start + _BATCH]
        facts = facts_of_rows(session, [row[0] for row in batch])
        for row, deck, memory in batch:
            elapsed = (now - memory.last_review_epoch_s) / DAY_S
            recall = retrievability(memory.stability_days, elapsed, parameters)
            yield (
                deck,
                row.key,
                fact_text(facts[row.id]),
                _iso(memory.due_epoch_s),
                round(memory.stability_days, 3),
                round(memory.difficulty, 3),
                round(recall, 4),
                memory.reviews,
                memory.lapses,
                _iso(memory.last_review_epoch_s),
                "yes" if memory.state == SUSPENDED else "no",
            )


def _iso(at_epoch_s: int) -> str:
    return datetime.fromtimestamp(at_epoch_s, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


Rows = Callable[[Session, int, int], Iterator[tuple[Cell, ...]]]
TABLES: Mapping[str, tuple[tuple[str, ...], Rows]] = {
    "reviews": (REVIEWS, review_rows),
    "schedule": (SCHEDULE, schedule_rows),
}


def own_table(session: Session, user_id: int, what: str, suffix: str, now: int) -> bytes:
    """Return one of TABLES as csv or xlsx, formulas made inert. Raises NotFound."""
    if what not in TABLES or suffix not in {"csv", "xlsx"}:
        raise NotFound(say("There is no such table."))
    header, rows = TABLES[what]
    safe = (tuple(map(_guarded, row)) for row in rows(session, user_id, now))
    return write_rows(header, safe, what) if suffix == "xlsx" else _csv(header, safe)


def _guarded(cell: Cell) -> Cell:
    return guarded(cell) if isinstance(cell, str) else cell


def _csv(header: tuple[str, ...], rows: Iterator[tuple[Cell, ...]]) -> bytes:
    out = io.StringIO(newline="")
    table = csv.writer(out)
    table.writerow(header)
    table.writerows(rows)
    return ("\ufeff" + out.getvalue()).encode()
