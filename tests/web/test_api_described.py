"""The API against its own description: a real server is asked what fits, and what does not."""

import os
import threading
from collections.abc import Iterator

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from app import clock
from app.services import accounts, api_tokens
from app.services.api_tokens import Wanted

chosen_checks = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
    negative_data_rejection,
]
"""All but those that take a 422 for what fits its shape and still is no fact, and the like."""
KNOWN = {
    "deck_key": {"enum": ["deepseek", "nowhere"]},
    "source_key": {"enum": ["brief", "nowhere"]},
    "fact_id": {"maximum": 30},
    "entity_id": {"maximum": 30},
    "relation_id": {"maximum": 12},
    "quiz_id": {"maximum": 3},
    "record_id": {"maximum": 3},
    "If-Match": {"enum": ["*", '"1"', "x"]},
}
"""What leads to things that are there, so that more than 404 is tried."""
EXAMPLES = int(os.environ.get("FACTDECK_API_EXAMPLES", "4"))
"""Requests of each operation; `make fuzz-api` asks many more."""


@pytest.fixture
def server(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, str]]:
    """A real server, and an admin's token that may do everything."""
    monkeypatch.setattr("app.web.api.base.REQUESTS", 1_000_000)
    with Session(app.extensions["factdeck"].engine) as session:
        link = accounts.make_setup_link(session, clock.now())
        assert link is not None
        person = accounts.use_setup_link(
            session, link, "a@b.example", "correct horse battery", clock.now()
        )
        wanted = Wanted("fuzz", frozenset(api_tokens.scopes_of(person)))
        token = api_tokens.make(session, person, wanted, clock.now())
    listening = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=listening.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{listening.server_port}", token
    listening.shutdown()
    thread.join()
    listening.server_close()


def test_every_answer_is_as_described_and_no_request_is_a_fault(
    app: Flask, server: tuple[str, str]
) -> None:
    address, token = server
    described = app.test_client().get("/api/v1/openapi.json").json
    config = SchemathesisConfig.from_dict({"seed": 7, "base-url": address})
    for operation in (one for path in described["paths"].values() for one in path.values()):
        for part in operation["parameters"]:
            part["schema"] |= KNOWN.get(part["name"], {})
    schema = schemathesis.openapi.from_dict(described, config=config)
    asked = 0
    for result in schema.get_all_operations():
        operation = result.ok()

        @settings(
            max_examples=EXAMPLES,
            derandomize=True,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def ask(case: schemathesis.Case) -> None:
            nonlocal asked
            asked += 1
            case.call_and_validate(
                headers={"Authorization": f"Bearer {token}"}, checks=chosen_checks
            )

        ask()
    assert asked > 20 * EXAMPLES // 2
