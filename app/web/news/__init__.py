"""News: what a learner is told once, such as a fact that was corrected."""

from http import HTTPStatus

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.services import notices
from app.web.base import EmptyForm
from app.web.current import db_session, learner_id

bp = Blueprint("news", __name__, url_prefix="/news")


@bp.get("/")
def listing() -> ResponseReturnValue:
    """List the learner's notices, newest first."""
    found = notices.news(db_session(), learner_id())
    return render_template("news/list.html", news=found, form=EmptyForm())


@bp.post("/read")
def read() -> ResponseReturnValue:
    """Note that everything has been read."""
    notices.mark_seen(db_session(), learner_id(), clock.now())
    return redirect(url_for(".listing"), HTTPStatus.SEE_OTHER)
