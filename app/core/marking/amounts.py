"""Marking of numbers, money and ranges: a grammar of amounts of our own.

What is left over after an amount has been read means that it was not understood, and that is
wrong: "50k H100s" is not 50,000 of anything else.
"""

import re
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from app.core.marking.amount_text import plain_amount, read_ratio, says_number, without_tail
from app.core.marking.compounds import in_one_unit, says_none
from app.core.marking.currencies import CURRENCIES, OF_ONE_WORD, SCALE_WORDS, SCALES, SHARED
from app.core.marking.mark import Mark, Verdict
from app.core.marking.normalise import clean, without_padding
from app.core.marking.templates import filled
from app.core.marking.units import in_unit, known_unit, unit_factor
from app.core.sentences import say
from app.core.values import Bound, MoneyValue, NumberValue, RangeValue
from app.core.wording import display

MAX_LENGTH = 80
MAX_EXPONENT = 40

_HUNDREDTHS = re.compile(
    r"^(?P<number>\d{1,3}(?:\.\d+)?)\s*(?P<coin>cents?|ct|c|pence|pennies|p|¢)$"
)
_COINS = {"USD": "cents c ct ¢", "EUR": "cents c ct", "GBP": "pence pennies p", "AUD": "cents"} | {
    "CAD": "cents",
    "NZD": "cents",
}
PERCENT = frozenset({"%", "percent", "per cent"})
_SHARE = re.compile(
    r"\b(?:half|halves|thirds?|quarters?|fourths?|fifths?|tenths?)\b|\d\s*/\s*\d|[¼½¾⅓⅔]"
)
_WHOSE = re.compile(
    r"\bus\b|us\$|u\.s\.|usd|americ|inr|₹|indian|chf|swiss|gbp|£|british|sterling|quid|"
    r"₺|turkish|try\b",
    re.IGNORECASE,
)
"""What tells whose dollars, rupees, francs, pounds or lira are meant."""
_BOUNDS_BEFORE = (
    (Bound.AT_MOST, r"at most|no more than|not more than|up to|(?:an? )?maximum(?: of)?|max|<=|≤"),
    (Bound.AT_LEAST, r"at least|(?:no|not) (?:less|fewer) than|(?:an? )?minimum(?: of)?|min|>=|≥"),
    (Bound.LESS_THAN, r"(?:just )?(?:under|below)|less than|fewer than|lower than|<"),
    (
        Bound.MORE_THAN,
        r"(?:just )?(?:over|above)|upwards? of|in excess of|more than|greater than|exceeding|>",
    ),
)
_BEFORE = tuple((bound, re.compile(rf"(?:{words})\s*")) for bound, words in _BOUNDS_BEFORE)
_BEHIND = (
    (
        Bound.AT_LEAST,
        re.compile(
            r"\s*(?:(?:or|and) (?:more|above|over|older|up|upwards|higher)|\+|plus|minimum)$"
        ),
    ),
    (
        Bound.AT_MOST,
        re.compile(r"\s*(?:(?:or|and) (?:less|fewer|below|under|younger|lower)|max(?:imum)?)$"),
    ),
)
"""What says that an amount is a limit, before it and behind it."""
ABOUT = re.compile(
    r"^(?:exactly|precisely|about|around|approximately|approx\.?|roughly|some(?= )|circa|"
    r"ca\.?(?![a-z])|~|≈)\s*"
)
_SPOKEN_SCALE = re.compile(r"\b(?:thousand|million|billion|trillion)\b")
_EXACTLY = ("exactly", "precisely")
_NUMBER = r"[-+]?(?:\d[\d.,' ]*\d|\d|\.\d+)(?:e[+-]?\d{1,3})?"
_AMOUNT = re.compile(rf"^(?P<head>\D*?)(?P<number>{_NUMBER})\s*(?P<tail>.*)$")
_MINUS = re.compile(r"^(?:minus|negative|-)\s*(?=[\d.])")
_BELOW_ZERO = re.compile(r"^(\d\S*)(.*?) below (?:zero|freezing|0)$")
_TOUCHING = re.compile(r"\d[a-z]")
_SPACED = re.compile(r"(?<=\d)[ '\u00a0](?=\d{3}(?!\d))")
_COMMA_GROUPED = re.compile(r"[-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_DOT_GROUPED = re.compile(r"[-+]?\d{1,3}(?:\.\d{3}){2,}(?:,\d+)?|[-+]?\d{1,3}(?:\.\d{3})+,\d+")
_DECIMAL_COMMA = re.compile(r"[-+]?\d+,\d+")
_SCALE = re.compile(r"^([a-z]+)\b\.?\s*")
_OF = re.compile(r"^of\s+")
_RATE_BEHIND = re.compile(r"(?<=[a-z]) (?:per|on each|in each|on a|a|each) [a-z]+$", re.IGNORECASE)
_NOUN = re.compile(r"[a-z]{4,}(?: [a-z]{3,})?")
_DOT_GROUPS = re.compile(r"(?<![\d.,])[1-9]\d{0,2}(?:\.\d{3})+(?![\d.,])")
"""Dots between thousands, which nobody writes as decimals: 50.000 is no way to say fifty."""
COMPARED = re.compile(r"\b(times|fold|x)\s+(?:as\s+)?[a-z]+(?:\s+(?:than|as)\s.*)?$")


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount as read: its unit or currency is "" where none was typed."""

    number: Decimal
    unit: str = ""
    currency: str = ""
    bound: Bound | None = None
    scaled: bool = False
    """Whether it was typed in thousands, millions or more."""
    about: bool = False
    """Whether it was said to be no exact one."""


def read_number(text: str) -> Decimal | None:
    """Read digits in any unambiguous grouping: 5,580,000 · 5.580.000 · 5 580 000 · 5,58 · 5e4."""
    text = _SPACED.sub("", text.strip())
    mantissa, _, exponent = text.partition("e")
    if _COMMA_GROUPED.fullmatch(mantissa):
        mantissa = mantissa.replace(",", "")
    elif _DOT_GROUPED.fullmatch(mantissa):
        mantissa = mantissa.replace(".", "").replace(",", ".")
    elif _DECIMAL_COMMA.fullmatch(mantissa):
        mantissa = mantissa.replace(",", ".")
    try:
        number = Decimal(mantissa + (f"e{exponent}" if exponent else ""))
    except InvalidOperation:
        return None
    return number if abs(number.adjusted()) <= MAX_EXPONENT else None


def read_amount(response: str, *, scales: bool = True) -> Amount | None:
    """Read one amount with bound, currency and unit; None where anything is not understood.

    Without `scales` an m behind a number is metres, not millions.
    """
    readable = len(response) <= MAX_LENGTH and says_number(response)
    return _read(response, scales=scales) if readable else None


@lru_cache(maxsize=2000)
def _read(response: str, *, scales: bool) -> Amount | None:
    """Read one amount; kept, since each name of an answer asks for the same response."""
    text = _MINUS.sub("-", plain_amount(response))
    text = _BELOW_ZERO.sub(filled(r"-\1\2"), text)
    about = ABOUT.match(text) is not None and not text.startswith(_EXACTLY)
    bound, text = _read_bound(ABOUT.sub("", text))
    text = ABOUT.sub("", text)
    found = _AMOUNT.match(text)
    if not found:
        return None
    number = read_number(found["number"].strip())
    if number is None:
        return None
    head, tail = found["head"].strip(), found["tail"].strip()
    if scales:
        scale, tail = _read_scale(tail, touching=bool(_TOUCHING.search(text)))
    else:
        scale = 0
    is_spoken = bool(_SPOKEN_SCALE.search(response.casefold()))
    amount = _named(number.scaleb(scale), head, tail)
    return amount and replace(amount, bound=bound, scaled=scale > 0 or is_spoken, about=about)


def _read_bound(text: str) -> tuple[Bound | None, str]:
    for bound, before in _BEFORE:
        if found := before.match(text):
            return bound, text[found.end() :]
    for bound, behind in _BEHIND:
        if found := behind.search(text):
            return bound, text[: found.start()]
    return None, text


def _read_scale(tail: str, *, touching: bool) -> tuple[int, str]:
    found = _SCALE.match(tail)
    if not found or found[1] not in SCALES:
        return 0, tail
    rest = tail[found.end() :]
    if found[1] in {"m", "t", "b"} and not touching and not rest:
        return SCALES[found[1]], rest
    # Behind a scale only another in full is one: a hundred million m are metres.
    is_scale = rest.startswith(tuple(SCALE_WORDS))
    more, rest_after = _read_scale(rest, touching=False) if is_scale else (0, rest)
    return SCALES[found[1]] + more, rest_after


def _named(number: Decimal, head: str, tail: str) -> Amount | None:
    """Join the words around a number: a currency on one side, or a unit behind it."""
    tail = _OF.sub("", tail)
    if head.startswith("-"):  # -US$40
        number, head = -number, head[1:]
    for before, after in ((head, tail), ("", f"{head} {tail}".strip() if head else tail)):
        currency = CURRENCIES.get(before) if before else CURRENCIES.get(after)
        if currency is None:
            continue
        rest = after if before else ""
        if not rest or CURRENCIES.get(rest) == currency:
            return Amount(number, currency=currency)
        if currency == "USD" and CURRENCIES.get(rest) in OF_ONE_WORD["USD"]:
            return Amount(number, currency=CURRENCIES[rest])
    return Amount(number, unit=tail) if not head else None


def mark_number(value: NumberValue, response: str) -> Mark:
    """Mark a number with its unit, tolerance and bound; a unit may begin with its scale."""
    if not value.amount and says_none(without_padding(clean(response))):
        return Mark(1.0, Verdict.EQUIVALENT, say("That is right: {value}.", value=display(value)))
    mark = _mark_scaled(value, response)
    if value.unit in PERCENT and _SHARE.search(response.casefold()):
        return mark  # a half is 50 %, which its figure alone would not tell
    others = _one_amount(value, response), without_tail(response), _without_rate(value, response)
    for other in dict.fromkeys(others):
        if not mark.correct and other != response:
            mark = max(mark, _mark_scaled(value, other), key=lambda one: one.credit)
    return mark


def _without_rate(value: NumberValue, response: str) -> str:
    """Return "12 players" of 12 players per side: what was counted, not how fast it goes."""
    counted = value.unit and not known_unit(value.unit)
    return _RATE_BEHIND.sub("", response) if counted else response


def _one_amount(value: NumberValue, response: str) -> str:
    """Return the response with its parts in one unit: 90 minutes for an hour and a half."""
    short = response[:MAX_LENGTH] if len(response) <= MAX_LENGTH else ""
    return in_one_unit(plain_amount(short), value.unit) if short else response


def _mark_scaled(value: NumberValue, response: str) -> Mark:
    """Mark a number whose unit may begin with its scale: 1.4 billion people."""
    scale, _, unit = value.unit.partition(" ")
    if scale not in SCALE_WORDS:
        return _mark_number(value, response)
    size = SCALES[scale]
    amount, tolerance = value.amount.scaleb(size), value.tolerance.scaleb(size)
    whole = replace(value, amount=amount, tolerance=tolerance, unit=unit)
    mark, read = _mark_number(whole, response), read_amount(response)
    if mark.correct or read is None or read.unit or read.scaled:
        return mark
    bare = _mark_number(value, response)
    if not bare.correct:
        return bare
    why = say("The amount is right; in full it is {value}.", value=display(value))
    return Mark(0.5, Verdict.PARTIAL, why)


def _mark_number(value: NumberValue, response: str) -> Mark:
    grouped = _DOT_GROUPS.sub(lambda found: found[0].replace(".", ""), response)
    readings = [read_amount(response), read_amount(response, scales=False), read_amount(grouped)]
    readings = list(dict.fromkeys(readings))
    if value.unit in PERCENT and (ratio := _ratio(response)) is not None:
        readings = [_in_percent(value, Amount(ratio))]
    elif value.unit in PERCENT and _SHARE.search(response.casefold()):
        readings = [_in_percent(value, amount) for amount in readings if amount]
    elif value.unit in PERCENT and value.amount >= 1:
        readings += [_in_percent(value, one) for one in readings if one and 0 < one.number < 1]
    marks = [_mark_reading(value, amount, response) for amount in readings if amount]
    return max(marks, key=lambda mark: mark.credit, default=wrong_amount(value))


def _ratio(response: str) -> Decimal | None:
    return read_ratio(response) if len(response) <= MAX_LENGTH else None


def _in_percent(value: NumberValue, amount: Amount) -> Amount:
    """Return a share as percent, as round as the value is: a third is 33%."""
    if amount.unit:
        return amount
    exact = amount.number * 100
    rounded = exact.quantize(Decimal(1).scaleb(min(0, int(value.amount.as_tuple().exponent))))
    return Amount(rounded if rounded == value.amount else exact, bound=amount.bound)


def _mark_reading(value: NumberValue, amount: Amount, response: str) -> Mark:
    if not value.unit and _only_a_noun(amount):
        amount = replace(amount, unit="")
    if amount.currency == "GBP" and unit_factor("lb", value.unit) and "pound" in response.lower():
        amount = replace(amount, unit="lb", currency="")
    if amount.currency and amount.currency == CURRENCIES.get(value.unit.casefold()):
        amount = replace(amount, unit=value.unit, currency="")
    if amount.unit == "'" and unit_factor("minutes", value.unit):
        amount = replace(amount, unit="minutes")
    number = None if amount.currency else in_unit(amount.number, amount.unit, value.unit)
    if number is None:
        if amount.unit and _close(amount.number, value.amount, value.tolerance):
            return Mark(
                0.0, Verdict.WRONG, say("The unit differs: it is {value}.", value=display(value))
            )
        return wrong_amount(value)
    factor = unit_factor(amount.unit, value.unit)
    # Between metres and kilometres nothing is rounded; between miles and kilometres it is.
    rounded = factor is None or factor.normalize().as_tuple().digits != (1,)
    slack = value.tolerance + abs(value.amount) / 1000 if rounded else value.tolerance
    if not _close(number, value.amount, slack):
        may_be_round = amount.scaled or amount.about or known_unit(value.unit)
        return _rounded_off(value, number, whole=may_be_round) or wrong_amount(value)
    return _by_bound(value, amount.bound, response)


def _rounded_off(value: NumberValue | MoneyValue, number: Decimal, *, whole: bool) -> Mark | None:
    """Give part of the credit where the last figures were rounded away: 42.2 for 42.195.

    Of `whole` numbers too where it is plain that they are round: about, in millions, in a unit
    that is measured. A count is exact: 1,000 nights are not 1,001.
    """
    places = -int(number.normalize().as_tuple().exponent)
    dropped = places < -int(value.amount.normalize().as_tuple().exponent)
    if not dropped or (places < 0 and not whole) or round(value.amount, places) != number:
        return None
    if abs(number - value.amount) > abs(value.amount) / 100:
        return None
    return Mark(0.5, Verdict.PARTIAL, say("Rounded; more exactly {value}.", value=display(value)))


def _only_a_noun(amount: Amount) -> bool:
    """Whether what was typed behind a bare count only says what was counted: 118 elements."""
    plain = _NOUN.fullmatch(amount.unit)
    return bool(plain) and not known_unit(amount.unit) and amount.unit not in SCALES


def mark_money(value: MoneyValue, response: str) -> Mark:
    """Mark an amount of money in its currency; a bare amount is taken to mean that currency."""
    amount = _coins(value, response) or read_amount(response)
    grouped = _DOT_GROUPS.sub(lambda found: found[0].replace(".", ""), response)
    if grouped != response and (other := read_amount(grouped)) and other.number == value.amount:
        amount = other
    if amount and _is_unit_for(value.currency, amount.unit):
        amount = replace(amount, unit="", currency=value.currency)
    if amount is None or amount.unit:
        return wrong_amount(value)
    of_one_word = value.currency in OF_ONE_WORD.get(amount.currency, ())
    may_be = of_one_word and not _WHOSE.search(response)
    if amount.currency not in {"", value.currency} and not may_be:
        return Mark(
            0.0, Verdict.WRONG, say("The currency differs: it is {value}.", value=display(value))
        )
    if amount.number != value.amount:
        is_round = amount.scaled or amount.about
        rounded = _rounded_off(value, amount.number, whole=is_round) if is_round else None
        return rounded or wrong_amount(value)
    return _by_bound(value, amount.bound, response)


def _is_unit_for(currency: str, word: str) -> bool:
    """Whether a word that means several currencies or none is this one's, or its code."""
    return currency in SHARED.get(word, ()) or word == currency.casefold()


def _coins(value: MoneyValue, response: str) -> Amount | None:
    """Read 99 cents, in the coins of the value's currency."""
    found = _HUNDREDTHS.match(plain_amount(response)) if len(response) <= MAX_LENGTH else None
    if found is None:
        return None
    coin = found["coin"] if found["coin"] != "cent" else "cents"
    if coin not in _COINS.get(value.currency, "").split():
        return None
    return Amount(Decimal(found["number"]) / 100, currency=value.currency)


def _by_bound(value: NumberValue | MoneyValue, bound: Bound | None, response: str) -> Mark:
    if bound is value.bound:
        verdict = Verdict.EXACT if clean(response) == display(value) else Verdict.EQUIVALENT
        return Mark(1.0, verdict, say("That is right: {value}.", value=display(value)))
    if bound is None:
        return Mark(
            0.5,
            Verdict.PARTIAL,
            say("The amount is right; in full it is {value}.", value=display(value)),
        )
    if value.bound and _same_side(bound, value.bound):
        return Mark(1.0, Verdict.EQUIVALENT, say("Right: {value}.", value=display(value)))
    if value.bound is None:
        return Mark(
            0.5,
            Verdict.PARTIAL,
            say("The amount is not a limit: it is {value}.", value=display(value)),
        )
    return Mark(0.0, Verdict.WRONG, say("The other way round: {value}.", value=display(value)))


def _same_side(one: Bound, other: Bound) -> bool:
    below = {Bound.LESS_THAN, Bound.AT_MOST}
    return (one in below) == (other in below)


def _close(number: Decimal, wanted: Decimal, slack: Decimal) -> bool:
    return abs(number - wanted) <= slack


def wrong_amount(value: NumberValue | MoneyValue | RangeValue) -> Mark:
    """Return the mark of an amount that is not the right one."""
    return Mark(0.0, Verdict.WRONG, say("The answer is {value}.", value=display(value)))
