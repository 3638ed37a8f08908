"""Signing up by mail tells nobody who has an account; by invitation; at once where no mail goes."""

import re
from collections.abc import Callable
from email.message import EmailMessage

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app import clock
from app.instance import Instance
from app.services import accounts
from app.web.accounts import mailing

from .conftest import check_page, sign_in_as

PHRASE = "correct horse battery"
KNOWN, UNKNOWN = "ann@b.example", "ben@b.example"


class Letterbox:
    """What would have gone out by mail."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []

    def send(self, message: EmailMessage) -> None:
        """Keep a mail."""
        self.mails.append(message)


@pytest.fixture
def box(monkeypatch: pytest.MonkeyPatch) -> Letterbox:
    made = Letterbox()
    monkeypatch.setattr(mailing, "mailer", lambda _url: made)
    return made


@pytest.fixture
def by_mail(new_app: Callable[..., Flask], app: Flask) -> FlaskClient:
    """An instance that can send mail, where one person has an account."""
    with Session(app.extensions["factdeck"].engine) as session:
        accounts.sign_up(session, None, KNOWN, PHRASE, clock.now())
    return new_app(smtp_url="smtp://mail.example", public_url="https://learn.example").test_client()


def send(client: FlaskClient, path: str, **fields: str) -> TestResponse:
    page = check_page(client.get(path))
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
    assert token is not None
    told = client.post(path, data={"csrf_token": token[1], **fields})
    told.close()  # what the server does once the answer is sent
    mailing.finish()
    return check_page(told)


def test_who_signs_up_by_mail_confirms_the_address_and_keeps_what_a_guest_did(
    by_mail: FlaskClient, box: Letterbox
) -> None:
    send(by_mail, "/decks/planets", count="2")
    assert 'type="password"' not in by_mail.get("/sign-up").text
    told = send(by_mail, "/sign-up", email=UNKNOWN)
    assert told.location == "/sign-up/sent"
    assert check_page(by_mail.get(told.location)).status_code == 200
    found = re.search(r"https://learn\.example(/join/\S+)", box.mails[0].get_content())
    assert found is not None
    assert send(by_mail, found[1], password="password" + "1234").status_code == 422
    assert by_mail.get(found[1]).status_code == 200
    assert send(by_mail, found[1], password=PHRASE).location == "/study"
    assert by_mail.get("/settings/password").status_code == 200
    assert by_mail.get(found[1]).status_code == 404


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/sign-up", {}),
        ("/forgotten", {}),
        ("/sign-in", {"password": "not the password"}),
    ],
)
def test_nothing_that_is_asked_tells_who_has_an_account(
    by_mail: FlaskClient, box: Letterbox, path: str, fields: dict[str, str]
) -> None:
    """A17: bodies, codes and headers are equal but for the address that was sent."""
    said = []
    for email in (KNOWN, UNKNOWN):
        by_mail.delete_cookie("factdeck")
        told = send(by_mail, path, email=email, **fields)
        after = by_mail.get(told.location).text if told.location else ""
        said.append(
            (
                told.status_code,
                told.location,
                sorted(set(told.headers.keys()) - {"X-Request-ID"}),
                plain(told.text, email),
                plain(after, email),
            )
        )
    assert said[0] == said[1]
    assert all(mail["To"] in {KNOWN, UNKNOWN} for mail in box.mails)


def test_a_token_that_is_unknown_and_one_that_has_ended_are_told_the_same(
    by_mail: FlaskClient,
) -> None:
    told = [
        by_mail.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"})
        for token in ("factdeck_" + "a" * 43, "x", "\u00e9")
    ]
    assert len({(one.status_code, one.text) for one in told}) == 1


def plain(page: str, email: str) -> str:
    return re.sub(r'value="[^"]*"', "", page.replace(email, "ADDRESS"))


def test_one_address_gets_five_mails_a_day(by_mail: FlaskClient, box: Letterbox) -> None:
    for _ in range(7):
        assert send(by_mail, "/sign-up", email=KNOWN).status_code == 303
    assert len(box.mails) == 5
    assert all("have an account already" in str(mail["Subject"]) for mail in box.mails)


def test_by_invitation_an_admins_link_alone_makes_an_account(
    new_app: Callable[..., Flask], app: Flask, client: FlaskClient
) -> None:
    instance: Instance = app.extensions["factdeck"]
    with Session(instance.engine) as session:
        admin = accounts.first_admin(session, "root@b.example", PHRASE, clock.now())
    closed = new_app(sign_up="invitation").test_client()
    page = check_page(closed.get("/sign-up"))
    assert "by invitation" in page.text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', closed.get("/sign-in").text)
    assert token is not None
    given = {"csrf_token": token[1], "email": UNKNOWN, "password": PHRASE}
    assert closed.post("/sign-up", data=given).status_code == 403
    sign_in_as(client, admin)
    assert send(client, "/people/invite", email="nonsense").status_code == 422
    shown = send(client, "/people/invite", email=UNKNOWN).text
    link = re.search(r"http://127\.0\.0\.1:8000(/join/[\w-]+)", shown)
    assert link is not None
    assert send(closed, link[1], password=PHRASE).location == "/study"
    taken = send(client, "/people/invite", email=UNKNOWN)
    assert taken.status_code == 422
    assert "an account with this address already" in taken.text
