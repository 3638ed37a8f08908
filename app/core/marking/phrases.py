"""Answers in words rather than names: evaporation, it evaporates, because the water evaporates.

Two phrases say the same when the words that mean something are the same, in the same order, but
for their endings. Words that turn a meaning round (not, no, without, less) always count.
"""

import re
from functools import lru_cache

from app.core.marking.equivalents import CANONICAL
from app.core.marking.normalise import folded, words
from app.core.marking.templates import filled
from app.core.marking.vocabulary import listed

_IN_ONE_FORM = frozenset(CANONICAL.values())
_EMPTY = listed(
    """
    the a an this that these those its their his her our your my it they he she we i you is are was
    were be been being am will would does do did has have had got gets get become becomes became
    own some so very really just any also then per itself themselves himself herself because since
    as due thanks called known there of s
    """
)
_LEAD = re.compile(
    r"^(?:(?:that is )?(?:because(?: of)?|since|as|due to|thanks to|by|through|via|using|with|"
    r"so that|"
    r"in order to|so as to|"
    r"so (?:that )?(?:they|he|she|it|we|you|people) (?:can|could|may|might|will|would)|to)\s+)?"
    r"(?:the |a |an )?"
    r"(?:(?:type|kind|sort|process|method|act|action|force|phenomenon|effect|result|use|state|"
    r"concept|presence|"
    r"power|means|way|practice) of\s+)?",
)
_OF = re.compile(r"^(.*?)\b(\w+) of (?:the |our |their |its )?(\w+)$")
_CHANGE = re.compile(r"^((?:an? |the )?(?:in|de)creases?) (?:in|of) ")
_PASSIVE = re.compile(r"^(?:the )?([a-z]+) (?:is|are|was|were) ([a-z]{3,}ed)$")
"""Sand is heated: heating sand."""
_EACH_OTHER = re.compile(r"\s+(?:each other|one another|themselves|itself)$")
_SAYINGS = (
    (re.compile(r"\b(?:goes|go|going|went|gone) up\b|\bris(?:es?|ing|en)\b|\brose\b"), "increase"),
    (re.compile(r"\b(?:goes|go|going|went|gone) down\b|\bdrop(?:s|ped|ping)?\b"), "decrease"),
    (
        re.compile(
            r"\b(?:turn(?:s|ed|ing)?|chang(?:es?|ed|ing)|convert(?:s|ed|ing)?|"
            r"transform(?:s|ed|ing)?) (?:in)?to\b"
        ),
        "turninto",
    ),
    (re.compile(r"\b(?:begins?|began|begun|beginning)\b"), "start"),
    (
        re.compile(
            r"\b(?:reduc(?:e[sd]?|ing|tion)(?: of| in)?|decreas(?:e[sd]?|ing)|lessen(?:s|ed|ing)?|"
            r"lower(?:s|ed|ing)?|minimi[sz](?:e[sd]?|ing)|diminish(?:es|ed|ing)?|less|"
            r"cut(?:s|ting)? (?:down on|down))\b(?: the (?:amount|level) of)?"
        ),
        "decrease",
    ),
    (re.compile(r"\bgravitation(?:al)?(?: (?:force|pull|attraction))?\b"), "gravity"),
    (re.compile(r"\b(\w{4,})al (?:force|energy)$"), r"\1"),
    (re.compile(r"\bfreedom of (\w+)"), r"free \1"),
    (re.compile(r"^at (?=(?:an?|the|his|her|their|our|my)\b)"), "in "),
    (re.compile(r"\b(?:fortnightly|bi-?weekly)\b"), "every 2 weeks"),
    (re.compile(r"\bevery (?:other|second) (year|week|month|day|hour)\b"), r"every 2 \1s"),
    (re.compile(r"\bquadrennially\b"), "every 4 years"),
    (re.compile(r"\bonce in (?:every )?(?=(?:\d|two|three|four|five|six|seven|ten)\w*)"), "every "),
    (re.compile(r"\b(\d[\d.,]*) ?mya\b"), r"\1 million years ago"),
    (re.compile(r"\b(?:about|circa|ca\.?|approximately|approx\.?|around|roughly) (?=\d)"), ""),
    (re.compile(r"\b(?:grant(?:s|ed|ing)?|gave|gives|given|giving)\b"), "give"),
    (re.compile(r"\b(?:drank|drunk|drinks|drinking)\b"), "drink"),
    (re.compile(r"\b(?:ate|eaten|eats|eating)\b"), "eat"),
    (re.compile(r"\b(?:written|wrote|writes|writing)\b"), "write"),
    (re.compile(r"\b(?:sang|sung|sings|singing)\b"), "sing"),
    (re.compile(r"\b(?:swam|swum|swims|swimming)\b"), "swim"),
    (re.compile(r"\b(?:flew|flown|flies|flying)\b"), "fly"),
    (re.compile(r"\b(?:drove|driven|drives|driving)\b"), "drive"),
    (re.compile(r"\b(?:took|taken|takes|taking)\b"), "take"),
    (re.compile(r"\b(?:broke|broken|breaks|breaking)\b"), "break"),
    (re.compile(r"\b(?:froze|frozen|freezes|freezing)\b"), "freeze"),
    (re.compile(r"\b(?:grew|grown|grows|growing)\b"), "grow"),
    (re.compile(r"\b(?:stole|stolen|steals|stealing)\b"), "steal"),
    (re.compile(r"\b(?:made|makes|making)\b"), "make"),
    (re.compile(r"\b(?:built|builds|building)\b"), "build"),
    (re.compile(r"\b(?:burnt|burned|burns|burning)\b"), "burn"),
    (re.compile(r"\b(?:shot|shoots|shooting)\b"), "shoot"),
    (re.compile(r"\bvelocity\b"), "speed"),
    (re.compile(r"\b(?:half|50 ?%|50 per ?cent|1/2)(?: of)?(?: the)?\b"), "half"),
    (re.compile(r"^(?:an? |the )?(?:fall|decline|reduction) (?:in|of) "), "decrease in "),
    (re.compile(r"\b(?:falls?|fell|declines?|declined)$"), "decrease"),
    (
        re.compile(
            r"\b(?:some(?:one|body)|any(?:one|body)|a person|an individual|people|those|one|"
            r"a (?:man|woman))(?: who| that)?(?: (?:is|are))? (?=(?!who\b|that\b)\w+(?:s|ing)\b)"
        ),
        "person ",
    ),
    (re.compile(r"\b(both|all|most|some) of (?:the |his |her |their |its )?"), r"\1 "),
    (re.compile(r"\bcosts? too much\b"), "was too expensive"),
    (re.compile(r"\b(solar|wind|nuclear|tidal|wave|steam|electric(?:al)?) power\b"), r"\1 energy"),
    (re.compile(r"\beach (?=(?:\d+|two|three|four|five|six|seven|ten) )"), "every "),
    (re.compile(r"\b(\d+) ?x\b"), r"\1 times"),
    (
        re.compile(r"\bin (?:prison|jail|gaol)\b|\b(?:prison|jail) (?:sentence|term)\b"),
        "imprisonment",
    ),
    (re.compile(r"\b(?:sick|sickness|illness)\b"), "ill"),
    (re.compile(r"^(?:double[ds]?|it doubles|it doubled|twice|two times|twofold)$"), "double"),
    (
        re.compile(
            r"^(?:by|on|in|took|takes?|taking|using|with)(?: an?| the)? (bus|train|car|tram|metro|"
            r"plane|aeroplane|airplane|boat|ship|ferry|bike|bicycle|taxi|subway|horse|helicopter)$"
        ),
        r"by \1",
    ),
    (re.compile(r"\b(?:beneath|underneath)\b"), "under"),
    (re.compile(r"\bgrand(?:ma|mom|mum|mommy)\b"), "grandmother"),
    (re.compile(r"\bgrand(?:pa|dad|daddy)\b"), "grandfather"),
    (re.compile(r"\b(?:mum|mom|mommy|mummy)\b"), "mother"),
    (re.compile(r"\b(?:dad|daddy)\b"), "father"),
    (re.compile(r"\b(?:kid|kids|children)\b"), "child"),
    (re.compile(r"\b(?:automobiles?|cars?)\b"), "car"),
    (re.compile(r"\b(?:movies?|films?)\b"), "film"),
    (
        re.compile(r"\b(?:lack|absence|shortage|scarcity|want|deficiency|deprivation) of\b"),
        "lacking",
    ),
    (
        re.compile(r"^(?:the )?(\w+) (?:deprivation|deficiency|shortage|scarcity)$"),
        r"lacking \1",
    ),
    (re.compile(r"^(?:insufficient|inadequate|not enough|too little|too few|no)\b"), "lacking"),
    (
        re.compile(
            r"\b(?:has|have|had|having) no\b|"
            r"\b(?:do|does|did) ?(?:not|nt) (?:have|contain|possess)(?: any| enough)?\b"
        ),
        "lacking",
    ),
    (re.compile(r"\b(left|right|north|south|east|west)wards?\b"), r"\1"),
    (re.compile(r"\b(?:higher|increased|increasing|raised|raising)\b"), "increase"),
    (re.compile(r"\b(?:bigger|greater)\b"), "larger"),
    (re.compile(r"\b(?:quicker)\b"), "faster"),
    (re.compile(r"\btwice\b"), "two times"),
    (re.compile(r"\b(?:once every|once (?:a|per|each)|once(?= \w+ly\b))"), "every"),
    (re.compile(r"\b(?:yearly|annually)\b"), "every year"),
    (re.compile(r"\bmonthly\b"), "every month"),
    (re.compile(r"\bweekly\b"), "every week"),
    (re.compile(r"\bdaily\b"), "every day"),
    (re.compile(r"\bhourly\b"), "every hour"),
    (re.compile(r"\b(?:an?|per|each|every) (?=(?:year|month|week|day|hour|minute)\b)"), "every "),
    (re.compile(r"^(?:(?:one|1) times? )?every every "), "every "),
    (re.compile(r"^(?:one|1) time every "), "every "),
)
_BEGINNING_WORDS = [one.pattern[2:] for one, _ in _SAYINGS if one.pattern.startswith(r"\b")]
_BEGINNING = [one.pattern[1:] for one, _ in _SAYINGS if one.pattern.startswith("^")]
_ANY_SAYING = re.compile(rf"\b(?:{'|'.join(_BEGINNING_WORDS)})|^(?:{'|'.join(_BEGINNING)})")
"""Finds something wherever one of the sayings does: most texts have none."""
_LONG_ENDINGS = (
    *("ization", "ations", "ation", "ating", "ates", "ated", "ate", "ions", "ion", "es", "e"),
)
_SHORT_ENDINGS = (
    *(("shes", "sh"), ("ches", "ch"), ("sses", "ss"), ("xes", "x"), ("ies", "y")),
    *(("ings", ""), ("ing", ""), ("ed", ""), ("s", "")),
)
_SHORT_VERB = re.compile(r"([^aeiou]+[aeiou][^aeiouwxyngr])(?:ing|ed)")
"""Saving, made of save; not running nor bringing."""
SHORTEST_STEM = 4
SHORTEST_LONG_STEM = 5
"""Letters left by endings such as -ion: rotation is rotates, a station is no state."""
LONGEST = 200
_PRONOUN = re.compile(r"^(?:it|they|he|she)\s+(?=\w)")
_REASON = re.compile(r"^(?:because|since|as|so)\s+")
_SUBJECT = re.compile(
    r"^(?!(?:his|her|its|their|my|your|our)\b)(?:the|a|an|some|all)?\s*[a-z]+(?: [a-z]+)?\s+(?=\w)"
)
"""Her mother is somebody else than she."""
_TURNING = re.compile(r"\b(?:no|not|never|without|neither|nor)\b|n't\b", re.IGNORECASE)
_FIGURE = re.compile(r"\d")
_AS_DECADE = re.compile(r"^(?:in |during )?(?:the )?")
_DECADE = re.compile(r"^(?:in |during )?(?:the )?((?:1[0-9]|20)(\d)0)'?s$")
_PART_OF = re.compile(r"^(?:in |during )?(?:the )?(early|mid|late)[ -]")
_CENTURY = re.compile(r"^(?:in |during )?(?:the )?(1\d|20|21)(?:th|st) century$")
_TENS = ("twenties", "thirties", "forties", "fifties", "sixties", "seventies", "eighties")


