"""Small things for templates: times in words, points, highlighted passages."""

from datetime import UTC, datetime

from flask import Flask
from markupsafe import Markup

from app import clock
from app.core.differences import side_by_side
from app.core.languages import direction

MINUTE_S, HOUR_S, DAY_S = 60, 3600, 86_400
MONTH_DAYS, YEAR_DAYS = 30, 365


def install_filters(app: Flask) -> None:
    """Make the filters known to the templates."""
    app.template_filter("from_now")(from_now)
    app.template_filter("on_date")(on_date)
    app.template_filter("points")(points)
    app.template_filter("days")(days)
    app.template_filter("span_s")(span_s)
    app.template_filter("at_time")(at_time)
    app.template_filter("word_diff")(side_by_side)
    app.template_filter("apart")(apart)
    app.jinja_env.globals["written_in"] = written_in


def written_in(language: str) -> Markup:
    """Return the attributes of an element whose words are a deck's: their language, their side."""
    return Markup(' lang="{}" dir="{}"').format(language, direction(language))


def apart(text: str) -> Markup:
    """Return a name inside a sentence of ours so that its direction moves nothing around it."""
    return Markup("<bdi>{}</bdi>").format(text)


def from_now(at_epoch_s: int | None) -> str:
    """Return "in 3 days" or "now"."""
    if at_epoch_s is None:
        return "not yet planned"
    left = at_epoch_s - clock.now()
    if left < MINUTE_S:
        return "now"
    if left < HOUR_S:
        return f"in {_count(round(left / MINUTE_S), 'minute')}"
    if left < DAY_S:
        return f"in {_count(max(1, round(left / HOUR_S)), 'hour')}"
    days = round(left / DAY_S)
    if days > YEAR_DAYS:
        return f"in {days / YEAR_DAYS:.1f} years"
    if days > 2 * MONTH_DAYS:
        return f"in {_count(round(days / MONTH_DAYS), 'month')}"
    return f"in {_count(days, 'day')}"


def on_date(at_epoch_s: int | None) -> str:
    """Return 3 February 2026."""
    if at_epoch_s is None:
        return ""
    moment = datetime.fromtimestamp(at_epoch_s, UTC)
    return f"{moment.day} {moment:%B %Y}"


def at_time(at_epoch_s: int) -> str:
    """Return 3 February 2026 at 14:05 UTC."""
    return f"{on_date(at_epoch_s)} at {datetime.fromtimestamp(at_epoch_s, UTC):%H:%M} UTC"


def days(stability_days: float) -> str:
    """Return "2.3 days" or "45 days"."""
    few = 10
    return f"{stability_days:.1f} days" if stability_days < few else f"{stability_days:.0f} days"


def points(number: float) -> str:
    """Return "1 point" or "2.5 points"."""
    text = f"{number:.1f}".removesuffix(".0")
    return f"{text} point" if text == "1" else f"{text} points"


def span_s(seconds: int) -> str:
    """Return "2 min 5 s"."""
    minutes, rest = divmod(max(0, seconds), MINUTE_S)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")
