"""HTTP: blueprints, errors, security, put together."""

from flask import Flask
from flask_bootstrap import Bootstrap5
from flask_compress import Compress

from app.web import (
    accounts,
    answering,
    errors,
    facts,
    home,
    people,
    progress,
    quiz,
    security,
    study,
)
from app.web.current import close_session, shown_to_all
from app.web.pages import install_filters

AREAS = (home, quiz, study, answering, progress, accounts, facts, people)


def install_web(app: Flask) -> None:
    """Register everything that answers requests."""
    Bootstrap5(app)
    Compress(app)
    security.install(app)
    errors.install(app)
    install_filters(app)
    for area in AREAS:
        app.register_blueprint(area.bp)
    app.teardown_appcontext(close_session)
    app.context_processor(shown_to_all)
