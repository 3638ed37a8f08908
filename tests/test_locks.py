"""The locks are whole: an installation asks nothing of the day it happens on."""

from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

REQUIREMENTS = Path(__file__).parents[1] / "requirements"


def _pins(name: str) -> list[Requirement]:
    lines = (REQUIREMENTS / name).read_text("utf-8").splitlines()
    return [Requirement(line.rstrip(" \\")) for line in lines if line[:1].isalnum()]


def _extras(pins: list[Requirement]) -> dict[str, set[str]]:
    return {
        canonicalize_name(pin.name): {canonicalize_name(extra) for extra in pin.extras}
        for pin in pins
    }


def _wanted(pin: Requirement) -> list[Requirement]:
    """What an installed package asks for here, by its own words and those of its extras."""
    if pin.marker and not pin.marker.evaluate():
        return []
    asked = [Requirement(line) for line in metadata.requires(pin.name) or ()]
    contexts = [{"extra": extra} for extra in ("", *pin.extras)]
    return [
        each
        for each in asked
        if each.marker is None or any(each.marker.evaluate(context) for context in contexts)
    ]


@pytest.mark.parametrize("name", ["run.txt", "dev.txt"])
def test_everything_that_a_package_asks_for_is_pinned_with_its_extras(name: str) -> None:
    pins = _pins(name)
    pinned = _extras(pins)
    missing = [
        f"{pin.name} asks for {each}"
        for pin in pins
        for each in _wanted(pin)
        if not _covers(pinned.get(canonicalize_name(each.name)), each)
    ]
    assert missing == []


def _covers(extras: set[str] | None, wanted: Requirement) -> bool:
    return extras is not None and {canonicalize_name(each) for each in wanted.extras} <= extras


@pytest.mark.parametrize("name", ["run.txt", "dev.txt"])
def test_every_pin_is_one_version_and_has_hashes(name: str) -> None:
    text = (REQUIREMENTS / name).read_text("utf-8")
    blocks = [block for block in text.replace("\\\n", " ").splitlines() if block[:1].isalnum()]
    assert blocks
    assert [block for block in blocks if "==" not in block or "--hash=sha256:" not in block] == []
    assert "://" not in text
