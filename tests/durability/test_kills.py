"""A1: an answer that was acknowledged is there, once, whenever the servers are killed.

The mutant that must fail: `writing` without its transaction around read and write.
"""

from pathlib import Path

import pytest

from tests.durability.killing import kill_again_and_again

KILLS = 10


@pytest.mark.parametrize("seed", range(5))
def test_no_acknowledged_answer_is_lost_or_doubled_by_ten_kills(tmp_path: Path, seed: int) -> None:
    assert kill_again_and_again(tmp_path / "instance", KILLS, seed) >= KILLS
