"""Marking of numbers, money and ranges: a grammar of amounts of our own.

What is left over after an amount has been read means that it was not understood, and that is
wrong: "50k H100s" is not 50,000 of anything else.
"""

import re
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

from app.core.marking.amount_text import plain_amount
from app.core.marking.mark import Mark, Verdict
from app.core.marking.normalise import clean, without_padding
from app.core.marking.units import in_unit, known_unit, unit_factor
from app.core.values import Bound, MoneyValue, NumberValue, RangeValue
from app.core.wording import display

MAX_LENGTH = 80
MAX_EXPONENT = 40

SCALES = {
    "hundred": 2,
    "k": 3,
    "thousand": 3,
    "thousands": 3,
    "grand": 3,
    "m": 6,
    "mn": 6,
    "mm": 6,
    "mio": 6,
    "mln": 6,
    "mil": 6,
    "mill": 6,
    "million": 6,
    "millions": 6,
    "b": 9,
    "bn": 9,
    "bil": 9,
    "bln": 9,
    "mrd": 9,
    "billion": 9,
    "billions": 9,
    "t": 12,
    "tn": 12,
    "trn": 12,
    "trillion": 12,
    "trillions": 12,
}
_SCALE_WORDS = frozenset({"thousand", "million", "billion", "trillion"})
CURRENCIES = {
    "us$": "USD",
    "$": "USD",
    "usd": "USD",
    "us dollars": "USD",
    "us dollar": "USD",
    "u.s. dollars": "USD",
    "american dollars": "USD",
    "dollars": "USD",
    "dollar": "USD",
    "bucks": "USD",
    "€": "EUR",
    "eur": "EUR",
    "euros": "EUR",
    "euro": "EUR",
    "£": "GBP",
    "gbp": "GBP",
    "pounds": "GBP",
    "pound": "GBP",
    "pounds sterling": "GBP",
    "quid": "GBP",
    "¥": "JPY",
    "jpy": "JPY",
    "yen": "JPY",
    "cn¥": "CNY",
    "rmb": "CNY",
    "cny": "CNY",
    "yuan": "CNY",
    "renminbi": "CNY",
    "₹": "INR",
    "inr": "INR",
    "rupees": "INR",
    "chf": "CHF",
    "francs": "CHF",
    "swiss francs": "CHF",
    "a$": "AUD",
    "aud": "AUD",
    "c$": "CAD",
    "cad": "CAD",
    "hk$": "HKD",
    "hkd": "HKD",
    "₩": "KRW",
    "krw": "KRW",
    "won": "KRW",
    "dkk": "DKK",
    "danish kroner": "DKK",
    "danish krone": "DKK",
    "nok": "NOK",
    "norwegian kroner": "NOK",
    "norwegian krone": "NOK",
    "sek": "SEK",
    "swedish kronor": "SEK",
    "swedish krona": "SEK",
    "swedish kroner": "SEK",
    "pln": "PLN",
    "zloty": "PLN",
    "zlotys": "PLN",
    "brl": "BRL",
    "reais": "BRL",
    "rand": "ZAR",
    "zar": "ZAR",
    "turkish lira": "TRY",
    "canadian dollars": "CAD",
    "australian dollars": "AUD",
    "hong kong dollars": "HKD",
}
_HUNDREDTHS = re.compile(
    r"^(?P<number>\d{1,3}(?:\.\d+)?)\s*(?P<coin>cents?|ct|c|pence|pennies|p|¢)$"
)
_COINS = {"USD": "cents c ct ¢", "EUR": "cents c ct", "GBP": "pence pennies p", "AUD": "cents"} | {
    "CAD": "cents",
    "NZD": "cents",
}
_SHARE = re.compile(r"\b(?:half|halves|thirds?|quarters?|fifths?|tenths?)\b|\d\s*/\s*\d|[¼½¾⅓⅔]")
_OWN_DOLLARS = {"AUD", "CAD", "HKD", "NZD", "SGD", "TWD"}
_BOUNDS = (
    (Bound.AT_MOST, r"at most|no more than|not more than|up to|maximum(?: of)?|max|<=|≤"),
    (Bound.AT_LEAST, r"at least|no less than|not less than|minimum(?: of)?|min|>=|≥"),
    (Bound.LESS_THAN, r"(?:just )?(?:under|below)|less than|fewer than|lower than|<"),
    (Bound.MORE_THAN, r"(?:just )?(?:over|above)|more than|greater than|exceeding|>"),
)
_ABOUT = re.compile(r"^(?:about|around|approximately|approx\.?|roughly|some|circa|ca\.?|~|≈)\s*")
_NUMBER = r"[-+]?(?:\d[\d.,' ]*\d|\d|\.\d+)(?:e[+-]?\d{1,3})?"
_AMOUNT = re.compile(rf"^(?P<head>\D*?)(?P<number>{_NUMBER})\s*(?P<tail>.*)$")
_DOT_GROUPS = re.compile(r"(?<![\d.,])[1-9]\d{0,2}(?:\.\d{3})+(?![\d.,])")
"""Dots between thousands, which nobody writes as decimals: 50.000 is no way to say fifty."""
_COMPARED = re.compile(r"\b(times|fold|x)\s+(?:as\s+)?[a-z]+(?:\s+(?:than|as)\s.*)?$")
_DASH = re.compile(r"\s*(?:-|–|\bto\b|\band\b|\buntil\b|\btill\b|\bthrough\b|\.\.+)\s*")


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount as read: its unit or currency is "" where none was typed."""

    number: Decimal
    unit: str = ""
    currency: str = ""
    bound: Bound | None = None
    scaled: bool = False


def read_number(text: str) -> Decimal | None:
    """Read digits in any unambiguous grouping: 5,580,000 · 5.580.000 · 5 580 000 · 5,58 · 5e4."""
    text = re.sub(r"(?<=\d)[ '\u00a0](?=\d{3}(?!\d))", "", text.strip())
    mantissa, _, exponent = text.partition("e")
    if re.fullmatch(r"[-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?", mantissa):
        mantissa = mantissa.replace(",", "")
    elif re.fullmatch(r"[-+]?\d{1,3}(?:\.\d{3}){2,}(?:,\d+)?", mantissa) or re.fullmatch(
        r"[-+]?\d{1,3}(?:\.\d{3})+,\d+", mantissa
    ):
        mantissa = mantissa.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"[-+]?\d+,\d+", mantissa):
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
    if len(response) > MAX_LENGTH:
        return None
    text = re.sub(r"^(?:minus|negative|-)\s*(?=[\d.])", "-", plain_amount(response))
    text = re.sub(r"^(\d\S*)(.*?) below (?:zero|freezing|0)$", r"-\1\2", text)
    bound, text = _read_bound(_ABOUT.sub("", text))
    text = _ABOUT.sub("", text)
    found = _AMOUNT.match(text)
    if not found:
        return None
    number = read_number(found["number"].strip())
    if number is None:
        return None
    head, tail = found["head"].strip(), found["tail"].strip()
    if scales:
        scale, tail = _read_scale(tail, touching=bool(re.search(r"\d[a-z]", text)))
    else:
        scale = 0
    amount = _named(number.scaleb(scale), head, tail)
    return (
        None
        if amount is None
        else Amount(amount.number, amount.unit, amount.currency, bound, scaled=scale > 0)
    )


def _read_bound(text: str) -> tuple[Bound | None, str]:
    for bound, words in _BOUNDS:
        found = re.match(rf"^(?:{words})\s*", text)
        if found:
            return bound, text[found.end() :]
    for bound, words in (
        (
            Bound.AT_LEAST,
            r"\s*(?:(?:or|and) (?:more|above|over|older|up|upwards|higher)|\+|plus|minimum)$",
        ),
        (Bound.AT_MOST, r"\s*(?:(?:or|and) (?:less|fewer|below|under|younger|lower)|maximum)$"),
    ):
        found = re.search(words, text)
        if found:
            return bound, text[: found.start()]
    return None, text


def _read_scale(tail: str, *, touching: bool) -> tuple[int, str]:
    found = re.match(r"^([a-z]+)\b\.?\s*", tail)
    if not found or found[1] not in SCALES:
        return 0, tail
    rest = tail[found.end() :]
    if found[1] in {"m", "t", "b"} and not touching and not rest:
        return SCALES[found[1]], rest
    more, rest_after = _read_scale(rest, touching=False) if rest else (0, rest)
    return SCALES[found[1]] + more, rest_after


def _named(number: Decimal, head: str, tail: str) -> Amount | None:
    """Join the words around a number: a currency on one side, or a unit behind it."""
    tail = re.sub(r"^of\s+", "", tail)
    for before, after in ((head, tail), ("", f"{head} {tail}".strip() if head else tail)):
        currency = CURRENCIES.get(before) if before else CURRENCIES.get(after)
        if currency is None:
            continue
        rest = after if before else ""
        if not rest or CURRENCIES.get(rest) == currency:
            return Amount(number, currency=currency)
        if currency == "USD" and CURRENCIES.get(rest) in _OWN_DOLLARS:
            return Amount(number, currency=CURRENCIES[rest])
    return Amount(number, unit=tail) if not head else None


def mark_number(value: NumberValue, response: str) -> Mark:
    """Mark a number with its unit, tolerance and bound; a unit may begin with its scale."""
    scale, _, unit = value.unit.partition(" ")
    if scale in _SCALE_WORDS and unit:
        amount = read_amount(response)
        if amount is None or amount.unit or amount.scaled:
            size = SCALES[scale]
            whole = value.amount.scaleb(size), value.tolerance.scaleb(size)
            value = replace(value, amount=whole[0], tolerance=whole[1], unit=unit)
    return _mark_number(value, response)


def _mark_number(value: NumberValue, response: str) -> Mark:
    grouped = _DOT_GROUPS.sub(lambda found: found[0].replace(".", ""), response)
    readings = [read_amount(response), read_amount(response, scales=False), read_amount(grouped)]
    if value.unit in {"%", "percent", "per cent"} and _SHARE.search(response.casefold()):
        readings = [_in_percent(value, amount) for amount in readings if amount]
    marks = [_mark_reading(value, amount, response) for amount in readings if amount]
    return max(marks, key=lambda mark: mark.credit, default=_wrong(value))


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
    number = None if amount.currency else in_unit(amount.number, amount.unit, value.unit)
    if number is None:
        if amount.unit and _close(amount.number, value.amount, value.tolerance):
            return Mark(0.0, Verdict.WRONG, f"The unit differs: it is {display(value)}.")
        return _wrong(value)
    factor = unit_factor(amount.unit, value.unit)
    # Between metres and kilometres nothing is rounded; between miles and kilometres it is.
    rounded = factor is None or factor.normalize().as_tuple().digits != (1,)
    slack = value.tolerance + abs(value.amount) / 1000 if rounded else value.tolerance
    if not _close(number, value.amount, slack):
        return _wrong(value)
    return _by_bound(value, amount.bound, response)


def _only_a_noun(amount: Amount) -> bool:
    """Whether what was typed behind a bare count only says what was counted: 118 elements."""
    plain = re.fullmatch(r"[a-z]{4,}(?: [a-z]{3,})?", amount.unit)
    return bool(plain) and not known_unit(amount.unit) and amount.unit not in SCALES


def mark_money(value: MoneyValue, response: str) -> Mark:
    """Mark an amount of money in its currency; a bare amount is taken to mean that currency."""
    amount = _coins(value, response) or read_amount(response)
    grouped = _DOT_GROUPS.sub(lambda found: found[0].replace(".", ""), response)
    if grouped != response and (other := read_amount(grouped)) and other.number == value.amount:
        amount = other
    if amount is None or amount.unit:
        return _wrong(value)
    if amount.currency not in {"", value.currency} and not (
        amount.currency == "USD" and value.currency in _OWN_DOLLARS and "us" not in response.lower()
    ):
        return Mark(0.0, Verdict.WRONG, f"The currency differs: it is {display(value)}.")
    if amount.number != value.amount:
        return _wrong(value)
    return _by_bound(value, amount.bound, response)


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
        return Mark(1.0, verdict, f"That is right: {display(value)}.")
    if bound is None:
        return Mark(0.5, Verdict.PARTIAL, f"The amount is right; in full it is {display(value)}.")
    if value.bound and _same_side(bound, value.bound):
        return Mark(1.0, Verdict.EQUIVALENT, f"Right: {display(value)}.")
    if value.bound is None:
        return Mark(0.5, Verdict.PARTIAL, f"The amount is not a limit: it is {display(value)}.")
    return Mark(0.0, Verdict.WRONG, f"The other way round: {display(value)}.")


def _same_side(one: Bound, other: Bound) -> bool:
    below = {Bound.LESS_THAN, Bound.AT_MOST}
    return (one in below) == (other in below)


def _close(number: Decimal, wanted: Decimal, slack: Decimal) -> bool:
    return abs(number - wanted) <= slack


def mark_range(value: RangeValue, response: str) -> Mark:
    """Mark a range in any notation; one end alone is part of the answer."""
    ends = read_range(response)
    if ends is None:
        return _one_end(value, response)
    low, high = ends
    unit = high.unit or low.unit
    currency = high.currency or low.currency
    unit_fits = currency == value.unit if currency else unit_factor(unit, value.unit) == 1
    number = low.number
    if (cut := _abbreviated(low.number, high.number)) is not None:
        high = replace(high, number=cut)
    if unit_fits and high.scaled and not low.scaled and number * 1000 <= high.number:
        for scale in (3, 6, 9, 12):
            if number.scaleb(scale) == value.low:
                number = value.low
    if unit_fits and (number, high.number) == (value.low, value.high):
        verdict = Verdict.EXACT if clean(response) == display(value) else Verdict.EQUIVALENT
        return Mark(1.0, verdict, f"That is right: {display(value)}.")
    return _wrong(value)


def _abbreviated(low: Decimal, high: Decimal) -> Decimal | None:
    """Return the second year of 1914-18 in full, None where the end is not cut short."""
    if not (1000 <= low <= 2999 and 0 < high < 100 and low % 1 == 0):  # noqa: PLR2004 years
        return None
    full = low - low % 100 + high
    return full if full > low else None


def read_range(response: str) -> tuple[Amount, Amount] | None:
    """Read two ends: 20-50x · between 20 and 50 times · from 20 to 50 · 20x–50x."""
    text = clean(response).casefold()
    if len(text) > MAX_LENGTH:
        return None
    text = _COMPARED.sub(r"\1", _ABOUT.sub("", without_padding(text)))
    text = re.sub(r"(?<=[a-z]) an? (?=(?:second|minute|hour|day|week|month|year)$)", " per ", text)
    text = re.sub(r"^(?:anywhere\s+)?(?:between|from)\s+", "", text)
    text = re.sub(r"(?<=\w)\s*~\s*(?=\d)", "-", text).replace("up to", "to")
    parts = [part for part in _DASH.split(text) if part]
    if len(parts) != 2:  # noqa: PLR2004 a range has two ends
        return None
    low, high = (read_amount(part) for part in parts)
    if low is None or high is None or low.bound or high.bound:
        return None
    return low, high


def _one_end(value: RangeValue, response: str) -> Mark:
    amount = read_amount(response)
    fits = amount is not None and amount.number in {value.low, value.high}
    if fits:
        return Mark(0.5, Verdict.PARTIAL, f"One end of the range: it is {display(value)}.")
    return _wrong(value)


def _wrong(value: NumberValue | MoneyValue | RangeValue) -> Mark:
    return Mark(0.0, Verdict.WRONG, f"The answer is {display(value)}.")
