"""Fetching: no form of a private address gets as far as a connection."""

import contextlib
import gzip
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from app.interchange.fetching import Limits, NotFetched, fetch, is_public
from app.interchange.fetching.names import MOST_AT_ONCE

PRIVATE = [
    "127.0.0.1", "127.1", "0x7f.1", "0x7f000001", "2130706433", "017700000001", "0177.0.0.1", "0",
    "0.0.0.0", "①②⑦.⓪.⓪.①", "127。0。0。1", "[::1]", "[::]", "[::ffff:127.0.0.1]",  # noqa: S104
    "[::ffff:7f00:1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b:1::7f00:1]",
    "[2002:7f00:1::]", "[2001:0:7f00:1::]", "[fe80::1]", "[fe80::1%25lo]", "[fc00::1]",
    "[fec0::1]", "[ff02::1]", "[2001:db8::1]", "169.254.169.254", "100.64.0.1", "10.0.0.1",
    "172.16.0.1", "192.168.0.1", "192.0.0.8", "192.88.99.1", "198.18.0.1", "224.0.0.1",
    "239.1.1.1", "240.0.0.1", "255.255.255.255", "168.63.129.16", "localhost", "localhost.",
    "LOCALHOST", "x.localhost", "metadata.google.internal", "printer.local", "router",
    "127.0.0.1.", "127.0.0.1%00.example.org", "",
]  # fmt: skip
ODD = [
    "file:///etc/hosts", "gopher://example.org/", "ftp://example.org/", "javascript:alert(1)",
    "//example.org/", "example.org", "http://user@example.org/", "http://a:b@example.org/",
    "http://example.org@127.0.0.1/", "http://example.org:22/", "http://example.org:0/",
    "http://example.org:99999/", "http://example.org:x/", "http://example.org\\@127.0.0.1/",
    "http://exa mple.org/", "http://[::1/", "http:///path", "http://-\u0000-.org/",
    "http://example.org/\r\nHost: x", "http://" + "a" * 3_000 + ".org/", "",
]  # fmt: skip


@dataclass
class Listener:
    """A site on loopback that counts who calls."""

    port: int
    calls: int = 0
    asked: list[bytes] = field(default_factory=list)


@pytest.fixture
def site() -> Iterator[Callable[..., Listener]]:
    """Make a site that sends one reply after another, with pauses between the parts of one."""
    opened: list[socket.socket] = []

    def serve(*replies: bytes, pause: float = 0, most: int = 1_000_000_000) -> Listener:
        server = socket.create_server(("127.0.0.1", 0))
        opened.append(server)
        made = Listener(server.getsockname()[1])

        def run() -> None:
            for reply in replies or (b"",):
                try:
                    peer, _ = server.accept()
                    made.calls += 1
                    with peer:
                        made.asked.append(peer.recv(65_536))
                        step = 1 if pause else most
                        for at in range(0, len(reply), step):
                            peer.sendall(reply[at : at + step])
                            time.sleep(pause)
                except OSError:
                    return

        threading.Thread(target=run, daemon=True).start()
        return made

    yield serve
    for server in opened:
        server.close()


