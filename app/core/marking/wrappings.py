"""What people put around an answer without meaning anything else: the composer, gas, city of.

`unwrapped` gives what is left of a response; the whole of it must still be right.
"""

import re

from app.core.marking.answered import said_in_sentence
from app.core.marking.normalise import squeezed
from app.core.marking.places import NOT_WITH_CITY

_NATION = r"\w+(?:ian|ish|ese|ean|ican)|french|german|greek|dutch|swiss|welsh|us|uk|u\.s\."
_PRAISE = "famous|great|former|late|legendary|fictional|ancient|holy|sacred|roman|norse"
_KINDS = (
    "composer|singer|musician|pianist|artist|painter|sculptor|architect|writer|author|novelist|"
    "poet|playwright|philosopher|scientist|physicist|chemist|biologist|mathematician|astronomer|"
    "astronaut|cosmonaut|suffragette|dancer|engineer|inventor|explorer|doctor|physician|surgeon|"
    "nurse|lawyer|politician|footballer|player|sprinter|athlete|boxer|swimmer|actor|actress|"
    "director|band|group|company|firm|team|club|city|town|village|state|country|island|river|"
    r"lake|mountain|mount|mt\.?|planet|star|galaxy|month|season|novel|book|play|poem|film|movie|"
    "song|album|opera|painting|magazine|newspaper|hormone|enzyme|protein|vitamin|drug|element|"
    "metal|gas|compound|symbol|disease|virus|bacterium|bone|muscle|nerve|organ|model|emperor|empress|"
    "tsarina|tsar|king|queen|president|prime minister|mayor|capital|colou?r"
)
"""What an answer may be said to be, before a name or any other word."""
_KINDS_OF_NAMES = (
    "prophet|god|goddess|titan|hero|heroine|apostle|pharaoh|rapper|drummer|guitarist|bassist|"
    "violinist|cellist|conductor|songwriter|lyricist|producer|entertainer|comedian|presenter|host|"
    "screenwriter|filmmaker|model|wrestler|gymnast|runner|golfer|cyclist|skater|skier|driver|"
    "goalkeeper|striker|midfielder|quarterback|pitcher|coach|economist|historian|psychologist|"
    "anthropologist|sociologist|botanist|zoologist|geologist|naturalist|entrepreneur|businessman|"
    "businesswoman|activist|reformer|theologian|statesman|diplomat|dictator|leader|aviator|pirate|"
    "outlaw|detective|chef|designer|photographer|journalist|critic|programmer|character|villain|"
    "superhero|wizard|language|religion|currency|sport|game|console|website|app|brand|label|"
    "studio|network|channel|show|series|sitcom|musical|ballet|symphony|single|track|epic|myth|"
    "tragedy|comedy|legend|dynasty|tribe|people|region|province|county|district|borough|suburb|moon|comet|"
    "asteroid|constellation|dish|drink|bacteria|disorder|condition|vaccine"
)
"""As much before a name alone, whose capital tells it from a fruit fly or a game bird."""
_COINS = "yen|pound|euro|dollar|franc|rupee|peso|krone|krona|rouble|ruble|lira|yuan|won|rand|real"
_THINGS = (
    "atoms?|molecules?|element|force|process|city|town|borough|county|province|state|game|writ|"
    "religion|sport|works?|language|laws?|theory|principle|concept|doctrine|crime|tort|offen[cs]e|"
    "art|rule|sense|book|gospel|epistle|port|key|spice|island|province|month|kingdom"
)
"""What an answer may be said to be with "of"."""
_BEFORE = re.compile(
    rf"^(?:the\s+|an?\s+)?(?:(?:{_THINGS})\s+of|"
    rf"(?:(?:{_NATION}|{_PRAISE})\s+)?(?:{_KINDS}))\s+(?=\S)",
    re.IGNORECASE,
)
_BEFORE_NAME = re.compile(
    rf"^(?:(?i:the|an?)\s+)?(?:(?i:{_NATION}|{_PRAISE})\s+)?"
    r"(?:(?!not\b|no\b|or\b|and\b|of\b|by\b|anti|ex-|non-)[a-z]{3,}[ -])?"
    rf"(?:{_KINDS}|{_KINDS_OF_NAMES})\s+(?=[A-Z])"
)
_PREPARED = re.compile(
    r"^(?:(?:the\s+|an?\s+)?(?:modern(?:[- ]day)?|present[- ]day|only|just|simply|fresh|human|"
    r"ground|mashed|chopped|sliced|dried|cooked|pure|plain|ordinary|normal|regular)\s+|"
    r"the\s+(?:spice|herb|disease)\s+)(?=\S)",
    re.IGNORECASE,
)
"""What adds nothing that is asked for: ground turmeric, human skin, the spice turmeric."""
_OF_A_NATION = re.compile(
    rf"^(?:the\s+|an?\s+)?(?:{_NATION})\s+(?=(?:{_KINDS}|{_KINDS_OF_NAMES}|{_COINS})s?$)",
    re.IGNORECASE,
)
"""The Japanese yen, a Dutch painter: whose coin or trade it is adds nothing."""
_AFTER = re.compile(
    r"(?<=[\w)\"])[ -](?:gas|bone|disease|virus|bacteri(?:a|um)|flu|infection|city|town|island|"
    r"river|"
    r"mountains?(?: range)?|desert|ocean|cheese|danc(?:e|ing)|"
    r"planet|tablets?|pills?|hormone|enzyme|element|metal|atoms?|molecules?|movie|film|novel|"
    r"book|album|song|band|(?:national |men's |women's )*"
    r"(?:(?:foot|base|basket)ball |hockey |soccer |cricket |rugby )?(?:team|side|squad)|"
    r"football club|futebol clube|f[u\u00fa]tbol club|"
    r"(?:programming )?language|shaped?|range|rule|direction|position|piece|"
    r"card|fever|nuts?|powder|"
    r"(?:tv |television )?(?:show|series)|sitcom|holiday|musical|opera|painting|poem|play|"
    r"mosque|church|temple|cathedral|building|tree|flower|bird|fish|plant|animal|festival|"
    r"organi[sz]ation|agency|region|"
    r"religion|theory|theorem|principle|syndrome|medal|brand|programme|software|website|"
    r"jumbo(?: jet)?|process|energy|itself|"
    r"reaction|trilogy|series|saga|mission|spacecraft|group|dynasty|tribe|period|chamber|"
    r"(?:in )?colou?r(?:ed)?|aircraft|aeroplane|airplane)$",
    re.IGNORECASE,
)
LONGEST_AFTER = 30
"""Characters at the end of a response in which that is looked for."""
_SAID_BEFORE = re.compile(
    r"^(?:\S+ ){1,12}?(?:is|was|are|were)\s+(?:(?:called|named|known as)\s+)?(?=\S)",
    re.IGNORECASE,
)
_SAID_BEHIND = re.compile(r"\s+(?:is|was|are|were)(?:\s+(?:\S+ ){0,11}\S+)?$", re.IGNORECASE)
"""Sentences with the answer at one end: The capital is Paris · Paris is the capital."""
_WATER = re.compile(
    r"^(?:the\s+)?(?:river|lake|city|town|mountain|mount|mt|island|port|fort|cape)\b", re.IGNORECASE
)
"""What may share its name with a country or a state: the River Jordan."""
_OWNER = re.compile(r"^[\w.]+(?:\s[\w.]+){0,2}'s\s+(?=\S+\s+\S|\S*\d|[A-Z]\S{4})")
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
    team = behind and behind[0].endswith(("team", "side", "squad"))
    if after != text and squeezed(after) in NOT_WITH_CITY and not team:
        after = text
    said = (_SAID_BEFORE.sub("", text), _SAID_BEHIND.sub("", text), *said_in_sentence(text))
    named = _BEFORE_NAME.sub("", text), _PREPARED.sub("", text), _OF_A_NATION.sub("", text)
    found = (before, *named, after, *said, _OWNER.sub("", text), _ADMINISTRATION.sub("", text))
    return tuple(dict.fromkeys(one for one in found if one and one != text))
