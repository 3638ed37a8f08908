"""The real server, several processes: synced before it is told, once however often it is sent,
kept when there is no room, and finished before it stops."""

import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

import pytest

from tests.durability.harness import (
    Browser,
    Client,
    Instance,
    filled,
    in_threads,
    new_learner,
    problems,
    put_up,
    serving,
    stored,
)

ROUNDS = int(os.environ.get("SOAK_ROUNDS", "3"))
SENDERS = 32
WRITERS = 50
SYNCED = int(os.environ.get("SOAK_SYNCED", "20"))


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[Instance]:
    with serving(tmp_path / "instance") as made:
        yield made


def children_of(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in listed]


def test_an_answer_sent_by_thirty_two_at_once_is_one_review(instance: Instance) -> None:
    learner = new_learner(instance)
    questions = put_up(instance, learner, 1)[:ROUNDS]

    def send(at: int, question: str, body: str) -> tuple[int, str, str]:
        browser = Browser(instance.ports[at % len(instance.ports)], learner.cookie)
        told = browser.ask("POST", question, body)
        return told.status, told.location, browser.visit(told.location)

    for question, body in questions:
        with ThreadPoolExecutor(SENDERS) as pool:
            said = list(pool.map(send, range(SENDERS), [question] * SENDERS, [body] * SENDERS))
        assert {one[:2] for one in said} == {(303, f"{question}/feedback")}
        assert len({told_of(one[2]) for one in said}) == 1
    assert set(stored(instance.database).values()) == {1}
    assert len(stored(instance.database)) == ROUNDS
    question, body = questions[0]
    first = told_of(Browser(instance.ports[0], learner.cookie).visit(f"{question}/feedback"))
    instance.kill()
    instance.start()
    assert told_of(send(1, question, body)[2]) == first
    assert len(stored(instance.database)) == ROUNDS
    assert problems(instance.database) == []


def told_of(page: str) -> str:
    """What a feedback page says, without what differs between two copies of a page."""
    return re.sub(r'(csrf_token"[^>]*value|nonce)="[^"]*"', "", page.partition("<main")[2])


def test_of_two_tabs_the_first_answer_counts_and_the_second_is_told_so(
    instance: Instance,
) -> None:
    learner = new_learner(instance)
    question, body = put_up(instance, learner, 2)[0]
    first, second = (Browser(port, learner.cookie) for port in instance.ports)
    page = second.visit(question)
    other = re.findall(r'type="radio"[^>]*value="([^"]+)"', page)[1]
    told = first.visit(first.ask("POST", question, body).location)
    again = second.ask("POST", question, filled(learner, other))
    assert (again.status, again.location) == (303, f"{question}/feedback")
    assert told_of(second.visit(again.location)) == told_of(told)
    assert stored(instance.database)[question.rsplit("/", 1)[1]] == 1


def test_fifty_writers_at_once_meet_no_lock(instance: Instance) -> None:
    learners = [new_learner(instance) for _ in range(5)]
    clients = [Client(instance.ports, learners[at % 5], Random(at)) for at in range(WRITERS)]
    for learner in learners:
        own = [client for client in clients if client.learner is learner]
        for client, question in zip(own, put_up(instance, learner, 3), strict=False):
            client.waiting.append(question)
    for thread in in_threads(clients):
        thread.join()
    assert [line for client in clients for line in client.unexpected] == []
    assert sum(len(client.acknowledged) for client in clients) == WRITERS
    assert set(stored(instance.database).values()) == {1}
    assert "locked" not in (instance.home / "log").read_text()
    assert problems(instance.database) == []


