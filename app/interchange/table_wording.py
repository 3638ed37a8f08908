"""Wording for a relation that a table names but gives no question: plain English, if stiff.

The library of general relations comes first; else the label is read as a noun ("capital"), a verb
("borders", "played for") or a participle ("founded by"), and put where any such word fits.
"""

import re

from app.core.marking import PERSON_KINDS
from app.core.starter import STARTER_RELATIONS
from app.core.values import ValueKind
from app.core.wording import ENGLISH, is_english

_PREPOSITION = re.compile(
    r"\b(?:by|in|on|at|of|to|from|with|for|as|into|than|after|under|over|near|between|through|"
    r"against|about|towards?|within|during|before|until|since)$"
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
    "played": "play",
    "studied": "study",
    "served": "serve",
    "belonged": "belong",
    "competed": "compete",
    "fought": "fight",
    "appeared": "appear",
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
"""Nouns that ask for a person, besides kinds of people."""
_DONE = {
    "release": "released",
    "publication": "published",
    "birth": "born",
    "founding": "founded",
    "foundation": "founded",
    "establishment": "established",
    "discovery": "discovered",
    "invention": "invented",
    "construction": "built",
    "completion": "completed",
    "opening": "opened",
    "composition": "composed",
    "creation": "created",
    "introduction": "introduced",
    "launch": "launched",
    "production": "produced",
    "manufacture": "made",
}
"""What was done, by the noun: the year of release is when it was released."""
_EVERY = re.compile(r"^(?P<be>is|was|are|were) (?P<what>\w+) every$")
_HAS_DONE = re.compile(r"^has (?P<what>\w+(?:ed|en|on|un|ade|eld|ut|ot|own|ought) \S.*)$")
_BARE = re.compile(r"^(?:was )?(?P<what>\w+ed|born|built|made|found|begun|written|died)$")
_NEUTRAL = frozenset({"height"})
"""Labels for which the library's question fits some subjects alone: people are tall, not high."""
_TIME_OR_PLACE = re.compile(
    r"^(?P<of>year|date|day|month|time|place|city|town|country) of (?P<what>[a-z]+)$"
    r"|^(?P<done>[a-z]+) (?P<when>year|date|day|month|place|city|town)$"
)
_WHERE = frozenset({"place", "city", "town", "country"})
_WITHIN = re.compile(r" of (?:the|a|an|his|her|its|their) |\S of \S+ \S| to | for |\S's ")
"""Labels in which "of {subject}" would not be read as meant."""
_PEOPLE = _PERSONS | PERSON_KINDS
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


def default_wording(
    label: str, kind: ValueKind, *, when: bool = False, language: str = ENGLISH
) -> tuple[str, str]:
    """Return a question and a statement for a label, by the kind of its values.

    `when` says that all of them look like years. In another language than English signs stand for
    words: which words would fit, only the language's speakers know.
    """
    if not is_english(language):
        label = " ".join(label.replace("_", " ").split())
        return f"{{subject}}: {label}?", f"{{subject}} – {label}: {{value}}."
    plain = " ".join(label.replace("_", " ").casefold().split())
    known = None if plain in _NEUTRAL else _from_library(plain, kind)
    told = known or _time_or_place(plain, kind, when=when) or _often(label, kind)
    if told is not None:
        return told
    if (kind is ValueKind.DATE or when) and (bare := _BARE.match(plain)) is not None:
        label = f"{bare['what']} in"
    label = re.sub(r"^has (?=\w)", "", " ".join(label.replace("_", " ").split()))
    if reads_as_noun(label) or (kind is ValueKind.NUMBER and _PLURAL.search(label)):
        return _noun(label, kind)
    verb = _with_was(label)
    return _verb_question(verb, kind, when=when), f"{{subject}} {verb} {{value}}."


def _often(label: str, kind: ValueKind) -> tuple[str, str] | None:
    """Word what is held every four years, and what somebody has won so many times."""
    label = " ".join(label.replace("_", " ").split())
    if (every := _EVERY.match(label)) is not None:
        asked = f"How often {every['be']} {{subject}} {every['what']}?"
        return asked, f"{{subject}} {label} {{value}}."
    if kind is ValueKind.NUMBER and (done := _HAS_DONE.match(label)) is not None:
        asked = f"How many times has {{subject}} {done['what']}?"
        return asked, f"{{subject}} has {done['what']} {{value}}."
    return None


def _time_or_place(label: str, kind: ValueKind, *, when: bool) -> tuple[str, str] | None:
    """Word the year of release and a birth place as when it was released, where she was born."""
    found = _TIME_OR_PLACE.match(label)
    done = _DONE.get(found["what"] or found["done"]) if found else None
    if found is None or done is None:
        return None
    place = (found["of"] or found["when"]) in _WHERE
    if place if kind is ValueKind.DATE or when else not place:
        return None
    asks = "Where" if place else "When"
    said = "on" if kind is ValueKind.DATE else "in"
    return f"{asks} was {{subject}} {done}?", f"{{subject}} was {done} {said} {{value}}."


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
    if _WITHIN.search(f" {label.removeprefix('number of ')} "):
        return (
            f"In the case of {{subject}}, what is the {label}?",
            f"In the case of {{subject}}, the {label} is {{value}}.",
        )
    if _PLURAL.search(label) and label.casefold() not in _ONE:
        return f"What are the {label} of {{subject}}?", f"The {label} of {{subject}} are {{value}}."
    asks = "Who" if names_people(label) else "What"
    return f"{asks} is the {label} of {{subject}}?", f"The {label} of {{subject}} is {{value}}."


def names_people(label: str) -> bool:
    """Whether a label asks for people, by its last word: director, lead actor."""
    return label.casefold() in _PERSONS or label.rsplit(maxsplit=1)[-1].casefold() in _PEOPLE


def _counts(label: str) -> bool:
    if label.startswith("number of "):
        return False
    return bool(_PLURAL.search(label)) or _many(label)


def _with_was(label: str) -> str:
    first = label.split(" ", 1)[0].casefold()
    passive = _PARTICIPLE.match(label) and _PREPOSITION.search(label)
    by = label.casefold().endswith(" by")
    return f"was {label}" if passive and (by or first not in _ACTIVE) else label


def _verb_question(verb: str, kind: ValueKind, *, when: bool) -> str:
    words = verb.split()
    asks = "When" if (kind is ValueKind.DATE or when) and words[-1] in {"in", "on"} else ""
    if not asks and words[-1] in {"in", "at"} and words[-2] in _SOMEWHERE:
        asks = "Where"
    if asks and words[0] == "was":
        return f"{asks} was {{subject}} {' '.join(words[1:-1])}?"
    if asks and words[0] in _BASES:
        return f"{asks} did {{subject}} {' '.join((_BASES[words[0]], *words[1:-1]))}?"
    what = "Who or what" if kind is ValueKind.ENTITY else "What"
    if words[0] in _BASES and _PREPOSITION.search(verb):
        return f"{what} did {{subject}} {' '.join((_BASES[words[0]], *words[1:]))}?"
    return f"{what} is it that {{subject}} {verb}?"
