"""Tables of facts: entities by name, values as people write them, all problems at once."""

import csv
import io
import time
from collections.abc import Iterable
from decimal import Decimal
from random import Random

import pytest

from app.core.facts import Deck, Stance
from app.core.lint import Severity, lint_deck
from app.core.questions import DeckIndex, QuestionType, questions_of
from app.core.values import (
    Bound,
    DatePart,
    DateValue,
    EntityValue,
    MoneyValue,
    NumberValue,
    RangeValue,
    SetValue,
    TextValue,
    Value,
    ValueKind,
)
from app.core.wording import statement, stem
from app.interchange.csv_rows import COLUMNS
from app.interchange.deck_file import read_deck, write_deck
from app.interchange.facts_csv import read_facts_csv
from app.interchange.loading import DeckFileRefused
from app.interchange.table_wording import default_wording

FOUNDER = {
    "subject": "DeepSeek",
    "subject_kind": "company",
    "relation": "founder",
    "ask": "Who founded {subject}?",
    "say": "{subject} was founded by {value}.",
    "value": "Liang Wenfeng",
}


def table(*rows: dict[str, str]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def read(*rows: dict[str, str], known: Deck | None = None) -> Deck:
    return read_facts_csv(table(*rows), "d", known)


def problems(text: str) -> list[tuple[int | None, str]]:
    with pytest.raises(DeckFileRefused) as refused:
        read_facts_csv(text, "d")
    assert all(problem.reason.endswith(".") for problem in refused.value.problems)
    return [(problem.line, problem.field) for problem in refused.value.problems]


def test_a_row_becomes_a_fact_with_everything_in_it() -> None:
    row = FOUNDER | {
        "aliases": "Liang; Mr Liang",
        "stance": "reported",
        "according_to": "The brief",
        "as_of": "2025-01-29",
        "evidence": "Its founder is\nLiang Wenfeng.",
        "note": "One of two.",
        "tags": "people; firms",
    }
    deck = read(row)
    fact = deck.facts[0]
    assert fact.key == "deepseek-founder"
    assert isinstance(fact.value, EntityValue)
    assert fact.value.entity.aliases == ("Liang", "Mr Liang")
    assert (fact.stance, fact.attribution) == (Stance.REPORTED, "The brief")
    assert fact.as_of == DateValue(2025, 1, 29)
    assert fact.evidence is not None
    assert fact.evidence.quote in deck.source_by_key["table"].text
    assert (fact.note, fact.tags) == ("One of two.", ("people", "firms"))
    assert next((one.name, one.kind) for one in deck.entities) == ("DeepSeek", "company")


VALUES = [
    ("number", "50000 chips", NumberValue(Decimal(50000), "chips")),
    ("number", "1,234.5 km", NumberValue(Decimal("1234.5"), "km")),
    ("number", "5895 m", NumberValue(Decimal(5895), "m")),
    ("number", "3 million GPUs", NumberValue(Decimal(3_000_000), "GPUs")),
    ("number", "-180 °C", NumberValue(Decimal(-180), "°C")),
    ("number", "at least 5 MW", NumberValue(Decimal(5), "MW", bound=Bound.AT_LEAST)),
    ("money", "USD 5580000", MoneyValue(Decimal(5_580_000), "USD")),
    ("money", "US$5.58 million", MoneyValue(Decimal(5_580_000), "USD")),
    ("money", "under US$6 million", MoneyValue(Decimal(6_000_000), "USD", Bound.LESS_THAN)),
    ("money", "SEK 3 million", MoneyValue(Decimal(3_000_000), "SEK")),
    ("range", "20-50 times", RangeValue(Decimal(20), Decimal(50), "times")),
    ("range", "-180 to 430 °C", RangeValue(Decimal(-180), Decimal(430), "°C")),
    ("range", "46-70 million km", RangeValue(Decimal(46_000_000), Decimal(70_000_000), "km")),
    ("range", "US$5-6 million", RangeValue(Decimal(5_000_000), Decimal(6_000_000), "USD")),
    ("date", "2025-01-20", DateValue(2025, 1, 20)),
    ("date", "late 2022", DateValue(2022, part=DatePart.LATE)),
    ("text", "=1+1", TextValue("=1+1")),
]


@pytest.mark.parametrize(("kind", "cell", "value"), VALUES)
def test_values_are_read_as_people_write_them(kind: str, cell: str, value: Value) -> None:
    assert read(FOUNDER | {"value_kind": kind, "value": cell}).facts[0].value == value


@pytest.mark.parametrize(("kind", "cell", "value"), VALUES)
def test_a_formula_or_another_kind_of_cell_is_refused(kind: str, cell: str, value: Value) -> None:
    del cell, value
    if kind != "text":
        bad = FOUNDER | {"value_kind": kind, "value": "=HYPERLINK(A1)"}
        assert problems(table(bad)) == [(2, "value")]


def test_a_kind_left_out_is_told_by_the_values_of_the_relation() -> None:
    rows = [
        {"subject": "A", "relation": "size", "value": "12 km"},
        {"subject": "B", "relation": "size", "value": "13 km"},
        {"subject": "A", "relation": "book", "value": "1984"},
        {"subject": "B", "relation": "book", "value": "Emma"},
        {"subject": "A", "relation": "parts", "value": "X; Y"},
    ]
    kinds = [type(fact.value) for fact in read(*rows).facts]
    assert kinds == [NumberValue, NumberValue, EntityValue, EntityValue, SetValue]


def test_entities_of_one_name_are_one_and_other_names_stay_apart() -> None:
    rows = [
        FOUNDER | {"aliases": "Liang"},
        FOUNDER | {"subject": "High-Flyer", "value": "LIANG Wenfeng", "aliases": "Mr Liang"},
        FOUNDER | {"subject": "C", "value": "Dennis Ritchie"},
        FOUNDER | {"subject": "C++", "value": "Bjarne Stroustrup"},
    ]
    deck = read(*rows)
    assert len({entity.key for entity in deck.entities}) == 7 == len(deck.entities)
    liang = next(entity for entity in deck.entities if entity.key == "liang-wenfeng")
    assert liang.aliases == ("Liang", "Mr Liang")
    assert deck.facts[0].value == deck.facts[1].value == EntityValue(liang)


def test_several_values_of_one_subject_make_the_relation_many() -> None:
    rows = [FOUNDER, FOUNDER | {"value": "Another"}, FOUNDER | {"subject": "Meta"}, FOUNDER]
    deck = read(*rows)
    keys = ["deepseek-founder", "deepseek-founder-2", "meta-founder"]
    assert [fact.key for fact in deck.facts] == keys
    assert deck.relations[0].many
    assert all(fact.relation == deck.relations[0] for fact in deck.facts)
    assert not read(FOUNDER, FOUNDER | {"subject": "Meta"}).relations[0].many


def test_one_wording_serves_the_relation_and_another_its_own_fact() -> None:
    rows = [
        FOUNDER | {"ask": "Who founded DeepSeek?"},
        FOUNDER,
        FOUNDER | {"subject": "Meta", "ask": "", "say": ""},
    ]
    deck = read(rows[2], rows[0] | {"subject": "High-Flyer"}, rows[1])
    assert deck.relations[0].ask == "Who founded {subject}?"
    assert [fact.ask for fact in deck.facts] == ["", "Who founded DeepSeek?", ""]


def test_a_relation_without_a_wording_gets_a_plain_one() -> None:
    rows = [
        {"subject": "Kenya", "relation": "capital", "value": "Nairobi"},
        {"subject": "DeepSeek", "relation": "founded by", "value": "Liang Wenfeng"},
    ]
    deck = read(*rows)
    assert [relation.key for relation in deck.relations] == ["capital", "founded_by"]
    assert deck.relations[0].ask == "What is the capital of {subject}?"
    assert deck.relations[1].ask == "Who founded {subject}?"


def test_a_plain_fact_needs_no_subject() -> None:
    deck = read({"ask": "What fell?", "value": "shares", "value_kind": "text", "aliases": "stocks"})
    assert deck.facts[0].key == "what-fell"
    assert deck.facts[0].value == TextValue("shares", ("stocks",))


def test_every_bad_row_is_named_with_line_and_column() -> None:
    text = table(
        FOUNDER | {"value": ""},
        FOUNDER | {"note": "two\nlines"},
        FOUNDER | {"subject": ""},
        FOUNDER | {"stance": "claimed"},
        FOUNDER | {"stance": "sure"},
        FOUNDER | {"value_kind": "colour"},
        FOUNDER | {"relation": "price", "value_kind": "money", "value": "5 chips"},
        FOUNDER | {"as_of": "2025-02-30"},
        FOUNDER | {"relation": "size", "value_kind": "number", "value": "5", "aliases": "five"},
        FOUNDER | {"note": "again"},
        FOUNDER | {"relation": "parts", "value_kind": "set", "value": "A; B; a"},
        {"relation": "founder", "value": "x\x00y"},
    )
    assert problems(text) == [
        (2, "value"),
        (5, "subject"),
        (6, "according_to"),
        (7, "stance"),
        (8, "value_kind"),
        (9, "value"),
        (10, "as_of"),
        (11, "aliases"),
        (12, "value"),
        (13, "value"),
        (14, "value"),
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", [(1, "file")]),
        ("subject,colour,value\n", [(1, "colour")]),
        ("subject,subject,value\n", [(1, "subject")]),
        ("subject,relation\n", [(1, "value")]),
        ("subject,relation,value\na,b,c,d\n", [(2, "file")]),
        ('subject,relation,value\na,b,"c\n', [(2, "file")]),
        ("subject,relation,value\na,b," + "c" * 200_000, [(2, "file")]),
        ("subject,relation,value\na,b,\ud800\n", [(2, "value")]),
    ],
)
def test_a_file_that_is_no_such_table_is_refused(
    text: str, found: list[tuple[int | None, str]]
) -> None:
    assert problems(text) == found


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_tables_from_spreadsheets_are_read(delimiter: str) -> None:
    lines = (["Subject", "Relation", "Value"], ["Kenya", "capital", "Nairobi"], ["", "", ""])
    text = "\ufeff" + "\r\n".join(delimiter.join(line) for line in lines)
    assert [fact.key for fact in read_facts_csv(text, "d").facts] == ["kenya-capital"]


