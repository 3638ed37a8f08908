"""What learners decide about their own study: amendments, settings, facts held back."""

import html
import re
from collections.abc import Callable

from werkzeug.test import TestResponse

Visit = Callable[[str], TestResponse]
Submit = Callable[..., TestResponse]


def any_answer(page: str) -> dict[str, str]:
    """A response of the right shape to whatever question the page shows."""
    found = re.search(r'type="(?:radio|checkbox)"[^>]*value="([^"]+)"', page)
    if found:
        return {"answer": html.unescape(found[1])}
    selects = re.findall(r'<select[^>]*name="([^"]+)".*?</select>', page, re.DOTALL)
    parts = re.findall(r"<select.*?</select>", page, re.DOTALL)
    if not selects:
        return {"answer": "qqqq"}
    return {
        name: html.unescape(re.findall(r'<option[^>]*value="([^"]+)"', part)[at])
        for at, (name, part) in enumerate(zip(selects, parts, strict=True))
    }


def answered(submit: Submit, visit: Visit, deck: str = "deepseek") -> tuple[str, str]:
    """Begin to study and answer; return the addresses of the question and of what is told."""
    question = submit(f"/decks/{deck}", f"/decks/{deck}/study").headers["Location"]
    told = submit(question, question, **any_answer(visit(question).text))
    assert told.status_code == 303
    return question, told.headers["Location"]


def test_an_answer_can_be_undone_overruled_and_taken_back(submit: Submit, visit: Visit) -> None:
    question, told = answered(submit, visit)
    assert f"{question}/undo" in visit(told).text
    again = submit(told, f"{question}/undo").headers["Location"]
    assert again != question
    assert visit(again).status_code == 200
    assert submit(told, f"{question}/undo").headers["Location"] == again
    assert "<h1>Undone</h1>" in visit(told).text
    assert submit(told, f"{question}/as-marked").status_code == 303
    assert "<h1>Undone</h1>" not in visit(told).text
    assert submit(told, f"{question}/right").status_code == 303
    assert "You said that you were right." in visit(told).text
    assert submit(told, f"{question}/guessed").status_code == 303
    assert "You said that you only guessed." in visit(told).text
