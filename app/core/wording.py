"""How facts are put into words: values in the house style, stems, statements, attribution."""

import re
from decimal import Decimal

from app.core.facts import Fact, Stance
from app.core.grammar import agreeing, singular
from app.core.values import (
    Bound,
    DateValue,
    EntityValue,
    MoneyValue,
    NumberValue,
    RangeValue,
    SetValue,
    TextValue,
    Value,
    write_decimal,
)

BLANK = "_____"
"""A cloze's gap: always this long, so that its length tells nothing."""

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
SYMBOLS = {"USD": "US$", "EUR": "€", "GBP": "£", "JPY": "¥", "CNY": "CN¥", "INR": "₹"}
_BOUND_WORDS = {
    Bound.LESS_THAN: "under",
    Bound.AT_MOST: "at most",
    Bound.MORE_THAN: "more than",
    Bound.AT_LEAST: "at least",
}
SHORT_DIGITS = 4
"""Digits that read well without groups, and before "million"."""
_SCALES = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"))


def display(value: Value) -> str:
    """Return a value in the house style: US$5.58 million, 20 January 2025, 50,000 chips."""
    match value:
        case EntityValue(entity):
            return entity.name
        case TextValue(text=text):
            return text
        case NumberValue():
            return _bounded(value.bound, with_unit(amount_text(value.amount), value.unit))
        case MoneyValue():
            return _bounded(value.bound, money_text(value.amount, value.currency))
        case RangeValue():
            return _range_text(value)
        case DateValue():
            return date_text(value)
        case SetValue(items=items):
            return join_names([item.name for item in items])


def amount_text(amount: Decimal) -> str:
    """Return 50,000 or 5.58 million: digits in groups, large round amounts in words."""
    for scale, word in _SCALES:
        scaled = amount / scale
        if (
            abs(scaled) >= 1
            and len(write_decimal(scaled).replace(".", "").lstrip("-")) <= SHORT_DIGITS
        ):
            return f"{write_decimal(scaled)} {word}"
    whole, _, decimals = write_decimal(amount).partition(".")
    sign = "-" if whole.startswith("-") else ""
    digits = whole.lstrip("-")
    grouped = f"{int(digits):,}" if len(digits) > SHORT_DIGITS else digits
    return sign + grouped + (f".{decimals}" if decimals else "")


def money_text(amount: Decimal, currency: str) -> str:
    """Return US$5.58 million; a currency without a symbol of its own is named by its code."""
    sign = "-" if amount < 0 else ""
    return f"{sign}{SYMBOLS.get(currency, currency + ' ')}{amount_text(abs(amount))}"


def with_unit(amount: str, unit: str) -> str:
    """Join an amount and its unit: 50,000 chips, 20%, 9.81 m/s²."""
    if unit in {"%", "°"}:
        return amount + unit
    if amount in {"1", "-1"}:
        unit = singular(unit)
    return f"{amount} {unit}" if unit else amount


def date_text(value: DateValue) -> str:
    """Return 20 January 2025, March 2023, 1969 or late 2022."""
    text = str(value.year)
    if value.month is not None:
        text = f"{MONTHS[value.month - 1]} {text}"
    if value.day is not None:
        text = f"{value.day} {text}"
    return f"{value.part} {text}" if value.part else text


def join_names(names: list[str]) -> str:
    """Return "A", "A and B" or "A, B and C"."""
    if len(names) < 2:  # noqa: PLR2004 one name joins with nothing
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _bounded(bound: Bound | None, text: str) -> str:
    return f"{_BOUND_WORDS[bound]} {text}" if bound else text


def _range_text(value: RangeValue) -> str:
    if value.unit in SYMBOLS or re.fullmatch(r"[A-Z]{3}", value.unit):
        low, high = (money_text(end, value.unit) for end in (value.low, value.high))
        return f"{low} to {high}"
    low = amount_text(value.low)
    return f"{low} to {with_unit(amount_text(value.high), value.unit)}"


