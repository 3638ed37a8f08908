"""The curators' pages for relations: worded with their questions in view, merged, added."""

from http import HTTPStatus

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from app import clock
from app.core.facts import Relation
from app.core.values import ValueProblem
from app.services import relations
from app.services.relations import OfferedRelation, OpenedRelation
from app.services.revisions import By, StaleRevision
from app.services.rewriting import FlawedChange
from app.web.curators import curators_only
from app.web.current import db_session, learner_id, query
from app.web.fields import choices
from app.web.language import gettext
from app.web.merging import Merging
from app.web.relations.forms import OtherForm, RelationForm, StarterForm
from app.web.revisions import RevisionForm
from app.web.words import KIND_NAMES

bp = Blueprint("relations", __name__, url_prefix="/relations")
bp.before_request(curators_only)

MERGING = Merging("relation", relations.merge_preview, relations.merge)


@bp.get("/<deck_key>")
def listing(deck_key: str) -> ResponseReturnValue:
    """List a deck's relations with their wordings."""
    found = relations.relation_list(db_session(), deck_key)
    return render_template("relations/list.html", found=found, kinds=KIND_NAMES)


@bp.route("/<deck_key>/new", methods=["GET", "POST"])
def new(deck_key: str) -> ResponseReturnValue:
    """Word a new relation."""
    found = relations.relation_list(db_session(), deck_key)
    form = RelationForm()
    if form.validate_on_submit() and not form.is_look:
        try:
            name = str(form.name.data or "")
            by = By(learner_id(), clock.now())
            relation_id = relations.create(db_session(), deck_key, name, form.relation, by)
            return redirect(url_for(".edit", relation_id=relation_id), HTTPStatus.SEE_OTHER)
        except ValueProblem as problem:
            form[problem.field].errors = [problem.reason]
    page = render_template(
        "relations/edit.html",
        form=form,
        opened=None,
        deck_key=found.deck_key,
        deck_title=found.deck_title,
        seen=_seen(form, deck_key),
        differing=(),
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK


def _seen(form: RelationForm, deck_key: str) -> relations.RelationPreview | None:
    if not form.relation.ask:
        return None
    return relations.preview(db_session(), deck_key, form.relation)


@bp.post("/<deck_key>/preview")
def preview(deck_key: str) -> ResponseReturnValue:
    """Return the questions that the typed wording would ask, as a part of a page."""
    form = RelationForm()
    if not form.validate():
        return "", HTTPStatus.UNPROCESSABLE_ENTITY
    seen = _seen(form, deck_key)
    return render_template("relations/_preview.html", deck_key=deck_key, seen=seen)


@bp.route("/edit/<int:relation_id>", methods=["GET", "POST"])
def edit(relation_id: int) -> ResponseReturnValue:
    """Change a relation's wording; a stale edit is shown beside what others saved."""
    opened = relations.open_relation(db_session(), relation_id)
    form = RelationForm(data=_data(opened.relation, opened.revision))
    form.key.data = opened.relation.key
    if form.validate_on_submit() and not form.is_look:
        if not form.revision_number:
            raise BadRequest
        edit = (By(learner_id(), clock.now()), bool(form.anyway.data))
        try:
            relations.revise(db_session(), relation_id, form.revision_number, form.relation, edit)
            return redirect(url_for(".edit", relation_id=relation_id), HTTPStatus.SEE_OTHER)
        except ValueProblem as problem:
            form[problem.field].errors = [problem.reason]
        except FlawedChange as flawed:
            form.form_errors = [str(flawed), *(one.message for one in flawed.findings[:20])]
        except StaleRevision as stale:
            return _conflict(form, opened, stale)
    return _page(form, opened, ())


def _data(relation: Relation, revision: int) -> dict[str, object]:
    return {
        "revision": str(revision),
        "name": relation.key,
        "ask": relation.ask,
        "ask_inverse": relation.ask_inverse,
        "say": relation.say,
        "value_kind": relation.value_kind,
        "many": relation.many,
    }


def _page(
    form: RelationForm, opened: OpenedRelation, differing: tuple[tuple[str, str, str], ...]
) -> ResponseReturnValue:
    others = OtherForm()
    others.other.choices = choices(
        (str(one.id), f"{one.name} ({KIND_NAMES[one.kind] if one.kind else gettext('any')})")
        for one in opened.others
    )
    page = render_template(
        "relations/edit.html",
        form=form,
        opened=opened,
        deck_key=opened.deck_key,
        deck_title=opened.deck_title,
        seen=_seen(form, opened.deck_key),
        differing=differing,
        others=others,
    )
    if differing:
        return page, HTTPStatus.CONFLICT
    failed = bool(form.errors or form.form_errors)
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if failed else HTTPStatus.OK


def _conflict(
    form: RelationForm, opened: OpenedRelation, stale: "StaleRevision[Relation]"
) -> ResponseReturnValue:
    theirs, mine = _data(stale.theirs, 0), _data(form.relation, 0)
    differing = tuple(
        (form[name].label.text, str(theirs[name]), str(mine[name]))
        for name in ("ask", "ask_inverse", "say", "value_kind", "many")
        if theirs[name] != mine[name]
    )
    form.revision.data = str(stale.revision)
    return _page(
        form,
        opened,
        differing or ((gettext("Revision"), gettext("saved again"), gettext("the same")),),
    )


@bp.get("/edit/<int:relation_id>/merge")
def look_at_merge(relation_id: int) -> ResponseReturnValue:
    """Show what becomes of the facts when another relation is merged into this one."""
    return MERGING.page(relation_id, OtherForm(query()).number)


@bp.post("/edit/<int:relation_id>/merge")
def merge(relation_id: int) -> ResponseReturnValue:
    """Merge another relation into this one, as it was shown."""
    return MERGING.answer(relation_id)


@bp.post("/edit/<int:relation_id>/delete")
def delete(relation_id: int) -> ResponseReturnValue:
    """Delete a relation that no fact has."""
    form = RevisionForm()
    if not form.validate_on_submit():
        raise BadRequest
    deck_key = relations.delete_relation(db_session(), relation_id, form.revision_number)
    return redirect(url_for(".listing", deck_key=deck_key), HTTPStatus.SEE_OTHER)


@bp.route("/<deck_key>/library", methods=["GET", "POST"])
def library(deck_key: str) -> ResponseReturnValue:
    """Add general relations from the starter library."""
    offered = relations.offered(db_session(), deck_key)
    form = StarterForm()
    form.keys.choices = choices((one.starter.key, one.starter.label) for one in offered)
    if form.validate_on_submit():
        by = By(learner_id(), clock.now())
        relations.add_starters(db_session(), deck_key, form.keys.data or [], by)
        return redirect(url_for(".listing", deck_key=deck_key), HTTPStatus.SEE_OTHER)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    topics: dict[str, list[OfferedRelation]] = {}
    for one in offered:
        topics.setdefault(one.starter.topic, []).append(one)
    page = render_template("relations/library.html", form=form, topics=topics, deck_key=deck_key)
    return page, status
