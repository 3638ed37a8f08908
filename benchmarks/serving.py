"""The server: `python -m benchmarks.serving`. Answers against the floor, and a hundred learners.

Ratios within one run: requests to both servers alternate, so that other work on the machine
weighs on both. CPU time is the fairer figure where the machine is shared.
"""

import asyncio
import re
import statistics
import sys
import time
from collections import defaultdict

import psutil

from benchmarks.browsers import NEXT, QUESTION, Browser, Times, answer_of, crowd
from benchmarks.instances import free_port, our_server, prepared, serving, wait_until_up

CYCLES = 150
LEARNERS = 100
CROWD_S = 15.0
THINK_S = 2.0


def cpu_s(pid: int) -> float:
    """Return the CPU seconds that a process and its children have used."""
    whole = psutil.Process(pid)
    return sum(sum(one.cpu_times()[:2]) for one in [whole, *whole.children(recursive=True)])


async def our_cycle(browser: Browser, following: str, token: str) -> str:
    """Look at a question, answer it, read the feedback, ask for the next; return its address."""
    page = (await browser.get("question", following))[2]
    asked = QUESTION.search(page)
    assert asked is not None  # noqa: S101 it is a question's page
    told = (await browser.post("answer", asked[1], answer_of(page)))[1]
    page = (await browser.get("feedback", told))[2]
    further = NEXT.search(page)
    assert further is not None  # noqa: S101 a study session goes on
    return (await browser.post("next", further[1], {"csrf_token": token}))[1]


async def compared(ours: int, floor: int, cookie: str) -> tuple[Times, Times]:
    """Return the times of requests to our server and to the floor, made in turn."""
    mine: Times = defaultdict(list)
    theirs: Times = defaultdict(list)
    browser, bare = Browser(ours, cookie, mine), Browser(floor, "", theirs)
    page = (await browser.get("deck", "/decks/large"))[2]
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token is not None  # noqa: S101 the page has a form
    begun = await browser.post("start", "/decks/large/study", {"csrf_token": token[1]})
    following = begun[1]
    await bare.get("start", "/start")
    secret = {"csrf": "c" * 43}
    for at in range(CYCLES):
        following = await our_cycle(browser, following, token[1])
        shown = (await bare.post("next", "/next", secret))[1].rpartition("/")[2]
        given = secret | {"answer": "this" if at % 2 else "that"}
        status = (await bare.post("answer", f"/answer/{shown}", given))[0]
        assert status == 303  # noqa: S101 the floor takes answers too
        await bare.get("hello", "/hello")
    return mine, theirs


def against_the_floor() -> None:
    """Print how our requests compare with the floor's."""
    with prepared(1) as instance:
        ours, floor = free_port(), free_port()
        environment = instance.environment | {"PORT": str(ours), "FACTDECK_WORKERS": "1"}
        bare = [sys.executable, "-m", "benchmarks.floor", str(floor), str(instance.home / "floor")]
        log = instance.home / "floor.log"
        with (
            serving(our_server(), environment, instance.home / "log"),
            serving(bare, environment, log),
        ):
            wait_until_up(ours)
            wait_until_up(floor, "/hello")
            mine, theirs = asyncio.run(compared(ours, floor, instance.cookies[0]))
    middle = {kind: statistics.median(times[20:]) for kind, times in mine.items() if times[20:]}
    low = {kind: statistics.median(times[20:]) for kind, times in theirs.items() if times[20:]}
    both = (middle["answer"] + middle["next"]) / (low["answer"] + low["next"])
    for kind, wanted, ratio in (
        ("answer", 2.5, middle["answer"] / low["answer"]),
        ("answer and next question", 2.5, both),
        ("question page / hello", 6.0, middle["question"] / low["hello"]),
    ):
        print(f"{kind + ':':32}{ratio:6.2f} x the floor (wanted <= {wanted})")
    for kind, took in middle.items():
        print(f"  {kind:12}{took * 1000:8.2f} ms   floor {low.get(kind, 0) * 1000:6.2f} ms")
    print(f"  {'hello':12}{'':11}   floor {low['hello'] * 1000:6.2f} ms")


def share(times: list[float], part: float) -> float:
    """Return a quantile in milliseconds."""
    return sorted(times)[min(len(times) - 1, int(len(times) * part))] * 1000


def a_crowd(think_s: float) -> None:
    """Print how a hundred learners fare at the default server."""
    with prepared(LEARNERS) as instance:
        port = free_port()
        environment = instance.environment | {"PORT": str(port)}
        with serving(our_server(), environment, instance.home / "log") as server:
            up = wait_until_up(port)
            before, started = cpu_s(server.pid), time.perf_counter()
            times, wrong, answers = asyncio.run(crowd(port, instance.cookies, CROWD_S, think_s))
            took, used = time.perf_counter() - started, cpu_s(server.pid) - before
            children = psutil.Process(server.pid).children()
            sizes = [child.memory_info().rss // 1_000_000 for child in children]
    every = [one for kind in ("question", "answer", "feedback", "next") for one in times[kind]]
    print(f"{LEARNERS} learners, {think_s:.0f} s of thought before each answer:")
    for kind, found in (("all requests", every), ("answers", times["answer"])):
        cells = " ".join(f"p{round(q * 100)} {share(found, q):6.0f} ms" for q in (0.5, 0.95, 0.99))
        print(f"  {kind:14}{cells}")
    print(f"  {answers / took:.0f} answers/s, {len(every) / took:.0f} requests/s, ", end="")
    print(f"{used / len(every) * 1000:.1f} ms CPU a request, {len(wrong)} errors")
    print(f"  started in {up:.1f} s; MB of each process: {sizes}")
    for line in sorted(set(wrong))[:3]:
        print(f"  {line}")


def main() -> None:
    """Print what was measured."""
    against_the_floor()
    a_crowd(THINK_S)
    a_crowd(0.0)


if __name__ == "__main__":
    main()
