"""Decks taken out as files and brought in from files, each import looked at before it is done."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.file import FileField, FileRequired
from werkzeug.datastructures import FileStorage
from wtforms import BooleanField

from app import clock
from app.core.errors import Refused
from app.interchange.decoding import NotText
from app.interchange.loading import MOST_PROBLEMS, DeckFileRefused
from app.services import bulk, importing
from app.services.importing import FORMATS, Upload
from app.services.rewriting import DeckChanged
from app.web.base import EmptyForm, Form
from app.web.curators import check_deck, curators_only, whole_number
from app.web.current import db_session, learner_id, query

bp = Blueprint("transfer", __name__, url_prefix="/transfer")
bp.before_request(curators_only)
MIME = {"yaml": "application/yaml", "json": "application/json", "csv": "text/csv"}


class UploadForm(Form):
    """A file to look at."""

    file = FileField(
        "File",
        description="A deck file (YAML or JSON) or a table of facts (CSV), at most 5 MB.",
        validators=[FileRequired("Choose a file.")],
    )
    drafts = BooleanField("Bring new facts in as drafts", default=True)

    def upload(self, deck_key: str) -> Upload:
        """Return the file as it came."""
        stored: FileStorage = self.file.data
        name = (stored.filename or "file").replace("\\", "/").rpartition("/")[2]
        printable = "".join(char for char in name if char.isprintable())
        data = stored.read()
        stored.close()  # a large one lies in a file of its own until then
        return Upload(data, printable, deck_key, bool(self.drafts.data))


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
            upload = form.upload(deck_key)
            token = importing.look_at(db_session(), learner_id(), upload, clock.now())
            return redirect(url_for(".look", token=token), HTTPStatus.SEE_OTHER)
        except DeckFileRefused as refused:
            problems = [str(problem) for problem in refused.problems[:MOST_PROBLEMS]]
        except NotText as refused:
            form.file.errors = [str(refused)]
        except Refused as refused:
            if type(refused) is not Refused:
                raise
            form.file.errors = [str(refused)]
    body = render_template(
        "transfer/page.html",
        form=form,
        deck_key=deck_key,
        deck_title=title,
        problems=problems,
        formats=FORMATS,
        done=_done(),
    )
    failed = bool(problems or form.errors)
    return body, HTTPStatus.UNPROCESSABLE_ENTITY if failed else HTTPStatus.OK


def _done() -> tuple[int, int] | None:
    """Return how many facts the import before made and changed, as its redirect says."""
    new, changed = query().get("new", ""), query().get("changed", "")
    return (whole_number(new), whole_number(changed)) if new and changed else None


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
    try:
        done = importing.apply(db_session(), learner_id(), token, clock.now())
    except DeckChanged as changed:
        importing.look_again(db_session(), learner_id(), token)
        return _review(token, str(changed)), HTTPStatus.CONFLICT
    counts: dict[str, Any] = {"new": done.report.new, "changed": done.report.changed}
    return redirect(url_for(".page", deck_key=done.deck_key, **counts), HTTPStatus.SEE_OTHER)


@bp.post("/review/<token>/drop")
def drop(token: str) -> ResponseReturnValue:
    """Forget an uploaded file."""
    importing.drop(db_session(), learner_id(), token)
    return redirect(url_for(".start"), HTTPStatus.SEE_OTHER)


@bp.get("/<deck_key>/export/<file_format>")
def export(deck_key: str, file_format: str) -> ResponseReturnValue:
    """Send a deck as a file."""
    text = importing.export_text(db_session(), deck_key, file_format)
    name = "".join(char if char.isascii() and char.isalnum() else "-" for char in deck_key)
    answer = Response(text, mimetype=MIME[file_format])
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.{file_format}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
