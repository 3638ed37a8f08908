"""Amounts as people write them, brought into digits: words, fractions, powers, dozens, sums.

`plain_amount` gives text that the grammar in `amounts` reads; what it does not know it leaves.
"""

import re
import unicodedata
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from text_to_num import alpha2digit

from app.core.marking.normalise import clean, without_padding
from app.core.marking.templates import filled
from app.core.values import write_decimal

_SAYS_NUMBER = re.compile(
    r"\d|zero|one|two|three|four|five|six|seven|eight|nin|ten|eleven|twel|thir|fif|teen|ty\b|twenty|"
    r"forty|fourth|quarter|first|second|hundred|thousand|illion|dozen|hal[fv]|once|[iw]ce\b|\ban?\b",
    re.IGNORECASE,
)
"""What every amount has in it, in figures or in words."""
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_POWER = re.compile(r"(?:(?<!\d)(\d[\d.,]*)\s*[x×*·]\s*|\b)10\s*\^\s*(-?\d{1,2})(?!\d)")
_SMALL_POWER = re.compile(r"(?<![\d.,^])([2-9])\s*\^\s*(\d{1,2})(?!\d)")
_RATIO = re.compile(r"(\w+)(?: in | out of | of |\s*/\s*)(?:every |each )?(\w+(?:[ -]\w+)?)")
"""One in five, 3 out of every 10, 1/2000."""
_FRACTION = re.compile(
    r"(?:(?<!\d)(\d+)\s+(?:and\s+)?)?(?<![\d/.,])(\d{1,3})\s*/\s*(\d{1,3})(?![\d/])"
)
_SUM = re.compile(
    r"^(\D*?)(\d[\d.,]*)\s*(trillion|billion|million)\s*(?:and\s+)?(\d[\d.,]*)\s*"
    r"(billion|million|thousand)\b(.*)$"
)
_SIZES = {
    "trillion": Decimal(10**12),
    "billion": Decimal(10**9),
    "million": Decimal(10**6),
    "thousand": Decimal(1000),
}
_LEAD = re.compile(
    r"^(?:(?:it\s+)?(?:costs?|was worth|is worth|amounts? to|totals?|equals?|takes?|took|has|"
    r"had|for|at the age of|at age|aged?)|"
    r"(?:an?|the) (?:score|total|height|length|depth|width|speed|temperature|population|"
    r"age|weight|area|distance|price|cost|rate|share) (?:of|is|was)|"
    r"[\d\s.x×*+/()-]*=|the(?= (?:\d|two|three|four|five|six|seven|eight|nine|ten)))\s+"
)
_TRAIL = re.compile(
    r"\s+(?:of (?:them|it)|in total|in all|altogether|total|or so|each|old|(?<=s )ago)$"
)
_SIZE_WORD = re.compile(
    r"(?<=\w)\s+(?:high|tall|long|wide|deep|thick|away|above (?:the )?sea level|"
    r"in (?:height|length|width|depth|size|weight|area|diameter))(?=\s|$).*$",
    re.IGNORECASE,
)
_WHERE = re.compile(
    r"(?<=[\w%])\s+(?:in|on|of|from|inside|across|per) (?:the|an?|our|your|each|either|every)\s.*$",
    re.IGNORECASE,
)
_BESIDE = re.compile(
    r"(?<=\S)\s(?:in (?:it|there|them)|(?:per|an?|each|on each) (?:side|team)|"
    r"\((?=[^()]*[a-z])(?!or\b|not\b|maybe\b)[^()]*\))$",
    re.IGNORECASE,
)
"""In it, a side, and what stands in brackets: 46 (23 pairs)."""
_TURNS = re.compile(r"\d|\b(?:not|no|never|or|and|but|without|except|half|quarter|third)\b")
_COMPARED = re.compile(r"\b(times|fold|x)\s+(?:as\s+)?[a-z]+(?:\s+(?:than|as)\s.*)?$")
_POINT = re.compile(r"\bpoint((?: (?:zero|one|two|three|four|five|six|seven|eight|nine))+)")
_SHARES = {
    "half": 2,
    "third": 3,
    "thirds": 3,
    "quarter": 4,
    "quarters": 4,
    "fifth": 5,
    "fourth": 4,
    "fourths": 4,
} | {
    "fifths": 5,
    "tenth": 10,
    "tenths": 10,
}
_COUNTS = {
    "a": 1,
    "an": 1,
    "one": 1,
    "1": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "seven": 7,
    "nine": 9,
}
_SHARE_WORDS = "|".join(sorted(_SHARES, key=len, reverse=True))
_SHARE = re.compile(
    rf"^(?:({'|'.join(_COUNTS)})[ -])?({_SHARE_WORDS})\b(?: of)?(?: an?(?= [a-z]{{4}}))?"
)
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_RUN_TOGETHER = re.compile(rf"\b({_TENS})(one|two|three|four|five|six|seven|eight|nine)\b")
_TEENS = ["eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"]
_TEENS += ["eighteen", "nineteen"]
_TEENS_OF_HUNDREDS = re.compile(rf"\b({'|'.join(_TEENS)}) hundred\b(?! and)")
_WORDS = re.compile(r"[a-z]{3}")
_FIGURE = re.compile(r"\d")
_US_DOLLAR = re.compile(r"\b(?:us|u\.s\.?) ?\$")
_PLUS = re.compile(r"^(\d[\d,.]*)\+\s+(?=[a-z])")
_DOZENS = re.compile(r"(?<!\d)(\d+) dozens?\b")
_TEN_POWER = re.compile("10([⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+)")
_ONE_SIZE = re.compile(r"(?<!half )\ban? (?=(?:hundred|thousand|million|billion|trillion)\b)")
_ONE_AND_A_HALF = re.compile(r"^(?:an?|one) ([a-z]+) and a half$")
_HALF_A = re.compile(r"^half an? (?=[a-z])")
_ONE_OF = re.compile(rf"^(?:an?|one) (?=[a-z])(?!hundred\b|thousand\b|point\b|{_SHARE_WORDS})")
_A_SIZE = re.compile(r"\ban? (?=(?:thousand|million|billion|trillion|dozen)\b)")
_WORD_POINT = re.compile(r"[a-z]\s*\.\d")
_AND_A_HALF = re.compile(r"(?<!\d)(\d+) and (?:a half|1 half)\b")
_DECIMALS = re.compile(r"\s*(\.\d+)")
_ONE = re.compile(r"^(?:an?|one)\b")
_SPANS = {"decade": "10 years", "century": "100 years", "millennium": "1000 years"} | {
    "fortnight": "2 weeks"
}
_SPAN = re.compile(rf"^(?:an?|one) ({'|'.join(_SPANS)})$")
_AND_COINS = re.compile(
    r"^(\d+) (pounds?|dollars?|euros?)(?: and)? (\d\d)(?: (?:pence|cents?|p))?$"
)
"""Two pounds fifty, 2 dollars and 50 cents."""
_COINS_IN_WORDS = re.compile(
    r"^(\d+ (?:pounds?|dollars?|euros?)(?: and)? )"
    r"([a-z]{3,}(?:[ -](?!cent|pen)[a-z]{3,})?)(?= (?:cents?|pence)$|$)"
)


