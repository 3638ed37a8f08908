"""Marking of names and free text."""

import re
from collections.abc import Sequence
from functools import lru_cache

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from app.core.marking.abbreviations import nought_for_o
from app.core.marking.afterwords import without_afterword
from app.core.marking.equivalents import NAME_PARTICLES
from app.core.marking.figures import same_figure
from app.core.marking.mark import Mark, Verdict
from app.core.marking.name_words import GIVEN_NAMES
from app.core.marking.normalise import (
    clean,
    folded,
    phrasings,
    run_together,
    squeezed,
    without_padding,
    words,
)
from app.core.marking.people import (
    STANDS_APART,
    could_be_person,
    fits_person,
    has_rank,
    like_a_person,
)
from app.core.marking.phrases import both_lack
from app.core.marking.places import without_region
from app.core.marking.rewordings import reworded, without_head
from app.core.marking.sameness import any_same, is_acronym, plain_words, same
from app.core.marking.spelling import misspelt_word
from app.core.marking.templates import filled
from app.core.marking.wrappings import names_a_place, unwrapped
from app.core.sentences import say

MOST_TRIED = 8
"""Names of one answer that a response is compared with by every rule; of more the nearest."""
MOST_OFFERED = 6
"""Alternatives that are looked at one by one: so many are several, whatever they say."""

_NEGATION = re.compile(
    r"\b(?:not|never|neither|nor|except|without|(?:any|every)(?:thing|one|body|where) but|all but|"
    r"no(?!\.?\s*[\d,]|\.))\b|n't\b",
    re.IGNORECASE,
)
_ALTERNATIVES = re.compile(
    r"[/;|?]|,(?!\d{3}\b)|\b(?:or|and|maybe|perhaps|possibly|either)\b", re.IGNORECASE
)
_OR = re.compile(
    r"[/|]|\?.*\w.*\?|(?<=\w) (?:or|maybe|perhaps|possibly|either)\b|\((?:or|maybe|perhaps)\b",
    re.IGNORECASE,
)
"""What says itself that several answers are offered."""
SHORTEST_PART = 5
SWAPPED = 4
"""Letters of a word too short for other slips in which two may have changed places."""
MOST_AROUND = 100
"""Characters that people put around an answer; a response much longer says something else too."""
MOST_TYPOS = 3
MOST_APART = 1
"""Typos beside a space too many or too few."""
_GENERATION = re.compile(r",\s*(jr|sr|junior|senior)\b", re.IGNORECASE)
_INNER = re.compile(r"\s*\((?!or\b|not\b)[^()]{1,30}\)(?=\s\S)")
"""What stands in brackets before more words: carbon dioxide (CO2) gas."""
_EXACT = Mark(1.0, Verdict.EXACT, say("That is right."))


def mark_names(
    names: Sequence[str], response: str, rivals: Sequence[str] = (), *, is_person: bool = False
) -> Mark:
    """Mark a response against the names of one right answer; the first is the main one.

    Of a person the family name alone is enough, unless a rival has it too.
    """
    plain = clean(response)
    if len(plain) > MOST_AROUND + 2 * max(map(len, names)):
        return Mark(0.0, Verdict.WRONG, say("The answer is {names}.", names=names[0]))
    given = _GENERATION.sub(filled(r" \1"), plain)
    names = nearest_names(names, given, MOST_TRIED)
    if _offers_several(names, given, rivals):
        return _refusal(names, given)
    mark = _mark_given(names, given, rivals, is_person=is_person)
    if not mark.correct and "(" in given:
        bare = _INNER.sub("", given)
        without = _mark_given(names, bare, rivals, is_person=is_person) if bare != given else mark
        mark = without if without.correct else mark
    if not mark.correct and (head := without_afterword(given)):
        without = _mark_given(names, head, rivals, is_person=is_person)
        return without if without.correct else mark
    return mark


def nearest_names(names: Sequence[str], given: str, most: int) -> Sequence[str]:
    """Return the main name and those that come nearest to a response, exactly equal ones first."""
    if len(names) <= most:
        return names
    texts = {squeezed(text) for text in phrasings(given)}
    equal = [name for name in names if squeezed(name) in texts]
    near = process.extract(
        given.casefold(),
        [name.casefold() for name in names],
        scorer=fuzz.token_set_ratio,
        limit=most,
    )
    ranked = (*equal, *(names[at] for _, _, at in near))
    return tuple(dict.fromkeys((names[0], *ranked)))[:most]


def _mark_given(
    names: Sequence[str], given: str, rivals: Sequence[str], *, is_person: bool
) -> Mark:
    if given == clean(names[0]):
        return _EXACT
    left = phrasings(given)
    several = _is_alternatives(names, given) or _negates(names, given)
    inner = () if several else unwrapped(left[-1])
    for text in left:
        found = (
            _match(names, text, given, rivals)
            if not _negates(names, text)
            else _says_lack(names, text)
        )
        if found is not None:
            return found
    said = inner and any(any_same((*names, *_without_heads(names)), text) for text in inner)
    if said and not _is_rival(rivals, left):
        return Mark(1.0, Verdict.EQUIVALENT, say("Right: {value}.", value=names[0]))
    if not several and _all_names(names, given):
        return Mark(1.0, Verdict.EQUIVALENT, say("Right: {value}.", value=names[0]))
    for text in left if names_a_place(left[-1]) else (*left, *inner):
        found = _as_person(names, text, rivals, is_person=is_person)
        if found is not None and (text in left or not _is_rival(rivals, left)):
            return found
    return _refusal(names, given)


