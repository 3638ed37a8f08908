"""Marking of names and free text."""

import re
from collections.abc import Iterable, Sequence

from rapidfuzz.distance import OSA

from app.core.marking.equivalents import NAME_PARTICLES, OPPOSITES, SUFFIXES, TITLES
from app.core.marking.mark import Mark, Verdict
from app.core.marking.normalise import (
    clean,
    folded,
    phrasings,
    squeezed,
    without_padding,
    words,
)
from app.core.marking.rewordings import family_name, reworded

PERSON_KINDS = frozenset({"person", "people", "human"})
"""Kinds of entity whose family name alone is an answer."""
SHORTEST_WITH_TYPO = 5
SHORTEST_WITH_TWO = 10
SHORTEST_FAMILY_NAME = 3
SHORTEST_PLURAL = 4
MAX_NAMES = 500
"""Names tried one after the other for typos; exact ones are found however many there are."""

_NEGATION = re.compile(
    r"\b(?:not|never|isn't|wasn't|neither|nor|except|anything but)\b", re.IGNORECASE
)
_ALTERNATIVES = re.compile(r"\s*(?:[/;|,?]|\bor\b|\band\b|\bmaybe\b|\beither\b)\s*", re.IGNORECASE)
_EXACT = Mark(1.0, Verdict.EXACT, "That is right.")


def mark_names(
    names: Sequence[str], response: str, rivals: Sequence[str] = (), *, is_person: bool = False
) -> Mark:
    """Mark a response against the names of one right answer; the first is the main one.

    Of a person the family name alone is enough, unless a rival has it too.
    """
    given = clean(response)
    if given == clean(names[0]):
        return _EXACT
    for text in phrasings(given):
        found = _match(names, text, given, rivals)
        if found is not None:
            return found
    if (is_person or _has_particle(given)) and _is_family_name(names, given, rivals):
        return Mark(1.0, Verdict.EQUIVALENT, f"Right: {names[0]}.")
    return _refusal(names, given)


def _match(names: Sequence[str], text: str, given: str, rivals: Sequence[str]) -> Mark | None:
    if not words(text):
        return None
    if any(same(name, text) for name in names):
        main = same(names[0], text)
        note = "That is right." if main else f"Right: also known as {names[0]}."
        return Mark(1.0, Verdict.EXACT if main else Verdict.EQUIVALENT, note)
    if any(same(rival, text) for rival in rivals):
        return None
    if any(reworded(name, text, given) for name in names[:MAX_NAMES]):
        return Mark(1.0, Verdict.EQUIVALENT, f"Right: {names[0]}.")
    if _is_alternatives(names, text) or _negates(names, text):
        return None
    return _misspelt(names, text, rivals)


def _negates(names: Sequence[str], text: str) -> bool:
    return bool(_NEGATION.search(text)) and not any(_NEGATION.search(name) for name in names)


def _misspelt(names: Sequence[str], text: str, rivals: Sequence[str]) -> Mark | None:
    for name in names[:MAX_NAMES]:
        edits = typos(name, text)
        if edits is not None and not _nearer_rival(text, edits, rivals):
            return Mark(1.0, Verdict.TYPO, f"Right, spelt {name}.")
    return None


def same(name: str, text: str) -> bool:
    """Whether two texts are one name: case, accents, spacing, word order aside."""
    if squeezed(name) == squeezed(text):
        return True
    left, right = plain_words(name), plain_words(text)
    if left == right or is_acronym(name, text) or is_acronym(text, name):
        return True
    few = 1 < len(left) == len(right) <= 6  # noqa: PLR2004 names, not sentences
    if few and name_like(name) and sorted(left) == sorted(right):
        return _may_reorder(left, right)
    return _initials_fit(left, right)


def plain_words(text: str) -> tuple[str, ...]:
    """Return the words without a title before and a firm's suffix behind, where any are left."""
    found = words(text)
    while len(found) > 1 and found[0] in TITLES:
        found = found[1:]
    while len(found) > 1 and found[-1] in SUFFIXES:
        found = found[:-1]
    return found


def name_like(name: str) -> bool:
    """Whether every word of a name begins with a capital and none has figures."""
    return all(word[0].isupper() and not _has_digit(word) for word in name.split())


def is_acronym(short: str, long: str) -> bool:
    """Whether one text is the initials of the other: AGI, artificial general intelligence."""
    letters = short.replace(".", "").strip()
    if not (letters.isupper() and letters.isalpha() and len(letters) > 1):
        return False
    spoken = re.findall(r"[^\W\d_]+", long)
    if any(len(word) > 1 and word.isupper() for word in spoken):
        return False
    initials = [word[0] for word in spoken]
    capitals = [letter for letter in initials if letter.isupper()]
    found = "".join(initials).upper(), "".join(capitals)
    return len(initials) > 1 and letters in found


