"""The curators' pages for entities: listed, renamed, merged, deleted when nothing needs them."""

from http import HTTPStatus

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from app import clock
from app.core.values import Entity, ValueProblem
from app.services import entities
from app.services.entities import OpenedEntity
from app.services.revisions import By, StaleRevision
from app.services.rewriting import FlawedChange
from app.web.curators import curators_only
from app.web.current import db_session, learner_id, query
from app.web.entities.forms import EntityForm, FilterForm, OtherForm
from app.web.merging import Merging
from app.web.revisions import RevisionForm

bp = Blueprint("entities", __name__, url_prefix="/entities")
bp.before_request(curators_only)

MERGING = Merging("entity", entities.merge_preview, entities.merge)


@bp.get("/<deck_key>")
def listing(deck_key: str) -> ResponseReturnValue:
    """List a deck's entities, a page at a time."""
    form = FilterForm(query())
    found = entities.entity_list(db_session(), deck_key, form.words, form.wanted_kind, form.number)
    kept = {"q": form.words, "kind": form.wanted_kind or ""}
    return render_template("entities/list.html", found=found, form=form, kept=kept)


@bp.route("/edit/<int:entity_id>", methods=["GET", "POST"])
def edit(entity_id: int) -> ResponseReturnValue:
    """Change an entity's names and kind; a stale edit is shown beside what others saved."""
    opened = entities.open_entity(db_session(), entity_id)
    form = EntityForm(data=_data(opened.entity, opened.revision))
    if form.validate_on_submit():
        if not form.revision_number:
            raise BadRequest
        edit = (By(learner_id(), clock.now()), bool(form.anyway.data))
        try:
            entities.revise(db_session(), entity_id, form.revision_number, form.entity, edit)
            return redirect(url_for(".edit", entity_id=entity_id), HTTPStatus.SEE_OTHER)
        except ValueProblem as problem:
            form[problem.field].errors = [problem.reason]
        except FlawedChange as flawed:
            form.form_errors = [str(flawed), *(one.message for one in flawed.findings)]
        except StaleRevision as stale:
            return _conflict(form, opened, stale)
    failed = bool(form.errors or form.form_errors)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if failed else HTTPStatus.OK
    return render_template("entities/edit.html", form=form, opened=opened, differing=()), status


def _data(entity: Entity, revision: int) -> dict[str, str]:
    return {
        "revision": str(revision),
        "name": entity.name,
        "kind": entity.kind,
        "aliases": "\n".join(entity.aliases),
    }


def _conflict(
    form: EntityForm, opened: OpenedEntity, stale: "StaleRevision[Entity]"
) -> ResponseReturnValue:
    theirs, mine = _data(stale.theirs, 0), _data(form.entity, 0)
    differing = [
        (form[name].label.text, theirs[name], mine[name])
        for name in ("name", "kind", "aliases")
        if theirs[name] != mine[name]
    ]
    form.revision.data = str(stale.revision)
    page = render_template("entities/edit.html", form=form, opened=opened, differing=differing)
    return page, HTTPStatus.CONFLICT


@bp.get("/edit/<int:entity_id>/merge")
def look_at_merge(entity_id: int) -> ResponseReturnValue:
    """Show what becomes of the facts when another entity is merged into this one."""
    form = OtherForm(query())
    opened = entities.open_entity(db_session(), entity_id)
    other = form.number
    if not other:
        other = entities.entity_called(db_session(), opened.deck_key, form.typed)
    return MERGING.page(entity_id, other)


@bp.post("/edit/<int:entity_id>/merge")
def merge(entity_id: int) -> ResponseReturnValue:
    """Merge another entity into this one, as it was shown."""
    return MERGING.answer(entity_id)


@bp.post("/edit/<int:entity_id>/delete")
def delete(entity_id: int) -> ResponseReturnValue:
    """Delete an entity that is in no fact."""
    form = RevisionForm()
    if not form.validate_on_submit():
        raise BadRequest
    deck_key = entities.delete_entity(db_session(), entity_id, form.revision_number)
    return redirect(url_for(".listing", deck_key=deck_key), HTTPStatus.SEE_OTHER)
