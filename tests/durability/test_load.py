"""Many writers meet no lock, a held lock is told in time, and backups are whole meanwhile.

Mutants that must fail: read-then-write without BEGIN IMMEDIATE; a busy timeout of a minute; a
backup by copying the file.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.durability.harness import Instance, serving
from tests.durability.load import answer_for, back_up_while_answering, look, writers


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[Instance]:
    with serving(tmp_path / "instance") as made:
        yield made


def test_fifty_writers_are_told_of_no_lock_and_no_fault(instance: Instance) -> None:
    clients = writers(instance, 50, learners=25)
    answer_for(instance, clients, 2)
    look(instance, clients)


def test_a_backup_holds_what_was_acknowledged_before_it_began(instance: Instance) -> None:
    clients = writers(instance, 4, learners=2)
    back_up_while_answering(instance, clients, 2)
    look(instance, clients)
