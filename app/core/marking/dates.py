"""Marking of dates: every common order when it is unambiguous, at the fact's own precision."""

import re
from calendar import monthrange
from functools import lru_cache

from rapidfuzz.distance import OSA
from text_to_num import alpha2digit

from app.core.marking.answered import PARTICIPLE
from app.core.marking.day_words import days_in_figures
from app.core.marking.mark import Mark, Verdict
from app.core.marking.normalise import clean, without_padding
from app.core.marking.templates import filled
from app.core.sentences import Sentence, say
from app.core.values import DatePart, DateValue
from app.core.wording import MONTHS, display

MAX_LENGTH = 60
_MONTH = {name.casefold(): at for at, name in enumerate(MONTHS, 1)}
_MONTH |= {name[:3].casefold(): at for at, name in enumerate(MONTHS, 1)} | {"sept": 9}
_MONTH |= {
    name: at
    for names in (
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        "januar februar märz april mai juni juli august september oktober november dezember",
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre",
        "januari februari maart april mei juni juli augustus september oktober november december",
        "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
        "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    )
    for at, name in enumerate(names.split(), 1)
}
_MONTH_WORD = "|".join(sorted(_MONTH, key=len, reverse=True))
_MONTH_STARTS = frozenset(name[:3] for name in _MONTH)
_DAY_AHEAD = re.compile(r"(?:on )?(?:the )?\d", re.IGNORECASE)
"""11 March is a day; March 11 may be the month of a year."""
_LETTERS = re.compile(r"[^\W\d]+")
_PARTS = {
    "early": DatePart.EARLY,
    "beginning of": DatePart.EARLY,
    "start of": DatePart.EARLY,
    "mid": DatePart.MID,
    "middle of": DatePart.MID,
    "late": DatePart.LATE,
    "end of": DatePart.LATE,
    "the end of": DatePart.LATE,
    "the beginning of": DatePart.EARLY,
    "the start of": DatePart.EARLY,
    "the middle of": DatePart.MID,
    "early in": DatePart.EARLY,
    "late in": DatePart.LATE,
    "end": DatePart.LATE,
    "year-end": DatePart.LATE,
    "year end": DatePart.LATE,
    "start": DatePart.EARLY,
    **{
        f"{the}{which}{what} of": part
        for the in ("", "the ")
        for whiches, part in (
            (("last ", "final ", "closing ", "fourth ", "4th "), DatePart.LATE),
            (("first ", "opening ", "1st "), DatePart.EARLY),
        )
        for which in whiches
        for what in ("quarter", "months", "part")
        if what == "quarter" or which not in {"fourth ", "4th "}
    },
    "early part of": DatePart.EARLY,
    "late part of": DatePart.LATE,
    "the early part of": DatePart.EARLY,
    "the late part of": DatePart.LATE,
    "the latter part of": DatePart.LATE,
}
_QUARTERS = {1: DatePart.EARLY, 4: DatePart.LATE}
_THIRDS = {DatePart.EARLY: range(1, 5), DatePart.MID: range(4, 10), DatePart.LATE: range(9, 13)}
_LEAD = re.compile(
    r"^(?:(?:in|on|at|by|during|around|about|circa|ca\.?|c\.|approximately|approx\.?|towards?|"
    r"sometime|some time|"
    r"the year of|the year|year:|year|anno|the month of|the (?:night|evening|morning|day) of|"
    r"le|el|am|den|im|en|a\.?d\.?)\s+)+"
)
_SHORT_YEAR = re.compile(r"(?:(?<=[a-z0-9] )|^)'(\d\d)$")
_DAY_FIRST = re.compile(
    rf"(?<=\d)(?<!\d{{3}})(?P<month>[\s-]+(?:{_MONTH_WORD})[\s-]+)(?P<year>\d\d)$"
)
"""20 jan 25: behind a day and a month two figures are a year."""
_NO_DAY = re.compile(rf"^(?P<month>(?:{_MONTH_WORD})[\s-]+)(?P<year>3[2-9]|[4-9]\d)$")
"""Nov 89: what is no day of a month is a year."""
_SAID = re.compile(
    r"^(?:[^\W\d]+ ){1,8}(?:was|is|were|happened|began|started|ended|died|born|founded|opened|"
    r"place|occurred)\s+(?:(?:on|in)\s+)?(?=(?:the )?\d|[^\W\d]+\.? \d)"
    rf"|^(?:{PARTICIPLE}) (?:on|in) (?=(?:the )?\d|[^\W\d]+\.? \d)"
    r"|^(?!.*\b(?:not|never|no|before|after|until|till|since|or|by|between|nor)\b)"
    r"(?:[^\W\d]+ ){2,8}(?:on|in)\s+(?=(?:the )?\d|[^\W\d]+\.? \d)"
)
"""The year was, the battle took place on: what a sentence says before its date."""
_EAST_ASIAN = re.compile(
    r"^(\d{1,4})\s?\u5e74(?:\s?(\d{1,2})\s?\u6708(?:\s?(\d{1,2})\s?\u65e5)?)?$"
)
"""Year, month and day as Chinese and Japanese write them: 2025年1月20日."""
_YEAR_WORD = re.compile(
    "^(?:\u0641\u064a )?(?:\u0633\u0646\u0629|\u0639\u0627\u0645) (?=\\d{1,4}$)"
    "|^\u05d1?\u05e9\u05e0\u05ea (?=\\d{1,4}$)"
)
""""(in) the year" before it, in Arabic and in Hebrew."""
_DECADE = re.compile(r"(?:the )?(\d{3})0'?s")
TURN_OF_SHORT_YEARS = 40
"""March '23 is in 2023 and March '69 in 1969, as most people mean it."""
_ERA = re.compile(r"\s*(?:a\.?d\.?|c\.?e\.?)$")
_ERA_AHEAD = re.compile(r"(?<![^\s,])a\.?d\.? ?(?=\d{1,4}$)")
_EARLY_YEAR = re.compile(r"(?<![\d/.-])(\d{1,2})$")
"""AD 44, 15 March 44 AD: with its era it is no short form of 1944."""
_FULL_CENTURY = 100
_TIME_OF_DAY = re.compile(
    r"\s+(?:in the (?:morning|afternoon|evening)|at (?:night|noon|midnight))$"
)
_PART = re.compile(rf"({'|'.join(sorted(_PARTS, key=len, reverse=True))})[\s-]+")
_RUN_TOGETHER = re.compile(rf"^(\d{{1,2}})({_MONTH_WORD})(\d{{4}})$")
_COMMA_BEFORE_SHORT = re.compile(r"(?<=\d), (?=')")
_THE_DAY = re.compile(r"\bthe\s+(?=\d)")
_DAY_DOT = re.compile(r"(?<=\d)\.\s+(?=[^\W\d])")
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th)\b")
_MONTH_DOT = re.compile(rf"\b({_MONTH_WORD})\.")
_QUARTER = re.compile(r"(?:q([1-4])\s*(\d{4})|(\d{4})\s*q([1-4]))")
_MAY_BE_MONTH = re.compile(r"[a-z]{5,}")
_YEAR_SPOKEN = re.compile(rf"^(.*(?:{_MONTH_WORD})\b.*?[ ,]+)([a-z]+[ -][a-z -]+)$")
_TWO_WORDS = re.compile(r"[a-z]+[ -][a-z]")
_TWO_PAIRS = re.compile(r"^(\d\d) (\d\d)$")
_FIGURE = re.compile(r"\d")
_BY_NAME = tuple(
    re.compile(pattern.format(month=rf"(?P<m>{_MONTH_WORD})"))
    for pattern in (
        r"(?P<d>\d{{1,2}})[\s-]+{month}(?:[\s-]+(?P<y>\d{{3,4}}))?",
        r"{month}[\s-]+(?P<d>\d{{1,2}})(?:[\s-]+(?P<y>\d{{3,4}}))?",
        r"(?P<y>\d{{4}})[\s-]+{month}(?:[\s-]+(?P<d>\d{{1,2}}))?",
        r"{month}(?:[\s-]+(?P<y>\d{{3,4}}))?",
    )
)
_YEAR = re.compile(r"\d{3,4}")
_RUN_OF_FIGURES = re.compile(r"\d{8}")
_YEAR_FIRST = re.compile(r"(\d{4})[-/. ](\d{1,2})(?:[-/. ](\d{1,2}))?")
_YEAR_LAST = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})")
_MONTH_AND_YEAR = re.compile(r"(\d{1,2})[-/.](\d{4})")
_WEEKDAY = re.compile(r"^(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,?\s+")


