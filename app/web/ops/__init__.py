"""For machines that look after the server: is it alive, is it ready, and how is it doing."""

import secrets
from http import HTTPStatus

from flask import Blueprint, Response, abort
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST
from sqlalchemy.exc import SQLAlchemyError

from app.services import watching
from app.web.current import bearer_token, db_session, instance, start_afresh
from app.web.ops.metrics import exposition

bp = Blueprint("ops", __name__)


@bp.get("/healthz")
def healthz() -> ResponseReturnValue:
    """Say that the process answers; asks nothing of the database."""
    return _plain("ok\n", HTTPStatus.OK)


@bp.get("/readyz")
def readyz() -> ResponseReturnValue:
    """Say whether the database answers and is of this version; nobody is told why not."""
    if watching.is_ready(instance().engine):
        return _plain("ready\n", HTTPStatus.OK)
    return _plain("not ready\n", HTTPStatus.SERVICE_UNAVAILABLE)


@bp.get("/metrics")
def metrics() -> ResponseReturnValue:
    """Give the metrics to whoever has the token; without a token set there are none to get."""
    wanted = instance().config.metrics_token
    if not wanted or not secrets.compare_digest(bearer_token().encode(), wanted.encode()):
        abort(HTTPStatus.NOT_FOUND)
    try:
        waiting = watching.waiting(db_session())
    except SQLAlchemyError:  # requests, and how many of them fail, are told all the same
        start_afresh()
        waiting = None
    return Response(exposition(waiting), content_type=CONTENT_TYPE_LATEST)


def _plain(text: str, status: HTTPStatus) -> ResponseReturnValue:
    return Response(text, status, content_type="text/plain; charset=utf-8")
