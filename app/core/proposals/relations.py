"""Which relation a sentence speaks of: by its template's words, phrases, and earlier passages."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from app.core.facts import Fact, Relation
from app.core.marking import PERSON_KINDS
from app.core.proposals.proposal import Context, StarterRelation
from app.core.proposals.verbs import doers_of, objects_of
from app.core.proposals.vocabulary import words
from app.core.questions.looks import entities_in
from app.core.values import Entity, Value
from app.core.wording import display

LITERAL, BEFORE, CUE, ACTIVE, LEARNED, STEMS = 1.0, 0.95, 0.9, 0.88, 0.85, 0.7
"""How sure a match makes: the template's own words between subject and value, and so on down."""
_STOPWORDS = words(
    "a an the of in on at by for from with to and or but is are was were be been being has have "
    "had do does did will would can could may might its it his her their this that these those "
    "as into about one who which what when where than then there also not no very"
)
_STEM_LETTERS = 5
GAP = "\u2026"
"""Where the value stands in a phrase of two parts: is ... long."""
WIDEST_GAP = 40
"""Characters that may stand there."""
_PREPOSITION = re.compile(
    r"\s+(?:for|through|under|along|between|from|at|on|in|into|to|over|across|past|by|with)\b"
)
"""Behind a verb that then has no object: a tunnel runs under a lake and leads nobody."""
IS_DONE = re.compile(r"\b(?:is|are|was|were|been|being)\s+(?:first\s+)?$")
"""Before a verb that its subject does not do but suffers: was founded."""
_NOUN_BEFORE = re.compile(r"\b(?:the|an?|its|his|her|their|our|this|that|of|total)\s+$")
_PASSIVE = re.compile(r"\b(?:is|are|was|were)\s+(?:[\w-]+ly\s+)?([a-z]+)\s+by$")
_QUOTES_TO_LEARN = 2
_SHARE_TO_LEARN = 0.7


def stems(text: str) -> frozenset[str]:
    """Return the words of a text that count, cut so that founded, founder and found are one."""
    words = re.findall(r"[^\W\d_]+", text.casefold())
    return frozenset(_stem(word) for word in words if word not in _STOPWORDS)


