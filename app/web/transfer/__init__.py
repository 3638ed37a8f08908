"""Decks taken out as files and brought in from files, each import looked at before it is done."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.core.errors import Refused
from app.interchange.loading import MOST_PROBLEMS, DeckFileRefused
from app.services import bulk, exporting, importing, imports, jobs, packages, pictures
from app.services.revisions import By
from app.services.rewriting import DeckChanged
from app.web.base import EmptyForm
from app.web.curators import check_deck, curators_only, whole_number
from app.web.current import db_session, learner_id, query
from app.web.errors import status_of
from app.web.pages import sent_picture
from app.web.transfer.forms import MappingForm, UploadForm, mapping_form

bp = Blueprint("transfer", __name__, url_prefix="/transfer")
bp.before_request(curators_only)


@bp.route("/", methods=["GET", "POST"])
def start() -> ResponseReturnValue:
    """Bring in a deck file, a new deck or one that is there."""
    return _upload("", "")


@bp.route("/<deck_key>", methods=["GET", "POST"])
def page(deck_key: str) -> ResponseReturnValue:
    """Take a deck out, or bring a file into it."""
    return _upload(deck_key, bulk.title_of(db_session(), deck_key))


def _upload(deck_key: str, title: str) -> ResponseReturnValue:
    form = UploadForm()
    problems: list[str] = []
    if form.validate_on_submit():
        try:
            return _taken(form, deck_key)
        except DeckFileRefused as refused:
            problems = [str(problem) for problem in refused.problems[:MOST_PROBLEMS]]
        except Refused as refused:
            if status_of(refused) != HTTPStatus.UNPROCESSABLE_ENTITY:
                raise
            form.file.errors = [str(refused)]
    body = render_template(
        "transfer/page.html",
        form=form,
        deck_key=deck_key,
        deck_title=title,
        problems=problems,
        formats=exporting.FORMATS.values(),
        done=_done(),
        undone=_undone(),
        past=imports.past_imports(db_session(), deck_key) if deck_key else (),
    )
    failed = bool(problems or form.errors)
    return body, HTTPStatus.UNPROCESSABLE_ENTITY if failed else HTTPStatus.OK


def _taken(form: UploadForm, deck_key: str) -> ResponseReturnValue:
    """Read a light file at once, let a job read any other."""
    told = form.incoming(deck_key)
    with form.opened() as file:
        if not jobs.is_light(file):
            token = jobs.begin_import(db_session(), learner_id(), file, told, clock.now())
            return redirect(url_for(".job", token=token), HTTPStatus.SEE_OTHER)
        looked = jobs.read_now(db_session(), learner_id(), file, told, clock.now())
    onwards = ".fields" if looked.is_package else ".look"
    return redirect(url_for(onwards, token=looked.token), HTTPStatus.SEE_OTHER)


@bp.get("/jobs/<token>")
def job(token: str) -> ResponseReturnValue:
    """Show how far a file is that is read aside; then what it would do."""
    found = jobs.job_page(db_session(), learner_id(), token)
    if found is None:
        is_package = importing.is_package(db_session(), learner_id(), token)
        onwards = ".fields" if is_package else ".look"
        return redirect(url_for(onwards, token=token), HTTPStatus.SEE_OTHER)
    if found.result:
        return _onwards(found.deck_key, found.result)
    return render_template("transfer/job.html", job=found)


def _onwards(deck_key: str, counts: Mapping[str, int]) -> ResponseReturnValue:
    """Return to the deck's page, or to the start where it is gone, which tells what was done."""
    told: dict[str, Any] = dict(counts)
    place = url_for(".page", deck_key=deck_key, **told) if deck_key else url_for(".start", **told)
    return redirect(place, HTTPStatus.SEE_OTHER)


def _done() -> tuple[int, ...] | None:
    """Return how many facts and reviews the import before brought, as its redirect says."""
    told = [query().get(name, "") for name in ("new", "changed", "reviews", "known")]
    return tuple(map(whole_number, told)) if told[0] and told[1] else None


