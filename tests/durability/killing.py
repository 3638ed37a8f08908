"""Kill a real instance at random moments while clients answer, and look what is left each time."""

import signal
import time
from collections import Counter
from pathlib import Path
from random import Random

from tests.durability.harness import (
    Client,
    Instance,
    in_threads,
    new_learner,
    problems,
    serving,
    stored,
)
from tests.durability.load import hand_out

LEARNERS, CLIENTS = 4, 8
"""Two clients answer for each learner at once, so that their counters are fought for."""
LONGEST_S = 0.12
"""Servers are killed so many seconds at most after their first answer: before, nothing is lost."""
FIRST_S = 20.0
"""A server that has just started on a busy machine may need some of these for its first answer."""
FEW = 10


def kill_again_and_again(home: Path, kills: int, seed: int) -> int:
    """Return how many answers were acknowledged before kills; fail where one is lost or doubled."""
    rng = Random(seed)
    with serving(home) as instance:
        learners = [new_learner(instance) for _ in range(LEARNERS)]
        clients = [
            Client(instance.ports, learners[at % LEARNERS], Random(rng.random()))
            for at in range(CLIENTS)
        ]
        for _ in range(kills):
            hand_out(instance, clients, rng.getrandbits(30), FEW)
            _answer_until_killed(instance, clients, rng.uniform(0, LONGEST_S))
            look(instance.database, clients)
            instance.start()
        before = _acknowledged(clients)
        _everything_arrives(instance, clients)
    return before


def _acknowledged(clients: list[Client]) -> int:
    return sum(len(client.acknowledged) for client in clients)


def _answer_until_killed(instance: Instance, clients: list[Client], for_s: float) -> None:
    before, began = _acknowledged(clients), time.monotonic()
    threads = in_threads(clients)
    while _acknowledged(clients) == before and time.monotonic() - began < FIRST_S:
        time.sleep(0.005)
    time.sleep(for_s)
    instance.kill()
    for client in clients:
        client.stop.set()
    for thread in threads:
        thread.join()


def _everything_arrives(instance: Instance, clients: list[Client]) -> None:
    """What was sent and not acknowledged is sent again, and is then there once as well."""
    for client in clients:
        client.answer_one()
    look(instance.database, clients)
    instance.signal(signal.SIGTERM)


def look(database: Path, clients: list[Client]) -> None:
    """Fail where an acknowledged answer is not there once, or where anything else is wrong."""
    there = stored(database)
    assert [line for client in clients for line in client.unexpected] == []
    acknowledged = Counter(token for client in clients for token in client.acknowledged)
    assert [token for token in acknowledged if there.get(token) != 1] == []
    assert [token for token, count in there.items() if count != 1] == []
    assert problems(database) == []
