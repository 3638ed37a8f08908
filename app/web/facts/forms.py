"""The fact editor's form: a value's fields by kind, of which the chosen kind's count."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, Field, HiddenField, SelectField, StringField, TextAreaField
from wtforms import Form as PlainForm
from wtforms.validators import Length, Optional

from app.core.facts import Deck, Relation, Stance, Status
from app.core.lint import Finding, Severity
from app.core.marking.typed_numbers import in_digits
from app.core.sentences import Sentence
from app.core.values import Bound, DatePart, ValueKind, ValueProblem
from app.services.drafts import FactDraft
from app.web.base import Form
from app.web.facts.kind_of_edit import KindOfEdit
from app.web.facts.pictured import Pictured
from app.web.fields import choices, deck_words
from app.web.language import either, gettext
from app.web.words import KIND_NAMES, NAMES

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
KINDS_OF_NEW = {"name_kind": ("entity", "set")}
"""Fields beside a value that only some kinds of answer have."""
LISTS = {"accept", "items"}
TEXTS = (
    "subject",
    "subject_kind",
    "name_kind",
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
NUMBERS = ("amount", "low", "high", "tolerance")
"""Fields that take a number in words as well."""
ONE_LINE = ("ask", "ask_inverse", "say")
"""Wordings: typed in several lines, kept in one."""
GROUPS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("passage", _("Passage"), ("source", "quote")),
    (
        "answer",
        _("What it says"),
        (
            *("subject", "subject_kind", "relation", "kind"),
            *("name", "text", "amount", "low", "high", "date", "items"),
            *("unit", "currency", "bound", "part", "tolerance", "accept", "name_kind"),
        ),
    ),
    ("stance", _("Who says so, and when"), ("stance", "according_to", "as_of")),
    ("wording", _("Its own wording"), ("ask", "ask_inverse", "say")),
    ("extras", _("For the learner"), ("note", "tags")),
)
"""The editor's groups: key, heading, fields in order."""
DRAFT_RULE = "draft"
"""The rule of what is no fact yet: no override helps there."""
FIELD_OF = {"evidence": "quote", "entity": "name", "pictures": "picture"}
"""Where to look for what core names otherwise than the form does."""


def _line(label: str, hint: str = "", longest: int = SHORT) -> StringField:
    message = _("At most %(longest)s characters.", longest=longest)
    return StringField(label, description=hint, validators=[Length(max=longest, message=message)])


def _listed(label: str, hint: str = "", names: str = "entities") -> StringField:
    message = _("At most %(short)s characters.", short=SHORT)
    validators = [Length(max=SHORT, message=message)]
    known = {"list": names, "autocomplete": "off"}
    return StringField(label, description=hint, validators=validators, render_kw=known)


def _area(label: str, hint: str = "", rows: int = 2) -> TextAreaField:
    message = _("At most %(long)s characters.", long=LONG)
    validators = [Length(max=LONG, message=message)]
    return TextAreaField(label, description=hint, validators=validators, render_kw={"rows": rows})


