"""Articles on their way in: read from a file or an address, and recognised when already there."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.errors import Conflict, Refused
from app.core.sentences import say
from app.interchange.articles import Article, content_hash, read_file, read_page, words_of
from app.interchange.fetching import Limits, fetch
from app.models.content import DeckRow, SourceRow

BEGINNING = 400
"""Characters by which an article is compared first."""


class FetchingIsOff(Refused):
    """Fetching from the web is switched off for this instance."""


class SameArticle(Conflict):
    """The article is already there; the message says where."""


def read_upload(name: str, data: bytes, encoding: str = "") -> Article:
    """Return the article in an uploaded file, for a curator to look over. Raises Refused.

    Without an encoding (one of decoding.CHOICES) it is found out.
    """
    return read_file(name, data, encoding)


def read_address(url: str, limits: Limits | None, encoding: str = "") -> Article:
    """Fetch an article for a curator to look over; no limits mean that fetching is off.

    Raises FetchingIsOff, and Refused with the reason why nothing was fetched or read.
    """
    if limits is None:
        raise FetchingIsOff(say("Fetching addresses is switched off here: paste the text instead."))
    return read_page(fetch(url, limits), encoding)


def refuse_same(session: Session, text: str) -> None:
    """Raise SameArticle when a source of any deck has this text already.

    The whole of a text is only read where its beginning is the same.
    """
    wanted, words = content_hash(text), words_of(text)[:BEGINNING]
    rows = session.execute(
        select(
            SourceRow.id,
            SourceRow.title,
            DeckRow.title.label("deck"),
            func.substr(SourceRow.text, 1, BEGINNING).label("begins"),
        )
        .join(DeckRow, DeckRow.id == SourceRow.deck_id)
        .order_by(DeckRow.id, SourceRow.position)
    ).all()
    for row in rows:
        begins = words_of(row.begins)[:-1]  # the last one may be cut
        if words[: len(begins)] == begins and wanted == content_hash(_text(session, row.id)):
            where = say("“{source}” in the deck “{deck}”", source=row.title, deck=row.deck)
            raise SameArticle(say("This article is already there: {where}.", where=where))


def _text(session: Session, source_id: int) -> str:
    return session.scalars(select(SourceRow.text).where(SourceRow.id == source_id)).one()
