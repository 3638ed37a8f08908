"""Responses that were judged by hand before the rules were run on them.

Round 1 was written before they were mended, the others after, rounds 4 to 6 (`unseen`), 7 and 8
(`fresh`) in the way of question sets and their reading machines, 9 and 10 (`later`) as learners
type, 11 and 12 (`further`) of other fields and tongues, 13, 14, 19 in the manner of published sets
of questions whose answers systems gave and people judged, 15 and 16 (`amounts`) of figures and
dates alone, 17 and 18 (`prose`) of names and reasons in a learner's words: docs/decisions.md
has the rates of each first run.
What is still marked otherwise than by hand stays in the files.
"""

import json
import re
from pathlib import Path

import pytest

from app.core.grading import grade_line
from app.core.marking import mark_value
from app.core.values import Entity, EntityValue

CORPORA = Path(__file__).parents[2] / "corpora"
MOST_REJECTED = {
    "responses_held_out": 0.035,
    "responses_unseen": 0.07,
    "responses_fresh": 0.085,
    "responses_later": 0.07,
    "responses_further": 0.07,
    "responses_thirteenth": 0.1,
    "responses_fourteenth": 0.115,
    "responses_nineteenth": 0.13,
    "responses_amounts": 0.035,
    "responses_prose": 0.095,
}
"""The share of right answers that may be refused, by file; none may come to more."""
MOST_ACCEPTED = 0.005
TURNS = re.compile(
    r"\b(?:not?|never|neither|nor|without|except|lack|less|\w+less)\b|n't", re.IGNORECASE
)
"""Names that deny something of their own."""


def rate(name: str, *, correct: bool) -> float:
    """Return the share of right or wrong responses that are not marked so."""
    rows = [json.loads(line) for line in (CORPORA / f"{name}.jsonl").read_text().splitlines()]
    judged = [row for row in rows if row["correct"] is correct]
    missed = [row for row in judged if grade_line(json.dumps(row))["correct"] is not correct]
    return len(missed) / len(judged)


@pytest.mark.parametrize("name", MOST_REJECTED)
def test_few_right_answers_are_refused(name: str) -> None:
    assert rate(name, correct=True) <= MOST_REJECTED[name]


@pytest.mark.parametrize("name", MOST_REJECTED)
def test_hardly_a_wrong_answer_is_taken(name: str) -> None:
    assert rate(name, correct=False) <= MOST_ACCEPTED


