"""HTTP: blueprints, errors, security, put together."""

from collections.abc import Callable
from typing import Any

from flask import Flask
from flask_bootstrap import Bootstrap5
from flask_compress import Compress
from werkzeug.routing import IntegerConverter, Map

from app.web import (
    accounts,
    answering,
    api,
    assets,
    bulk,
    candidates,
    decks,
    embed,
    entities,
    errors,
    facts,
    history,
    home,
    language,
    news,
    offline,
    ops,
    people,
    planner,
    progress,
    quiz,
    relations,
    reminders,
    reporting,
    reports,
    security,
    sharing,
    sources,
    statistics,
    study,
    takeout,
    tokens,
    transfer,
)
from app.web.current import close_session, keep_alive, note_route, shown_to_all
from app.web.pages import install_filters
from app.web.templating import Pages


class RowNumber(IntegerConverter):
    """A row's number in an address: what no database can hold is simply not found."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, min=1, max=2**63 - 1)


AREAS = (
    home,
    quiz,
    study,
    answering,
    progress,
    reminders,
    accounts,
    facts,
    sources,
    candidates,
    decks,
    people,
    planner,
    news,
    history,
    entities,
    relations,
    bulk,
    sharing,
    embed,
    transfer,
    takeout,
    tokens,
    api,
    reporting,
    reports,
    statistics,
    offline,
    ops,
)


def _as_it_is(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a view or hook as Flask shall call it: none of ours is asynchronous."""
    return function


def install_web(app: Flask) -> None:
    """Register everything that answers requests."""
    app.url_map.converters["int"] = RowNumber
    app.jinja_environment = Pages
    app.ensure_sync = _as_it_is  # type: ignore[method-assign,assignment]  # Flask's way asks each time
    app.before_request(note_route)
    Bootstrap5(app)
    Compress(app)
    assets.install(app)
    security.install(app)
    language.install(app)
    errors.install(app)
    install_filters(app)
    security.csrf.exempt(api.bp)  # bearer tokens alone: no cookie that another site could use
    security.csrf.exempt(embed.bp)  # who takes part is said by the address: no cookie is read
    for area in AREAS:
        app.register_blueprint(area.bp)
    for part in (
        accounts.joining,
        accounts.resetting,
        accounts.second_step,
        accounts.passkeys,
        sharing.sites,
    ):
        app.register_blueprint(part.bp)
    app.after_request(keep_alive)
    app.teardown_appcontext(close_session)
    app.context_processor(shown_to_all)
