"""Killed at any step, what an instance does to its files and tables is done whole or not at all.

Mutants that must fail: a migration outside one transaction; `backup` writing to its final name;
a restore that leaves the old log beside the new file; an import in a transaction for each fact.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.nursery import ROOT, surroundings

KILLS = os.environ.get("SOAK_INTERRUPTIONS", "12")


@pytest.mark.parametrize("act", ["migration", "backups", "restoring", "importing"])
def test_killed_at_any_step_it_is_done_whole_or_not_at_all(tmp_path: Path, act: str) -> None:
    command = [sys.executable, "-m", "tests.durability.interrupted", act, str(tmp_path), KILLS]
    done = subprocess.run(
        command, cwd=ROOT, env=surroundings(tmp_path), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
