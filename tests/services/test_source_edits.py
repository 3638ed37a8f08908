"""Articles changed: revisions, two editors, passages that follow a new text."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.facts import Deck, Status
from app.core.values import ValueProblem
from app.core.wording import fact_text
from app.models.content import FactRevision, FactRow, SourceRevision
from app.services import changes, decks
from app.services.revisions import By, StaleRevision
from app.services.source_edits import (
    Decisions,
    PassagesAtStake,
    SourceDraft,
    add_source,
    open_source,
    revise_source,
    source_at,
    source_history,
)

NOW = 1_763_900_000
BY = By(None, NOW)


def first_source(session: Session, deck: Deck) -> tuple[str, str, int]:
    key = deck.sources[0].key
    return deck.key, key, open_source(session, deck.key, key).revision


def draft_of(session: Session, deck: Deck, text: str = "") -> SourceDraft:
    source = open_source(session, deck.key, deck.sources[0].key).source
    return SourceDraft(source.title, text or source.text, publisher=source.publisher)


def revisions(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(FactRevision)) or 0


def test_every_change_is_a_revision_and_the_first_can_be_seen_again(
    session: Session, deck: Deck
) -> None:
    where = first_source(session, deck)
    before = draft_of(session, deck)
    assert revise_source(session, where, SourceDraft("A new title", before.text), BY).revision == 2
    newest, first = source_history(session, *where[:2])
    assert (newest.revision, first.revision) == (2, 1)
    assert ("title", before.title, "A new title") in newest.changes
    assert source_at(session, *where[:2], 1).title == before.title
    kept = changes.deck_changes(session, deck.key)
    latest = next(one for one in kept if one.kind == "source")
    assert (latest.kind, latest.name, latest.revision) == ("source", "A new title", 2)
    assert {one.name for one in kept if one.kind == "fact"} == {*map(fact_text, deck.facts)}
    same = revise_source(session, (*where[:2], 2), SourceDraft("A new title", before.text), BY)
    assert same.revision == 2
    assert session.scalar(select(func.count()).select_from(SourceRevision)) == len(deck.sources) + 1


def test_of_two_editors_the_second_is_told(session: Session, deck: Deck) -> None:
    where = first_source(session, deck)
    text = draft_of(session, deck).text
    revise_source(session, where, SourceDraft("Theirs", text), BY)
    with pytest.raises(StaleRevision) as stale:
        revise_source(session, where, SourceDraft("Mine", text), BY)
    assert (stale.value.theirs.title, stale.value.revision) == ("Theirs", 2)
    assert open_source(session, *where[:2]).source.title == "Theirs"


def test_passages_that_only_moved_are_kept_without_a_question(session: Session, deck: Deck) -> None:
    where, before = first_source(session, deck), revisions(session)
    text = draft_of(session, deck).text
    moved = draft_of(session, deck, f"News of the day.\n\n{text}")
    done = revise_source(session, where, moved, BY)
    assert (done.revision, done.review.moved) == (2, ())
    assert len(done.review.kept) == len([one for one in deck.facts if one.evidence])
    assert revisions(session) == before
    assert decks.export_deck(session, deck.key).facts == deck.facts


def test_changed_and_lost_passages_are_decided_on_first(session: Session, deck: Deck) -> None:
    where = first_source(session, deck)
    resting = [one for one in deck.facts if one.evidence and one.evidence.source == where[1]]
    paragraphs = draft_of(session, deck).text.split("\n\n")
    paragraphs[1] = paragraphs[1].replace("harbour to ships", "harbour to all ships")
    paragraphs[2:4] = ["Bees dance.", "They do so for hours."]
    draft = draft_of(session, deck, "\n\n".join(paragraphs))
    with pytest.raises(PassagesAtStake) as stake:
        revise_source(session, where, draft, BY)
    review = stake.value.review
    assert len(review.changed) == 1
    assert review.changed[0].new.endswith("opened its\nharbour to all ships.")
    assert len(review.gone) == 2
    assert len(review.kept) + len(review.changed) + len(review.gone) == len(resting)
    assert open_source(session, *where[:2]).revision == 1
    taken = [one.fact_id for one in review.changed]
    gone = [one.fact_id for one in review.gone]
    with pytest.raises(PassagesAtStake):  # what was not seen is not decided on
        revise_source(session, where, draft, BY, Decisions(taken, taken))
    decided = Decisions(taken + gone, taken, gone[:1])
    assert revise_source(session, where, draft, BY, decided).revision == 2
    for one in review.changed:
        row = session.get_one(FactRow, one.fact_id, populate_existing=True)
        assert row.quote == one.new
        assert row.source_id is not None
    for number in gone:
        row = session.get_one(FactRow, number, populate_existing=True)
        assert (row.quote, row.source_id) == ("", None)
        published = number != gone[0] and row.status == Status.PUBLISHED
        assert row.status == (Status.PUBLISHED if published else Status.DRAFT)
    assert revisions(session) == len(deck.facts) + len(taken) + len(gone)


def test_what_cannot_be_kept_is_refused(session: Session, deck: Deck) -> None:
    for field, wrong in (("published", "soon"), ("url", "javascript:alert(1)")):
        with pytest.raises(ValueProblem):
            add_source(session, deck.key, SourceDraft("T", "X.", **{field: wrong}), BY)