def same_phrase(name: str, text: str) -> bool:
    """Whether two phrases mean the same by their words: plain prose alone, not names."""
    if max(len(name), len(text)) > LONGEST or not _is_prose(name):
        return False
    left, right = meaning(name), meaning(text)
    if not left or not right:
        return False
    lacking = "lack" in left[0] and "lack" in right[0]
    if not lacking and _turns_round(name) is not _turns_round(text):
        return False
    if left == right or _noun_and_word(left, right) or _done_to_it(name, text, left, right):
        return not _salt_of(name, text)
    return _with_subject(name, text, left) or _with_subject(text, name, right)


def _done_to_it(name: str, text: str, left: tuple[str, ...], right: tuple[str, ...]) -> bool:
    """Whether one says as a sentence what the other does as a noun: the storming of the Bastille.

    The Bastille was stormed.
    """
    told = _PASSIVE.match(folded(name)) or _PASSIVE.match(folded(text))
    return bool(told) and len(left) == 2 and left == right[::-1]  # noqa: PLR2004 what, and what was done


def both_lack(name: str, text: str) -> bool:
    """Whether two phrases say in other words that something is not there: it has no water."""
    starts = [meaning(one)[:1] for one in (name, text)]
    return all(start and "lack" in start[0] for start in starts) and same_phrase(name, text)


