"""Where sentences end, and where they only seem to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.proposals.sentences import LONGEST, split


def texts(text: str) -> list[str]:
    return [one.text for one in split(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Dr. Osei met Mr. Lund and Mrs. Vos in St. Gallen.",
        "J. R. Holloway and C. S. Lindqvist wrote it.",
        "The U.S. government paid for it.",
        "It cost 5.58 million, i.e. less than planned.",
        "Vela Inc. sold 3.5 m units.",
        "The train left at 9 a.m. sharp.",
        "See Fig. 3 and p. 12 for more.",
        '"Why?" she asked.',
        "The firm, approx. 40 years old, failed...or so it seemed.",
        "On 3 Jan. 2024 it rained.",
    ],
)
def test_one_sentence_stays_one(text: str) -> None:
    assert texts(text) == [text]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("It rained. It snowed.", ["It rained.", "It snowed."]),
        ("He lives in the U.S. He likes it.", ["He lives in the U.S.", "He likes it."]),
        ("She runs Vela Inc. The firm grew.", ["She runs Vela Inc.", "The firm grew."]),
        ('He said "no." Then he left.', ['He said "no."', "Then he left."]),
        ("Really?! Yes. (It was.) Done.", ["Really?!", "Yes.", "(It was.)", "Done."]),
        ("One para\nwrapped here.\n\nTwo.", ["One para\nwrapped here.", "Two."]),
        ("# Heading\n- First point\n- Second point", ["Heading", "First point", "Second point"]),
        ("That was I. We left.", ["That was I.", "We left."]),
        ("It is no. Then again, yes.", ["It is no.", "Then again, yes."]),
    ],
)
def test_sentences_are_parted(text: str, parts: list[str]) -> None:
    assert texts(text) == parts


@given(st.text(alphabet=st.sampled_from("aB .!?\n\"'”)-1U.S。\r\t"), max_size=400))
def test_sentences_stand_in_their_text_in_order_and_nothing_but_space_is_lost(text: str) -> None:
    end = 0
    for one in split(text):
        assert one.start >= end
        assert text[one.start : one.end] == one.text
        assert 0 < len(one.text) <= LONGEST
        assert one.text == one.text.strip()
        lost = text[end : one.start]
        assert not any(char.isalpha() for char in lost)
        end = one.end
    assert not any(char.isalpha() for char in text[end:])


def test_what_never_ends_is_cut_at_a_space() -> None:
    cut = texts("word " * 1000)
    assert len(cut) > 4
    assert all(len(one) <= LONGEST and one.startswith("word") for one in cut)
    assert len(texts("x" * 5000)) == 6
