"""Learners' side of reports: to report a question, and to read what became of it."""

from http import HTTPStatus

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.core.questions.question import Response
from app.services import answering, reports
from app.services.answering import ShownPage
from app.web.answers import answer_form
from app.web.current import db_session, learner_id
from app.web.reporting.forms import ReportForm
from app.web.security import limiter
from app.web.words import REPORT_STATES

bp = Blueprint("reporting", __name__)


@bp.get("/questions/<token>/report")
def question(token: str) -> ResponseReturnValue:
    """Show the form by itself, for who comes without it."""
    shown = answering.shown(db_session(), learner_id(), token)
    return render_template("reporting/question.html", shown=shown, form=ReportForm())


@bp.post("/questions/<token>/report")
@limiter.limit("30 per 10 minutes")
def send(token: str) -> ResponseReturnValue:
    """Take a report, with what stands in the answer's form, and lead back to the question."""
    shown = answering.shown(db_session(), learner_id(), token)
    form = ReportForm()
    if not form.validate_on_submit():
        page = render_template("reporting/question.html", shown=shown, form=form)
        return page, HTTPStatus.UNPROCESSABLE_ENTITY
    complaint = form.complaint(None if shown.answered else _draft(shown))
    reports.send(db_session(), learner_id(), token, complaint, clock.now())
    page = "answering.feedback" if shown.answered else "answering.question"
    return redirect(url_for(page, token=token, reported="yes"), HTTPStatus.SEE_OTHER)


def _draft(shown: ShownPage) -> Response | None:
    """Return what was typed or picked so far, where it could be an answer."""
    form = answer_form(shown.question)
    return form.answered() if form.validate() else None


@bp.get("/my-reports")
def own() -> ResponseReturnValue:
    """List the learner's own reports with the replies."""
    found = reports.own(db_session(), learner_id())
    return render_template("reporting/own.html", reports=found, states=REPORT_STATES)
