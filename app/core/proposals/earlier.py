"""What the sentences before one spoke of: what "it", "he" and "they said" stand for."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from app.core.marking import PERSON_KINDS
from app.core.proposals.names import KnownNames, capitalised_inside
from app.core.proposals.phrases import (
    POINTING_BACK,
    after_lead_in,
    bare_noun,
    begins_unnamed,
    first_noun,
    is_plural,
    owns,
)
from app.core.proposals.proposal import Context, Span
from app.core.proposals.reading import (
    Prepared,
    Read,
    Told,
    beside_of,
    recognise,
    speaker_of,
    subject_of,
)
from app.core.proposals.sentences import split
from app.core.proposals.vocabulary import words
from app.core.values import DateValue, Entity

SENTENCES_BACK = 3
"""Sentences that "it" and "he" are looked for in."""
PRONOUN = re.compile(r"^(?:It|He|She|Its|His|Her)\b")
OWNED = re.compile(r"^(?:Its|His|Her)\s")
_ORGANISATIONS = words(
    "firm company organisation organization charity group club operator business band"
)
"""Nouns that go on with the organisation that was spoken of."""
_MADE_BY = re.compile(r"\b(?:is|was)\s+(?:[a-z]+ed|made|built|drawn|written|woven)\s+by\b")
_TWO_WORDS = re.compile(r"[^\W\d_]{2,}(?: [^\W\d_]{2,})? [^\W\d_]{2,}")
"""Two or three words: it may be somebody's name, as good as any."""
_ARTICLE = re.compile(r"\b(?:the|an?)\s+$", re.IGNORECASE)
_ROLE = re.compile(
    r"\b(?:the|an?|its|his|her|their|of)\s+(?:[A-Z]?[a-z-]+\s+){0,2}?([a-z-]+)\s+$", re.IGNORECASE
)
"""Before a name that its role goes with: the Danish engineer, the charity."""
_IS = re.compile(r"\s+(?:is|was)\s+(?:the\s+)?")
_PART_OF = re.compile(r"(?:The|An?)\s+((?:[a-z-]+\s+){0,2}[a-z-]+)\s+of\s+(?:the\s+)?$")
"""Before a name that owns what "it" stands for then: the genome of the bacterium."""
_IS_A = re.compile(
    r"\s+(?:is|are|was|were|became)\s+(?:an?|the|one of the)\s+((?:[\w-]+\s+){0,3}?[a-z-]+)"
    r"(?=[,.;]|\s+(?:in|of|on|for|between|that|which|who|by|from|with|at|and|until|\w+ed)\b)"
)


@dataclass(frozen=True, slots=True)
class Earlier:
    """Whom and what the sentences before spoke of."""

    person: Entity | None = None
    thing: Entity | None = None
    owner: Entity | None = None
    """Whose the latest thing is: the club, after its stadium was named."""
    reporter: str = ""
    by_noun: Mapping[str, Entity] = field(default_factory=dict)
    """The latest thing that a noun told of: bridge, for the Øresund Bridge; charity, for Vela."""
    told: Told = field(default_factory=Told)

    def then(self, read: Read) -> "Earlier":
        """Return what is spoken of after one more sentence."""
        meant = beside_of(read) or self.meant_by(read.text)
        subject = meant or speaker_of(read) or subject_of(read)
        reporter = read.reporting.who or (self.reporter if PRONOUN.match(read.text) else "")
        nouns = {**self.by_noun, **_by_noun(read, subject)}
        known = replace(
            self, reporter=reporter, by_noun=nouns, told=self.told.then(read.names, _latest(read))
        )
        person = next((one for one in _persons(read) if one != subject), None)
        known = replace(known, person=person or self.person)
        if subject is None:
            return replace(known, thing=_unnamed(read.text) or self.thing)
        if subject.kind.casefold() in PERSON_KINDS:
            return replace(known, person=subject)
        span = next((one for one in read.names if one.entity == subject), None)
        part = _PART_OF.match(read.text[: span.start]) if span and not meant else None
        if part:
            whole = Entity(f"the {part[1]} of {subject.name}")
            return replace(known, thing=_equalled(read, span) or whole)
        personal = subject == self.person or (span is not None and _may_be_person(read, span))
        owned = OWNED.match(after_lead_in(read.text)) and meant and not beside_of(read)
        if owned and not _MADE_BY.search(read.text):
            return known  # after its name, "it" is still whose name it is; its organ was built
        owner = self.thing if OWNED.match(after_lead_in(read.text)) else meant and self.owner
        return replace(
            known, thing=subject, owner=owner, person=subject if personal else known.person
        )

    def meant_by(self, sentence: str) -> Entity | None:
        """Return what the pronoun or the bare noun that a sentence begins with stands for."""
        begins = after_lead_in(sentence)
        found = PRONOUN.match(begins)
        if found is None:
            noun = bare_noun(sentence)
            return self.by_noun.get(noun) or (self._organisation(noun) if noun else None)
        meant = self.thing if found[0].startswith("It") else self.person
        if meant and not meant.kind and found[0] in {"He", "She"}:
            meant = replace(meant, kind="person")
        part = first_noun(sentence).removeprefix("the ") if OWNED.match(begins) else ""
        return Entity(f"{_genitive(meant.name)} {part}") if meant and part else meant

    def _organisation(self, noun: str) -> Entity | None:
        """Return the organisation that a general noun goes on with: The firm is based in Oslo."""
        meant = self.owner or self.thing
        named = meant is not None and any(char.isupper() for char in meant.name)
        return meant if named and noun in _ORGANISATIONS else None


