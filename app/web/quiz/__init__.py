"""Quiz sessions: going on, and the result."""

from http import HTTPStatus

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.services import quiz
from app.services.quiz_entries import QuizClosed
from app.web.current import db_session, learner_id

bp = Blueprint("quiz", __name__)


@bp.get("/quiz/<token>")
def current(token: str) -> ResponseReturnValue:
    """Say how far a quiz has come, with a button to go on; a finished one shows its result."""
    found = quiz.result(db_session(), learner_id(), token)
    if found.finished:
        return redirect(url_for(".result", token=token), HTTPStatus.SEE_OTHER)
    return render_template("quiz/current.html", result=found)


@bp.post("/quiz/<token>/next")
def following(token: str) -> ResponseReturnValue:
    """Go on; pressed twice it is the same question. One that has closed leads to its results."""
    try:
        question = quiz.next_question(db_session(), learner_id(), token, clock.now())
    except QuizClosed:
        closed = quiz.result(db_session(), learner_id(), token).shared_quiz_id
        return redirect(url_for("sharing.results", quiz_id=closed), HTTPStatus.SEE_OTHER)
    if question is None:
        return redirect(url_for(".result", token=token), HTTPStatus.SEE_OTHER)
    return redirect(url_for("answering.question", token=question), HTTPStatus.SEE_OTHER)


@bp.get("/quiz/<token>/result")
def result(token: str) -> ResponseReturnValue:
    """Show score, time, and every question with both answers."""
    found = quiz.result(db_session(), learner_id(), token)
    return render_template("quiz/result.html", result=found)


@bp.post("/quiz/<token>/again")
def again(token: str) -> ResponseReturnValue:
    """Begin a quiz of the missed facts."""
    fresh = quiz.again(db_session(), learner_id(), token, clock.now())
    return following(fresh)
