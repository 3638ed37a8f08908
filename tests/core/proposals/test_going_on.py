"""What later sentences of an article leave out: whole names, "it", "she", the firm; and asking."""

import pytest

from app.core.proposals import Context, Proposal, candidates, propose
from app.core.starter import STARTER_RELATIONS
from app.core.values import DateValue
from app.core.wording import display

LIBRARY = Context(starters=STARTER_RELATIONS)


def last(text: str) -> Proposal:
    """Return what an article's last sentence is proposed as."""
    return max(candidates(text, LIBRARY), key=lambda one: one.sentence.start).proposal


def told(text: str) -> tuple[str, str, str]:
    made = last(text)
    return made.subject, made.relation, display(made.value) if made.value else ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The Arne Bridge was designed by the engineer Ida Moe. She died in 1931.",
            ("Ida Moe", "died_on", "1931"),
        ),
        (
            "The striker Paco Ruz joined in 1978. The fans sang. Ruz died in 2015.",
            ("Paco Ruz", "died_on", "2015"),
        ),
        (
            "Born in Aarhus in 1879, she studied in Lund. Ida Moe died in London in May 1931.",
            ("Ida Moe", "died_on", "May 1931"),
        ),
        (
            "Vela Labs was founded in 2014. The firm is based in Oslo and has 85 employees.",
            ("Vela Labs", "headquartered_in", "Oslo"),
        ),
        (
            "Vela Labs, a small maker of pumps based in Oslo, opened on 3 May 2021.",
            ("Vela Labs", "opened_on", "3 May 2021"),
        ),
        (
            "Vela Labs, a small maker of pumps based in Oslo, built its hall on 3 May 2021.",
            ("Vela Labs", "headquartered_in", "Oslo"),
        ),
        (
            "The chemist Ida Moe taught in Lund. She came in 2018 and holds eleven patents.",
            ("Ida Moe", "", "11 patents"),
        ),
        (
            "Vela Labs opened. It was praised by Norway's energy minister, Tor Lie, who sang.",
            ("Vela Labs", "", "Tor Lie"),
        ),
        (
            "The plant uses a process known as hydrometallurgy.",
            ("", "", "hydrometallurgy"),
        ),
        (
            'The name of the plant means "the harbour works" in Swedish.',
            ("the plant", "defined_as", "the harbour works"),
        ),
        (
            (
                "The Vela Cup is old. The pavilion was built in 1949. "
                "It was renovated at a cost of $14 million."
            ),
            ("the pavilion", "cost", "US$14 million"),
        ),
        (
            "Marl fever is a disease of sheep. The disease was discovered by Ida Moe.",
            ("Marl fever", "discovered_by", "Ida Moe"),
        ),
        (
            "A vaccine for sheep called Orrin was tested. It was developed by Vela Labs.",
            ("Orrin", "developed_by", "Vela Labs"),
        ),
        (
            "A film about the match, Ninety and Thirty, was shown. It was directed by Ida Moe.",
            ("Ninety and Thirty", "directed_by", "Ida Moe"),
        ),
        (
            "The Arne Bridge is old. The bridge museum, founded in 1988 by Ida Moe, is small.",
            ("the bridge museum", "founded_on", "1988"),
        ),
        (
            "Vela Club is old. Its stadium, the Campo Azul, is new. The club was founded in 1903.",
            ("Vela Club", "founded_on", "1903"),
        ),
        (
            "The Arne Bridge is shown in the film The Long Water, directed by Peter Sallow.",
            ("The Long Water", "directed_by", "Peter Sallow"),
        ),
        ("Its rules are old. It won two awards at the Oslo Film Festival.", ("", "", "2 awards")),
        (
            "Vela Club went bankrupt. It has been used by 50,000 walkers.",
            ("Vela Club", "", "50,000 walkers"),
        ),
        (
            "In May a storm with gusts of up to 165 kilometres per hour closed the bridge.",
            ("", "", "at most 165 kilometres per hour"),
        ),
    ],
)
def test_a_sentence_goes_on_with_what_was_spoken_of(
    text: str, expected: tuple[str, str, str]
) -> None:
    assert told(text) == expected


@pytest.mark.parametrize(
    ("sentence", "who", "value"),
    [
        ("The Vela goalkeeper, Ann Moe, claimed that 30 fans died.", "Ann Moe", "30 fans"),
        (
            "Its director, Ann Moe, said last year that it cost $4 million.",
            "Ann Moe",
            "US$4 million",
        ),
        ("Ann Moe claimed in 1933 that 30 people died.", "Ann Moe", "30 people"),
        (
            (
                "A report published by the Vela Centre for Disease Control in 2023 warned that "
                "it could reach 40 towns."
            ),
            "Vela Centre for Disease Control",
            "40 towns",
        ),
        (
            "The analyst Rosa Lenz of Vela Research believes it cost $4 million.",
            "Rosa Lenz",
            "US$4 million",
        ),
    ],
)
def test_who_says_so_is_named_and_when_they_did_is_no_answer(
    sentence: str, who: str, value: str
) -> None:
    made = propose(sentence, LIBRARY)
    assert made.according_to == who
    assert made.value is not None
    assert display(made.value) == value


@pytest.mark.parametrize(
    ("text", "ask", "say"),
    [
        (
            "Vela Labs is designed for 60,000 tonnes, according to Circular Metals.",
            "For how many tonnes is Vela Labs designed?",
            "Vela Labs is designed for {value}, according to Circular Metals.",
        ),
        (
            "The Arne Bridge is old. The bridge was listed as a monument in 1993.",
            "When was the Arne Bridge listed as a monument?",
            "The Arne Bridge was listed as a monument in {value}.",
        ),
        (
            "Vela Labs is old. It has been owned by the Moe family since 2001.",
            "Since when has Vela Labs been owned by the Moe family?",
            "Vela Labs has been owned by the Moe family since {value}.",
        ),
        (
            "Tolls were collected until 1979.",
            "Until when were tolls collected?",
            "Tolls were collected until {value}.",
        ),
        (
            "The match was broadcast in 47 countries and cheered.",
            "In how many countries was the match broadcast?",
            "The match was broadcast in {value} and cheered.",
        ),
        ("The hymnal is a book printed in 1646.", "", "The hymnal is a book printed in {value}."),
        ("A bill was passed in 1924.", "", "A bill was passed in {value}."),
        ("Ida Moe said that tolls were collected until 1979.", "", None),
        ("Vela Labs, which was sold, had been praised in 1979.", "", None),
    ],
)
def test_a_sentence_that_can_be_turned_round_brings_its_question(
    text: str, ask: str, say: str | None
) -> None:
    made = last(text)
    assert made.ask == ask
    assert made.to_word == (not ask)
    assert say is None or made.say == say


def test_names_in_small_letters_are_known_where_an_article_defines_them() -> None:
    text = "Marl fever is caused by the bacterium Coxa brannickii. The bacterium is old."
    assert last(f"Marl fever is a disease. {text}").subject == "Coxa brannickii"
    assert (
        told("It is a plant Orca began to use. In 1999 Orca was built by Vela Labs.")[0] == "Orca"
    )


def test_an_article_s_day_is_still_its_own() -> None:
    published = Context(starters=STARTER_RELATIONS, published=DateValue(2024, 5, 1))
    assert propose("The Vela Trust employs 34 people.", published).as_of == DateValue(2024, 5, 1)
