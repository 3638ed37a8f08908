"""Each rule of item writing finds its flaw, and leaves a sound question alone."""

from dataclasses import replace

import pytest

from app.core.lint import QUESTION_RULES, check_question
from app.core.lint.options import size_of_text
from app.core.questions.question import Direction, Question, QuestionType

SOUND = Question(
    fact_key="founder",
    type=QuestionType.MULTIPLE_CHOICE,
    direction=Direction.FORWARD,
    stem="Who founded DeepSeek?",
    keys=("Liang Wenfeng",),
    options=("Robin Li", "Liang Wenfeng", "Alexandr Wang", "Sam Altman"),
    statement="DeepSeek was founded by Liang Wenfeng.",
)
CLOZE = replace(SOUND, type=QuestionType.CLOZE, stem="DeepSeek was founded by _____.", options=())
DATED = replace(
    SOUND,
    stem="When was DeepSeek-R1 released?",
    keys=("20 January 2025",),
    options=("3 March 2024", "20 January 2025", "21 January 2025"),
)
PRICED = replace(
    SOUND,
    stem="What did the training cost?",
    keys=("US$5.58 million",),
    options=("US$4.46 million", "US$5.58 million", "US$7.25 million"),
)


def rules_broken(question: Question) -> set[str]:
    return {finding.rule for finding in check_question(question)}


@pytest.mark.parametrize("question", [SOUND, CLOZE, DATED, PRICED])
def test_a_sound_question_passes_every_rule(question: Question) -> None:
    assert check_question(question) == []


FLAWED = [
    (
        "option-grammar",
        replace(
            SOUND,
            stem="What are the largest planets?",
            keys=("gas giants",),
            options=("gas giants", "ice giants", "a dwarf"),
        ),
    ),
    (
        "option-grammar",
        replace(SOUND, keys=("by sea",), options=("by sea", "by air", "the desert")),
    ),
    (
        "option-grammar",
        replace(
            SOUND,
            stem="What fits the gap? It is a _____.",
            keys=("metal",),
            options=("metal", "acid", "gas"),
        ),
    ),
    ("key-not-offered", replace(SOUND, keys=("Jack Ma",))),
    ("key-not-offered", replace(SOUND, options=(*SOUND.options, "Liang Wenfeng"))),
    ("key-not-offered", replace(SOUND, keys=("Robin Li", "Sam Altman"))),
    ("duplicate-options", replace(SOUND, options=(*SOUND.options, "robin  li"))),
    (
        "overlapping-options",
        replace(SOUND, keys=("1 to 3 km",), options=("1 to 3 km", "2 to 6 km", "8 to 9 km")),
    ),
    ("article-clue", replace(CLOZE, stem="DeepSeek is an _____.")),
    (
        "key-alone-qualified",
        replace(SOUND, keys=("mainly coal",), options=("oil", "mainly coal", "gas")),
    ),
    (
        "grammar-clue",
        replace(
            SOUND,
            stem="What were the exports of the island?",
            keys=("bananas",),
            options=("sugar", "bananas", "copper"),
        ),
    ),
    (
        "grammar-clue",
        replace(SOUND, keys=("by sea",), options=("caravans", "by sea", "the railway")),
    ),
    (
        "misfit-in-gap",
        replace(
            SOUND,
            stem="Which country fits the gap? The king of the _____ is Willem.",
            keys=("Netherlands",),
            options=("Netherlands", "the Gambia", "Bahamas"),
        ),
    ),
    ("combined-options", replace(SOUND, options=(*SOUND.options, " and ".join(SOUND.options)))),
    ("uneven-figures", replace(PRICED, options=(*PRICED.options, "US$900"))),
    ("mixed-options", replace(DATED, options=(*DATED.options, "February 2025"))),
    ("mixed-options", replace(PRICED, options=(*PRICED.options, "a fortune"))),
    ("catch-all-option", replace(SOUND, options=(*SOUND.options, "None of the above"))),
    ("long-option", replace(SOUND, options=(*SOUND.options, "x" * 121))),
    ("vague-option", replace(SOUND, options=(*SOUND.options, "Usually Jack Ma"))),
    (
        "key-longest",
        replace(
            SOUND,
            keys=("Liang Wenfeng of Hangzhou himself",),
            options=("Robin Li", "Liang Wenfeng of Hangzhou himself"),
        ),
    ),
    (
        "key-alone-in-figures",
        replace(SOUND, keys=("H800",), options=("H800", "Ascend", "Instinct")),
    ),
    (
        "clang",
        replace(
            SOUND,
            stem="Who runs the hedge fund?",
            keys=("Hedge Partners",),
            options=("Hedge Partners", "Bernstein", "Nvidia"),
        ),
    ),
    ("unordered-figures", replace(DATED, options=DATED.options[::-1])),
    ("unordered-figures", replace(PRICED, options=PRICED.options[::-1])),
    ("answer-in-stem", replace(SOUND, stem="Who is the Liang Wenfeng that founded DeepSeek?")),
    ("answer-in-stem", replace(CLOZE, stem="Liang Wenfeng says he is _____.")),
    ("not-a-question", replace(SOUND, stem="The founder of DeepSeek")),
    ("not-a-question", replace(CLOZE, stem="_____ was founded by _____.")),
    ("long-stem", replace(SOUND, stem="Who " + "really " * 50 + "founded it?")),
    ("absolute-terms", replace(SOUND, stem="Who always founds firms?")),
    ("negated-stem", replace(SOUND, stem="Who did not found DeepSeek?")),
    ("negated-stem", replace(SOUND, stem="Who didn't found DeepSeek?")),
    ("double-negative", replace(CLOZE, stem="It is not impossible that it was _____.")),
    ("double-negative", replace(SOUND, stem="Who did not?", options=("nobody", "Liang Wenfeng"))),
    ("doubled-punctuation", replace(SOUND, statement="It was founded by Acme Inc..")),
    ("doubled-punctuation", replace(CLOZE, stem="DeepSeek was founded by _____ .")),
    ("lower-start", replace(SOUND, stem="who founded DeepSeek?")),
    ("several-of-one", replace(PRICED, options=("1 strings", "2 strings", "4 strings"))),
]


