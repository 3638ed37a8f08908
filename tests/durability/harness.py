"""A real instance, served by several processes, that can be killed, and clients that answer."""

import html
import http.client
import os
import re
import signal
import socket
import threading
import time
import urllib.parse
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.questions import Direction, QuestionType, ask
from app.models.database import make_engine, writing
from app.models.learning import Review, ShownQuestion
from app.services import checking, decks, sessions
from tests import nursery

TIMEOUT_S = 30
NOW = 1_763_900_000
ENDING = {signal.SIGKILL, signal.SIGTERM}


def free_ports(count: int) -> list[int]:
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [int(probe.getsockname()[1]) for probe in probes]
    for probe in probes:
        probe.close()
    return ports


@dataclass
class Instance:
    """An instance's folder, its ports, and the process group that serves it now."""

    home: Path
    ports: list[int]
    environment: dict[str, str]
    group: int = 0

    @property
    def database(self) -> Path:
        return self.home / "factdeck.sqlite3"

    def start(self) -> None:
        """Start the processes and wait until each answers."""
        self.group = nursery.start(self.environment, self.ports, self.home / "log")
        for port in self.ports:
            wait_until_up(port, self.home)

    def kill(self) -> None:
        """End every process at once, as a power cut would."""
        self.signal(signal.SIGKILL)

    def signal(self, number: int) -> None:
        if self.group:
            with suppress(ProcessLookupError):
                os.killpg(self.group, number)
        deadline = time.monotonic() + TIMEOUT_S
        while self.group and number in ENDING and time.monotonic() < deadline:
            try:
                os.killpg(self.group, 0)
            except ProcessLookupError:
                self.group = 0
                return
            time.sleep(0.01)


def servers_of(instance: Instance) -> list[int]:
    """The process numbers of an instance's servers."""
    pids = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdecimal()]
    return [pid for pid in pids if _group_of(pid) == instance.group]


def _group_of(pid: int) -> int:
    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return 0


def wait_until_up(port: int, home: Path) -> None:
    deadline = time.monotonic() + TIMEOUT_S
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise AssertionError(f"no server came up:\n{(home / 'log').read_text()[-4000:]}")


@contextmanager
def serving(home: Path, workers: int = 2, **more: str) -> Iterator[Instance]:
    """Serve a new instance in a folder by several workers; end all of it afterwards."""
    home.mkdir(exist_ok=True, mode=0o700)
    told = nursery.surroundings(home, FACTDECK_WORKERS=str(workers), **more)
    instance = Instance(home, free_ports(1), told)
    try:
        instance.start()
        yield instance
    finally:
        if instance.group:
            instance.kill()


@dataclass(frozen=True)
class Said:
    """What a server answered."""

    status: int
    location: str
    text: str


@dataclass
class Browser:
    """One person's browser: a cookie, and the forms of the pages that it has open."""

    port: int
    cookie: str = ""
    line: http.client.HTTPConnection | None = None

    def ask(self, method: str, path: str, body: str | None = None) -> Said:
        headers = {"Cookie": self.cookie, "Connection": "close"}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT_S)
        try:
            line.request(method, path, body, headers)
            answer = line.getresponse()
            text = answer.read().decode()
        finally:
            line.close()
        for name, value in answer.getheaders():
            if name == "Set-Cookie":
                self.cookie = value.split(";")[0]
        return Said(answer.status, answer.headers.get("Location", ""), text)

    def visit(self, path: str) -> str:
        return self.ask("GET", path).text

    def send(self, page: str, path: str, **data: str) -> Said:
        """Post a form with the token of the page that it stands on."""
        return self.ask("POST", path, body_of(page, data))

    def study(self, deck: str = "deepseek") -> str:
        """Begin to study; return the address of the first question."""
        page = self.visit(f"/decks/{deck}")
        return self.send(page, f"/decks/{deck}/study").location


def body_of(page: str, data: dict[str, str]) -> str:
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token is not None, page[:3000]
    return urllib.parse.urlencode({"csrf_token": token[1], **data})


