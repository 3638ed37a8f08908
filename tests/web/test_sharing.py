"""Sharing a quiz by a link, and showing it in a page of another site."""

import html
import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app import clock
from app.core.errors import Refused
from app.core.questions import QuestionType
from app.core.questions.codec import load_question
from app.models.learning import ShownQuestion
from app.models.sharing import SharedQuiz
from app.services import accounts, sharing
from app.services.accounts import Person, PersonChange
from app.services.quiz import DEFAULT_TYPES
from app.services.sharing import Wanted

from .conftest import Submit, check_page, sign_in_as

Visit = Callable[[str], TestResponse]
DAY = 86_400
NAMED = "https://school.example"


@pytest.fixture
def owner(app: Flask, client: FlaskClient) -> Person:
    with Session(app.extensions["factdeck"].engine) as session:
        made = accounts.sign_up(session, None, "owner@b.example", "correct horse battery", 1)
        change = PersonChange(is_curator=True, is_admin=True, active=True)
        accounts.change_person(session, made.id, change)
        made = accounts.person_by_id(session, made.id)
    sign_in_as(client, made)
    return made


@pytest.fixture
def shared(app: Flask, owner: Person) -> tuple[int, str]:
    """The number and the secret of a quiz of two questions that may be shown on one site."""
    with Session(app.extensions["factdeck"].engine) as session:
        sharing.allow_origin(session, "deepseek", NAMED)
        wanted = Wanted("deepseek", "Friday", 2, (), clock.now() + DAY)
        return sharing.make(session, owner.id, wanted, clock.now())


def framers(page: TestResponse) -> str:
    return page.headers["Content-Security-Policy"].partition("frame-ancestors ")[2]


def test_a_quiz_is_shared_by_a_link_that_is_told_once(
    client: FlaskClient, owner: Person, submit: Submit, visit: Visit
) -> None:
    page = "/decks/deepseek/share"
    assert "Class 9b" in visit(page).text
    bad = submit(page, page, title="", count="0", closes="soon")
    assert bad.status_code == 422
    past = submit(page, page, title="T", count="2", closes="2020-01-01T10:00")
    assert "Let it close at a time to come" in past.text
    proposed = re.search(r'name="closes"[^>]*value="([^"]+)"', visit(page).text)
    assert proposed
    made = submit(page, page, title="Friday", count="2", closes=proposed[1])
    assert made.status_code == 201
    assert made.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert made.headers["Cache-Control"] == "no-store"
    address = re.search(r"<code[^>]*>http://localhost(/shared/with/[\w-]{43})</code>", made.text)
    results = re.search(r'href="(/shared/\d+)"', made.text)
    assert address
    assert results
    told = visit(results[1]).text
    assert "Nobody has taken part yet" in told
    assert address[1] not in told
    assert "Friday" in visit("/sharing").text
    sign_in_as(client, None)
    landing = visit(address[1])
    assert "A quiz of 2 questions" in landing.text
    assert landing.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert owner.is_curator


def test_a_guest_takes_part_and_is_compared(
    client: FlaskClient, shared: tuple[int, str], submit: Submit, visit: Visit
) -> None:
    sign_in_as(client, None)
    path = f"/shared/with/{shared[1]}"
    refused = submit(path, path, name="me@b.example")
    assert refused.status_code == 422
    assert "do not use your e-mail address" in refused.text
    for number in (1, 2):
        joined = submit(path, path, **({"name": "Anna"} if number == 1 else {}))  # then "Go on"
        assert joined.status_code == 303
        question = joined.headers["Location"]
        assert f"Question {number}" in visit(question).text
        right = answer_to(client.application, question)
        assert submit(question, question, **right).status_code == 303
    assert "See the result" in visit(f"{question}/feedback").text
    end = submit(path, path, name="Anna")
    board = visit(end.headers["Location"]).text
    assert "Anna" in board
    assert "owner@b.example" not in board
    assert "Remove" not in board
    assert "Everybody’s results" in visit(re.findall(r"/quiz/[\w-]+", board)[0] + "/result").text


def test_its_owner_removes_people_renews_the_link_and_closes(
    shared: tuple[int, str], submit: Submit, visit: Visit
) -> None:
    results, path = f"/shared/{shared[0]}", f"/shared/with/{shared[1]}"
    assert submit(path, path, name="Anna").status_code == 303
    remove = re.search(r'action="(/shared/\d+/people/\d+/remove)"', visit(results).text)
    assert remove
    assert submit(results, remove[1]).status_code == 303
    assert submit(results, remove[1]).status_code == 404
    assert "Anna" not in visit(results).text
    fresh = submit(results, f"{results}/address")
    assert "/shared/with/" in fresh.text
    assert f"src=&#34;http://localhost/embed/{shared[1]}" not in fresh.text
    assert NAMED in fresh.text
    assert visit(path).status_code == 404
    assert submit(results, f"{results}/close").status_code == 303
    assert "closed" in visit(results).text