_TWICE = re.compile(r"^(?:just |only |exactly |precisely )?(.+?)(?: \(\d+\))?$")
"""Just four, four (4)."""
_HALF_PERCENT = re.compile(
    r"^(?:a |an |one |1 )?(?:half|1/2)(?: of)?(?: a| an| one| 1)? ?(?:percent\b|%)$"
)
_PART_OF_SIZE = re.compile(
    rf"^((?:(?:{'|'.join(_COUNTS)})[ -])?(?:{_SHARE_WORDS})) (?:of )?an? "
    r"(million|billion|trillion|thousand|hundred)\b"
)


@lru_cache(maxsize=2000)
def says_number(text: str) -> bool:
    """Whether there can be an amount in a text: most wrong answers have none.

    Kept, since each name of an answer asks it of the same response.
    """
    return bool(_SAYS_NUMBER.search(text)) or not text.isascii()


@lru_cache(maxsize=2000)
def plain_amount(response: str) -> str:
    """Return a response in lower case with its amount in digits.

    Kept, since an answer is read with and without its scale, its tail and its unit.
    """
    text = without_padding(clean(_before_folding(response)).casefold())
    text = _US_DOLLAR.sub("us$", text).replace("per cent", "percent")
    text = _TRAIL.sub("", _LEAD.sub("", text))
    text = _COMPARED.sub(filled(r"\1"), text)
    text = _HALF_PERCENT.sub("0.5 percent", _TWICE.sub(filled(r"\1"), text))
    text = _PART_OF_SIZE.sub(filled(r"\1 \2"), text)
    text = _PLUS.sub(filled(r"more than \1 "), text)
    text = _SPAN.sub(lambda found: f"{_SPANS[found[1]]}", text)
    text = _digits_for_words(text)
    text = _COINS_IN_WORDS.sub(_coins_in_figures, text)
    text = _AND_COINS.sub(filled(r"\1.\3 \2"), text)
    text = _SMALL_POWER.sub(lambda found: str(int(found[1]) ** int(found[2])), text)
    text = _FRACTION.sub(_decimal_of, _POWER.sub(_exponent, text))
    return _SUM.sub(_added, _DOZENS.sub(lambda m: str(12 * int(m[1])), text))


