"""What kind of edit a change is, and what differs between two wordings."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.corrections import EditKind, same_answer, told_change, told_kind, usual_kind
from app.core.differences import MOST_WORDS, side_by_side
from app.core.facts import Evidence, Fact, Relation, Stance
from app.core.values import (
    Bound,
    DateValue,
    Entity,
    EntityValue,
    MoneyValue,
    NumberValue,
    SetValue,
    TextValue,
    Value,
)

LIMA, CUSCO = Entity("Lima", "lima", "city"), Entity("Cusco", "cusco", "city")
IN = Relation("in", ask="Where is {subject}?", say="{subject} is in {value}.")
FACT = Fact("f", EntityValue(LIMA), Entity("The quay", "quay"), IN)


@pytest.mark.parametrize(
    "after",
    [
        replace(FACT, note="More."),
        replace(FACT, ask="In which city is {subject}?"),
        replace(FACT, evidence=Evidence("s", "It is in Lima.")),
        replace(FACT, value=EntityValue(replace(LIMA, name="Lima City", aliases=("Lima",)))),
        replace(FACT, stance=Stance.CLAIMED, according_to="the mayor"),
        replace(FACT, relation=replace(IN, say="{value} is where {subject} is.")),
    ],
)
def test_the_same_answer_in_other_words_is_wording(after: Fact) -> None:
    assert usual_kind(FACT, after) is EditKind.WORDING


@pytest.mark.parametrize(
    "after",
    [
        replace(FACT, value=EntityValue(CUSCO)),
        replace(FACT, value=TextValue("Cusco")),
        replace(FACT, subject=Entity("The pier", "pier")),
        replace(FACT, subject=None, ask="Where?"),
        replace(FACT, relation=Relation("near", ask="What is {subject} near?")),
    ],
)
def test_another_answer_or_subject_is_a_correction(after: Fact) -> None:
    assert usual_kind(FACT, after) is EditKind.CORRECTION


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (NumberValue(Decimal(50000), "chips"), NumberValue(Decimal("5e4"), "chips"), True),
        (NumberValue(Decimal(50000), "chips"), NumberValue(Decimal(10000), "chips"), False),
        (MoneyValue(Decimal(6), "USD"), MoneyValue(Decimal(6), "EUR"), False),
        (MoneyValue(Decimal(6), "USD"), MoneyValue(Decimal(6), "USD", Bound.LESS_THAN), False),
        (DateValue(2025, 1, 20), DateValue(2025, 1, 21), False),
        (DateValue(2025, 1), DateValue(2025, 1, 20), False),
        (TextValue("Ships first"), TextValue("Ships first", ("ships",)), True),
        (TextValue("Ships first", ("sheds",)), TextValue("sheds", ("ships first",)), True),
        (TextValue("H800"), TextValue("H100"), False),
        (EntityValue(LIMA), TextValue("lima"), True),
        (SetValue((LIMA, CUSCO)), SetValue((CUSCO, LIMA)), True),
        (SetValue((LIMA, CUSCO)), SetValue((LIMA,)), False),
    ],
)
def test_marking_says_whether_two_answers_are_one(one: Value, other: Value, *, same: bool) -> None:
    assert same_answer(one, other) is same
    assert same_answer(other, one) is same


def test_a_change_that_leaves_the_answer_is_told_in_sentences() -> None:
    after = replace(FACT, subject=Entity("The pier", "pier"))
    assert told_change(FACT, after) == ("The quay is in Lima.", "The pier is in Lima.")
    assert told_change(FACT, replace(FACT, value=EntityValue(CUSCO))) == ("Lima", "Cusco")


def test_only_the_words_that_differ_are_marked() -> None:
    before, after = side_by_side("It opened in 1800, they say.", "It opened in 1801, they say.")
    assert [run.text for run in before if run.changed] == ["1800"]
    assert [run.text for run in after if run.changed] == ["1801"]


def test_neighbouring_changes_read_as_one() -> None:
    before, after = side_by_side("a rocky world", "a giant of gas")
    assert [run.text for run in before] == ["a ", "rocky world"]
    assert [run.text for run in after] == ["a ", "giant of gas"]


@given(st.text(max_size=80), st.text(max_size=80))
def test_each_side_stays_whole(before: str, after: str) -> None:
    left, right = side_by_side(before, after)
    assert "".join(run.text for run in left) == before
    assert "".join(run.text for run in right) == after
    assert any(run.changed for run in (*left, *right)) == (before != after)


def test_long_texts_are_compared_by_lines() -> None:
    text = "one two three\n" * MOST_WORDS
    before, after = side_by_side(text + "old end", text + "new end")
    assert [run.text for run in before if run.changed] == ["old end"]
    assert [run.text for run in after if run.changed] == ["new end"]


def test_texts_that_differ_everywhere_are_not_searched_for_what_they_share() -> None:
    old, new = "a b\n" * MOST_WORDS, "c d\n" * MOST_WORDS
    before, after = side_by_side(old, new)
    assert [(run.text, run.changed) for run in (*before, *after)] == [(old, True), (new, True)]


def test_an_edit_is_told_before_it_is_saved() -> None:
    moved = replace(FACT, value=EntityValue(CUSCO))
    assert told_kind(FACT, moved) == "This looks like a correction: Lima \u2192 Cusco."
    asked = replace(FACT, ask="In which city is {subject}?")
    assert "wording" in told_kind(FACT, asked)
    assert told_kind(FACT, replace(FACT, note="More.")) == ""
