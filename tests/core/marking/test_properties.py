"""What holds for every response there is."""

import time
import unicodedata
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.core.grading import grade_line
from app.core.marking import mark_value
from app.core.marking.amounts import read_number
from app.core.values import (
    Bound,
    DateValue,
    Entity,
    EntityValue,
    MoneyValue,
    NumberValue,
    RangeValue,
    SetValue,
    TextValue,
    Value,
)
from app.core.wording import display
from app.interchange.deck_file import read_deck

NAMES = ["Liang Wenfeng", "High-Flyer", "Nvidia H800", "Scale AI", "São Paulo", "GPT-4", "Hangzhou"]
ENTITY = EntityValue(Entity("Liang Wenfeng", aliases=("Mr Liang",)))
VALUES: list[Value] = [
    ENTITY,
    TextValue("self-reliance", ("independence",)),
    NumberValue(Decimal(50000), "chips"),
    MoneyValue(Decimal(6000000), "USD", Bound.LESS_THAN),
    RangeValue(Decimal(20), Decimal(50), "times"),
    DateValue(2025, 1, 20),
    SetValue((Entity("Venus"), Entity("Mars"))),
]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: str(value.kind))
def test_the_answer_as_it_is_displayed_is_right(value: Value) -> None:
    assert mark_value(value, display(value)).correct


@given(st.sampled_from(NAMES), st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]), st.booleans())
def test_case_and_unicode_form_do_not_matter(name: str, form: str, upper: bool) -> None:  # noqa: FBT001
    typed = unicodedata.normalize(form, name.upper() if upper else name.lower())
    assert mark_value(EntityValue(Entity(name)), f"  {typed} ").correct


@given(st.sampled_from(NAMES), st.sampled_from(NAMES))
def test_another_known_name_is_never_right(name: str, other: str) -> None:
    if name != other:
        assert not mark_value(EntityValue(Entity(name)), other, [other]).correct


@given(st.integers(1, 10**9), st.integers(1, 10**9))
def test_another_number_is_never_right(amount: int, other: int) -> None:
    if amount != other:
        assert not mark_value(NumberValue(Decimal(amount)), str(other)).correct
        assert not mark_value(MoneyValue(Decimal(amount), "USD"), f"${other:,}").correct


@given(st.dates(), st.dates())
def test_another_day_is_never_right(day: object, other: object) -> None:
    value = DateValue(*(int(part) for part in str(day).split("-")))
    assert mark_value(value, str(other)).correct is (day == other)


@settings(max_examples=300)
@given(st.sampled_from(VALUES), st.text(max_size=200))
def test_marking_never_raises(value: Value, response: str) -> None:
    assert 0 <= mark_value(value, response).credit <= 1


_TYPED = st.one_of(
    st.text(max_size=40),
    st.sampled_from([*NAMES, "3-0", "MIT", "2001", "U.S.", "1/2", "$", "100+ km", "N. ", "a:b"]),
    st.from_regex(r"[A-Z]{1,4}[-./ ][0-9a-z:,]{0,6}", fullmatch=True),
)


@settings(max_examples=400)
@given(_TYPED.filter(str.strip), _TYPED)
@example("up\\d, and\\1\\", "up\\d, and\\1\\")  # nothing in a name is a pattern
@example("\\g<0> and \\", "\\g<0> and \\")
def test_marking_never_raises_whatever_the_answer_is(name: str, response: str) -> None:
    for value in (TextValue(name), EntityValue(Entity(name)), SetValue((Entity(name),))):
        assert 0 <= mark_value(value, response).credit <= 1


@given(st.text(max_size=100))
def test_grading_a_line_never_raises(line: str) -> None:
    assert "error" in grade_line(line)


@pytest.mark.parametrize(
    "response",
    ["1E+1000000000", "9" * 1_000_000, "a" * 10_000, "[" * 5000, "(a+)+$" * 80, "-" * 500],
    ids=["exponent", "digits", "letters", "brackets", "regex", "dashes"],
)
@pytest.mark.parametrize("value", VALUES, ids=lambda value: str(value.kind))
def test_hostile_responses_are_cheap_and_wrong(value: Value, response: str) -> None:
    started = time.process_time()
    assert not mark_value(value, response).correct
    assert time.process_time() - started < 1  # a hang, not a benchmark


@pytest.mark.parametrize("value", VALUES, ids=lambda value: str(value.kind))
def test_what_is_longer_than_any_answer_is_not_looked_at(value: Value) -> None:
    """However right its beginning: 500 characters are enough for every answer there is."""
    for response in (display(value) + " x" * 300, "9" * 1_000_000):
        told = mark_value(value, response)
        assert (told.credit, "too long" in told.why) == (0, True)


