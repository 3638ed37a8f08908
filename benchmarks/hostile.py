"""Facts and responses that are dear to mark: found by a search over thousands of pairs.

Long sets, each name a slip or two away from what was typed; many aliases that share their words;
names with separators, figures, capitals or letters of other scripts in them. What a response costs
is counted in calls by tests/core/marking/test_dearest.py and timed by `benchmarks.engine`.
"""

import string
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from random import Random

from app.core.values import (
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

LONGEST = 499
SIZES = (60, 140, 300, LONGEST, 5000)
PIECES = (
    *("King - ... ", "St , it is 5e4 and ", "\u65e5\u672c, not II or ", "New Berkeley 1969 "),
    *("7", "1,000,", "twenty-one ", "XIV ", "quarter of a million ", "3 May 1969 ", "and "),
    *("a\u0301\u0302", "\u202e\u05d0 ", "\u0661\u0662", "\uff11", "Dr. ", "no. 5 ", "C# "),
    *("I think it is ", "it is the ", "20-30 ", "half a ", "'", "University of ", "a, ", "; "),
)
"""What patterns and lists are made of; a response has one of them over and over."""
SEPARATORS = (", ", "; ", "/", "\n", " and ", " - ", "; no. 5 ", "-and-", ". ", " (", ", the ")


def made_up(rng: Random, consonants: str = "bcdfglmnprst", vowels: str = "aeiou") -> str:
    """Return a name that is none, of four syllables."""
    return "".join(rng.choice(consonants) + rng.choice(vowels) for _ in range(4)).capitalize()


def values(rng: Random) -> dict[str, Value]:
    """Return facts' values of every kind, the sets among them long."""

    def name(words: int = 1) -> str:
        return " ".join(made_up(rng) for _ in range(words))

    def a_set(count: int, make: Callable[[int], Entity]) -> SetValue:
        return SetValue(tuple(map(make, range(count))))

    capitals = string.ascii_uppercase
    return {
        "kings": a_set(27, lambda at: Entity(f"{('New', 'Old', 'Great')[at % 3]} {name()} King")),
        "seven words": a_set(40, lambda _: Entity(name(7))),
        "people": a_set(24, lambda _: Entity(name(2), kind="person")),
        "presidents": a_set(43, lambda _: _president(name(2))),
        "republics": a_set(40, lambda at: _republic(at, name)),
        "letters": a_set(40, lambda at: _lettered(divmod(at, 5))),
        "short names": a_set(
            30, lambda _: Entity(name(4), aliases=("".join(rng.sample(capitals, 4)),))
        ),
        "joined": a_set(20, lambda at: Entity(f"The {at} long and {at} {name()} of, It")),
        "dates": a_set(20, lambda at: Entity(f"{at + 1} May {1900 + at}")),
        "numbered": a_set(30, lambda at: Entity(f"{name()} {1000 + 37 * at}")),
        "cyrillic": a_set(25, lambda _: Entity(made_up(rng, "бвгджзкл", "аеиоу"))),
        "accents": a_set(25, lambda _: Entity(made_up(rng, "bcdfgh", "\u00e1\u00e9\u00ed\u00f6"))),
        "wordings": TextValue(
            f"the {name()} rises because it is heated by the sun and the moon",
            tuple(f"it is {name()} by the {name()} of {name()}".lower() for _ in range(20)),
        ),
        "aliases": EntityValue(
            Entity(
                "High-Flyer Quantitative Investment Management",
                aliases=tuple(f"High-Flyer Quant {at} of Zhejiang (No. {at})" for at in range(30)),
            )
        ),
        "person": EntityValue(
            Entity(
                "Alexander Nikolaevich Ostrovsky-Petrov",
                kind="person",
                aliases=tuple(f"{name()} {at % 9}. {name()}-{name()}" for at in range(30)),
            )
        ),
        "figures": TextValue("3 May 1969", ("May 3rd 1969", "US$5.58 million", "20-30 percent")),
        "number": NumberValue(Decimal("42.195"), "km"),
        "money": MoneyValue(Decimal(5_580_000), "USD"),
        "range": RangeValue(Decimal(20), Decimal(50), "times"),
        "date": DateValue(1969, 7, 20),
    }


def _president(name: str) -> Entity:
    family = name.rsplit(maxsplit=1)[-1]
    return Entity(name, kind="person", aliases=(family, f"President {family}"))


def _republic(at: int, name: Callable[[], str]) -> Entity:
    own = f"Republic {name()} {at}"
    return Entity(own, kind="country", aliases=tuple(f"{own} of {name()}" for _ in range(6)))


def _lettered(place: tuple[int, int]) -> Entity:
    own = f"Mamber {'abcdefgh'[place[0]]}{'vwxyz'[place[1]]}"
    return Entity(own, aliases=tuple(f"{own} {letter}" for letter in "pqrstu"))


def _slip(rng: Random, name: str, times: int) -> str:
    """Return a name with some letters typed wrong."""
    letters = list(name)
    for at in rng.sample(range(len(letters)), min(times, len(letters))):
        letters[at] = rng.choice("hqxz\u00e9")
    return "".join(letters)


def _names(value: Value) -> list[Sequence[str]]:
    """Return the names of each member of a set, of an entity, or the wordings of a text."""
    if isinstance(value, SetValue):
        return [item.names for item in value.items]
    if isinstance(value, EntityValue):
        return [value.entity.names]
    return [(value.text, *value.accept)] if isinstance(value, TextValue) else []


def _of_names(rng: Random, members: list[Sequence[str]]) -> Iterator[str]:
    """Yield lists of names, all of them misspelt, cut short, in capitals or turned round."""
    first = [names[0] for names in members] if len(members) > 1 else list(members[0])
    last = [names[-1] for names in members]
    ways: tuple[Callable[[str], str], ...] = (
        lambda name: _slip(rng, name, 1),
        lambda name: _slip(rng, name, 2),
        lambda name: f"Xq{name}",
        lambda name: f"{name[:-2]}{name[-1]}{name[-2]}",
        lambda name: _slip(rng, name.upper(), 1),
        lambda name: " ".join(_slip(rng, word, 1) for word in name.split()),
        lambda name: " ".join(reversed(name.split())),
    )
    for pool in (first, last, [name for names in members for name in names]):
        for way in ways:
            listed = rng.sample(pool, len(pool))
            yield rng.choice(SEPARATORS).join(map(way, listed))[:LONGEST]
        yield from (_slip(rng, name, times) for name in pool[:3] for times in (1, 2))
        yield rng.choice(SEPARATORS).join(_slip(rng, pool[0], 1) for _ in range(40))[:LONGEST]


def pairs(rng: Random) -> Iterator[tuple[str, Value, str]]:
    """Yield values with their labels and a hostile response: of its own names, of others', any."""
    facts = values(rng)
    listed = [list(_of_names(rng, names)) for names in map(_names, facts.values()) if names]
    others = [text for texts in listed for text in rng.sample(texts, 2)]
    for label, value in facts.items():
        names = _names(value)
        own = list(_of_names(rng, names)) if names else []
        runs = [(piece * size)[:size] for piece in PIECES for size in rng.sample(SIZES, 2)]
        for response in dict.fromkeys((*own, *others, *runs)):
            yield label, value, response