def _has_particle(given: str) -> bool:
    """Whether a response begins as a family name of several words does: van Gogh."""
    typed = plain_words(given)
    return len(typed) > 1 and typed[0] in NAME_PARTICLES


def _is_family_name(names: Sequence[str], given: str, rivals: Sequence[str]) -> bool:
    typed = plain_words(given)
    if len("".join(typed)) < SHORTEST_FAMILY_NAME:
        return False
    if any(family_name(rival) == typed or typed[-1] in words(rival) for rival in rivals):
        return False
    several = (name for name in names if len(words(name)) > 1)
    return any(typed in {family_name(name), words(name)[-1:]} for name in several)


def _may_reorder(left: Sequence[str], right: Sequence[str]) -> bool:
    """Names may be turned round as a whole (Wenfeng Liang), not have any two words swapped."""
    turns = {tuple(left[at:]) + tuple(left[:at]) for at in range(len(left))}
    return tuple(right) in turns


def _initials_fit(left: Sequence[str], right: Sequence[str]) -> bool:
    """Whether a middle initial stands for the middle name, or is left out: John F. Kennedy."""
    if min(len(left), len(right)) < 2 or left[-1] != right[-1] or left[0] != right[0]:  # noqa: PLR2004
        return False
    short, long = sorted((left[1:-1], right[1:-1]), key=len)
    if len(short) == len(long):
        return all(
            one == other or (min(len(one), len(other)) == 1 and one[0] == other[0])
            for one, other in zip(short, long, strict=True)
        )
    return not short and all(len(one) == 1 and one.isalpha() for one in long)


def typos(name: str, text: str) -> int | None:
    """Return how many typos part a text from a name, or None where it is another word.

    Words with digits and words of under five letters must be right to the letter (H800 is not
    H100); of five letters one edit, of ten or more two.
    """
    left, right = plain_words(name), plain_words(text)
    if len(left) != len(right):
        left, right = (squeezed(name),), (squeezed(text),)
    total = 0
    for one, other in zip(left, right, strict=True):
        if one == other:
            continue
        if _plural(one, other):
            total += 1
            continue
        if len(one) < SHORTEST_WITH_TYPO or _has_digit(one) or _has_digit(other):
            return None
        allowed = 2 if len(one) >= SHORTEST_WITH_TWO else 1
        edits = OSA.distance(one, other, score_cutoff=allowed)
        if edits > allowed or _other_word(one, other):
            return None
        total += edits
    return total if total <= 3 else None  # noqa: PLR2004 more is another name


def _plural(one: str, other: str) -> bool:
    """Whether two words of four letters or more differ in a plural s alone."""
    short, long = sorted((one, other), key=len)
    return len(short) >= SHORTEST_PLURAL and short.isalpha() and long == f"{short}s"


def _other_word(one: str, other: str) -> bool:
    """Whether the edit makes a negated or opposite word: possible, impossible."""
    prefixes = ("un", "in", "im", "ir", "il", "non", "dis", "a")
    if any(prefix + one == other or prefix + other == one for prefix in prefixes):
        return True
    return any(
        (one.startswith(left) and other.startswith(right))
        or (one.startswith(right) and other.startswith(left))
        for left, right in OPPOSITES
    )


def _has_digit(word: str) -> bool:
    return any(char.isdigit() for char in word)


def _nearer_rival(text: str, edits: int, rivals: Iterable[str]) -> bool:
    typed = folded(text)
    return any(OSA.distance(folded(rival), typed) <= edits for rival in rivals)


def _is_alternatives(names: Sequence[str], text: str) -> bool:
    """Whether the text offers several answers, of which not all are names of the right one."""
    if any(_ALTERNATIVES.search(name) for name in names):
        return False
    parts = [part for part in _ALTERNATIVES.split(text) if part.strip()]
    return len(parts) > 1 and not all(any(same(name, part) for name in names) for part in parts)


def _refusal(names: Sequence[str], given: str) -> Mark:
    if _is_alternatives(names, given) and _says_any(names, given):
        return Mark(0.0, Verdict.WRONG, "Give one answer, not several to choose from.")
    surname = _last_name(names[0], given)
    if surname:
        return Mark(0.5, Verdict.PARTIAL, f"Part of the name; in full it is {names[0]}.")
    return Mark(0.0, Verdict.WRONG, f"The answer is {names[0]}.")


def _says_any(names: Sequence[str], given: str) -> bool:
    return any(same(name, part) for name in names for part in _ALTERNATIVES.split(given) if part)


def _last_name(name: str, given: str) -> bool:
    left, right = words(name), plain_words(without_padding(given))
    if len(left) < 2 or not right:  # noqa: PLR2004 a name with a part
        return False
    if len(right) > 1:
        return right == family_name(name)
    return len(right[0]) >= SHORTEST_WITH_TYPO and right[0] in (left[0], left[-1])