def _undone() -> tuple[int, ...] | None:
    """Return what undoing an import did, as its redirect says."""
    told = [query().get(name, "") for name in ("deleted", "retired", "restored", "kept")]
    return tuple(map(whole_number, told)) if all(told) else None


@bp.post("/undo/<int:record_id>")
def undo(record_id: int) -> ResponseReturnValue:
    """Undo an import."""
    check_deck(imports.deck_of(db_session(), record_id))
    if jobs.is_long_to_undo(db_session(), record_id):
        token = jobs.begin_undo(db_session(), learner_id(), record_id, clock.now())
        return redirect(url_for(".job", token=token), HTTPStatus.SEE_OTHER)
    done = imports.undo(db_session(), record_id, By(learner_id(), clock.now()))
    return _onwards(done.deck_key, done.counts)


@bp.get("/fields/<token>")
def fields(token: str) -> str:
    """Show which field of an Anki package becomes what, and the facts that come of it."""
    page = packages.opened(db_session(), learner_id(), token)
    return _fields(page, mapping_form(page))


@bp.get("/fields/<token>/pictures/<name>")
def pending_picture(token: str, name: str) -> Response:
    """Send a picture of an uploaded file to its owner."""
    found = pictures.pending_picture(db_session(), learner_id(), token, name)
    return sent_picture(found.data, found.media_type, "private, no-store")


@bp.post("/fields/<token>")
def map_fields(token: str) -> ResponseReturnValue:
    """Make facts by another mapping, and show them, or go on to the review."""
    page = packages.opened(db_session(), learner_id(), token)
    form = mapping_form(page)
    if not form.validate_on_submit():
        return _fields(page, form), HTTPStatus.UNPROCESSABLE_ENTITY
    packages.map_fields(
        db_session(), learner_id(), token, form.mapping(), with_learning=bool(form.learning.data)
    )
    onwards = ".look" if form.go_on.data else ".fields"
    return redirect(url_for(onwards, token=token), HTTPStatus.SEE_OTHER)


def _fields(page: packages.PackagePage, form: MappingForm) -> str:
    return render_template("transfer/fields.html", seen=page, form=form)


@bp.get("/review/<token>")
def look(token: str) -> ResponseReturnValue:
    """Show what an uploaded file would do."""
    return _review(token)


def _review(token: str, refusal: str = "") -> str:
    check_deck(importing.deck_meant(db_session(), learner_id(), token))
    seen = importing.review(db_session(), learner_id(), token)
    return render_template("transfer/review.html", seen=seen, form=EmptyForm(), refusal=refusal)


@bp.post("/review/<token>")
def apply(token: str) -> ResponseReturnValue:
    """Import an uploaded file exactly as it was shown."""
    check_deck(importing.deck_meant(db_session(), learner_id(), token))
    if jobs.is_long_to_store(db_session(), learner_id(), token):
        jobs.begin_store(db_session(), learner_id(), token, clock.now())
        return redirect(url_for(".job", token=token), HTTPStatus.SEE_OTHER)
    try:
        done = importing.apply(db_session(), learner_id(), token, clock.now())
    except DeckChanged as changed:
        importing.look_again(db_session(), learner_id(), token)
        return _review(token, str(changed)), HTTPStatus.CONFLICT
    return _onwards(done.deck_key, done.counts)


@bp.post("/review/<token>/drop")
def drop(token: str) -> ResponseReturnValue:
    """Forget an uploaded file."""
    jobs.drop(db_session(), learner_id(), token)
    return redirect(url_for(".start"), HTTPStatus.SEE_OTHER)


@bp.get("/<deck_key>/export/<file_format>")
def export(deck_key: str, file_format: str) -> ResponseReturnValue:
    """Send a deck as a file."""
    data = exporting.export_file(db_session(), deck_key, file_format, clock.now())
    return attachment(data, deck_key, exporting.format_of(file_format))


def attachment(data: bytes, deck_key: str, kind: exporting.Format) -> Response:
    """Return a file to be saved, by a name that every system can keep."""
    name = "".join(char if char.isascii() and char.isalnum() else "-" for char in deck_key)
    answer = Response(data, mimetype=kind.media_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.{kind.suffix}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
