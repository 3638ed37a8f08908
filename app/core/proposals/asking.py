"""What a plain fact says and asks: its sentence with a gap, and the question that it answers."""

import re

from app.core.proposals.choosing import Chosen
from app.core.proposals.earlier import PRONOUN
from app.core.proposals.phrases import after_lead_in, bare_noun, first_noun
from app.core.proposals.reading import Read
from app.core.values import DateValue, NumberValue

_AUXILIARY = (
    r"is|are|was|were|has been|have been|had been|can be|could be|will be|must be|may be|has|have"
)
_PASSIVE = re.compile(
    rf"^(?P<who>[^,;:()\"“]{{2,80}}?)\s(?P<aux>{_AUXILIARY})\s(?P<rest>[^,;:()\"“]{{3,90}}?)\s"
    r"(?P<how>in|on|since|until|by|to|from|at|for)\s$"
)
"""A sentence up to its value: The bridge was listed as a monument in."""
_OTHER_CLAUSE = re.compile(
    r"\b(?:that|which|who|whose|when|while|because|and|but|or|is|are|was|were|it|he|she|they|its|"
    r"his|her|their|this|these|those)\b"
)
_NOUN = re.compile(r"(?:an?|the)\s")
"""Behind "is" no verb but what the subject is: Its oldest book is a hymnal printed in Turku in."""
_POINTS_AWAY = re.compile(
    r"(?:An?|It|He|She|They|Its|His|Her|Their|This|Some|Many|Most|There|One)\b"
)
_WHEN = {"in": "When", "on": "When", "since": "Since when", "until": "Until when"}


def said_of(read: Read, chosen: Chosen) -> str:
    """Return the sentence with a gap where its value stands, "it" and "he" named; "" for none.

    A person words it further: what it says has to be clear without the article.
    """
    if chosen.span is None:
        return ""
    low, high = chosen.span
    before, after = (re.sub("[{}]", "", part) for part in (read.text[:low], read.text[high:]))
    return " ".join(f"{_named(before, read, chosen)}{{value}}{after}".split())


def asked_of(read: Read, chosen: Chosen) -> str:
    """Return the question that a plain fact answers; "" where a person has to word it.

    Only what can be turned round word by word: The bridge was listed as a monument in 1993.
    """
    if chosen.span is None or _said_before(read, chosen.span):
        return ""
    found = _PASSIVE.match(after_lead_in(_named(read.text[: chosen.span[0]], read, chosen)))
    if found is None or _NOUN.match(found["rest"]) or _unclear(found["who"]):
        return ""
    if _OTHER_CLAUSE.search(found["rest"]):
        return ""
    opener = _opener(chosen, found["how"])
    auxiliary, _, more = found["aux"].partition(" ")
    rest = f"{more} {found['rest']}".strip()
    return f"{opener} {auxiliary} {_inside(read, found['who'])} {rest}?" if opener else ""


def _said_before(read: Read, value: tuple[int, int]) -> bool:
    """Whether who says so stands before the value, where a question would be turned round it."""
    low, high = read.reporting.outside
    return high > 0 and low < value[1]


def _opener(chosen: Chosen, how: str) -> str:
    value = chosen.value
    if isinstance(value, DateValue):
        return _WHEN.get(how, "")
    is_count = isinstance(value, NumberValue) and value.unit.endswith("s") and not value.bound
    if isinstance(value, NumberValue) and is_count and how not in {"since", "until"}:
        return f"{how.capitalize()} how many {value.unit}"
    return ""


def _unclear(who: str) -> bool:
    """Whether a subject needs the article: It, A bill, Most of them."""
    return bool(_OTHER_CLAUSE.search(who) or _POINTS_AWAY.match(who))


def _inside(read: Read, who: str) -> str:
    """Return a subject as it stands inside a question: names keep their capital."""
    word = who.split(maxsplit=1)[0]
    if any(one.entity and one.entity.name.startswith(word) for one in read.names):
        return who
    return who[0].lower() + who[1:] if read.text.startswith(word) else who


def _named(before: str, read: Read, chosen: Chosen) -> str:
    """Return what stands before a value with the name for "it", "his coach" and "the bridge"."""
    if chosen.subject is None or chosen.subject.name in before:
        return before
    begins = after_lead_in(before)
    lead_in = before[: len(before) - len(begins)]
    name, noun = chosen.subject.name, bare_noun(read.text)
    pronoun = PRONOUN.match(begins)
    if pronoun and pronoun[0].startswith(("It", "He", "She")) and pronoun[0] != "Its":
        old = pronoun[0]
    elif pronoun and "'" in name:
        old = f"{pronoun[0]} {first_noun(read.text).removeprefix('the ')}"
    elif noun and not name.startswith("the ") and f" {noun} of " not in begins:
        old = begins[: len("The ") + len(noun)]
        name = f"The {name}" if name.casefold().endswith(f" {noun}") else name
    else:
        return before
    if not begins.startswith(old):
        return before
    name = name if not lead_in else name.removeprefix("The ")
    return f"{lead_in}{name[0].upper()}{name[1:]}{begins[len(old) :]}"
