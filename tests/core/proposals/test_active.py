"""What somebody did to something is proposed as the passive says it: by whom, when, on what."""

import pytest

from app.core.facts import Relation
from app.core.proposals import Context, propose
from app.core.proposals.verbs import doers_of, objects_of
from app.core.starter import STARTER_RELATIONS
from app.core.wording import display

CONTEXT = Context(starters=STARTER_RELATIONS)


def told(sentence: str, context: Context = CONTEXT) -> tuple[str, str, str]:
    made = propose(sentence, context)
    return made.subject, made.relation, display(made.value) if made.value else ""


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "Architect Zuri Okafor designed the stadium in Leeds.",
            ("the stadium", "designed_by", "Zuri Okafor"),
        ),
        ("Ada Holm built the Corvid engine.", ("the Corvid engine", "built_by", "Ada Holm")),
        (
            "The team trained the network on satellite images.",
            ("the network", "trained_on", "satellite images"),
        ),
        (
            "Vela Labs trained Corvid-2 on the Common Crawl archive.",
            ("Corvid-2", "trained_on", "Common Crawl"),
        ),
        (
            "Halden Foods opened its first bakery in Narvik in 1998.",
            ("Halden Foods's first bakery", "opened_on", "1998"),
        ),
        (
            "The clinic opened its new wing on 3 October 2022.",
            ("the clinic's new wing", "opened_on", "3 October 2022"),
        ),
        ("Sailors named the strait after Captain Holm.", ("the strait", "named_after", "Holm")),
        (
            "The club bought the new stadium for £85 million.",
            ("the new stadium", "cost", "£85 million"),
        ),
        (
            "Halden Foods named Eva Moe chief executive.",
            ("Halden Foods", "chief_executive", "Eva Moe"),
        ),
        (
            "The factory in Kobe produces 310 gigawatt hours a year.",
            ("the factory in Kobe", "produces", "310 gigawatt hours"),
        ),
    ],
)
def test_news_in_the_active_voice_finds_its_relation(
    sentence: str, expected: tuple[str, str, str]
) -> None:
    assert told(sentence) == expected


@pytest.mark.parametrize(
    ("sentence", "wrong"),
    [
        ("Sofia Lind started the company in Bergen.", "Bergen"),
        ("Engineers in Tartu designed the cooling system.", "the cooling system"),
        ("Officials said that resistant strains killed 4,000 people.", "that resistant strains"),
        ("A team led by Jan Krause at Vela Labs read the strain that caused the famine.", "famine"),
        ("Turku paid half of the cost, and Vela Labs added 5 million euros.", "Turku"),
        ("The bridge was opened in 1901 and named in 1950.", "1950"),
        ("The team trained the network on how to see.", "the network"),
    ],
)
def test_nothing_is_said_of_what_only_stands_near(sentence: str, wrong: str) -> None:
    made = propose(sentence, CONTEXT)
    assert wrong not in made.subject or not made.relation


def test_a_decks_own_passive_relation_is_found_in_the_active_too() -> None:
    own = Relation("leased", "?", "", "{subject} was leased to {value}.", "entity")
    found = told("The city leased the old quay to Oslo Lines.", Context(relations=(own,)))
    assert found == ("the old quay", "leased", "Oslo Lines")


def test_passive_phrases_give_the_verbs_of_who_does_it() -> None:
    assert objects_of(["was released on", "was born in", "is written in", "cost"], "date") == (
        ("released", "on"),
        ("released", "in"),
        ("wrote", "on"),
        ("wrote", "in"),
    )
    assert objects_of(["was trained on", "was printed by"], "entity") == (("trained", "on"),)
    assert doers_of(["was set up by", "were written by", "created by"]) == ("set up", "wrote")