def test_a_full_disk_is_told_and_writing_goes_on_when_there_is_room(instance: Instance) -> None:
    learner = new_learner(instance)
    questions = put_up(instance, learner, 4)
    browser = Browser(instance.ports[0], learner.cookie)
    acknowledged = [questions[0][0]]
    assert browser.ask("POST", *questions[0]).status == 303
    servers = [
        pid for pid in children_of(instance.nursery.pid) if os.getpgid(pid) == instance.group
    ]
    assert len(servers) == len(instance.ports)
    room = Path(f"{instance.database}-wal").stat().st_size
    for pid in servers:  # as on a full disk, no file can grow any more
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY))
    refused = None
    for question in questions[1:]:
        told = browser.ask("POST", *question)
        if told.status != 303:
            refused = question, told
            break
        acknowledged.append(question[0])
    assert refused is not None
    assert refused[1].status == 507
    assert "not stored yet" in refused[1].text
    assert " checked" in refused[1].text
    assert "<main" in browser.visit(refused[0][0])
    for pid in servers:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
    assert browser.ask("POST", *refused[0]).status == 303
    there = stored(instance.database)
    assert [one for one in acknowledged if there[one.rsplit("/", 1)[1]] != 1] == []
    assert problems(instance.database) == []


def test_a_server_that_is_told_to_stop_finishes_what_it_has_begun(instance: Instance) -> None:
    learners = [new_learner(instance) for _ in range(4)]
    clients = [Client(instance.ports, learners[at % 4], Random(at)) for at in range(8)]
    for at, learner in enumerate(learners):
        questions = put_up(instance, learner, 5)
        clients[at].waiting = questions[::2]
        clients[at + 4].waiting = questions[1::2]
    broken: Counter[str] = Counter()

    def answer(client: Client) -> None:
        while client.waiting and not client.stop.is_set():
            try:
                client.answer_one()
            except ConnectionRefusedError:
                return  # it listens no more: nothing of this was begun
            except OSError as error:
                broken[repr(error)] += 1
                return

    threads = [threading.Thread(target=answer, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    while not any(client.acknowledged for client in clients):
        assert any(thread.is_alive() for thread in threads)
        time.sleep(0.01)
    began = time.monotonic()
    instance.signal(signal.SIGTERM)
    took_s = time.monotonic() - began
    for client in clients:
        client.stop.set()
    for thread in threads:
        thread.join()
    assert broken == {}
    assert took_s <= 10
    there = stored(instance.database)
    tokens = [token for client in clients for token in client.acknowledged]
    assert [token for token in tokens if there[token] != 1] == []


def test_an_answer_is_on_the_disk_before_it_is_acknowledged(tmp_path: Path) -> None:
    strace = shutil.which("strace")
    trace = tmp_path / "trace"
    if strace is None or not works(strace):
        sys.stderr.write("\n*** NO STRACE: that answers are synced was NOT tested. ***\n")
        pytest.skip("strace is not there, or may not trace")
    with serving(tmp_path / "instance", processes=1) as instance:
        learner = new_learner(instance)
        questions = put_up(instance, learner, 6)[:SYNCED]
        (pid,) = [
            pid for pid in children_of(instance.nursery.pid) if os.getpgid(pid) == instance.group
        ]
        calls = "trace=fdatasync,fsync,sendto,send,write,writev"
        watching = subprocess.Popen(
            [strace, "-f", "-y", "-s", "40", "-e", calls, "-o", str(trace), "-p", str(pid)],
            stderr=subprocess.PIPE,
        )
        assert watching.stderr is not None
        assert b"attached" in watching.stderr.readline()
        browser = Browser(instance.ports[0], learner.cookie)
        for question in questions:
            assert browser.ask("POST", *question).status == 303
        watching.terminate()
        watching.wait()
        watching.stderr.close()
    synced, responses = False, []
    for line in trace.read_text().splitlines():
        if re.search(r"f(data)?sync\(\d+<[^>]*-wal>", line):
            synced = True
        elif '"HTTP/1.1 303' in line:
            responses.append(synced)
            synced = False
    assert responses == [True] * SYNCED


def works(strace: str) -> bool:
    """Whether this machine lets a process be traced."""
    done = subprocess.run([strace, "-o", "/dev/null", "true"], check=False, capture_output=True)
    return done.returncode == 0
