"""Articles on their way in: read from a file or an address, and recognised when already there."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import Conflict, Refused
from app.core.sentences import say
from app.interchange.articles import Article, content_hash, read_file, read_page
from app.interchange.fetching import Limits, fetch
from app.models.content import DeckRow, SourceRow


class FetchingIsOff(Refused):
    """Fetching from the web is switched off for this instance."""


class SameArticle(Conflict):
    """The article is already there; the message says where."""


def read_upload(name: str, data: bytes) -> Article:
    """Return the article in an uploaded file, for a curator to look over. Raises Refused."""
    return read_file(name, data)


def read_address(url: str, limits: Limits | None) -> Article:
    """Fetch an article for a curator to look over; no limits mean that fetching is off.

    Raises FetchingIsOff, and Refused with the reason why nothing was fetched or read.
    """
    if limits is None:
        raise FetchingIsOff(say("Fetching addresses is switched off here: paste the text instead."))
    return read_page(fetch(url, limits))


def refuse_same(session: Session, text: str) -> None:
    """Raise SameArticle when a source of any deck has this text already."""
    wanted = content_hash(text)
    rows = session.execute(
        select(DeckRow.title, SourceRow.title.label("source"), SourceRow.text)
        .join(DeckRow, DeckRow.id == SourceRow.deck_id)
        .order_by(DeckRow.id, SourceRow.position)
    )
    for row in rows:
        if content_hash(row.text) == wanted:
            where = say("“{source}” in the deck “{deck}”", source=row.source, deck=row.title)
            raise SameArticle(say("This article is already there: {where}.", where=where))
