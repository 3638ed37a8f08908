"""Pages over HTTP: what they refuse, and that they lose nothing."""

import html
import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.core.facts import Deck
from app.core.questions import QUESTION_TYPES
from app.instance import Instance
from app.models.people import User
from app.services import decks
from app.web.answers import ANSWER_FORMS

Visit = Callable[[str], TestResponse]
Submit = Callable[..., TestResponse]
WRONG = "wrong wrong wrong"
GOOD = {"email": "a@example.org", "password": "correct horse battery"}


def start(submit: Submit, client: FlaskClient, types: str = "short_answer") -> str:
    begun = submit("/decks/deepseek", "/decks/deepseek/quiz", count="3", types=types)
    assert begun.status_code == 303
    assert client.get(begun.location).status_code == 200
    return str(begun.location)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/decks/deepseek",
        "/study",
        "/leaderboard",
        "/sign-in",
        "/sign-up",
        "/sources/deepseek/brief",
    ],
)
def test_a_visitor_sees_public_pages(visit: Visit, path: str) -> None:
    assert visit(path).status_code == 200


@pytest.mark.parametrize("path", ["/nope", "/decks/nope", "/sources/deepseek/nope", "/setup/nope"])
def test_what_is_not_there_is_a_page_of_its_own(visit: Visit, path: str) -> None:
    page = visit(path)
    assert page.status_code == 404
    assert "There is nothing here" in page.text


@pytest.mark.parametrize("path", ["/schedule", "/score", "/settings", "/questions/nope"])
def test_pages_of_a_learner_ask_to_sign_in(visit: Visit, path: str) -> None:
    page = visit(path)
    assert page.status_code == 303
    assert page.location == "/sign-in"


def test_getting_pages_makes_no_guest(visit: Visit) -> None:
    for path in ("/", "/decks/deepseek", "/study", "/sign-up"):
        visit(path)
    assert visit("/schedule").status_code == 303


def test_an_answer_sent_twice_is_counted_once(client: FlaskClient, submit: Submit) -> None:
    question = start(submit, client)
    first = submit(question, question, answer="no idea")
    assert first.status_code == 303
    again = client.get(question)
    assert again.status_code == 303
    page = client.get(first.location)
    assert "no idea" in page.text
    second = submit(first.location, question, answer="another thing")
    assert second.status_code == 303
    assert "no idea" in client.get(second.location).text
    assert "another thing" not in client.get(second.location).text


@pytest.mark.parametrize(
    ("typed", "message"),
    [("", "Type an answer."), ("\x00\x07", "Type an answer."), ("x" * 5000, "at most 500")],
)
def test_an_unusable_answer_gets_a_message_and_stays(
    client: FlaskClient, submit: Submit, typed: str, message: str
) -> None:
    question = start(submit, client)
    page = submit(question, question, answer=typed)
    assert page.status_code == 422
    assert message in page.text
    assert typed.replace("\x00", "").replace("\x07", "") in page.text


def test_an_option_that_was_not_offered_is_refused(client: FlaskClient, submit: Submit) -> None:
    question = start(submit, client, "multiple_choice")
    page = submit(question, question, answer="Santa Claus")
    assert page.status_code == 422
    assert "Not a valid choice" in page.text


def test_somebody_elses_question_is_not_there(
    app: Flask, client: FlaskClient, submit: Submit
) -> None:
    question = start(submit, client)
    other = app.test_client()
    assert other.get(question).status_code == 303
    token = other.get("/sign-up").text.split('name="csrf_token" type="hidden" value="')[1]
    signed_up = other.post("/sign-up", data={"csrf_token": token.split('"')[0], **GOOD})
    assert signed_up.status_code == 303
    assert other.get(question).status_code == 404


@pytest.mark.parametrize("count", ["0", "51", "-1", "many", "9" * 30, ""])
def test_a_quiz_of_an_impossible_length_is_refused(submit: Submit, count: str) -> None:
    page = submit("/decks/deepseek", "/decks/deepseek/quiz", count=count)
    assert page.status_code == 422


def test_a_post_without_its_token_is_refused(client: FlaskClient) -> None:
    assert client.post("/decks/deepseek/quiz", data={"count": "3"}).status_code == 400
    assert client.post("/sign-up", data=GOOD).status_code == 400
    assert client.post("/sign-out").status_code == 400


def test_signing_up_keeps_what_a_guest_did(client: FlaskClient, submit: Submit) -> None:
    question = start(submit, client)
    submit(question, question, answer="no idea")
    assert submit("/sign-up", "/sign-up", **GOOD).status_code == 303
    assert client.get(f"{question}/feedback").status_code == 200
    submit("/", "/sign-out")
    assert client.get("/score").status_code == 303
    assert submit("/sign-in", "/sign-in", **GOOD).status_code == 303
    assert client.get(f"{question}/feedback").status_code == 200


def test_signing_in_says_the_same_for_every_failure(submit: Submit) -> None:
    submit("/sign-up", "/sign-up", **GOOD)
    submit("/", "/sign-out")
    known = submit("/sign-in", "/sign-in", email="a@example.org", password=WRONG)
    unknown = submit("/sign-in", "/sign-in", email="b@example.org", password=WRONG)
    assert known.status_code == unknown.status_code == 422
    assert "do not fit together" in known.text
    assert "do not fit together" in unknown.text


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("nobody", "correct horse battery"),
        ("a@b.example", "short"),
        ("", ""),
        ("a@b.example", "a" * 12),
    ],
)
def test_an_account_that_cannot_be_is_refused(submit: Submit, email: str, password: str) -> None:
    assert submit("/sign-up", "/sign-up", email=email, password=password).status_code == 422


