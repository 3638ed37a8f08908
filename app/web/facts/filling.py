"""The fact editor's fields filled: from a draft, from a fact as it is stored."""

from typing import Any

from app.core.facts import Fact, relation_label
from app.core.values import EntityValue, SetValue, dump_value
from app.services.drafts import FactDraft, as_of_text
from app.web.facts.forms import LISTS, TEXTS
from app.web.facts.pictured import pictures_data

ENTITIES = {"entity", "items"}
"""Parts of a value that the form shows by their names."""


def draft_data(draft: FactDraft) -> dict[str, Any]:
    """Return a draft as the form's fields."""
    value = {name: "\n".join(one) if name in LISTS else one for name, one in draft.value.items()}
    return {
        **{name: getattr(draft, name) for name in TEXTS},
        "relation": relation_label(draft.relation),
        **value,
        "tags": ", ".join(draft.tags),
        "status": "draft",
    }


def form_data(fact: Fact, revision: int) -> dict[str, Any]:
    """Return a fact as the form's fields."""
    known = fact.value
    names = {
        "name": known.entity.name if isinstance(known, EntityValue) else "",
        "items": "\n".join(one.name for one in known.items) if isinstance(known, SetValue) else "",
    }
    value = {name: one for name, one in dump_value(known).items() if name not in ENTITIES}
    if "accept" in value:
        value["accept"] = "\n".join(value["accept"])
    return {
        **names,
        **value,
        "revision": str(revision),
        "key": fact.key,
        "subject": fact.subject.name if fact.subject else "",
        "relation": fact.relation.label if fact.relation else "",
        "stance": str(fact.stance),
        "according_to": fact.attribution,
        "as_of": as_of_text(fact),
        "source": fact.evidence.source if fact.evidence else "",
        "quote": fact.evidence.quote if fact.evidence else "",
        "ask": fact.ask,
        "ask_inverse": fact.ask_inverse,
        "say": fact.say,
        "note": fact.note,
        "tags": ", ".join(fact.tags),
        "status": str(fact.status),
        "pictures": pictures_data(fact),
    }
