"""Pictures of decks: kept when a file brings them, gone when nothing shows them any more."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import delete, insert, literal, select
from sqlalchemy.orm import Session

from app.core.errors import NotFound, Refused
from app.core.facts import Deck
from app.core.sentences import say
from app.interchange.pictures import PictureFile
from app.models.content import DeckRow, FactRevision, FactRow
from app.models.pictures import PendingPicture, PictureRow

COLUMNS = ("name", "media_type", "width", "height", "data")


class MissingPicture(Refused):
    """A file shows a picture that neither it nor its deck has."""


@dataclass(frozen=True, slots=True)
class SentPicture:
    """A picture as a browser gets it."""

    media_type: str
    data: bytes


def picture_of(session: Session, deck_key: str, name: str) -> SentPicture:
    """Return a picture of a deck. Raises NotFound."""
    found = session.execute(
        select(PictureRow.media_type, PictureRow.data)
        .join(DeckRow, DeckRow.id == PictureRow.deck_id)
        .where(DeckRow.key == deck_key, PictureRow.name == name)
    ).one_or_none()
    return _sent(found)


def pending_picture(session: Session, user_id: int, token: str, name: str) -> SentPicture:
    """Return a picture of a file that its owner is looking at. Raises NotFound."""
    one = PendingPicture
    found = session.execute(
        select(one.media_type, one.data).where(
            one.user_id == user_id, one.token == token, one.name == name
        )
    ).one_or_none()
    return _sent(found)


def _sent(found: object) -> SentPicture:
    if found is None:
        raise NotFound(say("There is no such picture."))
    return SentPicture(*found)  # type: ignore[misc]  # a row of both columns


def files_of(session: Session, deck_id: int) -> dict[str, bytes]:
    """Return the files of a deck's pictures by name."""
    rows = session.execute(
        select(PictureRow.name, PictureRow.data)
        .where(PictureRow.deck_id == deck_id)
        .order_by(PictureRow.name)
    )
    return {name: data for name, data in rows}  # noqa: C416 typed rows


def shown_in(deck: Deck) -> set[str]:
    """Return the names of the pictures that a deck's facts show."""
    return {one.name for fact in deck.facts for one in fact.pictures}


def check_there(session: Session, deck: Deck, coming: Collection[PictureFile]) -> None:
    """Raise MissingPicture where a deck's facts show what neither it nor its file has."""
    wanted = shown_in(deck) - {one.name for one in coming}
    if not wanted:
        return
    there = session.scalars(
        select(PictureRow.name)
        .join(DeckRow, DeckRow.id == PictureRow.deck_id)
        .where(DeckRow.key == deck.key)
    )
    missing = sorted(wanted.difference(there))
    if missing:
        raise MissingPicture(
            say("The file shows the picture {name}, but does not have it.", name=missing[0])
        )


def keep_pending(session: Session, user_id: int, token: str, files: Iterable[PictureFile]) -> None:
    """Keep the pictures of a file that is looked at, inside `writing`."""
    place = {"user_id": user_id, "token": token}
    rows = [place | {name: getattr(one, name) for name in COLUMNS} for one in files]
    if rows:
        session.execute(insert(PendingPicture), rows)


def keep(session: Session, deck: Deck, deck_id: int, files: Iterable[PictureFile]) -> None:
    """Keep the pictures that a deck shows, inside `writing`; those that are there stay."""
    wanted = shown_in(deck)
    add(session, deck_id, [one for one in files if one.name in wanted])


def add(session: Session, deck_id: int, files: Collection[PictureFile]) -> None:
    """Keep pictures for a deck, inside `writing`; those that are there stay."""
    there = _names(session, deck_id) if files else set()
    rows = {
        one.name: {"deck_id": deck_id, **{name: getattr(one, name) for name in COLUMNS}}
        for one in files
        if one.name not in there
    }
    if rows:
        session.execute(insert(PictureRow), list(rows.values()))


def take_over(session: Session, deck: Deck, deck_id: int, at: tuple[int, str]) -> None:
    """Make the pictures that a deck shows of those that a kept file brought, inside `writing`."""
    wanted = shown_in(deck).difference(_names(session, deck_id))
    if not wanted:
        return
    one = PendingPicture
    brought = select(literal(deck_id), *(getattr(one, name) for name in COLUMNS)).where(
        one.user_id == at[0], one.token == at[1], one.name.in_(sorted(wanted))
    )
    session.execute(insert(PictureRow).from_select(["deck_id", *COLUMNS], brought))


def _names(session: Session, deck_id: int) -> set[str]:
    return set(session.scalars(select(PictureRow.name).where(PictureRow.deck_id == deck_id)))


def sweep(session: Session, deck_id: int) -> int:
    """Delete pictures that no fact of a deck shows or has shown; return how many. In `writing`."""
    names = _names(session, deck_id)
    if not names:
        return 0
    shown = session.scalars(select(FactRow.pictures).where(FactRow.deck_id == deck_id))
    bodies = session.scalars(
        select(FactRevision.body)
        .join(FactRow, FactRow.id == FactRevision.fact_id)
        .where(FactRow.deck_id == deck_id)
    )
    used = {one["name"] for rows in shown for one in rows}
    used |= {one["name"] for body in bodies for one in _pictures(body)}
    gone = sorted(names - used)
    for start in range(0, len(gone), 500):
        batch = PictureRow.name.in_(gone[start : start + 500])
        session.execute(delete(PictureRow).where(PictureRow.deck_id == deck_id, batch))
    return len(gone)


def _pictures(body: Mapping[str, object]) -> list[dict[str, str]]:
    found = body.get("pictures")
    return found if isinstance(found, list) else []