def mark_date(value: DateValue, response: str) -> Mark:
    """Mark a date; a coarser one, or one that leaves the year out, earns part of the credit."""
    if clean(response) == display(value):
        return Mark(1.0, Verdict.EXACT, say("That is right."))
    readings = read_dates(response)
    if value.year < _FULL_CENTURY and not any(one.year == value.year for one in readings):
        readings = read_dates(f"{response.rstrip(' .')} AD") or readings
    if not readings:
        return _decade(value, response)
    if len(readings) > 1:
        if any(_compare(value, reading).correct for reading in readings):
            why = say("Day and month cannot be told apart; write {value}.", value=display(value))
            return Mark(0.5, Verdict.PARTIAL, why)
        return _wrong(value)
    if not readings[0].year:
        day_ahead = bool(_DAY_AHEAD.match(clean(response)))
        return _compare_without_year(value, readings[0], day_ahead=day_ahead)
    return _compare(value, readings[0])


def _long_year(found: re.Match[str]) -> str:
    return str(_full_year(int(found[1])))


def _full_year(year: int) -> int:
    return year + (2000 if year < TURN_OF_SHORT_YEARS else 1900)


def _decade(value: DateValue, response: str) -> Mark:
    """Give the 1960s for 1969 part of the credit."""
    text = _LEAD.sub("", without_padding(clean(response[:MAX_LENGTH]).casefold()))
    found = _DECADE.fullmatch(text)
    if found and int(found[1]) == value.year // 10:
        return Mark(0.5, Verdict.PARTIAL, _coarse(display(value)))
    return _wrong(value)


