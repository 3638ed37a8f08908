"""The app on a copied, migrated, seeded database, and a client with CSRF left on."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app import clock, create_app
from app.config import Config
from app.instance import Instance
from app.services import accounts, sign_ins
from app.services.accounts import Person
from app.web import security
from app.web.accounts import mailing
from app.web.current import SIGN_IN
from tests.standing import StandingDatabase, StandingFile


@pytest.fixture
def site_engine(database: str, request: pytest.FixtureRequest) -> Engine:
    """An engine on a database that is as new, with the seed decks."""
    standing: StandingFile | StandingDatabase = request.getfixturevalue(
        f"standing_seeded_{database}"
    )
    return standing.renew()


@pytest.fixture
def site_url(site_engine: Engine) -> str:
    """The address of the test's database."""
    return site_engine.url.render_as_string(hide_password=False)


class Kept(BytecodeCache):
    """Templates that one app has compiled serve the next: compiling is half of a test's work."""

    def __init__(self) -> None:
        self._codes: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if self._key(bucket) in self._codes:
            bucket.bytecode_from_string(self._codes[self._key(bucket)])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._codes[self._key(bucket)] = bucket.bytecode_to_string()

    def _key(self, bucket: Bucket) -> str:
        return f"{bucket.environment.speaks} {bucket.key}"  # type: ignore[attr-defined]  # of Pages


TEMPLATES = Kept()


def config(folder: Path, url: str, **told: object) -> Config:
    """Settings as the tests have them: nobody pulls the plug on them, so nothing is flushed."""
    return Config(folder, url, "k" * 40, **{"synchronous": "OFF", **told})  # type: ignore[arg-type]


@pytest.fixture
def new_app(site_url: str, tmp_path: Path) -> Iterator[Callable[..., Flask]]:
    """Make apps on the test's database, told what is given; all are closed at the end."""
    made: list[Flask] = []

    def make(**told: object) -> Flask:
        made.append(create_app(config(tmp_path, site_url, **told)))
        made[-1].jinja_env.bytecode_cache = TEMPLATES
        return made[-1]

    yield make
    mailing.finish()  # its thread may hold a connection
    for one in made:
        one.extensions["factdeck"].engine.dispose()


@pytest.fixture(scope="session")
def bare_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """An app without an instance of its own: making one takes longer than most tests."""
    made = create_app(config(tmp_path_factory.mktemp("bare"), "sqlite://"))
    made.jinja_env.bytecode_cache = TEMPLATES
    return made


@pytest.fixture
def app(bare_app: Flask, site_engine: Engine, site_url: str, tmp_path: Path) -> Iterator[Flask]:
    """The app on the test's own database and folder, as new."""
    settings = dict(bare_app.config)
    bare_app.extensions["factdeck"] = Instance(config(tmp_path, site_url), site_engine)
    bare_app.config["RATELIMIT_STORAGE_OPTIONS"] = {"engine": site_engine}
    bare_app.config.pop("RATELIMIT_ENABLED", None)  # the limiter knows whether a test counts
    security.limiter.init_app(bare_app)
    yield bare_app
    mailing.finish()
    bare_app.config.clear()
    bare_app.config.update(settings)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


Submit = Callable[..., TestResponse]


def check_page(response: TestResponse) -> TestResponse:
    """Parse strictly; ids are unique, every POST form carries its token, headers are there."""
    is_page = response.mimetype == "text/html" and response.status_code != 303
    if is_page and response.data:
        parser = html5lib.HTMLParser(strict=True)
        whole = response.text.startswith("<!doctype html>")
        (parser.parse if whole else parser.parseFragment)(response.text)
        ids = re.findall(r'\sid="([^"]+)"', response.text)
        assert len(ids) == len(set(ids)), sorted(ids)
        for form in re.findall(r"<form[^>]*method=\"post\".*?</form>", response.text, re.DOTALL):
            assert 'name="csrf_token"' in form or 'action="/embed/' in form
    assert "'unsafe-inline'" not in response.headers["Content-Security-Policy"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    return response


@pytest.fixture
def visit(client: FlaskClient) -> Callable[[str], TestResponse]:
    return lambda path: check_page(client.get(path))


@pytest.fixture
def submit(client: FlaskClient) -> Submit:
    """Post with the token of the page that the form is on."""

    def send(page: str, path: str, /, **data: object) -> TestResponse:
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(page).text)
        assert token is not None, page
        response = client.post(path, data={"csrf_token": token[1], **data})
        response.request.environ["wsgi.input"].close()  # a large body is a file of the client's
        return check_page(response)

    return send


def sign_in_as(client: FlaskClient, person: Person | None) -> None:
    """Sign the client in as somebody, without a password; as nobody for None."""
    instance: Instance = client.application.extensions["factdeck"]
    with Session(instance.engine) as session:
        secret = sign_ins.begin(session, person.id, clock.now()) if person else ""
    with client.session_transaction() as cookie:
        cookie.clear()
        if secret:
            cookie[SIGN_IN] = secret


@pytest.fixture
def signed_in_admin(app: Flask, client: FlaskClient) -> Person:
    """An admin, signed in, who may edit every deck."""
    instance: Instance = app.extensions["factdeck"]
    with Session(instance.engine) as session:
        link = accounts.make_setup_link(session, 2_000_000_000)
        assert link is not None
        phrase = "correct horse battery"
        person = accounts.use_setup_link(session, link, "a@b.example", phrase, 2_000_000_000)
    sign_in_as(client, person)
    return person
