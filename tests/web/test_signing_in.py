"""Forgotten passwords and the second step, on the pages."""

import re
import threading
from collections.abc import Callable

import pyotp
import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs
from werkzeug.test import TestResponse

from app import clock
from app.instance import Instance
from app.services import accounts, rate_limits
from app.web.accounts import mailing

from .conftest import Submit, sign_in_as

Visit = Callable[[str], TestResponse]
PHRASE, OTHER = "correct horse battery", "nine quiet herons sail"
WEAK = "password" + "1234"
ADDRESS = "ann@b.example"


@pytest.fixture
def instance(client: FlaskClient) -> Instance:
    found: Instance = client.application.extensions["factdeck"]
    return found


@pytest.fixture
def ann(instance: Instance) -> accounts.Person:
    with Session(instance.engine) as session:
        return accounts.sign_up(session, None, ADDRESS, PHRASE, clock.now())


def give_password(submit: Submit, password: str = PHRASE) -> TestResponse:
    return submit("/sign-in", "/sign-in", email=ADDRESS, password=password)


def ask_for_link(submit: Submit, email: str) -> TestResponse:
    """Ask, and let the server do what it does once the answer is sent."""
    told = submit("/forgotten", "/forgotten", email=email)
    told.close()
    mailing.finish()
    return told


