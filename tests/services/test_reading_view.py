"""Passages in an article: overlapping, nested, and over the end of a paragraph."""

from app.services.source_edits import FollowedFact
from app.services.sources import pieces

TEXT = "One two three.\n\nFour five."


def spans(*quotes: str) -> list[tuple[int, int, int]]:
    return [
        (TEXT.index(quote), TEXT.index(quote) + len(quote), number)
        for number, quote in enumerate(quotes, 1)
    ]


def test_overlapping_passages_share_a_piece_and_each_number_stands_at_its_end() -> None:
    found = pieces(TEXT, (0, 14), spans("One two", "two three."))
    assert [(one.text, one.numbers, one.ending) for one in found] == [
        ("One ", (1,), ()),
        ("two", (1, 2), (1,)),
        (" three.", (2,), (2,)),
    ]


def test_a_passage_goes_on_in_the_next_paragraph() -> None:
    whole = spans("three.\n\nFour")
    first, second = pieces(TEXT, (0, 14), whole), pieces(TEXT, (16, 26), whole)
    assert [(one.text, one.numbers, one.ending) for one in first] == [
        ("One two ", (), ()),
        ("three.", (1,), ()),
    ]
    assert [(one.text, one.numbers, one.ending) for one in second] == [
        ("Four", (1,), (1,)),
        (" five.", (), ()),
    ]


def test_a_changed_figure_or_denial_is_to_be_looked_at_twice() -> None:
    def sure(old: str, new: str) -> bool:
        return FollowedFact(1, "", old, new).is_sure

    assert sure("Bonn had 50 ships.", "The town of Bonn had 50 ships.")
    assert not sure("Bonn had 50 ships.", "Bonn had 80 ships.")
    assert not sure("It employs six people.", "It employs seven people.")
    assert sure("Sixteen people met.", "In Bonn sixteen people met.")
    assert not sure("Bonn did it.", "Bonn did not do it.")
    assert not sure("It can't sail.", "It can sail.")
