"""The proposer made of rules: a sentence as read and chosen from becomes a proposal."""

import re

from app.core.facts import Stance
from app.core.proposals.active import by_object
from app.core.proposals.asking import asked_of, said_of
from app.core.proposals.choosing import Chosen, by_relation, is_aside
from app.core.proposals.earlier import OWNED, PRONOUN, Earlier
from app.core.proposals.plain import plain
from app.core.proposals.proposal import Context, Proposal
from app.core.proposals.reading import Prepared, Read, beside_of
from app.core.proposals.units import is_measure
from app.core.values import DateValue, MoneyValue, NumberValue, RangeValue

_AS_OF = re.compile(
    r"\b(?:as of|as at|by the end of|at the end of)\s+(?:the\s+end\s+of\s+)?$", re.IGNORECASE
)
_PRESENT = re.compile(r"\b(?:is|are|has|have|holds?|owns?|employs?|leads?|costs?|stands?)\b")


def propose_from(read: Read, prepared: Prepared, earlier: Earlier) -> Proposal:
    """Return the fact that a sentence suggests by what was recognised in it."""
    about = beside_of(read) or earlier.meant_by(read.text)
    chosen = by_relation(read, prepared, about) or by_object(read, prepared) or plain(read, about)
    return _proposal(read, chosen, prepared.context, earlier)


def _proposal(read: Read, chosen: Chosen, context: Context, earlier: Earlier) -> Proposal:
    relation = chosen.match.known.relation if chosen.match else None
    aside = relation is not None and is_aside(read, chosen)
    stance, who = (Stance.STATED, "") if aside else _stance(read, context, earlier)
    is_starter = chosen.match is not None and chosen.match.known.is_starter
    return Proposal(
        quote=read.text,
        value=chosen.value,
        subject=chosen.subject.name if chosen.subject else "",
        subject_kind=chosen.subject.kind if chosen.subject and not chosen.subject.key else "",
        relation=relation.key if relation else "",
        starter=relation if is_starter else None,
        stance=stance,
        according_to=who,
        as_of=_as_of(read, chosen, context),
        ask="" if relation else asked_of(read, chosen),
        say="" if relation else said_of(read, chosen),
        spans=read.spans,
    )


def _stance(read: Read, context: Context, earlier: Earlier) -> tuple[Stance, str]:
    """Return the stance with a name for who says so: the article itself where nobody else does."""
    reporting = read.reporting
    if reporting.stance is Stance.STATED:
        return Stance.STATED, ""
    points_back = reporting.pronoun or (reporting.hedged and PRONOUN.match(read.text))
    meant = None if OWNED.match(read.text) else earlier.meant_by(read.text)
    back = earlier.reporter or (meant.name if meant else "")
    who = reporting.who or (back if points_back else "")
    return reporting.stance, who or context.publisher


def _as_of(read: Read, chosen: Chosen, context: Context) -> DateValue | None:
    """Return the date that an amount held: the sentence's "as of", else the article's own."""
    if not isinstance(chosen.value, NumberValue | MoneyValue | RangeValue):
        return None
    for one in read.dates:
        if isinstance(one.value, DateValue) and _AS_OF.search(read.text[: one.start]):
            return one.value
    measured = isinstance(chosen.value, NumberValue | RangeValue) and is_measure(chosen.value.unit)
    return context.published if _PRESENT.search(read.text) and not measured else None
