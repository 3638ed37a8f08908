"""A cookie that was verified is known, as long as it is the same and not too old."""

from collections.abc import Iterator

import pytest
from flask import Flask, Request
from werkzeug.test import EnvironBuilder

from app import clock
from app.web.cookies import KnownCookies

LASTS_S = 1000


@pytest.fixture
def app() -> Flask:
    made = Flask("cookies")
    made.config.update(SECRET_KEY="k" * 40, PERMANENT_SESSION_LIFETIME=LASTS_S)
    return made


@pytest.fixture
def cookies() -> Iterator[KnownCookies]:
    return KnownCookies()


def opened(cookies: KnownCookies, app: Flask, text: str) -> dict[str, object]:
    headers = {"Cookie": f"{cookies.get_cookie_name(app)}={text}"}
    found = cookies.open_session(app, Request(EnvironBuilder(headers=headers).get_environ()))
    assert found is not None
    return dict(found)


def signed(cookies: KnownCookies, app: Flask, content: dict[str, object]) -> str:
    signer = cookies.get_signing_serializer(app)
    assert signer is not None
    return str(signer.dumps(content))


def test_only_the_very_text_that_was_signed_is_known(app: Flask, cookies: KnownCookies) -> None:
    text = signed(cookies, app, {"sign_in": "secret"})
    for _ in range(2):
        assert opened(cookies, app, text) == {"sign_in": "secret"}
    at = len(text) - 9  # not the last letter: it holds bits that nobody reads
    forged = text[:at] + ("A" if text[at] != "A" else "Q") + text[at + 1 :]
    for _ in range(2):
        assert opened(cookies, app, forged) == {}
    other = Flask("other")
    other.config.update(SECRET_KEY="o" * 40, PERMANENT_SESSION_LIFETIME=LASTS_S)
    assert opened(cookies, app, signed(KnownCookies(), other, {"sign_in": "x"})) == {}


def test_a_known_cookie_grows_too_old_all_the_same(
    app: Flask, cookies: KnownCookies, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = signed(cookies, app, {"sign_in": "secret"})
    assert opened(cookies, app, text)
    later = clock.now() + LASTS_S + 10
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: later)  # everybody's clock
    assert opened(cookies, app, text) == {}


def test_one_request_changes_nothing_for_the_next(app: Flask, cookies: KnownCookies) -> None:
    text = signed(cookies, app, {"sign_in": "secret", "list": [1]})
    headers = {"Cookie": f"{cookies.get_cookie_name(app)}={text}"}
    for _ in range(2):
        asked = Request(EnvironBuilder(headers=headers).get_environ())
        found = cookies.open_session(app, asked)
        assert found == {"sign_in": "secret", "list": [1]}
        found["list"].append(2)
        found["sign_in"] = "another"
