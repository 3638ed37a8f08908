"""What people put around an answer without meaning anything else: the composer, gas, city of.

`unwrapped` gives what is left of a response; the whole of it must still be right.
"""

import re

from app.core.marking.normalise import squeezed
from app.core.marking.places import NOT_WITH_CITY

_BEFORE = re.compile(
    r"^(?:the\s+|an?\s+)?(?:(?:\w+(?:ian|ish|ese|ean|ican)|french|german|greek|dutch|swiss|"
    r"welsh|us|uk|u\.s\.|famous|great|former)\s+)?(?:composer|singer|musician|pianist|artist|"
    r"painter|sculptor|"
    r"architect|writer|author|novelist|poet|playwright|philosopher|scientist|physicist|chemist|"
    r"biologist|mathematician|astronomer|astronaut|cosmonaut|"
    r"suffragette|dancer|engineer|inventor|explorer|doctor|physician|surgeon|"
    r"nurse|lawyer|politician|footballer|player|sprinter|athlete|boxer|swimmer|actor|actress|"
    r"director|band|group|company|firm|team|club|city|town|village|state|country|island|river|"
    r"lake|mountain|mount|mt\.?|planet|star|galaxy|month|season|novel|book|play|poem|film|movie|song|album|opera|"
    r"painting|magazine|"
    r"newspaper|hormone|enzyme|protein|vitamin|drug|element|metal|gas|compound|disease|virus|"
    r"bacterium|bone|muscle|nerve|organ|model|emperor|empress|tsarina|tsar|king|queen|"
    r"president|prime minister|mayor|"
    r"capital|colou?r|"
    r"atoms? of|molecules? of|element of|force of|process of|city of|town of|borough of|"
    r"county of|province of|state of|game of|"
    r"writ of|religion of|"
    r"sport of|works? of|language of|laws? of|theory of|principle of|concept of|state of|"
    r"doctrine of|crime of|tort of|offence of|offense of|art of|rule of)\s+"
    r"(?=\S)",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"(?<=[\w)\"])[ -](?:gas|bone|disease|virus|bacteri(?:a|um)|flu|infection|city|town|island|"
    r"river|"
    r"mountain|desert|ocean|"
    r"planet|tablets?|pills?|hormone|enzyme|element|metal|atoms?|molecules?|movie|film|novel|"
    r"book|album|song|band|(?:(?:foot|base|basket)ball |hockey |soccer |cricket |rugby )?team|"
    r"football club|language|shaped?|range|rule|direction|"
    r"(?:tv |television )?(?:show|series)|sitcom|holiday|musical|opera|painting|poem|play|"
    r"mosque|church|temple|cathedral|building|tree|flower|bird|fish|plant|animal|festival|organi[sz]ation|agency|region|"
    r"religion|theory|theorem|principle|syndrome|medal|brand|programme|software|website|"
    r"jumbo(?: jet)?|process|energy|itself|"
    r"reaction|trilogy|series|saga|mission|spacecraft|group|dynasty|tribe|period|chamber|"
    r"(?:in )?colou?r(?:ed)?|aircraft|aeroplane|airplane)$",
    re.IGNORECASE,
)
LONGEST_AFTER = 30
"""Characters at the end of a response in which that is looked for."""
_SAID_BEFORE = re.compile(
    r"^(?:\S+ ){1,12}?(?:is|was|are|were)\s+(?:(?:called|named|known as|discovered by|"
    r"invented by|"
    r"written by|founded by|made by|led by|composed by|painted by|caused by)\s+)?(?=\S)",
    re.IGNORECASE,
)
_BY = re.compile(r"^(?:\w+ed|written|made|led|sung|won|built|drawn|known) by\s+", re.IGNORECASE)
_SAID_BEHIND = re.compile(
    r"\s+(?:(?:is|was|are|were)\s+(?:\S+ ){0,11}\S+|(?:wrote|sang|made|did|invented|discovered|"
    r"painted|composed|directed|founded|built|won|said)(?: (?:it|this|that|them|the \w+))?)$",
    re.IGNORECASE,
)
"""Sentences with the answer at one end: The capital is Paris · Paris is the capital."""
_WATER = re.compile(
    r"^(?:the\s+)?(?:river|lake|city|town|mountain|mount|mt|island|port|fort|cape)\b", re.IGNORECASE
)
"""What may share its name with a country or a state: the River Jordan."""
_OWNER = re.compile(r"^[\w.]+(?:\s[\w.]+)?'s\s+(?=\S+\s+\S|\S*\d|[A-Z]\S{4})")
_ADMINISTRATION = re.compile(r"(?<=[^\W\d_a-z]{2})[市都県省府시도]$")


def names_a_place(text: str) -> bool:
    """Whether a response says itself that it means a place: Lake Victoria is no queen."""
    return bool(_WATER.match(text))


def unwrapped(text: str) -> tuple[str, ...]:
    """Return what may be meant by a cleaned response that says what kind of thing it is."""
    if text.isascii() and not (" " in text or "-" in text):
        return ()  # one word has nothing around it
    before, behind = _BEFORE.sub("", text), _AFTER.search(text, len(text) - LONGEST_AFTER)
    after = text[: behind.start()] if behind else text
    if _WATER.match(text) and squeezed(before) in NOT_WITH_CITY:
        before = text
    if after != text and squeezed(after) in NOT_WITH_CITY:
        after = text
    said = (_BY.sub("", text), _SAID_BEFORE.sub("", text), _SAID_BEHIND.sub("", text))
    found = (before, after, *said, _OWNER.sub("", text), _ADMINISTRATION.sub("", text))
    return tuple(dict.fromkeys(one for one in found if one and one != text))
