"""The fact editor's form: a value's fields by kind, of which the chosen kind's count."""

from collections.abc import Mapping
from typing import Any

from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, Optional

from app.core.facts import Deck, Fact, Stance, Status
from app.core.values import Bound, DatePart, ValueKind, dump_value
from app.services.facts import FactDraft, as_of_text
from app.web.base import Form
from app.web.facts.kind_of_edit import KindOfEdit
from app.web.fields import choices

LONG, SHORT = 1000, 200
VALUE_FIELDS: dict[str, tuple[str, ...]] = {
    "entity": ("name",),
    "text": ("text", "accept"),
    "number": ("amount", "unit", "tolerance", "bound"),
    "money": ("amount", "currency", "bound"),
    "range": ("low", "high", "unit"),
    "date": ("date", "part"),
    "set": ("items",),
}
LISTS = {"accept", "items"}
TEXTS = (
    "subject",
    "relation",
    "stance",
    "according_to",
    "as_of",
    "source",
    "quote",
    "ask",
    "ask_inverse",
    "say",
    "note",
)


def _line(label: str, hint: str = "", longest: int = SHORT) -> StringField:
    message = f"At most {longest} characters."
    return StringField(label, description=hint, validators=[Length(max=longest, message=message)])


def _name(label: str, hint: str = "") -> StringField:
    message = f"At most {SHORT} characters."
    validators = [Length(max=SHORT, message=message)]
    known = {"list": "entities", "autocomplete": "off"}
    return StringField(label, description=hint, validators=validators, render_kw=known)


def _area(label: str, hint: str = "") -> TextAreaField:
    message = f"At most {LONG} characters."
    return TextAreaField(label, description=hint, validators=[Length(max=LONG, message=message)])


class FactForm(KindOfEdit, Form):
    """A fact as a curator types it."""

    revision = HiddenField(validators=[Optional(), Length(max=9)])
    subject = _name("Subject", "A name; one that the deck does not know is added to it.")
    relation = SelectField("Relation")
    kind = SelectField("Kind of answer", choices=choices((kind, kind) for kind in ValueKind))
    name = _name("Name (entity)")
    text = _line("Text", longest=LONG)
    accept = _area("Also right (text)", "One wording a line.")
    amount = _line("Amount (number, money)", "Digits only, such as 5580000.")
    unit = _line("Unit (number, range)")
    tolerance = _line("Tolerance (number)")
    currency = _line("Currency (money)", "Such as USD.")
    bound = SelectField(
        "Limit (number, money)",
        choices=choices([("", "exact"), *((one, one.replace("_", " ")) for one in Bound)]),
    )
    low = _line("From (range)")
    high = _line("To (range)")
    date = _line("Date", "2025-01-20, 2023-03 or 1969.")
    part = SelectField("Part (date)", choices=choices([("", "none"), *((p, p) for p in DatePart)]))
    items = _area("Names (set)", "One a line.")
    stance = SelectField("Stance", choices=choices((one, one) for one in Stance))
    according_to = _name("According to", "Needed unless the stance is stated.")
    as_of = _line("As of", "When it was true: 2025-01-29, or 2022 late.")
    source = SelectField("Source")
    quote = _area("Passage", "Copied from the source, word for word.")
    ask = _line("Question of its own", "Instead of the relation's.", LONG)
    ask_inverse = _line("Inverse question of its own", longest=LONG)
    say = _line("Statement of its own", "With {value} where the answer goes.", LONG)
    note = _area("Note", "Shown after answering.")
    tags = _line("Tags", "Parted by commas.")
    status = SelectField("Status", choices=choices((one, one) for one in Status))
    override = BooleanField("Publish in spite of errors")

    @classmethod
    def of(cls, deck: Deck, data: Mapping[str, Any] | None = None) -> "FactForm":
        """Return the form with the deck's relations and sources to choose from."""
        form = cls(data=data)
        relations = ((one.key, one.key.replace("_", " ")) for one in deck.relations)
        form.relation.choices = choices([("", "none: a plain fact"), *relations])
        sources = ((one.key, one.title) for one in deck.sources)
        form.source.choices = choices([("", "none"), *sources])
        form.offer_successors(deck)
        return form

    def kinds(self, field: str) -> str:
        """Return the kinds of answer that a field belongs to, parted by spaces; "" for all."""
        return " ".join(kind for kind, names in VALUE_FIELDS.items() if field in names)

    def draft(self) -> FactDraft:
        """Return what was typed, with the fields of the chosen kind alone."""
        value: dict[str, Any] = {"kind": self.kind.data}
        for name in VALUE_FIELDS[str(self.kind.data)]:
            typed = str(self[name].data or "")
            lines = [line.strip() for line in typed.splitlines() if line.strip()]
            value[name] = lines if name in LISTS else typed
        texts = {name: str(self[name].data or "") for name in TEXTS}
        tags = (tag.strip() for tag in str(self.tags.data or "").split(","))
        return FactDraft(value=value, tags=tuple(tag for tag in tags if tag), **texts)


def form_data(fact: Fact, revision: int) -> dict[str, Any]:
    """Return a fact as the form's fields."""
    value = dump_value(fact.value)
    names = {"name": "", "items": ""}
    if "entity" in value:
        names["name"] = fact.value.entity.name  # type: ignore[union-attr]  # only entities dump so
        value.pop("entity")
    if "items" in value:
        names["items"] = "\n".join(one.name for one in fact.value.items)  # type: ignore[union-attr]
        value.pop("items")
    if "accept" in value:
        value["accept"] = "\n".join(value["accept"])
    return {
        **names,
        **value,
        "revision": str(revision),
        "subject": fact.subject.name if fact.subject else "",
        "relation": fact.relation.key if fact.relation else "",
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
    }
