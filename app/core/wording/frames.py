"""What questions say of their own around a deck's words, in the deck's language.

All such words live here: English, German, and for every other language signs and figures that
need no words. Sentences that answer the learner follow the reader's language instead (`say`).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from app.core.facts import Stance
from app.core.values import DateValue
from app.core.wording.values import MONTHS, date_text

ENGLISH = "en"


@dataclass(frozen=True)
class Frame:
    """The words of one language: {kind}, {who}, {date} and so on are filled in.

    `hints` tells what kind of answer a gap wants, by its English wording; what is missing there
    cannot be said. `present` finds that a question asks for what may change.
    """

    true_or_false: str
    was_it_said: str
    fits_gap: str
    which_fits_gap: str
    earliest_first: str
    smallest_first: str
    by: str
    by_in: str
    match: str
    match_questions: str
    according_to: str
    said: Mapping[Stance, str]
    as_of: str
    present: re.Pattern[str]
    months: tuple[str, ...] = ()
    parts: Mapping[str, str] = field(default_factory=dict)
    hints: Mapping[str, str] | None = field(default_factory=dict)
    openers: frozenset[str] = frozenset()
    """First words that become small inside a sentence."""

    def date(self, value: DateValue) -> str:
        """Return a date as the language writes it: ISO 8601 where it has no words here."""
        if self.months == MONTHS:
            return date_text(value)
        if not self.months:
            return value.iso
        text = str(value.year)
        if value.month is not None:
            text = f"{self.months[value.month - 1]} {text}"
        if value.day is not None:
            text = f"{value.day}. {text}"
        return f"{self.parts[value.part]} {text}" if value.part else text

    def hint(self, english: str) -> str:
        """Return a hint inside a stem, "" where the language has no word for it."""
        return english if self.hints is None else self.hints.get(english, "")


_ENGLISH = Frame(
    true_or_false="True or false? {sentence}",
    was_it_said="True or false: was this said? {sentence}",
    fits_gap="What fits the gap? {sentence}",
    which_fits_gap="Which {kind} fits the gap? {sentence}",
    earliest_first="In which order did these happen? Put the earliest first.",
    smallest_first="Which order is right, smallest first? {by}",
    by="(By {relation}.)",
    by_in="(By {relation}, in {unit}.)",
    match="Match each with its answer: {example}",
    match_questions="Match each question with its answer.",
    according_to="According to {who}, {question}",
    said={
        Stance.CLAIMED: "{who} claimed: {sentence}",
        Stance.DISPUTED: "{who} maintained: {sentence}",
        Stance.REPORTED: "{who} reported: {sentence}",
    },
    as_of="As of {date}, {sentence}",
    present=re.compile(r"\b(?:is|are|has|have|does|do|can|owns|holds|leads)\b", re.IGNORECASE),
    months=MONTHS,
    hints=None,
    openers=frozenset(
        (
            *("Who", "Whom", "Whose", "What", "Which", "When", "Where", "Why", "How", "By", "In"),
            *("On", "At", "Of", "To", "From", "For", "With", "Under", "Over", "Is", "Are", "Was"),
            *("Were", "Did", "Does", "Do", "The", "A", "An", "According", "As", "About", "Into"),
            *("Since", "Until", "During", "After", "Before", "Below", "Above", "Between", "Among"),
            *("May", "Can", "Could", "Will", "Would", "Should", "Shall", "Might", "Has", "Have"),
            "Had",
        )
    ),
)
_GERMAN = Frame(
    true_or_false="Wahr oder falsch? {sentence}",
    was_it_said="Wahr oder falsch: Wurde das gesagt? {sentence}",
    fits_gap="Was passt in die Lücke? {sentence}",
    which_fits_gap="Was passt in die Lücke ({kind})? {sentence}",
    earliest_first="In welcher Reihenfolge geschah das? Das Früheste zuerst.",
    smallest_first="Welche Reihenfolge stimmt, das Kleinste zuerst? {by}",
    by="(Nach: {relation}.)",
    by_in="(Nach: {relation}, in {unit}.)",
    match="Was gehört zusammen? {example}",
    match_questions="Welche Antwort gehört zu welcher Frage?",
    according_to="Was sagt {who}? {question}",
    said={
        Stance.CLAIMED: "{who} hat behauptet: {sentence}",
        Stance.DISPUTED: "{who} hat geltend gemacht: {sentence}",
        Stance.REPORTED: "{who} hat berichtet: {sentence}",
    },
    as_of="Stand {date}: {sentence}",
    present=re.compile(
        r"\b(?:ist|sind|hat|haben|kann|können|heißt|besitzt|hält|leitet|führt|gehört|liegt|gibt|"
        r"leben|lebt|wohnen|beträgt)\b",
        re.IGNORECASE,
    ),
    months=(
        *("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September"),
        *("Oktober", "November", "Dezember"),
    ),
    parts={"early": "Anfang", "mid": "Mitte", "late": "Ende"},
    hints={
        "a year": "ein Jahr",
        "a date": "ein Datum",
        "a month and year": "Monat und Jahr",
        "a number": "eine Zahl",
        "a percentage": "ein Prozentsatz",
        "a name": "ein Name",
        "a range, from … to …": "von … bis …",
    },
)
_WORDLESS = Frame(
    true_or_false="✓ / ✗ (?) {sentence}",
    was_it_said="✓ / ✗ (?) {sentence}",
    fits_gap="(?) {sentence}",
    which_fits_gap="{kind} (?) {sentence}",
    earliest_first="1 → 2 → 3 → … (?)",
    smallest_first="1 < 2 < 3 < … (?) {by}",
    by="({relation})",
    by_in="({relation}, {unit})",
    match="↔ (?) {example}",
    match_questions="? ↔ … (?)",
    according_to="{who}: {question}",
    said=dict.fromkeys(Stance, "{who}: {sentence}"),
    as_of="({date}) {sentence}",
    present=re.compile(""),
)
_FRAMES = {ENGLISH: _ENGLISH, "de": _GERMAN}


@cache
def frame_of(language: str) -> Frame:
    """Return the words for a language by its tag (BCP 47), region and script aside."""
    return _FRAMES.get(language.lower().split("-")[0], _WORDLESS)