def _equalled(read: Read, span: Span | None) -> Entity | None:
    """Return the name that a sentence says it is: The flagship of Bergen is Old Bessy."""
    following = (one for one in read.names if span and one.start > span.end)
    return next(
        (
            one.entity
            for one in following
            if span and _IS.fullmatch(read.text[span.end : one.start])
        ),
        None,
    )


def _genitive(name: str) -> str:
    return f"{name}'" if name.endswith("s") else f"{name}'s"


def _unnamed(text: str) -> Entity | None:
    """Return a thing without a name that a sentence is about, as what "it" stands for then."""
    noun = first_noun(text) if begins_unnamed(text) else ""
    points_back = not after_lead_in(text).startswith(("A ", "An "))
    is_bare = len(noun.split()) == 2  # noqa: PLR2004 the firm
    if (
        not noun
        or is_plural(noun)
        or (points_back and is_bare and noun.split()[-1] in POINTING_BACK)
    ):
        return None
    return Entity(f"the {noun.split(maxsplit=1)[1]}")


def _persons(read: Read) -> list[Entity]:
    """Return the names of a sentence that are surely or by their role those of people."""
    found = []
    for one in read.names:
        role = _ROLE.search(read.text, 0, one.start)
        sure = one.entity and one.entity.kind.casefold() in PERSON_KINDS
        if one.entity and (sure or (role and role[1] in _ROLES and _may_be_person(read, one))):
            found.append(one.entity)
    return found


_ROLES = words(
    "engineer architect merchant journalist historian director physician biologist "
    "microbiologist doctor scientist researcher inventor founder author writer poet painter "
    "sculptor composer singer actor actress designer builder explorer sailor captain coach "
    "manager player striker defender goalkeeper referee substitute president minister mayor "
    "lawyer judge banker economist businessman businesswoman entrepreneur teacher professor "
    "philosopher priest monk nurse chemist physicist astronomer mathematician geologist "
    "botanist photographer filmmaker producer critic editor reporter broadcaster pilot "
    "astronaut officer soldier general farmer clockmaker silversmith goldsmith carpenter "
    "mechanic student assistant brother sister son daughter wife husband king queen prince "
    "princess duke emperor"
)


def _may_be_person(read: Read, one: Span) -> bool:
    """Whether a name without a kind may be somebody's: two words, and no article before them."""
    name = one.entity.name if one.entity else ""
    kind = one.entity.kind if one.entity else ""
    return bool(
        not kind and _TWO_WORDS.fullmatch(name) and not _ARTICLE.search(read.text, 0, one.start)
    )


def _by_noun(read: Read, subject: Entity | None) -> dict[str, Entity]:
    """Return the names of a sentence by the nouns that they end in or go with."""
    found: dict[str, Entity] = {}
    for one in read.names:
        if one.entity is None:
            continue
        role = _ROLE.search(read.text, 0, one.start)
        if role and not owns(read.text, one.end):
            found[role[1]] = one.entity
        if " " in one.entity.name:
            found[one.entity.name.split()[-1].casefold()] = one.entity
        is_a = _IS_A.match(read.text, one.end) if one.entity == subject else None
        if is_a:
            found[is_a[1].split()[-1]] = one.entity
    return found


def _latest(read: Read) -> DateValue | None:
    dated = (one.value for one in read.dates if isinstance(one.value, DateValue))
    return next((one for one in reversed([*dated]) if one.month), None)


def with_earlier(context: Context) -> tuple[Context, Earlier]:
    """Return a context with the words that its text capitalises, and what was spoken of."""
    before = [one.text for one in split(context.before)]
    seen = context.seen | capitalised_inside(before)
    names = Prepared(replace(context, seen=seen), KnownNames.of(context.entities), ())
    earlier = Earlier()
    for sentence in before[-SENTENCES_BACK:]:
        earlier = earlier.then(recognise(sentence, names, earlier.told))
    return names.context, earlier
