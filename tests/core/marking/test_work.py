"""No response costs much: the work of marking is counted in calls, which no busy machine changes.

Texts are made of the grammar's own pieces: numbers, units, names of the answer, separators,
negations, dates. Warm, two thousand calls of Python's or C's are about 0.2 ms on a machine of
2024; parts that were never seen before cost about twice that.
"""

import re
import sys
import time
from collections.abc import Iterator
from decimal import Decimal
from random import Random
from types import FrameType

import pytest

from app.core.marking import mark_value
from app.core.marking.members import Members
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

MOST_CALLS = 8_000
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
RUNS = (
    *(
        "1",
        "\u00b2",
        "\uff11",
        "\u0661\u0662",
        ", ",
        ";",
        "(",
        ") ",
        "((a",
        "a\u0301",
        "\u200d",
        "\u202e\u05d0",
    ),
    *(
        "a ",
        "z",
        "A.B. ",
        "and ",
        "and and and ",
        "two ",
        "XIV ",
        "3 May 1969 ",
        "1/2 ",
        "- ",
        "\n",
        ": ",
    ),
    *(
        "'",
        "Dr. ",
        "no. ",
        "q w e r t y ",
        "is ",
        "happened on ",
        "\U0001f468\u200d\U0001f469 ",
        "' of ",
    ),
)
"""Pieces that tempt a pattern to begin anew at each letter, which no count of calls would show."""
MOST_MS = 10
"""CPU time that no response may take even on a machine five times as slow as a laptop."""


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


def made_up_names(rng: Random, count: int, words: int) -> list[str]:
    """Return names of a few words of eight letters that are no names of anything."""
    syllables = [one + two for one in "bcdfglmnprst" for two in "aeiou"]
    return [
        " ".join("".join(rng.sample(syllables, 4)).capitalize() for _ in range(words))
        for _ in range(count)
    ]


@pytest.mark.parametrize(("count", "words", "kind"), [(27, 1, ""), (20, 2, "person")])
def test_a_long_list_with_each_name_misspelt_twice_is_no_dearer(
    count: int, words: int, kind: str
) -> None:
    for seed in range(3):
        rng = Random(seed)  # noqa: S311 which names come is no secret
        names = made_up_names(rng, count, words)
        value = SetValue(tuple(Entity(name, kind=kind) for name in names))
        mark_value(value, "something else")
        typed = []
        for name in rng.sample(names, count):
            letters = list(name)
            for at in rng.sample(range(len(letters)), 2):
                letters[at] = rng.choice("hqxz\u00e9")
            typed.append("".join(letters))
        for separator in ("; ", "/", "\n"):
            listed = separator.join(typed)[:499]
            assert calls_of(value, listed) < MOST_CALLS, listed


def test_many_near_names_of_each_member_are_compared_a_few_at_a_time() -> None:
    """Forty members of seven names: of one member, too, only the nearest are tried by each rule."""
    value = SetValue(
        tuple(
            Entity(
                f"Member {at} of the And Republic",
                aliases=tuple(f"alias {at} {of} and co" for of in range(6)),
            )
            for at in range(40)
        )
    )
    members = Members(value)
    assert not members.named("aliqs 3 3 anx co")
    assert members.left == 0
    assert members.marked("alias 3 3 and co", {item.name: item for item in value.items})


def test_a_rival_without_letters_is_no_trouble() -> None:
    person = EntityValue(Entity("Marie Curie", "", "person"))
    assert mark_value(person, "Curie", ("1984", "42")).correct


@pytest.mark.parametrize("kind", ANSWERS)
def test_no_pattern_goes_back_and_forth(kind: str) -> None:
    """Each response is marked in time that grows as its length: a square takes 20 ms and more."""
    value = ANSWERS[kind]
    mark_value(value, "something else")
    for piece in RUNS:
        for size in (79, 499):
            response = (piece * size)[:size]
            assert min(_cpu_ms(value, response, turn) for turn in range(3)) < MOST_MS, response


def _cpu_ms(value: Value, response: str, turn: int) -> float:
    """Return what one marking takes of the processor, of a text that was not seen before."""
    unseen = f"{'xyz'[turn]}{response[1:]}"
    started = time.thread_time()
    mark_value(value, unseen)
    return (time.thread_time() - started) * 1000


@pytest.mark.parametrize(
    "listed", ["C++, Java and Disney+", "java + c++ + disney+", "Disney+ C++ Java"]
)
def test_a_plus_of_a_name_parts_nothing(listed: str) -> None:
    value = SetValue(tuple(map(Entity, ("C++", "Java", "Disney+"))))
    assert mark_value(value, listed).correct


def test_a_name_with_an_and_in_it_stays_whole_in_any_list() -> None:
    names = (
        "Trinidad and Tobago",
        "Antigua and Barbuda",
        "Saint Kitts and Nevis",
        "Tom & Jerry",
    )
    value = SetValue(tuple(map(Entity, names)))
    for listed in (
        "trinidad and tobago antigua and barbuda, st kitts and nevis, Tom and Jerry",
        '"Trinidad & Tobago" and Antigua & Barbuda and Saint Kitts and Nevis and TOM & JERRY',
    ):
        assert mark_value(value, listed).correct, listed
