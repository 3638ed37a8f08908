"""How the schedule is narrowed; it changes nothing, so it needs no token."""

from flask_babel import lazy_gettext as _
from wtforms import Form, IntegerField, SelectField, StringField

from app.services.schedule import Kind, Sorting, Wanted
from app.web.base import cleaned
from app.web.fields import choices

KINDS = choices(
    [
        (Kind.ALL, _("all I study")),
        (Kind.DUE, _("due now")),
        (Kind.YOUNG, _("young")),
        (Kind.MATURE, _("mature")),
        (Kind.LEECH, _("leeches")),
        (Kind.SUSPENDED, _("suspended")),
        (Kind.NEW, _("not studied yet")),
    ]
)
SORTINGS = choices(
    [
        (Sorting.DUE, _("soonest due")),
        (Sorting.RECALL, _("lowest recall")),
        (Sorting.WEAKEST, _("least stable")),
        (Sorting.STRONGEST, _("most stable")),
        (Sorting.LAPSES, _("most forgotten")),
    ]
)


class ScheduleForm(Form):
    """Which facts, in which order. What cannot be read counts as not said."""

    deck = SelectField(_("Deck"), default="")
    tag = StringField(_("Tag"), filters=[cleaned])
    kind = SelectField(_("Which"), choices=KINDS, default=str(Kind.ALL))
    sort = SelectField(_("Sorted by"), choices=SORTINGS, default=str(Sorting.DUE))
    page = IntegerField(_("Page"), default=1)

    def wanted(self) -> Wanted:
        """Return what is asked for."""
        self.validate()
        deck = "" if self.deck.errors else self.deck.data or ""
        kind = Kind.ALL if self.kind.errors else Kind(self.kind.data)
        sorting = Sorting.DUE if self.sort.errors else Sorting(self.sort.data)
        tag = (self.tag.data or "")[:100]
        page = min(max(1, self.page.data or 1), 100_000)
        return Wanted(deck, tag, kind, sorting, page)