class FactForm(KindOfEdit, Pictured, Form):
    """A fact as a curator types it."""

    revision = HiddenField(validators=[Optional(), Length(max=9)])
    key = HiddenField(validators=[Optional(), Length(max=SHORT)])
    status = HiddenField(default="draft")
    action = StringField(validators=[Optional(), Length(max=20)])
    pick = StringField(validators=[Optional(), Length(max=9)])
    source = SelectField(_("Source"))
    quote = _area(_("Passage"), _("The sentence that proves it, word for word."), rows=3)
    subject = _listed(_("Subject"), _("What the fact is about. A new name is added to the deck."))
    subject_kind = _listed(
        _("Kind of the new subject"), _("Such as person, city or organisation."), "kinds"
    )
    relation = _listed(
        _("Relation"),
        _("Such as founded by. Without one, write the question yourself."),
        "relations",
    )
    kind = SelectField(
        _("Kind of answer"), choices=choices((kind, KIND_NAMES[kind]) for kind in ValueKind)
    )
    name = _listed(_("Name"), _("The answer. A new name is added to the deck."))
    text = _line(_("Text"), _("The answer, as short as can be."), LONG)
    accept = _area(_("Also right"), _("Other wordings, one a line."))
    amount = _line(_("Amount"), _("Such as 5580000 or 5.58 million."))
    unit = _line(_("Unit"), _("Such as km, chips or %."))
    tolerance = _line(_("Tolerance"), _("How far off is still right."))
    currency = _line(_("Currency"), _("Such as USD."))
    bound = SelectField(
        _("Limit"),
        choices=choices([("", _("exact")), *((one, NAMES[one]) for one in Bound)]),
    )
    low = _line(_("From"))
    high = _line(_("To"))
    date = _line(_("Date"), _("2025-01-20, 2023-03 or 1969."))
    part = SelectField(
        _("Part of it"), choices=choices([("", _("the whole")), *((p, NAMES[p]) for p in DatePart)])
    )
    items = _area(_("Names"), _("One a line."), rows=4)
    name_kind = _listed(
        _("Kind of the new name"), _("Such as person, city or organisation."), "kinds"
    )
    stance = SelectField(
        _("Stance"),
        description=_("How sure it is."),
        choices=choices((one, NAMES[one]) for one in Stance),
    )
    according_to = _listed(_("According to"), _("Who, unless it is stated."))
    as_of = _line(_("As of"), _("2025-01-29, or 2022 late."))
    ask = _area(_("Question of its own"), _("Instead of the relation's."))
    ask_inverse = _area(_("Inverse question of its own"), _("Asks for the subject."))
    say = _area(_("Statement of its own"), _("With {value} where the answer goes."))
    note = _area(_("Note"), _("Shown after answering."))
    tags = _line(_("Tags"), _("Parted by commas."))
    override = BooleanField(_("Publish in spite of errors"))
    response = StringField(_("Try an answer"), validators=[Length(max=500)])
    deck_words = frozenset(
        {"quote", "subject", "subject_kind", "name", "name_kind", "text", "accept", "unit", "items"}
        | {"according_to", "ask", "ask_inverse", "say", "note", "tags"}
    )
    """The fields in which a deck's own language is typed."""
    relations: tuple[tuple[Relation, str], ...] = ()
    """The relations to choose from, each with a word about it; "" for the deck's own."""

    @classmethod
    def of(
        cls,
        deck: Deck,
        data: Mapping[str, Any] | None = None,
        starters: Iterable[Relation] = (),
    ) -> "FactForm":
        """Return the form with the relations and sources to choose from."""
        form = cls(data=data)
        form.relations = (
            *((one, "") for one in deck.relations),
            *((one, gettext("new here")) for one in starters),
        )
        sources = ((one.key, one.title) for one in deck.sources)
        form.source.choices = choices([("", _("none"))]) + deck_words(sources, deck.language)
        return form

    @property
    def chosen_kind(self) -> str:
        """The kind of answer that is chosen."""
        return str(self.kind.data) if self.kind.data in VALUE_FIELDS else "entity"

    @property
    def used_groups(self) -> set[str]:
        """The groups with something in them; a plain fact needs a wording of its own."""
        used = {
            key
            for key, _, names in GROUPS
            if any(self[name].data or self[name].errors for name in names)
        }
        return used if self.relation.data else used | {"wording"}

    @property
    def wanted_status(self) -> Status:
        """The status that the pressed button asks for; else the one it has."""
        by_button = {"publish": Status.PUBLISHED, "draft": Status.DRAFT, "retire": Status.RETIRED}
        pressed = str(self.action.data or "").removesuffix("-next")
        kept = Status(self.status.data) if self.status.data in list(Status) else Status.DRAFT
        return by_button.get(pressed, kept)

    @property
    def goes_on(self) -> bool:
        """Whether the next sentence was asked for."""
        return str(self.action.data or "").endswith("-next")

    @property
    def stays(self) -> bool:
        """Whether the button only looks: preview, try an answer, pick a sentence."""
        return self.action.data in {"preview", "try"} or bool(self.pick.data)

    def kinds(self, field: str) -> str:
        """Return the kinds of answer that a field belongs to, parted by spaces; "" for all."""
        beside = KINDS_OF_NEW.get(field, ())
        kinds = [kind for kind, names in VALUE_FIELDS.items() if field in names or kind in beside]
        return " ".join(kinds)

    def kind_names(self, field: str) -> str:
        """Return the kinds of answer that a field belongs to, in words."""
        return either([str(KIND_NAMES[kind]) for kind in self.kinds(field).split()])

    def field_for(self, name: str) -> Field:
        """Return the field that a problem or finding of core is about."""
        name = FIELD_OF.get(name, name)
        if name == "value":
            name = VALUE_FIELDS[self.chosen_kind][0]
        found: Field = self._fields.get(name, self.kind)
        return found

    def explain(self, problem: ValueProblem) -> None:
        """Put a problem beside the field that it concerns."""
        field = self.field_for(problem.field)
        field.errors = [*field.errors, self.reason(problem)]

    def reason(self, problem: ValueProblem) -> str:
        """Return why something cannot be used, its field called as the form calls it."""
        why = problem.reason
        if not isinstance(why, Sentence) or "field" not in why.values:
            return why
        label = str(self.field_for(problem.field).label.text)
        return Sentence.made(why.wording, why.many, why.number, why.values | {"field": label})

    def by_field(self, findings: Iterable[Finding]) -> dict[str, list[Finding]]:
        """Return the findings about the fact itself, each by the field it concerns."""
        found: dict[str, list[Finding]] = {}
        for one in findings:
            if one.field:
                found.setdefault(self.field_for(one.field).name, []).append(one)
        return found

    def wrong_and_missing(
        self, problems: Iterable[ValueProblem]
    ) -> tuple[dict[str, list[Finding]], list[ValueProblem]]:
        """Part what is typed but wrong, by its field, from what is not typed yet."""
        wrong: dict[str, list[Finding]] = {}
        missing: list[ValueProblem] = []
        for one in problems:
            field = self.field_for(one.field)
            if field.data:
                found = Finding("", "", DRAFT_RULE, Severity.ERROR, self.reason(one), field.name)
                wrong.setdefault(field.name, []).append(found)
            else:
                missing.append(one)
        return wrong, missing

    def draft(self) -> FactDraft:
        """Return what was typed, with the fields of the chosen kind alone."""
        value: dict[str, Any] = {"kind": self.chosen_kind}
        for name in VALUE_FIELDS[self.chosen_kind]:
            typed = str(self[name].data or "")
            typed = typed.upper() if name == "currency" else typed
            typed = in_digits(typed) if name in NUMBERS else typed
            lines = [line.strip() for line in typed.splitlines() if line.strip()]
            value[name] = lines if name in LISTS else typed
        texts = {name: str(self[name].data or "") for name in TEXTS}
        texts |= {name: " ".join(texts[name].split()) for name in ONE_LINE}
        texts["relation"] = self._relation_key(texts["relation"])
        tags = (tag.strip() for tag in str(self.tags.data or "").split(","))
        known = tuple(tag for tag in tags if tag)
        return FactDraft(value=value, tags=known, pictures=self.typed_pictures(), **texts)

    def _relation_key(self, typed: str) -> str:
        """Return the key of the relation that is called so; what was typed where there is none."""
        wanted = " ".join(typed.split()).casefold()
        called = (one.key for one, _ in self.relations if wanted in {one.label, one.key.casefold()})
        return next(called, typed)


class StartForm(PlainForm):
    """What a new fact begins with, in the address: a passage, and what the one before had."""

    source = StringField()
    quote = StringField()
    subject = StringField()
    tags = StringField()
    saved = StringField()

    def text(self, name: str) -> str:
        """Return one of them, cut to what its field takes."""
        typed = str(self[name].data or "").replace("\x00", "")
        return typed[: LONG if name == "quote" else SHORT]

    @property
    def saved_id(self) -> int | None:
        """The number of the fact that has just been saved."""
        text = self.text("saved")
        return int(text) if text.isdecimal() and text.isascii() and len(text) < 19 else None  # noqa: PLR2004 fits 64 bits
