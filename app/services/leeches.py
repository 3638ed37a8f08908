"""Facts that do not stick: set aside after so many lapses, shown, and told to the curators."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, aliased

from app.core.memory import Rating
from app.core.planning import day_start_epoch_s
from app.core.replaying import ChangeKind
from app.core.wording import fact_text
from app.models.content import DeckRow, FactRow
from app.models.learning import ACTIVE, SUSPENDED, HeldFact, Memory, MemoryEvent
from app.models.some_facts import load_facts
from app.services.memory_events import Change, event
from app.services.sessions import Learner, learner_of

MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class SetAside:
    """A fact that a learner is not asked for now; `why` is suspended, leech, buried or slipping."""

    fact_id: int
    deck_key: str
    deck_title: str
    statement: str
    lapses: int
    why: str
    until_epoch_s: int | None


@dataclass(frozen=True, slots=True)
class _Aside:
    """What is set aside, before its words are known."""

    deck_id: int
    lapses: int
    fact_id: int
    why: str
    until_epoch_s: int | None = None


@dataclass(frozen=True, slots=True)
class HardFact:
    """A fact that slips from many: for its curator, without saying from whom."""

    fact_id: int
    statement: str
    learners: int
    """For how many learners it has become a leech."""


def is_leech(lapses: int, threshold: int) -> bool:
    """Whether this lapse makes a leech: at the threshold, and each half of it after, as in Anki."""
    every = max(1, threshold // 2)
    return lapses >= threshold and (lapses - threshold) % every == 0


def caught(
    session: Session, learner: Learner, memory: Mapping[str, Any], review: Mapping[str, Any]
) -> dict[str, Any]:
    """Return a memory's new columns, set aside if its newest lapse makes a leech.

    Only if the learner wants that. The suspension names the review that caused it: undone with
    it, it never happened.
    """
    threshold = learner.preferences.leech_lapses
    missed = review["rating"] == Rating.AGAIN and memory["reviews"] > 1
    wanted = missed and learner.preferences.leech_suspends and memory["state"] == ACTIVE
    if not wanted or not is_leech(memory["lapses"], threshold):
        return dict(memory)
    change = Change(ChangeKind.SUSPENDED, cause=review["number"])
    session.add(event(session, learner, review["fact_id"], change, review["reviewed_epoch_s"]))
    return {**memory, "state": SUSPENDED}


def set_aside(session: Session, user_id: int, now: int) -> tuple[list[SetAside], int]:
    """Return what a learner is not asked for now, and what keeps slipping, by deck.

    At most MOST_SHOWN of them, and how many there are in all: the schedule has the others.
    """
    learner = learner_of(session, user_id)
    caught = select(MemoryEvent.fact_id).where(
        MemoryEvent.user_id == user_id, MemoryEvent.cause.is_not(None)
    )
    leeches = set(session.scalars(caught))
    threshold = learner.preferences.leech_lapses
    rows = session.execute(
        select(FactRow.id, FactRow.deck_id, Memory.lapses, Memory.state)
        .join(Memory, Memory.fact_id == FactRow.id)
        .where(
            Memory.user_id == user_id,
            (Memory.state == SUSPENDED) | (Memory.lapses >= threshold),
        )
    ).all()
    found = [
        _Aside(row.deck_id, row.lapses, row.id, _why(row.state, row.id in leeches)) for row in rows
    ]
    found += _put_off(session, learner, now)
    held = session.execute(
        select(FactRow.id, FactRow.deck_id, HeldFact.until_epoch_s)
        .join(HeldFact, HeldFact.fact_id == FactRow.id)
        .where(
            HeldFact.user_id == user_id,
            HeldFact.until_epoch_s.is_(None) | (HeldFact.until_epoch_s > now),
        )
    )
    for fact_id, deck_id, until in held:
        found.append(_Aside(deck_id, 0, fact_id, "buried" if until else "suspended", until))
    found.sort(key=lambda one: (one.deck_id, one.lapses, one.fact_id))
    return _told(session, found[:MOST_SHOWN]), len(found)


def _told(session: Session, asides: Sequence[_Aside]) -> list[SetAside]:
    facts = load_facts(session, [one.fact_id for one in asides])
    decks = select(DeckRow.id, DeckRow.key, DeckRow.title).where(
        DeckRow.id.in_({one.deck_id for one in asides})
    )
    heads = {row.id: (row.key, row.title) for row in session.execute(decks)}
    return [
        SetAside(
            one.fact_id,
            *heads[one.deck_id],
            fact_text(facts[one.fact_id]),
            one.lapses,
            one.why,
            one.until_epoch_s,
        )
        for one in asides
    ]


def _put_off(session: Session, learner: Learner, now: int) -> list[_Aside]:
    """Return studied facts that wait for tomorrow because the learner said so."""
    later = aliased(MemoryEvent)
    taken_up = exists().where(
        later.user_id == learner.id,
        later.fact_id == MemoryEvent.fact_id,
        later.change > MemoryEvent.change,
    )
    own = (Memory.user_id == learner.id) & (Memory.fact_id == MemoryEvent.fact_id)
    rows = session.execute(
        select(FactRow.id, FactRow.deck_id, Memory.lapses, Memory.due_epoch_s)
        .select_from(MemoryEvent)
        .join(Memory, own)
        .join(FactRow, FactRow.id == MemoryEvent.fact_id)
        .where(
            MemoryEvent.user_id == learner.id,
            MemoryEvent.kind == str(ChangeKind.BURIED),
            MemoryEvent.due_epoch_s == day_start_epoch_s(learner.day(now) + 1, learner.zone),
            MemoryEvent.due_epoch_s == Memory.due_epoch_s,
            Memory.state == ACTIVE,
            Memory.lapses < learner.preferences.leech_lapses,
            FactRow.status == "published",
            ~taken_up,
        )
    )
    return [
        _Aside(deck_id, lapses, fact_id, "buried", due) for fact_id, deck_id, lapses, due in rows
    ]


def _why(state: int, caught: bool) -> str:  # noqa: FBT001 a fact about the row
    if state != SUSPENDED:
        return "slipping"
    return "leech" if caught else "suspended"


def hard_facts(session: Session, deck_key: str) -> list[HardFact]:
    """Return a deck's facts that have become leeches, for its curators, worst first."""
    learners = func.count(MemoryEvent.user_id.distinct())
    rows = session.execute(
        select(FactRow.id, learners)
        .join(DeckRow, DeckRow.id == FactRow.deck_id)
        .join(MemoryEvent, MemoryEvent.fact_id == FactRow.id)
        .where(DeckRow.key == deck_key, MemoryEvent.cause.is_not(None))
        .group_by(FactRow.id)
        .order_by(learners.desc(), FactRow.id)
    ).all()
    facts = load_facts(session, [row[0] for row in rows])
    return [HardFact(fact_id, fact_text(facts[fact_id]), count) for fact_id, count in rows]