def test_a_read_table_goes_out_as_a_deck_file_and_comes_back_equal() -> None:
    rows = [
        FOUNDER | {"value_kind": kind, "value": cell, "relation": f"r{at}", "evidence": cell}
        for at, (kind, cell, _) in enumerate(VALUES)
    ]
    deck = read(*rows, FOUNDER, {"subject": "北京", "relation": "!", "value": "…"})
    assert read_deck(write_deck(deck)) == deck


def test_reading_onto_a_deck_keeps_what_the_table_is_silent_about() -> None:
    first = read(FOUNDER | {"aliases": "Liang", "evidence": "One."})
    bare = {"subject": "DEEPSEEK", "relation": "founder", "value": "Liang Wenfeng"}
    again = read(bare | {"evidence": "Two."}, known=first)
    assert again.entities == first.entities
    assert again.relations == first.relations
    assert again.source_by_key["table"].text == "One.\n\nTwo."
    reworded = read(FOUNDER | {"ask": "Who began {subject}?"}, known=first)
    assert reworded.relations[0].ask == "Who began {subject}?"


def test_many_quotations_are_parted_into_sources_of_bearable_length() -> None:
    rows = [FOUNDER | {"subject": f"S{n}", "evidence": f"{n} " + "x" * 990} for n in range(1100)]
    deck = read(*rows)
    assert [source.key for source in deck.sources] == ["table", "table-2"]
    for fact in deck.facts:
        assert fact.evidence is not None
        assert fact.evidence.quote in deck.source_by_key[fact.evidence.source].text


