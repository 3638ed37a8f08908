"""Days of a month in words: the twentieth of July, July twenty-first."""

import re

_ORDINALS = (
    *("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"),
    *("tenth", "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth"),
    *("seventeenth", "eighteenth", "nineteenth", "twentieth"),
)
_TENS = {"twenty": 20, "thirty": 30}
_DAYS = (
    {word: at for at, word in enumerate(_ORDINALS, 1)}
    | {"thirtieth": 30}
    | {
        f"{tens}{mark}{word}": number + at
        for tens, number in _TENS.items()
        for at, word in enumerate(_ORDINALS[:9], 1)
        for mark in "- "
        if number + at <= 31  # noqa: PLR2004 days of a month
    }
)
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_WORDS = "|".join(sorted(_DAYS, key=len, reverse=True))
_MONTH_FIRST = re.compile(_MONTH)
_BEFORE_MONTH = re.compile(rf"\b(?:the )?({_WORDS})(?: of)?(?=,? {_MONTH}\b)")
_BEHIND_MONTH = re.compile(rf"(?<=[a-z] )(?:the )?({_WORDS})(?=,? \d{{4}}$|,? [a-z]+teen\b|$)")


def days_in_figures(text: str) -> str:
    """Return a date in lower case with the day in figures, where it stands beside a month."""
    text = _BEFORE_MONTH.sub(lambda found: str(_DAYS[found[1]]), text)
    if not _MONTH_FIRST.match(text):
        return text
    return _BEHIND_MONTH.sub(lambda found: str(_DAYS[found[1]]), text)