def _stem(word: str) -> str:
    for ending in ("ing", "ed", "es", "er", "or", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:  # noqa: PLR2004 a root is left
            word = word.removesuffix(ending)
            break
    return word[:_STEM_LETTERS]


@dataclass(frozen=True)
class Known:
    """A relation prepared for matching."""

    relation: Relation
    is_starter: bool
    is_general: bool
    """Whether it is of the starter library, in the deck or not: its words fit nearly everywhere."""
    of_people: bool
    cues: tuple[tuple[str, bool], ...]
    """Phrases, and whether the value stands before them."""
    objects: tuple[tuple[str, str], ...]
    """Verbs and prepositions around what is done to: released … on."""
    before: str
    middle: str
    after: str
    value_first: bool
    words: frozenset[str]
    verb: str
    """The stem of a passive statement's verb: "was founded by"."""
    learned: frozenset[str]
    subject_kinds: frozenset[str]
    value_kinds: frozenset[str]
    told: frozenset[tuple[str, str]]
    """(subject, value) pairs that are facts already."""


@dataclass(frozen=True, slots=True)
class Match:
    """A relation found in a sentence: where its words stand, and how sure that is."""

    known: Known
    score: float
    start: int
    end: int
    value_first: bool = field(default=False)
    first_follows: bool = field(default=False)


def prepared(context: Context) -> tuple[Known, ...]:
    """Return the deck's relations and those of the starter library, ready for matching."""
    by_relation: dict[str, list[Fact]] = defaultdict(list)
    for fact in context.facts:
        if fact.relation:
            by_relation[fact.relation.key].append(fact)
    general = {one.relation.key: one for one in context.starters}
    own = {one.key for one in context.relations}
    found = [_known(one, by_relation[one.key], general.get(one.key)) for one in context.relations]
    starters = (one for one in context.starters if one.relation.key not in own)
    return (*found, *(_known(one.relation, (), one, is_starter=True) for one in starters))


def _cues(one: StarterRelation) -> tuple[tuple[str, bool], ...]:
    forward = ((cue.casefold(), False) for cue in one.cues)
    inverse = dict.fromkeys((*one.inverse_cues, *doers_of(one.cues)))
    return (*forward, *((cue.casefold(), True) for cue in inverse))


def _known(
    relation: Relation,
    facts: Sequence[Fact],
    general: StarterRelation | None,
    *,
    is_starter: bool = False,
) -> Known:
    say = relation.say or relation.ask.rstrip("?")
    parts = re.split(r"\{(subject|value)\}", say)
    order = [parts[at] for at in range(1, len(parts), 2)]
    texts = [_plain(parts[at]) for at in range(0, len(parts), 2)]
    both = order[:2] in (["subject", "value"], ["value", "subject"])
    middle = texts[1] if both else ""
    values = (entity for fact in facts for entity in entities_in(fact.value))
    return Known(
        relation=relation,
        is_starter=is_starter,
        is_general=general is not None,
        of_people=general is None or general.of_people,
        cues=_cues(general) if general else (),
        objects=objects_of((*(general.cues if general else ()), middle), relation.value_kind),
        before=texts[0] if both else "",
        middle=middle,
        after=texts[2] if both and len(texts) > 2 else "",  # noqa: PLR2004 three parts
        value_first=order[:1] == ["value"],
        words=stems(re.sub(r"\{\w*\}", " ", say)),
        verb=_stem(passive[1]) if (passive := _PASSIVE.search(middle)) else "",
        learned=_learned(facts),
        subject_kinds=frozenset(fact.subject.kind for fact in facts if fact.subject),
        value_kinds=frozenset(entity.kind for entity in values),
        told=frozenset((fact.subject.name, display(fact.value)) for fact in facts if fact.subject),
    )


def _plain(text: str) -> str:
    return " ".join(text.casefold().strip(" .?!,").split())


def _learned(facts: Sequence[Fact]) -> frozenset[str]:
    """Return the words that the passages of a relation's facts share."""
    quotes = {fact.evidence.quote: fact for fact in facts if fact.evidence}
    if len(quotes) < _QUOTES_TO_LEARN:
        return frozenset()
    counts: Counter[str] = Counter()
    for quote, fact in quotes.items():
        names = [name for entity in entities_in(fact.value) for name in entity.names]
        names += fact.subject.names if fact.subject else ()
        counts.update(stems(quote) - stems(" ".join(names)))
    return frozenset(
        word for word, count in counts.items() if count >= _SHARE_TO_LEARN * len(quotes)
    )


def matches(sentence: str, known: Sequence[Known]) -> list[Match]:
    """Return the relations that a sentence may speak of: the deck's own first, then by sureness."""
    lowered = sentence.casefold()
    words = stems(sentence)
    found = [one for relation in known for one in _matches(lowered, words, relation)]
    return sorted(found, key=lambda one: (one.known.is_starter, -one.score, -len(one.known.words)))


def _matches(lowered: str, words: frozenset[str], known: Known) -> Iterator[Match]:
    has_all = bool(known.words) and known.words <= words
    yield from _by_cue(lowered, known)
    yield from _by_phrase(lowered, known, has_all=has_all)
    if known.learned and known.learned <= words:
        yield Match(known, LEARNED, -1, -1, known.value_first)
    elif known.is_general:
        return  # among so many general relations, words alone would fit everywhere
    elif has_all and known.verb and " by " not in lowered:
        yield from _active(lowered, known)
    elif has_all:
        yield Match(known, STEMS, -1, -1, known.value_first)


def _by_cue(lowered: str, known: Known) -> Iterator[Match]:
    for cue, value_first in known.cues:
        begin, _, rest = cue.partition(f" {GAP} ")
        at = _find(lowered, begin) if not rest else _find_around(lowered, begin, rest)
        end = at + len(begin)
        done = at >= 0 and bool(IS_DONE.search(lowered[max(0, at - 12) : at]))
        elsewhere = " " not in begin and bool(_PREPOSITION.match(lowered, end))
        if (
            at >= 0
            and not _is_noun(lowered, begin, at)
            and not (value_first and (done or elsewhere))
        ):
            yield Match(known, CUE, at, end, value_first)


def _is_noun(lowered: str, word: str, at: int) -> bool:
    """Whether a lone word is no verb there: paid half of the cost."""
    return " " not in word and bool(_NOUN_BEFORE.search(lowered[max(0, at - 12) : at]))


def _find_around(lowered: str, begin: str, rest: str) -> int:
    """Return where a phrase with the value in its midst begins: is 40 km long; -1 for nowhere."""
    around = rf"\b{re.escape(begin)}\b(?=(?:[^,;]|,(?=\d)){{1,{WIDEST_GAP}}}?\b{re.escape(rest)}\b)"
    found = re.search(around, lowered)
    return found.start() if found else -1


def _by_phrase(lowered: str, known: Known, *, has_all: bool) -> Iterator[Match]:
    """Match the template's own words: those between the names, or those right before the first."""
    phrases = []
    if has_all and known.middle:
        phrases.append((known.middle, LITERAL, False))
    if known.before and known.words and stems(known.before) >= known.words:
        phrases.append((known.before, BEFORE, True))
    for phrase, score, follows in phrases:
        at = _find(lowered, phrase)
        if at >= 0 and not _is_noun(lowered, phrase, at):
            yield Match(known, score, at, at + len(phrase), known.value_first, follows)


def _active(lowered: str, known: Known) -> Iterator[Match]:
    """Match "N founded V" with "V was founded by N": who did it stands first."""
    for word in re.finditer(r"[^\W\d_]+", lowered):
        if _stem(word[0]) == known.verb:
            yield Match(known, ACTIVE, *word.span(), value_first=not known.value_first)


def _find(lowered: str, phrase: str) -> int:
    """Return where whole words stand in a text, -1 for nowhere."""
    at = lowered.find(phrase)
    while at >= 0:
        end = at + len(phrase)
        begins = at == 0 or not (lowered[at - 1].isalnum() and phrase[0].isalnum())
        ends = end == len(lowered) or not (lowered[end].isalnum() and phrase[-1].isalnum())
        if begins and ends:
            return at
        at = lowered.find(phrase, at + 1)
    return -1


def fits(value: Value, known: Known) -> bool:
    """Whether a value is of the kind that a relation wants, as far as both are known."""
    wanted = known.relation.value_kind
    if wanted and wanted != value.kind:
        return False
    return all(_may_be(entity, known.value_kinds) for entity in entities_in(value))


def _may_be(entity: Entity, kinds: frozenset[str]) -> bool:
    """Whether a thing may be of one of some kinds; of a new one only a person is surely none."""
    named = {kind for kind in kinds if kind}
    if not named or not entity.kind:
        return True
    if entity.key:
        return entity.kind in named
    person = entity.kind in PERSON_KINDS
    return not person or any(kind.casefold() in PERSON_KINDS for kind in named)


def is_sure(value: Value, known: Known) -> bool:
    """Whether the names of a value are of a kind that the relation's values have had."""
    return all(entity.kind in known.value_kinds for entity in entities_in(value))


def may_be_subject(entity: Entity | None, known: Known) -> bool:
    """Whether a thing is of a kind that a relation's subjects may have and have had so far."""
    if entity is None or (not known.of_people and entity.kind in PERSON_KINDS):
        return False
    return _may_be(entity, known.subject_kinds)


def of_kind(entity: Entity, kinds: frozenset[str]) -> Entity:
    """Return a new thing with the kind that its fellows have, where they have just one."""
    named = {kind for kind in kinds if kind}
    return entity if entity.key or len(named) != 1 else replace(entity, kind=min(named))
