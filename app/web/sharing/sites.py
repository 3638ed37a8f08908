"""Which sites may show a deck's shared quizzes within their pages: its curators say so."""

from http import HTTPStatus

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.services import decks, sharing
from app.services.sharing import BadOrigin
from app.web.curators import curators_only
from app.web.current import db_session
from app.web.sharing.forms import SiteForm

bp = Blueprint("sites", __name__, url_prefix="/edit-decks")
bp.before_request(curators_only)


@bp.get("/deck/<deck_key>/sites")
def listing(deck_key: str) -> ResponseReturnValue:
    """List the sites, with a form for another."""
    return _page(deck_key, SiteForm(formdata=None))


@bp.post("/deck/<deck_key>/sites")
def allow(deck_key: str) -> ResponseReturnValue:
    """Let one more site show the deck's shared quizzes."""
    form = SiteForm()
    if form.validate_on_submit():
        try:
            sharing.allow_origin(db_session(), deck_key, str(form.origin.data))
            return redirect(url_for(".listing", deck_key=deck_key), HTTPStatus.SEE_OTHER)
        except BadOrigin as refused:
            form.origin.errors = [str(refused)]
    return _page(deck_key, form), HTTPStatus.UNPROCESSABLE_ENTITY


@bp.post("/deck/<deck_key>/sites/remove")
def forbid(deck_key: str) -> ResponseReturnValue:
    """Let a site show them no more."""
    form = SiteForm()
    if not form.validate_on_submit():
        return _page(deck_key, form), HTTPStatus.UNPROCESSABLE_ENTITY
    sharing.forbid_origin(db_session(), deck_key, str(form.origin.data))
    return redirect(url_for(".listing", deck_key=deck_key), HTTPStatus.SEE_OTHER)


def _page(deck_key: str, form: SiteForm) -> str:
    return render_template(
        "sharing/sites.html",
        deck=decks.deck_card(db_session(), deck_key),
        sites=sharing.origins_of(db_session(), deck_key),
        form=form,
    )
