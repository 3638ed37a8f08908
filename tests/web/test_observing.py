"""What operators see: health, metrics, and log lines that tell no secret."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from structlog.testing import capture_logs

from app.config import Config
from app.instance import Instance

TOKEN = "t" * 32


@pytest.fixture
def watched(app: Flask, new_app: Callable[..., Flask]) -> FlaskClient:
    """A client of the seeded instance with a token for its metrics, behind one proxy."""
    del app  # it has seeded the database that both serve
    return new_app(metrics_token=TOKEN, proxies=1).test_client()


def token_of(page: str) -> dict[str, str]:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found is not None
    return {"csrf_token": found[1]}


def scraped(client: FlaskClient) -> dict[str, float]:
    page = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert page.status_code == 200
    lines = [line.rpartition(" ") for line in page.text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in lines}


def test_the_process_is_healthy_without_asking_the_database(app: Flask) -> None:
    instance: Instance = app.extensions["factdeck"]
    if instance.engine.dialect.name != "sqlite":
        pytest.skip("only a file can be taken away from under it")
    Path(str(instance.engine.url.database)).unlink()
    instance.engine.dispose()
    page = app.test_client().get("/healthz")
    assert (page.status_code, page.text) == (200, "ok\n")


def test_readiness_follows_the_database(app: Flask, client: FlaskClient) -> None:
    assert client.get("/readyz").status_code == 200
    instance: Instance = app.extensions["factdeck"]
    with instance.engine.execution_options(write=True).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'of the future'"))
    page = client.get("/readyz")
    assert (page.status_code, page.text) == (503, "not ready\n")


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", f"Bearer {TOKEN}x", f"Basic {TOKEN}", "Bearer \xe9"]
)
def test_metrics_are_for_who_has_the_token(watched: FlaskClient, header: str) -> None:
    assert watched.get("/metrics", headers={"Authorization": header}).status_code == 404


def test_without_a_token_set_nobody_gets_metrics(client: FlaskClient) -> None:
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


def test_metrics_count_answers_requests_and_what_waits(watched: FlaskClient) -> None:
    before = scraped(watched)
    wanted = {"types": ["flashcard"], "count": 3}
    token = token_of(watched.get("/decks/deepseek").text)
    quiz = watched.post("/decks/deepseek/quiz", data={**token, **wanted})
    question = watched.get(quiz.location, follow_redirects=True)
    action = re.search(r'action="(/questions/[^"/]+)"', question.text)
    assert action is not None
    assert (
        watched.post(action[1], data={**token_of(question.text), "answer": "3"}).status_code == 303
    )
    after = scraped(watched)
    answered = 'factdeck_answers_total{mark="exact",type="flashcard"}'
    assert after[answered] == before.get(answered, 0) + 1
    route = 'factdeck_request_seconds_count{route="answering.answer"}'
    assert after[route] == before.get(route, 0) + 1
    assert after['factdeck_waiting{queue="learners_uncounted"}'] == 1
    assert after['factdeck_waiting{queue="answers_uncounted"}'] == 1


def test_metrics_are_told_while_the_database_is_away(watched: FlaskClient) -> None:
    """Just then they are wanted: how many requests fail."""
    instance: Instance = watched.application.extensions["factdeck"]
    if instance.engine.dialect.name != "sqlite":
        pytest.skip("only a file can be taken away from under it")
    instance.engine.dispose()
    path = Path(str(instance.engine.url.database))
    path.rename(path.with_name("elsewhere"))
    assert watched.get("/decks/deepseek").status_code == 503
    told = scraped(watched)
    assert any(name.startswith("factdeck_requests_total") and "503" in name for name in told)
    assert not any(name.startswith("factdeck_waiting") for name in told)


def test_the_log_tells_routes_and_never_what_stood_in_them(client: FlaskClient) -> None:
    with capture_logs() as logged:
        client.get("/setup/PLANTED-SECRET?next=PLANTED-SECRET")
        client.get("/PLANTED-SECRET")
        client.post("/sign-in", data={"password": "PLANTED-SECRET"})
    assert [(one["route"], one["status"]) for one in logged] == [
        ("/setup/<token>", 404),
        ("unknown", 404),
        ("/sign-in", 400),
    ]
    assert "PLANTED-SECRET" not in str(logged)


def test_health_checks_are_not_logged(client: FlaskClient) -> None:
    with capture_logs() as logged:
        client.get("/healthz")
    assert logged == []


def test_a_request_id_is_believed_from_a_declared_proxy_alone(
    client: FlaskClient, watched: FlaskClient
) -> None:
    given = {"X-Request-ID": "abcdef-123456"}
    assert watched.get("/healthz", headers=given).headers["X-Request-ID"] == "abcdef-123456"
    assert client.get("/healthz", headers=given).headers["X-Request-ID"] != "abcdef-123456"
    odd = {"X-Request-ID": 'x" onload="1'}
    made = watched.get("/healthz", headers=odd).headers["X-Request-ID"]
    assert re.fullmatch("[0-9a-f]{16}", made)


def test_a_short_metrics_token_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="FACTDECK_METRICS_TOKEN"):
        Config(tmp_path, "sqlite://", "k" * 40, metrics_token="short").checked()  # noqa: S106
