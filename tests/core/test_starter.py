"""The starter library: every relation asks questions that the linter finds nothing wrong with."""

import re
from collections.abc import Iterator

import pytest

from app.core.facts import Deck, Evidence, Fact, Relation, Source
from app.core.lint import lint_deck
from app.core.questions import DeckIndex, questions_of
from app.core.starter import STARTER_RELATIONS, StarterRelation, Topic
from app.core.values import Entity, EntityValue, TextValue, Value, ValueKind, parse_value
from app.core.wording import display, statement, stem, with_preposition

SUBJECTS = {
    Topic.PEOPLE: ("Alder Works", "Maren Holt", "Quill Society", "Birch Bank", "Tomas Vale"),
    Topic.WORKS: ("Tidewheel", "The Long Ebb", "Lanternfish", "Copperleaf", "Snowgauge"),
    Topic.PLACES: ("Norrland", "Veles", "the Isle of Corm", "Ostermark", "Pella"),
    Topic.EVENTS: ("Great Flood", "Siege of Veles", "Harvest Fair", "Copper Strike", "Dry Year"),
    Topic.AMOUNTS: ("Iron Bridge", "Northern Line", "Lanternfish", "Tidewheel", "Old Tower"),
    Topic.IDEAS: ("Marl", "Sett", "Gable", "Tiller", "Weir"),
}
NAMES = ("Ines Marr", "Jorund Ek", "Petra Lund", "Silas Roe", "Aki Brandt")
TEXTS = (
    "holding back water",
    "turning a rudder",
    "closing off a roof",
    "sweetening a field",
    "laying out a street",
)


def values_for(kind: ValueKind, key: str) -> list[Value]:
    raws: dict[ValueKind, list[dict[str, str]]] = {
        ValueKind.NUMBER: [
            {"kind": "number", "amount": amount, "unit": "units"}
            for amount in ("120", "450", "980", "1500", "2300")
        ],
        ValueKind.MONEY: [
            {"kind": "money", "amount": amount, "currency": "EUR"}
            for amount in ("1200000", "3400000", "5600000", "7800000", "9900000")
        ],
        ValueKind.DATE: [
            {"kind": "date", "date": date}
            for date in ("1969-05-03", "1971-08-14", "1988-01-30", "1990-11-02", "2004-06-21")
        ],
    }
    if kind is ValueKind.TEXT:
        return [TextValue(text) for text in TEXTS]
    if kind is ValueKind.ENTITY:
        return [EntityValue(Entity(name, f"{key}-{at}", "value")) for at, name in enumerate(NAMES)]
    return [parse_value(raw) for raw in raws[kind]]


def sample(starter: StarterRelation) -> Iterator[Fact]:
    for at, value in enumerate(values_for(starter.value_kind, starter.key)):
        name = SUBJECTS[starter.topic][at]
        subject = Entity(name, f"subject-{at}", "subject")
        quote = f"Note {at}: {name}, {display(value)}"
        evidence = Evidence("notes", quote)
        yield Fact(f"{starter.key}-{at}", value, subject, starter.relation, evidence=evidence)


def deck_of(starter: StarterRelation) -> Deck:
    facts = tuple(sample(starter))
    text = "\n\n".join(fact.evidence.quote for fact in facts if fact.evidence)
    entities = [fact.subject for fact in facts if fact.subject]
    entities += [fact.value.entity for fact in facts if isinstance(fact.value, EntityValue)]
    return Deck(
        "d",
        "D",
        sources=(Source("notes", "Notes", text),),
        entities=tuple(entities),
        relations=(starter.relation,),
        facts=facts,
    )


@pytest.mark.parametrize("starter", STARTER_RELATIONS, ids=lambda one: one.key)
def test_a_relation_of_the_library_asks_only_sound_questions(starter: StarterRelation) -> None:
    index = DeckIndex(deck_of(starter))
    for seed in range(4):
        found = [one for one in lint_deck(index, seed) if one.fact]
        assert found == []
    made = {(q.type, q.direction) for fact in index.facts for q in questions_of(index, fact, 1)}
    kinds = {str(kind) for kind, _ in made}
    assert {"multiple_choice", "true_false", "cloze", "short_answer", "flashcard"} <= kinds
    directions = {str(direction) for kind, direction in made if kind == "short_answer"}
    assert ("inverse" in directions) == bool(starter.ask_inverse)


def test_the_library_is_large_and_its_keys_and_cues_are_in_order() -> None:
    assert len(STARTER_RELATIONS) >= 30
    keys = [one.key for one in STARTER_RELATIONS]
    assert len(set(keys)) == len(keys)
    assert {one.topic for one in STARTER_RELATIONS} == set(Topic)
    for one in STARTER_RELATIONS:
        assert re.fullmatch(r"[a-z]+(?:_[a-z]+)*", one.key)
        assert one.cues
        every = (*one.cues, *one.inverse_cues)
        assert len(set(every)) == len(every)
        assert all(cue == cue.lower().strip() and cue for cue in every), one.key
        assert isinstance(one.relation, Relation)


def test_a_date_gets_the_preposition_that_fits_it() -> None:
    relation = Relation(
        "founded_on", ask="When was {subject} founded?", say="{subject} was founded on {value}."
    )
    subject = Entity("Birch Bank", "birch")
    said = {
        raw["date"]: statement(Fact("f", parse_value({"kind": "date", **raw}), subject, relation))
        for raw in (
            {"date": "1969-05-03"},
            {"date": "1969-05"},
            {"date": "1969"},
            {"date": "1970", "part": "late"},
        )
    }
    assert said == {
        "1969-05-03": "Birch Bank was founded on 3 May 1969.",
        "1969-05": "Birch Bank was founded in May 1969.",
        "1969": "Birch Bank was founded in 1969.",
        "1970": "Birch Bank was founded in late 1970.",
    }
    box = Fact("box", TextValue("a box"))
    assert with_preposition(box, "It lay in {value}.") == "It lay in {value}."
    year = parse_value({"kind": "date", "date": "1969"})
    assert stem(Fact("f", year, subject, relation)) == "When was Birch Bank founded?"
