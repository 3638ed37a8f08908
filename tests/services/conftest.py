"""A small deck and learners for the tests of services."""

import uuid
from collections.abc import Callable
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from app.core.facts import Deck, Evidence, Fact, Relation, Source, Stance
from app.core.values import DateValue, Entity, EntityValue, MoneyValue, NumberValue, TextValue
from app.models.database import writing
from app.models.people import User
from app.services.decks import import_deck

NOW = 1_763_900_000
"""2025-11-23 12:13:20 UTC."""
CITIES = ("Lisbon", "Porto", "Bergen", "Turku", "Riga", "Gdańsk", "Ghent", "Trieste")


def made_deck(key: str = "harbours") -> Deck:
    """A deck of eight harbours, each with a founding year, a size and a mayor's claim."""
    cities = [Entity(name, name.lower(), "city", (f"{name} Town",)) for name in CITIES]
    ships = [Entity(f"Ship {name}", f"ship_{name.lower()}", "ship") for name in CITIES]
    relations = (
        Relation(
            "opened",
            ask="When was the harbour of {subject} opened?",
            say="The harbour of {subject} opened in {value}.",
        ),
        Relation(
            "cranes",
            ask="How many cranes does {subject} have?",
            say="The harbour of {subject} has {value}.",
        ),
        Relation(
            "flagship",
            ask="Which ship is the flagship of {subject}?",
            ask_inverse="Which city has {value} as its flagship?",
            say="The flagship of {subject} is {value}.",
        ),
    )
    text = "A first paragraph.\n\n" + "\n\n".join(
        f"Long ago, {name} opened its\nharbour to ships. Then it grew." for name in CITIES
    )
    facts: list[Fact] = []
    for at, (city, ship) in enumerate(zip(cities, ships, strict=True)):
        evidence = Evidence("almanac", f"{city.name} opened its harbour to ships.")
        facts.append(
            Fact(f"opened_{at}", DateValue(1800 + 7 * at), city, relations[0], evidence=evidence)
        )
        facts.append(
            Fact(f"cranes_{at}", NumberValue(Decimal(5 + 3 * at), "cranes"), city, relations[1])
        )
        facts.append(Fact(f"flagship_{at}", EntityValue(ship), city, relations[2]))
    facts.append(
        Fact(
            "cost",
            MoneyValue(Decimal("5.58e6"), "USD"),
            stance=Stance.CLAIMED,
            according_to=cities[0],
            as_of=DateValue(2025, 1),
            ask="What did the new quay cost?",
            say="The new quay cost {value}.",
            note="Without the cranes.",
            tags=("money",),
        )
    )
    facts.append(
        Fact(
            "motto",
            TextValue("Ships before sheds", ("ships first",)),
            stance=Stance.REPORTED,
            according_to="the harbour paper",
            ask="What is the harbour's motto?",
            say="The harbour's motto is {value}.",
        )
    )
    return Deck(
        key,
        "Harbours",
        "Of the north and west",
        sources=(
            Source(
                "almanac",
                "An almanac",
                text,
                "Press",
                published=DateValue(2024, 5, 1),
                author="Ada Quill",
            ),
        ),
        entities=(*cities, *ships),
        relations=relations,
        facts=tuple(facts),
    )


@pytest.fixture
def deck(session: Session) -> Deck:
    """A deck of 26 facts, stored."""
    made = made_deck()
    import_deck(session, made, NOW)
    return made


@pytest.fixture
def new_learner(session: Session) -> Callable[..., int]:
    """Make learners."""

    def make(**settings: object) -> int:
        with writing(session):
            user = User(fs_uniquifier=uuid.uuid4().hex, created_epoch_s=NOW, **settings)
            session.add(user)
            session.flush()
            return user.id

    return make


@pytest.fixture
def learner(new_learner: Callable[..., int]) -> int:
    """A guest in UTC who learns ten new facts a day."""
    return new_learner()
