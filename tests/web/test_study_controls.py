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


def test_answers_are_undone_one_after_another_from_the_question_that_is_open(
    submit: Submit, visit: Visit
) -> None:
    questions = []
    page, told = answered(submit, visit)
    session = visit(told).text.split('action="/study/')[1].split("/")[0]
    assert f"/study/{session}/undo" not in visit(page).text
    for _ in range(2):
        page = submit(told, f"/study/{session}/next").headers["Location"]
        assert f"/study/{session}/undo" in visit(page).text
        told = submit(page, page, **any_answer(visit(page).text)).headers["Location"]
        questions.append(page)
    page = told
    for _ in range(3):
        page = submit(page, f"/study/{session}/undo").headers["Location"]
        assert visit(page).status_code == 200
        assert page not in questions
        questions.append(page)
    assert len(set(questions)) == 5
    assert submit(page, f"/study/{session}/undo").status_code == 303
    assert visit("/planner/history").text.count("Undone") == 3


def test_study_settings_are_checked_kept_and_shown(submit: Submit, visit: Visit) -> None:
    answered(submit, visit)
    chosen = {
        "retention": "85",
        "new_per_day": "7",
        "reviews_per_day": "40",
        "maximum_interval_days": "400",
        "new_order": "mixed",
        "leech_lapses": "5",
        **dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), "100"),
        "saturday": "50",
        "sunday": "0",
    }
    page = "/planner/settings"
    refused = submit(page, page, **chosen | {"retention": "99"})
    assert refused.status_code == 422
    assert "Choose from 70 to 97." in refused.text
    assert 'value="99"' in refused.text
    closed = dict.fromkeys(chosen, "0") | {"new_order": "deck"}
    assert submit(page, page, **closed).status_code == 422
    assert submit(page, page, **chosen).status_code == 303
    kept = visit(page).text
    assert 'value="85"' in kept
    assert 'value="40"' in kept
    assert '<option selected value="mixed">' in kept


def test_a_deck_can_have_a_date_and_be_studied_ahead(submit: Submit, visit: Visit) -> None:
    answered(submit, visit)
    page = "/planner/decks/deepseek"
    assert submit(page, page, retention="60").status_code == 422
    gone = submit(page, page, retention="90", target="2001-02-03")
    assert gone.status_code == 422
    assert "That day has passed." in gone.text
    assert 'value="2001-02-03"' in gone.text
    saved = submit(page, page, retention="95", target="2031-05-06")
    told = visit(saved.headers["Location"]).text
    assert 'value="2031-05-06"' in told
    assert "No fact has to come back earlier for that day." in told
    assert "3 facts that would have faded by then come back" in visit(f"{page}?moved=3").text
    assert "No fact has" not in visit(page).text
    assert submit(page, page, retention="95", target="").headers["Location"] == "/decks/deepseek"
    assert submit(page, f"{page}/ahead", days="0").status_code == 422
    assert "/questions/" in submit(page, f"{page}/ahead", days="9").headers["Location"]
    assert visit("/planner/decks/nothing").status_code == 404


def test_a_fact_can_be_set_aside_from_its_question_and_taken_up_again(
    submit: Submit, visit: Visit
) -> None:
    question, _ = answered(submit, visit)
    del question
    begun = submit("/decks/deepseek", "/decks/deepseek/study").headers["Location"]
    address = re.search(r'action="(/planner/facts/\d+/)suspend"', visit(begun).text)
    assert address is not None
    following = submit(begun, address[1] + "suspend")
    assert following.status_code == 303
    assert following.headers["Location"] != begun
    assert visit(begun).status_code == 404
    assert "set aside by you" in visit("/planner/aside").text
    assert submit("/planner/aside", address[1] + "resume").status_code == 303
    assert "Nothing is set aside" in visit("/planner/aside").text
    assert submit("/planner/settings", address[1] + "explode").status_code == 404


def test_a_break_is_taken_and_ended(submit: Submit, visit: Visit) -> None:
    answered(submit, visit)
    assert submit("/planner/settings", "/planner/pause").status_code == 303
    assert "You are having a break" in visit("/study").text
    refused = submit("/decks/deepseek", "/decks/deepseek/study").headers["Location"]
    assert "You are having a break" in visit(refused).text
    back = submit("/planner/settings", "/planner/come-back").headers["Location"]
    assert "No fact had to be moved." in visit(back).text
    asked = submit("/planner/settings", "/planner/fit").headers["Location"]
    assert "It is being worked out." in visit(asked).text
    assert "You are having a break" not in visit("/study").text


def test_answers_of_the_past_can_be_undone_from_their_list(submit: Submit, visit: Visit) -> None:
    question, _ = answered(submit, visit)
    page = "/planner/history"
    assert f"{question}/undo" in visit(page).text
    assert submit(page, f"{question}/undo").status_code == 303
    assert "Count it again" in visit(page).text
    assert submit(page, f"{question}/as-marked").status_code == 303
    for wish in ("fit", "suggest", "usual", "move-all", "reschedule"):
        assert submit("/planner/settings", f"/planner/{wish}").status_code == 303
    assert visit("/planner/settings").status_code == 200