def may_be_date(text: str) -> bool:
    """Whether there is what may be a month in a text, by its first letters, or figures alone."""
    words = _LETTERS.findall(text.casefold())
    return not words or any(word[:3] in _MONTH_STARTS for word in words) or not text.isascii()


def read_dates(response: str) -> tuple[DateValue, ...]:
    """Return every reading of a date: two for 01/02/2025, none where it is not one.

    A date without a year has the year 0.
    """
    text = clean(response).casefold()
    return _dates_in(text) if len(text) <= MAX_LENGTH else ()


@lru_cache(maxsize=2000)
def _dates_in(text: str) -> tuple[DateValue, ...]:
    """Read a date in lower case; kept, since each name of an answer asks for the same response."""
    text = _YEAR_WORD.sub("", _EAST_ASIAN.sub(_hyphened, text))
    text = _SAID.sub("", _TIME_OF_DAY.sub("", without_padding(text)))
    has_era = bool(_ERA_AHEAD.search(text) or _ERA.search(text))
    text = _ERA_AHEAD.sub("", text)
    text = _LEAD.sub("", text)
    text = days_in_figures(text)
    text = _RUN_TOGETHER.sub(filled(r"\1 \2 \3"), text)
    text = _COMMA_BEFORE_SHORT.sub(" ", text)
    text = _WEEKDAY.sub("", _THE_DAY.sub("", text))
    text = _years_in_words(_ERA.sub("", _months_spelt_right(text)))
    if has_era:
        text = _EARLY_YEAR.sub(lambda found: found[1].zfill(3), text)
    text = _DAY_DOT.sub(" ", text).replace(" de ", " ")
    text = _SHORT_YEAR.sub(_long_year, text)
    for short in (_DAY_FIRST, _NO_DAY):
        text = short.sub(lambda m: f"{m['month']}{_full_year(int(m['year']))}", text)
    part, text = _read_part(text)
    text = _ORDINAL.sub("", text).replace(",", " ")
    if "." in text:
        text = _MONTH_DOT.sub(filled(r"\1"), text)
    text = " ".join(text.replace(" of ", " ").split())
    quarter = _QUARTER.fullmatch(text)
    if quarter:
        number, year = int(quarter[1] or quarter[4]), int(quarter[2] or quarter[3])
        return (DateValue(year, part=_QUARTERS.get(number, DatePart.MID)),)
    dates = {_valid(*numbers) for numbers in _numbers(text)}
    found = [date for date in dates if date is not None]
    if part and any(date.day for date in found):
        return ()
    return tuple(DateValue(date.year, date.month, date.day, part) for date in found)


def _hyphened(found: re.Match[str]) -> str:
    return "-".join(part.zfill(2) for part in found.groups() if part)


def _months_spelt_right(text: str) -> str:
    """Mend a month's name with one typo, where only one month is that near."""

    def mended(found: re.Match[str]) -> str:
        word = found[0]
        if word in _MONTH or word in _PARTS:
            return word
        near = [name for name in MONTHS if OSA.distance(name.casefold(), word) == 1]
        return near[0].casefold() if len(near) == 1 else word

    return _MAY_BE_MONTH.sub(mended, text)


