"""Factdeck as an app of the device: its manifest and service worker, and study without a network.

The page is the same for everybody and holds nothing of anybody; what belongs to a learner comes
as JSON and lies in the device's own database (`static/js/offline`).
"""

from http import HTTPStatus
from typing import Any, cast

from flask import Blueprint, Response, current_app, jsonify, render_template, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.core.languages import direction
from app.core.questions import QuestionType
from app.services import answering, offline
from app.services.answering import LateAnswer
from app.services.offline import TakenAlong
from app.web.answers import answer_form
from app.web.current import db_session, learner_id, learner_mark, person
from app.web.forgery import form_token
from app.web.language import language, said
from app.web.observing import answers
from app.web.offline import shell
from app.web.offline.forms import GivenForm, HeldForm

bp = Blueprint("offline", __name__)


@bp.get("/offline")
def page() -> ResponseReturnValue:
    """Show the page that asks a device's own questions: the same for everybody."""
    return render_template("offline/page.html")


@bp.get("/service-worker.js")
def service_worker() -> ResponseReturnValue:
    """Give the service worker, which changes whenever anything in the shell does."""
    body = shell.worker(_by_content(), render_template("offline/page.html"), language())
    answer = Response(body, content_type="text/javascript; charset=utf-8")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@bp.get("/manifest.webmanifest")
def manifest() -> ResponseReturnValue:
    """Say how Factdeck is installed."""
    answer = jsonify(shell.manifest(_by_content()))
    answer.mimetype = "application/manifest+json"
    answer.headers["Cache-Control"] = "public, max-age=3600"
    return answer


@bp.get("/offline/state")
def state() -> ResponseReturnValue:
    """Tell a device whose it is, what the time is, and the token for its forms."""
    return _told({"learner": learner_mark(), "now": clock.now(), "csrf": form_token()})


@bp.post("/offline/pack")
def pack() -> ResponseReturnValue:
    """Give a device the questions that it should hold."""
    form = HeldForm()
    if person() is None:
        return _told({}, HTTPStatus.UNAUTHORIZED)
    if not form.validate_on_submit():
        return _told({}, HTTPStatus.UNPROCESSABLE_ENTITY)
    now = clock.now()
    made = offline.pack(db_session(), learner_id(), form.tokens, now)
    return _told(
        {
            "learner": learner_mark(),
            "now": now,
            "order": list(made.order),
            "questions": [_question(one) for one in made.questions],
        }
    )


@bp.post("/offline/answers/<token>")
def answer(token: str) -> ResponseReturnValue:
    """Take an answer that was given without a network; sent twice, it counts once."""
    if person() is None:
        return _told({}, HTTPStatus.UNAUTHORIZED)
    shown = answering.shown(db_session(), learner_id(), token)
    given, when = answer_form(shown.question), GivenForm()
    if not (given.validate_on_submit() and when.validate_on_submit()):
        return _told({}, HTTPStatus.UNPROCESSABLE_ENTITY)
    late = LateAnswer(given.answered(), when.at_epoch_s, given.took_ms)
    came = offline.answer(db_session(), learner_id(), token, late, clock.now())
    if came.counted:
        answers.labels(str(shown.question.type), came.verdict).inc()
    return _told(
        {
            "credit": came.credit,
            "deck": shown.deck_title,
            "feedback": url_for("answering.feedback", token=came.token),
        }
    )


def _question(taken: TakenAlong) -> dict[str, Any]:
    """Return a question as it is shown, without its key.

    A flashcard has its back with it, as its page has: learners rate themselves, for no points.
    """
    asked = taken.question
    is_card = asked.type is QuestionType.FLASHCARD
    return {
        "token": taken.token,
        "fact": taken.fact_id,
        "deck": taken.deck_title,
        "lang": taken.language,
        "dir": direction(taken.language),
        "due": taken.due_epoch_s,
        "type": str(asked.type),
        "stem": asked.stem,
        "pictures": [
            {"src": url_for("home.picture", deck_key=taken.deck_key, name=one.name), "alt": one.alt}
            for one in asked.asked_with
        ],
        "options": list(asked.options),
        "prompts": list(asked.prompts),
        "hint": said(asked.hint),
        "stance": str(asked.stance),
        "according_to": asked.according_to,
        "back": list(asked.keys) if is_card else [],
    }


def _told(content: dict[str, Any], status: int = HTTPStatus.OK) -> ResponseReturnValue:
    """Answer a device, and nobody else: what is told to one learner is kept nowhere."""
    answer = jsonify(content)
    answer.status_code = status
    answer.headers["Cache-Control"] = "no-store"
    answer.vary.add("Cookie")
    return answer


def _by_content() -> shell.UrlFor:
    """Return the templates' own `url_for`: addresses of files name their content."""
    return cast("shell.UrlFor", current_app.jinja_env.globals["url_for"])
