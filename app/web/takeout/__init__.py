"""What learners take with them: a deck for Anki or on paper, their own reviews and schedule."""

from contextlib import ExitStack
from http import HTTPStatus
from tempfile import SpooledTemporaryFile

from flask import Blueprint, Response, render_template, send_file, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.interchange.printing import Styling
from app.services import decks, exporting, own_tables
from app.web.current import db_session, learner_id, person, query
from app.web.language import language
from app.web.takeout.forms import PaperForm

bp = Blueprint("takeout", __name__, url_prefix="/take")
IN_MEMORY = 2_000_000
"""Bytes of a table that needs no file before it is sent."""
MIME = {"csv": "text/csv", "xlsx": exporting.EXCEL}


@bp.get("/<deck_key>")
def page(deck_key: str) -> str:
    """Show what can be taken of a deck."""
    deck = decks.deck_card(db_session(), deck_key)
    return render_template(
        "takeout/page.html", deck=deck, form=PaperForm(query()), is_known=person()
    )


@bp.get("/<deck_key>/anki")
def anki(deck_key: str) -> Response:
    """Send a deck as an Anki package, without anybody's schedule."""
    learner_id()
    data = exporting.export_file(db_session(), deck_key, "apkg", clock.now())
    return _attached(data, "application/octet-stream", f"{deck_key}.apkg")


@bp.get("/<deck_key>/my-anki")
def my_anki(deck_key: str) -> Response:
    """Send a deck as an Anki package with the learner's own schedule."""
    data = exporting.my_apkg(db_session(), learner_id(), deck_key, clock.now())
    return _attached(data, "application/octet-stream", f"{deck_key}.apkg")


@bp.get("/<deck_key>/quiz")
def quiz(deck_key: str) -> ResponseReturnValue:
    """Show a quiz made for paper, or what is amiss with what was asked for."""
    form = PaperForm(query())
    deck = decks.deck_card(db_session(), deck_key)
    if not form.validate():
        return _page(deck, form), HTTPStatus.UNPROCESSABLE_ENTITY
    count, seed = form.count.data or 20, form.seed.data or 0
    return exporting.quiz_page(db_session(), deck_key, _styling(), (count, seed))


@bp.get("/<deck_key>/cards")
def cards(deck_key: str) -> str:
    """Show a deck's flashcards, to print and cut out."""
    return exporting.cards_page(db_session(), deck_key, _styling())


@bp.get("/my/<what>.<suffix>")
def table(what: str, suffix: str) -> Response:
    """Send the learner's own reviews or schedule as a table."""
    name = f"{what}.{suffix}"
    with ExitStack() as opened:
        file = opened.enter_context(SpooledTemporaryFile(max_size=IN_MEMORY))
        own_tables.write_own_table(db_session(), learner_id(), (what, suffix), clock.now(), file)
        is_small = file.tell() <= IN_MEMORY
        file.seek(0)
        if is_small:
            return _attached(file.read(), MIME[suffix], name)
        opened.pop_all()  # the server closes it once it is sent
    answer = send_file(file, MIME[suffix], as_attachment=True, download_name=name)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _page(deck: decks.DeckCard, form: PaperForm) -> str:
    return render_template("takeout/page.html", deck=deck, form=form, is_known=person())


def _styling() -> Styling:
    return Styling(link=url_for("static", filename="css/print.css"), reader=language())


def _attached(data: bytes, media_type: str, name: str) -> Response:
    plain = "".join(
        char if char.isascii() and (char.isalnum() or char == ".") else "-" for char in name
    )
    answer = Response(data, mimetype=media_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{plain}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
