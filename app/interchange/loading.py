"""A deck file's text as plain data, safely: no aliases, no depth, nothing doubled, lines known."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import yaml

from app.core.errors import Refused
from app.core.sentences import say

MAX_BYTES = 5_000_000
MOST_PACKED = 80_000_000
"""Characters of pictures, which are one token each and cost little to read."""
_PACKED = re.compile(r"[A-Za-z0-9+/=]{1000,}")
MAX_DEPTH = 20
KEY = re.compile(r"[\w][\w.-]{0,119}")
MOST_TOKENS = 700_000
"""YAML tokens in an upload, some 10,000 facts; more would take gigabytes and a minute."""
MOST_COMMAS = 200_000
"""In JSON whose lines are looked up, which takes YAML's means."""
MOST_PROBLEMS = 500
"""Problems told of one file; whoever has more mends those first."""
_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_SafeLoader):  # type: ignore[misc]  # its class is chosen at run time
    """YAML's safe loader; what Python can make no number or date of stays the text it is.

    It looks up what a plain scalar is in one step, which saves half of the time.
    """

    def resolve(self, kind: type[yaml.Node], value: str, implicit: Any) -> str:  # noqa: ANN401 PyYAML's own signature
        """Return the tag of a node."""
        if kind is not yaml.ScalarNode:
            tag: str = super().resolve(kind, value, implicit)
            return tag
        if implicit[0]:
            for found, pattern in self.yaml_implicit_resolvers.get(value[:1], ()):
                if pattern.match(value):
                    return str(found)
        return "tag:yaml.org,2002:str"


def _scalar(usual: Callable[[Any, yaml.ScalarNode], object]) -> Callable[..., object]:
    def construct(loader: Any, node: yaml.ScalarNode) -> object:  # noqa: ANN401 untyped in YAML
        try:
            return usual(loader, node)
        except ValueError:
            return str(node.value)

    return construct


for _tag in ("int", "float", "timestamp"):
    _name = f"tag:yaml.org,2002:{_tag}"
    _Loader.add_constructor(_name, _scalar(_SafeLoader.yaml_constructors[_name]))


def _json_int(digits: str) -> int | str:
    try:
        return int(digits)
    except ValueError:
        return digits


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, where: `field` is a path such as facts[3].value.amount."""

    line: int | None
    field: str
    reason: str

    def __str__(self) -> str:
        """Return a sentence, so that its reason can be said in another language."""
        if not self.line:
            return say("{field}: {reason}", field=self.field, reason=self.reason)
        where = {"line": self.line, "field": self.field}
        return say("line {line}, {field}: {reason}", **where, reason=self.reason)


class DeckFileRefused(Refused):
    """A deck file with problems; all of them are in `problems`."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


def load(text: str, most_bytes: int = MAX_BYTES, most_tokens: int | None = None) -> "Loaded":
    """Return a file as plain data. Raises DeckFileRefused for what is no readable file.

    `most_tokens` bounds what YAML may consist of: reading takes 300 bytes of memory a token.
    """
    if _is_too_large(text, most_bytes):
        reason = say("a deck file may have 5 MB at most, besides pictures of 80 MB.")
        raise DeckFileRefused((Problem(None, "file", reason),))
    is_json = text.lstrip("\ufeff \t\r\n").startswith("{")
    return _load_json(text) if is_json else _load_yaml(text, most_tokens)


def _is_too_large(text: str, most_bytes: int) -> bool:
    """Whether a file has too much besides pictures; one far too large is not even copied."""
    if len(text) > MOST_PACKED + most_bytes:
        return True
    packed = sum(len(one[0]) for one in _PACKED.finditer(text))
    return packed > MOST_PACKED or len(text.encode("utf-8", "replace")) - packed > most_bytes


@dataclass(frozen=True)
class Loaded:
    """A file as plain data; `node` gives the lines, and is made only when they are wanted."""

    raw: object
    doubled: tuple[Problem, ...]
    node: Callable[[], yaml.Node | None]

    @cached_property
    def lines(self) -> dict[str, int]:
        """The line of each field path."""
        try:
            node = self.node()
        except (yaml.YAMLError, RecursionError):
            return {}
        return dict(_walk(node, "", 0)) if node else {}


def load_own(text: str) -> Loaded:
    """Return as plain data what we wrote as JSON ourselves: nothing in it needs to be checked."""
    return Loaded(json.loads(text), (), lambda: _composed(text))


