"""Schedule, score and leaderboard."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from wtforms import Form, SelectField

from app import clock
from app.services import decks, progress
from app.web.current import db_session, learner_id, person, query
from app.web.fields import choices
from app.web.progress.chart import Bar, bars

bp = Blueprint("progress", __name__)


class DeckForm(Form):
    """Whose facts to show; it changes nothing, so it needs no token."""

    deck = SelectField("Show")


@bp.get("/schedule")
def schedule() -> ResponseReturnValue:
    """Show every fact with its memory in plain words, and a forecast."""
    form = DeckForm(query())
    cards = decks.deck_list(db_session())
    form.deck.choices = choices([("", "what I have studied"), *((c.key, c.title) for c in cards)])
    wanted = form.deck.data if form.deck.data in {card.key for card in cards} else None
    facts = progress.schedule(db_session(), learner_id(), clock.now(), wanted)
    forecast = progress.forecast(db_session(), learner_id(), clock.now())
    return render_template(
        "progress/schedule.html",
        facts=facts,
        form=form,
        wanted=wanted,
        chart=bars([Bar(day.label, day.due) for day in forecast]),
    )


@bp.get("/score")
def score() -> ResponseReturnValue:
    """Show the score with its history."""
    days = progress.score_history(db_session(), learner_id(), clock.now())
    return render_template(
        "progress/score.html",
        totals=progress.totals(db_session(), learner_id(), clock.now()),
        days=days,
        chart=bars([Bar(day.label, day.points) for day in days]),
    )


@bp.get("/leaderboard")
def leaderboard() -> ResponseReturnValue:
    """Show those who chose to be seen."""
    who = person()
    rows = progress.leaderboard(db_session(), who.id if who else None)
    return render_template("progress/leaderboard.html", rows=rows)