def _is_rival(rivals: Sequence[str], texts: Sequence[str]) -> bool:
    """Whether one of these texts is a rival's name: only asked where it would change a mark."""
    return bool(rivals) and any(any_same(rivals, text) for text in texts)


def _is_one_name(names: Sequence[str], text: str) -> bool:
    """Whether a text may be a single person's name: Clinton, Bill, but not Paris, New York."""
    if not STANDS_APART.search(text):
        return True
    family = words(text.partition(",")[0])
    return "," in text and any(
        family == words(name)[-len(family) :] and len(family) < len(words(name)) for name in names
    )


def _as_person(
    names: Sequence[str], text: str, rivals: Sequence[str], *, is_person: bool
) -> Mark | None:
    """Take the family name with whatever else fits, unless it fits a rival as well."""
    if not (is_person or has_rank(text) or any(map(like_a_person, names))):
        return None
    if _is_alternatives(names, text) or _negates(names, text) or not _is_one_name(names, text):
        return None
    people = [name for name in names if could_be_person(name)]
    edits = [found for name in people if (found := fits_person(name, text)) is not None]
    if not edits or any(fits_person(rival, text) is not None for rival in rivals):
        return None
    if min(edits):
        return Mark(1.0, Verdict.TYPO, say("Right, spelt {names}.", names=names[0]))
    return Mark(1.0, Verdict.EQUIVALENT, say("Right: {value}.", value=names[0]))


def _match(names: Sequence[str], text: str, given: str, rivals: Sequence[str]) -> Mark | None:
    if not words(text):
        return None
    spelt_out = _spelt_out(names)
    if any_same(names, text, spelt_out=spelt_out):
        main = same(names[0], text, spelt_out=spelt_out)
        note = (
            say("That is right.") if main else say("Right: also known as {names}.", names=names[0])
        )
        return Mark(1.0, Verdict.EXACT if main else Verdict.EQUIVALENT, note)
    found = None
    if any(reworded(name, text, given) for name in names):
        found = Mark(1.0, Verdict.EQUIVALENT, say("Right: {value}.", value=names[0]))
    elif not _negates(names, text):
        found = _nearly(names, text, rivals)
    return None if found and _is_rival(rivals, (text,)) else found


def _nearly(names: Sequence[str], text: str, rivals: Sequence[str]) -> Mark | None:
    """Take figures in another notation, then typing errors."""
    if any(same_figure(name, text) for name in names):
        return Mark(1.0, Verdict.EQUIVALENT, say("Right: {value}.", value=names[0]))
    head, comma, rest = text.partition(", ")
    if comma and (turned := misspelt(names, f"{rest} {head}", rivals)):
        return turned  # Kariko, Katalin
    if _is_alternatives(names, text):
        return None
    if any(nought_for_o(name, text) for name in names):
        return Mark(
            1.0, Verdict.TYPO, say("Right, written {names}, with the letter O.", names=names[0])
        )
    return misspelt((*names, *_heads(names), *_without_heads(names)), text, rivals)


def _without_heads(names: Sequence[str]) -> list[str]:
    return [rest for name in names if (rest := without_head(name))]


def _heads(names: Sequence[str]) -> list[str]:
    return [head for name in names if (head := without_region(name))]


def _spelt_out(names: Sequence[str]) -> bool:
    """Whether a name is the acronym of another: then other words with those initials are wrong."""
    short = [name for name in names if name.replace(".", "").isupper()]
    return any(is_acronym(one, other) for one in short for other in names)


def _negates(names: Sequence[str], text: str) -> bool:
    return bool(_NEGATION.search(text)) and not any(_NEGATION.search(name) for name in names)


def _says_lack(names: Sequence[str], text: str) -> Mark | None:
    """Take what says no where an answer says so in other words: it has no water, it lacks water."""
    if any(both_lack(name, text) for name in names):
        return Mark(1.0, Verdict.EQUIVALENT, say("Right: {value}.", value=names[0]))
    return None


def misspelt(names: Sequence[str], text: str, rivals: Sequence[str]) -> Mark | None:
    """Take a name with typing errors that no rival is as near to."""
    for name in names:
        edits = typos(name, text)
        if edits is not None and not _nearer_rival(text, edits, rivals):
            return Mark(1.0, Verdict.TYPO, say("Right, spelt {name}.", name=name))
    return None


