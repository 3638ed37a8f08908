"""Study sessions: today, going on, and the end."""

from http import HTTPStatus

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.services import amendments, decks, insights, study
from app.web.current import db_session, learner_id, person

bp = Blueprint("study", __name__)


@bp.get("/study")
def today() -> ResponseReturnValue:
    """Show what is due today, deck by deck."""
    who = person()
    cards = decks.deck_list(db_session())
    days = study.today_by_deck(db_session(), who.id, clock.now()) if who else {}
    whole = study.today(db_session(), who.id, None, clock.now()) if who else None
    glance = None
    if who and whole:
        asked = whole.due + whole.later_today
        glance = insights.glance(db_session(), who.id, asked, whole.new_left, clock.now())
    return render_template("study/today.html", decks=cards, days=days, whole=whole, glance=glance)


@bp.post("/study/<token>/next")
def following(token: str) -> ResponseReturnValue:
    """Show the next question; pressed twice it is the same one."""
    question = study.next_question(db_session(), learner_id(), token, clock.now())
    if question is None:
        return redirect(url_for(".done", token=token), HTTPStatus.SEE_OTHER)
    return redirect(url_for("answering.question", token=question), HTTPStatus.SEE_OTHER)


@bp.post("/study/<token>/undo")
def undo_last(token: str) -> ResponseReturnValue:
    """Undo the session's last answer that still counts, again and again back to the first."""
    again = amendments.undo_last(db_session(), learner_id(), token, clock.now())
    if again is None:
        return following(token)
    return redirect(url_for("answering.question", token=again), HTTPStatus.SEE_OTHER)


@bp.get("/study/<token>/done")
def done(token: str) -> ResponseReturnValue:
    """Show what the session brought."""
    summary = study.summary(db_session(), learner_id(), token)
    return render_template("study/done.html", summary=summary)
