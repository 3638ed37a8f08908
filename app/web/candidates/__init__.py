"""Candidates: an article's sentences, ranked, each a step away from being a fact."""

from http import HTTPStatus

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import Form as PlainForm
from wtforms import HiddenField, StringField
from wtforms.validators import Length

from app import clock
from app.services import candidates
from app.web.base import Form
from app.web.curators import curators_only
from app.web.current import db_session, learner_id, query

bp = Blueprint("candidates", __name__, url_prefix="/edit-sources")
LONGEST = 1000


class ShownForm(PlainForm):
    """Which sentences are shown; it changes nothing, so it needs no token."""

    show = StringField()
    page = StringField()
    quote = StringField()

    @property
    def number(self) -> int:
        """The page asked for, from 1."""
        typed = str(self.page.data or "")
        few = typed.isascii() and typed.isdecimal() and len(typed) < 7  # noqa: PLR2004 figures
        return int(typed) if few else 1


class AsideForm(Form):
    """A sentence put aside or taken back, by its fingerprint."""

    mark = HiddenField(validators=[Length(max=64)])
    show = HiddenField(validators=[Length(max=20)])
    page = HiddenField(validators=[Length(max=6)])


bp.before_request(curators_only)


@bp.get("/<deck_key>/<key>/candidates")
def listing(deck_key: str, key: str) -> ResponseReturnValue:
    """List an article's sentences, those that carry most first."""
    form = ShownForm(query())
    page = candidates.candidate_page(
        db_session(), deck_key, key, str(form.show.data or "open"), form.number
    )
    return render_template("candidates/list.html", page=page)


@bp.get("/<deck_key>/<key>/candidates/next")
def following(deck_key: str, key: str) -> ResponseReturnValue:
    """Open the editor on the sentence after a passage, or the list where none is left."""
    quote = str(ShownForm(query()).quote.data or "")[:LONGEST]
    found = candidates.next_sentence(db_session(), deck_key, key, quote)
    if found is None:
        return _back(deck_key, key, "open", "1")
    address = url_for("facts.new", deck_key=deck_key, source=key, quote=found)
    return redirect(address, HTTPStatus.SEE_OTHER)


@bp.post("/<deck_key>/<key>/candidates/dismiss")
def dismiss(deck_key: str, key: str) -> ResponseReturnValue:
    """Put a sentence aside."""
    form = AsideForm()
    if form.validate_on_submit():
        by = learner_id(), clock.now()
        candidates.dismiss(db_session(), deck_key, key, str(form.mark.data), by)
    return _back(deck_key, key, str(form.show.data or ""), str(form.page.data or ""))


@bp.post("/<deck_key>/<key>/candidates/take-back")
def take_back(deck_key: str, key: str) -> ResponseReturnValue:
    """Bring a sentence back into the list."""
    form = AsideForm()
    if form.validate_on_submit():
        candidates.take_back(db_session(), deck_key, key, str(form.mark.data))
    return _back(deck_key, key, str(form.show.data or ""), str(form.page.data or ""))


def _back(deck_key: str, key: str, show: str, page: str) -> ResponseReturnValue:
    address = url_for(".listing", deck_key=deck_key, key=key, show=show[:20], page=page[:6])
    return redirect(address, HTTPStatus.SEE_OTHER)
