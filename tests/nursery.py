"""Servers that are forked from a process which has imported everything: 0.2 s a start, not 3 s.

Each runs `serve_forever`, as `factdeck serve` does, in a process group of its own, so that one
signal ends all of its processes at once.
"""

import json
import os
import subprocess
import sys
from atexit import register
from functools import cache
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parents[1]
NURSERY = """
import ctypes, json, os, signal, sys, traceback
from pathlib import Path
import app.web, waitress  # everything that a server imports
from app.config import Config
from app.models.database import make_engine
from app.serving import serve_forever
from app.services import decks
from sqlalchemy.orm import Session

signal.signal(signal.SIGCHLD, signal.SIG_IGN)
# Killed workers are orphans of killed parents. They are buried here at once: the machine's first
# process may take a second over it, and until then their group looks alive.
ctypes.CDLL(None).prctl(36, 1)  # PR_SET_CHILD_SUBREAPER
started = {}

def surround(environment):
    os.environ.clear()
    os.environ.update(environment)

def warm():
    # What a deck's questions are made from takes 0.4 s to read, at each start otherwise.
    engine = make_engine(Config.load().database_url)
    with Session(engine) as session:
        decks.index_of(session, decks.deck_id_of(session, "deepseek"))
    engine.dispose()

def serve(log):
    out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(out, 1)
    os.dup2(out, 2)
    os.close(out)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    try:
        serve_forever(Path(os.environ["SEED_DATA"]))
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(1)

for line in sys.stdin:
    told = json.loads(line)
    surround(told["environment"])
    home = os.environ["FACTDECK_HOME"]
    started[home] = started.get(home, 0) + 1
    if started[home] == 2:
        warm()
    leader = 0
    for port in told["ports"]:
        child = os.fork()
        if child == 0:
            os.setpgid(0, leader)
            os.environ["PORT"] = str(port)
            serve(told["log"])
        leader = leader or child
        os.setpgid(child, leader)
    print(leader, flush=True)
"""


def surroundings(home: Path, **more: str) -> dict[str, str]:
    """What an instance in a folder is told; nothing of the tests' own surroundings."""
    kept = {name: text for name, text in os.environ.items() if name in {"PATH", "LANG", "TZ"}}
    seeds = str(ROOT / "seed_data")
    own = {"FACTDECK_HOME": str(home), "HOST": "127.0.0.1", "SEED_DATA": seeds}
    return kept | own | {"PYTHONPATH": str(ROOT), "HOME": str(home)} | more


def start(environment: dict[str, str], ports: list[int], log: Path) -> int:
    """Start a server for each port, all of one instance; return the number of their group."""
    asked, answers = _pipes(_nursery())
    told = {"environment": environment, "ports": ports, "log": str(log)}
    print(json.dumps(told), file=asked, flush=True)
    return int(answers.readline())


@cache
def _nursery() -> "subprocess.Popen[str]":
    made = subprocess.Popen(  # noqa: S603 our own process
        [sys.executable, "-c", NURSERY],
        env=surroundings(ROOT),
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    register(_close, made)
    return made


def _close(nursery: "subprocess.Popen[str]") -> None:
    nursery.kill()
    nursery.wait()
    for pipe in _pipes(nursery):
        pipe.close()


def _pipes(nursery: "subprocess.Popen[str]") -> tuple[IO[str], IO[str]]:
    assert nursery.stdin is not None
    assert nursery.stdout is not None
    return nursery.stdin, nursery.stdout