def _years_in_words(text: str) -> str:
    """Write "nineteen sixty-nine" as 1969."""
    dated = _YEAR_SPOKEN.match(text)
    if dated and not _FIGURE.search(dated[2]):
        return dated[1] + _years_in_words(dated[2])
    if _FIGURE.search(text) or not _TWO_WORDS.match(text):
        return text
    try:
        spoken = alpha2digit(
            text.replace("-", " ") if text.count("-") == 1 and " " not in text else text, "en", 0
        )
    except ValueError:
        return text
    return _TWO_PAIRS.sub(filled(r"\1\2"), str(spoken))


def _year_apart(text: str) -> str:
    """Write eighteen-fifteen as two numbers; in "nineteen sixty-nine" the hyphen stays."""
    return text.replace("-", " ") if " " not in text and text.count("-") == 1 else text


def _read_part(text: str) -> tuple[DatePart | None, str]:
    found = _PART.match(text)
    return (_PARTS[found[1]], text[found.end() :]) if found else (None, text)


def _numbers(text: str) -> list[tuple[int, int | None, int | None]]:
    """Return year, month, day in every order that the notation allows; year 0 where missing."""
    for pattern in _BY_NAME:
        found = pattern.fullmatch(text)
        if found:
            parts = {"d": None, "y": None} | found.groupdict()
            day = int(parts["d"]) if parts["d"] else None
            return [(int(parts["y"] or 0), _MONTH[found["m"]], day)]
    if _YEAR.fullmatch(text):
        return [(int(text), None, None)]
    if _RUN_OF_FIGURES.fullmatch(text):
        return [(int(text[:4]), int(text[4:6]), int(text[6:]))]
    return _slashed(text)


def _slashed(text: str) -> list[tuple[int, int | None, int | None]]:
    found = _YEAR_FIRST.fullmatch(text)
    if found:
        return [(int(found[1]), int(found[2]), int(found[3]) if found[3] else None)]
    found = _YEAR_LAST.fullmatch(text)
    if found:
        one, other, year = (int(group) for group in found.groups())
        year = _full_year(year) if len(found[3]) == 2 else year  # noqa: PLR2004 two digits
        by_day = (year, other, one)
        # Where dates are written with dots the day comes first.
        return [by_day] if "." in text else [by_day, (year, one, other)]
    found = _MONTH_AND_YEAR.fullmatch(text)
    return [(int(found[2]), int(found[1]), None)] if found else []


def _valid(year: int, month: int | None, day: int | None) -> DateValue | None:
    if month is not None and not 1 <= month <= len(MONTHS):
        return None
    if day is not None and not 1 <= day <= monthrange(year or 2000, month or 1)[1]:
        return None
    return DateValue(year, month, day)


def _compare(value: DateValue, given: DateValue) -> Mark:
    known = display(value)
    if given == value:
        return Mark(1.0, Verdict.EQUIVALENT, say("That is right: {value}.", value=known))
    if given.year != value.year:
        return _wrong(value)
    if value.part:
        return _compare_part(value, given)
    pairs = ((given.month, value.month), (given.day, value.day))
    if any(one and other and one != other for one, other in pairs):
        return _wrong(value)
    if len(given.iso) < len(value.iso):
        return Mark(0.5, Verdict.PARTIAL, _coarse(known))
    return Mark(0.5, Verdict.PARTIAL, _too_exact(known))


def _compare_without_year(value: DateValue, given: DateValue, *, day_ahead: bool) -> Mark:
    """Give half for a day without its year; of a month, two figures behind it are the year's."""
    known = display(value)
    short_year = not value.day and given.day == value.year % 100 and not day_ahead
    if given.month == value.month and short_year:
        return Mark(1.0, Verdict.EQUIVALENT, say("That is right: {value}.", value=known))
    if value.day and (given.month, given.day) == (value.month, value.day):
        return Mark(0.5, Verdict.PARTIAL, say("The year is missing: {value}.", value=known))
    return _wrong(value)


def _compare_part(value: DateValue, given: DateValue) -> Mark:
    known = display(value)
    if given.part and given.part is not value.part:
        return _wrong(value)
    if given.month and value.part and given.month not in _THIRDS[value.part]:
        return _wrong(value)
    if given.month:
        return Mark(0.5, Verdict.PARTIAL, _too_exact(known))
    return Mark(0.5, Verdict.PARTIAL, _coarse(known))


def _wrong(value: DateValue) -> Mark:
    return Mark(0.0, Verdict.WRONG, say("The answer is {value}.", value=display(value)))


def _coarse(known: str) -> Sentence:
    return say("Right as far as it goes; more exactly {value}.", value=known)


def _too_exact(known: str) -> Sentence:
    return say("More exact than the source, which gives {value}.", value=known)