def staff(count: int) -> Iterable[dict[str, str]]:
    chance = Random(1)  # noqa: S311 no secret, the same each time
    for number in range(count):
        person = {"subject": f"Person {number:03d}", "subject_kind": "person"}
        yield person | {
            "relation": "team",
            "ask": "Which team does {subject} work in?",
            "ask_inverse": "Who works in the team {value}?",
            "say": "{subject} works in the team {value}.",
            "value": chance.choice(["Red", "Green", "Blue", "Amber", "Violet"]),
        }
        yield person | {"relation": "home city", "value": chance.choice(["Rome", "Bern", "Oslo"])}


def test_250_rows_with_repeated_values_give_good_questions() -> None:
    deck = read(*list(staff(125)))
    index = DeckIndex(deck)
    assert len(deck.facts) == 250
    found = lint_deck(index)
    assert [finding for finding in found if finding.severity is Severity.ERROR] == []
    teams = {"Red", "Green", "Blue", "Amber", "Violet"}
    for fact in deck.facts:
        made = {one.type: one for one in questions_of(index, fact, 1) if one.direction == "forward"}
        assert set(QuestionType) - set(made) <= {
            QuestionType.MULTIPLE_SELECT,
            QuestionType.ORDERING,
        }
        options = set(made[QuestionType.MULTIPLE_CHOICE].options)
        assert options <= teams or options <= {"Rome", "Bern", "Oslo"}


def test_time_grows_with_the_rows_and_no_faster() -> None:
    def seconds(count: int) -> float:
        text = table(*staff(count))
        begun = time.process_time()
        read_facts_csv(text, "d")
        return time.process_time() - begun

    assert seconds(16_000) < 16 * max(seconds(4_000), 0.05)


