"""A shown question, its answer and its feedback, in quiz and study sessions alike."""

from http import HTTPStatus

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.core.errors import NotFound, Refused
from app.models.failures import Busy, NotStored
from app.services import amendments, answering, rate_limits
from app.services.answering import ShownPage
from app.web.answers import AnswerForm, answer_form
from app.web.current import db_session, learner_id, start_afresh
from app.web.errors import not_now
from app.web.observing import answers

bp = Blueprint("answering", __name__)


@bp.get("/questions/<token>")
def question(token: str) -> ResponseReturnValue:
    """Show a question; one that has been answered shows its feedback."""
    shown = answering.shown(db_session(), learner_id(), token)
    if shown.answered:
        return redirect(url_for(".feedback", token=token), HTTPStatus.SEE_OTHER)
    return _page(shown, answer_form(shown.question))


@bp.post("/questions/<token>")
def answer(token: str) -> ResponseReturnValue:
    """Take an answer; sent twice, it counts once."""
    shown = answering.shown(db_session(), learner_id(), token)
    form = answer_form(shown.question)
    if not form.validate_on_submit():
        return _page(shown, form), HTTPStatus.UNPROCESSABLE_ENTITY
    given = form.answered()
    try:
        rate_limits.check_answers(db_session(), learner_id(), clock.now())
        mark = answering.take(db_session(), learner_id(), shown, given, clock.now(), form.took_ms)
    except (Busy, NotStored) as error:
        start_afresh()
        return not_now(_page(shown, form, not_stored=error), error)
    if mark is not None:
        answers.labels(str(shown.question.type), str(mark.verdict)).inc()
    return redirect(url_for(".feedback", token=token), HTTPStatus.SEE_OTHER)


@bp.get("/questions/<token>/feedback")
def feedback(token: str) -> ResponseReturnValue:
    """Show the mark, the right answer and the passage that proves it."""
    try:
        given = answering.feedback(db_session(), learner_id(), token)
    except NotFound:
        answering.shown(db_session(), learner_id(), token)
        return redirect(url_for(".question", token=token), HTTPStatus.SEE_OTHER)
    return render_template("answering/feedback.html", feedback=given)


@bp.post("/questions/<token>/undo")
def undo(token: str) -> ResponseReturnValue:
    """Undo this answer; the question comes again when it is from today."""
    again = amendments.undo(db_session(), learner_id(), token, clock.now())
    if again is None:
        return _told(token)
    return redirect(url_for(".question", token=again), HTTPStatus.SEE_OTHER)


@bp.post("/questions/<token>/right")
def right(token: str) -> ResponseReturnValue:
    """Overrule the marker."""
    amendments.i_was_right(db_session(), learner_id(), token, clock.now())
    return _told(token)


@bp.post("/questions/<token>/guessed")
def guessed(token: str) -> ResponseReturnValue:
    """Admit a lucky guess."""
    amendments.i_guessed(db_session(), learner_id(), token, clock.now())
    return _told(token)


@bp.post("/questions/<token>/as-marked")
def as_marked(token: str) -> ResponseReturnValue:
    """Take back what was said about the answer, or its undoing."""
    amendments.as_marked(db_session(), learner_id(), token, clock.now())
    return _told(token)


def _told(token: str) -> ResponseReturnValue:
    return redirect(url_for(".feedback", token=token), HTTPStatus.SEE_OTHER)


def _page(shown: ShownPage, form: AnswerForm, not_stored: Refused | None = None) -> str:
    return render_template(
        "answering/question.html", shown=shown, answer_form=form, not_stored=not_stored
    )
