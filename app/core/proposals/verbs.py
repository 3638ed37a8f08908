"""Passive phrases turned round: was released on 4 March, and released it on 4 March.

Relations are said in the passive; news mostly tells who did it.
"""

import re
from collections.abc import Iterable

_PASSIVE = re.compile(
    r"(?:is|are|was|were|has been|have been)\s+([a-z]+)\s+(on|in|for|at|to|after|with)"
)
_ACTIVE = {
    "written": "wrote", "drawn": "drew", "given": "gave", "shown": "showed", "chosen": "chose",
    "taken": "took", "begun": "began", "known": "", "born": "", "based": "", "located": "",
    "situated": "", "headquartered": "", "educated": "",
}  # fmt: skip
"""The past of verbs whose participle is another word; "" where nobody does it to anything."""


def objects_of(passives: Iterable[str], value_kind: str) -> tuple[tuple[str, str], ...]:
    """Return the verbs and prepositions of passive phrases, the verbs as who does it has them.

    A day and a year take on and in alike.
    """
    found: dict[tuple[str, str], None] = {}
    for phrase in passives:
        passive = _PASSIVE.fullmatch(phrase)
        verb = _ACTIVE.get(passive[1], passive[1]) if passive else ""
        if passive and verb:
            dated = value_kind == "date" and passive[2] in {"on", "in"}
            for preposition in ("on", "in") if dated else (passive[2],):
                found[verb, preposition] = None
    return tuple(found)


def doers_of(passives: Iterable[str]) -> tuple[str, ...]:
    """Return the verbs of passive phrases that end in by, as who does it has them."""
    done = re.compile(r"(?:is|are|was|were)\s+([a-z]+(?:\s+(?:up|over))?)\s+by")
    verbs = (found[1] for one in passives if (found := done.fullmatch(one)))
    return tuple(dict.fromkeys(active for verb in verbs if (active := _ACTIVE.get(verb, verb))))
