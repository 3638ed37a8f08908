"""A form's token that was found good is known again: for its own session, and this site alone."""

import flask_wtf.csrf
import pytest
from flask import Flask, session
from flask.testing import FlaskClient
from flask_wtf import FlaskForm
from flask_wtf.csrf import generate_csrf

from app.web import forgery
from app.web.forgery import KnownTokens, Protection, form_token

HTTPS = "https://factdeck.example"


@pytest.fixture
def app() -> Flask:
    made = Flask("forms")
    made.config.update(SECRET_KEY="k" * 40, WTF_CSRF_TIME_LIMIT=None)
    Protection().init_app(made)

    @made.get("/")
    def page() -> str:
        return form_token()

    @made.get("/elsewhere")
    def made_by_another_process() -> str:
        return str(generate_csrf())

    @made.get("/anew")
    def another_secret() -> str:
        session.clear()
        return form_token()

    @made.post("/")
    def take() -> str:
        return str(FlaskForm().validate())

    return made


@pytest.fixture
def validated(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The tokens that Flask-WTF was asked about."""
    asked: list[str] = []
    real = flask_wtf.csrf.validate_csrf

    def validate(data: str, *args: object) -> None:
        asked.append(data)
        real(data, *args)

    monkeypatch.setattr(flask_wtf.csrf, "validate_csrf", validate)
    return asked


def send(client: FlaskClient, token: str, **more: str) -> int:
    told = client.post("/", data={"csrf_token": token}, **more)
    assert told.status_code != 200 or told.text == "True"
    return told.status_code


def test_a_token_is_made_once_and_taken_without_being_verified(
    app: Flask, validated: list[str]
) -> None:
    client = app.test_client()
    token = client.get("/").text
    assert client.get("/").text == token
    assert send(client, token) == 200
    assert send(client, token) == 200
    assert validated == []


def test_a_token_of_another_process_is_verified_once(app: Flask, validated: list[str]) -> None:
    client = app.test_client()
    token = client.get("/elsewhere").text
    assert [send(client, token) for _ in range(3)] == [200] * 3
    assert validated == [token]


def test_a_known_token_is_of_no_use_in_another_session(app: Flask, validated: list[str]) -> None:
    one, other = app.test_client(), app.test_client()
    token = one.get("/").text
    assert send(one, token) == 200
    assert send(other, token) == 400  # which has no secret at all
    assert other.get("/").text != token
    assert send(other, token) == 400
    assert send(one, other.get("/").text) == 400
    fresh = one.get("/anew").text
    assert send(one, token) == 400
    assert send(one, fresh) == 200
    assert set(validated) == {token, other.get("/").text}


@pytest.mark.parametrize("token", ["", "x", "None", "é" * 90])
def test_what_was_never_signed_is_refused(app: Flask, token: str) -> None:
    client = app.test_client()
    client.get("/")
    assert [send(client, token) for _ in range(2)] == [400, 400]


def test_under_https_the_referrer_is_looked_at_all_the_same(app: Flask) -> None:
    client = app.test_client()
    token = client.get("/", base_url=HTTPS).text
    own = {"Referer": f"{HTTPS}/page"}
    assert client.post("/", data={"csrf_token": token}, base_url=HTTPS, headers=own).text == "True"
    for told in ({}, {"Referer": "https://other.example/"}, {"Referer": "http://factdeck.example"}):
        given = client.post("/", data={"csrf_token": token}, base_url=HTTPS, headers=told)
        assert given.status_code == 400, told


def test_no_more_tokens_are_kept_than_so_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forgery, "MOST_KNOWN", 3)
    known = KnownTokens()
    for at in range(5):
        known.keep(f"token{at}", f"secret{at}", is_made=True)
    assert not known.says("token1", "secret1")
    assert known.made_for("secret1") is None
    assert known.says("token2", "secret2")
    assert not known.says("token2", "secret3")
    assert known.made_for("secret4") == "token4"