@pytest.mark.parametrize(("rule", "question"), FLAWED)
def test_a_rule_finds_its_flaw(rule: str, question: Question) -> None:
    assert rule in rules_broken(question)


def test_every_rule_has_a_flawed_example() -> None:
    assert {rule.name for rule in QUESTION_RULES} == {rule for rule, _ in FLAWED}


TITLES = replace(
    SOUND,
    stem="Which firm filmed Do Not Look Up and Never Let Me Go?",
    keys=("Almost Never Films",),
    options=("Almost Never Films", "Only Sometimes Films", "The Usually Company"),
)
CHOSEN = replace(
    SOUND, keys=("iron",), options=("copper", "iron", "tin"), stem="Which metal is it?"
)
CLEAN = [
    ("key-not-offered", replace(SOUND, type=QuestionType.ORDERING, options=SOUND.keys)),
    ("duplicate-options", replace(SOUND, keys=("H100",), options=("H100", "H800", "H80"))),
    ("overlapping-options", replace(PRICED, options=("1 to 3 km", "4 to 6 km", "8 to 9 km"))),
    ("article-clue", replace(CLOZE, stem="DeepSeek is a/an _____.")),
    (
        "key-alone-qualified",
        replace(SOUND, keys=("mainly coal",), options=("partly oil", "mainly coal", "gas")),
    ),
    (
        "grammar-clue",
        replace(
            SOUND,
            stem="What were the exports of the island?",
            keys=("bananas",),
            options=("sweets", "bananas", "skins"),
        ),
    ),
    ("option-grammar", replace(SOUND, keys=("by sea",), options=("by sea", "by air", "by rail"))),
    (
        "misfit-in-gap",
        replace(SOUND, stem="Which fits the gap? He rules the _____.", options=("Hague", "Gambia")),
    ),
    ("combined-options", replace(CHOSEN, options=("salt", "iron", "iron and steel"))),
    ("uneven-figures", replace(PRICED, options=("US$4.4 million", "US$5.5 million"))),
    ("mixed-options", replace(SOUND, keys=("H800",), options=("H800", "A100", "Ascend"))),
    ("catch-all-option", replace(SOUND, options=("All Saints", "None the Wiser"))),
    ("long-option", replace(SOUND, options=("x" * 120, *SOUND.options))),
    ("vague-option", TITLES),
    (
        "key-longest",
        replace(
            SOUND,
            keys=("Liang Wenfeng of Hangzhou",),
            options=("Robin Li of the Capital", "Liang Wenfeng of Hangzhou"),
        ),
    ),
    ("key-alone-in-figures", replace(SOUND, keys=("H800",), options=("H800", "A100", "Ascend"))),
    (
        "clang",
        replace(
            SOUND,
            stem="Who runs the hedge fund?",
            keys=("Hedge Partners",),
            options=("Hedge Partners", "Green Hedge", "Nvidia"),
        ),
    ),
    ("unordered-figures", replace(CHOSEN, options=("H800", "A100", "B200"))),
    ("answer-in-stem", replace(SOUND, keys=("iron",), stem="What do ironworkers smelt?")),
    ("not-a-question", replace(CLOZE, stem="DeepSeek was founded by _____ in 2023.")),
    ("long-stem", replace(SOUND, stem="W" + "o" * 298 + "?")),
    ("absolute-terms", TITLES),
    ("negated-stem", TITLES),
    ("double-negative", replace(CLOZE, stem="Neither France nor Spain was ruled by _____.")),
    ("double-negative", replace(TITLES, stem="Who was never in Do Not Look Up?")),
    ("doubled-punctuation", replace(SOUND, statement="It took 3.5 hours... and then some!")),
    ("lower-start", replace(SOUND, stem="iPhone makers are led by whom?")),
    ("several-of-one", replace(PRICED, options=("0.1 metres", "21 strings", "1 hertz"))),
    ("several-of-one", replace(SOUND, stem="Where is it that line U1 ends?")),
]
"""Near misses: what a rule is about, but done well."""


