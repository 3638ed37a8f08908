"""The memory map: an article's passages by how well a learner recalls their facts now."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.facts import Source
from app.core.memory import retrievability
from app.core.sentences import say
from app.core.urgency import DAY_S
from app.models.learning import ACTIVE, Memory
from app.services import study
from app.services.decks import deck_id_of
from app.services.sessions import NothingToAsk, learner_of, published_facts
from app.services.sources import ReadingView, reading_view

FOR_EVER_DAYS = 36_500
"""Facts of the map are asked however far off they are due."""
WEAKEST = 10
"""How many are studied where none is below the recall that the learner wants."""


class Level(StrEnum):
    """How well something is recalled now; a passage is as weak as the weakest of its facts."""

    STRONG = "strong"
    FADING = "fading"
    WEAK = "weak"
    LOST = "lost"
    NEW = "new"


FLOORS = ((0.9, Level.STRONG), (0.7, Level.FADING), (0.4, Level.WEAK), (0.0, Level.LOST))
"""From which recall, 0-1, each level begins."""


@dataclass(frozen=True, slots=True)
class MapFact:
    """A numbered fact with its recall now, 0-1; None where it has not been learned."""

    number: int
    fact_id: int
    text: str
    recall: float | None

    @property
    def level(self) -> Level:
        """How well it is recalled."""
        return level_of(self.recall)


@dataclass(frozen=True, slots=True)
class MapPiece:
    """A run of the text with the numbers of the facts that rest on it; "" for none of them."""

    text: str
    numbers: tuple[int, ...]
    ending: tuple[int, ...]
    level: Level | None


@dataclass(frozen=True, slots=True)
class MemoryMap:
    """An article shaded by what somebody recalls; `learned` counts the facts that they know."""

    deck_key: str
    source: Source
    paragraphs: tuple[tuple[MapPiece, ...], ...]
    facts: tuple[MapFact, ...]
    learned: int


def level_of(recall: float | None) -> Level:
    """Return the level of a recall, 0-1; NEW for None."""
    if recall is None:
        return Level.NEW
    return next(level for floor, level in FLOORS if recall >= floor)


def memory_map(
    session: Session, user_id: int | None, deck_key: str, key: str, now: int
) -> MemoryMap:
    """Return an article with its facts' recall of a learner; nobody has learned any. NotFound."""
    view = reading_view(session, deck_key, key)
    facts = _facts(session, user_id, view, now)
    by_number = {one.number: one.recall for one in facts}
    learned = sum(one.recall is not None for one in facts)
    return MemoryMap(
        deck_key=deck_key,
        source=view.source,
        paragraphs=tuple(
            tuple(
                MapPiece(
                    piece.text, piece.numbers, piece.ending, _weakest(piece.numbers, by_number)
                )
                for piece in paragraph
            )
            for paragraph in view.paragraphs
        ),
        facts=facts,
        learned=learned,
    )


def _facts(
    session: Session, user_id: int | None, view: ReadingView, now: int
) -> tuple[MapFact, ...]:
    ids = published_facts(session, deck_id_of(session, view.deck_key))
    known = _recalls(session, user_id, [ids[one.key].id for one in view.facts], now)
    return tuple(
        MapFact(number, ids[one.key].id, one.text, known.get(ids[one.key].id))
        for number, one in enumerate(view.facts, 1)
    )


def _recalls(
    session: Session, user_id: int | None, fact_ids: Iterable[int], now: int
) -> dict[int, float]:
    if user_id is None:
        return {}
    learner = learner_of(session, user_id)
    rows = session.execute(
        select(Memory.fact_id, Memory.stability_days, Memory.last_review_epoch_s).where(
            Memory.user_id == user_id, Memory.state == ACTIVE, Memory.fact_id.in_(fact_ids)
        )
    )
    return {
        fact_id: retrievability(stability, max(0, now - last) / DAY_S, learner.parameters)
        for fact_id, stability, last in rows
    }


def _done_today(
    session: Session, user_id: int, fact_ids: Iterable[int], now: int
) -> frozenset[int]:
    """Return the facts that were answered today and are not due again: each is asked once a day."""
    today = learner_of(session, user_id).day(now)
    done = select(Memory.fact_id).where(
        Memory.user_id == user_id,
        Memory.fact_id.in_(fact_ids),
        Memory.last_study_day >= today,
        Memory.due_epoch_s > now,
    )
    return frozenset(session.scalars(done))


def _weakest(numbers: Iterable[int], recalls: Mapping[int, float | None]) -> Level | None:
    levels = [level_of(recalls[number]) for number in numbers]
    order = (Level.LOST, Level.WEAK, Level.FADING, Level.STRONG, Level.NEW)
    return min(levels, key=order.index) if levels else None


def start_fading(session: Session, user_id: int, deck_key: str, key: str, now: int) -> str:
    """Open a study session on the facts of an article that fade, and return its token.

    Those below the recall that the learner wants; the weakest ten where none is. Each is asked
    however far off it is due. Raises NothingToAsk where none has been learned, Paused, NotFound.
    """
    shown = memory_map(session, user_id, deck_key, key, now)
    known = [(one.recall, one.fact_id) for one in shown.facts if one.recall is not None]
    if not known:
        raise NothingToAsk(
            say("You have not learned a fact of this article yet: study its deck first.")
        )
    wanted = learner_of(session, user_id).desired_retention
    fading = [fact_id for recall, fact_id in sorted(known) if recall < wanted]
    weakest = fading or [fact_id for _, fact_id in sorted(known)[:WEAKEST]]
    done = _done_today(session, user_id, weakest, now)
    chosen = [fact_id for fact_id in weakest if fact_id not in done]
    if not chosen:
        raise NothingToAsk(say("You have gone through these today. They come back by themselves."))
    return study.start(session, user_id, deck_key, now, FOR_EVER_DAYS, chosen)
