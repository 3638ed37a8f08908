"""Small things for templates: times in words, points, highlighted passages."""

import re
from datetime import UTC, date, datetime
from unicodedata import bidirectional

from flask import Flask, Response
from markupsafe import Markup

from app import clock
from app.core.differences import side_by_side
from app.core.languages import direction
from app.services import decks
from app.web.current import db_session, once_a_request
from app.web.language import gettext, ngettext, number, written_date
from app.web.words import named

MINUTE_S, HOUR_S, DAY_S = 60, 3600, 86_400
MONTH_DAYS, YEAR_DAYS = 30, 365
_SET_APART = re.compile("<bdi[^>]*>(.*?)</bdi>", re.DOTALL)


def install_filters(app: Flask) -> None:
    """Make the filters known to the templates."""
    app.template_filter("from_now")(from_now)
    app.template_filter("on_date")(on_date)
    app.template_filter("points")(points)
    app.template_filter("days")(days)
    app.template_filter("span_s")(span_s)
    app.template_filter("at_time")(at_time)
    app.template_filter("word_diff")(side_by_side)
    app.template_filter("named")(named)
    app.template_filter("apart")(apart)
    app.template_filter("in_a_line")(in_a_line)
    app.jinja_env.globals |= {
        "written_in": written_in,
        "of_deck": of_deck,
        "deck_language": deck_language,
        "typed_in": typed_in,
    }


def written_in(language: str) -> Markup:
    """Return the attributes of an element whose words are a deck's: their language, their side."""
    return Markup(' lang="{}" dir="{}"').format(language, direction(language))


def of_deck(deck_key: str) -> Markup:
    """Return the attributes of an element whose words are a deck's."""
    return written_in(deck_language(deck_key))


def deck_language(deck_key: str) -> str:
    """Return a deck's language (BCP 47), which is read once a page."""

    def spoken() -> str:
        return decks.language_of(db_session(), deck_key)

    return once_a_request(f"language of {deck_key}", spoken, "en")


def typed_in(language: str) -> dict[str, str]:
    """Return the attributes of a field whose words are a deck's; none where they are ours."""
    return {"lang": language, "dir": direction(language)} if language else {}


def sent_picture(data: bytes, media_type: str, caching: str) -> Response:
    """Return a picture of a stranger: as nothing but a picture, to our own pages alone."""
    answer = Response(data, mimetype=media_type)
    answer.headers["Cache-Control"] = caching
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    answer.headers["Content-Disposition"] = "inline"
    return answer


def apart(text: str, spoken: Markup | str = "") -> Markup:
    """Return a name inside a sentence of ours so that its direction moves nothing around it.

    `spoken` are the attributes that say its language: `written_in`.
    """
    return Markup("<bdi{}>{}</bdi>").format(spoken, text)


def in_a_line(title: str) -> Markup:
    """Return a title, which has no elements, with the names in it kept apart by characters.

    Unicode's isolates (FSI, PDI) stand around names from right to left alone: what everybody
    else bookmarks stays as it is typed.
    """
    return Markup(_SET_APART.sub(_isolated, title))  # noqa: S704 a block of ours, escaped already


def _isolated(found: re.Match[str]) -> str:
    sides = {bidirectional(letter) for letter in found[1]}
    return f"\u2068{found[1]}\u2069" if sides & {"R", "AL"} else found[1]


def from_now(at_epoch_s: int | None) -> str:
    """Return "in 3 days" or "now"."""
    if at_epoch_s is None:
        return gettext("not yet planned")
    left = at_epoch_s - clock.now()
    if left < MINUTE_S:
        return gettext("now")
    if left < HOUR_S:
        return ngettext("in %(num)s minute", "in %(num)s minutes", round(left / MINUTE_S))
    if left < DAY_S:
        return ngettext("in %(num)s hour", "in %(num)s hours", max(1, round(left / HOUR_S)))
    return _in_days(round(left / DAY_S))


def _in_days(left: int) -> str:
    if left > YEAR_DAYS:
        return gettext("in %(number)s years", number=number(left / YEAR_DAYS, 1))
    if left > 2 * MONTH_DAYS:
        return ngettext("in %(num)s month", "in %(num)s months", round(left / MONTH_DAYS))
    return ngettext("in %(num)s day", "in %(num)s days", left)


def on_date(at_epoch_s: int | None) -> str:
    """Return 3 February 2026."""
    if at_epoch_s is None:
        return ""
    return written_date(datetime.fromtimestamp(at_epoch_s, UTC).date())


def at_time(at_epoch_s: int) -> str:
    """Return 3 February 2026 at 14:05 UTC."""
    moment = datetime.fromtimestamp(at_epoch_s, UTC)
    written = written_date(moment.date())
    return gettext("%(date)s at %(time)s UTC", date=written, time=f"{moment:%H:%M}")


def short_day(day: int) -> str:
    """Return a day, a proleptic ordinal, as "23 Nov"."""
    pattern = once_a_request("short_day", lambda: gettext("d MMM"), "d MMM")
    return written_date(date.fromordinal(day), pattern)


def days(stability_days: float) -> str:
    """Return "2.3 days" or "45 days", and "under 0.1 days" for what fades within hours."""
    few, least = 10, 0.1
    if stability_days < least:
        return gettext("under %(number)s days", number=number(least, 1))
    shown = number(stability_days, 1 if stability_days < few else 0)
    return gettext("%(number)s days", number=shown)


def points(earned: float) -> str:
    """Return "1 point" or "2.5 points"."""
    tenths = round(earned, 1)
    shown = number(tenths, 0 if tenths == int(tenths) else 1)
    several = 1 if tenths == 1 else 2
    return ngettext("%(shown)s point", "%(shown)s points", several, shown=shown)


def span_s(seconds: int) -> str:
    """Return "2 min 5 s"."""
    minutes, rest = divmod(max(0, seconds), MINUTE_S)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