def typos(name: str, text: str) -> int | None:
    """Return how many typos part a text from a name, or None where it is another word.

    Words with digits and words of under five letters must be right to the letter (H800 is not
    H100); of five letters one edit, of ten or more two.
    """
    left, right = plain_words(name), plain_words(text)
    if len(left) != len(right):
        # An initial more or less is another name.
        told_apart = 1 in map(len, left) or 1 in map(len, right)
        return None if told_apart else _typos_run_together(name, text)
    if len(left) == 1 and left != right and GIVEN_NAMES.issuperset((*left, *right)):
        return None  # Adela is not Adele
    total = 0
    for one, other in zip(left, right, strict=True):
        if one == other:
            continue
        edits = misspelt_word(one, other)
        if edits is None and not _slip_among_others(one, other, len(left)):
            return None
        total += edits or 1
    return total if total <= MOST_TYPOS else None  # more is another name


def _typos_run_together(name: str, text: str) -> int | None:
    """Return the typos of a name with a space too many or too few."""
    joined = run_together(name), run_together(text)
    edits = misspelt_word(*joined)
    one_name = squeezed(name), squeezed(text)
    if edits is None and one_name != joined:
        edits = misspelt_word(*one_name)
    return edits if edits is not None and edits <= MOST_APART else None


def _slip_among_others(one: str, other: str, words_in_name: int) -> bool:
    """Whether a short word is a slip of another, as the rest of the name tells: Rio di Janeiro."""
    if words_in_name > 1 and len(one) == SWAPPED and _swapped(one, other):
        return True
    return words_in_name > 2 and {one, other} <= NAME_PARTICLES  # noqa: PLR2004


def _swapped(one: str, other: str) -> bool:
    """Whether two neighbours changed places in a short word: Khan, Kahn."""
    short = len(one) == len(other) == SWAPPED and one.isalpha() and one[0] == other[0]
    return short and OSA.distance(one, other, score_cutoff=1) == 1 and sorted(one) == sorted(other)


def _nearer_rival(text: str, edits: int, rivals: Sequence[str]) -> bool:
    near = process.extractOne(
        folded(text), list(map(folded, rivals)), scorer=OSA.distance, score_cutoff=edits
    )
    return near is not None


def _is_alternatives(names: Sequence[str], text: str) -> bool:
    """Whether the text offers several answers, of which not all are names of the right one."""
    parts = _offered(text)
    if len(parts) < 2 or any(_ALTERNATIVES.search(name) for name in names):  # noqa: PLR2004 one is none
        return False
    if len(parts) > MOST_OFFERED:
        return True
    return not all(any_same(names, part) for part in parts)


def _offers_several(names: Sequence[str], given: str, rivals: Sequence[str]) -> bool:
    """Whether a response says itself that it offers several answers, or names a rival besides."""
    if _OR.search(given) and not any(map(_OR.search, names)):
        return _is_alternatives(names, given)
    if not rivals or not STANDS_APART.search(given) or any_same(names, given):
        return False
    parts = [part.strip(" ()[]") for part in STANDS_APART.split(given)]
    return any(any_same(rivals, part) for part in parts[:MOST_OFFERED] if part)


def _all_names(names: Sequence[str], given: str) -> bool:
    """Whether a response is several names of the answer and nothing else: H2SO4, sulfuric acid."""
    parts = _offered(given)
    if not 1 < len(parts) <= min(len(names), MOST_OFFERED):
        return False
    return all(any_same(names, part) for part in parts)


_OTHER_MEANING = re.compile(
    r"no|not|never|non|anti|ex|vice|deputy|former|false|without|against|absence|less|fewer|"
    r"(?:lack|prevent|stop|avoid|refus|reject|reduc|destroy|kill)\w{0,4}|loss|lost|"
    r"ban(?:s|ned|ning)?|end(?:s|ed|ing)?"
)
"""Words before a part of an answer without which it is no part, but something else: vice president,
lack of iron."""


@lru_cache(maxsize=5000)
def _offered(text: str) -> tuple[str, ...]:
    """Part a text at what people put between alternatives; kept, since it is asked thrice."""
    parts = (part.strip(" ()[]") for part in _ALTERNATIVES.split(text))
    return tuple(part for part in parts if part)


def _refusal(names: Sequence[str], given: str) -> Mark:
    if _is_alternatives(names, given) and _says_any(names, given):
        return Mark(0.0, Verdict.WRONG, say("Give one answer, not several to choose from."))
    surname = _last_name(names[0], given)
    if surname:
        return Mark(
            0.5, Verdict.PARTIAL, say("Part of the name; in full it is {names}.", names=names[0])
        )
    return Mark(0.0, Verdict.WRONG, say("The answer is {names}.", names=names[0]))


def _says_any(names: Sequence[str], given: str) -> bool:
    return any(any_same(names, part) for part in _offered(given)[:MOST_OFFERED])


def _last_name(name: str, given: str) -> bool:
    left, right = words(name), plain_words(without_padding(given))
    if len(left) < 2 or not right:  # noqa: PLR2004 a name with a part
        return False
    if any(map(_OTHER_MEANING.fullmatch, left[: -len(right)])):
        return False
    if len(right) > 1:
        return right == left[-len(right) :]
    return len(right[0]) >= SHORTEST_PART and right[0] in (left[0], left[-1])