def test_signing_in_too_often_is_stopped(submit: Submit) -> None:
    answers = [
        submit("/sign-in", "/sign-in", email="a@b.example", password=WRONG) for _ in range(11)
    ]
    assert answers[-1].status_code == 429
    assert "Retry-After" in answers[-1].headers


def test_every_question_type_has_its_form_and_template(app: Flask) -> None:
    assert set(ANSWER_FORMS) == set(QUESTION_TYPES)
    for question_type in QUESTION_TYPES:
        assert app.jinja_env.get_template(f"questions/{question_type}.html")


@pytest.mark.parametrize(
    ("types", "fields"),
    [
        ("multiple_choice", {}),
        ("true_false", {"answer": "True"}),
        ("multiple_select", {}),
        ("cloze", {"answer": "no idea"}),
        ("short_answer", {"answer": "no idea"}),
        ("ordering", {f"answer-{at}": str(at + 1) for at in range(5)}),
        ("matching", {}),
        ("flashcard", {"answer": "3"}),
    ],
)
def test_every_question_type_is_shown_and_taken(
    client: FlaskClient, submit: Submit, visit: Visit, types: str, fields: dict[str, str]
) -> None:
    question = start(submit, client, types)
    page = visit(question)
    assert page.status_code == 200
    assert f'data-type="{types}"' in page.text
    if types == "matching":
        one = html.unescape(re.findall(r'<option value="([^"]+)"', page.text)[0])
        fields = {f"answer-{at}": one for at in range(page.text.count("<select"))}
    elif not fields:
        fields = {"answer": page.text.split('name="answer"')[1].split('value="')[1].split('"')[0]}
    taken = submit(question, question, **fields)
    assert taken.status_code == 303
    told = visit(taken.location)
    assert told.status_code == 200
    # An order is read with arrows, the learner's as well as the right one.
    assert bool(re.search(r"Your answer</dt><dd[^>]*>[^<]* → ", told.text)) == (types == "ordering")


def test_lines_that_share_a_place_are_refused(client: FlaskClient, submit: Submit) -> None:
    question = start(submit, client, "ordering")
    page = submit(question, question, **{f"answer-{at}": "1" for at in range(5)})
    assert page.status_code == 422
    assert "a place of its own" in page.text


def test_direction_marks_are_taken_out_of_answers(client: FlaskClient, submit: Submit) -> None:
    question = start(submit, client)
    taken = submit(question, question, answer="\u202eno\u200f idea\u2069")
    assert taken.status_code == 303
    assert "no idea" in client.get(taken.location).text


def test_a_finished_quiz_takes_no_more_answers(client: FlaskClient, submit: Submit) -> None:
    question = start(submit, client)
    shown = question
    for _ in range(3):
        told = client.get(submit(shown, shown, answer="no idea").location).text
        following = told.split('action="/quiz/')[1].split('"')[0]
        shown = submit(f"{shown}/feedback", f"/quiz/{following}").location
    assert shown.endswith("/result")
    assert client.get(shown).text.count("no idea") == 3
    late = submit(f"{question}/feedback", question, answer="xyzzy late")
    assert late.status_code == 303
    assert "xyzzy" not in client.get(late.location).text.split("<main")[1]


def test_a_deck_without_published_facts_says_so(app: Flask, visit: Visit, submit: Submit) -> None:
    instance: Instance = app.extensions["factdeck"]
    with Session(instance.engine) as session:
        decks.import_deck(session, Deck("bare", "A bare deck"), 1)
    assert "nothing to ask" in visit("/decks/bare").text
    for kind in ("quiz", "study"):
        refused = submit("/decks/deepseek", f"/decks/bare/{kind}", count="3")
        assert refused.status_code == 422
        assert "no published facts" in refused.text


def test_cookies_are_out_of_scripts_reach(client: FlaskClient, submit: Submit) -> None:
    submit("/sign-up", "/sign-up", **GOOD)
    (cookie,) = [
        line for line in client.get("/sign-in").headers.getlist("Set-Cookie") if "factdeck" in line
    ]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_cookies_are_secure_under_https(new_app: Callable[..., Flask]) -> None:
    app = new_app(https=True)
    page = app.test_client().get("/sign-in", base_url="https://localhost")
    cookie = page.headers["Set-Cookie"]
    assert cookie.startswith("__Host-factdeck=")
    assert "Secure" in cookie


def test_passwords_are_kept_as_argon2(app: Flask, submit: Submit) -> None:
    submit("/sign-up", "/sign-up", **GOOD)
    instance: Instance = app.extensions["factdeck"]
    with Session(instance.engine) as session:
        (kept,) = session.scalars(select(User.password).where(User.password.is_not(None)))
    assert kept is not None
    assert kept.startswith("$argon2id$")
    assert "horse" not in kept


def test_an_old_session_ends_with_a_new_password(
    app: Flask, client: FlaskClient, submit: Submit
) -> None:
    submit("/sign-up", "/sign-up", **GOOD)
    with client.session_transaction() as session:
        stolen = dict(session)
    changed = submit(
        "/settings/password",
        "/settings/password",
        old=GOOD["password"],
        new="an entirely new phrase",
    )
    assert changed.status_code == 303
    assert client.get("/settings").status_code == 200
    thief = app.test_client()
    with thief.session_transaction() as session:
        session.update(stolen)
    assert thief.get("/settings").status_code == 303


def test_a_guest_who_signs_in_brings_the_quiz(client: FlaskClient, submit: Submit) -> None:
    submit("/sign-up", "/sign-up", **GOOD)
    submit("/", "/sign-out")
    question = start(submit, client)
    submit(question, question, answer="no idea")
    assert submit("/sign-in", "/sign-in", **GOOD).status_code == 303
    assert client.get(f"{question}/feedback").status_code == 200
