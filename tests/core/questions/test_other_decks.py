"""Decks of other fields, read from tables: flaws that readers of the questions found."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest

from app.core.facts import Fact
from app.core.lint import lint_deck
from app.core.lint.deck import only_when_right
from app.core.questions import DeckIndex, Direction, Question, QuestionType, mark, questions_of
from app.core.questions.question import Typed
from app.interchange.facts_csv import read_facts_csv

HEAD = "subject,subject_kind,relation,ask,ask_inverse,say,value,value_kind,as_of\n"
WORKS = "".join(
    f"Work {letter}{letter.lower()},work,composer,Who composed {{subject}}?,"
    f'What did {{value}} compose?,"{{value}} composed {{subject}}.",{name},entity,\n'
    for letter, name in zip(
        "ABCDEFGHIJKLMNOPQRST",
        [
            "Ada Birch",
            "Bo Cole",
            "Cy Dean",
            "Di East",
            "Ed Frost",
            "Flo Gray",
            "Gus Hale",
            "Hal Ives",
            "Ida Jones",
            "Jo Kent",
            "Kay Lowe",
            "Lou Moss",
            "May Nash",
            "Nat Owen",
            "Ola Park",
            "Pat Quinn",
            "Ray Reed",
            "Sid Shaw",
            "Ted Toll",
            "Uma Vale",
        ],
        strict=True,
    )
)


def index_of(rows: str) -> DeckIndex:
    return DeckIndex(read_facts_csv(HEAD + rows, "deck"))


def asked(
    index: DeckIndex, question_type: QuestionType, seeds: int = 1
) -> Iterator[tuple[Fact, Question]]:
    for seed in range(seeds):
        for fact in index.facts:
            for question in questions_of(index, fact, seed):
                if question.type is question_type:
                    yield fact, question


def test_every_answer_of_a_relation_is_also_a_wrong_option() -> None:
    wrong: Counter[str] = Counter()
    for _, question in asked(index_of(WORKS), QuestionType.MULTIPLE_CHOICE, seeds=3):
        wrong.update(set(question.options) - set(question.keys))
    people = [count for name, count in wrong.items() if not name.startswith("Work")]
    assert len(people) == 20
    assert max(people) < 4 * min(people)


def test_lint_tells_of_answers_that_are_only_offered_where_they_are_right() -> None:
    assert "only-when-right" not in {one.rule for one in lint_deck(index_of(WORKS))}
    made = [one for _, one in asked(index_of(WORKS), QuestionType.MULTIPLE_CHOICE)]
    told = [replace(one, options=(*one.keys, "Somebody", "Nobody")) for one in made]
    assert [one.rule for one in only_when_right(told)] == ["only-when-right"]


STRINGS = "".join(
    f"{name},instrument,strings,How many strings has {{subject}}?,,{{subject}} has {{value}}.,"
    f"{count} {'string' if count == 1 else 'strings'},number,\n"
    for name, count in (("the monochord", 1), ("the erhu", 2), ("the violin", 4), ("the lute", 6))
)


def test_one_of_a_thing_is_singular_and_several_are_plural() -> None:
    shown = [
        option
        for _, one in asked(index_of(STRINGS), QuestionType.MULTIPLE_CHOICE, 5)
        for option in one.options
    ]
    assert "1 string" in shown
    assert not [option for option in shown if option.endswith("string") != (option == "1 string")]


def test_ranges_have_neighbours_of_their_own_size() -> None:
    row = (
        "blood pH,measure,range,What is the range of {subject}?,"
        ",The range of {subject} is {value}.,"
    )
    index = index_of(row + "7.35-7.45,range,\n")
    for _, question in asked(index, QuestionType.MULTIPLE_CHOICE, seeds=5):
        assert all(float(option.split()[0]) < 15 for option in question.options), question.options


BORN = (
    "Ludwig Berg,composer,born in,Where was {subject} born?,"
    ",{subject} was born in {value}.,Bonn,,\n"
    "Ludwig Berg,composer,born,When was {subject} born?,"
    ",{subject} was born in {value}.,1770,date,\n"
)


def test_a_gap_that_two_facts_share_says_what_it_wants() -> None:
    stems = [question.stem for _, question in asked(index_of(BORN), QuestionType.CLOZE)]
    assert stems == [
        "Ludwig Berg was born in _____ (a name).",
        "Ludwig Berg was born in _____ (a year).",
    ]


def test_a_gap_that_two_facts_share_is_left_out_where_its_kind_does_not_tell() -> None:
    rows = (
        "bones,part,count,How many {subject} has she?,,She has {value}.,206,number,\n"
        "teeth,part,count,How many {subject} has she?,,She has {value}.,32,number,\n"
    )
    assert not list(asked(index_of(rows), QuestionType.CLOZE))


def test_a_gap_for_the_subject_is_left_out_where_another_right_one_stands_beside_it() -> None:
    rows = "".join(
        f"{club},club,city,Which city is {{subject}} from?,Which club is from {{value}}?,"
        "{subject} is from {value}.,Eastvale Bay,,\n"
        for club in ("Eastvale", "Orford Villa")
    )
    for _, question in asked(index_of(rows), QuestionType.CLOZE):
        assert question.direction is Direction.FORWARD, question.stem


def test_true_and_false_are_even_however_the_rows_are_mixed() -> None:
    rows = "".join(
        f"Club {at},club,colours,What are the colours of {{subject}}?,,"
        f"The colours of {{subject}} are {{value}}.,red; blue,set,\n"
        f"Club {at},club,founded,When was {{subject}} founded?,"
        f",{{subject}} was founded in {{value}}.,"
        f"{1900 + at},date,\n"
        for at in range(30)
    )
    keys = Counter(one.keys[0] for _, one in asked(index_of(rows), QuestionType.TRUE_FALSE))
    assert keys["True"] == keys["False"] == 15


def test_matching_and_ordering_name_the_date_that_their_answers_hold_for() -> None:
    rows = "".join(
        f"{town},town,population,What is the population of {{subject}}?,,"
        f"{{subject}} has {{value}}.,{count} inhabitants,number,{year}\n"
        for town, count, year in (
            ("Ash", 12000, 2023),
            ("Elm", 15000, 2023),
            ("Oak", 19000, 2023),
            ("Yew", 11000, 1901),
        )
    )
    index = index_of(rows)
    stems = {
        question_type: {question.stem for _, question in asked(index, question_type)}
        for question_type in (QuestionType.MATCHING, QuestionType.ORDERING)
    }
    assert stems[QuestionType.MATCHING] == {
        "Match each with its answer: As of 2023, what is the population of …?"
    }
    (ordering,) = stems[QuestionType.ORDERING]
    assert ordering.startswith("As of 2023, which order is right")
    assert not [one for fact, one in asked(index, QuestionType.MATCHING) if "yew" in one.fact_keys]


@pytest.mark.parametrize(
    ("subject", "stem"),
    [
        ("the lungs", "Where are the lungs found?"),
        ("the liver", "Where is the liver found?"),
        ("red blood cells", "Where are red blood cells found?"),
    ],
)
def test_verbs_agree_with_a_plural_subject(subject: str, stem: str) -> None:
    rows = (
        f"{subject},part,found,Where is {{subject}} found?,"
        f",{{subject}} is found in {{value}}.,Rome,,\n"
    )
    assert {one.stem for _, one in asked(index_of(rows), QuestionType.SHORT_ANSWER)} == {stem}


def test_a_plural_within_the_subject_leaves_the_verb_alone() -> None:
    rows = (
        "the Alps,range,peak,What is the peak of {subject}?,"
        ",The peak of {subject} is {value}.,Dom,,\n"
    )
    assert [one.stem for _, one in asked(index_of(rows), QuestionType.CLOZE)] == [
        "The peak of the Alps is _____."
    ]


def test_a_plural_relation_names_a_kind_in_the_singular() -> None:
    rows = (
        "the pact,treaty,signatories,Which states signed {subject}?,"
        ",{value} signed {subject}.,A1; B2,set,\n"
    )
    assert {one.kind for one in index_of(rows).deck.entities} == {"treaty", "signatory"}


WHO = "".join(
    f"Thing {at},thing,{relation},Who {verb} {{subject}}?,"
    f",{{subject}} was {verb} by {{value}}.,{name},,\n"
    for at, (relation, verb, name) in enumerate(
        (
            ("opener", "opened", "Agnes Wright"),
            ("designer", "designed", "Henrik Sørensen"),
            ("finder", "found", "Rosa Delgado"),
            ("seller", "bought", "Dunmore United"),
        )
    )
)


def test_people_of_other_relations_are_rivals_where_the_question_asks_who() -> None:
    index = index_of(WHO)
    counts = [len(questions_of(index, fact, 1)) for fact in index.facts]
    assert counts[:3] == [6, 6, 6]
    for _, question in asked(index, QuestionType.MULTIPLE_CHOICE, seeds=3):
        assert "Dunmore United" not in question.options


def test_a_family_name_is_enough_where_the_question_asks_who() -> None:
    typed = [one for _, one in asked(index_of(WHO), QuestionType.SHORT_ANSWER)]
    assert mark(typed[1], Typed("Sørensen")).correct
    assert not mark(typed[3], Typed("United")).correct


def test_things_of_two_kinds_and_vitamins_of_two_letters_are_no_duplicates() -> None:
    rows = (
        "radium,metal,finder,Who found {subject}?,,{value} found {subject}.,Marie Curie,,\n"
        "the radius,bone,place,Where is {subject}?,,{subject} is in {value}.,the forearm,,\n"
        "scurvy,disease,cause,What causes {subject}?,,"
        "{value} causes {subject}.,a lack of vitamin C,,\n"
        "rickets,disease,cause,What causes {subject}?,,"
        "{value} causes {subject}.,a lack of vitamin D,,\n"
    )
    assert "duplicate-entity" not in {one.rule for one in lint_deck(index_of(rows))}


def test_the_inverse_of_a_set_wants_all_of_it() -> None:
    rows = "".join(
        f"{club},club,colours,What are the colours of {{subject}}?,Which club plays in {{value}}?,"
        f"The colours of {{subject}} are {{value}}.,{colours},set,\n"
        for club, colours in (
            ("Ash", "red; blue"),
            ("Elm", "blue; red"),
            ("Oak", "red; green"),
            ("Yew", "black; green"),
        )
    )
    index = index_of(rows)
    keys = {
        fact.subject.name: set(one.keys)
        for fact, one in asked(index, QuestionType.SHORT_ANSWER)
        if one.direction is Direction.INVERSE and fact.subject
    }
    assert keys == {"Ash": {"Ash", "Elm"}, "Elm": {"Ash", "Elm"}, "Oak": {"Oak"}, "Yew": {"Yew"}}


def test_a_longer_name_of_the_deck_is_another_thing() -> None:
    rows = (
        "Inverlay,club,city,Where is {subject} from?,,{subject} is from {value}.,Carrick,,\n"
        "Carrick City,club,city,Where is {subject} from?,,{subject} is from {value}.,Dunmore,,\n"
    )
    first = next(iter(asked(index_of(rows), QuestionType.SHORT_ANSWER)))[1]
    assert mark(first, Typed("Carrick")).correct
    assert not mark(first, Typed("Carrick City")).correct


def test_the_whole_statement_is_an_answer_too() -> None:
    typed = [one for _, one in asked(index_of(WORKS), QuestionType.SHORT_ANSWER)]
    assert typed[0].keys == ("Ada Birch",)
    assert mark(typed[0], Typed("ada birch composed work Aa")).correct
    assert not mark(typed[0], Typed("Bo Cole composed Work Aa.")).correct


def test_an_amount_below_a_round_one_is_not_always_the_largest() -> None:
    row = "Everest,peak,height,How high is {subject}?,,{subject} is {value} high.,"
    index = index_of(row + "8849 m,number,\n")
    places = Counter(
        question.options.index(question.keys[0])
        for _, question in asked(index, QuestionType.MULTIPLE_CHOICE, seeds=40)
    )
    assert set(places) == {0, 1, 2, 3}


def test_no_option_says_what_another_says_too() -> None:
    milks = ["cow", "sheep", "goat and sheep", "cow, sheep and goat", "buffalo", "yak", "mare"]
    rows = "".join(
        f'Cheese {at},cheese,milk,Which milk is {{subject}} made from?,,,"{milk}",text,\n'
        for at, milk in enumerate(milks * 3)
    )
    index = index_of(rows)
    found = {one.rule for one in lint_deck(index)}
    assert not found & {"combined-options", "overlapping-options"}
    asked = [one for fact in index.facts for one in questions_of(index, fact, 1)]
    chosen = [one for one in asked if one.type is QuestionType.MULTIPLE_CHOICE]
    assert chosen
    for one in chosen:
        assert not {"sheep", "goat and sheep"} <= set(one.options)


def test_ranges_of_whole_things_have_whole_neighbours() -> None:
    asks = "How many eggs does {subject} lay?,,{subject} lays {value}."
    rows = "".join(
        f"bird {low},bird,eggs,{asks},{low} to {low + 3} eggs,range,\n" for low in range(1, 9)
    )
    index = index_of(rows)
    stems = [
        one.stem
        for fact in index.facts
        for seed in range(4)
        for one in questions_of(index, fact, seed)
        if one.type is QuestionType.TRUE_FALSE and one.keys == ("False",)
    ]
    assert stems
    assert not [stem for stem in stems if "." in stem.removesuffix(".")]


def test_prices_have_two_decimals_or_none() -> None:
    rows = "".join(
        f"Tea {at},tea,price,What does {{subject}} cost?,,{{subject}} costs {{value}}.,"
        f"EUR {price},money,\n"
        for at, price in enumerate(["14.50", "9.80", "12", "3.75", "0.5"])
    )
    index = index_of(rows)
    keys = {
        one.keys[0]
        for fact in index.facts
        for one in questions_of(index, fact, 1)
        if one.type is QuestionType.SHORT_ANSWER
    }
    assert keys == {"€14.50", "€9.80", "€12", "€3.75", "€0.50"}


FILMS = "subject,relation,value\n" + "".join(
    f"{film},director,{director}\n{film},lead actor,{actor}\n{film},year of release,{year}\n"
    for film, director, actor, year in (
        ("The Wide Sea", "Ada Birch", "Ada Birch", 1941),
        ("Night Train", "Bo Cole", "Cy Dean", 1954),
        ("Old Roads", "Di East", "Ed Frost", 1960),
        ("The Clockmaker", "Flo Gray", "Gus Hale", 1972),
        ("Salt", "Hal Ives", "Ida Jones", 1979),
        ("Letters Home", "Jo Kent", "Bo Cole", 1985),
    )
)


def test_a_table_of_three_columns_asks_as_people_do() -> None:
    """Whoever directs and acts makes no actor a director; the year is when it was released."""
    index = DeckIndex(read_facts_csv(FILMS, "films"))
    asked_of = {
        (fact.relation.key, made.type, made.stem)
        for fact in index.facts
        for made in questions_of(index, fact, 1)
        if fact.relation
    }
    actors = [stem for key, _, stem in asked_of if key == "lead_actor"]
    assert not [stem for stem in actors if "irector" in stem or stem.startswith("What is")]
    years = {(kind, stem) for key, kind, stem in asked_of if key == "year_of_release"}
    assert (QuestionType.SHORT_ANSWER, "When was Salt released?") in years
    assert any(kind is QuestionType.ORDERING for kind, _ in years)
    assert not [stem for _, _, stem in asked_of if "In the case of" in stem]
    assert {one.rule for one in lint_deck(index)} == {"missing-evidence"}


def test_an_order_says_by_what_with_its_accents() -> None:
    rows = "subject,relation,value\n" + "".join(
        f"{name},durée d'affinage,{months} mois\n"
        for name, months in (("comté", 4), ("cantal", 8), ("beaufort", 5), ("brie", 2))
    )
    for language in ("en", "fr"):
        index = DeckIndex(read_facts_csv(rows, "fromages", language=language))
        stems = [made.stem for _, made in asked(index, QuestionType.ORDERING)]
        assert stems
        assert all("durée d'affinage" in stem for stem in stems)


PLAYERS = "subject,relation,value,stance,according_to\n" + "".join(
    f"{name},height,{height} m,,\n{name},date of birth,{born},,\n{name},died on,{died},,\n"
    for name, height, born, died in (
        ("Ada Birch", "1.65", "1947-04-25", "2016-03-24"),
        ("Bo Cole", "1.71", "1960-10-30", "2020-11-25"),
        ("Cy Dean", "1.78", "1945-09-11", "2024-01-07"),
        ("Di East", "1.84", "1929-10-22", "1990-03-20"),
        ("Ed Frost", "1.92", "1938-02-08", "1999-12-03"),
    )
)


def test_amounts_are_as_plausible_and_as_precise_as_those_of_others() -> None:
    index = DeckIndex(read_facts_csv(PLAYERS, "players"))
    heights = [
        option
        for fact, made in asked(index, QuestionType.MULTIPLE_CHOICE, 8)
        if fact.relation and fact.relation.key == "height"
        for option in made.options
    ]
    assert heights
    for option in heights:
        figure = option.removesuffix(" m")
        assert 1.2 <= float(figure) <= 2.5, option
        assert len(figure) == 4, option


def test_nobody_is_put_in_order_with_their_own_death() -> None:
    index = DeckIndex(read_facts_csv(PLAYERS, "players"))
    made = [one for _, one in asked(index, QuestionType.ORDERING, 8) if "earliest" in one.stem]
    assert made
    for one in made:
        names = [option.rsplit(" ", 2)[0].removesuffix(" was") for option in one.options]
        assert len(set(names)) == len(names), one


def test_a_longer_name_in_the_stem_does_not_say_who_claims() -> None:
    rows = "subject,relation,value,stance,according_to\n"
    claim = "Diego Maradona,hand of God goal against,England,claimed,Maradona\n"
    own = "DeepSeek,price,$5 million,claimed,DeepSeek\n"
    index = DeckIndex(read_facts_csv(rows + claim + own, "claims"))
    for fact, made in asked(index, QuestionType.SHORT_ANSWER):
        who = "Maradona" if "God" in made.stem else ""
        assert made.stem.startswith(f"According to {who}," if who else "What is the price"), fact


def test_nothing_is_put_in_order_by_a_verb() -> None:
    rows = "subject,relation,value\n" + "".join(
        f"{name},has won the cup,{times} times\n"
        for name, times in zip("ABCD", (2, 3, 5, 8), strict=True)
    )
    index = DeckIndex(read_facts_csv(rows, "cups"))
    assert not list(asked(index, QuestionType.ORDERING))
    stems = {made.stem for _, made in asked(index, QuestionType.SHORT_ANSWER)}
    assert "How many times has A won the cup?" in stems