def read_ratio(response: str) -> Decimal | None:
    """Return what one in five or 3/10 is of a whole, 0-1; None for anything else."""
    found = _RATIO.fullmatch(without_padding(clean(response)).casefold())
    if found is None:
        return None
    above, below = (str(alpha2digit(one, "en", 0)) for one in found.groups())
    above = "1" if above in {"a", "an", "one"} else above
    if not (above.isdecimal() and below.isdecimal() and 0 < int(above) < int(below)):
        return None
    return Decimal(above) / Decimal(below)


def without_tail(response: str) -> str:
    """Return a response without what it says of its amount: tall, above sea level, in the body.

    A tail with figures or with words that turn a meaning round stays.
    """
    if (beside := _BESIDE.search(response)) is not None:
        return response[: beside.start()]
    for tail in (_SIZE_WORD, _WHERE):
        found = tail.search(response)
        if found and not _TURNS.search(found[0].casefold()):
            return response[: found.start()]
    return response


def _before_folding(response: str) -> str:
    """Keep apart what NFKC would run together: 2½ would become 21/2, and 10⁴ become 104."""
    if response.isascii():
        return response
    text = response.replace("º", "°")  # which keyboards have in its place
    text = _TEN_POWER.sub(lambda m: "10^" + m[1].translate(_SUPERSCRIPTS), text)
    return "".join(f" {_fraction(char)}" if _is_fraction(char) else char for char in text)


def _is_fraction(char: str) -> bool:
    return unicodedata.decomposition(char).startswith("<fraction>")


def _fraction(char: str) -> str:
    return unicodedata.normalize("NFKC", char).replace("\u2044", "/")


def _digits_for_words(text: str) -> str:
    if not _WORDS.search(text):
        return text
    text = _RUN_TOGETHER.sub(filled(r"\1-\2"), text)
    text = _ONE_SIZE.sub("one ", text)
    text = _ONE_AND_A_HALF.sub(filled(r"1.5 \1s"), text)
    text = _TEENS_OF_HUNDREDS.sub(lambda m: f"{_TEENS.index(m[1]) + 11}00", text)
    text = _HALF_A.sub("0.5 ", text)
    text = _ONE_OF.sub("1 ", text)
    text = _A_SIZE.sub("1 ", text)
    text = _SHARE.sub(_share, text)
    text = _POINT.sub(_after_point, text)
    if not _FIGURE.search(text) or _WORD_POINT.search(text):
        text = _spoken(text)
    return _AND_A_HALF.sub(filled(r"\1.5"), text)


_FIGURES = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]


def _after_point(found: re.Match[str]) -> str:
    return "." + "".join(str(_FIGURES.index(word)) for word in found[1].split())


def _spoken(text: str) -> str:
    """Write number words as digits: "five.58 million" and "fifty thousand" too."""
    parts = _DECIMALS.split(text)
    try:
        spoken = "".join(
            part
            if part.startswith(".")
            else alpha2digit(f"{part} ", "en", 0).rstrip()
            if index == 0
            else part
            for index, part in enumerate(parts)
        )
    except ValueError:
        return text
    return _ONE.sub("1", spoken)


def _coins_in_figures(found: re.Match[str]) -> str:
    """Write 1 dollar fifty as 1 dollar 50; other words stay."""
    return found[1] + str(alpha2digit(found[2], "en", 0))


def _share(found: re.Match[str]) -> str:
    """Write a share in digits: half, a quarter, two thirds."""
    count = Decimal(_COUNTS[found[1]] if found[1] else 1)
    return write_decimal(round(count / _SHARES[found[2]], 6))


def _exponent(found: re.Match[str]) -> str:
    return f"{found[1] or '1'}e{found[2]}"


def _decimal_of(found: re.Match[str]) -> str:
    whole, above, below = found[1] or "0", int(found[2]), int(found[3])
    if below == 0 or above >= below:
        return found[0]
    value = Decimal(whole) + Decimal(above) / Decimal(below)
    return write_decimal(round(value, 6))


def _added(found: re.Match[str]) -> str:
    before, large, size, small, part, after = found.groups()
    try:
        total = Decimal(large.replace(",", "")) * _SIZES[size]
        total += Decimal(small.replace(",", "")) * _SIZES[part]
    except InvalidOperation:
        return found[0]
    return f"{before}{write_decimal(total)}{after}"