@pytest.mark.parametrize("typed", ["1e1000000000", "1e-1000000000", "1.5e3000000", "2e99"])
def test_an_amount_beyond_all_counting_is_no_amount(typed: str) -> None:
    """Written out, it would fill the memory."""
    assert read_number(typed) is None
    assert read_number("1.5e12") == Decimal(1_500_000_000_000)


_SAID = "one was called two is three "


@pytest.mark.parametrize(
    "response",
    ["-" * 140, _SAID * 5, "twenty-" * 20, "a, " * 46, ",," * 240, "the capital of " * 30],
    ids=["dashes", "sentences", "hyphens", "list", "commas", "of"],
)
def test_what_looks_like_an_answer_for_long_hangs_nothing(response: str) -> None:
    """Patterns that go back and forth took half a second for one of these."""
    for value in (*VALUES, SetValue(tuple(Entity(f"Name{one} Other{one}") for one in range(9)))):
        started = time.process_time()
        assert not mark_value(value, response).correct
        assert time.process_time() - started < 1  # a hang, not a benchmark


def test_ten_thousand_aliases_are_searched() -> None:
    aliases = tuple(f"name number {number}" for number in range(10_000))
    value = EntityValue(Entity("The one", aliases=aliases))
    assert mark_value(value, "Name Number 9999").correct
    assert not mark_value(value, "name number 10001").correct


def test_a_typo_that_reaches_a_rival_is_wrong() -> None:
    value = EntityValue(Entity("Austria"))
    assert mark_value(value, "Austrya").correct
    assert not mark_value(value, "Australia", ["Australia"]).correct


@given(
    st.sampled_from(NAMES),
    st.lists(st.sampled_from([" ", "  ", "\t", "\u00a0"]), min_size=1, max_size=3),
    st.sampled_from(["", ".", "!", ",", " .", "?"]),
    st.sampled_from(["", "the ", "The ", "It was ", "I think it is ", "it's "]),
)
def test_spacing_punctuation_and_padding_do_not_matter(
    name: str, spaces: list[str], end: str, lead: str
) -> None:
    typed = lead + "".join(spaces).join(name.split(" ")) + end
    assert mark_value(EntityValue(Entity(name)), typed).correct, typed


SEED_DECKS = sorted((Path(__file__).parents[3] / "seed_data").glob("*.yaml"))


@pytest.mark.parametrize("path", SEED_DECKS, ids=lambda path: path.stem)
def test_no_other_thing_of_a_deck_is_taken_for_the_answer(path: Path) -> None:
    deck = read_deck(path.read_text())
    for entity in deck.entities:
        for other in deck.entities:
            shared = {name.casefold() for name in entity.names} & {
                name.casefold() for name in other.names
            }
            if entity.key != other.key and entity.kind == other.kind and not shared:
                mark = mark_value(EntityValue(entity), other.name, [other.name])
                assert not mark.correct, (entity.name, other.name)


FORMS = ["NFC", "NFD", "NFKC", "NFKD"]
ALIASES = [
    "W. A. Mozart",
    "Saint-Exupéry",
    "O'Neill",
    "Αθήνα",
    "東京",
    "القاهرة",
    "vitamin B12",
    "C♯ minor",
]


@given(
    st.sampled_from(ALIASES),
    st.sampled_from(FORMS),
    st.sampled_from([str.upper, str.lower, str.title, str]),
    st.sampled_from(["", "\u200e", "\u202b", "\ufeff", "\u00ad"]),
    st.sampled_from(["", ".", "!", "?", " ", "\t"]),
)
def test_an_alias_is_taken_however_it_is_typed(
    alias: str, form: str, case: Callable[[str], str], mark: str, end: str
) -> None:
    value = EntityValue(Entity("Something else", aliases=(alias,)))
    typed = mark + unicodedata.normalize(form, case(alias)) + mark + end
    assert mark_value(value, typed).correct, typed


HOSTILE = ["\u202e", "ﷺ", "1,", "city of ", "(x) ", "not ", "one ", "e\u0301", "\\", ".*", "20 to "]


@pytest.mark.parametrize("piece", HOSTILE)
@pytest.mark.parametrize("value", VALUES, ids=lambda value: str(value.kind))
def test_a_page_of_anything_is_wrong(value: Value, piece: str) -> None:
    for length in (80, 499, 5000):
        assert not mark_value(value, (piece * length)[:length]).correct
