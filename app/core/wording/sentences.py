"""Facts as questions and statements, dated and attributed."""

from collections.abc import Collection

from app.core.facts import Fact, Stance
from app.core.values import DateValue
from app.core.wording.filling import capital, fill, tidy
from app.core.wording.frames import frame_of
from app.core.wording.keeping import kept
from app.core.wording.values import display


def shown_value(fact: Fact) -> str:
    """Return a fact's value as its deck's language writes it."""
    return display(fact.value, fact.language)


@kept
def stem(fact: Fact) -> str:
    """Return the question that asks for the value, naming who says so; "" without a wording."""
    return _asked(fact, fact.ask_template, shown_value(fact))


def asked_as(fact: Fact) -> str:
    """Return what tells a fact's question from others: its stem, and the pictures beside it."""
    return "\n".join((stem(fact), *fact.asked_with))


ENDS = (".", "!", "?", "\u3002", "\uff01", "\uff1f", "\u061f", "\u06d4", "\u0964", "\u2026")
"""What ends a sentence: also in Chinese and Japanese, Arabic, Urdu and Hindi."""


@kept
def inverse_stem(fact: Fact) -> str:
    """Return the question that asks for the subject; "" when there is none."""
    if fact.subject is None:
        return ""
    return _asked(fact, fact.ask_inverse_template, shown_value(fact))


@kept
def statement(fact: Fact, value_text: str | None = None, subject: str | None = None) -> str:
    """Return the fact as a sentence, attributed; another value or subject may be swapped in."""
    template = with_preposition(fact, fact.say_template)
    if not template:
        return ""
    named = subject if subject is not None else (fact.subject.name if fact.subject else "")
    text = fill(template, named, value_text if value_text is not None else shown_value(fact))
    text = dated(fact, text)
    return text if text.endswith(ENDS) else text + "."


def attributed(fact: Fact, sentence: str) -> str:
    """Put who says so before a sentence, unless it is stated or already names them."""
    who = fact.attribution
    if fact.stance is Stance.STATED or not who or names_source(fact, sentence):
        return sentence
    said = frame_of(fact.language).said[fact.stance]
    return said.format(who=capital(who), sentence=sentence)


def fact_text(fact: Fact) -> str:
    """Return a fact as an attributed sentence, or its question and answer where it has none."""
    said = statement(fact)
    return attributed(fact, said) if said else f"{stem(fact)} {shown_value(fact)}"


def changes_with_time(fact: Fact) -> bool:
    """Whether the answer may be another one tomorrow: a dated fact asked in the present tense."""
    present = frame_of(fact.language).present
    return fact.as_of is not None and bool(present.search(fact.ask_template))


def as_dated(fact: Fact) -> str:
    """Return the date that a fact is told with, "" where its truth does not change."""
    if fact.as_of is None or not changes_with_time(fact):
        return ""
    return display(fact.as_of, fact.language)


def dated(fact: Fact, sentence: str) -> str:
    """Put the date before a sentence whose truth changes with time, unless it names its year."""
    if fact.as_of is None or not changes_with_time(fact) or str(fact.as_of.year) in sentence:
        return sentence
    frame = frame_of(fact.language)
    inside = _within(frame.openers, sentence)
    return frame.as_of.format(date=display(fact.as_of, fact.language), sentence=inside)


def _asked(fact: Fact, template: str, value: str) -> str:
    if not template:
        return ""
    template = with_preposition(fact, template)
    text = dated(fact, fill(template, fact.subject.name if fact.subject else "", value))
    who = fact.attribution
    if fact.stance is not Stance.STATED and who and not names_source(fact, text):
        frame = frame_of(fact.language)
        text = frame.according_to.format(who=who, question=_within(frame.openers, text))
    return tidy(text)


def names_source(fact: Fact, text: str) -> bool:
    """Whether a fact's sentence already names who says so, by a name of theirs that stands out.

    A longer name that has theirs in it is not theirs: of Diego Maradona, Maradona says what he
    says.
    """
    who, plain = fact.attribution.casefold(), text.casefold()
    subject = fact.subject.name.casefold() if fact.subject else ""
    if who in subject and who != subject:
        plain = plain.replace(subject, "")
    return who in plain


def with_preposition(fact: Fact, template: str) -> str:
    """Make what stands before {value} fit a date: on a day, in a month or a year.

    One relation then words both "founded on 3 May 1969" and "founded in 1969".
    """
    value, frame = fact.value, frame_of(fact.language)
    if not isinstance(value, DateValue) or frame.prepositions is None:
        return template
    return frame.prepositions.sub(frame.before_date(value), template)


def _within(openers: Collection[str], text: str) -> str:
    """Return a sentence as it stands within another: only a common first word becomes small."""
    first = text.split(" ", 1)[0]
    return text[0].lower() + text[1:] if first in openers else text
