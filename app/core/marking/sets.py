"""Marking of sets: any order, any separator; each missing or wrong name costs its share."""

import re
from functools import lru_cache

from app.core.marking.mark import Mark, Verdict
from app.core.marking.members import Members
from app.core.marking.normalise import clean, squeezed, without_padding
from app.core.marking.parting import split_list
from app.core.marking.people import could_be_person
from app.core.sentences import say
from app.core.values import SetValue
from app.core.wording import display

_ITEM_MARK = re.compile(r"(?:^|\s)(?:\d+[.)]|[-*•])\s+")
"""Numbers and dots before the lines of a list."""
_CHOICE = re.compile(r"\bor\b", re.IGNORECASE)
_ALL = re.compile(r"^(?:both|all(?: of)?)\s+", re.IGNORECASE)
_NOUN_BEHIND = re.compile(r"(?<=\w) [a-z]+s$")
"""Executive, judicial and legislative branches."""
FEWEST_ALIKE = 2
MOST_IN_VAIN = 8
"""Parts that name no member, beyond those that do: what comes less near names none either."""
_TITLE = re.compile(r"^\w{2,20}:\s+")
"""HOMES: a word for the whole list before it."""
_ANNOUNCED = re.compile(r"^(?:the )?(?:[a-z]+ )?[a-z]+s(?: are)?:?\s+(?=\w)")
"""The colours, the planets are: what a list says of itself."""


def mark_set(value: SetValue, response: str) -> Mark:
    """Mark the names that were given, each counted once."""
    listed = _ITEM_MARK.sub(";", response)
    text = _ALL.sub("", without_padding(clean(listed.replace("\n", ";"))))
    text = _TITLE.sub("", text)
    if _offers_choice(value, text):
        return Mark(0.0, Verdict.WRONG, say("Give the answers, not several to choose from."))
    listed_parts = split_list(value, text)
    if len(listed_parts) > 1 + 2 * len(value.items):  # each wrong one costs a right one
        return Mark(0.0, Verdict.WRONG, say("The answer is {value}.", value=display(value)))
    members = Members(value)
    parts = _parts(members, listed_parts)
    if _given_names(value, parts):
        return _mark(value, len(value.items), 0, fuzzy=False)
    return _mark_parts(members, parts)


def _offers_choice(value: SetValue, text: str) -> bool:
    """Whether a list says "or" where no name of the set does: Truth or Dare."""
    if not _CHOICE.search(text):
        return False
    plain = text.casefold()
    for name in _named_with_or(value):
        plain = plain.replace(name, " ")
    return _CHOICE.search(plain) is not None


@lru_cache(maxsize=500)
def _named_with_or(value: SetValue) -> tuple[str, ...]:
    """Return the names of a set that say "or" themselves, in small letters."""
    names = (name for item in value.items for name in item.names if _CHOICE.search(name))
    return tuple(clean(name).casefold() for name in names)


def _parts(members: Members, listed: list[str]) -> list[str]:
    """Return each name of a list, without what the list says of itself at its ends."""
    listed = _with_family_names(members, _unannounced(members, _without_shared_head(listed)))
    parts = [name for part in listed for name in _parted(members, part)]
    if len(parts) > 1 and _NOUN_BEHIND.search(parts[-1]) and not members.named(parts[-1]):
        parts[-1] = _NOUN_BEHIND.sub("", parts[-1])
    if parts and _ANNOUNCED.match(parts[0]) and not members.named(parts[0]):
        parts[0] = _ANNOUNCED.sub("", parts[0])
    return parts


def _unannounced(members: Members, listed: list[str]) -> list[str]:
    """Leave out what a list without separators says of itself: the colours red green and blue."""
    bare = _ANNOUNCED.sub("", listed[0]) if listed else ""
    told = bare and bare != listed[0] and len(_parted(members, bare)) > 1
    return [bare, *listed[1:]] if told else listed


def _with_family_names(members: Members, listed: list[str]) -> list[str]:
    """Give a name the family name that follows: Marie and Pierre Curie."""
    found = list(listed)
    for at in range(len(found) - 2, -1, -1):
        following = found[at + 1].split()
        shared = f"{found[at]} {following[-1]}" if len(following) > 1 else ""
        if shared and " " not in found[at] and squeezed(shared) in members.roll.by_name:
            found[at] = shared
    return found


def _mark_parts(members: Members, parts: list[str]) -> Mark:
    value = members.value
    left = {item.name: item for item in value.items}
    slips, fuzzy = 0, False
    # The nearest first: what names no member may not use up what a misspelt one needs.
    nearest = sorted(parts, key=members.nearness, reverse=True)
    for at, part in enumerate(nearest):
        hits = len(value.items) - len(left)
        if slips >= hits + min(MOST_IN_VAIN, len(nearest) - at):  # the rest earns nothing
            break
        hit = members.marked(part, left)
        if hit is None:
            slips += 1
        else:
            fuzzy = fuzzy or hit[1].verdict is Verdict.TYPO
            del left[hit[0].name]
    return _mark(value, len(value.items) - len(left), slips, fuzzy=fuzzy)


def _without_shared_head(parts: list[str]) -> list[str]:
    """Leave out what each part begins with: Lake Erie, Lake Huron."""
    if len(parts) < FEWEST_ALIKE or any(" " not in part for part in parts):
        return parts
    head = parts[0].split()[0].casefold()
    if any(part.split()[0].casefold() != head for part in parts):
        return parts
    return [part.split(maxsplit=1)[1] for part in parts]


def _given_names(value: SetValue, parts: list[str]) -> bool:
    """Whether a list has the first name of each: John, Paul, George and Ringo."""
    if len(parts) != len(value.items):
        return False
    firsts = {squeezed(item.name.split()[0]) for item in value.items}
    whole = all(" " in item.name and could_be_person(item.name) for item in value.items)
    typed = [squeezed(part) for part in parts]
    return whole and len(firsts) == len(value.items) and set(typed) == firsts


def _parted(members: Members, part: str) -> list[str]:
    """Part "earth venus" at its spaces, where that gives names of the set and nothing else."""
    left, found = part.split(), []
    while left:
        length = members.leading(left)
        if not length:
            return _parted_at_hyphens(members, part) if "-" in part else [part]
        found.append(" ".join(left[:length]))
        left = left[length:]
    return found


def _parted_at_hyphens(members: Members, part: str) -> list[str]:
    """Part Lennon-McCartney, blue-green-red at the hyphens, where each piece is of the set."""
    pieces = [piece for piece in part.split("-") if piece.strip()]
    if not 1 < len(pieces) <= len(members.value.items):
        return [part]
    distinct = set()
    for piece in pieces:
        hit = members.named(piece)
        if not hit:
            return [part]
        distinct.add(tuple(item.name for item in hit))
    return [part] if len(distinct) < len(pieces) or members.named(part) else pieces


def _mark(value: SetValue, hits: int, slips: int, *, fuzzy: bool) -> Mark:
    total = len(value.items)
    credit = max(0.0, (hits - slips) / total)
    if credit >= 1:
        verdict = Verdict.TYPO if fuzzy else Verdict.EQUIVALENT
        return Mark(1.0, verdict, say("All of them: {value}.", value=display(value)))
    if credit > 0:
        return Mark(
            round(credit, 2),
            Verdict.PARTIAL,
            say("{hits} of {total}: {value}.", hits=hits, total=total, value=display(value)),
        )
    return Mark(0.0, Verdict.WRONG, say("The answer is {value}.", value=display(value)))
