"""Decks and learning taken out as files of other programs."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import NotFound
from app.core.planning import day_start_epoch_s
from app.core.questions import DeckIndex
from app.core.sentences import say
from app.interchange.apkg import CardState, Rated, Schedule, write_apkg
from app.interchange.deck_file import write_deck
from app.interchange.facts_csv_export import write_facts_csv, write_facts_xlsx
from app.interchange.gift import write_gift
from app.interchange.items import items_of
from app.interchange.moodle import write_moodle
from app.interchange.printing import Styling, print_cards, print_quiz
from app.interchange.qti import write_qti
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


def _gift(index: DeckIndex, _now: int) -> bytes:
    return write_gift(index.deck.title, items_of(index)).encode()


def _moodle(index: DeckIndex, _now: int) -> bytes:
    return write_moodle(index.deck.title, items_of(index)).encode()


def _qti(index: DeckIndex, _now: int) -> bytes:
    return write_qti(index.deck.title, items_of(index))


def _quiz(index: DeckIndex, _now: int) -> bytes:
    return print_quiz(index, _whole_styles()).encode()


def _cards(index: DeckIndex, _now: int) -> bytes:
    return print_cards(index, _whole_styles()).encode()


def _whole_styles() -> Styling:
    return Styling(rules=PRINT_CSS.read_text(encoding="utf-8"))


PRINT_CSS = Path(__file__).resolve().parent.parent / "static" / "css" / "print.css"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS: Mapping[str, Format] = {
    one.name: one
    for one in (
        Format("yaml", "YAML", "yaml", "application/yaml", lambda one, _: _text(one, "yaml")),
        Format("json", "JSON", "json", "application/json", lambda one, _: _text(one, "json")),
        Format("csv", "CSV", "csv", "text/csv", lambda one, _: write_facts_csv(one.deck).encode()),
        Format("xlsx", "Excel", "xlsx", EXCEL, lambda one, _: write_facts_xlsx(one.deck)),
        Format(
            "apkg",
            "Anki",
            "apkg",
            "application/octet-stream",
            lambda one, now: write_apkg(one.deck, now),
        ),
        Format("gift", "Moodle GIFT", "gift", "text/plain", _gift),
        Format("moodle", "Moodle XML", "xml", "application/xml", _moodle),
        Format("qti", "QTI 2.1", "zip", "application/zip", _qti),
        Format("quiz", say("Quiz on paper"), "html", "text/html", _quiz),
        Format("cards", say("Cards to cut out"), "html", "text/html", _cards),
    )
}


def _text(index: DeckIndex, file_format: str) -> bytes:
    return write_deck(index.deck, file_format).encode()


def format_of(name: str) -> Format:
    """Return a format by its name. Raises NotFound."""
    if name not in FORMATS:
        raise NotFound(say("There is no such format."))
    return FORMATS[name]


def export_file(session: Session, deck_key: str, format_name: str, now: int) -> bytes:
    """Return a deck as a file in one of FORMATS. Raises NotFound."""
    chosen = format_of(format_name)
    return chosen.write(index_of(session, deck_id_of(session, deck_key)), now)


def quiz_page(session: Session, deck_key: str, styling: Styling, wanted: tuple[int, int]) -> str:
    """Return a quiz for paper: `wanted` is how many questions, and the seed that draws them."""
    count, seed = wanted
    return print_quiz(index_of(session, deck_id_of(session, deck_key)), styling, count, seed)


def cards_page(session: Session, deck_key: str, styling: Styling) -> str:
    """Return a deck's flashcards for paper."""
    return print_cards(index_of(session, deck_id_of(session, deck_key)), styling)


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
