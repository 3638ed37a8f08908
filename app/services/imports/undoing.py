"""An import undone: what it brought goes again, what it changed comes back."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.core.advancing import Advance, Steps, unheard
from app.core.errors import Conflict, NotFound
from app.core.facts import Deck, Fact, Status
from app.core.questions.looks import entities_in
from app.core.sentences import say
from app.core.values import Entity
from app.models.content import DeckRow, EntityRow, FactRow, SourceRow
from app.models.database import writing
from app.models.imports import ImportRecord
from app.models.learning import Memory, MemoryEvent, Review, ShownQuestion
from app.models.mapping import (
    UnknownReference,
    fact_from_body,
    load_deck,
    set_columns,
)
from app.models.revisions import change
from app.services import learned, pictures
from app.services.corrections import correct_all
from app.services.imports.recording import PARTS, Touched, bodies, fingerprint
from app.services.parts import lock_deck
from app.services.revisions import By
from app.services.rewriting import BATCH, fact_ids, rewrite

STEPS = 5
"""Of undoing, besides a step for each batch of facts that goes."""
UNSEEN = {"synchronize_session": False}
"""The rows that are deleted are not looked for among the loaded ones: those are forgotten."""


class AlreadyUndone(Conflict):
    """An import is undone once."""

    def __init__(self) -> None:
        super().__init__(say("This import has been undone already."))


@dataclass(frozen=True, slots=True)
class Undone:
    """What undoing an import did; `kept` are keys of what was edited since, and stays.

    `deck_key` is empty where the import had made the deck, and nothing is left of it.
    """

    deck_key: str
    deleted: int
    retired: int
    restored: int
    kept: tuple[str, ...]

    @property
    def counts(self) -> dict[str, int]:
        """Return how many things went, stayed and came back."""
        return {
            "deleted": self.deleted,
            "retired": self.retired,
            "restored": self.restored,
            "kept": len(self.kept),
        }


def undo(
    session: Session,
    record_id: int,
    by: By,
    advance: Advance = unheard,
    meanwhile: Callable[[Undone], object] = lambda _: None,
) -> Undone:
    """Undo an import in one transaction. Raises NotFound and AlreadyUndone.

    `advance` is told how far it is; `meanwhile` is called within the transaction, at its end.
    """
    with writing(session):
        found = session.get(ImportRecord, record_id)
        if found is None:
            raise NotFound(say("There is no such import."))
        deck_row = lock_deck(session, found.deck_id)
        session.refresh(found)
        if found.undone_epoch_s is not None:
            raise AlreadyUndone
        steps = Steps(advance, STEPS + len(found.touched["facts"]) // BATCH)
        learned.take_back(session, found.user_id, found.learning)
        steps.add(1)
        done = _Undoing(session, deck_row, found.touched, by).run(steps)
        found.undone_epoch_s = by.at_epoch_s
        if done.deck_key:
            pictures.sweep(session, deck_row.id)
            deck_row.revision += 1
        else:
            session.delete(deck_row)
        meanwhile(done)
        return done


class _Undoing:
    """One import being undone, inside `writing`, its deck locked."""

    def __init__(self, session: Session, deck_row: DeckRow, touched: Touched, by: By) -> None:
        self.session, self.deck_row, self.touched, self.by = session, deck_row, touched, by
        self.deck_id = deck_row.id
        self.deck = load_deck(session, deck_row.id)
        self.kept: list[str] = []
        self.untouched = {section: self.find_untouched(section) for section in ("facts", *PARTS)}

    def run(self, steps: Steps) -> Undone:
        """Undo it all, step by step."""
        key = self.deck.key
        steps.add(1)
        self.restore_parts()
        restored = self.restore_facts()
        steps.add(1)
        deleted, retired = self.remove_facts(steps)
        self.remove_parts()
        steps.add(1)
        head = self.touched["head"]
        if head.get("before"):
            set_columns(self.deck_row, head["before"])
        self.reorder(self.touched.get("order", {}).get("before", []))
        made_here = "before" in head and head["before"] is None
        gone = made_here and not self.has_anything()
        return Undone("" if gone else key, deleted, retired, restored, tuple(self.kept))

    def find_untouched(self, section: str) -> dict[str, dict[str, Any] | None]:
        """Return the keys that are as the import left them, with what they were before."""
        now = bodies(self.deck, section)
        there = {key: one for key, one in self.touched[section].items() if key in now}
        as_left = {key for key, one in there.items() if fingerprint(now[key]) == one["after"]}
        self.kept += [key for key in there if key not in as_left]
        return {key: there[key]["before"] for key in there if key in as_left}

    def restore_parts(self) -> None:
        """Bring back what entities, relations and sources were."""
        for section, table in PARTS.items():
            untouched = self.untouched[section].items()
            before = {key: body for key, body in untouched if body is not None}
            for row in self.rows(table, list(before)):
                if set_columns(row, before[row.key]):
                    change(self.session, row, self.by.user_id, self.by.at_epoch_s)
        self.session.flush()

    def rows(self, table: type[Any], keys: list[str]) -> list[Any]:
        found: list[Any] = []
        for start in range(0, len(keys), BATCH):
            batch = table.key.in_(keys[start : start + BATCH])
            found += self.session.scalars(select(table).where(table.deck_id == self.deck_id, batch))
        return found

    def restore_facts(self) -> int:
        """Bring back what facts were; learners whose answers change again are told."""
        if all(body is None for body in self.untouched["facts"].values()):
            return 0
        self.deck = load_deck(self.session, self.deck_id)
        back: list[Fact] = []
        for key, body in self.untouched["facts"].items():
            if body is None:
                continue
            try:
                back.append(fact_from_body(self.deck, body))
            except UnknownReference:  # what it named has been deleted since
                self.kept.append(key)
        before = self.deck.fact_by_key
        restored = rewrite(self.session, self.deck_id, back, self.by)
        correct_all(self.session, self.deck_id, before, self.by)
        return restored

    def remove_facts(self, steps: Steps) -> tuple[int, int]:
        """Delete the new facts; retire those that somebody was asked."""
        new = [key for key, body in self.untouched["facts"].items() if body is None]
        ids, asked = fact_ids(self.session, self.deck_id), self.asked()
        there = [key for key in new if key in ids]
        staying = [key for key in there if ids[key] in asked]
        going = [ids[key] for key in there if ids[key] not in asked]
        for start in range(0, len(going), BATCH):
            batch = FactRow.id.in_(going[start : start + BATCH])
            self.session.execute(delete(FactRow).where(batch), execution_options=UNSEEN)
            steps.add(1)
        self.session.expire_all()
        by_key = self.deck.fact_by_key
        retired = [replace(by_key[key], status=Status.RETIRED) for key in staying]
        rewrite(self.session, self.deck_id, retired, self.by)
        return len(going), len(retired)

    def reorder(self, keys: list[str]) -> None:
        """Put the facts in the order from before, and those that came since behind them."""
        if not keys:
            return
        places = {key: at for at, key in enumerate(keys)}
        rows = self.session.scalars(
            select(FactRow)
            .where(FactRow.deck_id == self.deck_id)
            .order_by(FactRow.position, FactRow.id)
        ).all()
        for at, row in enumerate(sorted(rows, key=lambda one: places.get(one.key, len(keys)))):
            set_columns(row, {"position": at})
        self.session.flush()

    def asked(self) -> set[int]:
        """Return the facts of the deck that somebody was asked or remembers."""
        own = select(FactRow.id).where(FactRow.deck_id == self.deck_id)
        return {
            fact_id
            for table in (Review, ShownQuestion, Memory, MemoryEvent)
            for fact_id in self.session.scalars(
                select(table.fact_id).where(table.fact_id.in_(own)).distinct()
            )
        }

    def has_anything(self) -> bool:
        """Whether the deck has a fact, an entity or a source left."""
        own = (
            select(table.id).where(table.deck_id == self.deck_id).limit(1)
            for table in (FactRow, EntityRow, SourceRow)
        )
        return any(self.session.scalar(query) for query in own)

    def remove_parts(self) -> None:
        """Delete the new entities, relations and sources that nothing names any more."""
        deck = load_deck(self.session, self.deck_id)
        self.deck = deck
        used = _used(deck)
        for section, table in PARTS.items():
            new = [key for key, body in self.untouched[section].items() if body is None]
            for row in self.rows(table, [key for key in new if key not in used[section]]):
                self.session.delete(row)
        self.session.flush()


def _used(deck: Deck) -> dict[str, set[str]]:
    used: dict[str, set[str]] = {section: set() for section in PARTS}
    for fact in deck.facts:
        who = (fact.according_to,) if isinstance(fact.according_to, Entity) else ()
        named = (*entities_in(fact.value), *who, *((fact.subject,) if fact.subject else ()))
        used["entities"].update(one.key for one in named)
        if fact.relation:
            used["relations"].add(fact.relation.key)
        if fact.evidence:
            used["sources"].add(fact.evidence.source)
    return used
