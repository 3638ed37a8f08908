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
from app.core.wording.values import ENGLISH


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
    hints: Mapping[str, str] | None = field(default_factory=dict)
    prepositions: re.Pattern[str] | None = None
    """What stands before {value} where that may be a date."""
    on_day: str = ""
    in_month: str = ""
    in_year: str = ""
    in_part: str = ""
    """What fits: "on {value}" for a day, and so on for a month, a year, and a part of either."""
    openers: frozenset[str] = frozenset()
    """First words that become small inside a sentence."""

    def before_date(self, value: DateValue) -> str:
        """Return {value} behind the preposition that fits a date."""
        if value.part:
            return self.in_part
        if value.day is not None:
            return self.on_day
        return self.in_year if value.month is None else self.in_month

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
    present=re.compile(
        r"\b(?:is|are|has|have|does|do|can|(?:live|work|speak|play|employ|produce|serve|"
        r"sell|use|make|belong|weigh|contain|attend|rule|govern|host|wear|run|earn|owe|"
        r"hold|lead|own)s?|(?:teach|coach)(?:es)?|stud(?:y|ies))\b",
        re.IGNORECASE,
    ),
    hints=None,
    prepositions=re.compile(r"\b(?:on|in) \{value\}"),
    on_day="on {value}",
    in_month="in {value}",
    in_year="in {value}",
    in_part="in {value}",
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
    hints={
        "a year": "ein Jahr",
        "a date": "ein Datum",
        "a month and year": "Monat und Jahr",
        "a number": "eine Zahl",
        "a percentage": "ein Prozentsatz",
        "a name": "ein Name",
        "a range, from … to …": "von … bis …",
    },
    prepositions=re.compile(r"\b(?:am|im Jahre?|im) \{value\}"),
    on_day="am {value}",
    in_month="im {value}",
    in_year="im Jahr {value}",
    in_part="{value}",
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
