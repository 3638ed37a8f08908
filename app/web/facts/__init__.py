"""The curators' pages: facts listed, edited, previewed."""

from http import HTTPStatus

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest
from wtforms import Form as PlainForm
from wtforms import SelectField, StringField

from app import clock
from app.core.errors import NotAllowed
from app.core.facts import Deck, Fact, Stance, Status
from app.core.values import ValueProblem
from app.core.wording import fact_text
from app.services import decks, facts
from app.services.facts import Edit, EditedFact, FlawedFact, KeptFact, Preview
from app.services.revisions import By, StaleRevision
from app.web.current import NotSignedIn, db_session, learner_id, person, query
from app.web.facts.forms import FactForm, form_data
from app.web.facts.mending import close_report
from app.web.fields import choices
from app.web.revisions import RevertForm, RevisionForm

bp = Blueprint("facts", __name__, url_prefix="/facts")


class FilterForm(PlainForm):
    """How the list is narrowed; it changes nothing, so it needs no token."""

    q = StringField("Search")
    status = SelectField("Status", choices=choices([("", "any"), *((s, s) for s in Status)]))
    stance = SelectField("Stance", choices=choices([("", "any"), *((s, s) for s in Stance)]))


@bp.before_request
def curators_only() -> None:
    """Let curators and admins in, nobody else."""
    who = person()
    if who is None or who.is_guest:
        raise NotSignedIn("Sign in first.")
    if not who.is_curator:
        raise NotAllowed("Facts are edited by curators.")


@bp.get("/")
def index() -> ResponseReturnValue:
    """List the decks whose facts can be edited."""
    return render_template("facts/decks.html", decks=decks.deck_list(db_session()))


@bp.get("/<deck_key>")
def listing(deck_key: str) -> ResponseReturnValue:
    """List a deck's facts."""
    form = FilterForm(query())
    text, status = str(form.q.data or "")[:200], form.status.data
    known = status if status in list(Status) else ""
    stance = form.stance.data if form.stance.data in list(Stance) else ""
    found = facts.list_facts(db_session(), deck_key, text, str(known), str(stance))
    return render_template("facts/list.html", facts=found, form=form, deck_key=deck_key)


@bp.route("/<deck_key>/new", methods=["GET", "POST"])
def new(deck_key: str) -> ResponseReturnValue:
    """Create a fact."""
    deck = decks.export_deck(db_session(), deck_key)
    form = FactForm.of(deck, {"status": "draft"})
    if form.validate_on_submit():
        try:
            fact_id = facts.create(db_session(), deck_key, _edit(form))
            return redirect(url_for(".edit", fact_id=fact_id), HTTPStatus.SEE_OTHER)
        except (ValueProblem, FlawedFact) as refusal:
            _explain(form, refusal)
    return _page(form, deck, "New fact")


@bp.route("/edit/<int:fact_id>", methods=["GET", "POST"])
def edit(fact_id: int) -> ResponseReturnValue:
    """Edit a fact; one that somebody else has saved meanwhile is shown beside one's own."""
    opened = facts.open_fact(db_session(), fact_id)
    form = FactForm.of(opened.deck, form_data(opened.fact, opened.revision))
    form.offer_successors(opened.deck, opened.fact.key)
    if form.validate_on_submit():
        if not str(form.revision.data or "").isdecimal():
            raise BadRequest
        try:
            facts.revise(db_session(), fact_id, int(str(form.revision.data)), _edit(form))
            close_report(fact_id)
            return redirect(url_for(".edit", fact_id=fact_id), HTTPStatus.SEE_OTHER)
        except (ValueProblem, FlawedFact) as refusal:
            _explain(form, refusal)
        except StaleRevision as stale:
            return _conflict(form, opened, stale)
    return _page(form, opened.deck, "Edit fact", opened)


@bp.get("/edit/<int:fact_id>/history")
def history(fact_id: int) -> ResponseReturnValue:
    """Show every change to a fact: who, when, what."""
    return _history(fact_id)


@bp.post("/edit/<int:fact_id>/revert")
def revert(fact_id: int) -> ResponseReturnValue:
    """Make a fact what it was once, as a new revision."""
    form = RevertForm()
    if not form.validate_on_submit():
        raise BadRequest
    by = By(learner_id(), clock.now())
    try:
        facts.revert(db_session(), fact_id, form.revision_number, form.to_number, by)
    except StaleRevision as stale:
        return _history(fact_id, str(stale)), HTTPStatus.CONFLICT
    return redirect(url_for(".history", fact_id=fact_id), HTTPStatus.SEE_OTHER)


