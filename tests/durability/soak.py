"""`make soak`: what the suite does a few times, done for hours. KILLS and SEED by environment.

Kills real servers 1,000 times, then runs the suite's other tests of durability with large numbers.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.durability.harness import ROOT
from tests.durability.killing import kill_again_and_again

LARGE = {"SOAK_ROUNDS": "50", "SOAK_SYNCED": "100", "SOAK_INTERRUPTIONS": "200"}
AT_A_TIME = 50


def main() -> int:
    """Soak; return pytest's exit code."""
    kills, seed = int(os.environ.get("KILLS", "1000")), int(os.environ.get("SEED", "1"))
    acknowledged, began = 0, time.monotonic()
    for done in range(0, kills, AT_A_TIME):
        with tempfile.TemporaryDirectory(prefix="factdeck-soak-") as folder:
            count = min(AT_A_TIME, kills - done)
            acknowledged += kill_again_and_again(Path(folder) / "instance", count, seed + done)
        took_s = time.monotonic() - began
        print(
            f"{done + count} kills, {acknowledged} answers acknowledged, none lost or doubled "
            f"({took_s:.0f} s)",
            flush=True,
        )
    command = [sys.executable, "-m", "pytest", "-n", "0", "tests/durability"]
    return subprocess.run(command, cwd=ROOT, env=os.environ | LARGE, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
