"""Rate limits of several machines on a real Redis; without it limits go on in each process."""

import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from app.web.security import limiter

WRONG = {"email": "ann@b.example", "password": "not the password"}


@pytest.fixture
def redis_server(tmp_path: Path) -> "Iterator[tuple[str, subprocess.Popen[bytes]]]":
    """A Redis of our own, behind a socket in the test's folder."""
    program = shutil.which("redis-server")
    if program is None:
        sys.stderr.write("\n*** NO REDIS: rate limits of many machines were NOT tested. ***\n")
        pytest.skip("redis-server is not installed")
    port = free_port()
    command = [program, "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--dir"]
    with (tmp_path / "redis.log").open("wb") as log:
        process = subprocess.Popen([*command, str(tmp_path)], stdout=log, stderr=log)  # noqa: S603 found on this machine's PATH
    deadline = time.monotonic() + 60
    url = f"redis://127.0.0.1:{port}"
    while not answers(url) and time.monotonic() < deadline:
        time.sleep(0.05)
    yield url, process
    process.terminate()
    process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def answers(url: str) -> bool:
    try:
        with redis.from_url(url) as there:
            return bool(there.ping())
    except redis.ConnectionError:
        return False


def try_to_sign_in(client: FlaskClient) -> int:
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/sign-in").text)
    assert token is not None
    return client.post("/sign-in", data={"csrf_token": token[1], **WRONG}).status_code


def test_limits_are_shared_through_redis_and_go_on_without_it(
    new_app: Callable[..., Flask],
    redis_server: "tuple[str, subprocess.Popen[bytes]]",
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # All apps of a process share one limiter, which remembers what the one before gave its storage,
    # and would go on counting in memory for the tests that come after a Redis that is gone.
    monkeypatch.setattr(limiter, "_storage_options", {})
    monkeypatch.setattr(limiter, "_in_memory_fallback_enabled", False)
    monkeypatch.setattr(limiter, "_fallback_limiter", None)
    monkeypatch.setattr(limiter, "_storage_dead", False)
    url, process = redis_server
    app = new_app(rate_limit_url=url)
    one, other = app.test_client(), new_app(rate_limit_url=url).test_client()
    assert [try_to_sign_in(one) for _ in range(10)] == [422] * 10
    assert try_to_sign_in(other) == 429
    assert try_to_sign_in(one) == 429
    with redis.from_url(url) as there:
        assert len(there.keys()) >= 1
    with app.extensions["factdeck"].engine.connect() as connection:
        counted = connection.execute(text("SELECT count(*) FROM rate_count")).scalar()
    assert counted == 0
    process.kill()
    process.wait()
    later = [try_to_sign_in(other) for _ in range(12)]
    assert set(later) == {422, 429}, later
    assert later[-1] == 429