def test_who_goes_on_after_it_has_closed_comes_to_the_results(
    client: FlaskClient, owner: Person, shared: tuple[int, str], submit: Submit, visit: Visit
) -> None:
    results, path = f"/shared/{shared[0]}", f"/shared/with/{shared[1]}"
    question = submit(path, path, name="Owner too").headers["Location"]
    assert submit(results, f"{results}/close").status_code == 303
    right = answer_to(client.application, question)
    assert submit(question, question, **right).status_code == 303  # it was shown in time
    following = re.search(r'action="(/quiz/[^"]+/next)"', visit(f"{question}/feedback").text)
    assert following
    over = submit(f"{question}/feedback", following[1])
    assert (over.status_code, over.headers["Location"]) == (303, results)
    assert "It closed before you had answered every question." in visit(results).text
    assert owner.is_curator


def answer_to(app: Flask, path: str) -> dict[str, str | list[str]]:
    """The right answer to a question, as its form sends it."""
    token = re.findall(r"questions/([\w-]+)", path)[0]
    with Session(app.extensions["factdeck"].engine) as session:
        row = session.query(ShownQuestion).filter_by(token=token).one()
        question = load_question(row.body)
    if question.prompts:
        return {f"answer-{at}": key for at, key in enumerate(question.keys)}
    if str(question.type) == "ordering":
        places = {option: str(at) for at, option in enumerate(question.keys, start=1)}
        return {f"answer-{at}": places[one] for at, one in enumerate(question.options)}
    if str(question.type) == "multiple_select":
        return {"answer": list(question.keys)}
    return {"answer": question.keys[0]}


@pytest.mark.parametrize("question_type", sorted(DEFAULT_TYPES))
def test_every_type_of_question_is_answered_in_a_frame(
    app: Flask, owner: Person, question_type: QuestionType
) -> None:
    with Session(app.extensions["factdeck"].engine) as session:
        sharing.allow_origin(session, "planets", NAMED)
        wanted = Wanted("planets", "One", 1, (question_type,), clock.now() + DAY)
        _, secret = sharing.make(session, owner.id, wanted, clock.now())
    browser = app.test_client(use_cookies=False)
    question = browser.post(f"/embed/{secret}", data={"name": "Anna"}).headers["Location"]
    asked = check_page(browser.get(question))
    assert f'data-type="{question_type}"' in asked.text
    assert 'name="answer' in asked.text
    assert browser.post(question, data=answer_to(app, question)).status_code == 303
    assert check_page(browser.get(f"{question}/feedback")).status_code == 200


def test_others_see_and_change_nothing_of_a_shared_quiz(
    app: Flask, client: FlaskClient, shared: tuple[int, str], submit: Submit, visit: Visit
) -> None:
    with Session(app.extensions["factdeck"].engine) as session:
        other = accounts.sign_up(session, None, "other@b.example", "correct horse battery", 1)
    sign_in_as(client, other)
    path = f"/shared/{shared[0]}"
    assert visit(path).status_code == 404
    for act in ("close", "address", f"people/{other.id}/remove"):
        assert submit("/settings", f"{path}/{act}").status_code == 404
    assert "Friday" not in visit("/sharing").text


def test_a_frame_shows_the_quiz_on_the_named_site_alone(
    client: FlaskClient, shared: tuple[int, str], visit: Visit
) -> None:
    """Signed in as its owner all the while: the frame must not know it."""
    path = f"/embed/{shared[1]}"
    start = visit(path)
    assert framers(start) == NAMED
    assert "Friday" in start.text
    assert "csrf_token" not in start.text
    assert "Settings" not in start.text
    assert framers(visit(f"/shared/with/{shared[1]}")) == "'none'"
    assert framers(visit("/embed/guessed")) == "'none'"
    assert client.post(path, data={"name": ""}).status_code == 422
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    assert client.post(path, data={"name": "A"}, headers=elsewhere).status_code == 403
    assert client.post(path, data={"name": "Anna"}).status_code == 303
    assert client.post(path, data={"name": "anna"}).status_code == 422


def test_a_quiz_is_answered_in_a_frame_without_cookies(
    app: Flask, shared: tuple[int, str], owner: Person
) -> None:
    browser = app.test_client(use_cookies=False)
    following = browser.post(f"/embed/{shared[1]}", data={"name": "Anna"})
    assert "Set-Cookie" not in following.headers
    for number in (1, 2):
        question = following.headers["Location"]
        asked = check_page(browser.get(question))
        assert (framers(asked), f"Question {number}" in asked.text) == (NAMED, True)
        assert browser.post(question, data={}).status_code == 422
        assert browser.post(question, data=answer_to(app, question)).status_code == 303
        assert "Right answer" in check_page(browser.get(f"{question}/feedback")).text
        seat = question.partition("/questions/")[0]
        following = browser.post(f"{seat}/next")
    assert following.headers["Location"] == seat
    results = check_page(browser.get(seat))
    assert framers(results) == NAMED
    assert "Anna" in results.text
    with Session(app.extensions["factdeck"].engine) as session:
        (one,) = sharing.board(session, owner.id, shared[0], clock.now()).standings
        assert (one.name, one.correct, one.user_id == owner.id) == ("Anna", 2, False)
        sharing.remove(session, owner.id, shared[0], one.user_id, clock.now())
    gone = check_page(browser.get(seat))
    assert gone.status_code == 403
    assert "taken you off its list" in html.unescape(gone.text)


