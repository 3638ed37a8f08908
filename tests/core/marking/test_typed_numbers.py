"""Numbers typed in words into a field of their own."""

import pytest

from app.core.marking.typed_numbers import in_digits


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("two million", "2000000"),
        ("5.58 million", "5580000"),
        ("5 bn", "5000000000"),
        ("1,200", "1200"),
        ("3 000 000", "3000000"),
        ("fourteen", "14"),
        ("minus 3", "-3"),
    ],
)
def test_words_and_groups_become_digits(typed: str, number: str) -> None:
    assert in_digits(typed) == number


@pytest.mark.parametrize(
    "typed",
    ["", "5.58", "-4", "1e5", "5 km", "5m", "US$5", "about 5", "a third", "at least 5", "many"],
)
def test_plain_numbers_and_what_is_no_exact_number_stay_as_typed(typed: str) -> None:
    assert in_digits(typed) == typed
