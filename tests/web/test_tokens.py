"""The page of API tokens: told once, listed without the secret, revoked by the owner alone."""

import re
from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.services import accounts, api_tokens

from .conftest import sign_in_as

Visit = Callable[[str], TestResponse]
Submit = Callable[..., TestResponse]
PAGE = "/settings/tokens"


def test_a_token_is_told_once_works_and_ends(
    app: Flask, client: FlaskClient, visit: Visit, submit: Submit
) -> None:
    with Session(app.extensions["factdeck"].engine) as session:
        one, other = (
            accounts.sign_up(session, None, f"{name}@b.example", "correct horse battery", 1)
            for name in ("one", "other")
        )
    sign_in_as(client, one)
    assert "curate:" not in visit(PAGE).text
    assert submit(PAGE, PAGE, name="x", scopes="admin", days="30").status_code == 422
    assert submit(PAGE, PAGE, name="", scopes="read", days="30").status_code == 422
    made = submit(PAGE, PAGE, name="My script", scopes="read", days="30")
    assert made.status_code == 201
    secret = re.findall(r"factdeck_[\w-]{43}", made.text)[0]
    assert secret not in visit(PAGE).text
    held = {"Authorization": f"Bearer {secret}"}
    assert app.test_client().get("/api/v1/decks", headers=held).status_code == 200
    with Session(app.extensions["factdeck"].engine) as session:
        token_id = api_tokens.own(session, one.id)[0].id
    sign_in_as(client, other)
    assert submit(PAGE, f"{PAGE}/{token_id}/revoke").status_code == 404
    sign_in_as(client, one)
    assert submit(PAGE, f"{PAGE}/{token_id}/revoke").status_code == 303
    assert "My script" not in visit(PAGE).text
    assert app.test_client().get("/api/v1/decks", headers=held).status_code == 401
