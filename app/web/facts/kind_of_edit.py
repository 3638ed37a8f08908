"""The part of the fact editor that asks what an edit means for those who learned the fact."""

from flask_babel import lazy_gettext as _
from wtforms import Form, RadioField, SelectField

from app.core.corrections import EditKind
from app.core.facts import Deck, Fact
from app.core.wording import fact_text
from app.web.fields import choices, deck_words

LONGEST_TEXT = 90
MOST_OFFERED = 300
"""Facts to choose from: nobody reads a list of thousands."""
KINDS = (
    ("", _("As it looks: a correction if the answer changed, else wording")),
    (EditKind.WORDING, _("Wording: everybody's schedule stays as it is")),
    (
        EditKind.CORRECTION,
        _("Correction: who has learned it is shown old and new, and asked again soon"),
    ),
    (EditKind.SUPERSEDED, _("Superseded: this fact retires, and another one takes its place")),
)


class KindOfEdit(Form):
    """Fields for a mixin; without them in the page, an edit is what it looks like."""

    edit_kind = RadioField(_("What kind of edit is this?"), choices=choices(KINDS), default="")
    superseded_by = SelectField(
        _("The fact that takes its place"),
        choices=choices([("", _("choose a fact"))]),
        default="",
    )

    def offer_successors(self, deck: Deck, fact: Fact) -> None:
        """Let the deck's other published facts be chosen; of very many, those nearest to it."""
        others = [one for one in deck.published if one.key != fact.key]
        if len(others) > MOST_OFFERED:
            others = sorted(others, key=lambda one: _distance(fact, one))[:MOST_OFFERED]
        offered = ((one.key, _short(fact_text(one))) for one in others)
        none = choices([("", _("choose a fact"))])
        self.superseded_by.choices = none + deck_words(offered, deck.language)

    @property
    def chosen_edit_kind(self) -> EditKind | None:
        """The kind that the curator chose; None leaves it to what the change looks like."""
        return EditKind(str(self.edit_kind.data)) if self.edit_kind.data else None


def _distance(fact: Fact, other: Fact) -> tuple[bool, bool, bool]:
    """How little another fact has to do with one: facts of its subject are the nearest."""
    return (
        other.subject is None or other.subject != fact.subject,
        other.relation is None or other.relation != fact.relation,
        not set(fact.tags) & set(other.tags),
    )


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"
