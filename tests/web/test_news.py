"""News: a count in the navigation until it has been read."""

from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.instance import Instance
from app.models.database import writing
from app.services import accounts, notices
from app.services.notices import NoticeKind

from .conftest import sign_in_as

Visit = Callable[[str], TestResponse]
Submit = Callable[..., TestResponse]


def test_a_notice_is_counted_until_it_has_been_read(
    app: Flask, client: FlaskClient, visit: Visit, submit: Submit
) -> None:
    instance: Instance = app.extensions["factdeck"]
    with Session(instance.engine) as session:
        person = accounts.make_guest(session, "g" * 40, 1)
        other = accounts.make_guest(session, "h" * 40, 1)
        body = {"ask": "Where?", "old": "<b>Lima</b>", "new": "Cusco"}
        with writing(session):
            notices.tell(session, person.id, NoticeKind.CORRECTION, None, body, 1_763_900_000)
            text = {"text": "Your answer counts now."}
            notices.tell(session, person.id, NoticeKind.REMARKED, None, text, 1_763_900_000)
    sign_in_as(client, other)
    assert "News" not in visit("/study").text
    assert "Nothing has happened" in visit("/news/").text
    sign_in_as(client, person)
    assert "2 <span" in visit("/study").text
    page = visit("/news/").text
    assert "This was corrected on 23 November 2025" in page
    assert "&lt;b&gt;Lima" in page
    assert "Your answer counts now." in page
    assert submit("/news/", "/news/read").status_code == 303
    assert "not read" not in visit("/news/").text
    assert "Cusco" in visit("/news/").text
