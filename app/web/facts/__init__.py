"""The curators' pages: facts listed, edited, previewed."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from werkzeug.exceptions import BadRequest

from app import clock
from app.core.facts import Deck, Fact
from app.core.values import ValueProblem
from app.core.wording import fact_text
from app.services import candidates, decks, fact_history, facts, leeches
from app.services.fact_history import KeptFact
from app.services.facts import Edit, EditedFact, FlawedFact
from app.services.revisions import By, StaleRevision
from app.web.curators import curators_only, own_decks
from app.web.current import db_session, learner_id, query
from app.web.facts import editor
from app.web.facts.editor import EditorPage
from app.web.facts.filling import draft_data, form_data
from app.web.facts.forms import GROUPS, FactForm, StartForm
from app.web.facts.listing import FilterForm, listed
from app.web.facts.mending import close_report
from app.web.facts.pictured import told
from app.web.language import gettext
from app.web.revisions import RevertForm, RevisionForm

bp = Blueprint("facts", __name__, url_prefix="/facts")

bp.before_request(curators_only)


@bp.get("/")
def index() -> ResponseReturnValue:
    """List the decks whose facts can be edited; a deck chosen in a list's filter is opened."""
    own = own_decks()
    found = [one for one in decks.deck_list(db_session()) if one.key in own]
    form = FilterForm(query())
    chosen = next((one.key for one in found if one.key == form.deck.data), None)
    if chosen:
        return redirect(url_for(".listing", deck_key=chosen), HTTPStatus.SEE_OTHER)
    return render_template("facts/decks.html", decks=found)


@bp.get("/<deck_key>")
def listing(deck_key: str) -> ResponseReturnValue:
    """List a deck's facts, a page at a time."""
    return render_template("facts/list.html", **listed(db_session(), deck_key, query()))


@bp.get("/<deck_key>/hard")
def hard(deck_key: str) -> ResponseReturnValue:
    """List the facts that do not stick: their wording may be why."""
    found = leeches.hard_facts(db_session(), deck_key)
    title = decks.deck_card(db_session(), deck_key).title
    return render_template("facts/hard.html", facts=found, deck_key=deck_key, deck_title=title)


@bp.route("/<deck_key>/new", methods=["GET", "POST"])
def new(deck_key: str) -> ResponseReturnValue:
    """Create a fact; a passage in the address opens the editor with what it suggests."""
    deck = decks.export_deck(db_session(), deck_key)
    start = StartForm(query())
    form = editor.opened_form(deck, _begun(deck, start))
    page = EditorPage(
        deck, _("New fact"), proposed=bool(start.text("quote")), saved_id=start.saved_id
    )
    if form.is_submitted() and form.stays:
        return _looked_at(form, page)
    if form.validate_on_submit():
        try:
            fact_id = facts.create(db_session(), deck_key, _edit(form))
            return _saved(form, deck_key, fact_id)
        except (ValueProblem, FlawedFact) as refusal:
            _explain(form, refusal)
    return editor.render(form, page)


def _begun(deck: Deck, start: StartForm) -> dict[str, object]:
    """Return what a new fact begins with: what the fact before had, and a proposal.

    What a sentence is about is its own: the subject of the fact before is kept without one alone.
    """
    kept = {name: start.text(name) for name in ("source", "subject", "tags")}
    known = kept["source"] in deck.source_by_key
    if not known or not start.text("quote"):
        source = kept["source"] if known else ""
        return {**kept, "source": source, "status": "draft", "stance": "stated"}
    suggested = candidates.suggest(db_session(), deck.key, kept["source"], start.text("quote"))
    data = draft_data(suggested.draft)
    return data | {"tags": kept["tags"]}


@bp.route("/edit/<int:fact_id>", methods=["GET", "POST"])
def edit(fact_id: int) -> ResponseReturnValue:
    """Edit a fact; one that somebody else has saved meanwhile is shown beside one's own."""
    opened = facts.open_fact(db_session(), fact_id)
    deck = opened.deck
    form = editor.opened_form(deck, form_data(opened.fact, opened.revision))
    form.offer_successors(deck, opened.fact)
    saved_id = StartForm(query()).saved_id
    page = EditorPage(
        deck, _("Edit fact"), fact_id, opened.fact, saved_id=saved_id, learned=opened.learned
    )
    if form.is_submitted() and form.stays:
        return _looked_at(form, page)
    if form.validate_on_submit():
        if not str(form.revision.data or "").isdecimal():
            raise BadRequest
        try:
            facts.revise(db_session(), fact_id, int(str(form.revision.data)), _edit(form))
            close_report(fact_id)
            return _saved(form, deck.key, fact_id)
        except (ValueProblem, FlawedFact) as refusal:
            _explain(form, refusal)
        except StaleRevision as stale:
            return _conflict(form, opened, stale)
    return editor.render(form, page)


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
        fact_history.revert(db_session(), fact_id, form.revision_number, form.to_number, by)
    except StaleRevision as stale:
        return _history(fact_id, str(stale)), HTTPStatus.CONFLICT
    return redirect(url_for(".history", fact_id=fact_id), HTTPStatus.SEE_OTHER)