def test_a_frame_says_what_came_after_the_end(app: Flask, shared: tuple[int, str]) -> None:
    """Closed in the middle of a question, then its site taken off: told, and not compared."""
    browser = app.test_client(use_cookies=False)
    question = browser.post(f"/embed/{shared[1]}", data={"name": "Anna"}).headers["Location"]
    with Session(app.extensions["factdeck"].engine) as session:
        row = session.get_one(SharedQuiz, shared[0])
        row.closes_epoch_s = clock.now() - 1
        session.commit()
    assert browser.post(question, data=answer_to(app, question)).status_code == 303
    seat = question.partition("/questions/")[0]
    over = browser.post(f"{seat}/next")
    assert over.headers["Location"] == seat
    told = check_page(browser.get(seat))
    assert "What you answered later is not compared." in told.text
    assert "0 of 2" in told.text
    with Session(app.extensions["factdeck"].engine) as session:
        sharing.forbid_origin(session, "deepseek", NAMED)
    assert framers(browser.get(seat)) == framers(browser.get(question)) == "'none'"


def test_a_seat_gives_no_right_to_anything_else(
    client: FlaskClient, shared: tuple[int, str], submit: Submit, visit: Visit
) -> None:
    """Neither another's question, nor a forged seat, nor a look at the account in the browser."""
    started = submit("/decks/deepseek", "/decks/deepseek/quiz", count="1")
    own = started.headers["Location"]
    joined = client.post(f"/embed/{shared[1]}", data={"name": "Anna"})
    seat = joined.headers["Location"].partition("/questions/")[0]
    assert visit(f"{seat}{own}").status_code == 404
    assert client.post(f"{seat}{own}", data={"answer": "x"}).status_code == 404
    forged = re.sub(r"as/\d+", "as/1", seat)
    for path in (forged, f"{forged}/next", "/embed/as/x", "/embed/as/1.1.é"):
        assert client.get(path).status_code in {404, 405}
    assert client.post(f"{forged}/next").status_code == 404


def test_no_page_but_the_frames_can_be_framed(
    app: Flask, client: FlaskClient, owner: Person
) -> None:
    from .test_defences import routes  # noqa: PLC0415 its fixtures are not wanted here

    assert owner.is_admin
    checked = 0
    for name, path in routes(app, "GET"):
        assert framers(client.get(path)) == "'none'", name
        checked += 1
    assert checked > 60


def test_a_frame_finds_its_seat_again_under_https(
    new_app: Callable[..., Flask], shared: tuple[int, str]
) -> None:
    secure = new_app(https=True)
    browser = secure.test_client()
    path = f"/embed/{shared[1]}"
    joined = browser.post(path, data={"name": "Anna"}, base_url="https://localhost")
    cookie = joined.headers["Set-Cookie"]
    for part in ("Partitioned", "SameSite=None", "Secure", "HttpOnly", f"Path={path}"):
        assert part in cookie
    again = browser.get(path, base_url="https://localhost")
    assert "Go on where you stopped" in check_page(again).text
    twice = browser.post(path, data={"name": "Berta"}, base_url="https://localhost")
    seat = joined.headers["Location"].partition("/questions/")[0]
    assert (twice.status_code, twice.headers["Location"]) == (303, seat)
    browser.set_cookie("factdeck_seat", "1.1.forged", domain="localhost", path=path)
    assert "Go on" not in browser.get(path, base_url="https://localhost").text


def test_the_sites_of_a_deck_are_its_curators_to_name(
    client: FlaskClient, owner: Person, submit: Submit, visit: Visit
) -> None:
    path = "/edit-decks/deck/deepseek/sites"
    for bad in ("", "*", "http://school.example", "https://school.example/x; script-src *"):
        assert submit(path, path, origin=bad).status_code == 422
    assert submit(path, path, origin="https://School.example/").status_code == 303
    assert f'value="{NAMED}"' in visit(path).text
    assert submit(path, f"{path}/remove", origin=NAMED).status_code == 303
    assert f'value="{NAMED}"' not in visit(path).text
    assert client.get("/edit-decks/deck/nowhere/sites").status_code == 404
    assert owner.is_curator


def test_what_is_refused_within_a_frame_leads_nowhere_else(
    client: FlaskClient, shared: tuple[int, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.services.rate_limits.GUESTS", 0)
    refused = check_page(client.post(f"/embed/{shared[1]}", data={"name": "A"}))
    assert refused.status_code == 429
    assert framers(refused) == NAMED
    assert "<nav" not in refused.text
    monkeypatch.setattr("app.web.embed.OPENED", "1 per minute")
    assert client.get(f"/embed/{shared[1]}").status_code == 200
    too_often = check_page(client.get(f"/embed/{shared[1]}"))
    assert (too_often.status_code, "<nav" in too_often.text) == (429, False)
    assert "Wait a minute" in too_often.text
    assert issubclass(sharing.QuizClosed, Refused)
