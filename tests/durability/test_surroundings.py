"""Where an instance cannot work it says so in one line, ends at once, and changes nothing."""

import hashlib
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from app.models.sqlite import sqlite_driver
from tests.nursery import ROOT, surroundings


def run(home: Path, *command: str, **more: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "app", *command],
        env=surroundings(home, **more),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def digests(folder: Path) -> dict[str, str]:
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.iterdir()
        if path.is_file() and path.suffix in {".sqlite3", ".sqlite3-wal"}
    }


def garbage(home: Path) -> dict[str, str]:
    (home / "factdeck.sqlite3").write_bytes(b"garbage" * 5000)
    return {}


def nothing_in_it(home: Path) -> dict[str, str]:
    (home / "factdeck.sqlite3").touch()
    return {}


def from_the_future(home: Path) -> dict[str, str]:
    connection = sqlite_driver().connect(str(home / "factdeck.sqlite3"))
    connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32))")
    connection.execute("INSERT INTO alembic_version VALUES ('9999')")
    connection.commit()
    connection.execute("PRAGMA journal_mode=WAL")
    connection.close()
    return {}


def a_folder(home: Path) -> dict[str, str]:
    (home / "factdeck.sqlite3").mkdir()
    return {}


def no_such_kind(_home: Path) -> dict[str, str]:
    return {"DATABASE_URL": "oracle://nowhere"}


def no_address(_home: Path) -> dict[str, str]:
    return {"DATABASE_URL": "what is this"}


def no_server(_home: Path) -> dict[str, str]:
    return {"DATABASE_URL": "postgresql+psycopg://127.0.0.1:1/factdeck"}


def in_memory(_home: Path) -> dict[str, str]:
    return {"DATABASE_URL": "sqlite:///:memory:"}


def no_folder(home: Path) -> dict[str, str]:
    return {"DATABASE_URL": f"sqlite:///{home}/missing/factdeck.sqlite3"}


def no_port(_home: Path) -> dict[str, str]:
    return {"PORT": "eighty"}


def a_file_for_a_home(home: Path) -> dict[str, str]:
    (home / "file").touch()
    return {"FACTDECK_HOME": str(home / "file")}


@pytest.mark.parametrize(
    "broken",
    [
        garbage,
        nothing_in_it,
        from_the_future,
        a_folder,
        no_such_kind,
        no_address,
        no_server,
        in_memory,
        no_folder,
        no_port,
        a_file_for_a_home,
    ],
)
def test_a_broken_instance_says_what_to_do_and_changes_nothing(
    tmp_path: Path, broken: Callable[[Path], dict[str, str]]
) -> None:
    more = broken(tmp_path)
    before = digests(tmp_path)
    done = run(tmp_path, "serve", **more)
    assert done.returncode != 0
    assert done.stderr.startswith("factdeck: "), done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    assert "Traceback" not in done.stderr
    assert digests(tmp_path) == before


def test_a_port_in_use_is_said_in_one_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = run(tmp_path, "serve", PORT=str(taken.getsockname()[1]))
    assert done.returncode != 0
    assert done.stderr.splitlines()[-1].startswith("factdeck: ")
    assert "in use" in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr


AS_NOBODY = """
import os, sys
import app.cli, app.config, app.services.upkeep, app.services.backup, app.services.checking
os.setgroups([])
os.setgid(65534)
os.setuid(65534)
sys.argv = ["factdeck", "check"]
app.cli.main()
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can act as somebody else")
@pytest.mark.parametrize("readable", [False, True])
def test_the_folder_of_somebody_else_is_said_in_one_line(*, readable: bool) -> None:
    with tempfile.TemporaryDirectory(prefix="factdeck-foreign-") as folder:
        home = Path(folder)
        assert run(home, "init").returncode == 0
        if readable:
            for path in (home, *home.iterdir()):
                path.chmod(0o755)
        before = digests(home)
        done = subprocess.run(
            [sys.executable, "-c", AS_NOBODY],
            env=surroundings(home, FACTDECK_SECRET_KEY="k" * 40),
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode != 0
        assert done.stderr.startswith("factdeck: "), done.stderr
        assert done.stderr.count("\n") == 1, done.stderr
        assert digests(home) == before


def test_neither_a_language_nor_a_home_is_needed(tmp_path: Path) -> None:
    done = run(tmp_path, "questions", "--deck", "planets", LC_ALL="C", PYTHONUTF8="0", HOME="")
    assert done.returncode == 0, done.stderr
