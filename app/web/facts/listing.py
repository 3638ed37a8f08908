"""The list of facts: narrowed by deck, words, status, stance and source, a page at a time."""

from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from wtforms import Form as PlainForm
from wtforms import SelectField, StringField

from app.core.facts import Stance, Status
from app.services import decks, facts, sources
from app.services.facts import FactFilter
from app.web.curators import own_decks
from app.web.fields import choices, deck_titles, deck_words
from app.web.words import NAMES

LONGEST = 200


class FilterForm(PlainForm):
    """How the list is narrowed; it changes nothing, so it needs no token."""

    deck = SelectField(_("Deck"), choices=[], validate_choice=False)
    q = StringField(_("Search"))
    status = SelectField(
        _("Status"), choices=choices([("", _("any")), *((s, NAMES[s]) for s in Status)])
    )
    stance = SelectField(
        _("Stance"), choices=choices([("", _("any")), *((s, NAMES[s]) for s in Stance)])
    )
    source = SelectField(_("Source"), choices=choices([("", _("any"))]), validate_choice=False)
    page = StringField(_("Page"))

    @property
    def text(self) -> str:
        """The words looked for."""
        return str(self.q.data or "")[:LONGEST]

    @property
    def number(self) -> int:
        """The page asked for, from 1."""
        typed = str(self.page.data or "")
        few = typed.isascii() and typed.isdecimal() and len(typed) < 7  # noqa: PLR2004 figures
        return max(1, int(typed)) if few else 1

    def chosen(self, name: str) -> str:
        """Return a choice, "" where it is none that there is."""
        field: Any = self[name]
        known = {str(choice.value) for choice in field.choices}
        return str(field.data) if str(field.data) in known else ""


def listed(session: Session, deck_key: str, query: MultiDict[str, str]) -> dict[str, Any]:
    """Return what the list's page shows. Raises NotFound for a deck that is not there."""
    form = FilterForm(query)
    card = decks.deck_card(session, deck_key)
    own = own_decks()
    every = decks.deck_list(session)
    form.deck.choices = deck_titles(one for one in every if one.key in own)
    form.deck.data = deck_key
    articles = ((one.key, one.title) for one in sources.source_list(session, deck_key))
    form.source.choices = choices([("", _("any"))]) + deck_words(articles, card.language)
    kept = {"q": form.text} | {name: form.chosen(name) for name in ("status", "stance", "source")}
    wanted = FactFilter(kept["q"], kept["status"], kept["stance"], kept["source"])
    found = facts.fact_page(session, deck_key, wanted, form.number)
    return {
        "facts": found.facts,
        "total": found.total,
        "form": form,
        "kept": kept,
        "number": found.number,
        "pages": found.pages,
        "deck_key": deck_key,
        "deck_title": card.title,
    }
