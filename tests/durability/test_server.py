"""The real server, several processes: synced before it is told, once however often it is sent,
kept when there is no room, and finished before it stops."""

import fcntl
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

import pytest

from app.models.database import writing
from app.models.people import User
from tests.durability.harness import (
    Browser,
    Instance,
    Learner,
    any_answer,
    filled,
    new_learner,
    opened,
    problems,
    put_up,
    servers_of,
    serving,
    stored,
)

ROUNDS = int(os.environ.get("SOAK_ROUNDS", "3"))
SENDERS = 32
SENT = 6
SYNCED = int(os.environ.get("SOAK_SYNCED", "20"))
STUDIED = 10


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[Instance]:
    with serving(tmp_path / "instance") as made:
        yield made


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
    first, second = (Browser(port, learner.cookie) for port in instance.ports * 2)
    page = second.visit(question)
    other = re.findall(r'type="radio"[^>]*value="([^"]+)"', page)[1]
    told = first.visit(first.ask("POST", question, body).location)
    again = second.ask("POST", question, filled(learner, other))
    assert (again.status, again.location) == (303, f"{question}/feedback")
    assert told_of(second.visit(again.location)) == told_of(told)
    assert stored(instance.database)[question.rsplit("/", 1)[1]] == 1


def test_a_full_disk_is_told_and_writing_goes_on_when_there_is_room(instance: Instance) -> None:
    learner = new_learner(instance)
    questions = put_up(instance, learner, 4)
    browser = Browser(instance.ports[0], learner.cookie)
    acknowledged = [questions[0][0]]
    assert browser.ask("POST", *questions[0]).status == 303
    servers = servers_of(instance)
    assert len(servers) > 2
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


def test_a_server_that_is_told_to_stop_finishes_what_it_has_begun(tmp_path: Path) -> None:
    # Threads enough for all of them in one worker, so that each is at work when it is told.
    with serving(tmp_path / "instance", FACTDECK_THREADS=str(SENT)) as instance:
        stop_amid_answers(instance)


def stop_amid_answers(instance: Instance) -> None:
    learner = new_learner(instance)
    questions = put_up(instance, learner, 5)[:SENT]
    queue = Path(f"{instance.database}.writer")

    def send(at: int) -> int:
        browser = Browser(instance.ports[at % len(instance.ports)], learner.cookie)
        return browser.ask("POST", *questions[at]).status

    with ThreadPoolExecutor(SENT) as pool, queue.open("r+") as own:
        fcntl.flock(own, fcntl.LOCK_EX)  # so that all of them are at work, and none is done
        said = [pool.submit(send, at) for at in range(SENT)]
        while waiting_for(queue) < SENT:
            assert not any(one.done() for one in said)
            time.sleep(0.01)
        os.killpg(instance.group, signal.SIGTERM)
        time.sleep(1.9)  # longer than until it looks up, and than waitress itself would wait
        fcntl.flock(own, fcntl.LOCK_UN)
        assert [one.result() for one in said] == [303] * SENT
    began = time.monotonic()
    instance.signal(signal.SIGTERM)
    assert time.monotonic() - began < 10
    assert len(stored(instance.database)) == SENT
    assert problems(instance.database) == []


def waiting_for(path: Path) -> int:
    """How many processes and threads wait for a lock on a file."""
    inode = path.stat().st_ino
    lines = Path("/proc/locks").read_text().splitlines()
    return sum(f":{inode} " in line for line in lines if "->" in line)


def test_an_answer_is_on_the_disk_before_it_is_acknowledged(tmp_path: Path) -> None:
    strace = shutil.which("strace")
    trace = tmp_path / "trace"
    if strace is None or not works(strace):
        sys.stderr.write("\n*** NO STRACE: that answers are synced was NOT tested. ***\n")
        pytest.skip("strace is not there, or may not trace")
    with serving(tmp_path / "instance", workers=1) as instance:
        learner = new_learner(instance)
        questions = [one for seed in (6, 7) for one in put_up(instance, learner, seed)][:SYNCED]
        with opened(instance.database) as session, writing(session):
            session.get_one(User, learner.id).new_per_day = 2 * SYNCED
        attach = [part for pid in servers_of(instance) for part in ("-p", str(pid))]
        calls = "trace=fdatasync,fsync,sendto,send,write,writev"
        watching = subprocess.Popen(
            [strace, "-f", "-y", "-s", "40", "-e", calls, "-o", str(trace), *attach],
            stderr=subprocess.PIPE,
        )
        assert watching.stderr is not None
        assert b"attached" in watching.stderr.readline()
        browser = Browser(instance.ports[0], learner.cookie)
        for at, question in enumerate(questions):
            assert browser.ask("POST", *question).status == 303
            if at < STUDIED:
                study_one(browser, learner)
        watching.terminate()
        watching.wait()
        watching.stderr.close()
    responses = were_synced(trace.read_text())
    # An answer, then a question put up, which nobody was promised anything of, then its answer.
    studied, rest = responses[: 3 * STUDIED], responses[3 * STUDIED :]
    assert studied[0::3] == studied[2::3] == [True] * STUDIED
    assert rest == [True] * (SYNCED - STUDIED)


def were_synced(trace: str) -> list[bool]:
    """Of each redirection, whether the log of writes was brought to the disk since the last."""
    synced, responses = False, []
    for line in trace.splitlines():
        if re.search(r"f(data)?sync\(\d+<[^>]*-wal>", line):
            synced = True
        elif '"HTTP/1.1 303' in line:
            responses.append(synced)
            synced = False
    return responses


def study_one(browser: Browser, learner: Learner) -> None:
    """Have a question put up, and answer it."""
    question = browser.study()
    given = urlencode(any_answer(browser.visit(question)))
    assert browser.ask("POST", question, f"{learner.csrf}&{given}").status == 303


def works(strace: str) -> bool:
    """Whether this machine lets a process be traced."""
    done = subprocess.run([strace, "-o", "/dev/null", "true"], check=False, capture_output=True)
    return done.returncode == 0
