"""The start page, and a deck's own."""

from http import HTTPStatus

from flask import Blueprint, Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from werkzeug.exceptions import BadRequest

from app import clock
from app.services import accounts, curating, decks, memory_map, pictures, quiz, sources, study
from app.services.memory_map import Level
from app.services.sessions import NothingToAsk
from app.web.base import EmptyForm
from app.web.current import choose_language, db_session, ensure_learner_id, learner_id, person
from app.web.home.forms import LanguageForm, QuizForm
from app.web.pages import sent_picture

bp = Blueprint("home", __name__)
LEVELS = {
    Level.STRONG: _("recall of 90 % or more"),
    Level.FADING: _("70 to 90 %"),
    Level.WEAK: _("40 to 70 %"),
    Level.LOST: _("under 40 %"),
    Level.NEW: _("not learned yet"),
}


@bp.get("/")
def start() -> ResponseReturnValue:
    """Show what this is, the decks, and quizzes left open."""
    who = person()
    return render_template(
        "home/start.html",
        decks=[one for one in decks.deck_list(db_session()) if one.facts],
        open_quizzes=quiz.resumable(db_session(), who.id, clock.now()) if who else [],
    )


@bp.get("/decks/<key>")
def deck(key: str) -> ResponseReturnValue:
    """Show a deck and how to begin."""
    return _deck_page(key, QuizForm())


def _deck_page(key: str, quiz_form: QuizForm) -> str:
    who = person()
    card = decks.deck_card(db_session(), key)
    today = study.today(db_session(), who.id, key, clock.now()) if who else None
    return render_template(
        "home/deck.html",
        deck=card,
        sources=sources.source_list(db_session(), key),
        quiz_form=quiz_form,
        today=today,
    )


@bp.post("/decks/<key>/quiz")
def start_quiz(key: str) -> ResponseReturnValue:
    """Begin a quiz session; somebody new becomes a guest."""
    quiz_form = QuizForm()
    if not quiz_form.validate_on_submit():
        return _deck_page(key, quiz_form), HTTPStatus.UNPROCESSABLE_ENTITY
    learner = ensure_learner_id()
    wanted = quiz_form.wanted()
    token = quiz.start(db_session(), learner, key, wanted.count, wanted.types, clock.now())
    question = quiz.next_question(db_session(), learner, token, clock.now())
    return redirect(url_for("answering.question", token=question), HTTPStatus.SEE_OTHER)


@bp.post("/decks/<key>/study")
def start_study(key: str) -> ResponseReturnValue:
    """Begin a study session; guests may too."""
    learner = ensure_learner_id()
    token = study.start(db_session(), learner, key, clock.now())
    question = study.next_question(db_session(), learner, token, clock.now())
    if question is None:
        return redirect(url_for("study.done", token=token), HTTPStatus.SEE_OTHER)
    return redirect(url_for("answering.question", token=question), HTTPStatus.SEE_OTHER)


@bp.get("/sources/<deck_key>/<key>")
def source(deck_key: str, key: str) -> ResponseReturnValue:
    """Show an article with the passages that facts rest on, shaded by the reader's own recall."""
    return _source_page(deck_key, key)


def _source_page(deck_key: str, key: str, why_not: str = "") -> str:
    who = person()
    shown = memory_map.memory_map(db_session(), who.id if who else None, deck_key, key, clock.now())
    curates = who is not None and deck_key in curating.own_decks(db_session(), who)
    return render_template(
        "home/source.html", source=shown, levels=LEVELS, curates=curates, why_not=why_not
    )


@bp.post("/sources/<deck_key>/<key>/fading")
def study_fading(deck_key: str, key: str) -> ResponseReturnValue:
    """Study what is fading in an article."""
    if not EmptyForm().validate_on_submit():
        raise BadRequest
    learner = learner_id()
    try:
        token = memory_map.start_fading(db_session(), learner, deck_key, key, clock.now())
    except NothingToAsk as nothing:
        return _source_page(deck_key, key, str(nothing)), HTTPStatus.UNPROCESSABLE_ENTITY
    question = study.next_question(db_session(), learner, token, clock.now())
    if question is None:
        return redirect(url_for("study.done", token=token), HTTPStatus.SEE_OTHER)
    return redirect(url_for("answering.question", token=question), HTTPStatus.SEE_OTHER)


@bp.get("/pictures/<deck_key>/<name>")
def picture(deck_key: str, name: str) -> Response:
    """Send a picture of a deck; by its name it is the same for ever."""
    found = pictures.picture_of(db_session(), deck_key, name)
    return sent_picture(found.data, found.media_type, "public, max-age=31536000, immutable")


@bp.post("/language")
def speak() -> ResponseReturnValue:
    """Speak another language from now on, in this browser and wherever one signs in."""
    form = LanguageForm()
    if not form.validate_on_submit():
        raise BadRequest
    who, language = person(), str(form.language.data)
    if who:
        accounts.save_language(db_session(), who.id, language)
    choose_language(language)
    return redirect(form.page(), HTTPStatus.SEE_OTHER)
