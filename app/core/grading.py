"""`factdeck grade`: a JSON line with a value and a response in, a mark out.

A line may name the `language` that both are written in (a tag of BCP 47); without it that is
English.
"""

import json
from typing import Any

from app.core.errors import Refused
from app.core.marking import mark_value
from app.core.values import parse_value
from app.core.wording import ENGLISH


def grade_line(line: str) -> dict[str, Any]:
    """Return the mark of one line, or {"error": …} saying what is wrong with it; never raises."""
    try:
        raw = json.loads(line)
    except (ValueError, RecursionError):
        return {"error": "This line is not JSON."}
    if not isinstance(raw, dict) or not isinstance(raw.get("response"), str):
        return {"error": 'A line needs "value" and "response", the response as a text.'}
    language = raw.get("language", ENGLISH)
    if not isinstance(language, str):
        return {"error": 'The "language" is a tag such as "de".'}
    try:
        value = parse_value(raw.get("value"))
    except Refused as problem:
        return {"error": str(problem)}
    mark = mark_value(value, raw["response"], language=language)
    return {
        "correct": mark.correct,
        "credit": mark.credit,
        "verdict": str(mark.verdict),
        "why": mark.why,
    }
