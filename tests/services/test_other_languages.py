"""Facts of a German deck on the pages that read no whole deck: worded and written in German."""

from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.wording import fact_text
from app.interchange.deck_file import read_deck
from app.models.content import FactRow
from app.models.some_facts import load_facts
from app.services import entities, facts
from app.services.decks import import_deck

NOW = 1_763_900_000
DECK = Path(__file__).parents[1] / "corpora" / "decks" / "german_values.yaml"


def stored(session: Session) -> dict[str, int]:
    import_deck(session, read_deck(DECK.read_text(encoding="utf-8")), NOW)
    return {row.key: row.id for row in session.execute(select(FactRow.key, FactRow.id))}


def test_facts_without_their_deck_speak_its_language(session: Session) -> None:
    numbers = stored(session)
    found = load_facts(session, numbers.values())
    claim = fact_text(found[numbers["druckerei-kosten"]])
    assert claim.startswith("Der Pächter hat behauptet: ")
    assert claim.endswith(" unter 6 Mio. Euro.")
    listed, _ = facts.slice_facts(session, "werkstatt", facts.Slice(0, 5, "muehle-kosten"))
    assert [one.answer for one in listed] == ["5,58 Mio. US-Dollar"]
    claimed, _ = facts.slice_facts(session, "werkstatt", facts.Slice(0, 5, "muehle-leitung"))
    assert [one.answer for one in claimed] == ["Anna Schmidt und Peter Müller"]


def test_an_entity_of_a_set_is_known_to_be_used(session: Session) -> None:
    stored(session)
    found, _ = entities.slice_entities(session, "werkstatt", 0, 50)
    counts = {one.key: one.uses for one in found}
    assert [counts[key] for key in ("anna", "karl", "muehle")] == [1, 1, 6]
