"""Signing in and out in browsers: a copied cookie ends with its sign-in; limits outlive workers."""

import io
import re
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.instance import Instance
from app.services import accounts, rate_limits
from app.web.current import SIGN_IN, device_of

Visit = Callable[[str], TestResponse]
Submit = Callable[..., TestResponse]
PHRASE = "correct horse battery"


@pytest.fixture
def ann(app: Flask) -> accounts.Person:
    instance: Instance = app.extensions["factdeck"]
    with Session(instance.engine) as session:
        return accounts.sign_up(session, None, "ann@b.example", PHRASE, 1)


def sign_in(submit: Submit) -> TestResponse:
    return submit("/sign-in", "/sign-in", email="ann@b.example", password=PHRASE)


def copied(client: FlaskClient) -> FlaskClient:
    """Another browser with the very cookie of the first."""
    other = client.application.test_client()
    cookie = client.get_cookie("factdeck")
    assert cookie is not None
    other.set_cookie("factdeck", cookie.value)
    return other


@pytest.mark.usefixtures("ann")
def test_a_cookie_copied_before_signing_out_is_worth_nothing(
    client: FlaskClient, submit: Submit, visit: Visit
) -> None:
    assert sign_in(submit).status_code == 303
    thief = copied(client)
    assert thief.get("/settings").status_code == 200
    assert submit("/settings", "/sign-out").status_code == 303
    assert thief.get("/settings").status_code == 303
    assert visit("/settings").status_code == 303


@pytest.mark.usefixtures("ann")
def test_a_cookie_from_before_signing_in_is_worth_nothing_and_what_a_guest_did_stays(
    client: FlaskClient, submit: Submit, visit: Visit
) -> None:
    assert submit("/decks/planets", "/decks/planets/study").status_code == 303
    thief = copied(client)
    with client.session_transaction() as cookie:
        before = cookie[SIGN_IN]
    assert sign_in(submit).status_code == 303
    with client.session_transaction() as cookie:
        assert cookie[SIGN_IN] != before
    assert thief.get("/schedule").status_code == 303
    assert visit("/schedule").status_code == 200


@pytest.mark.usefixtures("ann")
def test_signing_in_again_ends_the_sign_in_before(
    client: FlaskClient, submit: Submit, visit: Visit
) -> None:
    """A session is new with each sign-in, also of the same account in the same browser."""
    sign_in(submit)
    copy = copied(client)
    assert copy.get("/settings").status_code == 200
    assert sign_in(submit).status_code == 303
    assert copy.get("/settings").status_code == 303
    assert "Sign out there" not in visit("/settings/sign-ins").text


@pytest.mark.usefixtures("ann")
def test_sign_ins_are_listed_and_ended_one_by_one_or_all(
    client: FlaskClient, submit: Submit, visit: Visit
) -> None:
    for _ in range(3):
        with client.session_transaction() as cookie:
            cookie.clear()
        assert sign_in(submit).status_code == 303
    page = visit("/settings/sign-ins").text
    assert page.count("Sign out there") == 2
    assert page.count("this one") == 1
    path = "/settings/sign-ins"
    assert submit(path, f"{path}/999999/end").status_code == 404
    assert submit(path, f"{path}/1/end").status_code == 303
    assert visit(path).text.count("Sign out there") == 1
    assert submit(path, f"{path}/end-others").status_code == 303
    assert "Sign out there" not in visit(path).text
    assert visit("/settings").status_code == 200


@pytest.mark.usefixtures("ann")
def test_the_eleventh_try_is_refused_by_every_worker_and_after_a_restart(
    submit: Submit, new_app: Callable[..., Flask]
) -> None:
    for _ in range(10):
        wrong = submit("/sign-in", "/sign-in", email="ann@b.example", password="x" * 12)
        assert wrong.status_code == 422
    assert sign_in(submit).status_code == 429
    another = new_app().test_client()
    forged = {"X-Forwarded-For": "203.0.113.9"}
    refused = with_token(another, headers=forged)
    assert refused.status_code == 429
    assert 60 < int(refused.headers["Retry-After"]) <= 300  # what is left of five minutes
    assert re.search(r"Wait \d minutes, then try again", refused.text)
    elsewhere = {"REMOTE_ADDR": "198.51.100.7"}
    assert with_token(another, environ_base=elsewhere).status_code == 303


