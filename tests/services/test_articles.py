"""The same article added twice, on both databases."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.content import DeckRow, SourceRow
from app.models.database import writing
from app.services.articles import SameArticle
from app.services.revisions import By
from app.services.source_edits import SourceDraft, add_source, revise_source

BY = By(None, 1_763_900_000)


@pytest.fixture
def decks(session: Session) -> None:
    with writing(session):
        session.add_all([DeckRow(key=key, title=key.title()) for key in ("mills", "rivers")])


@pytest.mark.usefixtures("decks")
def test_an_article_is_found_again_in_any_deck_whatever_its_spaces(session: Session) -> None:
    add_source(session, "mills", SourceDraft("The mill", "It stood.\n\nIt fell."), BY)
    for deck_key in ("mills", "rivers"):
        with pytest.raises(SameArticle, match="“The mill” in the deck “Mills”"):
            add_source(session, deck_key, SourceDraft("Again", "It  stood. it fell"), BY)
    assert session.scalars(select(SourceRow.key)).all() == ["the-mill"]


@pytest.mark.usefixtures("decks")
def test_the_same_article_may_be_added_on_purpose_and_edited_afterwards(session: Session) -> None:
    draft = SourceDraft("The mill", "It stood.", again=True)
    keys = [add_source(session, "mills", draft, BY) for _ in range(2)]
    assert keys == ["the-mill", "the-mill-2"]
    changed = SourceDraft("Mill", "It stood.")
    assert revise_source(session, ("mills", keys[1], 1), changed, BY).revision == 2


@pytest.mark.usefixtures("decks")
def test_long_articles_are_told_apart_by_their_ends(session: Session) -> None:
    long = "The mill stood by the river. " * 40
    add_source(session, "mills", SourceDraft("The mill", f"{long}It fell."), BY)
    add_source(session, "rivers", SourceDraft("Another", f"{long}It stands."), BY)
    spaced = f" {' ' * 2_000}-- {long.upper()}\n\nit FELL"
    with pytest.raises(SameArticle, match="“The mill” in the deck “Mills”"):
        add_source(session, "rivers", SourceDraft("Again", spaced), BY)
