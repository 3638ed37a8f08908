"""What a fact was: its history, going back, and deleting what nobody was ever asked."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import Refused
from app.core.facts import Deck, Status
from app.core.sentences import say
from app.core.wording import shown_value
from app.models.content import DeckRow, FactCorrection, FactRevision, FactRow
from app.models.database import writing
from app.models.learning import Review, ShownQuestion
from app.models.mapping import fact_from_body, load_deck
from app.services import pictures
from app.services.drafts import FactDraft
from app.services.facts import (
    Edit,
    NoSuchFact,
    locked_fact,
    open_fact,
    store,
    tell_learners,
)
from app.services.revisions import By, PastRevision, StaleRevision, body_at, past


class KeptFact(Refused):
    """A fact that cannot be deleted, and why."""


def history(session: Session, fact_id: int) -> list[PastRevision]:
    """Return a fact's changes in words, newest first. Raises NoSuchFact."""
    deck = open_fact(session, fact_id).deck
    changes = past(session, FactRow, fact_id, lambda body: _readable(deck, body))
    corrections = {
        one.revision: (one.old, one.new)
        for one in session.scalars(select(FactCorrection).where(FactCorrection.fact_id == fact_id))
    }
    return [replace(one, corrected=corrections.get(one.revision)) for one in changes]


def _readable(deck: Deck, body: Mapping[str, Any]) -> dict[str, Any]:
    """Return a fact's body with names for keys; as it is where something of it is gone."""
    try:
        fact = fact_from_body(deck, body)
    except (KeyError, Refused, ValueError):
        return dict(body)
    said = {
        "subject": fact.subject.name if fact.subject else None,
        "value": shown_value(fact),
        "according_to": fact.attribution,
    }
    value = body["value"]
    unsaid = {
        "kind of answer": value.get("kind"),
        "also right": value.get("accept"),
        "tolerance": value.get("tolerance"),
    }
    return {**body, **said, **unsaid}


def revert(session: Session, fact_id: int, revision: int, to: int, by: By) -> int:
    """Make a fact what it was at revision `to`, as a new revision; its status stays.

    Raises as `revise` does, and NoSuchRevision. Lint errors do not hold it back: it stood before.
    """
    with writing(session):
        row = locked_fact(session, fact_id)
        deck = load_deck(session, row.deck_id)
        before = deck.fact_by_key[row.key]
        if row.revision != revision:
            raise StaleRevision(before, row.revision)
        body = body_at(session, FactRow, fact_id, to)
        after = replace(fact_from_body(deck, body), status=before.status)
        if after == before:
            return row.revision
        row.revision += 1
        edit = Edit(by.user_id, FactDraft({}), by.at_epoch_s, after.status)
        store(session, row, deck, after, edit)
        tell_learners(session, row, (before, after), deck, edit)
        return row.revision


def delete_draft(session: Session, fact_id: int, revision: int) -> str:
    """Delete a draft that nobody has ever been asked, with its history; return its deck's key.

    Raises KeptFact for any other, with the reason, and StaleRevision.
    """
    with writing(session):
        row = locked_fact(session, fact_id)
        if row.revision != revision:
            deck = load_deck(session, row.deck_id)
            raise StaleRevision(deck.fact_by_key[row.key], row.revision)
        reason = why_kept(session, row)
        if reason:
            raise KeptFact(reason)
        deck_row = session.get_one(DeckRow, row.deck_id)
        deck_row.revision += 1
        session.delete(row)
        session.flush()
        pictures.sweep(session, deck_row.id)
        return deck_row.key


def kept_because(session: Session, fact_id: int) -> str:
    """Return why a fact cannot be deleted; "" where it can. Raises NoSuchFact."""
    row = session.get(FactRow, fact_id)
    if row is None:
        raise NoSuchFact(say("There is no such fact."))
    return why_kept(session, row)


def why_kept(session: Session, row: FactRow) -> str:
    """Return why a fact's row cannot be deleted; "" where it can."""
    if row.status != Status.DRAFT:
        return say(
            "This fact is {status}: only drafts are deleted. Retire it instead; retired "
            "facts are not asked, keep their history, and can come back.",
            status=row.status,
        )
    if _was_asked(session, row.id):
        return say(
            "This draft has been asked before, and answers to it are kept. Retire it instead."
        )
    return ""


def _was_asked(session: Session, fact_id: int) -> bool:
    """Whether a question about a fact was ever drawn; one never published needs no search."""
    bodies = session.scalars(select(FactRevision.body).where(FactRevision.fact_id == fact_id))
    if all(body.get("status") == Status.DRAFT for body in bodies):
        return False
    asked = [
        select(table.fact_id).where(table.fact_id == fact_id) for table in (ShownQuestion, Review)
    ]
    return any(session.scalar(one.limit(1)) is not None for one in asked)
