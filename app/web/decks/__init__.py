"""The curators' pages for decks themselves: made, described, given curators, deleted."""

from collections.abc import Sequence
from http import HTTPStatus

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from app.core.errors import Refused
from app.services import curating, decks
from app.services.curating import NoSuchCurator
from app.services.decks import StaleHead, StudiedDeck
from app.web.base import EmptyForm
from app.web.curators import curators_only
from app.web.current import db_session, learner_id
from app.web.decks.forms import CuratorForm, DeckForm

bp = Blueprint("decks", __name__, url_prefix="/edit-decks")
bp.before_request(curators_only)


@bp.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Make an empty deck, and lead on to its first article."""
    form = DeckForm()
    if form.validate_on_submit():
        key = decks.create_deck(db_session(), form.head, learner_id())
        return redirect(url_for("sources.new", deck_key=key), HTTPStatus.SEE_OTHER)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render_template("decks/new.html", form=form), status


@bp.route("/deck/<deck_key>", methods=["GET", "POST"])
def edit(deck_key: str) -> ResponseReturnValue:
    """Change what a deck says of itself."""
    head = decks.head_of(db_session(), deck_key)
    form = DeckForm(obj=head)
    if form.validate_on_submit():
        try:
            decks.describe_deck(db_session(), deck_key, form.head, str(form.fingerprint.data or ""))
        except StaleHead as stale:
            return _conflict(deck_key, form, stale)
        return redirect(url_for(".edit", deck_key=deck_key), HTTPStatus.SEE_OTHER)
    return _page(deck_key, form, CuratorForm(formdata=None), failed=bool(form.errors))


def _conflict(deck_key: str, form: DeckForm, stale: StaleHead) -> ResponseReturnValue:
    """Show both versions; saved once more, the typed one stands over theirs."""
    mine, theirs = form.head, stale.theirs
    rows = [
        (form[name].label.text, getattr(theirs, name), getattr(mine, name))
        for name in ("title", "description", "language")
        if getattr(theirs, name) != getattr(mine, name)
    ]
    form.fingerprint.data = theirs.fingerprint
    body, _ = _page(deck_key, form, CuratorForm(formdata=None), differing=rows)
    return body, HTTPStatus.CONFLICT


@bp.post("/deck/<deck_key>/curators")
def appoint(deck_key: str) -> ResponseReturnValue:
    """Let one more curator edit the deck."""
    form = CuratorForm()
    if form.validate_on_submit():
        try:
            curating.appoint(db_session(), deck_key, str(form.email.data))
            return redirect(url_for(".edit", deck_key=deck_key), HTTPStatus.SEE_OTHER)
        except NoSuchCurator as refused:
            form.email.errors = [str(refused)]
    return _page(deck_key, _filled(deck_key), form, failed=True)


@bp.post("/deck/<deck_key>/curators/<int:user_id>/remove")
def remove(deck_key: str, user_id: int) -> ResponseReturnValue:
    """Let somebody edit the deck no more; oneself too."""
    if not EmptyForm().validate_on_submit():
        raise BadRequest
    curating.dismiss(db_session(), deck_key, user_id)
    still_theirs = deck_key in curating.decks_curated(db_session(), learner_id())
    page = url_for(".edit", deck_key=deck_key) if still_theirs else url_for("facts.index")
    return redirect(page, HTTPStatus.SEE_OTHER)


@bp.post("/deck/<deck_key>/delete")
def delete(deck_key: str) -> ResponseReturnValue:
    """Delete a deck that nobody was asked."""
    if not EmptyForm().validate_on_submit():
        raise BadRequest
    try:
        decks.delete_deck(db_session(), deck_key)
    except StudiedDeck as refused:
        return _page(deck_key, _filled(deck_key), CuratorForm(formdata=None), refused=refused)
    return redirect(url_for("facts.index"), HTTPStatus.SEE_OTHER)


def _filled(deck_key: str) -> DeckForm:
    return DeckForm(formdata=None, obj=decks.head_of(db_session(), deck_key))


def _page(
    deck_key: str,
    form: DeckForm,
    curator_form: CuratorForm,
    *,
    failed: bool = False,
    refused: Refused | None = None,
    differing: Sequence[tuple[str, str, str]] = (),
) -> tuple[str, HTTPStatus]:
    body = render_template(
        "decks/edit.html",
        form=form,
        curator_form=curator_form,
        curators=curating.curators_of(db_session(), deck_key),
        deck=decks.deck_card(db_session(), deck_key),
        refused=refused,
        differing=differing,
    )
    bad = failed or refused is not None
    return body, HTTPStatus.UNPROCESSABLE_ENTITY if bad else HTTPStatus.OK
