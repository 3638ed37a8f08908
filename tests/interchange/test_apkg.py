"""Anki packages against the real Anki: it opens what we write, and we read what it writes."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from anki.collection import (
    AddNoteRequest,
    Collection,
    DeckIdLimit,
    ExportAnkiPackageOptions,
    ImportAnkiPackageOptions,
    ImportAnkiPackageRequest,
)
from anki.decks import DeckId

from app import clock
from app.core.facts import Deck, Fact
from app.core.values import TextValue
from app.core.wording import display, stem
from app.interchange.apkg import (
    CardState,
    Package,
    Rated,
    Schedule,
    TypeMapping,
    Use,
    default_mapping,
    dump_package,
    load_package,
    read_apkg,
    to_facts,
    told_losses,
    write_apkg,
)
from app.interchange.deck_file import read_deck

SEEDED = Path(__file__).parents[2] / "seed_data" / "deepseek.yaml"
DAY_S = 86_400


@pytest.fixture
def anki(tmp_path: Path) -> Iterator[Collection]:
    """A fresh collection of the real Anki, with FSRS on."""
    made = Collection(str(tmp_path / "collection.anki2"))
    made.set_config("fsrs", val=True)
    yield made
    made.close()


@pytest.fixture(scope="module")
def deck() -> Deck:
    return read_deck(SEEDED.read_text(encoding="utf-8"))


def bring_in(anki: Collection, folder: Path, data: bytes) -> tuple[int, int]:
    """Import a package as Anki's dialog does, and return how many notes were new and updated."""
    path = folder / "deck.apkg"
    path.write_bytes(data)
    options = ImportAnkiPackageOptions(with_scheduling=True, with_deck_configs=True)
    request = ImportAnkiPackageRequest(package_path=str(path), options=options)
    log = anki.import_anki_package(request).log
    return len(log.new), len(log.updated)


def test_anki_opens_our_deck_with_question_answer_and_evidence(
    anki: Collection, tmp_path: Path, deck: Deck
) -> None:
    new, _ = bring_in(anki, tmp_path, write_apkg(deck, clock.now()))
    assert new == anki.note_count() == anki.card_count() > len(deck.published)
    assert anki.decks.by_name(deck.title)
    names = {one.name for one in anki.models.all_names_and_ids()}
    assert {"Factdeck forward", "Factdeck inverse", "Factdeck cloze"} <= names
    forward = {
        note["Key"]: note for note in map(anki.get_note, anki.find_notes('note:"Factdeck forward"'))
    }
    assert forward.keys() == {fact.key for fact in deck.published if stem(fact)}
    for fact in deck.published:
        note = forward[fact.key]
        assert note["Question"].replace("&amp;", "&") == stem(fact)
        assert note["Answer"].replace("&amp;", "&") == display(fact.value)
        assert set(note.tags) == {"-".join(tag.split()) for tag in fact.tags}
        back = note.cards()[0].answer()
        assert fact.evidence is None or fact.evidence.quote[:20] in back
        assert not fact.attribution or fact.attribution in back
    for note in map(anki.get_note, anki.find_notes('note:"Factdeck cloze"')):
        assert len(note.cards()) == 1
        assert "[...]" in note.cards()[0].question()


def test_importing_again_updates_instead_of_doubling(
    anki: Collection, tmp_path: Path, deck: Deck
) -> None:
    now = clock.now() - 100
    bring_in(anki, tmp_path, write_apkg(deck, now))
    count = anki.note_count()
    first = deck.published[0]
    changed = Fact(first.key, TextValue("Something new"), ask="Asked anew?", say="It is {value}.")
    newer = Deck(deck.key, deck.title, facts=(changed, *deck.facts[1:]), sources=deck.sources)
    _, updated = bring_in(anki, tmp_path, write_apkg(newer, now + 50))
    assert (anki.note_count(), updated > 0) == (count, True)
    found = anki.find_notes(f'Key:{first.key} note:"Factdeck forward"')
    assert [anki.get_note(one)["Answer"] for one in found] == ["Something new"]


