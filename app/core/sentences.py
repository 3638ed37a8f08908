"""Sentences that people read, made where something is known of no language but English.

`say("There is no deck {key}.", key=key)` is plain English text for everybody (logs, the command
line, the database); it also remembers its wording and what was put into it, so that the web can
say the same in another language. `app/languages.py` does that.
"""

from typing import Self


class Sentence(str):  # noqa: SLOT000 it has to be a str for all who know nothing of it
    """English text that knows the wording and the values it was made from."""

    wording: str
    many: str
    """The wording for other numbers than one, "" where there is one wording alone."""
    number: float
    values: dict[str, object]

    @classmethod
    def made(cls, wording: str, many: str, number: float, values: dict[str, object]) -> Self:
        """Return the sentence in English."""
        chosen = many if many and number != 1 else wording
        sentence = cls(chosen.format_map(values))
        sentence.wording, sentence.many = wording, many
        sentence.number, sentence.values = number, values
        return sentence

    def again(self, **values: object) -> "Sentence":
        """Return the same sentence about other things; the number stays."""
        return self.made(self.wording, self.many, self.number, {**self.values, **values})

    def __str__(self) -> str:
        """Return the sentence itself: str() keeps what it remembers."""
        return self


def say(wording: str, /, **values: object) -> Sentence:
    """Return a sentence: `say("There is no deck {key}.", key=key)`."""
    return Sentence.made(wording, "", 1, values)


def say_many(one: str, many: str, number: float, /, **values: object) -> Sentence:
    """Return a sentence about a number of things: {number} in it is that number."""
    return Sentence.made(one, many, number, {"number": number, **values})
