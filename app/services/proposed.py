"""Proposals as drafts: what was selected becomes the answer, names stand instead of keys."""

from dataclasses import replace

from app.core.facts import Source
from app.core.proposals import Proposal
from app.core.values import EntityValue, SetValue, Value, dump_value
from app.models.mapping import write_date
from app.services.drafts import FactDraft


def picked(made: Proposal, selection: str) -> Proposal:
    """Return a proposal about the one thing that was selected in its sentence."""
    at = made.quote.find(selection.strip())
    for one in made.spans:
        value = one.value or (EntityValue(one.entity) if one.entity else None)
        meets = at >= 0 and one.start < at + len(selection) and at < one.end
        if value is None or not meets:
            continue
        if made.value == value or (one.entity and one.entity.name == made.subject):
            return made
        say = f"{made.quote[: one.start]}{{value}}{made.quote[one.end :]}"
        return replace(made, value=value, relation="", starter=None, say=" ".join(say.split()))
    return made


def draft_of(made: Proposal, source: Source) -> FactDraft:
    """Return a proposal as the editor's draft, names instead of keys."""
    return FactDraft(
        value=_typed(made.value) if made.value else {},
        subject=made.subject,
        subject_kind=made.subject_kind,
        name_kind=_new_kind(made.value),
        relation=made.relation,
        stance=str(made.stance),
        according_to=made.according_to,
        as_of=write_date(made.as_of),
        source=source.key,
        quote=made.quote,
        ask=made.ask,
        say=made.say,
    )


def _new_kind(value: Value | None) -> str:
    is_new = isinstance(value, EntityValue) and not value.entity.key
    return value.entity.kind if isinstance(value, EntityValue) and is_new else ""


def _typed(value: Value) -> dict[str, object]:
    raw = dump_value(value)
    if isinstance(value, EntityValue):
        return {"kind": "entity", "name": value.entity.name}
    if isinstance(value, SetValue):
        return {"kind": "set", "items": [item.name for item in value.items]}
    return raw