def any_answer(page: str) -> dict[str, str]:
    """A response of the right shape to whatever question the page shows."""
    found = re.search(r'type="(?:radio|checkbox)"[^>]*value="([^"]+)"', page)
    if found:
        return {"answer": html.unescape(found[1])}
    parts = re.findall(r'<select[^>]*name="([^"]+)"(.*?)</select>', page, re.DOTALL)
    if not parts:
        return {"answer": "qqqq"}
    return {
        name: html.unescape(re.findall(r'<option[^>]*value="([^"]+)"', part)[at])
        for at, (name, part) in enumerate(parts)
    }


@dataclass
class Learner:
    """A guest: their number, the cookie, and the token against forgery that goes with it."""

    id: int
    cookie: str
    csrf: str


def new_learner(instance: Instance) -> Learner:
    """Become a guest as people do, by beginning to study."""
    browser = Browser(instance.ports[0])
    question = browser.study()
    page = browser.visit(question)
    token = question.rsplit("/", 1)[1]
    with opened(instance.database) as session:
        query = select(ShownQuestion.user_id).where(ShownQuestion.token == token)
        user_id = session.scalars(query).one()
    return Learner(user_id, browser.cookie, body_of(page, {}))


def put_up(instance: Instance, learner: Learner, seed: int) -> list[tuple[str, str]]:
    """Open questions on every fact of the deck; return each one's address and a filled form."""
    with opened(instance.database) as session:
        deck_id = decks.deck_id_of(session, "deepseek")
        index = decks.index_of(session, deck_id)
        refs = sessions.published_facts(session, deck_id)
        kinds = (QuestionType.MULTIPLE_CHOICE, QuestionType.TRUE_FALSE)
        asked = [
            (refs[fact.key], question)
            for kind in kinds
            for fact in index.facts
            if (question := ask(index, fact, kind, Direction.FORWARD, seed)) is not None
        ]
        with writing(session):
            owner = sessions.open_session(session, learner.id, deck_id, "study", NOW)
            tokens = sessions.put_up(session, owner, asked, 1, NOW)
    return [
        (f"/questions/{token}", filled(learner, one.options[0]))
        for token, (_, one) in zip(tokens, asked, strict=True)
    ]


def filled(learner: Learner, answer: str) -> str:
    """The body of an answer form with one answer."""
    return f"{learner.csrf}&{urllib.parse.urlencode({'answer': answer})}"


@dataclass
class Client:
    """Somebody who answers on and on, and sends an answer again until it is acknowledged."""

    ports: list[int]
    learner: Learner
    rng: Random
    waiting: list[tuple[str, str]] = field(default_factory=list)
    """Questions to be answered: the address of each, and the form to be sent."""
    acknowledged: list[str] = field(default_factory=list)
    unexpected: list[str] = field(default_factory=list)
    put_off: int = 0
    """How often it was told to come again later."""
    took_s: list[float] = field(default_factory=list)
    """Seconds that each answer was waited for."""
    stop: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Answer until told to stop; what was not acknowledged is sent again."""
        while self.waiting and not self.stop.is_set():
            try:
                self.answer_one()
            except (OSError, http.client.HTTPException):
                self.stop.wait(0.01)

    def answer_one(self) -> None:
        question, body = self.waiting[-1]
        browser = Browser(self.rng.choice(self.ports), self.learner.cookie)
        began = time.monotonic()
        told = browser.ask("POST", question, body)
        self.took_s.append(time.monotonic() - began)
        if told.status in {429, 503}:
            self.put_off += 1
            return
        self.waiting.pop()
        if told.status == 303 and told.location == f"{question}/feedback":
            self.acknowledged.append(question.rsplit("/", 1)[1])
        else:
            self.unexpected.append(f"{told.status} {question}: {told.text[:2000]}")


def in_threads(clients: list[Client]) -> list[threading.Thread]:
    for client in clients:
        client.stop.clear()
    threads = [threading.Thread(target=client.run) for client in clients]
    for thread in threads:
        thread.start()
    return threads


def stored(database: Path) -> Counter[str]:
    """How often each token stands in the log."""
    with opened(database) as session:
        return Counter(session.scalars(select(Review.token)))


def problems(database: Path) -> list[str]:
    """What `factdeck check` finds."""
    with opened(database) as session:
        return checking.check(session)


@contextmanager
def opened(database: Path) -> Iterator[Session]:
    engine = make_engine(f"sqlite:///{database}")
    try:
        with Session(engine) as session:
            yield session
    finally:
        engine.dispose()