def _salt_of(name: str, text: str) -> bool:
    """Whether one word is another with -ate or -e: a carbonate is no carbon, morale no moral."""
    short, long = sorted((folded(name).strip(" ."), folded(text).strip(" .")), key=len)
    return long in {f"{short}ate", f"{short}ates", f"{short}e"}


def _noun_and_word(left: tuple[str, ...], right: tuple[str, ...]) -> bool:
    """Whether two words say the same turned round: taxes were higher, a tax increase."""
    turned = len(left) == 2 and left == right[::-1]  # noqa: PLR2004 a noun and what became of it
    return turned and any("increas" in one or "decreas" in one for one in left)


@lru_cache(maxsize=20_000)
def meaning(text: str) -> tuple[str, ...]:
    """Return the stems of the words that mean something, in their order."""
    plain = _EACH_OTHER.sub("", folded(text).rstrip(" .!?").replace("'s ", " is ").replace("'", ""))
    if _ANY_SAYING.search(plain):
        for pattern, word in _SAYINGS:
            plain = pattern.sub(filled(word) if "\\" in word else word, plain)
    if "ed" in plain[-2:]:
        plain = _PASSIVE.sub(filled(r"\2 \1"), plain)
    if "creas" in plain:
        plain = _CHANGE.sub(filled(r"\1 "), plain)
    plain = plain[len(lead[0]) :] if (lead := _LEAD.match(plain)) else plain
    if " of " in plain:
        plain = _OF.sub(filled(r"\1\3 \2"), plain)
    found = [word for word in words(plain) if word not in _EMPTY]
    stems = tuple(map(_stem, found))
    # Increased taxes, an increase in taxes, taxes increase.
    changes = len(stems) > 1 and stems[0] in _CHANGES
    return (*stems[1:], stems[0]) if changes else stems


