"""What cannot be stored now stays in the page: busy, full, damaged."""

import base64
import fcntl
import gc
import html
import io
import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from sqlite3 import Connection as DriverConnection

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.models import turns
from app.models.learning import Review
from app.models.sqlite import sqlite_driver
from tests.web.conftest import Submit

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

ANSWER = 'Liang "W" & <b>co</b>'
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="
)
Visit = Callable[[str], TestResponse]


@pytest.fixture
def engine(app: Flask) -> Engine:
    found: Engine = app.extensions["factdeck"].engine
    return found


@pytest.fixture
def question(submit: Submit) -> str:
    """The address of an open question that is answered by typing."""
    chosen = {"count": "40", "types": "short_answer"}
    quiz = submit("/decks/deepseek", "/decks/deepseek/quiz", **chosen)
    return str(quiz.location)


def reviews(engine: Engine) -> int:
    with Session(engine) as session:
        return session.scalar(select(func.count()).select_from(Review)) or 0


@contextmanager
def turn_taken(engine: Engine) -> Iterator[None]:
    """Another process has its turn to write, and does not end it."""
    with Path(f"{engine.url.database}.writer").open("w") as queue:
        fcntl.flock(queue, fcntl.LOCK_EX)
        yield


@contextmanager
def lock_held(engine: Engine) -> Iterator[None]:
    """A program that knows nothing of the queue, such as sqlite3's shell, holds SQLite's lock."""
    other = sqlite_driver().connect(str(engine.url.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield
    other.close()


@contextmanager
def no_room(engine: Engine) -> Iterator[None]:
    """The database may not grow: SQLite says what it says on a full disk (SQLITE_FULL)."""

    def limit(connection: DriverConnection, _record: object) -> None:
        connection.execute("PRAGMA max_page_count=1")

    engine.dispose()
    fill_free_pages(engine)
    event.listen(engine, "connect", limit)
    yield
    event.remove(engine, "connect", limit)
    engine.dispose()


def fill_free_pages(engine: Engine) -> None:
    """Leave no page of the file unused, so that only pages begun have room."""
    connection = sqlite_driver().connect(str(engine.url.database), isolation_level=None)
    connection.execute("CREATE TABLE filler (content BLOB)")
    connection.execute("PRAGMA max_page_count=1")
    with suppress(sqlite_driver().OperationalError):
        while True:
            connection.execute("INSERT INTO filler VALUES (zeroblob(3000))")
    connection.close()


@pytest.mark.parametrize("taken", [turn_taken, lock_held])
def test_an_answer_that_waits_too_long_is_kept_in_the_form(
    question: str,
    submit: Submit,
    visit: Visit,
    engine: Engine,
    taken: Callable[[Engine], "contextmanager[None]"],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(turns, "WRITE_WAIT_S", 0.05)
    engine.dispose()
    with taken(engine):
        page = submit(question, question, answer=ANSWER)
        assert page.status_code == 503
        assert page.headers["Retry-After"] == "5"
        assert f'value="{html.escape(ANSWER)}"' in page.text.replace("&#34;", "&quot;")
        assert "not stored yet" in page.text
        assert visit(question).status_code == 200
    assert reviews(engine) == 0
    assert submit(question, question, answer=ANSWER).status_code == 303
    assert reviews(engine) == 1


def test_on_a_full_disk_the_answer_is_kept_and_later_stored(
    question: str, submit: Submit, visit: Visit, engine: Engine
) -> None:
    wide = "\N{MATHEMATICAL BOLD SMALL A}" * 470  # no page has so much room left
    with no_room(engine):
        page = submit(question, question, answer=ANSWER + wide)
        assert page.status_code == 507
        assert wide in page.text
        assert "disk is full" in page.text
        assert visit(question).status_code == 200
    assert reviews(engine) == 0
    assert submit(question, question, answer=ANSWER).status_code == 303
    assert reviews(engine) == 1


def test_an_answer_to_a_database_that_was_moved_away_is_not_acknowledged(
    question: str, submit: Submit, client: FlaskClient, engine: Engine
) -> None:
    """SQLite writes on to a file without a name: the answer would be gone with the process."""
    path = Path(str(engine.url.database))
    elsewhere = path.with_name("elsewhere")
    path.rename(elsewhere)
    try:
        page = submit(question, question, answer=ANSWER)
        assert page.status_code == 503
        assert f'value="{html.escape(ANSWER)}"' in page.text.replace("&#34;", "&quot;")
        assert "moved, deleted or replaced" in page.text
        assert client.get("/readyz").status_code == 503
        engine.dispose()
        assert client.get("/decks/deepseek").status_code == 503
        assert not path.exists()  # nothing that looks like a database of ours
    finally:
        elsewhere.rename(path)
    assert submit(question, question, answer=ANSWER).status_code == 303
    assert reviews(engine) == 1


def test_any_form_can_be_sent_again_from_the_page_that_refused_it(
    submit: Submit, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "WRITE_WAIT_S", 0.05)
    with turn_taken(engine):
        page = submit("/decks/deepseek", "/decks/deepseek/quiz", count="7", types=["cloze"])
    assert page.status_code == 503
    assert 'action="/decks/deepseek/quiz' in page.text
    assert '<input type="hidden" name="count" value="7">' in page.text
    assert '<input type="hidden" name="types" value="cloze">' in page.text
    assert "Send it again" in page.text


# Werkzeug leaves closing the file that it could not fill to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.usefixtures("signed_in_admin")
def test_a_file_for_which_there_is_no_room_is_no_fault(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    """What is sent goes to temporary files first: they may be where no room is left."""
    named = 'Content-Disposition: form-data; name="file"; filename="facts.csv"'
    sent = f"--edge\r\n{named}\r\n\r\n{'x' * 2_000_000}\r\n--edge--\r\n".encode()
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    try:
        page = client.post(
            "/transfer/",
            input_stream=io.BytesIO(sent),
            content_length=len(sent),
            content_type="multipart/form-data; boundary=edge",
        )
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    gc.collect()
    assert page.status_code == 507
    assert "There is no room to save this" in page.text
    assert "Traceback" not in caplog.text


@pytest.mark.usefixtures("signed_in_admin")
def test_a_fact_is_kept_where_no_picture_was_chosen_for_it(
    submit: Submit, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "WRITE_WAIT_S", 0.05)
    new = "/facts/deepseek/new"
    typed = {"kind": "text", "text": "Femur", "ask": "Which bone?", "stance": "stated"}
    typed |= {"source": "", "bound": "", "part": "", "action": "draft"}
    for name, is_kept in (("", True), ("a.png", False)):
        data = PNG if name else b""
        with turn_taken(engine):
            page = submit(new, new, **typed, picture=(io.BytesIO(data), name))
        assert page.status_code == 503
        assert ('name="ask" value="Which bone?"' in page.text) is is_kept


def test_a_password_is_never_put_into_a_page(
    submit: Submit, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "WRITE_WAIT_S", 0.05)
    given = {"email": "ada@example.org", "password": "a-long-enough-one", "time_zone": "UTC"}
    with turn_taken(engine):
        page = submit("/sign-up", "/sign-up", **given)
    assert page.status_code == 503
    assert "a-long-enough-one" not in page.text


def test_a_database_that_cannot_be_read_is_a_page_and_no_fault(
    client: FlaskClient, engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    path = Path(str(engine.url.database))
    engine.dispose()
    path.write_bytes(b"garbage" * 2000)
    page = client.get("/decks/deepseek")
    assert page.status_code == 503
    assert "damaged" in page.text
    assert "Traceback" not in caplog.text
