"""Load that a server must carry: writers for a minute, a lock held from outside, backups meanwhile.

The suite does each for a moment, `make soak` for as long as users would.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from random import Random

from app.models.database import make_engine
from app.models.sqlite import sqlite_driver
from app.services.backup import backup, restore
from tests.durability.harness import (
    NOW,
    TIMEOUT_S,
    Browser,
    Client,
    Instance,
    Learner,
    Said,
    in_threads,
    new_learner,
    problems,
    put_up,
    servers_of,
    stored,
)

ROUND_S = 5
"""Seconds after which the writers are given new questions."""
FEW = 60


def writers(instance: Instance, count: int, learners: int) -> list[Client]:
    """Clients of several learners: two of one fight for its counters.

    A learner may answer 600 times a minute, so a long run needs many of them.
    """
    people = [new_learner(instance) for _ in range(learners)]
    return [Client(instance.ports, people[at % learners], Random(at)) for at in range(count)]


def hand_out(instance: Instance, clients: list[Client], seed: int, few: int = FEW) -> None:
    """Give the clients of each learner new questions when few are left."""
    for learner in unique([client.learner for client in clients]):
        own = [client for client in clients if client.learner is learner]
        while min(len(client.waiting) for client in own) < few:
            seed += 1
            for at, question in enumerate(put_up(instance, learner, seed)):
                own[at % len(own)].waiting.insert(0, question)


def unique(learners: list[Learner]) -> list[Learner]:
    return list({learner.id: learner for learner in learners}.values())


@contextmanager
def answering(clients: list[Client]) -> Iterator[None]:
    """Let clients answer meanwhile."""
    threads = in_threads(clients)
    try:
        yield
    finally:
        for client in clients:
            client.stop.set()
        for thread in threads:
            thread.join()


def answer_for(instance: Instance, clients: list[Client], seconds: float, few: int = FEW) -> None:
    """Let clients answer for a time; what they were told is in them."""
    for at in range(max(1, round(seconds / ROUND_S))):
        hand_out(instance, clients, at * 1_000, few)
        with answering(clients):
            time.sleep(min(seconds, ROUND_S))


def look(instance: Instance, clients: list[Client]) -> None:
    """Fail where anybody was told of a fault or a lock, or an answer is not there once."""
    assert [line for client in clients for line in client.unexpected] == []
    there = stored(instance.database)
    acknowledged = [token for client in clients for token in client.acknowledged]
    assert acknowledged
    assert [token for token in acknowledged if there[token] != 1] == []
    assert "locked" not in (instance.home / "log").read_text()
    assert problems(instance.database) == []


@contextmanager
def locked(database: Path) -> Iterator[None]:
    """Another program holds the write lock."""
    with closing(sqlite_driver().connect(str(database), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def answer_while_locked(instance: Instance, learner: Learner) -> tuple[Said, float, int]:
    """Return what an answer is told, after how many seconds, and the status of a page meanwhile."""
    (question, body), *_ = put_up(instance, learner, 7)
    browser = Browser(instance.ports[0], learner.cookie)
    statuses: list[int] = []

    def read() -> None:
        reader = Browser(instance.ports[0], learner.cookie)
        statuses.append(reader.ask("GET", "/decks/deepseek").status)

    with locked(instance.database):
        reading = threading.Timer(1, read)
        reading.start()
        began = time.monotonic()
        told = browser.ask("POST", question, body)
        waited_s = time.monotonic() - began
        reading.join()
    assert browser.ask("POST", question, body).status == 303
    return told, waited_s, statuses[0]


def back_up_while_answering(instance: Instance, clients: list[Client], backups: int) -> None:
    """Back up again and again; each backup holds what was acknowledged before it began."""
    folder = instance.home / "restored"
    folder.mkdir()
    for at in range(backups):
        hand_out(instance, clients, 50_000 + at * 1_000)
        target, database = folder / f"{at}.factdeck", folder / f"{at}.sqlite3"
        with answering(clients):
            wait_for_an_answer(clients)
            before = [token for client in clients for token in list(client.acknowledged)]
            engine = make_engine(f"sqlite:///{instance.database}")
            backup(engine, target, NOW)
            engine.dispose()
        restore(f"sqlite:///{database}", folder, target)
        there = stored(database)
        assert before
        assert [token for token in before if there[token] != 1] == []
        assert problems(database) == []


def wait_for_an_answer(clients: list[Client]) -> None:
    """Wait until one more answer is acknowledged, however busy the machine is."""
    had = sum(len(client.acknowledged) for client in clients)
    ends = time.monotonic() + TIMEOUT_S
    while sum(len(client.acknowledged) for client in clients) == had and time.monotonic() < ends:
        time.sleep(0.01)


def resident_mb(instance: Instance) -> float:
    """Megabytes of memory of the servers together, as the system counts them."""
    kilobytes = 0
    for pid in servers_of(instance):
        status = Path(f"/proc/{pid}/status").read_text()
        kilobytes += int(status.partition("VmRSS:")[2].split()[0])
    return kilobytes / 1024


def open_files(instance: Instance) -> int:
    """How many files the servers have open together."""
    return sum(len(list(Path(f"/proc/{pid}/fd").iterdir())) for pid in servers_of(instance))