def same_decade(name: str, text: str) -> bool:
    """Whether "the twenties" or "the 20s" stand for the 1920s."""
    if not _FIGURE.search(name):
        return False
    if (century := _CENTURY.match(folded(name))) is not None:
        return _AS_DECADE.sub("", folded(text)).replace("'", "") == f"{int(century[1]) - 1}00s"
    part, other = (_PART_OF.match(folded(one)) for one in (name, text))
    if part and other and part[1] == other[1]:
        return same_decade(name[part.end() :], text[other.end() :])
    found = _DECADE.match(folded(name))
    if found is None:
        return False
    typed = _AS_DECADE.sub("", folded(text)).replace("'", "")
    tens = int(found[2])
    spoken = _TENS[tens - 2] if 2 <= tens <= 8 else "nineties" if tens == 9 else "-"  # noqa: PLR2004
    own = {"19": "nineteen", "18": "eighteen"}.get(found[1][:2], "-")
    return typed in {f"{tens}0s", spoken, f"{own} {spoken}", f"{found[1]}s"}


def _with_subject(name: str, text: str, left: tuple[str, ...]) -> bool:
    """Take "the water evaporates" for "it evaporates": the question made clear what does."""
    spoken, typed = (_REASON.sub("", folded(one)) for one in (name, text))
    if not _PRONOUN.match(spoken) or _PRONOUN.match(typed) or _SUBJECT.match(typed) is None:
        return False
    found = typed.split()
    if "not" in found or not _adds_little(typed, left):
        return False
    verb = spoken.split(maxsplit=2)[1]
    rests = {typed.split(maxsplit=count)[-1] for count in (1, 2, 3) if len(found) > count}
    return any(_is_said_of(verb, rest) and meaning(rest) == left for rest in rests)


