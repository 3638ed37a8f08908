"""Decks and learning taken out as files of other programs."""

import base64
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import NotFound
from app.core.facts import Deck
from app.core.planning import day_start_epoch_s
from app.core.questions import DeckIndex
from app.core.sentences import say
from app.interchange.apkg import CardState, Rated, Schedule, write_apkg
from app.interchange.deck_file import write_deck
from app.interchange.facts_csv_export import write_facts_csv, write_facts_xlsx
from app.interchange.gift import write_gift
from app.interchange.items import items_in_words
from app.interchange.moodle import write_moodle
from app.interchange.pictures import MEDIA_TYPES
from app.interchange.printing import Styling, print_cards, print_quiz
from app.interchange.qti import write_qti
from app.models.content import FactRow
from app.models.effective import RATING, STORY_ORDER, effective
from app.models.learning import SUSPENDED, Memory, Review
from app.services import pictures
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
    write: Callable[["Going"], bytes]


@dataclass(frozen=True, slots=True)
class Going:
    """A deck on its way out, with the files of its pictures by name, and the time."""

    index: DeckIndex
    pictures: Mapping[str, bytes]
    now: int

    @property
    def deck(self) -> Deck:
        """The deck with everything in it."""
        return self.index.deck


def _gift(going: Going) -> bytes:
    return write_gift(going.deck.title, items_in_words(going.index)).encode()


def _moodle(going: Going) -> bytes:
    return write_moodle(going.deck.title, items_in_words(going.index)).encode()


def _qti(going: Going) -> bytes:
    return write_qti(going.deck.title, items_in_words(going.index))


def _quiz(going: Going) -> bytes:
    return print_quiz(going.index, _whole_styles(going)).encode()


def _cards(going: Going) -> bytes:
    return print_cards(going.index, _whole_styles(going)).encode()


def _whole_styles(going: Going) -> Styling:
    rules = PRINT_CSS.read_text(encoding="utf-8")
    return Styling(rules=rules, pictures=_data_addresses(going.pictures))


def _data_addresses(files: Mapping[str, bytes]) -> dict[str, str]:
    """Return addresses that hold pictures whole, by their names: paper has no server to ask."""
    types = dict(MEDIA_TYPES.values())
    return {
        name: f"data:{types[name.rpartition('.')[2]]};base64,{base64.b64encode(data).decode()}"
        for name, data in files.items()
    }


PRINT_CSS = Path(__file__).resolve().parent.parent / "static" / "css" / "print.css"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS: Mapping[str, Format] = {
    one.name: one
    for one in (
        Format("yaml", "YAML", "yaml", "application/yaml", lambda one: _text(one, "yaml")),
        Format("json", "JSON", "json", "application/json", lambda one: _text(one, "json")),
        Format("csv", "CSV", "csv", "text/csv", lambda one: write_facts_csv(one.deck).encode()),
        Format("xlsx", "Excel", "xlsx", EXCEL, lambda one: write_facts_xlsx(one.deck)),
        Format(
            "apkg",
            "Anki",
            "apkg",
            "application/octet-stream",
            lambda one: write_apkg(one.deck, one.now, pictures=one.pictures),
        ),
        Format("gift", "Moodle GIFT", "gift", "text/plain", _gift),
        Format("moodle", "Moodle XML", "xml", "application/xml", _moodle),
        Format("qti", "QTI 2.1", "zip", "application/zip", _qti),
        Format("quiz", say("Quiz on paper"), "html", "text/html", _quiz),
        Format("cards", say("Cards to cut out"), "html", "text/html", _cards),
    )
}


def _text(going: Going, file_format: str) -> bytes:
    used = pictures.shown_in(going.deck)
    shown = {name: data for name, data in going.pictures.items() if name in used}
    return write_deck(going.deck, file_format, shown).encode()


def format_of(name: str) -> Format:
    """Return a format by its name. Raises NotFound."""
    if name not in FORMATS:
        raise NotFound(say("There is no such format."))
    return FORMATS[name]


def export_file(session: Session, deck_key: str, format_name: str, now: int) -> bytes:
    """Return a deck as a file in one of FORMATS. Raises NotFound."""
    chosen = format_of(format_name)
    deck_id = deck_id_of(session, deck_key)
    return chosen.write(Going(index_of(session, deck_id), pictures.files_of(session, deck_id), now))


def quiz_page(session: Session, deck_key: str, styling: Styling, wanted: tuple[int, int]) -> str:
    """Return a quiz for paper: `wanted` is how many questions, and the seed that draws them."""
    count, seed = wanted
    deck_id = deck_id_of(session, deck_key)
    return print_quiz(
        index_of(session, deck_id), _with_pictures(session, deck_id, styling), count, seed
    )


def _with_pictures(session: Session, deck_id: int, styling: Styling) -> Styling:
    return replace(styling, pictures=_data_addresses(pictures.files_of(session, deck_id)))


def cards_page(session: Session, deck_key: str, styling: Styling) -> str:
    """Return a deck's flashcards for paper."""
    deck_id = deck_id_of(session, deck_key)
    return print_cards(index_of(session, deck_id), _with_pictures(session, deck_id, styling))


def my_apkg(session: Session, user_id: int, deck_key: str, now: int) -> bytes:
    """Return a deck as an Anki package with a learner's own schedule and review log."""
    deck_id = deck_id_of(session, deck_key)
    deck = index_of(session, deck_id).deck
    schedule = schedule_of(session, user_id, deck_id, now)
    return write_apkg(deck, now, schedule, pictures.files_of(session, deck_id))


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
        ).order_by(*STORY_ORDER)
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
