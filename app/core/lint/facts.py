"""Checks of a fact itself, before any question is made of it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from text_to_num import alpha2digit

from app.core.facts import Fact, Stance
from app.core.lint.finding import Finding, Severity
from app.core.lint.reference import HALADYNA, NBME, WIKIDATA, WOZNIAK
from app.core.marking.normalise import run_together
from app.core.marking.tongues import tongue_of
from app.core.questions.distractors import may_hold
from app.core.questions.index import DeckIndex
from app.core.questions.looks import entities_in
from app.core.sentences import say
from app.core.values import (
    DateValue,
    MoneyValue,
    NumberValue,
    RangeValue,
    TextValue,
    write_decimal,
)
from app.core.wording import MONTHS, amount_text, asked_as, display, shown_value

Check = Callable[[DeckIndex, Fact], str | None]


@dataclass(frozen=True, slots=True)
class FactRule:
    """A check of a fact: it gives a message when the rule is broken."""

    name: str
    severity: Severity
    field: str
    check: Check
    reference: str


def missing_evidence(_index: DeckIndex, fact: Fact) -> str | None:
    """Want a passage: a learner in doubt must be able to read where an answer comes from."""
    return None if fact.evidence else say("No passage proves this fact: quote one from its source.")


def quote_not_found(index: DeckIndex, fact: Fact) -> str | None:
    """Refuse a quotation that its source lacks: it proves nothing and cannot be shown there."""
    if not fact.evidence:
        return None
    source = index.deck.source_by_key.get(fact.evidence.source)
    if source is None:
        return say("There is no source with the key {source}.", source=repr(fact.evidence.source))
    if " ".join(fact.evidence.quote.split()) in " ".join(source.text.split()):
        return None
    return say("The quotation is not in {title}: copy it exactly.", title=source.title)


def value_not_in_quote(_index: DeckIndex, fact: Fact) -> str | None:
    """Doubt a passage without the answer in it: it may belong to another fact."""
    if not fact.evidence or supports(fact.evidence.quote, fact):
        return None
    return say("The quotation does not contain the answer, {value}.", value=shown_value(fact))


def supports(quote: str, fact: Fact) -> bool:
    """Whether a quotation contains a fact's value, in words or figures, or an alias of it."""
    value, words = fact.value, run_together(quote)
    if isinstance(value, TextValue):
        return any(run_together(text) in words for text in (value.text, *value.accept))
    if isinstance(value, DateValue):
        return _date_in(quote, value, fact.language)
    if isinstance(value, RangeValue | NumberValue | MoneyValue):
        figures = _figures_in(quote, fact.language)
        ends = [value.low, value.high] if isinstance(value, RangeValue) else [value.amount]
        return all(_stands_in(figures, end) for end in ends)
    return all(
        any(run_together(name) in words for name in entity.names) for entity in entities_in(value)
    )


def _figures_in(quote: str, language: str) -> str:
    """Return a passage with its amounts in figures, whatever marks and words its language has."""
    tongue = tongue_of(language)
    if tongue is not None:
        return tongue.passage(quote)
    return str(alpha2digit(quote, "en")).replace(",", "")


def _stands_in(figures: str, amount: Decimal) -> bool:
    wanted = {write_decimal(amount), amount_text(amount).replace(",", "").split(" ")[0]}
    return any(re.search(rf"(?<![\d.]){re.escape(text)}(?!\d|\.\d)", figures) for text in wanted)


def _date_in(quote: str, value: DateValue, language: str) -> bool:
    """Passages often leave out the year, or the month, that the article's own date supplies."""
    tongue = tongue_of(language)
    quote = quote if tongue is None else f"{quote}\n{tongue.dates(quote)}"
    parts = [str(value.year)]
    if value.month is not None:
        parts += [value.iso, MONTHS[value.month - 1]]
    return any(part in quote for part in parts)


def missing_attribution(_index: DeckIndex, fact: Fact) -> str | None:
    """Want to know who says so: a claim is never asked as if it were true."""
    if fact.stance is Stance.STATED or fact.attribution.strip():
        return None
    return say("The fact is {stance}, but nobody is named as saying so.", stance=fact.stance)


