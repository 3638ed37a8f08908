"""Reads the fields of a loaded deck file, noting everything that is wrong with them."""

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar

from app.core.sentences import say
from app.core.values import (
    DatePart,
    DateValue,
    ValueProblem,
    clean_text,
    parse_date,
)
from app.interchange.deck_file.fields import FIELDS
from app.interchange.loading import KEY, MOST_PROBLEMS, DeckFileRefused, Loaded, Problem

Kind = TypeVar("Kind")
Word = TypeVar("Word", bound=StrEnum)


def read_date(raw: object, field: str) -> DateValue:
    """Read a date as `dump_date` writes it. Raises ValueProblem."""
    part, _, iso = str(raw).rpartition(" ")
    return parse_date(iso, field, part) if part in list(DatePart) else parse_date(raw, field)


@cache
def _parted(names: str) -> frozenset[str]:
    return frozenset(names.split())


class FieldReader:
    """Reads the fields of one file, collecting problems rather than stopping at the first."""

    def __init__(self, loaded: Loaded) -> None:
        raw = loaded.raw
        self.raw: dict[str, Any] = raw if isinstance(raw, dict) else {}
        self.loaded = loaded
        self.problems: list[Problem] = list(loaded.doubled)

    def refuse(self, path: str, reason: str) -> None:
        """Note a problem, with the line nearest to its field."""
        if len(self.problems) >= MOST_PROBLEMS:
            raise DeckFileRefused(tuple(self.problems))
        near, lines = path, self.loaded.lines
        while near and near not in lines:
            near = re.sub(r"(\.[^.\[]*|\[\d+\]|^[^.\[]*)$", "", near)
        self.problems.append(Problem(lines.get(near), path or "file", reason))

    def known_fields(self, raw: Mapping[Any, Any], path: str, known: str) -> None:
        """Refuse each field that a part of the file does not have."""
        if raw.keys() <= _parted(known):
            return
        for name in raw:
            if name not in _parted(known):
                self.refuse(f"{path}.{name}" if path else str(name), say("there is no such field."))

    def mapping(self, raw: object, path: str, known: str) -> Mapping[str, Any]:
        """Return a mapping of known fields, empty where it is none."""
        if not isinstance(raw, dict):
            self.refuse(path, say("must be a mapping of fields."))
            return {}
        self.known_fields(raw, path, known)
        return raw

    def section(
        self,
        name: str,
        read: Callable[[Mapping[str, Any], str], Kind | None],
        known_by: str = "key",
    ) -> list[Kind]:
        """Read each row of a list; rows with one key twice are refused."""
        rows = self.raw.get(name) or []
        if not isinstance(rows, list):
            self.refuse(name, say("must be a list."))
            return []
        found: list[Kind] = []
        seen: set[str] = set()
        for at, row in enumerate(rows):
            path = f"{name}[{at}]"
            raw = self.mapping(row, path, FIELDS[name])
            one = read(raw, path) if raw else None
            key = str(raw.get(known_by, ""))
            if key in seen:
                self.refuse(f"{path}.{known_by}", say("{key} stands here twice.", key=repr(key)))
            seen.add(key)
            if one is not None:
                found.append(one)
        return found

    def key(self, raw: Mapping[str, Any], path: str) -> str:
        """Return the key of a part, "" where it is none."""
        key = raw.get("key")
        if not isinstance(key, str) or not KEY.fullmatch(key):
            self.refuse(f"{path}.key", say("must be a word of letters, digits, dot, - and _."))
            return ""
        return key

    def text(self, raw: Mapping[str, Any], path: str, name: str, *, needed: bool = False) -> str:
        """Return a text, "" where it is missing or refused."""
        text = raw.get(name)
        if text is None and not needed:
            return ""
        text = "" if text is None else text
        if not isinstance(text, str) or (needed and not text.strip()):
            self.refuse(f"{path}.{name}", say("must be a text that is not empty."))
            return ""
        return self.clean(text, f"{path}.{name}", name)

    def texts(self, raw: Mapping[str, Any], path: str, name: str) -> tuple[str, ...]:
        """Return a list of texts without the empty ones."""
        texts = raw.get(name) or []
        if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
            self.refuse(f"{path}.{name}", say("must be a list of texts."))
            return ()
        cleaned = [self.clean(text, f"{path}.{name}[{at}]", name) for at, text in enumerate(texts)]
        return tuple(text for text in cleaned if text)

    def clean(self, text: str, path: str, name: str) -> str:
        """Return a text without its outer spaces, "" where it is refused."""
        return self.attempt(path, lambda: clean_text(text, name)) or ""

    def attempt(self, path: str, read: Callable[[], Kind]) -> Kind | None:
        """Read a part of a value; what is wrong with it is noted."""
        try:
            return read()
        except ValueProblem as problem:
            deeper = path if path.endswith(f".{problem.field}") else f"{path}.{problem.field}"
            self.refuse(deeper, problem.reason)
            return None

    def date(self, raw: Mapping[str, Any], path: str, name: str) -> DateValue | None:
        """Return a date, None where there is none."""
        if raw.get(name) is None:
            return None
        return self.attempt(f"{path}.{name}", lambda: read_date(raw[name], name))

    def one_of(
        self, raw: Mapping[str, Any], where: tuple[str, str], kinds: type[Word]
    ) -> Word | None:
        """Return a word of a vocabulary, None where there is none."""
        path, name = where
        word = raw.get(name)
        if word is None:
            return None
        if word not in list(kinds):
            self.refuse(f"{path}.{name}", say("must be one of {kinds}.", kinds=", ".join(kinds)))
            return None
        return kinds(word)

    def known(
        self, raw: Mapping[str, Any], where: tuple[str, str], among: Mapping[str, Kind]
    ) -> Kind | None:
        """Return the entity or relation that a key names."""
        path, name = where
        key = raw.get(name)
        if key is None:
            return None
        if not isinstance(key, str) or key not in among:
            self.refuse(
                f"{path}.{name}",
                say("there is nothing with the key {key}.", key=repr(str(key)[:80])),
            )
            return None
        return among[key]
