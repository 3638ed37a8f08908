"""What changed in a deck, and the histories of its entities and relations."""

from http import HTTPStatus

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from app import clock
from app.core.errors import NotAllowed
from app.services import changes, parts
from app.services.revisions import By, StaleRevision
from app.web.current import NotSignedIn, db_session, learner_id, person
from app.web.revisions import RevertForm

bp = Blueprint("history", __name__, url_prefix="/history")


@bp.before_request
def curators_only() -> None:
    """Let curators and admins in, nobody else."""
    who = person()
    if who is None or who.is_guest:
        raise NotSignedIn("Sign in first.")
    if not who.is_curator:
        raise NotAllowed("Histories are for curators.")


@bp.get("/deck/<deck_key>")
def deck(deck_key: str) -> ResponseReturnValue:
    """List a deck's latest changes."""
    found = changes.deck_changes(db_session(), deck_key)
    return render_template("history/deck.html", changes=found, deck_key=deck_key)


@bp.get("/entity/<int:row_id>")
def entity(row_id: int) -> ResponseReturnValue:
    """Show every change to an entity."""
    return _entity(row_id)


@bp.get("/relation/<int:row_id>")
def relation(row_id: int) -> ResponseReturnValue:
    """Show every change to a relation."""
    return _relation(row_id)


@bp.post("/entity/<int:row_id>/revert")
def revert_entity(row_id: int) -> ResponseReturnValue:
    """Make an entity what it was once."""
    form = _sent()
    by = By(learner_id(), clock.now())
    try:
        parts.revert_entity(db_session(), row_id, form.revision_number, form.to_number, by)
    except StaleRevision as stale:
        return _entity(row_id, str(stale)), HTTPStatus.CONFLICT
    return redirect(url_for(".entity", row_id=row_id), HTTPStatus.SEE_OTHER)


@bp.post("/relation/<int:row_id>/revert")
def revert_relation(row_id: int) -> ResponseReturnValue:
    """Make a relation what it was once."""
    form = _sent()
    by = By(learner_id(), clock.now())
    try:
        parts.revert_relation(db_session(), row_id, form.revision_number, form.to_number, by)
    except StaleRevision as stale:
        return _relation(row_id, str(stale)), HTTPStatus.CONFLICT
    return redirect(url_for(".relation", row_id=row_id), HTTPStatus.SEE_OTHER)


def _sent() -> RevertForm:
    form = RevertForm()
    if not form.validate_on_submit():
        raise BadRequest
    return form


def _entity(row_id: int, refusal: str = "") -> str:
    opened = parts.open_entity(db_session(), row_id)
    return render_template(
        "history/part.html",
        name=opened.thing.name,
        deck_key=opened.deck_key,
        current=opened.revision,
        changes=parts.entity_history(db_session(), row_id),
        revert_url=url_for(".revert_entity", row_id=row_id),
        refusal=refusal,
    )


def _relation(row_id: int, refusal: str = "") -> str:
    opened = parts.open_relation(db_session(), row_id)
    return render_template(
        "history/part.html",
        name=opened.thing.key.replace("_", " "),
        deck_key=opened.deck_key,
        current=opened.revision,
        changes=parts.relation_history(db_session(), row_id),
        revert_url=url_for(".revert_relation", row_id=row_id),
        refusal=refusal,
    )
