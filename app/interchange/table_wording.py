"""Wording for a relation that a table names but gives no question: plain English, if stiff.

The library of general relations comes first; else the label is read as a noun ("capital"), a verb
("borders", "played for") or a participle ("founded by"), and put where any such word fits.
"""

import re

from app.core.starter import STARTER_RELATIONS
from app.core.values import ValueKind

_PREPOSITION = re.compile(
    r"\b(?:by|in|on|at|of|to|from|with|for|as|into|than|after|under|over|near|between|through)$"
)
_PARTICIPLE = re.compile(
    r"^(?:\w+ed|\w+en|born|made|built|held|sold|led|won|found|set|known|drawn|spoken|based)\b",
    re.IGNORECASE,
)
"""Founded by, written in: "… was" goes before it."""
_ACTIVE = frozenset(
    (
        *("died", "lived", "worked", "played", "moved", "belonged"),
        *("happened", "occurred", "appeared", "served", "studied", "participated"),
        *("competed", "arrived", "emigrated", "retired", "graduated", "fought"),
        *("referred", "led", "won"),
    )
)
"""Verbs that their subject does, though a preposition follows: died in, played for."""
_BASES = {
    "died": "die",
    "lived": "live",
    "worked": "work",
    "happened": "happen",
    "occurred": "occur",
    "arrived": "arrive",
    "moved": "move",
    "graduated": "graduate",
    "retired": "retire",
}
_SOMEWHERE = frozenset(
    (
        *("born", "located", "based", "buried", "situated", "headquartered"),
        *("held", "found", "built", "died", "lived", "worked"),
    )
)
_PERSONS = frozenset(
    (
        *("author", "captain", "ceo", "chairman", "coach", "composer", "conductor", "designer"),
        *("director", "discoverer", "emperor", "father", "founder", "head", "husband", "inventor"),
        *("king", "leader", "manager", "mayor", "minister", "mother", "owner", "painter"),
        *("president", "prime minister", "queen", "singer", "spouse", "wife", "winner", "writer"),
    )
)
"""Nouns that ask for a person."""
_PLURAL = re.compile(r"(?:[^sui]s|people|children|feet|teeth|men|women|mice)$")
_VERB = re.compile(r"^(?:is|was|are|were|has|had|have|does|did|can)\b|^\w+ed$")
_DOES = frozenset(
    (
        *("absorbs", "affects", "attacks", "borders", "builds", "causes", "connects", "contains"),
        *("controls", "covers", "creates", "crosses", "eats", "emits", "employs", "feeds"),
        *("holds", "includes", "inhibits", "leads", "makes", "means", "needs", "opposes", "owns"),
        *("plays", "produces", "protects", "regulates", "represents", "requires", "sells"),
        *("speaks", "stores", "supports", "transports", "treats", "uses", "wrote", "won"),
    )
)
"""Verbs as tables name relations by them; other words that end in s are nouns."""
_ONE = frozenset(("species", "series", "headquarters", "means", "news"))
"""Nouns in s of which there is one."""


def default_wording(label: str, kind: ValueKind) -> tuple[str, str]:
    """Return a question and a statement for a label, by the kind of its values."""
    plain = " ".join(label.replace("_", " ").casefold().split())
    if (known := _from_library(plain, kind)) is not None:
        return known
    label = re.sub(r"^has (?=\w)", "", " ".join(label.replace("_", " ").split()))
    if reads_as_noun(label) or (kind is ValueKind.NUMBER and _PLURAL.search(label)):
        return _noun(label, kind)
    verb = _with_was(label)
    return _verb_question(verb, kind), f"{{subject}} {verb} {{value}}."


def reads_as_noun(label: str) -> bool:
    """Whether a label names a thing, as "capital" does and "founded by" does not."""
    label = label.replace("_", " ").strip().casefold()
    first = label.split(" ", 1)[0]
    if first in _DOES or _PREPOSITION.search(label):
        return False
    return _many(label) or not _VERB.match(first)


def _many(label: str) -> bool:
    """Whether a label counts things: world cups won, goals scored, inhabitants."""
    words = label.split()
    return len(words) > 1 and bool(re.search(r"[^s]s$", words[0] if len(words) == 2 else words[1]))  # noqa: PLR2004


def _from_library(label: str, kind: ValueKind) -> tuple[str, str] | None:
    for one in STARTER_RELATIONS:
        phrases = {one.label, *one.cues}
        said = {label, f"was {label}", f"is {label}"} & phrases
        if said and one.value_kind is kind:
            return one.ask, one.say
    return None


def _noun(label: str, kind: ValueKind) -> tuple[str, str]:
    if kind is ValueKind.NUMBER and _counts(label):
        return (
            f"What is the number of {label} given for {{subject}}?",
            f"The number of {label} given for {{subject}} is {{value}}.",
        )
    if " of " in label.removeprefix("number of ") or " to " in label or " for " in label:
        return (
            f"In the case of {{subject}}, what is the {label}?",
            f"In the case of {{subject}}, the {label} is {{value}}.",
        )
    if _PLURAL.search(label) and label.casefold() not in _ONE:
        return f"What are the {label} of {{subject}}?", f"The {label} of {{subject}} are {{value}}."
    asks = "Who" if label.rsplit(maxsplit=1)[-1].casefold() in _PERSONS else "What"
    return f"{asks} is the {label} of {{subject}}?", f"The {label} of {{subject}} is {{value}}."


def _counts(label: str) -> bool:
    if label.startswith("number of "):
        return False
    return bool(_PLURAL.search(label)) or _many(label)


def _with_was(label: str) -> str:
    first = label.split(" ", 1)[0].casefold()
    passive = _PARTICIPLE.match(label) and _PREPOSITION.search(label)
    by = label.casefold().endswith(" by")
    return f"was {label}" if passive and (by or first not in _ACTIVE) else label


def _verb_question(verb: str, kind: ValueKind) -> str:
    words = verb.split()
    asks = "When" if kind is ValueKind.DATE and words[-1] in {"in", "on"} else ""
    if not asks and words[-1] in {"in", "at"} and words[-2] in _SOMEWHERE:
        asks = "Where"
    if asks and words[0] == "was":
        return f"{asks} was {{subject}} {' '.join(words[1:-1])}?"
    if asks and words[0] in _BASES:
        return f"{asks} did {{subject}} {' '.join((_BASES[words[0]], *words[1:-1]))}?"
    what = "Who or what" if kind is ValueKind.ENTITY else "What"
    return f"{what} is it that {{subject}} {verb}?"
