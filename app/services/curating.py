"""Who edits which deck: its curators, and the admins every one."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import Session

from app.core.errors import NotAllowed, NotFound, Refused
from app.core.sentences import say
from app.models.content import DeckCurator, DeckRow, EntityRow, FactRow, RelationRow
from app.models.database import writing
from app.models.people import Role, User, UserRole
from app.services.accounts import CURATOR, Person
from app.services.decks import deck_id_of


class NoSuchCurator(Refused):
    """Nobody with the role of a curator has that address."""


@dataclass(frozen=True, slots=True)
class Curator:
    """Somebody who edits a deck."""

    user_id: int
    email: str
    display_name: str


@dataclass(frozen=True, slots=True)
class Thing:
    """What an address names: a deck by its key, or something in one by its number."""

    deck_key: str | None = None
    fact_id: int | None = None
    entity_id: int | None = None
    relation_id: int | None = None


def deck_of(session: Session, thing: Thing) -> int | None:
    """Return the deck that a thing is or is in; None where there is none such."""
    query: Select[int] | None = None
    if thing.deck_key is not None:
        query = select(DeckRow.id).where(DeckRow.key == thing.deck_key)
    elif thing.fact_id is not None:
        query = select(FactRow.deck_id).where(FactRow.id == thing.fact_id)
    elif thing.entity_id is not None:
        query = select(EntityRow.deck_id).where(EntityRow.id == thing.entity_id)
    elif thing.relation_id is not None:
        query = select(RelationRow.deck_id).where(RelationRow.id == thing.relation_id)
    return None if query is None else session.scalar(query)


def check(session: Session, person: Person, thing: Thing) -> None:
    """Raise NotAllowed unless a person edits the deck that a thing is in; nothing is free to all.

    Something that is not there is let through: its page says so.
    """
    deck_id = deck_of(session, thing)
    if deck_id is None or person.is_admin:
        return
    if not person.is_curator or session.get(DeckCurator, (person.id, deck_id)) is None:
        raise NotAllowed(say("You do not curate this deck. Its curators or an admin can add you."))


def own_decks(session: Session, person: Person) -> frozenset[str]:
    """Return the keys of the decks that a person edits."""
    if person.is_admin:
        return frozenset(session.scalars(select(DeckRow.key)))
    return decks_curated(session, person.id) if person.is_curator else frozenset()


def decks_curated(session: Session, user_id: int) -> frozenset[str]:
    """Return the keys of the decks that somebody was given, by the admin or as their maker."""
    query = select(DeckRow.key).join(DeckCurator).where(DeckCurator.user_id == user_id)
    return frozenset(session.scalars(query))


def curators_of(session: Session, deck_key: str) -> list[Curator]:
    """Return who edits a deck, admins apart, by address. Raises NotFound."""
    rows = session.execute(
        select(User.id, User.email, User.display_name)
        .join(DeckCurator, DeckCurator.user_id == User.id)
        .where(DeckCurator.deck_id == deck_id_of(session, deck_key))
        .order_by(User.email)
    )
    return [Curator(row.id, row.email or "", row.display_name) for row in rows]


def appoint(session: Session, deck_key: str, email: str) -> None:
    """Let one more curator edit a deck. Raises NoSuchCurator and NotFound."""
    with writing(session):
        user_id = session.scalar(
            _curators().where(func.lower(User.email) == email.strip().casefold())
        )
        if user_id is None:
            raise NoSuchCurator(say("No curator has this address. Admins make people curators."))
        adopt(session, deck_id_of(session, deck_key), user_id)


def adopt(session: Session, deck_id: int, user_id: int) -> None:
    """Make somebody a curator of a deck, once. Inside `writing`."""
    if session.get(DeckCurator, (user_id, deck_id)) is None:
        session.add(DeckCurator(user_id=user_id, deck_id=deck_id))


def dismiss(session: Session, deck_key: str, user_id: int) -> None:
    """Let somebody edit a deck no more. Raises NotFound."""
    with writing(session):
        deck_id = deck_id_of(session, deck_key)
        held = (DeckCurator.user_id == user_id, DeckCurator.deck_id == deck_id)
        session.execute(delete(DeckCurator).where(*held))


def give_decks(session: Session, user_id: int, deck_keys: Collection[str]) -> None:
    """Let somebody edit these decks and no others. Raises NotFound."""
    with writing(session):
        if session.get(User, user_id) is None:
            raise NotFound(say("There is no such person."))
        session.execute(delete(DeckCurator).where(DeckCurator.user_id == user_id))
        for deck_id in session.scalars(select(DeckRow.id).where(DeckRow.key.in_(deck_keys))):
            session.add(DeckCurator(user_id=user_id, deck_id=deck_id))


def _curators() -> Select[int]:
    return (
        select(User.id)
        .join(UserRole, UserRole.user_id == User.id)
        .join(Role, Role.id == UserRole.role_id)
        .where(Role.name == CURATOR, User.active)
    )
