"""The JSON API, version 1: the same services as the pages, for programs with a token."""

from flask import jsonify, render_template
from flask.typing import ResponseReturnValue

from app.web.api import curating, imports, learning, reading, sharing
from app.web.api.base import bp, document

__all__ = ["bp", "curating", "imports", "learning", "reading", "sharing"]


@bp.get("/openapi.json")
def openapi() -> ResponseReturnValue:
    """Describe the API for machines."""
    return jsonify(document())


@bp.get("/")
def reference() -> str:
    """Describe the API for people, from the same text."""
    return render_template("api/reference.html", document=document())
