"""A learner's own reviews and schedule as tables, for a spreadsheet or another program."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import IO

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.core.errors import NotFound
from app.core.memory import retrievability
from app.core.sentences import say
from app.core.wording import fact_text
from app.interchange.formulas import guarded
from app.interchange.workbooks import Cell, write_rows
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
_PAGE, _BATCH = 2_000, 500
"""Reviews, and facts with all that belongs to them, that are read together."""


def review_rows(session: Session, user_id: int, _now: int) -> Iterator[tuple[Cell, ...]]:
    """Yield a learner's reviews as they count, in the order of the log.

    Each page is a read of its own: one long read would keep the write-ahead log from being
    emptied, and PostgreSQL would cut it off.
    """
    columns = (
        *(Review.number, DeckRow.key, FactRow.key, Review.reviewed_epoch_s, RATING),
        *(Review.response_ms, Review.question_type, Review.direction, Review.response),
        *(CREDIT, POINTS, Review.moves_memory),
    )
    page = (
        effective(
            select(*columns)
            .join(FactRow, FactRow.id == Review.fact_id)
            .join(DeckRow, DeckRow.id == FactRow.deck_id)
            .where(Review.user_id == user_id, Review.number > bindparam("after"))
        )
        .order_by(Review.number)
        .limit(_PAGE)
    )
    rows = session.execute(page, {"after": 0}).all()
    while rows:
        for _, deck, fact, at, rating, spent_ms, kind, direction, response, *rest in rows:
            credit, points, moves_memory = rest
            yield (
                f"{deck}/{fact}",
                _iso(at),
                rating,
                spent_ms,
                deck,
                fact,
                kind,
                direction,
                response_words(response),
                credit,
                points / 10,
                "yes" if moves_memory else "no",
            )
        session.rollback()
        rows = session.execute(page, {"after": rows[-1][0]}).all()


def schedule_rows(session: Session, user_id: int, now: int) -> Iterator[tuple[Cell, ...]]:
    """Yield what a learner knows of each fact, the first due first; read in parts as reviews are.

    Which facts there are, and in which order, is read once.
    """
    parameters = learner_of(session, user_id).parameters
    own = Memory.user_id == user_id
    ids = session.scalars(
        select(Memory.fact_id).where(own).order_by(Memory.due_epoch_s, Memory.fact_id)
    ).all()
    for start in range(0, len(ids), _BATCH):
        wanted = ids[start : start + _BATCH]
        found = session.execute(
            select(FactRow, DeckRow.key, Memory)
            .join(Memory, Memory.fact_id == FactRow.id)
            .join(DeckRow, DeckRow.id == FactRow.deck_id)
            .where(own, Memory.fact_id.in_(wanted))
        ).all()
        rows = {row[0].id: row for row in found}
        facts = facts_of_rows(session, [row[0] for row in found])
        for row, deck, memory in (rows[one] for one in wanted if one in rows):
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
        session.rollback()


def _iso(at_epoch_s: int) -> str:
    return datetime.fromtimestamp(at_epoch_s, UTC).isoformat()[:19] + "Z"


Rows = Callable[[Session, int, int], Iterator[tuple[Cell, ...]]]
TABLES: Mapping[str, tuple[tuple[str, ...], Rows]] = {
    "reviews": (REVIEWS, review_rows),
    "schedule": (SCHEDULE, schedule_rows),
}


def write_own_table(
    session: Session, user_id: int, table: tuple[str, str], now: int, out: IO[bytes]
) -> None:
    """Write one of TABLES, as csv or xlsx, into a file, formulas made inert. Raises NotFound.

    Row by row: a log of a million reviews takes no more memory than one of a thousand.
    """
    what, suffix = table
    if what not in TABLES or suffix not in _WRITERS:
        raise NotFound(say("There is no such table."))
    header, rows = TABLES[what]
    safe = (tuple(map(_guarded, row)) for row in rows(session, user_id, now))
    _WRITERS[suffix](header, safe, what, out)


def _guarded(cell: Cell) -> Cell:
    return guarded(cell) if isinstance(cell, str) else cell


def _write_csv(
    header: Sequence[str], rows: Iterable[Sequence[Cell]], _title: str, out: IO[bytes]
) -> None:
    text = io.TextIOWrapper(out, "utf-8-sig", newline="", write_through=False)
    table = csv.writer(text)
    table.writerow(header)
    table.writerows(rows)
    text.detach()


_WRITERS = {"csv": _write_csv, "xlsx": write_rows}
