"""Decks and learning taken out as files of other programs."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import NotFound
from app.core.planning import day_start_epoch_s
from app.core.questions import DeckIndex
from app.interchange.apkg import CardState, Rated, Schedule, write_apkg
from app.interchange.deck_file import write_deck
from app.interchange.facts_csv_export import write_facts_csv
from app.models.content import FactRow
from app.models.effective import RATING, effective
from app.models.learning import SUSPENDED, Memory, Review
from app.services.decks import deck_id_of, index_of
from app.services.scheduling import wanted_of
from app.services.sessions import Learner, learner_of

DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file that a deck is written as; `write` takes the deck and the time."""

    name: str
    label: str
    suffix: str
    media_type: str
    write: Callable[[DeckIndex, int], bytes]


FORMATS: Mapping[str, Format] = {
    one.name: one
    for one in (
        Format(
            "yaml",
            "YAML",
            "yaml",
            "application/yaml",
            lambda index, _: write_deck(index.deck, "yaml").encode(),
        ),
        Format(
            "json",
            "JSON",
            "json",
            "application/json",
            lambda index, _: write_deck(index.deck, "json").encode(),
        ),
        Format(
            "csv",
            "CSV",
            "csv",
            "text/csv",
            lambda index, _: write_facts_csv(index.deck).encode(),
        ),
        Format(
            "apkg",
            "Anki",
            "apkg",
            "application/octet-stream",
            lambda index, now: write_apkg(index.deck, now),
        ),
    )
}


def format_of(name: str) -> Format:
    """Return a format by its name. Raises NotFound."""
    if name not in FORMATS:
        raise NotFound("There is no such format.")
    return FORMATS[name]


def export_file(session: Session, deck_key: str, format_name: str, now: int) -> bytes:
    """Return a deck as a file in one of FORMATS. Raises NotFound."""
    chosen = format_of(format_name)
    return chosen.write(index_of(session, deck_id_of(session, deck_key)), now)


def my_apkg(session: Session, user_id: int, deck_key: str, now: int) -> bytes:
    """Return a deck as an Anki package with a learner's own schedule and review log."""
    deck_id = deck_id_of(session, deck_key)
    deck = index_of(session, deck_id).deck
    return write_apkg(deck, now, schedule_of(session, user_id, deck_id, now))


def schedule_of(session: Session, user_id: int, deck_id: int, now: int) -> Schedule:
    """Return what a learner knows of a deck's facts, in Anki's terms."""
    learner = learner_of(session, user_id)
    rows = session.execute(
        select(FactRow.key, Memory)
        .join(Memory, Memory.fact_id == FactRow.id)
        .where(Memory.user_id == user_id, FactRow.deck_id == deck_id)
    ).all()
    logs = _logs(session, user_id, deck_id)
    first = min((row.Memory.first_study_day for row in rows), default=learner.day(now))
    created = day_start_epoch_s(first, learner.zone)
    states = {
        row.key: _state(learner, row.Memory, logs.get(row.Memory.fact_id, []), first)
        for row in rows
    }
    retention = wanted_of(learner, None, learner.day(now)).retention
    return Schedule(created, states, retention)


def _logs(session: Session, user_id: int, deck_id: int) -> dict[int, list[Rated]]:
    rows = session.execute(
        effective(
            select(
                Review.fact_id,
                Review.reviewed_epoch_s,
                RATING.label("rating"),
                Review.due_epoch_s,
                Review.response_ms,
            )
            .join(FactRow, FactRow.id == Review.fact_id)
            .where(Review.user_id == user_id, Review.moves_memory, FactRow.deck_id == deck_id)
        ).order_by(Review.number)
    )
    logs: dict[int, list[Rated]] = defaultdict(list)
    for row in rows:
        ahead = (row.due_epoch_s or row.reviewed_epoch_s) - row.reviewed_epoch_s
        days = max(0, round(ahead / DAY_S))
        logs[row.fact_id].append(Rated(row.reviewed_epoch_s, row.rating, days, row.response_ms))
    return logs


def _state(learner: Learner, memory: Memory, log: list[Rated], first: int) -> CardState:
    due = learner.day(memory.due_epoch_s)
    return CardState(
        due_day=due - first,
        interval_days=due - memory.last_study_day,
        stability_days=memory.stability_days,
        difficulty=memory.difficulty,
        last_review_epoch_s=memory.last_review_epoch_s,
        reviews=memory.reviews,
        lapses=memory.lapses,
        is_suspended=memory.state == SUSPENDED,
        log=tuple(log),
    )