@pytest.mark.usefixtures("ann")
def test_a_whole_class_signs_in_from_one_address(submit: Submit) -> None:
    """What is limited is guessing: right passwords are no tries."""
    assert [sign_in(submit).status_code for _ in range(30)] == [303] * 30
    wrong = submit("/sign-in", "/sign-in", email="ann@b.example", password="x" * 12)
    assert wrong.status_code == 422
    assert sign_in(submit).status_code == 303


def test_a_limit_says_when_it_ends(submit: Submit) -> None:
    """Not every five seconds, for an hour."""
    told = [submit("/sign-up", "/sign-up", email="", password="") for _ in range(61)]
    assert {one.status_code for one in told[:60]} == {422}
    assert told[60].status_code == 429
    assert 3_000 < int(told[60].headers["Retry-After"]) <= 3_601
    assert re.search(r"Wait (an hour|\d+ minutes), then try again", told[60].text)


@pytest.mark.usefixtures("ann")
def test_the_addresses_of_one_home_are_counted_as_one(new_app: Callable[..., Flask]) -> None:
    browser = new_app().test_client()
    for at in range(10):
        own = {"REMOTE_ADDR": f"2001:db8:0:7:{at:x}::1"}
        assert with_token(browser, "x" * 12, environ_base=own).status_code == 422
    neighbour = {"REMOTE_ADDR": "2001:db8:0:7:ffff::2"}
    assert with_token(browser, environ_base=neighbour).status_code == 429
    elsewhere = {"REMOTE_ADDR": "2001:db8:0:8::1"}
    assert with_token(browser, environ_base=elsewhere).status_code == 303


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::1", "::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("unix:", "unix:"),
    ],
)
def test_a_network_is_an_address_or_the_first_half_of_one(address: str, network: str) -> None:
    assert rate_limits.network_of(address) == network


def with_token(
    client: FlaskClient,
    password: str = PHRASE,
    **sent: Any,  # noqa: ANN401 the client's own
) -> TestResponse:
    """Sign in, from wherever it is sent."""
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/sign-in").text)
    assert token is not None
    data = {"csrf_token": token[1], "email": "ann@b.example", "password": password}
    return client.post("/sign-in", data=data, **sent)


def test_answers_faster_than_anybody_reads_are_refused(
    submit: Submit, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    quiz = "/decks/planets/quiz"
    started = submit("/decks/planets", quiz, count="2", types="short_answer").location
    monkeypatch.setattr(rate_limits, "ANSWERS", 1)
    told = submit(started, started, answer="x").location
    goes_on = re.search(r'action="(/quiz/[^"]+/next)"', visit(told).text)
    assert goes_on is not None
    second = submit(told, goes_on[1]).location
    page = submit(second, second, answer="x")
    assert page.status_code == 429
    assert "Wait a moment" in page.text
    assert visit(second).status_code == 200
    monkeypatch.setattr(rate_limits, "ANSWERS", 2)
    assert submit(second, second, answer="x").status_code == 303


@pytest.mark.usefixtures("ann")
def test_ones_data_is_downloaded_and_the_account_deleted(
    client: FlaskClient, submit: Submit, visit: Visit
) -> None:
    assert sign_in(submit).status_code == 303
    with client.get("/settings/data/everything.zip") as sent:
        assert sent.mimetype == "application/zip"
        assert sent.headers["Cache-Control"] == "no-store"
        with zipfile.ZipFile(io.BytesIO(sent.data)) as archive:
            assert b"ann@b.example" in archive.read("account.json")
    page, path = "/settings/data", "/settings/data/delete"
    wrong = submit(page, path, password="x" * 12, answers="remove")
    assert wrong.status_code == 422
    assert submit(page, path, password=PHRASE, answers="whatever").status_code == 422
    assert submit(page, path, password=PHRASE, answers="remove").status_code == 303
    assert visit("/settings").status_code == 303
    assert sign_in(submit).status_code == 422


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Firefox on Linux",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/605.1", "Safari on iPhone"),
        ("curl/8", "A browser"),
    ],
)
def test_a_browser_is_named_as_its_owner_knows_it(agent: str, name: str) -> None:
    assert device_of(agent) == name
