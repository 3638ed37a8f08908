"""The forms of the table of facts: its filter, the ticked rows, find and replace."""

import re

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, HiddenField, SelectField, SelectMultipleField, StringField
from wtforms import Form as PlainForm
from wtforms.validators import Length, Optional

from app.core.facts import Stance, Status
from app.services.bulk import SORTS, Chosen, Table, TableFilter
from app.services.wordings import Search
from app.web.base import Form
from app.web.curators import whole_number
from app.web.fields import choices, deck_words
from app.web.words import NAMES

LONG, SHORT = 1000, 200
SORT_NAMES = {
    "order": _("deck order"),
    "text": _("fact"),
    "answer": _("answer"),
    "status": _("status"),
    "relation": _("relation"),
}
_CHOSEN = re.compile(r"([0-9]{1,18}):([0-9]{1,9})")


class FilterForm(PlainForm):
    """How the table is narrowed; it changes nothing, so it needs no token."""

    q = StringField(_("Search"))
    status = SelectField(
        _("Status"), choices=choices([("", _("any")), *((s, NAMES[s]) for s in Status)])
    )
    stance = SelectField(
        _("Stance"), choices=choices([("", _("any")), *((s, NAMES[s]) for s in Stance)])
    )
    relation = SelectField(_("Relation"), choices=[], validate_choice=False)
    tag = SelectField(_("Tag"), choices=[], validate_choice=False)
    sort = SelectField(_("Sorted by"), choices=choices((one, SORT_NAMES[one]) for one in SORTS))
    page = StringField(_("Page"))
    all = StringField()
    done = StringField()

    def offer(self, table: Table, language: str) -> None:
        """Offer what the deck has."""
        names = ((one, one.replace("_", " ")) for one in table.relations)
        self.relation.choices = choices([("", _("any")), *names])
        self.tag.choices = choices([("", _("any"))]) + deck_words(
            ((one, one) for one in table.tags), language
        )

    @property
    def kept(self) -> dict[str, str]:
        """What goes along to the next page."""
        names = ("q", "status", "stance", "relation", "tag", "sort")
        return {name: str(self[name].data or "")[:SHORT] for name in names if self[name].data}

    @property
    def wanted(self) -> TableFilter:
        """What to show."""
        kept = self.kept
        return TableFilter(
            query=kept.get("q", ""),
            status=kept.get("status", ""),
            stance=kept.get("stance", ""),
            tag=kept.get("tag", ""),
            relation=kept.get("relation", ""),
            sort=kept.get("sort", "order"),
        )

    @property
    def number(self) -> int:
        """The page asked for, from 1."""
        return max(1, whole_number(self.page.data))


class BulkForm(Form):
    """The ticked facts, and what to do with them."""

    chosen = SelectMultipleField(choices=[], validate_choice=False)
    action = StringField(validators=[Optional(), Length(max=20)])
    tags = StringField(
        _("Tags"),
        description=_("Parted by commas."),
        validators=[Length(max=LONG, message=_("At most 1000 characters."))],
    )
    target = SelectField(_("Deck"), choices=[], validate_choice=False)
    anyway = BooleanField(_("In spite of errors"))
    every = BooleanField()
    deck_revision = HiddenField()

    @property
    def takes_every(self) -> bool:
        """Whether all facts that fit the filter are meant, on other pages too."""
        return bool(self.every.data)

    @property
    def shown_revision(self) -> int:
        """The deck's revision as it was shown."""
        return whole_number(self.deck_revision.data)

    @property
    def rows(self) -> list[Chosen]:
        """The ticked rows, each with the revision that was shown."""
        found = (_CHOSEN.fullmatch(str(one)) for one in self.chosen.data or [])
        return [Chosen(int(one[1]), int(one[2])) for one in found if one]

    @property
    def typed_tags(self) -> list[str]:
        """The typed tags, each once."""
        tags = (tag.strip() for tag in str(self.tags.data or "").split(","))
        return list(dict.fromkeys(tag for tag in tags if tag))


class SearchForm(PlainForm):
    """What to find and to put in its place; looking changes nothing."""

    find = StringField(_("Find"), render_kw={"autocomplete": "off"})
    put = StringField(_("Replace with"), render_kw={"autocomplete": "off"})
    match_case = BooleanField(_("Capitals as typed"))
    whole_words = BooleanField(_("Whole words only"))

    @property
    def search(self) -> Search:
        """The search as typed."""
        return Search(
            str(self.find.data or "")[:LONG],
            str(self.put.data or "")[:LONG],
            bool(self.match_case.data),
            bool(self.whole_words.data),
        )


class ReplaceForm(Form):
    """The changes to make, of those that were shown."""

    find = HiddenField(validators=[Length(max=LONG)], filters=[])
    put = HiddenField(validators=[Length(max=LONG)])
    match_case = HiddenField()
    whole_words = HiddenField()
    deck_revision = HiddenField()
    changes = SelectMultipleField(choices=[], validate_choice=False)
    anyway = BooleanField(_("Replace in spite of errors"))

    @property
    def search(self) -> Search:
        """The search that was shown."""
        return Search(
            str(self.find.data or ""),
            str(self.put.data or ""),
            self.match_case.data == "y",
            self.whole_words.data == "y",
        )

    @property
    def ids(self) -> list[str]:
        """The ticked changes."""
        return [str(one) for one in self.changes.data or []]

    @property
    def shown_revision(self) -> int:
        """The deck's revision as it was shown."""
        return whole_number(self.deck_revision.data)
