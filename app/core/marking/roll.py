"""What the parts of a response to a set are compared with: read once for a set, and kept."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from app.core.marking.equivalents import ONE_NAME
from app.core.marking.normalise import squeezed, words
from app.core.marking.people import like_a_person
from app.core.values import Entity, SetValue

MOST_SHARING = 2
"""Members that may share a word which still tells them apart from others."""


@dataclass(frozen=True, slots=True)
class Roll:
    """What the parts of a response are compared with; the same for each response to a set."""

    value: SetValue
    """The set that was read first among equal ones: its members are known by identity."""
    people: bool
    by_name: Mapping[str, Entity]
    known: frozenset[str]
    """Names and their plurals, run together in the one form that all their spellings share."""
    spelt: tuple[str, ...]
    """As they may be spelt, in order: so the names that begin with some letters are neighbours."""
    longest: int
    """Words of the longest name."""
    of_word: Mapping[str, int]
    """Members of whose names a word of their own begins with a letter, a bit for each."""
    of_name: Mapping[str, int]
    """Members of whose names one, run together, begins with a letter."""
    texts: tuple[str, ...]
    """The words of all names of each member in small letters, each once: that is all that tells
    how near a part comes, and names of one member share most of them."""


@lru_cache(maxsize=500)
def roll_of(value: SetValue) -> Roll:
    """Return what the responses to a set are compared with."""
    names = [item.names for item in value.items]
    spoken = [frozenset(chain.from_iterable(map(words, each))) for each in names]
    keys = [tuple(map(squeezed, each)) for each in names]
    by_name = {key: item for item, each in zip(value.items, keys, strict=True) for key in each}
    known = frozenset(by_name) | {f"{key}s" for key in by_name}
    other = {one for one, shared in ONE_NAME.items() if shared in known}
    every_name = tuple(chain.from_iterable(names))
    many_have = _shared_words(spoken)
    return Roll(
        value,
        any(like_a_person(item.name) for item in value.items),
        by_name,
        known,
        tuple(sorted(one for one in known | other if ONE_NAME.get(one, one) in known)),
        1 + max(name.count(" ") for name in every_name),
        _by_letter(found - many_have or found for found in spoken),
        _by_letter(keys),
        tuple(" ".join(dict.fromkeys(" ".join(each).casefold().split())) for each in names),
    )


def _shared_words(spoken: Sequence[frozenset[str]]) -> frozenset[str]:
    """Return the words that many members have, and which tell none of them apart: Lake, of."""
    most = max(MOST_SHARING, len(spoken) / 3)
    counted = Counter(chain.from_iterable(spoken))
    return frozenset(word for word, count in counted.items() if count > most)


def _by_letter(members: Iterable[Iterable[str]]) -> Mapping[str, int]:
    """Return of which members a word begins with each letter, a bit for each."""
    found: dict[str, int] = defaultdict(int)
    for at, texts in enumerate(members):
        for letter in {text[:1] for text in texts}:
            found[letter] |= 1 << at
    return dict(found)
