"""A small deck and learners for the tests of services."""

import re
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest
from sqlalchemy import Connection, Engine, TextClause, event
from sqlalchemy.orm import Session

from app.core.facts import Deck, Evidence, Fact, Relation, Source, Stance
from app.core.values import DateValue, Entity, EntityValue, MoneyValue, NumberValue, TextValue
from app.models.database import writing
from app.models.people import User
from app.services.decks import import_deck

NOW = 1_763_900_000
"""2025-11-23 12:13:20 UTC."""
CITIES = ("Lisbon", "Porto", "Bergen", "Turku", "Riga", "Gdańsk", "Ghent", "Trieste")

KINDS = {
    "changed": r"\s*(?:INSERT INTO|UPDATE|DELETE FROM) (?:fact|entity|relation|source)\b",
    "raised": r"\s*(?:INSERT INTO deck |DELETE FROM deck |UPDATE deck SET .*\brevision=)",
}
"""Statements that change what is in a deck, and those that raise its revision."""


class Watched:
    """The transactions of an engine: which kinds of statements were in each that is open."""

    def __init__(self) -> None:
        self.kinds: dict[int, set[str]] = defaultdict(set)
        """By the connection: threads have transactions at once."""

    def sent(self, *told: object) -> None:
        """Look at a statement; text is a test's own."""
        connection, _, statement, _, context, _ = told
        if not isinstance(getattr(context, "invoked_statement", None), TextClause):
            found = {kind for kind, one in KINDS.items() if re.match(one, str(statement))}
            self.kinds[id(connection)] |= found

    def committed(self, connection: Connection) -> None:
        """Refuse a change that did not raise a revision."""
        kinds = self.kinds.pop(id(connection), set())
        assert kinds != {"changed"}, "a deck was changed, and its revision was not raised"

    def undone(self, connection: Connection) -> None:
        """Forget what was rolled back."""
        self.kinds.pop(id(connection), None)


@pytest.fixture(autouse=True)
def changed_decks_say_so(request: pytest.FixtureRequest) -> Iterator[None]:
    """Whatever a service does: no transaction changes a deck and leaves its revision as it was.

    Pages and questions are kept by that. Tests that write rows themselves do so as text, or say
    `writes_rows`.
    """
    if "engine" not in request.fixturenames or request.node.get_closest_marker("writes_rows"):
        yield
        return
    engine: Engine = request.getfixturevalue("engine")
    watched = Watched()
    event.listen(engine, "before_cursor_execute", watched.sent)
    event.listen(engine, "commit", watched.committed)
    event.listen(engine, "rollback", watched.undone)
    yield  # an engine's next user takes all this away (`standing.forget`)


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
