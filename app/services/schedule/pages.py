"""The pages of the schedule, fifty facts each."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app.core.facts import Fact
from app.core.memory import MATURE_DAYS, retrievability
from app.core.urgency import DAY_S
from app.core.wording import fact_text, stem
from app.models.content import DeckRow, FactRow
from app.models.learning import SUSPENDED, Memory
from app.models.some_facts import facts_of_rows
from app.services.schedule.searching import COMPARED, Kind, Search, Wanted
from app.services.sessions import Learner, learner_of

PAGE_SIZE = 50
LAST_PAGE = 100_000


@dataclass(frozen=True, slots=True)
class ScheduledFact:
    """A fact in the learner's own schedule; None where it was never studied."""

    fact_id: int
    deck_key: str
    deck_title: str
    statement: str
    tags: tuple[str, ...]
    due_epoch_s: int | None
    stability_days: float | None
    retrievability: float | None
    reviews: int
    lapses: int
    state_words: str
    is_leech: bool = False


@dataclass(frozen=True, slots=True)
class SchedulePage:
    """At most 50 facts, and whether more follow.

    Sorted by recall, so many facts that are due first were `compared` where there are more; else 0.
    """

    facts: tuple[ScheduledFact, ...]
    page: int
    has_more: bool
    compared: int = 0


def schedule_page(session: Session, user_id: int, wanted: Wanted, now: int) -> SchedulePage:
    """Return a page of the schedule. Raises NotFound for an unknown learner."""
    learner = learner_of(session, user_id)
    page = min(max(1, wanted.page), LAST_PAGE)
    search = Search(session, learner, wanted, now)
    ids, compared = search.found(PAGE_SIZE + 1, (page - 1) * PAGE_SIZE)
    listed = _new_facts if wanted.kind is Kind.NEW else _known_facts
    facts = listed(session, learner, ids[:PAGE_SIZE], now)
    is_part = compared >= COMPARED
    return SchedulePage(facts, page, len(ids) > PAGE_SIZE, compared if is_part else 0)


def _known_facts(
    session: Session, learner: Learner, ids: Sequence[int], now: int
) -> tuple[ScheduledFact, ...]:
    query = (
        select(FactRow, DeckRow.key, DeckRow.title, Memory)
        .join(Memory, Memory.fact_id == FactRow.id)
        .join(DeckRow, DeckRow.id == FactRow.deck_id)
        .where(Memory.user_id == learner.id, FactRow.id.in_(ids))
    )
    rows = {row[0].id: row for row in session.execute(query)}
    facts = facts_of_rows(session, [row[0] for row in rows.values()])
    return tuple(known_fact(rows[one], facts[one], learner, now) for one in ids)


def _new_facts(
    session: Session, _: Learner, ids: Sequence[int], __: int
) -> tuple[ScheduledFact, ...]:
    query = (
        select(FactRow, DeckRow.key, DeckRow.title)
        .join(DeckRow, DeckRow.id == FactRow.deck_id)
        .where(FactRow.id.in_(ids))
    )
    rows = {row[0].id: row for row in session.execute(query)}
    facts = facts_of_rows(session, [row[0] for row in rows.values()])
    return tuple(new_fact(rows[one][0], facts[one], rows[one][1], rows[one][2]) for one in ids)


def known_fact(
    row: "Row[FactRow, str, str, Memory]", fact: Fact, learner: Learner, now: int
) -> ScheduledFact:
    """Return a studied fact with how well it is remembered now."""
    memory: Memory = row[3]
    elapsed = max(0, now - memory.last_review_epoch_s) / DAY_S
    return ScheduledFact(
        fact_id=row[0].id,
        deck_key=row[1],
        deck_title=row[2],
        statement=fact_text(fact),
        tags=fact.tags,
        due_epoch_s=memory.due_epoch_s,
        stability_days=memory.stability_days,
        retrievability=retrievability(memory.stability_days, elapsed, learner.parameters),
        reviews=memory.reviews,
        lapses=memory.lapses,
        state_words=state_words(memory, learner, now),
        is_leech=memory.lapses >= learner.preferences.leech_lapses,
    )


def new_fact(row: FactRow, fact: Fact, deck_key: str, deck_title: str) -> ScheduledFact:
    """Return a fact not studied yet, without its answer."""
    # Its question alone: the answer is for the first time that it is asked.
    words = "not studied yet"
    shown = (row.id, deck_key, deck_title, stem(fact), fact.tags)
    return ScheduledFact(*shown, None, None, None, 0, 0, words)


def state_words(memory: Memory, learner: Learner, now: int) -> str:
    """Return in two or three words how well a fact is known."""
    if memory.state == SUSPENDED:
        return "suspended"
    if memory.due_epoch_s <= now:
        return "due now"
    if learner.day(memory.due_epoch_s) == learner.day(now):
        return "due later today"
    return "firmly known" if memory.stability_days >= MATURE_DAYS else "being learned"