def test_the_schedule_comes_along_due_dates_states_and_log(
    anki: Collection, tmp_path: Path, deck: Deck
) -> None:
    today = anki.sched.today
    start = anki.sched.day_cutoff - DAY_S  # the start of Anki's day of today
    created = start - 400 * DAY_S
    log = (
        Rated(start - 30 * DAY_S, 3, 3, 4000),
        Rated(start - 27 * DAY_S, 1, 0, 90_000),
        Rated(start - 26 * DAY_S, 3, 30, 5000),
    )
    first, second = deck.published[:2]
    states = {
        first.key: CardState(404, 30, 33.25, 6.125, start - 26 * DAY_S, 3, 1, log=log),
        second.key: CardState(395, 5, 4.5, 5.0, start - 10 * DAY_S, 1, 0, is_suspended=True),
    }
    bring_in(anki, tmp_path, write_apkg(deck, start, Schedule(created, states, 0.85)))
    card = anki.get_card(anki.find_cards(f'Key:{first.key} note:"Factdeck forward"')[0])
    assert (card.type, card.queue, card.due - today, card.ivl) == (2, 2, 4, 30)
    assert (card.reps, card.lapses) == (3, 1)
    assert card.memory_state is not None
    assert card.memory_state.stability == pytest.approx(33.25)
    assert card.memory_state.difficulty == pytest.approx(6.125)
    assert card.desired_retention == pytest.approx(0.85)
    rows = anki.db.all("SELECT id, ease, ivl, lastIvl, time FROM revlog WHERE cid = ?", card.id)
    assert [row[1:] for row in rows] == [[3, 3, 0, 4000], [1, 0, 3, 60_000], [3, 30, 0, 5000]]
    assert [row[0] // 1000 for row in rows] == [one.at_epoch_s for one in log]
    aside = anki.get_card(anki.find_cards(f'Key:{second.key} note:"Factdeck forward"')[0])
    assert (aside.queue, aside.due - today) == (-1, -5)
    assert len(anki.find_cards("is:new")) == anki.card_count() - len(anki.find_cards("is:review"))


def fill(anki: Collection) -> DeckId:
    """Make a deck of four kinds of note, some studied."""
    place = anki.decks.id("Geography::Capitals")
    assert place is not None
    wanted = [
        ("Basic", ["What is <b>x</b> &amp; y?<br>Say", "An &lt;answer&gt;"]),
        ("Basic", ["<div>Zweite</div>", "<script>alert(1)</script>Zürich <img src=a.jpg>"]),
        ("Basic (and reversed card)", ["chien", "dog [sound:d.mp3]"]),
        ("Cloze", ["{{c1::Paris::a city}} is in {{c2::France}}; {{c1::Lyon}} too.", "More"]),
        ("Basic", ["<img src=only.jpg>", "A picture"]),
    ]
    requests = []
    for name, content in wanted:
        kind = anki.models.by_name(name)
        assert kind is not None
        note = anki.new_note(kind)
        note.fields, note.tags = content, ["geo", "leech"]
        requests.append(AddNoteRequest(note, place))
    anki.add_notes(requests)
    anki.decks.select(place)
    for rating in (3, 4, 1, 4):
        card = anki.sched.getCard()
        assert card is not None
        anki.sched.answerCard(card, rating)
    return place


@pytest.fixture(params=[True, False], ids=["legacy", "current"])
def package(request: pytest.FixtureRequest, anki: Collection, tmp_path: Path) -> Package:
    """What Anki exports of those notes, in the old and in the new kind of package."""
    path = str(tmp_path / "out.apkg")
    options = ExportAnkiPackageOptions(
        with_scheduling=True, with_deck_configs=True, with_media=True, legacy=request.param
    )
    anki.export_anki_package(out_path=path, options=options, limit=DeckIdLimit(fill(anki)))
    return read_apkg(Path(path).read_bytes())


def test_what_anki_writes_comes_in_whole(package: Package, anki: Collection) -> None:
    assert package.deck_name == "Geography"
    assert len(package.notes) == 5
    assert load_package(dump_package(package)) == package
    mapped = to_facts(package, default_mapping(package))
    told = {(fact.ask, display(fact.value), fact.say) for fact in mapped.facts}
    assert told == {
        ("What is x & y?\nSay", "An <answer>", ""),
        ("Zweite", "Zürich", ""),
        ("chien", "dog", ""),
        ("dog", "chien", ""),
        ("What fits the gap? _____ is in France; _____ too.", "Paris, Lyon", ""),
        (
            "What fits the gap? Paris is in _____; Lyon too.",
            "France",
            "Paris is in {value}; Lyon too.",
        ),
    }
    assert {fact.tags for fact in mapped.facts} == {("geo",)}
    assert {fact.note for fact in mapped.facts} == {"", "More"}
    lost = told_losses(package, mapped)
    assert lost[0] == "Sounds, films and drawings are not kept: 1."
    assert lost[1] == "note 3, Back: d.mp3 is not kept: only pictures are."
    assert lost[2].startswith("note 5, Front: there is no text")
    log = anki.db.all("SELECT id, ease, ivl, time FROM revlog ORDER BY id")
    rows = [one for note in package.notes for card in note.cards for one in card.log]
    assert sorted((one.id, one.rating) for one in rows) == [(row[0], row[1]) for row in log]
    for card in map(anki.get_card, anki.find_cards("-is:new")):
        state = card.memory_state
        assert state is not None
        mine = [one for note in package.notes for one in note.cards]
        close = [
            one for one in mine if one.stability_days == pytest.approx(state.stability, abs=1e-3)
        ]
        assert close
        assert any(one.difficulty == pytest.approx(state.difficulty, abs=1e-2) for one in close)
        if card.type == 2:
            due = anki.sched.day_cutoff + (card.due - anki.sched.today - 1) * DAY_S
            assert due in {one.due_epoch_s for one in close}


def test_fields_can_be_mapped_otherwise(package: Package) -> None:
    swapped = {
        one.id: TypeMapping(Use.LEFT if one.is_cloze else Use.ASKED, question=1, answer=0)
        for one in package.types
    }
    facts = to_facts(package, swapped).facts
    assert ("dog", "chien") in {(fact.ask, display(fact.value)) for fact in facts}
    assert not any("gap" in fact.ask for fact in facts)
    again = to_facts(package, default_mapping(package)).facts
    assert {fact.key for fact in facts} < {fact.key for fact in again}


def test_covered_areas_of_a_picture_are_told_not_asked(package: Package) -> None:
    covered = "{{c1::image-occlusion:rect:left=.1:top=.2:width=.3:height=.4:oi=1}}"
    notes = tuple(
        replace(one, fields=(covered, *one.fields[1:])) if "{{c1" in one.fields[0] else one
        for one in package.notes
    )
    mapped = to_facts(replace(package, notes=notes), default_mapping(package))
    assert not any("gap" in fact.ask for fact in mapped.facts)
    assert any("(image occlusion)" in one for one in told_losses(package, mapped))


def test_our_own_package_changes_nothing_when_it_comes_back(deck: Deck) -> None:
    package = read_apkg(write_apkg(deck, clock.now()))
    mapped = to_facts(package, default_mapping(package), deck)
    assert not mapped.refused
    assert {fact.key: fact for fact in mapped.facts} == {one.key: one for one in deck.published}