@bp.route("/edit/<int:fact_id>/delete", methods=["GET", "POST"])
def delete(fact_id: int) -> ResponseReturnValue:
    """Delete a draft that nobody was asked; say why where that cannot be."""
    form, status = RevisionForm(), HTTPStatus.OK
    reason = fact_history.kept_because(db_session(), fact_id)
    if form.validate_on_submit():
        try:
            deck_key = fact_history.delete_draft(db_session(), fact_id, form.revision_number)
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
        deck_key=opened.deck.key,
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
        changes=fact_history.history(db_session(), fact_id),
        refusal=refusal,
    )


@bp.post("/<deck_key>/preview")
def preview(deck_key: str) -> ResponseReturnValue:
    """Return the questions that the typed fact would produce, as a part of a page."""
    deck = decks.export_deck(db_session(), deck_key)
    form = editor.opened_form(deck, {})
    form.validate()
    seen = editor.look(form, deck)
    wrong, missing = form.wrong_and_missing(seen.problems)
    lint = form.by_field(seen.preview.findings if seen.preview else ())
    return render_template(
        "facts/_preview.html",
        deck_key=deck_key,
        preview=seen.preview,
        told_kind=seen.told_kind,
        problems=missing,
        apart=wrong | lint,
        form=form,
    )


def _edit(form: FactForm) -> Edit:
    return Edit(
        learner_id(),
        form.draft(),
        clock.now(),
        form.wanted_status,
        bool(form.override.data),
        form.chosen_edit_kind,
        str(form.superseded_by.data or ""),
    )


def _looked_at(form: FactForm, page: EditorPage) -> ResponseReturnValue:
    """Show the form again, nothing stored: for preview, a tried answer, a picked sentence."""
    form.validate()
    if form.pick.data:
        editor.pick_sentence(form, page.deck)
    return editor.render(form, page)


def _saved(form: FactForm, deck_key: str, fact_id: int) -> ResponseReturnValue:
    """Lead on: to the fact as saved, or to the next sentence with what this fact had."""
    if not form.goes_on:
        address = url_for(".edit", fact_id=fact_id, saved=fact_id)
        return redirect(address, HTTPStatus.SEE_OTHER)
    going: dict[str, Any] = editor.next_address(form, deck_key)
    if going.get("source") and not going["quote"]:
        address = url_for("candidates.listing", deck_key=deck_key, key=going["source"])
        return redirect(address, HTTPStatus.SEE_OTHER)
    address = url_for(".new", deck_key=deck_key, saved=fact_id, **going)
    return redirect(address, HTTPStatus.SEE_OTHER)


def _explain(form: FactForm, refusal: ValueProblem | FlawedFact) -> None:
    """Say that it was not saved; the page says why, beside the fields that it concerns."""
    if isinstance(refusal, FlawedFact):
        form.form_errors.append(str(refusal))
    elif refusal.field in {"edit_kind", "superseded_by"}:
        form.explain(refusal)  # the preview, which finds the other problems, does not know these


def _conflict(
    form: FactForm, opened: EditedFact, stale: StaleRevision[Fact]
) -> ResponseReturnValue:
    theirs = form_data(stale.theirs, stale.revision)
    differing = [
        (field.label.text, str(theirs.get(field.name, "")), str(field.data or ""))
        for field in form
        if field.name in theirs
        and field.name not in {"revision", "key", "pictures"}
        and str(theirs[field.name]) != str(field.data or "")
    ]
    shown = told(stale.theirs.pictures), form.told_pictures()
    if shown[0] != shown[1]:
        differing.append((gettext("Pictures"), *shown))
    form.revision.data = str(stale.revision)
    page = render_template(
        "facts/conflict.html",
        form=form,
        deck=opened.deck,
        differing=differing,
        learned=opened.learned,
        groups=GROUPS,
        lint={},
    )
    return page, HTTPStatus.CONFLICT