def answer_texts(value: Value) -> tuple[str, ...]:
    """Return every text that would give a value away when it stands in a stem."""
    match value:
        case EntityValue(entity):
            return entity.names
        case TextValue():
            return (value.text, *value.accept)
        case SetValue(items=items):
            return tuple(name for item in items for name in item.names)
        case _:
            return (display(value),)


def fill(template: str, subject: str, value: str) -> str:
    """Fill a wording template and tidy it: a or an to fit, one capital, one full stop."""
    filled = {"subject": subject, "value": value}
    template = agreeing(template, subject)

    def with_article(found: re.Match[str]) -> str:
        name = filled[found[2]]
        article = article_for(name)
        return f"{article.capitalize() if found[1][0] == 'A' else article} {name}"

    def with_the(found: re.Match[str]) -> str:
        name = filled[found[2]]
        if name.casefold().startswith("the "):
            return name
        return (found[1] or ("the " if takes_the(name) else "")) + name

    return tidy(_THE_BEFORE.sub(with_the, _ARTICLE_BEFORE.sub(with_article, template)))


def takes_the(name: str) -> bool:
    """Whether a name goes with "the" inside a sentence: the United Kingdom, the Bahamas."""
    joined = " and " in name or "," in name
    return not joined and not name.casefold().startswith("the ") and bool(_WITH_THE.search(name))


def article_for(text: str) -> str:
    """Return the indefinite article that fits how a text is spoken: an hour, a unit, an H800.

    Before a blank both are shown, so that the article is no clue.
    """
    if text.startswith(BLANK):
        return "a/an"
    word = re.split(r"[\s-]", text, maxsplit=1)[0]
    spelt = len(word) <= SPELT_LETTERS or not re.search(r"[AEIOU]", word[1:])
    if word.isupper() and spelt:
        return "an" if word[0] in _SPOKEN_WITH_VOWEL else "a"
    lowered = word.casefold()
    if lowered.startswith(_SILENT_H):
        return "an"
    if re.match(r"(?:eu|uni(?!n)|use|usu|ut[ei]|one\b|once)", lowered):
        return "a"
    return "an" if re.match(r"[aeiou8]|11\b|18\b", lowered) else "a"


def tidy(sentence: str) -> str:
    """Fold white space, end doubled punctuation, begin with a capital, mend a/an and 's."""
    text = " ".join(sentence.split())
    text = re.sub(r"\.{2,}$", ".", text)
    text = re.sub(r"([!?])\.$", r"\1", text)
    text = re.sub(r"s's\b", "s'", text)
    return capital(text)


def capital(text: str) -> str:
    """Begin with a capital, but leave names such as iPhone alone."""
    first = text.split(" ", 1)[0]
    if any(char.isupper() for char in first):
        return text
    return text[:1].upper() + text[1:]


def stem(fact: Fact) -> str:
    """Return the question that asks for the value, naming who says so; "" without a wording."""
    return _asked(fact, fact.ask_template, display(fact.value))


def inverse_stem(fact: Fact) -> str:
    """Return the question that asks for the subject; "" when there is none."""
    if fact.subject is None:
        return ""
    return _asked(fact, fact.ask_inverse_template, _in_sentence(fact.value))


def statement(fact: Fact, value_text: str | None = None, subject: str | None = None) -> str:
    """Return the fact as a sentence, attributed; another value or subject may be swapped in."""
    template = with_preposition(fact.say_template, fact.value)
    if not template:
        return ""
    named = subject if subject is not None else (fact.subject.name if fact.subject else "")
    text = fill(template, named, value_text if value_text is not None else _in_sentence(fact.value))
    text = dated(fact, text)
    return text if text.endswith((".", "!", "?")) else text + "."