@bp.route("/edit/<int:fact_id>/delete", methods=["GET", "POST"])
def delete(fact_id: int) -> ResponseReturnValue:
    """Delete a draft that nobody was asked; say why where that cannot be."""
    form, status, reason = RevisionForm(), HTTPStatus.OK, facts.kept_because(db_session(), fact_id)
    if form.validate_on_submit():
        try:
            deck_key = facts.delete_draft(db_session(), fact_id, form.revision_number)
            return redirect(url_for(".listing", deck_key=deck_key), HTTPStatus.SEE_OTHER)
        except (KeptFact, StaleRevision) as refusal:
            stale = isinstance(refusal, StaleRevision)
            status = HTTPStatus.CONFLICT if stale else HTTPStatus.UNPROCESSABLE_ENTITY
            reason = str(refusal)
    elif form.is_submitted():
        raise BadRequest
    opened = facts.open_fact(db_session(), fact_id)
    page = render_template(
        "facts/delete.html",
        fact_id=fact_id,
        text=fact_text(opened.fact),
        revision=opened.revision,
        reason=reason,
    )
    return page, status


def _history(fact_id: int, refusal: str = "") -> str:
    opened = facts.open_fact(db_session(), fact_id)
    return render_template(
        "facts/history.html",
        fact_id=fact_id,
        text=fact_text(opened.fact),
        deck_key=opened.deck.key,
        current=opened.revision,
        changes=facts.history(db_session(), fact_id),
        refusal=refusal,
    )


@bp.post("/<deck_key>/preview")
def preview(deck_key: str) -> ResponseReturnValue:
    """Return the questions that the typed fact would produce, as a part of a page."""
    deck = decks.export_deck(db_session(), deck_key)
    form = FactForm.of(deck)
    form.validate()
    seen, problem = _preview(form, deck)
    return render_template("facts/_preview.html", preview=seen, problem=problem)


def _edit(form: FactForm) -> Edit:
    status = Status(str(form.status.data))
    return Edit(
        learner_id(),
        form.draft(),
        clock.now(),
        status,
        bool(form.override.data),
        form.chosen_kind,
        str(form.superseded_by.data or ""),
    )


def _explain(form: FactForm, refusal: ValueProblem | FlawedFact) -> None:
    if isinstance(refusal, FlawedFact):
        form.form_errors.append(str(refusal))
        form.form_errors.extend(found.message for found in refusal.findings)
        return
    field = (
        form["name" if refusal.field == "entity" else refusal.field]
        if (refusal.field in form or refusal.field == "entity")
        else form["kind"]
    )
    field.errors = [*field.errors, refusal.reason]


def _preview(form: FactForm, deck: Deck) -> tuple[Preview | None, str]:
    try:
        fact = facts.fact_of(deck, form.draft(), "preview", Status.DRAFT)
        return facts.preview(deck, fact), ""
    except (ValueProblem, ValueError, KeyError) as problem:
        return None, str(problem)


def _page(
    form: FactForm, deck: Deck, heading: str, opened: EditedFact | None = None
) -> ResponseReturnValue:
    failed = bool(form.errors or form.form_errors)
    seen, problem = _preview(form, deck)
    page = render_template(
        "facts/edit.html",
        form=form,
        deck=deck,
        heading=heading,
        preview=seen,
        problem=problem,
        fact_id=opened.id if opened else None,
        learned=opened.learned if opened else None,
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if failed else HTTPStatus.OK


def _conflict(
    form: FactForm, opened: EditedFact, stale: StaleRevision[Fact]
) -> ResponseReturnValue:
    theirs = form_data(stale.theirs, stale.revision)
    differing = [
        (field.label.text, str(theirs.get(field.name, "")), str(field.data or ""))
        for field in form
        if field.name in theirs
        and field.name != "revision"
        and str(theirs[field.name]) != str(field.data or "")
    ]
    form.revision.data = str(stale.revision)
    page = render_template(
        "facts/conflict.html",
        form=form,
        deck=opened.deck,
        differing=differing,
        learned=opened.learned,
    )
    return page, HTTPStatus.CONFLICT