@pytest.mark.parametrize(("rule", "question"), CLEAN)
def test_a_rule_leaves_a_near_miss_alone(rule: str, question: Question) -> None:
    assert rule not in rules_broken(question)


def test_every_rule_has_a_near_miss() -> None:
    assert {rule.name for rule in QUESTION_RULES} == {rule for rule, _ in CLEAN}


def test_a_clang_that_every_option_shares_is_none() -> None:
    question = replace(
        SOUND,
        stem="Which model by DeepSeek is cheapest to train?",
        keys=("DeepSeek-V3",),
        options=("DeepSeek-R1", "DeepSeek-V3"),
    )
    assert "clang" not in rules_broken(question)


def test_a_choice_between_two_named_answers_is_no_leak() -> None:
    question = replace(
        CLOZE, type=QuestionType.SHORT_ANSWER, stem="Is it higher or lower?", keys=("higher",)
    )
    assert "answer-in-stem" not in rules_broken(question)


def test_names_such_as_iphone_may_begin_a_stem() -> None:
    assert "lower-start" not in rules_broken(replace(SOUND, stem="iPhone makers are led by whom?"))


def test_figures_in_names_need_no_order() -> None:
    craft = ("Venera 9", "Voyager 1", "Mariner 9", "Voyager 2")
    question = replace(SOUND, keys=("Voyager 2",), options=craft)
    assert "unordered-figures" not in rules_broken(question)
    assert size_of_text("CHF 5 million") == (5_000_000,)
