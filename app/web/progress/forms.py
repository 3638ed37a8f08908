"""How the schedule is narrowed; it changes nothing, so it needs no token."""

from wtforms import Form, IntegerField, SelectField, StringField

from app.services.schedule import Kind, Sorting, Wanted
from app.web.base import cleaned
from app.web.fields import choices

KINDS = choices(
    [
        (Kind.ALL, "all I study"),
        (Kind.DUE, "due now"),
        (Kind.YOUNG, "young"),
        (Kind.MATURE, "mature"),
        (Kind.LEECH, "leeches"),
        (Kind.SUSPENDED, "suspended"),
        (Kind.NEW, "not studied yet"),
    ]
)
SORTINGS = choices(
    [
        (Sorting.DUE, "soonest due"),
        (Sorting.RECALL, "lowest recall"),
        (Sorting.WEAKEST, "least stable"),
        (Sorting.STRONGEST, "most stable"),
        (Sorting.LAPSES, "most forgotten"),
    ]
)


class ScheduleForm(Form):
    """Which facts, in which order. What cannot be read counts as not said."""

    deck = SelectField("Deck", default="")
    tag = StringField("Tag", filters=[cleaned])
    kind = SelectField("Which", choices=KINDS, default=str(Kind.ALL))
    sort = SelectField("Sorted by", choices=SORTINGS, default=str(Sorting.DUE))
    page = IntegerField("Page", default=1)

    def wanted(self) -> Wanted:
        """Return what is asked for."""
        self.validate()
        deck = "" if self.deck.errors else self.deck.data or ""
        kind = Kind.ALL if self.kind.errors else Kind(self.kind.data)
        sorting = Sorting.DUE if self.sort.errors else Sorting(self.sort.data)
        tag = (self.tag.data or "")[:100]
        page = min(max(1, self.page.data or 1), 100_000)
        return Wanted(deck, tag, kind, sorting, page)