@pytest.mark.parametrize(
    ("name", "response"),
    [
        ("methane", "ethane"),
        ("friction", "fiction"),
        ("sodium chloride", "sodium chlorite"),
        ("Björk", "Bjorn"),
        ("Seoul", "soul"),
        ("$5 million", "$50 million"),
        ("$5 million", "€5 million"),
        ("the right to remain silent", "no right to remain silent"),
        ("because it lacks chlorophyll", "because it has chlorophyll"),
        ("because it kills bacteria", "because it has bacteria"),
        ("because it stopped raining", "because it was raining"),
        ("it has bacteria", "soap kills bacteria"),
        ("it has no chlorophyll", "it has chlorophyll"),
        ("it dissolves", "it doesn't dissolve"),
        ("Serena Williams", "Venus Williams"),
        ("Serena Williams", "V. Williams"),
        ("John F. Kennedy", "John F. Kerry"),
        ("World Health Organization", "World Organization"),
        ("Mexico", "Mexico City"),
        ("Lake Victoria", "Queen Victoria"),
        ("General Motors", "Motors"),
        ("three years", "three"),
        ("state", "station"),
        ("Nashville, Tennessee", "Tennessee"),
        ("Nashville, Tennessee", "Nashville, Indiana"),
        ("Paris", "Paris, Texas"),
        ("Jordan", "the River Jordan"),
        ("Queen Victoria", "Lake Victoria"),
        ("the early 1920s", "the 1920s"),
        ("4.5 billion years", "45 billion years"),
        ("her grandmother", "her grandfather"),
        ("3-0", "3-00"),
        ("Denver Broncos", "Denver"),
        ("Los Angeles Times", "Times"),
        ("Wembley Stadium", "Wembley Stadium, Old Trafford"),
        ("Berlin Airport", "Berlin"),
        ("Korea", "Republic of Korea"),
        ("Petersburg", "St. Petersburg"),
        ("Main Street Bridge", "Main Street"),
        ("a decrease in price", "an increase in price"),
        ("potassium", "k"),
        ("John Adams", "John Quincy Adams"),
        ("George Bush", "George W. Bush"),
        ("Michael Jordan", "Michael B. Jordan"),
        ("Ludwig II of Bavaria", "Ludwig I of Bavaria"),
        ("Elizabeth I", "Elizabeth II"),
        ("Ludwig II of Bavaria", "Ludwig II of Hungary"),
        ("Boston University", "Boston"),
        ("Birmingham, Alabama", "Birmingham, England"),
        ("Hyde Park", "Hyde"),
        ("General Motors Company", "General"),
        ("A Tale of Two Cities", "Two Cities"),
        ("Marie Curie", "wife Marie Curie"),
        ("Marie Curie", "daughter of Marie Curie"),
        ("House of Cards", "Cards"),
        ("1066", "1066 BC"),
        ("The Diary of Anne Frank", "Anne Frank"),
        ("Who's Afraid of Virginia Woolf?", "Virginia Woolf"),
        ("March 2011", "11 March"),
        ("Ulm", "He left Ulm"),
        ("Ulm", "expelled from Ulm"),
        ("Napoleon", "Wellington was defeated by Napoleon"),
        ("Julius Caesar", "Caesar killed Brutus"),
        ("Black Sea", "Black"),
        ("Virgin Islands", "virgins"),
        ("Thirteenth Amendment", "13"),
        ("Thirteenth Amendment", "the 14th"),
        ("the ninth month of the year", "ninth day"),
        ("4 minutes and 33 seconds", "4:53"),
        ("PlayStation 4", "PS3"),
        ("Georgia", "the German team"),
        ("Bill Gates and Paul Allen", "Gates and Ballmer"),
        ("Bill Gates and Paul Allen", "Gates"),
        ("Admiral Nelson", "Nelson Mandela"),
        ("Admiral Nelson", "General Judd Nelson"),
        ("Adele", "Adela"),
        ("Moses", "Muses"),
        ("painter", "printer"),
        ("cottage cheese", "cottage"),
        ("Baker Street", "221B Barker Street"),
        ("fly", "the fruit fly"),
        ("London, England", "London, Scotland"),
        ("Au", "gold"),
        ("Florence", "Florence, South Carolina"),
        ("Hamlet", "Hamlet, the Merchant of Venice"),
        ("Nineteen Eighty-Four", "1948"),
        ("the storming of the Bastille", "the Bastille was built"),
        ("carbon", "carbonate"),
        ("a pride", "bride"),
        ("hearing", "healing"),
        ("the leaves", "leave"),
        ("Florida", "GA"),
        ("Marie and Pierre Curie", "Marie and Irène Curie"),
        ("Mark Zuckerberg", "Facebook's former owner Mark"),
        ("football", "American football"),
        ("Thurgood Marshall", "Marshall Islands"),
    ],
)
def test_another_thing_is_not_a_way_to_write_it(name: str, response: str) -> None:
    line = {"value": {"kind": "text", "text": name}, "response": response}
    assert not grade_line(json.dumps(line))["correct"]


def test_words_behind_a_known_acronym_must_be_its_own() -> None:
    value = {"kind": "entity", "name": "European Court of Human Rights", "aliases": ["ECHR"]}
    for response, right in (("ECHR", True), ("European Convention on Human Rights", False)):
        assert grade_line(json.dumps({"value": value, "response": response}))["correct"] is right