def contradiction(index: DeckIndex, fact: Fact) -> str | None:
    """Two answers where there can be one: whoever learns both is wrong once.

    Values that can both hold (March 2023 and 2023), other claimants and other dates are no
    contradiction.
    """
    if fact.subject is None or fact.relation is None or fact.relation.many:
        return None
    known = index.right_values.get((fact.subject.name, fact.relation.key), [])
    if all(display(value) == display(fact.value) for value in known):
        return None
    for other in index.by_relation.get(fact.relation.key, []):
        if _contradicts(fact, other):
            return say(
                "{key} gives another answer for the same: {value}.",
                key=other.key,
                value=shown_value(other),
            )
    return None


def _contradicts(fact: Fact, other: Fact) -> bool:
    same_matter = (
        other.key != fact.key
        and other.subject is not None
        and fact.subject is not None
        and other.subject.name == fact.subject.name
    )
    same_circumstances = other.attribution == fact.attribution and other.as_of == fact.as_of
    differs = display(other.value) != display(fact.value) and not may_hold(other.value, fact.value)
    return same_matter and same_circumstances and differs


def ambiguous_stem(index: DeckIndex, fact: Fact) -> str | None:
    """One question with several right answers marks a learner who knows another one wrong."""
    if not fact.ask_template or (fact.relation and fact.relation.many):
        return None
    others = index.values_by_stem.get(asked_as(fact), [])
    answers = {
        display(value, fact.language)
        for value in others
        if display(value) != display(fact.value) and not may_hold(value, fact.value)
    }
    if not answers:
        return None
    return say(
        "The same question has other answers too: {answers}.", answers=", ".join(sorted(answers))
    )


def question_wording(_index: DeckIndex, fact: Fact) -> str | None:
    """Without a question nothing can be asked; with the answer in it nothing need be known."""
    template = fact.ask_template
    if not template.strip(" .?\u2026"):
        return say("There is no question: give the fact, or its relation, a wording to ask.")
    if "{value}" in template:
        return say("The question contains {{value}}, which is its answer.")
    return _placeholders(fact, template)


def inverse_wording(_index: DeckIndex, fact: Fact) -> str | None:
    """Refuse an inverse question that names the subject it asks for, or tells no value."""
    template = fact.ask_inverse_template
    if not template or fact.subject is None:
        return None
    if "{subject}" in template:
        return say("The inverse question contains {{subject}}, which is its answer.")
    if "{value}" not in template and fact.relation and not fact.ask_inverse:
        return say(
            "The inverse question does not contain {{value}}: it is the same for every fact."
        )
    return _placeholders(fact, template)


def statement_wording(_index: DeckIndex, fact: Fact) -> str | None:
    """Refuse a statement without its value: it cannot be blanked or made false."""
    template = fact.say_template
    if not template:
        return None
    if "{value}" not in template and shown_value(fact) not in template:
        return say("The statement does not contain {{value}}.")
    return _placeholders(fact, template)


def _placeholders(fact: Fact, template: str) -> str | None:
    names = set(re.findall(r"\{([^{}]*)\}", template))
    unknown = names - {"subject", "value"}
    if unknown:
        return say(
            "The wording contains {{{unknown}}}: only {{subject}} and {{value}} are filled.",
            unknown=min(unknown),
        )
    if "subject" in names and fact.subject is None:
        return say("The wording contains {{subject}}, but the fact has none.")
    return None


FACT_RULES = (
    FactRule("missing-evidence", Severity.WARNING, "evidence", missing_evidence, WOZNIAK),
    FactRule("quote-not-found", Severity.ERROR, "evidence", quote_not_found, WOZNIAK),
    FactRule("value-not-in-quote", Severity.WARNING, "evidence", value_not_in_quote, WOZNIAK),
    FactRule("missing-attribution", Severity.ERROR, "according_to", missing_attribution, NBME),
    FactRule("contradiction", Severity.ERROR, "value", contradiction, WIKIDATA),
    FactRule("ambiguous-stem", Severity.ERROR, "ask", ambiguous_stem, HALADYNA),
    FactRule("question-wording", Severity.ERROR, "ask", question_wording, NBME),
    FactRule("inverse-wording", Severity.ERROR, "ask_inverse", inverse_wording, NBME),
    FactRule("statement-wording", Severity.ERROR, "say", statement_wording, WOZNIAK),
)


def check_fact(index: DeckIndex, fact: Fact) -> list[Finding]:
    """Return what is wrong with a fact, published or not."""
    found = ((rule, rule.check(index, fact)) for rule in FACT_RULES)
    return [
        Finding(fact.key, "", rule.name, rule.severity, message, rule.field)
        for rule, message in found
        if message
    ]
