"""The first start: one key, one admin, however many start or press at once (A14).

Mutants that must fail: a key written under its own name; a set-up link looked at before the
transaction alone.
"""

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.config import BadSetting, Config, secret_key
from app.core.errors import Refused
from app.services import accounts

NOW = 1_763_900_000
ROUNDS = int(os.environ.get("SOAK_STARTS", "20"))
STARTS, PRESSES = 16, 32


def test_sixteen_starts_at_once_read_one_whole_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(STARTS) as pool:
        for number in range(ROUNDS):
            home = tmp_path / str(number)
            home.mkdir(mode=0o700)
            keys = list(pool.map(secret_key, [home] * STARTS))
            assert len(set(keys)) == 1
            assert len(keys[0]) >= 43
            assert stat.S_IMODE((home / "secret_key").stat().st_mode) == 0o600
            assert [path.name for path in home.iterdir()] == ["secret_key"]
    assert len({(tmp_path / str(n) / "secret_key").read_text() for n in range(ROUNDS)}) == ROUNDS


def test_a_key_that_is_short_or_that_others_can_read_is_refused(tmp_path: Path) -> None:
    secret_key(tmp_path)
    (tmp_path / "secret_key").chmod(0o640)
    with pytest.raises(BadSetting, match="chmod 600"):
        secret_key(tmp_path)
    with pytest.raises(BadSetting, match="at least"):
        Config(tmp_path, "sqlite://", "short").checked()


def test_thirty_two_presses_on_any_set_up_links_make_one_admin(engine: Engine) -> None:
    with Session(engine) as session:
        links = [accounts.make_setup_link(session, NOW) or "" for _ in range(4)]

    def press(at: int) -> bool:
        with Session(engine) as session:
            link = links[at % len(links)]
            try:
                accounts.use_setup_link(
                    session, link, f"admin{at}@example.org", "correct horse battery", NOW
                )
            except Refused:
                return False
            return True

    with ThreadPoolExecutor(PRESSES) as pool:
        made = list(pool.map(press, range(PRESSES)))
    assert made.count(True) == 1
    with Session(engine) as session:
        assert len(accounts.admins(session)) == len(accounts.people(session)) == 1
        assert accounts.make_setup_link(session, NOW) is None
        for link in links:
            with pytest.raises(accounts.LinkUsed):
                accounts.check_setup_link(session, link, NOW)
