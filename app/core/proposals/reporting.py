"""Who says so: reporting words, the stance they suggest, and whom they belong to."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.core.facts import Stance
from app.core.proposals.phrases import is_beside
from app.core.proposals.proposal import Span, SpanKind
from app.core.proposals.vocabulary import words

_DENIED = (
    r"denied|denies|deny|disputed|disputes|dispute|refuted|refutes|rejected|contradicted|"
    r"contested|debunked"
)
_CLAIMED = (
    r"claimed|claims|claiming|alleged|alleges|alleging|insisted|insists|asserted|"
    r"asserts|boasted|boasts|"
    r"contended|contends|maintained|maintains|accused|argued|argues|speculated|boasting"
)
_SAID = (
    r"say|argue|believe|warn|suggest|think|insist|allege|claim|report|estimate|"
    r"reported|reports|said|says|saying|told|stated|states|wrote|writes|estimated|"
    r"estimates|suggested|"
    r"suggests|noted|notes|added|predicted|predicts|warned|warns|believed?|believes|"
    r"concluded|concludes|"
    r"explained|revealed|announced|acknowledged|admitted|calculated|forecasts?|"
    r"pointed out|points out|"
    r"puts|testified|found|showed|shows|indicated|indicates|expects|expected"
)
_ONLY_WITH_THAT = words(
    "found showed shows revealed announced acknowledged admitted concluded maintained maintains "
    "indicated indicates expects expected reports estimates claims states notes forecast "
    "forecasts believed believes believe rejected described puts argued argues explained "
    "contested contradicted suggests suggested predicted told asserts alleged added noted "
    "stated claims claim report estimate dispute disputes suggest believe think"
)
"""Verbs that also tell of deeds, or are nouns: they report where a clause or a figure follows."""
_VERB = re.compile(rf"\b(?:(?P<denied>{_DENIED})|(?P<claimed>{_CLAIMED})|(?P<said>{_SAID}))\b")
_ACCORDING = re.compile(r"\b(?:[Aa]ccording to|[Ii]n the (?:words|view|opinion) of)\s+")
_HEDGE = re.compile(
    r"\b(?:reportedly|purportedly|supposedly|apparently|is said to|are said to|"
    r"was said to|were said to|"
    r"is (?:thought|believed|estimated|rumou?red|expected|reported) to|"
    r"are (?:thought|believed|estimated|rumou?red|expected|reported) to|was (?:thought|"
    r"believed|reported) to|"
    r"were (?:thought|believed|reported) to|is described as|are described as|"
    r"is praised|are praised|"
    r"it is (?:said|reported|believed|thought) that)",
    re.IGNORECASE,
)
_ALLEGED = re.compile(
    r"\ballegedly\b|\bunconfirmed\b|\bwithout (?:any |giving |providing |"
    r"offering )*(?:evidence|proof)\b|"
    r"\b(?:no|little) (?:evidence|proof) (?:for|of)\b|\boffered no (?:evidence|"
    r"proof)\b|\bunproven\b",
    re.IGNORECASE,
)
_MODAL = re.compile(
    r"\b(?:could|might|may)\s+(?!not\b)(?:also |well |soon |still |eventually |even |one day )?"
    r"(?:have|be|cost|reach|lie|rise|break|lead|become|cause|contain|mean|take|exceed|"
    r"hit|fall|grow|help|"
    r"hold|save|last|double|triple|create|replace|turn|make|add|lose|reduce|raise|"
    r"affect|bring|cut|show)\b"
)
_ASKED = re.compile(
    r"\b(?:what|how|whether|why|if|so that|wherever|whatever)\b[^,.;]*$", re.IGNORECASE
)
_THAT = re.compile(
    r"\s+(?:(?:on|in|last|this)\s+[^,.]{2,30}?\s+)?(?:that\b|(?:it|he|she|they|there|"
    r"the|its|a|an|this|more|"
    r"less|about|at|up|nearly|around|his|her|their|some)\b|[$€£¥]|US\$|\d|[\"“:]|[A-Z])"
)
_PASSIVE_BY = re.compile(r"\s+(?:in [^,.]{2,40} )?by\s+")
_PASSIVE_BEFORE = re.compile(
    r"\b(?:is|are|was|were|be|been|being|has been|as|remains?|remained)\s+"
    r"(?:\w+ly\s+|first\s+|also\s+|still\s+)?$",
    re.IGNORECASE,
)
_NOUN_BEFORE = re.compile(
    r"\b(?:the|his|her|its|their|this|these|those|such|a|an|of|no|any|insurance|other|"
    r"some|many|for|"
    r"new|recent|earlier|more|news|official|to|first|second|last|best|own)\s+$",
    re.IGNORECASE,
)
_QUOTED_BEFORE = re.compile(r"[,\"”’?!]\s*[\"”’]?\s*$")
_PRONOUN = re.compile(r"^(?:he|she|they|it|we|i|who|that|which|others|some|many)$", re.IGNORECASE)
_HEAD = re.compile(
    r"^(?:(?:the\s+|an?\s+)?(?:analysts?|researchers?|economists?|scientists|engineers|"
    r"experts|officials|lawyers|"
    r"spokes(?:man|woman|person|people|women|men)|representatives?|executives|people|"
    r"members|a team|the team|a report|"
    r"a study|a paper|a research paper|a post|a survey|"
    r"a statement)(?:\s+\w+){0,2}?\s+(?:(?:written|published|released|led) by|at|for|from|of|by|"
    r"with|on))\s+",
    re.IGNORECASE,
)
_LEAD_IN = re.compile(
    r"^(?:(?:but|and|yet|so|still|later|meanwhile|however|then|also|instead|while|"
    r"although|when|as)\b,?\s+|"
    r"(?:in|on|since|after|during|by|at|until|before|for)\s+[^,]{2,60},\s+|"
    r"(?:in|on)\s+(?:\w+\s+){0,2}\d{4}\s+|(?:in|on)\s+\d{1,2}\s+\w+(?:\s+\d{4})?\s+|"
    r"without [^,]{3,60},\s+|as\s+|"
    r"(?:last|this) (?:week|month|year|\w+day),?\s+)+",
    re.IGNORECASE,
)
_END_OF_NAME = re.compile(
    r"[,.;:!?\"”(]|\s+(?:on (?:mon|tues|wednes|thurs|fri|satur|sun)day|in (?:a|an|the|"
    r"his|her|its|january|"
    r"february|march|april|may|june|july|august|september|october|november|december|"
    r"\d)|who|which|that|"
    r"when|while|after|before|at (?:a|the)|is|are|was|were|has|have|had|will|the|a|to|"
    r"it|they|and the|last|"
    r"this|but|as|during|could|would|may|might|into|with)\b",
    re.IGNORECASE,
)
LONGEST_NAME = 120
TITLE_WORDS = 4


@dataclass(frozen=True, slots=True)
class Reporting:
    """The stance that a sentence suggests, who says so ("" if it does not say), and where.

    `outside` is the run of the sentence that tells who says so, not what.
    """

    stance: Stance = Stance.STATED
    who: str = ""
    pronoun: str = ""
    spans: tuple[Span, ...] = ()
    outside: tuple[int, int] = (0, 0)
    hedged: bool = False


def find_reporting(sentence: str, names: Sequence[Span]) -> Reporting:
    """Return who a sentence says its content comes from, and how far that is to be trusted."""
    found = _according_to(sentence, names) or _by_verb(sentence, names)
    if found and (_OFFICE.match(found.who) or _closes_beside(sentence, found, names)):
        found = replace(found, who=_beside(sentence, names) or found.who)
    alleged = _ALLEGED.search(sentence)
    if alleged:
        span = Span(alleged.start(), alleged.end(), SpanKind.REPORTING)
        if found is None:
            return Reporting(Stance.CLAIMED, spans=(span,), hedged=True)
        stance = Stance.DISPUTED if found.stance is Stance.DISPUTED else Stance.CLAIMED
        return Reporting(stance, found.who, found.pronoun, (*found.spans, span), found.outside)
    if found:
        return found
    hedge = _HEDGE.search(sentence) or _MODAL.search(sentence)
    if hedge and not _ASKED.search(sentence[: hedge.start()]):
        span = Span(hedge.start(), hedge.end(), SpanKind.REPORTING)
        return Reporting(Stance.REPORTED, spans=(span,), hedged=True)
    return Reporting()


_OFFICE = re.compile(r"(?:the|its|his|her|their)\s", re.IGNORECASE)


def _closes_beside(sentence: str, found: Reporting, names: Sequence[Span]) -> bool:
    """Whether the verb follows the name of an office: Its director, Ann Beitia, claimed."""
    verb = found.spans[0].start if found.spans else 0
    return any(
        is_beside(sentence, one.start, one.end) and not sentence[one.end : verb].strip(", ")
        for one in names
    )


def _beside(sentence: str, names: Sequence[Span]) -> str:
    """Return the name of whoever holds the office that a sentence begins with."""
    found = (one.entity for one in names if is_beside(sentence, one.start, one.end))
    return next((one.name for one in found if one), "")


def _according_to(sentence: str, names: Sequence[Span]) -> Reporting | None:
    match = _ACCORDING.search(sentence)
    if not match:
        return None
    who, end = _phrase_after(sentence, match.end(), names)
    beside = next((one for one in names if one.start == end + 2), None)
    if _OFFICE.match(who) and sentence[end : end + 1] == "," and beside and beside.entity:
        who, end = beside.entity.name, beside.end  # the operator, Vela Motors
    span = Span(match.start(), match.end(), SpanKind.REPORTING)
    return Reporting(Stance.REPORTED, who, "", (span,), (match.start(), end))


def _by_verb(sentence: str, names: Sequence[Span]) -> Reporting | None:
    for match in _VERB.finditer(sentence):
        made = _from_verb(sentence, match, names)
        if made:
            return made
    return None


def _from_verb(sentence: str, match: re.Match[str], names: Sequence[Span]) -> Reporting | None:
    stance = _stance(match)
    span = Span(match.start(), match.end(), SpanKind.REPORTING)
    before = sentence[: match.start()]
    if _inside_name(match, names):
        return None
    if _PASSIVE_BEFORE.search(before):
        by = _PASSIVE_BY.match(sentence, match.end())
        if not by or match["said"] not in {"reported", "estimated", "suggested", None}:
            return None
        who, end = _phrase_after(sentence, by.end(), names)
        return Reporting(stance, who, "", (span,), (match.start(), end)) if who else None
    if _QUOTED_BEFORE.search(before) and not _clause_before(before):
        who, end = _phrase_after(sentence, match.end() + 1, names)
        if who:
            return _of(stance, who, span, (match.start(), end))
    if _NOUN_BEFORE.search(before) or not _tells(sentence, match):
        return None
    clause_start = before.rstrip(" ,").rfind(",") + 1 if _closes(sentence, match) else 0
    if before.startswith(('"', "“")):
        clause_start = max(before.rfind('"'), before.rfind("”")) + 1
    who = _subject(before, names, clause_start)
    told = _TO_WHOM if match[0] == "told" else _WHEN_SAID
    aside = told.match(sentence, match.end())
    end = aside.end() if aside else match.end()
    return _of(stance, who, span, (clause_start, end)) if who else None


_TO_WHOM = re.compile(r"\s[^,.;]{1,60}?(?=\sthat\b)")
"""Behind "told": who listens is no part of what is told."""


_WHEN_SAID = re.compile(
    r"\s(?:in|on|at|last|this|yesterday|today|later|earlier)\b[^,.;]{0,40}?(?=\sthat\b)"
)
"""Behind a verb: when and where it was said is no part of it either: said in March that."""


def _of(stance: Stance, who: str, span: Span, outside: tuple[int, int]) -> Reporting:
    if _PRONOUN.match(who):
        return Reporting(stance, "", who, (span,), outside)
    return Reporting(stance, who, "", (span,), outside)


def _stance(match: re.Match[str]) -> Stance:
    if match["denied"]:
        return Stance.DISPUTED
    claims = match["claimed"] or match[0] in {"claim", "allege", "insist"}
    return Stance.CLAIMED if claims else Stance.REPORTED


def _inside_name(match: re.Match[str], names: Sequence[Span]) -> bool:
    return any(one.start <= match.start() and match.end() <= one.end for one in names)


def _tells(sentence: str, match: re.Match[str]) -> bool:
    """Whether a verb reports: always for said, else where a clause or a figure follows."""
    if match[0] in {"claimed", "claims"} and re.match(
        r"\s+(?:the lives|\d[\d,]* lives|victory|the title|responsibility|first|second)\b",
        sentence[match.end() :],
    ):
        return False
    if re.search(r"^[\"“].*[\"”]\s+[^\"“”]{2,60}$", sentence[: match.start()]):
        return True
    if match[0] in {
        "found",
        "wrote",
        "writes",
        "showed",
        "shows",
        "revealed",
        "announced",
        "told",
        "added",
        "rejected",
    } or (match[0] in {"expected", "expects", "believed", "acknowledged", "admitted"}):
        rest = sentence[match.end() : match.end() + 60]
        if _closes(sentence, match):
            return True
        return bool(re.match(r"(?:\s+(?!and\b)[\w’'-]+){0,4}\s+that\b|\s*[\"“]|,\s*[\"“]", rest))
    if match[0] in _ONLY_WITH_THAT and not _closes(sentence, match):
        return bool(_THAT.match(sentence, match.end()))
    return True


def _closes(sentence: str, match: re.Match[str]) -> bool:
    """Whether a verb ends its sentence or an aside: "..., a study by Lund suggests, ..."."""
    before = sentence[: match.start()]
    if "," not in before or re.search(r"\b(?:the|a|an|no)\s+$", before):
        return False
    at_end = re.match(r"[.!]?$", sentence[match.end() :])
    aside = sentence.startswith(", ", match.end()) and _SHORT_ASIDE.search(before)
    return bool(at_end or aside)


_SHORT_ASIDE = re.compile(r"[a-z\d],\s+(?:the|an?|some|other)(?:\s+[\w-]+){1,4}\s+$")
"""Before a verb whose subject alone stands between it and a comma: It is gone, the engineers say,
"""


def _clause_before(before: str) -> bool:
    """Whether a comma before a verb only ends what stands beside its subject."""
    return bool(
        re.search(
            r"^[^,\"“]{2,60},\s+(?:an?|the|who|which|chief|head|its|his|her|one)\b[^\"“]*,\s*$",
            before,
        )
    )


def _subject(before: str, names: Sequence[Span], clause_start: int) -> str:
    """Return the subject of the verb that a text ends before."""
    for mark in re.finditer(r"[;:]\s+|,\s+(?:but|and|while|although|though)\s+|[\"”]\s+", before):
        clause_start = mark.end()
    clause = _LEAD_IN.sub("", before[clause_start:].lstrip())
    at = len(before) - len(clause)
    clause = re.sub(
        r"\s+(?:has|have|had|also|later|now|once|then|first|himself|herself|itself|themselves|"
        r"repeatedly|publicly|recently|since|never|[a-z]+ly)(?=\s|$)",
        "",
        clause.rstrip() + " ",
    ).strip()
    clause = re.sub(r"(?:\s+in (?:[A-Z]\w+ )?\d{4})?,?\s*$", "", clause)
    head = re.split(r",\s+|\s+\(", clause, maxsplit=1)[0].strip()
    head = re.split(r"\s+(?:who|which|that|whose|when|where)\s+", head)[0]
    return _named(head, at, names) if _is_noun_phrase(head) else ""


def _is_noun_phrase(text: str) -> bool:
    verb = re.search(
        r"\b(?:is|are|was|were|will|would|can|could|to|not|did|does|do|than|because)\b", text
    )
    return 0 < len(text) <= LONGEST_NAME and not verb


def _named(phrase: str, at: int, names: Sequence[Span]) -> str:
    """Return whom a phrase names: "Analysts at Bernstein" are Bernstein's."""
    inside = [
        one for one in names if at <= one.start and one.end <= at + len(phrase) + 2 and one.entity
    ]
    head = _HEAD.match(phrase)
    for one in inside:
        if one.entity is None:
            continue
        behind_head = head is not None and one.start - at <= head.end() + 4
        if one.start == at or behind_head or _titled(phrase[: one.start - at]):
            return one.entity.name
    plain = re.sub(r"^(?:but|and|yet|so|while)\s+", "", phrase, flags=re.IGNORECASE).strip(' ,."“”')
    if not plain or _PRONOUN.match(plain):
        return plain
    first = plain.split()[0]
    keeps = _begins_with_name(at, inside) or (len(first) > 1 and first[:2].isupper())
    return plain if keeps else plain[0].lower() + plain[1:]


