"""E-mail through a real SMTP server: plain, with STARTTLS and a password, and one that fails."""

import ipaddress
import ssl
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword
from aiosmtpd.smtp import Session as SmtpSession
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from app import clock
from app.config import BadSetting, Config
from app.mail import ConsoleMailer, SmtpMailer, mailer
from app.services.reminders import TryLater, Undeliverable

ANSWERS = {"gone@b.example": "550 no such user", "busy@b.example": "451 later, please"}


class Mailbox:
    """Keeps what arrives; some receivers are refused, and all while it is full."""

    def __init__(self) -> None:
        self.received: list[Envelope] = []
        self.secure: list[bool] = []
        self.full = False

    async def handle_RCPT(  # noqa: N802 aiosmtpd's own name
        self, _server: object, _session: SmtpSession, envelope: Envelope, address: str, _o: object
    ) -> str:
        envelope.rcpt_tos.append(address)
        return ANSWERS.get(address, "250 fine")

    async def handle_DATA(  # noqa: N802 aiosmtpd's own name
        self, _server: object, session: SmtpSession, envelope: Envelope
    ) -> str:
        if self.full:
            return "452 no room"
        self.received.append(envelope)
        self.secure.append(session.ssl is not None)
        return "250 kept"


class OwnPort(Controller):
    """A server on whatever port is free."""

    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


def allow(
    _server: object, _s: object, _e: object, _how: object, given: LoginPassword
) -> AuthResult:
    right = (given.login, given.password) == (b"us@er", b"pass word")
    return AuthResult(success=right, handled=False)


Start = Callable[..., str]


@pytest.fixture
def box() -> Mailbox:
    return Mailbox()


@pytest.fixture
def start(box: Mailbox) -> Iterator[Start]:
    """A function that starts a server on a free port and returns host and port."""
    running: list[Controller] = []

    def begin(**settings: object) -> str:
        controller = OwnPort(box, hostname="127.0.0.1", port=0, **settings)
        controller.start()
        running.append(controller)
        return f"localhost:{controller.port}"

    yield begin
    for controller in running:
        controller.stop()


@pytest.fixture
def tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A certificate for localhost, which this test trusts as a machine trusts its authorities."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    now = datetime.fromtimestamp(clock.now(), UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, secret = tmp_path / "cert.pem", tmp_path / "key.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, secret)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    return context


def message(to: str = "l@b.example") -> EmailMessage:
    made = EmailMessage()
    made["Subject"], made["From"], made["To"] = "Fünf facts due", "f@b.example", to
    made["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    made.set_content("Fünf facts.\n")
    return made


def test_a_message_arrives_whole(start: Start, box: Mailbox) -> None:
    mailer(f"smtp://{start()}").send(message())
    [kept] = box.received
    assert kept.rcpt_tos == ["l@b.example"]
    assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click" in (kept.content or b"")
    assert box.secure == [False]


def test_a_password_goes_through_starttls_alone(
    start: Start, box: Mailbox, tls: ssl.SSLContext
) -> None:
    site = start(tls_context=tls, auth_required=True, authenticator=allow)
    SmtpMailer(f"smtp://us%40er:pass%20word@{site}").send(message())
    assert box.secure == [True]
    with pytest.raises(OSError, match="Authentication"):
        SmtpMailer(f"smtp://us%40er:wrong@{site}").send(message())
    bare = start(authenticator=allow)
    with pytest.raises(OSError, match="STARTTLS"):
        SmtpMailer(f"smtp://us%40er:pass%20word@{bare}").send(message())
    assert len(box.received) == 1


def test_a_server_that_nobody_vouches_for_gets_no_password(
    start: Start, box: Mailbox, tls: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = start(tls_context=tls, auth_required=True, authenticator=allow)
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(OSError, match="certificate"):
        SmtpMailer(f"smtp://us%40er:pass%20word@{site}").send(message())
    assert not box.received


def test_a_refusal_says_whether_it_is_for_good(start: Start, box: Mailbox) -> None:
    post = SmtpMailer(f"smtp://{start()}")
    with pytest.raises(Undeliverable):
        post.send(message("gone@b.example"))
    with pytest.raises(TryLater):
        post.send(message("busy@b.example"))
    box.full = True
    with pytest.raises(TryLater):
        post.send(message())
    box.full = False
    post.send(message())
    assert len(box.received) == 1


def test_where_nobody_listens_it_is_an_error_of_the_network(start: Start) -> None:
    site = start()
    with pytest.raises(OSError, match="SSL"):
        SmtpMailer(f"smtps://{site}").send(message())
    with pytest.raises(ConnectionRefusedError):
        SmtpMailer("smtp://localhost:1").send(message())


def test_without_a_server_messages_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    post = mailer("")
    assert isinstance(post, ConsoleMailer)
    post.send(message())
    assert "l@b.example" in capsys.readouterr().out


@pytest.mark.parametrize(
    "url", ["smtp://host:port", "https://host", "host:25", "smtp://", "smtp://a:p%C3%A4ss@host"]
)
def test_an_address_that_is_none_stops_the_server_at_its_start(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FACTDECK_HOME", str(tmp_path))
    monkeypatch.setenv("FACTDECK_SMTP_URL", url)
    with pytest.raises(BadSetting, match="FACTDECK_SMTP_URL"):
        Config.load()