def attributed(fact: Fact, sentence: str) -> str:
    """Put who says so before a sentence, unless it is stated or already names them."""
    who = fact.attribution
    if fact.stance is Stance.STATED or not who or names_source(sentence, who):
        return sentence
    verb = {Stance.CLAIMED: "claimed", Stance.DISPUTED: "maintained"}.get(fact.stance, "reported")
    return f"{capital(who)} {verb}: {sentence}"


def fact_text(fact: Fact) -> str:
    """Return a fact as an attributed sentence, or its question and answer where it has none."""
    said = statement(fact)
    return attributed(fact, said) if said else f"{stem(fact)} {display(fact.value)}"


def changes_with_time(fact: Fact) -> bool:
    """Whether the answer may be another one tomorrow: a dated fact asked in the present tense."""
    return fact.as_of is not None and bool(_PRESENT.search(fact.ask_template))


def as_dated(fact: Fact) -> str:
    """Return the date that a fact is told with, "" where its truth does not change."""
    return date_text(fact.as_of) if fact.as_of and changes_with_time(fact) else ""


def dated(fact: Fact, sentence: str) -> str:
    """Put the date before a sentence whose truth changes with time, unless it names its year."""
    if fact.as_of is None or not changes_with_time(fact) or str(fact.as_of.year) in sentence:
        return sentence
    return f"As of {date_text(fact.as_of)}, {_lower_first(sentence)}"


def _asked(fact: Fact, template: str, value: str) -> str:
    if not template:
        return ""
    template = with_preposition(template, fact.value)
    text = dated(fact, fill(template, fact.subject.name if fact.subject else "", value))
    who = fact.attribution
    if fact.stance is not Stance.STATED and who and not names_source(text, who):
        text = f"According to {who}, {_lower_first(text)}"
    return tidy(text)


def names_source(text: str, who: str) -> bool:
    """Whether a text already names who says so, by a name of theirs that stands out."""
    return who.casefold() in text.casefold()


def with_preposition(template: str, value: Value) -> str:
    """Make "on {value}" and "in {value}" fit a date: on a day, in a month or a year.

    One relation then words both "founded on 3 May 1969" and "founded in 1969".
    """
    if not isinstance(value, DateValue):
        return template
    return _DATE_PREPOSITION.sub("in {value}" if value.day is None else "on {value}", template)


def _in_sentence(value: Value) -> str:
    return display(value)


_ARTICLE_BEFORE = re.compile(r"\b([Aa]n?) \{(subject|value)\}")
_DATE_PREPOSITION = re.compile(r"\b(?:on|in) \{value\}")
SPELT_LETTERS = 3
"""Capitals of at most so many letters are spelt (FBI); longer ones with vowels spoken (NASA)."""
_THE_BEFORE = re.compile(r"(\b[Tt]he\s+)?\{(subject|value)\}")
_WITH_THE = re.compile(
    r"^(?:United (?:States|Kingdom|Arab Emirates|Nations)|(?:\w+ )?Republic of|Kingdom of|Union of"
    r"|Isle of|Netherlands|Philippines|Bahamas|Maldives|Seychelles|Gambia|Hague)\b"
    r"|\b(?:Islands|Republic|Emirates|Federation|Alps|Andes|Himalayas|Pyrenees)$"
)
_SPOKEN_WITH_VOWEL = "AEFHILMNORSX"
_SILENT_H = ("hour", "honest", "honour", "honor", "heir")
_PRESENT = re.compile(r"\b(?:is|are|has|have|does|do|can|owns|holds|leads)\b", re.IGNORECASE)
_OPENERS = (
    "Who Whom Whose What Which When Where Why How By In On At Of To From For With Under Over Is "
    "Are Was Were Did Does Do The A An According As About Into Since Until During After Before "
    "Below Above Between Among Since May Can Could Will Would Should Shall Might Has Have Had"
)


def _lower_first(text: str) -> str:
    first = text.split(" ", 1)[0]
    return text[0].lower() + text[1:] if first in _OPENERS.split() else text