def test_a_forgotten_password_is_replaced_by_a_mailed_link(
    ann: accounts.Person, submit: Submit, visit: Visit, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "Forgotten your password?" in visit("/sign-in").text
    assert ask_for_link(submit, ADDRESS).location == "/forgotten/sent"
    mail = capsys.readouterr().out
    assert f"To: {ann.email}" in mail
    found = re.search(r"http://127\.0\.0\.1:8000(/new-password/\S+)", mail)
    assert found is not None
    weak = submit(found[1], found[1], password=WEAK)
    assert weak.status_code == 422
    assert "one of the first" in weak.text
    done = submit(found[1], found[1], password=OTHER)
    assert done.status_code == 303
    assert "Your password is changed" in visit(done.location).text
    assert visit(found[1]).status_code == 404
    assert give_password(submit).status_code == 422
    assert give_password(submit, OTHER).location == "/study"


def test_asking_for_a_link_tells_nobody_who_has_an_account(
    ann: accounts.Person, submit: Submit, capsys: pytest.CaptureFixture[str]
) -> None:
    told = [ask_for_link(submit, one) for one in (ADDRESS, "no@b.example")]
    assert capsys.readouterr().out.count("Subject:") == 1
    assert told[0].status_code == told[1].status_code == 303
    assert told[0].data == told[1].data
    names = [sorted(set(one.headers.keys()) - {"X-Request-ID"}) for one in told]
    assert names[0] == names[1]
    assert ann.email == ADDRESS


@pytest.mark.usefixtures("ann")
def test_nobody_waits_for_the_mail_not_even_with_the_next_request(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The end of a connection, or the next answer on it, would tell who has an account.

    And the log's line of a mail that failed has the id of its request.
    """
    answered, heard = threading.Event(), []

    class Slow:
        def send(self, _message: object) -> None:
            heard.append(answered.wait(30))
            raise OSError

    monkeypatch.setattr(mailing, "mailer", lambda _url: Slow())
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/forgotten").text)
    assert token is not None
    with capture_logs(processors=[merge_contextvars]) as logged:
        told = client.post("/forgotten", data={"csrf_token": token[1], "email": ADDRESS})
        told.close()  # the server is done with the request
        answered.set()
        mailing.finish()
    assert heard == [True]
    (failed,) = [one for one in logged if one["event"] == "mail_failed"]
    assert failed["request_id"] == told.headers["X-Request-ID"]


def test_one_address_gets_five_mails_a_day(
    ann: accounts.Person, submit: Submit, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(7):
        assert ask_for_link(submit, ADDRESS).status_code == 303
    assert capsys.readouterr().out.count(f"To: {ann.email}") == 5


def test_the_host_of_a_request_is_never_in_a_link(
    ann: accounts.Person,
    client: FlaskClient,
    submit: Submit,
    capsys: pytest.CaptureFixture[str],
) -> None:
    client.environ_base["HTTP_HOST"] = "evil.example"
    ask_for_link(submit, ADDRESS)
    mail = capsys.readouterr().out
    assert f"To: {ann.email}" in mail
    assert "evil.example" not in mail


def set_up(submit: Submit, visit: Visit) -> tuple[pyotp.TOTP, list[str]]:
    page = "/settings/second-step"
    assert submit(page, f"{page}/begin", password=OTHER).status_code == 422
    assert submit(page, f"{page}/begin", password=PHRASE).location == f"{page}/set-up"
    shown = visit(f"{page}/set-up").text
    assert "<svg" in shown
    secret = re.search(r'class="long">([A-Z2-7]{32})<', shown)
    assert secret is not None
    app = pyotp.TOTP(secret[1])
    assert submit(f"{page}/set-up", f"{page}/set-up", code="000000").status_code == 422
    kept = submit(f"{page}/set-up", f"{page}/set-up", code=app.at(clock.now()))
    codes = re.findall(r"<li><code>([a-z0-9-]{19})</code>", kept.text)
    assert len(codes) == 10
    assert kept.headers["Cache-Control"] == "no-store"
    return app, codes


def test_with_a_second_step_the_password_alone_opens_nothing(
    ann: accounts.Person,
    client: FlaskClient,
    submit: Submit,
    visit: Visit,
    instance: Instance,
) -> None:
    assert give_password(submit).location == "/study"
    app, codes = set_up(submit, visit)
    submit("/settings", "/sign-out")
    assert give_password(submit).location == "/sign-in/code"
    assert visit("/settings").status_code == 303
    wrong = submit("/sign-in/code", "/sign-in/code", code="123456")
    assert wrong.status_code == 422
    assert "does not fit" in wrong.text
    later = app.at(clock.now() + 30)
    assert submit("/sign-in/code", "/sign-in/code", code=later).location == "/study"
    assert visit("/settings").status_code == 200
    with Session(instance.engine) as session:
        rate_limits.forget(session)
    submit("/settings", "/sign-out")
    give_password(submit)
    assert submit("/sign-in/code", "/sign-in/code", code=codes[0]).location == "/study"
    assert "9 of your recovery codes are left" in visit("/settings/second-step").text
    page = "/settings/second-step"
    assert submit(page, f"{page}/off", password=PHRASE).status_code == 303
    submit("/settings", "/sign-out")
    assert give_password(submit).location == "/study"
    assert client.get("/settings").status_code == 200
    assert ann.email == ADDRESS


def test_half_of_signing_in_ends_soon_and_with_another_password(
    ann: accounts.Person,
    submit: Submit,
    visit: Visit,
    instance: Instance,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    give_password(submit)
    set_up(submit, visit)
    submit("/settings", "/sign-out")
    give_password(submit)
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + 301)
    assert visit("/sign-in/code").status_code == 303
    monkeypatch.setattr(clock, "now", lambda: now)
    give_password(submit)
    assert visit("/sign-in/code").status_code == 200
    with Session(instance.engine) as session:
        accounts.change_password(session, ann, PHRASE, OTHER)
    assert visit("/sign-in/code").status_code == 303


def test_an_admin_helps_who_cannot_sign_in(
    ann: accounts.Person, client: FlaskClient, submit: Submit, visit: Visit, instance: Instance
) -> None:
    give_password(submit)
    set_up(submit, visit)
    with Session(instance.engine) as session:
        link = accounts.make_setup_link(session, clock.now())
        assert link is not None
        admin = accounts.use_setup_link(session, link, "root@b.example", OTHER, clock.now())
    sign_in_as(client, admin)
    page = f"/people/{ann.id}"
    shown = submit(page, f"{page}/new-password").text
    found = re.search(r"http://127\.0\.0\.1:8000(/new-password/[\w-]+)", shown)
    assert found is not None
    assert re.search(r'id="active"[^>]*checked|checked[^>]*id="active"', shown)
    assert "/new-password/" not in visit(page).text.replace(f"{page}/new-password", "")
    assert submit(page, f"{page}/second-step-off").status_code == 303
    assert "They use no second step." in visit(page).text
    sign_in_as(client, None)
    assert submit(found[1], found[1], password=OTHER).status_code == 303
    assert give_password(submit, OTHER).location == "/study"
