"""Passages followed into a new text: kept word for word, changed a little, or gone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.facts import find_passage
from app.core.passages import Fate, Follower

COST = "It cost 4 million kroner, more than was planned."
OLD = f"""The quay of Bergen was opened in 1893. {COST}

Ada Holm designed it. She died in 1901, and her plans are kept in the town hall."""


def test_a_passage_that_moved_is_kept_however_its_lines_are_broken() -> None:
    new = OLD.split("\n\n")[1] + "\n\nNews of the day.\n\n" + OLD.split("\n\n", maxsplit=1)[0]
    follower = Follower(OLD, new.replace("was opened in 1893", "was\nopened in 1893"))
    quotes = ("Ada Holm designed it.", "The quay of Bergen was opened in 1893.")
    followed = [follower.follow(quote) for quote in quotes]
    assert all(one.is_whole for one in followed)
    assert [one.quote for one in followed] == list(quotes)


@pytest.mark.parametrize(
    ("order", "moved"),
    [("abcde", ""), ("bcdea", "a"), ("eabcd", "e"), ("axbcde", ""), ("acde", ""), ("aebcd", "e")],
)
def test_a_passage_has_moved_where_its_order_among_the_others_has_changed(
    order: str, moved: str
) -> None:
    sentence = {one: f"The {one} of the town was built by the {one} guild." for one in "abcdex"}
    sentence |= {"b": "Nothing else is told of bees.", "d": "In 1893 the quay was opened."}
    new = "\n\n".join(sentence[one] for one in order)
    follower = Follower("\n\n".join(sentence[one] for one in "abcde"), new)
    whole = {one: follower.follow(sentence[one]).fate for one in "abcde" if one in order}
    assert {one for one, fate in whole.items() if fate is Fate.MOVED} == set(moved)
    assert {one for one, fate in whole.items() if fate is Fate.KEPT} == set(whole) - set(moved)


@pytest.mark.parametrize(
    ("quote", "old", "new", "found"),
    [
        (
            COST,
            COST,
            "It cost 5 million kroner, more than had been planned.",
            "It cost 5 million kroner, more than had been planned.",
        ),
        (
            f"The quay of Bergen was opened in 1893. {COST}",
            "was opened in 1893.",
            "was opened in May 1893.",
            f"The quay of Bergen was opened in May 1893. {COST}",
        ),
        (
            "her plans are kept in the town hall",
            "her plans are kept in the town hall",
            "all her plans are kept in the city hall",
            "her plans are kept in the city hall.",
        ),
    ],
)
def test_a_passage_that_changed_is_found_in_its_new_words(
    quote: str, old: str, new: str, found: str
) -> None:
    followed = Follower(OLD, OLD.replace(old, new)).follow(quote)
    assert followed.fate is Fate.CHANGED
    assert followed.quote == found


@pytest.mark.parametrize("new", ["", "A text about bees. They dance.", "Ada Holm wrote a book."])
def test_a_passage_that_nothing_is_like_is_gone(new: str) -> None:
    followed = Follower(OLD, new).follow("Ada Holm designed it.")
    assert (followed.fate, followed.quote) == (Fate.GONE, "")


@given(st.text(max_size=300), st.text(max_size=300), st.text(min_size=1, max_size=80))
def test_what_is_found_stands_in_the_new_text(old: str, new: str, quote: str) -> None:
    followed = Follower(old, new).follow(quote)
    assert followed.fate is Fate.GONE or find_passage(new, followed.quote) is not None
    assert bool(followed.quote) == (followed.fate is not Fate.GONE)


def test_many_passages_of_a_long_article_share_the_work() -> None:
    sentences = [f"In {1500 + at} mill number {at} ground {at * 7} sacks." for at in range(1500)]
    old = " ".join(sentences)
    new = old.replace("ground", "has ground")
    follower = Follower(old, new)
    assert all(follower.follow(one).fate is Fate.CHANGED for one in sentences[::50])
    assert set(follower._windows) == {1, 2}  # noqa: SLF001 looked up once for all passages
