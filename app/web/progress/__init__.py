"""Schedule, facts' stories, progress, score and leaderboard."""

from datetime import date

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from app import clock
from app.core.retention import Period
from app.services import decks, fact_story, insights, progress
from app.services.insights import Insights
from app.services.reminders import month_of
from app.services.schedule import schedule_page
from app.web.current import db_session, learner_id, person, query
from app.web.fields import choices, deck_titles
from app.web.language import written_date
from app.web.pages import short_day
from app.web.progress.chart import Bar, Columns, Trend, columns, dots, heatmaps, line, trend
from app.web.progress.forms import ScheduleForm

bp = Blueprint("progress", __name__)
SPANS = (30, 90, 365)
WEEK = 7
PERIODS = {Period.DAY: _("By day"), Period.WEEK: _("By week"), Period.MONTH: _("By month")}


@bp.get("/schedule")
def schedule() -> ResponseReturnValue:
    """Show a page of facts with their memory in plain words."""
    form = ScheduleForm(query())
    cards = decks.deck_list(db_session())
    form.deck.choices = choices([("", _("every deck"))]) + deck_titles(cards)
    wanted = form.wanted()
    page = schedule_page(db_session(), learner_id(), wanted, clock.now())
    return render_template("progress/schedule.html", page=page, form=form, wanted=wanted)


@bp.get("/schedule/facts/<int:fact_id>")
def story(fact_id: int) -> ResponseReturnValue:
    """Show everything that one did with a fact, and how its recall rose and fell."""
    told = fact_story.fact_story(db_session(), learner_id(), fact_id, clock.now())
    points = [point for arc in told.arcs for point in arc.points]
    box = (points[0][0], points[-1][0], 0.0, 1.0) if points else (0, 1, 0.0, 1.0)

    def across(at_epoch_s: int) -> float:
        return float(line([(at_epoch_s, 0)], box).split(",")[0])

    return render_template(
        "progress/story.html",
        story=told,
        curve=line(points, box),
        across=across,
        wish=round(140 - 140 * told.desired_retention, 1),
        span=box[:2],
    )


@bp.get("/schedule/month")
def month() -> ResponseReturnValue:
    """Show a month: what was answered and what falls due."""
    today = progress.today_of(db_session(), learner_id(), clock.now())
    first = month_of(query().get("month", ""), date.fromordinal(today))
    days = insights.month(db_session(), learner_id(), first, clock.now())
    following = date.fromordinal(days[-1].day + 1)
    before = date.fromordinal(first.toordinal() - 1)
    padded = [*([None] * first.weekday()), *days]
    weeks = [padded[at : at + WEEK] for at in range(0, len(padded), WEEK)]
    return render_template(
        "progress/month.html",
        first=written_date(first, "MMMM y"),
        weeks=weeks,
        before=f"{before:%Y-%m}",
        following=f"{following:%Y-%m}",
        today=today,
        idle=not any(one.due or one.reviews for one in days),
        date_of=date.fromordinal,
    )


@bp.get("/progress")
def whole() -> ResponseReturnValue:
    """Show everything about one's memory, with definitions."""
    told = insights.insights(db_session(), learner_id(), clock.now())
    asked, by = query().get("span", ""), query().get("by", "")
    span = int(asked) if asked in {str(one) for one in SPANS} else SPANS[0]
    period = Period(by) if by in set(Period) else Period.WEEK
    bins = told.calibration.bins if told.calibration else ()
    known_most = max((one.facts for one in told.known), default=0.0)
    ends = (told.known[0].day, told.known[-1].day) if told.known else (0, 1)
    return render_template(
        "progress/whole.html",
        told=told,
        span=span,
        spans=SPANS,
        forecast=_forecast(told, span),
        period=period,
        period_names=PERIODS,
        periods=tuple(Period),
        retained=_retained(told, period),
        points=columns([Bar(short_day(one.day), round(one.points, 1)) for one in told.days[-30:]]),
        year=heatmaps([(one.day, one.reviews, short_day(one.day)) for one in told.days]),
        dots=dots([(one.predicted, one.actual, one.count) for one in bins]),
        known=line([(one.day, one.facts) for one in told.known], (*ends, 0.0, known_most)),
        known_most=known_most,
        day_label=short_day,
        month_of=lambda day: written_date(date.fromordinal(day), "LLLL y"),
    )


def _retained(told: Insights, period: Period) -> Trend:
    rows = told.retention.series[period]
    young = [one.young_passed / one.young if one.young else None for one in rows]
    mature = [one.mature_passed / one.mature if one.mature else None for one in rows]
    return trend((mature, young), told.desired_retention)


def _forecast(told: Insights, span: int) -> Columns:
    step = 1 if span <= 90 else WEEK  # noqa: PLR2004 a year by weeks
    bars = []
    for at in range(0, span - step + 1, step):
        days = told.forecast[at : at + step]
        parts = (
            sum(day.known for day in days),
            sum(day.from_new for day in days),
            sum(day.new for day in days),
        )
        bars.append(Bar(short_day(told.today + at), sum(parts), parts))
    return columns(bars)


@bp.get("/score")
def score() -> ResponseReturnValue:
    """Show the score with its history."""
    days = progress.score_history(db_session(), learner_id(), clock.now())
    return render_template(
        "progress/score.html",
        totals=progress.totals(db_session(), learner_id(), clock.now()),
        chart=columns([Bar(short_day(day.day), day.points) for day in days]),
    )


@bp.get("/leaderboard")
def leaderboard() -> ResponseReturnValue:
    """Show those who chose to be seen."""
    who = person()
    rows = progress.leaderboard(db_session(), who.id if who else None)
    return render_template("progress/leaderboard.html", rows=rows)