@pytest.mark.parametrize(
    ("name", "response"),
    [
        ("Queen Elizabeth I", "Elizabeth the First"),
        ("Ludwig II of Bavaria", "King Ludwig the 2nd"),
        ("Henry VIII", "King Henry the 8th of England"),
        ("Yale University", "Yale"),
        ("Yellowstone National Park", "Yellowstone Park"),
        ("The Walt Disney Company", "Disney"),
        ("Ford Motor Company", "Ford"),
        ("the House of Commons", "the Commons"),
        ("the Supreme Court of the United States", "Supreme Court"),
        ("Indiana Jones and the Last Crusade", "The Last Crusade"),
        ("the Nobel Peace Prize", "the Nobel Prize for Peace"),
        ("Simon and Garfunkel", "Paul Simon & Art Garfunkel"),
        ("Orville and Wilbur Wright", "Wilbur and Orville Wright"),
        ("Serena Williams", "tennis player Serena Williams"),
        ("Emmeline Pankhurst", "Emmeline Pankhurst, the suffragette"),
        ("in the Middle Ages", "during the Middle Ages"),
        ("a person who studies rocks", "someone studying rocks"),
        ("both parents", "both of the parents"),
        ("Ulm", "He was born in Ulm"),
        ("Ulm", "He was born in Ulm in 1879"),
        ("Tom Hanks", "Forrest Gump was played by Tom Hanks"),
        ("Germany", "Germany won the 2014 World Cup"),
        ("Germany", "the German national football team"),
        ("trumpet", "He played the trumpet"),
        ("Mars", "the Roman god Mars"),
        ("Eagles", "American rock band Eagles"),
        ("Genesis", "the Book of Genesis"),
        ("turmeric", "ground turmeric"),
        ("Treaty of Versailles", "the Treaty of Versailles, signed in 1919"),
        ("Adriatic Sea", "the Adriatic"),
        ("Canary Islands", "the Canaries"),
        ("Rocky Mountains", "the Rockies"),
        ("Thirteenth Amendment", "the 13th"),
        ("Thirteenth Amendment", "the thirteenth amendment to the Constitution"),
        ("the ninth month of the Islamic calendar", "9th month"),
        ("4 minutes and 33 seconds", "4:33"),
        ("PlayStation 4", "PS4"),
        ("Bill Gates and Paul Allen", "Allen and Gates"),
        ("nectar and pollen", "both nectar and pollen"),
        ("Admiral Nelson", "Admiral Horatio Nelson"),
        ("Napoleon Bonaparte", "Emperor Napoleon"),
        ("Rembrandt", "Rembrandt van Rijn"),
        ("feta cheese", "feta"),
        ("Baker Street", "221B Baker Street"),
        ("London, England", "London, UK"),
        ("about 66 million years ago", "66 mya"),
        ("by drinking hemlock", "he drank hemlock"),
        ("the Nile", "Nile river (6,650 km)"),
        ("gold", "Au"),
        ("Nineteen Eighty-Four", "1984"),
        ("France", "the French"),
        ("Istanbul", "modern-day Istanbul"),
        ("by echolocation", "using echolocation"),
        ("the storming of the Bastille", "The Bastille was stormed"),
        ("Yuri Gagarin", "Soviet cosmonaut Yuri Gagarin"),
        ("the leaves", "leaf"),
        ("yen", "the Japanese yen"),
        ("Spain", "only Spain"),
        ("the Andes", "the Andes Mountains"),
        ("hearing", "the sense of hearing"),
        ("Florida", "FL"),
        ("Leonardo DiCaprio", "Leo DiCaprio"),
        ("Marie and Pierre Curie", "the Curies"),
        ("Orville and Wilbur Wright", "the Wright brothers"),
        ("Mark Zuckerberg", "Facebook founder Mark Zuckerberg"),
        ("carbon dioxide", "carbon dioxide (CO2) gas"),
        ("by heating sand", "sand is heated"),
    ],
)
def test_a_name_is_known_by_its_parts_and_with_what_it_is(name: str, response: str) -> None:
    line = {"value": {"kind": "text", "text": name}, "response": response}
    assert grade_line(json.dumps(line))["correct"]


@pytest.mark.parametrize(
    ("amount", "response", "right"),
    [
        ("0.5", "half", False),
        ("0.5", "half a percent", True),
        ("0.5", "one half of one percent", True),
        ("50", "half", True),
        ("25", "a fourth", True),
        ("25", "a third", False),
    ],
)
def test_a_share_of_the_whole_is_not_a_share_of_a_percent(
    amount: str,
    response: str,
    right: bool,  # noqa: FBT001 a case of the table
) -> None:
    line = {"value": {"kind": "number", "amount": amount, "unit": "%"}, "response": response}
    assert grade_line(json.dumps(line))["correct"] is right


