"""From notes to facts: which field is the question, which the answer; each cloze a fact of its own.

A fact is known again by its note's GUID, so that importing a newer package updates it.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from app.core.facts import Deck, Fact, Picture, Side
from app.core.sentences import say
from app.core.values import MAX_TEXT, TextValue
from app.core.wording import BLANK, shown_value, stem
from app.interchange.apkg.media import LONGEST_NAME, MOST_TOLD, pictures_in
from app.interchange.apkg.package import Card, Note, NoteType, Package
from app.interchange.apkg.schema import OWN_TYPES
from app.interchange.deck_file import MOST_SHOWN
from app.interchange.htmltext import media_in, plain_text
from app.interchange.loading import KEY, Problem
from app.interchange.table_keys import slug

NO_FIELD = -1
_CLOZE = re.compile(r"\{\{c(\d{1,3})::(.*?)(?:::(.*?))?\}\}", re.DOTALL)
_COVERED = "image-occlusion:"
"""How a gap begins that is no words, but an area of a picture."""
_NOT_TAGS = {"leech", "marked"}
_KEY_FIELD = "Key"
_OWN_NAMES = {one.name for one in OWN_TYPES}
_FORWARD = OWN_TYPES[0].name
_NOTES = ("note", "extra", "back extra", "remarks", "explanation", "comment")
_LONGEST_FIELD = 100_000
PICTURED = "What does this picture show?"
"""What is asked by a picture without words."""


class Use(StrEnum):
    """What becomes of the notes of a type."""

    ASKED = "asked"
    CLOZE = "cloze"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class TypeMapping:
    """Which field of a note type is what, by position; `both_ways` also asks for the question."""

    use: Use
    question: int = 0
    answer: int = 1
    note: int = NO_FIELD
    both_ways: bool = False


@dataclass(frozen=True, slots=True)
class Mapped:
    """What a mapping makes of a package: facts, and the card that each was, by key.

    `refused` are notes of which no fact can be made, `lost` their sounds, films and drawings.
    """

    facts: tuple[Fact, ...]
    cards: Mapping[str, Card]
    refused: tuple[Problem, ...]
    lost: tuple[Problem, ...]


def default_mapping(package: Package) -> dict[int, TypeMapping]:
    """Return the mapping that fits most packages: first field asks, second answers."""
    return {one.id: _default(one) for one in package.types}


def _default(one: NoteType) -> TypeMapping:
    names = [name.casefold() for name in one.fields]
    note = next((at for at, name in enumerate(names) if name in _NOTES), NO_FIELD)
    if one.name in _OWN_NAMES and _KEY_FIELD in one.fields:
        return TypeMapping(Use.ASKED if one.name == _FORWARD else Use.LEFT, note=note)
    if one.is_cloze:
        return TypeMapping(Use.CLOZE, note=note if note > 0 else min(1, len(names) - 1) or NO_FIELD)
    if len(names) < 2:  # noqa: PLR2004 a question and an answer
        return TypeMapping(Use.LEFT)
    return TypeMapping(Use.ASKED, note=note if note > 1 else NO_FIELD, both_ways=one.templates > 1)


def to_facts(
    package: Package, mapping: Mapping[int, TypeMapping], known: Deck | None = None
) -> Mapped:
    """Return the facts that a mapping makes of a package; each note counts as a line."""
    return _Mapper(package, mapping, known).mapped()


@dataclass(frozen=True, slots=True)
class _Made:
    """A fact to be, and the ordinal of its card."""

    key: str
    ask: str
    answer: str
    ordinal: int
    say: str = ""
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True, slots=True)
class _Side:
    """What a field of a note says, and the pictures that it shows."""

    text: str
    pictures: tuple[Picture, ...]

    @property
    def words(self) -> str:
        """The text, or the question that a picture alone asks."""
        return self.text or (PICTURED if self.pictures else "")

    def asking(self) -> tuple[Picture, ...]:
        """Return the pictures as part of a question."""
        return tuple(replace(one, side=Side.QUESTION) for one in self.pictures)

    def answering(self, more: tuple[Picture, ...]) -> tuple[Picture, ...]:
        """Return the pictures, and more of them, as what is shown with the answer."""
        return tuple(replace(one, side=Side.ANSWER) for one in (*self.pictures, *more))


class _Mapper:
    """Maps one package, collecting what is refused."""

    def __init__(
        self, package: Package, mapping: Mapping[int, TypeMapping], known: Deck | None
    ) -> None:
        self.package, self.mapping, self.known = package, mapping, known
        self.types = {one.id: one for one in package.types}
        self.refused: list[Problem] = []
        self.lost: list[Problem] = []

    def mapped(self) -> Mapped:
        facts: dict[str, Fact] = {}
        cards: dict[str, Card] = {}
        for note in self.package.notes:
            chosen = self.mapping.get(note.type_id, TypeMapping(Use.LEFT))
            if chosen.use is Use.LEFT:
                continue
            self.lose(note)
            for made in self.made(note, chosen):
                fact = self.fact(note, chosen, made)
                if fact is None or fact.key in facts:
                    continue
                facts[fact.key] = fact
                cards.update((fact.key, one) for one in note.cards if one.ordinal == made.ordinal)
        return Mapped(tuple(facts.values()), cards, tuple(self.refused), tuple(self.lost))

    def refuse(self, note: Note, field: str, reason: str) -> None:
        self.refused.append(Problem(note.number, field, reason))

    def lose(self, note: Note) -> None:
        """Note which files of a note are not kept."""
        for at, field in enumerate(note.fields):
            for file in media_in(field):
                reason = say("{file} is not kept: only pictures are.", file=file[:LONGEST_NAME])
                self.lost.append(Problem(note.number, self.name(note, at), reason))

    def made(self, note: Note, chosen: TypeMapping) -> Iterator[_Made]:
        if any(len(field) > _LONGEST_FIELD for field in note.fields):
            self.refuse(note, "note", say("a field is longer than 100,000 characters."))
            return
        if chosen.use is Use.CLOZE:
            yield from self.clozes(note, chosen)
            return
        key = self.key(note)
        asked, answered = self.side(note, chosen.question), self.side(note, chosen.answer)
        more = self.side(note, chosen.note).pictures
        shown = asked.asking(), answered.answering(more)
        yield _Made(key, asked.words, answered.text, 0, pictures=(*shown[0], *shown[1]))
        if chosen.both_ways and asked.text and answered.text:
            shown = answered.asking(), asked.answering(more)
            turned = (*shown[0], *shown[1])
            yield _Made(f"{key}-2", answered.words, asked.text, 1, pictures=turned)

    def side(self, note: Note, at: int) -> "_Side":
        """Return what a field of a note says and shows; nothing where there is no such field."""
        return self.shown(note.fields[at]) if 0 <= at < len(note.fields) else _Side("", ())

    def shown(self, marked_up: str) -> "_Side":
        """Return what a piece of HTML says, and the pictures in it that are kept."""
        known = self.package.pictures
        found = [one for one in pictures_in(marked_up) if one.file in known]
        pictures = tuple(Picture(known[one.file], alt=one.alt) for one in found)
        return _Side(plain_text(marked_up), pictures)

    def key(self, note: Note) -> str:
        """Return the key that our own packages carry, else one made of the GUID."""
        if self.is_own(note):
            fields = self.types[note.type_id].fields
            own = plain_text(note.fields[fields.index(_KEY_FIELD)])
            if KEY.fullmatch(own):
                return own
        told = note.guid or note.fields[0]
        return "anki-" + hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()[:16]

    def field(self, note: Note, at: int) -> str:
        return plain_text(note.fields[at]) if 0 <= at < len(note.fields) else ""

    def clozes(self, note: Note, chosen: TypeMapping) -> Iterator[_Made]:
        """Yield a fact for each number of gap; the others stand filled."""
        raw = note.fields[chosen.question] if chosen.question < len(note.fields) else ""
        if any(one[2].lstrip().startswith(_COVERED) for one in _CLOZE.finditer(raw)):
            reason = say("areas that are covered in a picture cannot be asked (image occlusion).")
            self.refuse(note, self.name(note, chosen.question), reason)
            return
        numbers = sorted({int(found[1]) for found in _CLOZE.finditer(raw)})
        if not numbers:
            self.refuse(note, self.name(note, chosen.question), say("there is no gap in this."))
        for number in numbers:
            filled = [plain_text(one[2]) for one in _CLOZE.finditer(raw) if int(one[1]) == number]
            answers = list(dict.fromkeys(filled))
            sentence = plain_text(_gapped(raw, number))
            stated = sentence.replace(BLANK, "{value}") if len(filled) == 1 else ""
            ask = f"What fits the gap? {sentence}"
            more = self.side(note, chosen.note).pictures
            asked = self.shown(_gapped(raw, number)).asking()
            within = "".join(one[2] for one in _CLOZE.finditer(raw) if int(one[1]) == number)
            pictures = (*asked, *self.shown(within).answering(more))
            key = f"{self.key(note)}-c{number}"
            yield _Made(key, ask, ", ".join(answers), number - 1, stated, pictures)

    def name(self, note: Note, at: int) -> str:
        names = self.types[note.type_id].fields
        return names[at] if 0 <= at < len(names) else "note"

    def fact(self, note: Note, chosen: TypeMapping, made: _Made) -> Fact | None:
        known = self.known.fact_by_key.get(made.key) if self.known else None
        if known is not None and self.is_own(note):
            return self.returned(note, made, known)
        problem = _problem(made)
        if problem:
            at = chosen.answer if problem[0] == "answer" else chosen.question
            self.refuse(note, self.name(note, at), problem[1])
            return None
        tags = tuple(tag[:80] for tag in note.tags if tag.casefold() not in _NOT_TAGS)
        base = known or Fact(made.key, TextValue("-"))
        extra = self.field(note, chosen.note)[:MAX_TEXT].strip()
        say = made.say if len(made.say) <= MAX_TEXT else ""
        value = TextValue(made.answer)
        if known and isinstance(known.value, TextValue) and known.value.text == made.answer:
            value = known.value
        return replace(
            base,
            value=value,
            ask=made.ask,
            say=say,
            note=extra,
            tags=tags,
            pictures=tuple(dict.fromkeys(made.pictures))[:MOST_SHOWN],
        )

    def is_own(self, note: Note) -> bool:
        """Whether a note is one that we wrote."""
        one = self.types[note.type_id]
        return one.name in _OWN_NAMES and _KEY_FIELD in one.fields

    def returned(self, note: Note, made: _Made, known: Fact) -> Fact | None:
        """Return a fact that went to Anki and comes back, as it is known here.

        What was changed there is refused: a package has not all that the fact has.
        """
        if (stem(known), shown_value(known)) == (made.ask, made.answer):
            return known
        reason = say("{key} is not the same here: change it in the fact editor.", key=known.key)
        self.refuse(note, self.name(note, 0), reason)
        return None


def _gapped(raw: str, number: int) -> str:
    return _CLOZE.sub(lambda found: BLANK if int(found[1]) == number else found[2], raw)


def _problem(made: _Made) -> tuple[str, str] | None:
    if not made.ask.strip() or made.ask == "What fits the gap?":
        return "question", say("there is no text in this, and no picture that is kept.")
    if not made.answer.strip():
        return "answer", say("there is no text in this: an answer needs words.")
    for name, text in (("question", made.ask), ("answer", made.answer)):
        if len(text) > MAX_TEXT:
            return name, say("this is longer than {max_text} characters.", max_text=MAX_TEXT)
    return None


def deck_of(package: Package, mapped: Mapped, key: str | None, known: Deck | None) -> Deck:
    """Return the deck that a package's facts go into: the known one, else one by its own name."""
    if known is not None:
        return with_facts(known, mapped.facts)
    title = plain_text(package.deck_name)[:200] or "Anki"
    return Deck(key or slug(title) or "anki", title, facts=mapped.facts)


def with_facts(known: Deck, facts: tuple[Fact, ...]) -> Deck:
    """Return a known deck with facts of a file: in their places, new ones behind the others."""
    merged = known.fact_by_key | {fact.key: fact for fact in facts}
    return replace(known, facts=tuple(merged.values()))


def told_losses(package: Package, mapped: Mapped) -> tuple[str, ...]:
    """Return what of a package is not kept, a sentence each."""
    said: list[str] = []
    if mapped.lost:
        count = len(mapped.lost)
        said.append(say("Sounds, films and drawings are not kept: {count}.", count=count))
        said += map(_told, mapped.lost[:MOST_TOLD])
        if count > MOST_TOLD:
            said.append(say("{rest} more files are not kept.", rest=count - MOST_TOLD))
    return (*said, *package.problems, *map(_told, mapped.refused))


def _told(problem: Problem) -> str:
    if not problem.line:
        return str(problem)
    where = {"note": problem.line, "field": problem.field}
    return say("note {note}, {field}: {reason}", **where, reason=problem.reason)