def _begins_with_name(at: int, inside: Sequence[Span]) -> bool:
    return any(one.start == at for one in inside)


def _titled(text: str) -> bool:
    """Whether only titles or an article stand before a name: its chief executive, President."""
    return (
        len(text.split()) <= TITLE_WORDS
        and bool(text.strip())
        and not re.search(r"\b(?:and|by|of|for|at|team|paper|report|study)\b", text)
    )


def _phrase_after(sentence: str, start: int, names: Sequence[Span]) -> tuple[str, int]:
    """Return who is named from a place on, and where that ends."""
    for one in names:
        between = sentence[start : one.start]
        if (
            one.start >= start
            and one.entity
            and (one.start == start or _titled(between))
            and (not re.search(r"[,.;:]", between))
        ):
            return one.entity.name, one.end
        if one.start >= start:
            break
    rest = sentence[start : start + LONGEST_NAME + 20]
    if not re.match(r"(?:the|a|an|its|his|her|one|two|some|\w+)\b", rest):
        return "", start
    lead = re.match(r"(?:the|an?)\s+", rest)
    stop = _END_OF_NAME.search(rest, lead.end() if lead else 0)
    phrase = rest[: stop.start()] if stop else rest[:LONGEST_NAME].rsplit(" ", 1)[0]
    if re.match(r"(?:that|it|he|she|in|on|at|by|last|this|next|yesterday|later|earlier)\b", phrase):
        return "", start
    return _named(phrase.strip(), start, names), start + len(phrase)