def page(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


def here(listener: Listener, **limits: object) -> Limits:
    """Let one site on loopback be visited, whatever its name."""
    settings: dict[str, object] = {
        "resolve": lambda _name, _port: ["127.0.0.1"],
        "may_visit": lambda address: address == "127.0.0.1",
        "ports": frozenset({listener.port}),
    }
    return Limits(**(settings | limits))  # type: ignore[arg-type]  # each of its own type


@pytest.mark.parametrize("host", PRIVATE)
def test_no_form_of_a_private_address_is_connected_to(
    host: str, site: Callable[..., Listener]
) -> None:
    listener = site(page(b"secret"))
    ports = frozenset({listener.port})
    with pytest.raises(NotFetched):
        fetch(f"http://{host}:{listener.port}/", Limits(ports=ports))
    assert listener.calls == 0


@pytest.mark.parametrize("url", ODD)
def test_an_odd_address_is_refused_before_its_name_is_looked_up(url: str) -> None:
    def resolve(name: str, _port: int) -> list[str]:
        raise AssertionError(name)

    with pytest.raises(NotFetched) as refused:
        fetch(url, Limits(resolve=resolve))
    assert str(refused.value).endswith(".")


@pytest.mark.parametrize("address", ["1.1.1.1", "8.8.8.8", "2606:4700::1111", "172.32.0.1"])
def test_public_addresses_may_be_visited(address: str) -> None:
    assert is_public(address)


def test_a_page_is_fetched_with_its_charset(site: Callable[..., Listener]) -> None:
    listener = site(page(b"<p>Hello", "Content-Type: text/html; charset=latin-1"))
    found = fetch(f"http://news.test:{listener.port}/a?b=c#d", here(listener))
    assert (found.content, found.charset) == (b"<p>Hello", "latin-1")
    assert listener.asked[0].startswith(b"GET /a?b=c HTTP/1.1")
    assert f"Host: news.test:{listener.port}".encode() in listener.asked[0]


def test_a_name_with_one_private_address_among_public_ones_is_refused(
    site: Callable[..., Listener],
) -> None:
    listener = site(page(b"secret"))
    limits = Limits(
        resolve=lambda _name, _port: ["1.1.1.1", "127.0.0.1"], ports=frozenset({listener.port})
    )
    with pytest.raises(NotFetched, match="private network"):
        fetch(f"http://news.test:{listener.port}/", limits)
    assert listener.calls == 0


def test_a_name_that_turns_private_at_the_next_connection_is_refused(
    site: Callable[..., Listener],
) -> None:
    listener = site(page(b"", "Location: /again", status="302 Found"), page(b"secret"))
    answers = iter([["127.0.0.1"], ["127.0.0.2"]])
    limits = here(listener, resolve=lambda _name, _port: next(answers))
    with pytest.raises(NotFetched, match="private network"):
        fetch(f"http://news.test:{listener.port}/", limits)
    assert listener.calls == 1


def test_the_name_is_looked_up_once_and_the_connection_made_to_what_was_checked(
    site: Callable[..., Listener],
) -> None:
    listener, asked = site(page(b"text", "Content-Type: text/plain")), []

    def resolve(name: str, _port: int) -> list[str]:
        asked.append(name)
        return ["127.0.0.1"] if len(asked) == 1 else ["127.0.0.9"]

    fetch(f"http://news.test:{listener.port}/", here(listener, resolve=resolve))
    assert asked == ["news.test"]


def test_a_connection_that_ends_elsewhere_is_cut_before_anything_is_sent(
    site: Callable[..., Listener],
) -> None:
    listener = site(page(b"secret"))
    limits = Limits(
        resolve=lambda _name, _port: ["1.1.1.1"],
        connect=lambda _address, seconds: socket.create_connection(
            ("127.0.0.1", listener.port), seconds
        ),
    )
    with pytest.raises(NotFetched, match="private network"):
        fetch("http://news.test/", limits)
    time.sleep(0.05)
    assert listener.asked in ([], [b""])


@pytest.mark.parametrize(
    "onwards", ["http://127.0.0.2/", "http://[::1]/", "file:///etc/hosts", "http://localhost/"]
)
def test_a_redirect_is_checked_like_the_first_address(
    onwards: str, site: Callable[..., Listener]
) -> None:
    listener = site(page(b"", f"Location: {onwards}", status="302 Found"))
    ports = frozenset({80, listener.port})
    with pytest.raises(NotFetched):
        fetch(f"http://news.test:{listener.port}/", here(listener, ports=ports))
    assert listener.calls == 1


@pytest.mark.parametrize(("times", "arrives"), [(3, True), (4, False)])
def test_three_redirects_are_followed_and_no_more(
    times: int,
    arrives: bool,  # noqa: FBT001 from the table
    site: Callable[..., Listener],
) -> None:
    on = page(b"", "Location: /next", status="301 Moved")
    listener = site(*[on] * times, page(b"text", "Content-Type: text/plain"))
    if arrives:
        assert fetch(f"http://news.test:{listener.port}/", here(listener)).url.endswith("/next")
    else:
        with pytest.raises(NotFetched, match="more than 3 times"):
            fetch(f"http://news.test:{listener.port}/", here(listener))


def test_a_page_that_drips_is_cut_when_the_time_is_up(site: Callable[..., Listener]) -> None:
    listener = site(page(b"x" * 500, "Content-Type: text/plain"), pause=0.05)
    began = time.monotonic()
    with pytest.raises(NotFetched, match="longer than"):
        fetch(f"http://news.test:{listener.port}/", here(listener, seconds=0.5))
    assert time.monotonic() - began < 15  # the whole page takes 25 s


@pytest.fixture
def certified(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """Return a server's TLS context for news.test, whose certificate this process trusts."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "news.test")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2120, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("news.test")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "site.pem"
    path.write_bytes(
        certificate.public_bytes(Encoding.PEM)
        + key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


def secured(context: ssl.SSLContext, body: bytes, pause: float) -> Listener:
    """Serve one page over TLS, a byte at a time with pauses between."""
    server = socket.create_server(("127.0.0.1", 0))
    made = Listener(server.getsockname()[1])

    def run() -> None:
        with server, contextlib.suppress(OSError):
            peer, _ = server.accept()
            made.calls += 1
            with context.wrap_socket(peer, server_side=True) as safe:
                safe.recv(65_536)
                for at in range(len(body)):
                    safe.sendall(body[at : at + 1])
                    time.sleep(pause)

    threading.Thread(target=run, daemon=True).start()
    return made


def test_a_page_over_tls_is_fetched(certified: ssl.SSLContext) -> None:
    listener = secured(certified, page(b"Good news.", "Content-Type: text/plain"), 0)
    found = fetch(f"https://news.test:{listener.port}/", here(listener))
    assert found.content == b"Good news."


def test_a_site_that_is_not_who_it_says_is_refused(certified: ssl.SSLContext) -> None:
    listener = secured(certified, page(b"Bad news.", "Content-Type: text/plain"), 0)
    with pytest.raises(NotFetched, match="certificate"):
        fetch(f"https://olds.test:{listener.port}/", here(listener))


def test_a_page_that_drips_over_tls_is_cut_when_the_time_is_up(certified: ssl.SSLContext) -> None:
    listener = secured(certified, page(b"x" * 500, "Content-Type: text/plain"), 0.05)
    began = time.monotonic()
    with pytest.raises(NotFetched, match="longer than"):
        fetch(f"https://news.test:{listener.port}/", here(listener, seconds=0.5))
    assert time.monotonic() - began < 15  # the whole page takes 25 s


def test_a_name_server_that_sleeps_is_not_waited_for(site: Callable[..., Listener]) -> None:
    listener, woken = site(), threading.Event()

    def sleep(_name: str, _port: int) -> list[str]:
        woken.wait(30)
        return ["127.0.0.1"]

    with pytest.raises(NotFetched, match="in time for the site's name"):
        fetch(f"http://news.test:{listener.port}/", here(listener, seconds=0.3, resolve=sleep))
    woken.set()
    for one in threading.enumerate():
        if one.name == "look-up":
            one.join(30)


def test_look_ups_that_hang_are_few_and_keep_no_server_from_stopping() -> None:
    """The ninth name is refused at once; when the others give up, names are looked up again."""
    gone, counted = threading.Event(), threading.Semaphore(0)

    def hang(_name: str, _port: int) -> list[str]:
        counted.release()
        gone.wait(30)
        raise OSError

    def ask() -> None:
        with contextlib.suppress(NotFetched):
            fetch("http://news.test/", Limits(resolve=hang, seconds=60))

    askers = [threading.Thread(target=ask) for _ in range(MOST_AT_ONCE)]
    for one in askers:
        one.start()
    for _ in askers:
        assert counted.acquire(timeout=30)
    hanging = [one for one in threading.enumerate() if one.name == "look-up"]
    assert len(hanging) == MOST_AT_ONCE
    assert all(one.daemon for one in hanging)
    with pytest.raises(NotFetched, match="Too many names"):
        fetch("http://news.test/", Limits(resolve=lambda _n, _p: ["127.0.0.1"]))
    gone.set()
    for one in (*askers, *hanging):
        one.join(30)
    with pytest.raises(NotFetched, match="no site by that name"):
        fetch("http://news.test/", Limits(resolve=hang))


def test_a_small_page_that_unpacks_beyond_the_limit_is_refused(
    site: Callable[..., Listener],
) -> None:
    packed = gzip.compress(b"\0" * 40_000_000)
    listener = site(page(packed, "Content-Type: text/html", "Content-Encoding: gzip"))
    with pytest.raises(NotFetched, match="larger than 10 MB"):
        fetch(f"http://news.test:{listener.port}/", here(listener))


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        (page(b"x", "Content-Type: image/png"), "image/png"),
        (page(b"x", "Content-Type: text/html", status="404 Not Found"), "404"),
        (page(b"no", "Content-Type: text/html", "Content-Encoding: gzip"), "unpacked"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n", "larger"),
        (b"garbage\r\n\r\n", "did not answer"),
        (b"", "did not answer"),
    ],
)
def test_whatever_is_no_article_is_refused_with_a_reason(
    reply: bytes, why: str, site: Callable[..., Listener]
) -> None:
    listener = site(reply)
    with pytest.raises(NotFetched, match=why):
        fetch(f"http://news.test:{listener.port}/", here(listener))