def _load_json(text: str) -> Loaded:
    doubled: list[str] = []

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) < len(pairs):
            times = Counter(name for name, _ in pairs)
            doubled.extend(name for name in made if times[name] > 1)
        return made

    try:
        raw = json.loads(text.removeprefix("\ufeff"), object_pairs_hook=once, parse_int=_json_int)
    except json.JSONDecodeError as error:
        problem = Problem(error.lineno, "file", say("this is not JSON: {msg}.", msg=error.msg))
        raise DeckFileRefused((problem,)) from None
    except (ValueError, RecursionError):
        raise DeckFileRefused((_UNREADABLE,)) from None
    if depth(raw) > MAX_DEPTH:
        raise DeckFileRefused((Problem(None, "file", say("this is nested too deeply.")),))
    return Loaded(raw, _doubled_in_json(text, doubled), lambda: _composed(text))


def _doubled_in_json(text: str, names: list[str]) -> tuple[Problem, ...]:
    """Return the fields that stand twice, with their lines: YAML reads JSON too."""
    if not names:
        return ()
    try:
        return tuple(_doubled_fields(_composed(text)))
    except yaml.YAMLError:
        return tuple(Problem(None, name, say("this field stands twice.")) for name in names)


def _load_yaml(text: str, most_tokens: int | None) -> Loaded:
    try:
        _check_tokens(text, most_tokens)
        loader = _Loader(text)
        node = loader.get_single_node()
        raw = loader.construct_document(node) if node else None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = mark.line + 1 if mark else None
        problem = Problem(
            line, "file", say("this is not YAML: {problem}.", problem=error.problem or "unreadable")
        )
        raise DeckFileRefused((problem,)) from None
    except (yaml.YAMLError, ValueError, RecursionError):
        raise DeckFileRefused((_UNREADABLE,)) from None
    return Loaded(raw, tuple(_doubled_fields(node)), lambda: node)


_UNREADABLE = Problem(None, "file", say("this is not a readable YAML or JSON file."))


def _composed(text: str) -> yaml.Node | None:
    if text.count(",") > MOST_COMMAS:
        raise yaml.YAMLError
    found: yaml.Node | None = _Loader(text).get_single_node()
    return found


def depth(raw: object) -> int:
    """Return how deeply plain data is nested, without going down in calls."""
    level: list[Any] = [raw] if isinstance(raw, dict | list) else []
    levels = 0
    while level:
        levels += 1
        inside = (one.values() if isinstance(one, dict) else one for one in level)
        level = [two for one in inside for two in one if isinstance(two, dict | list)]
    return levels


_OPENING = (
    yaml.FlowSequenceStartToken,
    yaml.FlowMappingStartToken,
    yaml.BlockSequenceStartToken,
    yaml.BlockMappingStartToken,
)
_CLOSING = (yaml.FlowSequenceEndToken, yaml.FlowMappingEndToken, yaml.BlockEndToken)


def _check_tokens(text: str, most_tokens: int | None) -> None:
    """Refuse aliases and deep nesting before anything recursive sees it: libyaml would crash."""
    depth = 0
    unused: list[Problem] = []
    for number, token in enumerate(yaml.scan(text, Loader=_Loader)):
        if number == most_tokens:
            problem = Problem(
                None, "file", say("this has too many parts for YAML: send it as JSON.")
            )
            raise DeckFileRefused((problem,))
        if isinstance(token, yaml.AliasToken | yaml.AnchorToken | yaml.TagToken):
            line = token.start_mark.line + 1
            unused.append(Problem(line, "file", say("anchors and tags are not used.")))
            if len(unused) == MOST_PROBLEMS:
                break
        depth += isinstance(token, _OPENING) - isinstance(token, _CLOSING)
        if depth > MAX_DEPTH:
            line = token.start_mark.line + 1
            raise DeckFileRefused((Problem(line, "file", say("this is nested too deeply.")),))
    if unused:
        raise DeckFileRefused(tuple(unused))


def _doubled_fields(whole: yaml.Node | None) -> Iterator[Problem]:
    """Yield fields that stand twice in one mapping: the last would silently win."""
    waiting = [whole]
    while waiting:
        node = waiting.pop()
        if isinstance(node, yaml.MappingNode):
            seen: set[str] = set()
            for key, child in node.value:
                if key.value in seen:
                    line = key.start_mark.line + 1
                    yield Problem(line, str(key.value), say("this field stands twice."))
                seen.add(str(key.value))
                waiting.append(child)
        elif isinstance(node, yaml.SequenceNode):
            waiting.extend(node.value)


def _walk(node: yaml.Node, path: str, depth: int) -> Iterator[tuple[str, int]]:
    yield path, node.start_mark.line + 1
    if depth > MAX_DEPTH:
        return
    if isinstance(node, yaml.MappingNode):
        for key, child in node.value:
            name = str(key.value)
            yield from _walk(child, f"{path}.{name}" if path else name, depth + 1)
    elif isinstance(node, yaml.SequenceNode):
        for at, child in enumerate(node.value):
            yield from _walk(child, f"{path}[{at}]", depth + 1)