@pytest.mark.parametrize(
    ("label", "kind", "ask", "say"),
    [
        ("born in", "entity", "Where was {subject} born?", "{subject} was born in {value}."),
        (
            "played for",
            "entity",
            "Who or what did {subject} play for?",
            "{subject} played for {value}.",
        ),
        (
            "world cups won",
            "number",
            "What is the number of world cups won given for {subject}?",
            "The number of world cups won given for {subject} is {value}.",
        ),
        ("colours", "text", "What are the colours of {subject}?", None),
        ("borders", "entity", "Who or what is it that {subject} borders?", None),
        ("species", "text", "What is the species of {subject}?", None),
        ("director", "entity", "Who is the director of {subject}?", None),
        ("invented_by", "entity", "Who invented {subject}?", None),
        ("died in", "date", "When did {subject} die?", None),
        (
            "year of release",
            "date",
            "When was {subject} released?",
            "{subject} was released on {value}.",
        ),
        ("birth place", "entity", "Where was {subject} born?", "{subject} was born in {value}."),
        ("founded", "date", "When was {subject} founded?", "{subject} was founded in {value}."),
        ("died", "date", "When did {subject} die?", "{subject} died in {value}."),
        ("height", "number", "What is the height of {subject}?", None),
        ("is held every", "number", "How often is {subject} held?", None),
        (
            "has won the cup",
            "number",
            "How many times has {subject} won the cup?",
            "{subject} has won the cup {value}.",
        ),
        ("lead actor", "entity", "Who is the lead actor of {subject}?", None),
        ("country of origin", "entity", "What is the country of origin of {subject}?", None),
        (
            "share of the vote",
            "number",
            "In the case of {subject}, what is the share of the vote?",
            None,
        ),
    ],
)
def test_a_label_is_worded_as_the_word_it_is(
    label: str, kind: str, ask: str, say: str | None
) -> None:
    made = default_wording(label, ValueKind(kind))
    assert made[0] == ask
    assert say is None or made[1] == say


def test_who_goes_by_two_labels_is_of_a_kind_that_fits_both() -> None:
    deck = read(
        {"subject": "Citizen Kane", "relation": "director", "value": "Orson Welles"},
        {"subject": "Citizen Kane", "relation": "lead actor", "value": "Orson Welles"},
        {"subject": "Vertigo", "relation": "lead actor", "value": "James Stewart"},
        {"subject": "Italy", "relation": "capital", "value": "Rome"},
        {"subject": "Italy", "relation": "largest city", "value": "Rome"},
    )
    kinds = {entity.name: entity.kind for entity in deck.entities}
    assert (kinds["Orson Welles"], kinds["James Stewart"]) == ("person", "person")
    assert kinds["Rome"] == "name"


@pytest.mark.parametrize(
    ("relation", "value", "kind", "ask"),
    [
        ("killed in", "44 BC", "text", "When was X killed?"),
        ("completed in", "80", "number", "When was X completed?"),
        ("completed in", "1969", "date", "When was X completed?"),
        ("sold in", "50 countries", "number", "What is it that X was sold in?"),
        ("price", "18 €", "money", "What is the price of X?"),
        ("price", "22.50 USD", "money", "What is the price of X?"),
    ],
)
def test_years_and_prices_are_known_by_their_looks(
    relation: str, value: str, kind: str, ask: str
) -> None:
    fact = read({"subject": "X", "relation": relation, "value": value}).facts[0]
    assert (fact.value.kind, stem(fact)) == (kind, ask)


def test_years_before_and_after_christ_are_texts_together() -> None:
    rows = [("Rome", "753 BC"), ("Constantinople", "330"), ("Moscow", "1147")]
    deck = read(*({"subject": one, "relation": "founded in", "value": year} for one, year in rows))
    assert {fact.value.kind for fact in deck.facts} == {"text"}


@pytest.mark.parametrize("value", ["n/a", "N/A", "#N/A", "tbd"])
def test_a_cell_that_says_there_is_no_value_has_none(value: str) -> None:
    with pytest.raises(DeckFileRefused, match="no answer"):
        read({"subject": "X", "relation": "price", "value": value})


@pytest.mark.parametrize("value", ["Na", "-", "?"])
def test_a_sign_may_be_an_answer(value: str) -> None:
    assert read({"subject": "X", "relation": "symbol", "value": value}).facts


def test_in_other_languages_signs_stand_for_words() -> None:
    text = table({"subject": "comté", "relation": "durée d'affinage", "value": "4 mois"})
    fact = read_facts_csv(text, "d", language="fr").facts[0]
    assert stem(fact) == "Comté: durée d'affinage?"
    assert statement(fact) == "Comté – durée d'affinage: 4 mois."


def test_names_that_a_verb_gives_are_of_no_kind() -> None:
    deck = read({"subject": "Pelé", "relation": "played for", "value": "Santos"})
    assert deck.facts[0].value.entity.kind == ""
