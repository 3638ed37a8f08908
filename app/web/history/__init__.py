"""What changed in a deck, and the histories of its entities and relations."""

from http import HTTPStatus

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from app import clock
from app.services import changes, decks, parts
from app.services.revisions import By, StaleRevision
from app.web.curators import curators_only
from app.web.current import db_session, learner_id
from app.web.revisions import RevertForm

bp = Blueprint("history", __name__, url_prefix="/history")

bp.before_request(curators_only)


@bp.get("/deck/<deck_key>")
def deck(deck_key: str) -> ResponseReturnValue:
    """List a deck's latest changes."""
    found = changes.deck_changes(db_session(), deck_key)
    title = decks.deck_card(db_session(), deck_key).title
    return render_template("history/deck.html", changes=found, deck_key=deck_key, deck_title=title)


@bp.get("/entity/<int:entity_id>")
def entity(entity_id: int) -> ResponseReturnValue:
    """Show every change to an entity."""
    return _entity(entity_id)


@bp.get("/relation/<int:relation_id>")
def relation(relation_id: int) -> ResponseReturnValue:
    """Show every change to a relation."""
    return _relation(relation_id)


@bp.post("/entity/<int:entity_id>/revert")
def revert_entity(entity_id: int) -> ResponseReturnValue:
    """Make an entity what it was once."""
    form = _sent()
    by = By(learner_id(), clock.now())
    try:
        parts.revert_entity(db_session(), entity_id, form.revision_number, form.to_number, by)
    except StaleRevision as stale:
        return _entity(entity_id, str(stale)), HTTPStatus.CONFLICT
    return redirect(url_for(".entity", entity_id=entity_id), HTTPStatus.SEE_OTHER)


@bp.post("/relation/<int:relation_id>/revert")
def revert_relation(relation_id: int) -> ResponseReturnValue:
    """Make a relation what it was once."""
    form = _sent()
    by = By(learner_id(), clock.now())
    try:
        parts.revert_relation(db_session(), relation_id, form.revision_number, form.to_number, by)
    except StaleRevision as stale:
        return _relation(relation_id, str(stale)), HTTPStatus.CONFLICT
    return redirect(url_for(".relation", relation_id=relation_id), HTTPStatus.SEE_OTHER)


def _sent() -> RevertForm:
    form = RevertForm()
    if not form.validate_on_submit():
        raise BadRequest
    return form


def _entity(entity_id: int, refusal: str = "") -> str:
    opened = parts.open_entity(db_session(), entity_id)
    return render_template(
        "history/part.html",
        name=opened.thing.name,
        deck_key=opened.deck_key,
        current=opened.revision,
        changes=parts.entity_history(db_session(), entity_id),
        revert_url=url_for(".revert_entity", entity_id=entity_id),
        refusal=refusal,
    )


def _relation(relation_id: int, refusal: str = "") -> str:
    opened = parts.open_relation(db_session(), relation_id)
    return render_template(
        "history/part.html",
        name=opened.thing.key.replace("_", " "),
        deck_key=opened.deck_key,
        current=opened.revision,
        changes=parts.relation_history(db_session(), relation_id),
        revert_url=url_for(".revert_relation", relation_id=relation_id),
        refusal=refusal,
    )
