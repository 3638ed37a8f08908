"""Instances to measure: a fresh folder with learners who are signed in, and a server on it."""

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Response
from sqlalchemy.orm import Session

from app import create_app
from app.config import Config, make_home
from app.instance import Instance
from app.models.database import writing
from app.models.people import User
from app.services import accounts, decks, upkeep
from app.web.current import remember
from benchmarks.engine import large_deck

SEED_DATA = Path(__file__).parent.parent / "seed_data"
STARTED_EPOCH_S = 1_763_900_000
UP_S = 60
FACTS = 1000
"""Facts of the deck "large": more than anybody answers in a run."""


@dataclass(frozen=True)
class Prepared:
    """An instance folder, and for each of its learners the cookies of a browser."""

    home: Path
    cookies: list[str]

    @property
    def environment(self) -> dict[str, str]:
        """Return the environment of a server on it."""
        kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        return kept | {"FACTDECK_HOME": str(self.home)}

    @property
    def config(self) -> Config:
        """Return its configuration."""
        url = f"sqlite:///{self.home / 'factdeck.sqlite3'}"
        key = (self.home / "secret_key").read_text().strip()
        return Config(self.home, url, key)


@contextmanager
def prepared(learners: int) -> Iterator[Prepared]:
    """Make an instance with learners who have accounts; their passwords fit nothing."""
    with TemporaryDirectory(prefix="factdeck-bench-") as folder:
        home = Path(folder)
        make_home(home)
        key = secrets.token_urlsafe(32)
        (home / "secret_key").write_text(key)
        (home / "secret_key").chmod(0o600)
        config = Config(home, f"sqlite:///{home / 'factdeck.sqlite3'}", key)
        with upkeep.opened(config.database_url, SEED_DATA, STARTED_EPOCH_S) as session:
            decks.import_deck(session, large_deck(FACTS), STARTED_EPOCH_S)
        yield Prepared(home, [_signed_in(config, at) for at in _numbers(config, learners)])


def _numbers(config: Config, learners: int) -> Iterator[tuple[object, int]]:
    app = create_app(replace(config, synchronous="OFF"))
    for at in range(learners):
        yield app, at


def _signed_in(_config: Config, one: tuple[object, int]) -> str:
    """Add a learner with an account and return the cookie that `remember` gives a browser."""
    app, at = one
    instance: Instance = app.extensions["factdeck"]  # type: ignore[attr-defined]
    with Session(instance.engine) as session:
        made = accounts.make_guest(session, secrets.token_urlsafe(32), STARTED_EPOCH_S)
        with writing(session):
            user = session.get_one(User, made.id)
            user.email, user.password = f"learner{at}@bench.example", "fits nothing"
            user.new_per_day = 1000
    with app.test_request_context():  # type: ignore[attr-defined]
        remember(made)
        from flask import session as browser  # noqa: PLC0415 bound to this request

        response = Response()
        app.session_interface.save_session(app, browser, response)  # type: ignore[attr-defined]
    return str(response.headers["Set-Cookie"]).partition(";")[0]


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(
    command: list[str], environment: dict[str, str], log: Path
) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a server until the block ends; `{port}` in the command was filled in by the caller."""
    with log.open("wb") as out:
        process = subprocess.Popen(  # noqa: S603 our own command
            command, env=environment, stdout=out, stderr=out, start_new_session=True
        )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def wait_until_up(port: int, path: str = "/") -> float:
    """Return the seconds until a page came. Raises TimeoutError."""
    started = time.perf_counter()
    while time.perf_counter() - started < UP_S:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5):
                return time.perf_counter() - started
        except OSError:
            time.sleep(0.02)
    raise TimeoutError(f"no server on port {port}")


def our_server() -> list[str]:
    """Return the command that operators use."""
    return [sys.executable, "-m", "app", "serve"]
