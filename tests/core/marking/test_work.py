"""No response costs much: the work of marking is counted in calls, which no busy machine changes.

Texts are made of the grammar's own pieces: numbers, units, names of the answer, separators,
negations, dates. Warm, two thousand calls of Python's or C's are about 0.2 ms on a machine of
2024; parts that were never seen before cost about twice that.
"""

import re
import sys
from collections.abc import Iterator
from decimal import Decimal
from random import Random
from types import FrameType

import pytest

from app.core.marking import mark_value
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

MOST_CALLS = 12_500
SIZES = (20, 60, 80, 140, 300, 500, 5000)
MEMBERS = [
    *("John Lennon", "Paul McCartney", "Gabriel García Márquez", "Martin Luther King Jr."),
    *("Trinidad and Tobago", "New Georgia Republic", "Elizabeth II", "Venus", "Mercury"),
]
RIVALS = ("Martin Luther", "Nashua", "Malta", "Georgia", "Berkeley", "1984", "John Paul", "Mars")
ANSWERS: dict[str, Value] = {
    "person": EntityValue(Entity("Martin Luther King Jr.", "", "person", ("MLK", "Dr King"))),
    "many_names": EntityValue(
        Entity(
            "University of California", "", "", tuple(f"UC {at} of the State" for at in range(40))
        )
    ),
    "text": TextValue("the water evaporates because it is heated", ("evaporation", "it boils")),
    "number": NumberValue(Decimal("42.195"), "km"),
    "money": MoneyValue(Decimal(5_580_000), "USD", Bound.LESS_THAN),
    "range": RangeValue(Decimal(20), Decimal(50), "times"),
    "date": DateValue(2025, 1, 20),
    "set": SetValue(tuple(Entity(name, aliases=(name.split()[-1],)) for name in MEMBERS)),
    "large_set": SetValue(
        tuple(Entity(f"{one} {name}") for one in ("New", "Old", "Great") for name in MEMBERS)
    ),
}
PIECES = re.split(
    r"\|",
    " and |, |; | or |/| not |n't |(|)| - |-| of | in | at |the |The |a | to | is | was | are |"
    "about |at least |under | km| million| hundred| point |half | per |%|$|\u20ac|'s |\"|.|...|&|?|"
    "I think |it is |because |1969|20| January |Sept |late |50k|3.5|5e4|10^4|\u00bd|\u00b2|"
    "two thirds|thirty|-three|twenty one|no |\u00e9|\u00df|\u0130|\u65e5\u672c|\uff0c|\u0663|1,|"
    " |\n|\u266f|flat |C# |John |Lennon |Georgia |Venus |New |Berkeley |University |King |J. |St |"
    "Lake |end of |twentieth |the water |evaporates |reduction of |every |5 ft |1:30|MLK|II|plus ",
)


def made_of_pieces(rng: Random) -> Iterator[str]:
    """Yield texts of each size: a few pieces over and over, and many pieces at random."""
    for size in SIZES:
        for pieces in (rng.sample(PIECES, 3), PIECES):
            text = ""
            while len(text) < size:
                text += rng.choice(pieces)
            yield text[:size]


def calls_of(value: Value, response: str) -> int:
    """Return how many calls the marking of a response takes."""
    count = 0

    def counted(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        mark_value(value, response, RIVALS)
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize("kind", ANSWERS)
def test_no_response_costs_much(kind: str) -> None:
    value = ANSWERS[kind]
    mark_value(value, "something else")  # the names of an answer are read once, patterns made once
    for seed in range(2):
        for response in made_of_pieces(Random(seed)):  # noqa: S311 which text comes is no secret
            assert calls_of(value, response) < MOST_CALLS, response


def test_a_long_list_is_no_dearer_for_what_it_names() -> None:
    """Every member misspelt is found; as many that are none are refused after a few."""
    names = [
        f"{one}{two}land" for one in ("Ama", "Bori", "Calu") for two in ("res", "din", "mog", "tev")
    ]
    value = SetValue(tuple(map(Entity, names)))
    misspelt = ", ".join(name.replace("land", "lnd") for name in names)
    assert mark_value(value, misspelt).correct
    assert calls_of(value, misspelt) < MOST_CALLS
    assert calls_of(value, misspelt.replace("lnd", "bury").replace(", ", "-")) < MOST_CALLS


PRESIDENTS = (
    "George Washington, John Adams, Thomas Jefferson, James Madison, James Monroe, Andrew Jackson, "
    "Martin Van Buren, William Harrison, John Tyler, James Polk, Zachary Taylor, Millard Fillmore, "
    "Franklin Pierce, James Buchanan, Abraham Lincoln, Ulysses Grant, Rutherford Hayes"
)
UNION = (
    "Austria, Belgium, Bulgaria, Croatia, Cyprus, Czechia, Denmark, Estonia, Finland, France, "
    "Germany, Greece, Hungary, Ireland, Italy, Latvia, Lithuania, Luxembourg, Malta, Netherlands, "
    "Poland, Portugal, Romania, Slovakia, Slovenia, Spain, Sweden"
)


@pytest.mark.parametrize(("listed", "kind"), [(PRESIDENTS, "person"), (UNION, "country")])
def test_many_names_are_marked_cheaply_however_they_are_typed(listed: str, kind: str) -> None:
    names = listed.split(", ")
    value = SetValue(tuple(Entity(name, kind=kind) for name in names))
    mark_value(value, "something else")
    slips = [f"{name[:-3]}{name[-2]}{name[-3]}{name[-1]}" for name in names]
    families = ", ".join(name.split()[-1] for name in names)
    assert mark_value(value, ", ".join(slips)).credit >= 0.8
    assert mark_value(value, families).correct
    half = [f"Xq{name[1:]}" for name in names[::2]] + slips[1::2]
    for typed in (families, ", ".join(slips), ", ".join(half), "-".join(slips), " ".join(slips)):
        assert calls_of(value, typed) < MOST_CALLS, typed


def test_a_rival_without_letters_is_no_trouble() -> None:
    person = EntityValue(Entity("Marie Curie", "", "person"))
    assert mark_value(person, "Curie", ("1984", "42")).correct