def _is_said_of(verb: str, rest: str) -> bool:
    """Whether what follows a subject begins with this verb: soap kills, it has no bacteria."""
    first = rest.split(maxsplit=1)[0]
    return _stem(first) == _stem(verb) or {first, verb} <= _EMPTY


def _adds_little(typed: str, left: tuple[str, ...]) -> bool:
    extra = [word for word in meaning(typed) if word not in left]
    turning = {"no", "not", "never", "nothing", "nobody", "neither", "without", "less"}
    return len(extra) <= 2 and turning.isdisjoint(extra)  # noqa: PLR2004 an adjective and a noun


@lru_cache(maxsize=5000)
def _turns_round(text: str) -> bool:
    return bool(_TURNING.search(text))


@lru_cache(maxsize=20_000)
def _is_prose(name: str) -> bool:
    """Whether a right answer is a phrase: a word of it that means something has no capital."""
    return any(part[:1].islower() and part not in _EMPTY for part in name.split())


@lru_cache(maxsize=20_000)
def _stem(word: str) -> str:
    if word in _IN_ONE_FORM or not word.isalpha():
        return word
    if (verb := _SHORT_VERB.fullmatch(word)) is not None:
        return f"{verb[1]}e"
    word = _without_ending(word)
    # planning and plan, stopped and stop
    return word[:-1] if len(word) > SHORTEST_STEM and word[-1] == word[-2] else word


def _without_ending(word: str) -> str:
    for ending, instead in _SHORT_ENDINGS[:5]:
        if word.endswith(ending) and len(word) - len(ending) + len(instead) >= SHORTEST_STEM:
            return word[: -len(ending)] + instead
    for ending in _LONG_ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_LONG_STEM:
            return word[: -len(ending)]
    for ending, instead in _SHORT_ENDINGS[5:]:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_STEM:
            return word[: -len(ending)] + instead
    return word


_CHANGES = frozenset({_stem("increase"), _stem("decrease")})
