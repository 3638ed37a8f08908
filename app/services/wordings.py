"""Find and replace in the wordings of a deck's facts and relations, each change seen before."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import Refused
from app.core.facts import Deck, Fact, Relation
from app.core.lint import Finding, new_errors
from app.core.sentences import say
from app.core.values import MAX_TEXT
from app.models.content import DeckRow, RelationRow
from app.models.database import writing
from app.models.mapping import load_deck, part_columns, set_columns
from app.models.revisions import change
from app.services.decks import deck_id_of
from app.services.revisions import By
from app.services.rewriting import (
    fact_ids,
    lock_unchanged,
    refuse_flaws,
    rewrite,
    with_facts,
)

FACT_FIELDS = ("ask", "ask_inverse", "say", "note")
RELATION_FIELDS = ("ask", "ask_inverse", "say")


class NothingToReplace(Refused):
    """No text to look for, or none of the changes chosen."""


@dataclass(frozen=True, slots=True)
class Search:
    """What to find, and what to put in its place."""

    find: str
    put: str
    match_case: bool = False
    whole_words: bool = False

    def applied(self, text: str) -> str:
        """Return a text with every occurrence replaced."""
        return self._pattern.sub(lambda _: self.put, text)

    @property
    def _pattern(self) -> re.Pattern[str]:
        found = re.escape(self.find)
        if self.whole_words:
            found = rf"(?<!\w){found}(?!\w)"
        return re.compile(found, 0 if self.match_case else re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Replacement:
    """One field that would change. `id` names it in the form: fact/key/ask."""

    id: str
    what: str
    name: str
    field: str
    before: str
    after: str
    row_id: int


@dataclass(frozen=True, slots=True)
class ReplacePreview:
    """Every change that a search would make, and the errors that all of them would bring."""

    deck_revision: int
    changes: tuple[Replacement, ...]
    errors: tuple[Finding, ...]


def preview(session: Session, deck_key: str, search: Search) -> ReplacePreview:
    """Return what a search would change. Raises NothingToReplace and NotFound."""
    deck_id = deck_id_of(session, deck_key)
    deck = load_deck(session, deck_id)
    found = list(_changes(deck, search, _numbers(session, deck_id)))
    after = _replaced(deck, search, {one.id for one in found})
    return ReplacePreview(
        session.get_one(DeckRow, deck_id).revision,
        tuple(found),
        tuple(new_errors(deck, after, _touched(deck, after))),
    )


def apply(
    session: Session,
    deck_key: str,
    search: Search,
    wanted: tuple[int, Collection[str]],
    edit: tuple[By, bool],
) -> int:
    """Make the chosen changes in one transaction; return how many fields changed.

    `wanted` is the deck's revision as it was shown, and the ids of the changes; `edit` is who,
    and whether in spite of errors. Raises NothingToReplace, DeckChanged and FlawedChange.
    """
    by, anyway = edit
    deck_revision, ids = wanted
    deck_id = deck_id_of(session, deck_key)
    deck = load_deck(session, deck_id)
    going = [one for one in _changes(deck, search, _numbers(session, deck_id)) if one.id in ids]
    if not going:
        raise NothingToReplace(say("Tick at least one of the changes."))
    after = _replaced(deck, search, {one.id for one in going})
    if not anyway:
        refuse_flaws(deck, after, _touched(deck, after))
    with writing(session):
        deck_row = lock_unchanged(session, deck_id, deck_revision)
        changed = {one.name for one in going if one.what == "fact"}
        rewrite(session, deck_id, [one for one in after.facts if one.key in changed], by)
        _store_relations(session, deck_id, (deck, after), by)
        deck_row.revision += 1
    return len(going)


def _touched(deck: Deck, after: Deck) -> set[str]:
    return {fact.key for fact in after.facts if fact != deck.fact_by_key[fact.key]}


def _store_relations(session: Session, deck_id: int, decks: tuple[Deck, Deck], by: By) -> None:
    before = {one.key: one for one in decks[0].relations}
    for one in decks[1].relations:
        if one != before[one.key]:
            query = select(RelationRow).where(
                RelationRow.deck_id == deck_id, RelationRow.key == one.key
            )
            row = session.scalars(query).one()
            if set_columns(row, part_columns(one)):
                change(session, row, by.user_id, by.at_epoch_s)


def _numbers(session: Session, deck_id: int) -> dict[tuple[str, str], int]:
    rows = session.execute(
        select(RelationRow.key, RelationRow.id).where(RelationRow.deck_id == deck_id)
    )
    facts = {("fact", key): number for key, number in fact_ids(session, deck_id).items()}
    return facts | {("relation", row.key): row.id for row in rows}


def _changes(
    deck: Deck, search: Search, numbers: dict[tuple[str, str], int]
) -> Iterator[Replacement]:
    if not search.find:
        raise NothingToReplace(say("Type what to find."))
    for what, things, fields in (
        ("relation", deck.relations, RELATION_FIELDS),
        ("fact", deck.facts, FACT_FIELDS),
    ):
        for thing in things:
            for field in fields:
                before = str(getattr(thing, field))
                after = search.applied(before)
                if after != before and len(after) <= MAX_TEXT:
                    number = numbers[what, thing.key]
                    ident = f"{what}/{thing.key}/{field}"
                    yield Replacement(ident, what, thing.key, field, before, after, number)


def _replaced(deck: Deck, search: Search, ids: Collection[str]) -> Deck:
    """Return a deck with the changes of these ids made."""
    relations = {
        one.key: _relation(one, dict(_new(one, "relation", search, ids))) for one in deck.relations
    }
    facts: dict[str, Fact] = {}
    for fact in deck.facts:
        relation = relations[fact.relation.key] if fact.relation else None
        worded = _fact(fact, dict(_new(fact, "fact", search, ids)))
        facts[fact.key] = replace(worded, relation=relation)
    return replace(deck, facts=with_facts(deck, facts), relations=tuple(relations.values()))


def _new(
    thing: Fact | Relation, what: str, search: Search, ids: Collection[str]
) -> Iterator[tuple[str, str]]:
    for field in FACT_FIELDS if what == "fact" else RELATION_FIELDS:
        if f"{what}/{thing.key}/{field}" in ids:
            yield field, search.applied(str(getattr(thing, field)))


def _relation(one: Relation, new: dict[str, str]) -> Relation:
    return replace(
        one,
        ask=new.get("ask", one.ask),
        ask_inverse=new.get("ask_inverse", one.ask_inverse),
        say=new.get("say", one.say),
    )


def _fact(one: Fact, new: dict[str, str]) -> Fact:
    return replace(
        one,
        ask=new.get("ask", one.ask),
        ask_inverse=new.get("ask_inverse", one.ask_inverse),
        say=new.get("say", one.say),
        note=new.get("note", one.note),
    )
