"""Wiring the app holds on a Python whose parser cannot be interrupted."""

import ast
import gc
from pathlib import Path

from app import create_app
from tests.web.conftest import config


def test_no_garbage_is_collected_while_the_app_is_wired(tmp_path: Path) -> None:
    """What a collection runs may parse Python, and so make the parsing of routes fail."""
    thresholds = gc.get_threshold()
    seen: list[str] = []

    def parse(phase: str, _info: object) -> None:
        seen.append(phase)
        ast.parse("(1 + 2)")

    gc.callbacks.append(parse)
    try:
        gc.set_threshold(50, 2, 2)
        create_app(config(tmp_path, "sqlite://")).extensions["factdeck"].engine.dispose()
        during = list(seen)
    finally:
        gc.set_threshold(*thresholds)
        gc.callbacks.remove(parse)
    assert len(during) < 10  # some right after it
    assert gc.isenabled()


def test_collecting_stays_off_where_it_was_off(tmp_path: Path) -> None:
    gc.disable()
    try:
        create_app(config(tmp_path, "sqlite://")).extensions["factdeck"].engine.dispose()
        assert not gc.isenabled()
    finally:
        gc.enable()