@pytest.mark.parametrize(
    ("value", "response", "right"),
    [
        ({"kind": "money", "amount": "11000000", "currency": "SEK"}, "11 million kronor", True),
        ({"kind": "money", "amount": "11000000", "currency": "SEK"}, "11 million kroner", False),
        ({"kind": "money", "amount": "500", "currency": "PKR"}, "500 rupees", True),
        ({"kind": "money", "amount": "500", "currency": "PKR"}, "500 Indian rupees", False),
        ({"kind": "range", "low": "4.3", "high": "5.7", "unit": "m"}, "4.3-5.7m", True),
        ({"kind": "range", "low": "4.3", "high": "5.7", "unit": "km"}, "4.3-5.7m", False),
        ({"kind": "number", "amount": "300", "unit": "points"}, "a score of 300", True),
        ({"kind": "number", "amount": "15", "unit": "players"}, "15 a side", True),
        ({"kind": "number", "amount": "46", "unit": "chromosomes"}, "46 (23 pairs)", True),
        ({"kind": "number", "amount": "46", "unit": "chromosomes"}, "46 (or 48)", False),
        ({"kind": "number", "amount": "64", "unit": ""}, "8x8 = 64", True),
        ({"kind": "number", "amount": "64", "unit": ""}, "64 x 2 = 128", False),
        ({"kind": "date", "date": "1215"}, "It was sealed in 1215", True),
        ({"kind": "date", "date": "1215"}, "It was sealed before 1215", False),
    ],
)
def test_amounts_and_dates_in_a_few_words(
    value: dict[str, str],
    response: str,
    right: bool,  # noqa: FBT001 a case of the table
) -> None:
    assert grade_line(json.dumps({"value": value, "response": response}))["correct"] is right


NEGATED = ("not {}", "never {}", "without {}", "it is not {}", "anything but {}", "neither {}")
"""Ways to say that something is not the answer."""


def test_no_answer_is_right_that_is_said_not_to_be() -> None:
    names = {
        row["value"].get("name") or row["value"].get("text", "")
        for name in MOST_REJECTED
        for row in map(json.loads, (CORPORA / f"{name}.jsonl").read_text().splitlines())
        if row.get("language", "en") == "en" and row["value"]["kind"] in {"entity", "text"}
    }
    plain = sorted(name for name in names if not TURNS.search(name))
    assert len(plain) > 300
    taken = [
        said.format(name)
        for name in plain
        for said in NEGATED
        if mark_value(EntityValue(Entity(name)), said.format(name)).correct
    ]
    assert not taken


LISTS = ("{} or {}", "{}, {}", "{}/{}", "{}; {}", "{}? {}?", "{} - {}", "maybe {}, maybe {}")
LISTS += ("either {} or {}", "{} (or {})", "{} | {}", "{}. {}.", "{} + {}", "{} & {}", "{} {}")
KNOWN = (
    ("Paris", "London", "Berlin", "New York", "Rome"),
    ("Albert Einstein", "Marie Curie", "Isaac Newton", "Bill Clinton", "Leonardo da Vinci"),
    ("Nvidia", "OpenAI", "General Electric", "Les Misérables", "The Godfather"),
)


@pytest.mark.parametrize("names", KNOWN, ids=lambda names: names[0])
def test_two_names_are_no_answer_where_one_is_asked(names: tuple[str, ...]) -> None:
    taken = [
        (said.format(*pair), name)
        for name in names
        for other in names
        if other != name
        for said in LISTS
        for pair in ((name, other), (other, name))
        if mark_value(EntityValue(Entity(name)), said.format(*pair)).correct
    ]
    assert not taken


def test_a_rival_beside_the_answer_is_another_answer() -> None:
    value = EntityValue(Entity("Paris"))
    for response in ("Paris (London)", "London (Paris)", "Paris, London", "Paris - London"):
        assert not mark_value(value, response, rivals=("London",)).correct
    for response in ("Paris (France)", "Paris, France", "Paris - the capital of France"):
        assert mark_value(value, response, rivals=("London",)).correct
