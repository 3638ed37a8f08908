"""Files that wait for their owners: found, compared anew, forgotten."""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.core.errors import NotFound
from app.core.sentences import say
from app.models.content import DeckRow
from app.models.database import writing
from app.models.studio import PendingImport


def deck_meant(session: Session, user_id: int, token: str) -> str:
    """Return the key of the deck that a kept file is for. Raises NotFound."""
    return pending(session, user_id, token).deck_key


def meant(session: Session, user_id: int, token: str) -> tuple[str, str]:
    """Return the key of the deck that a kept file is for, and the file's name. Raises NotFound."""
    row = pending(session, user_id, token)
    return row.deck_key, row.file_name


def size_of(session: Session, user_id: int, token: str) -> int:
    """Return how many characters a kept file has, learning included. Raises NotFound."""
    row = pending(session, user_id, token)
    return len(row.body) + len(row.learning)


def is_package(session: Session, user_id: int, token: str) -> bool:
    """Whether a kept file is an Anki package, whose fields can be mapped. Raises NotFound."""
    return bool(pending(session, user_id, token).package)


def look_again(session: Session, user_id: int, token: str) -> None:
    """Compare a kept file with its deck as it is now, after somebody changed that."""
    with writing(session):
        row = pending(session, user_id, token)
        row.deck_revision = revision_of(session, row.deck_key)


def drop(session: Session, user_id: int, token: str) -> None:
    """Forget a kept file. Raises NotFound."""
    with writing(session):
        pending(session, user_id, token)
        forget(session, user_id, token)


def forget(session: Session, user_id: int, token: str) -> None:
    """Delete a kept file, inside `writing`."""
    session.execute(
        delete(PendingImport).where(PendingImport.user_id == user_id, PendingImport.token == token)
    )


def pending(session: Session, user_id: int, token: str) -> PendingImport:
    """Return a kept file. Raises NotFound."""
    row = session.get(PendingImport, (user_id, token), populate_existing=True)
    if row is None:
        raise NotFound(say("This upload is not there any more. Upload the file again."))
    return row


def revision_of(session: Session, deck_key: str) -> int:
    """Return the revision of a deck, 0 where there is none."""
    return session.scalar(select(DeckRow.revision).where(DeckRow.key == deck_key)) or 0
