"""Reads a loaded deck file, part by part."""

import base64
import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import partial
from typing import Any, TypeVar

from app.core.facts import (
    Deck,
    Evidence,
    Fact,
    Picture,
    Relation,
    Side,
    Source,
    Stance,
    Status,
)
from app.core.sentences import say
from app.core.values import (
    DatePart,
    DateValue,
    Entity,
    TextValue,
    Value,
    ValueKind,
    ValueProblem,
    clean_text,
    has_control_characters,
    parse_date,
    parse_value,
)
from app.interchange.deck_file.fields import FIELDS, FORMAT, MAX_SOURCE, MOST_SHOWN, PICTURE
from app.interchange.loading import KEY, MOST_PROBLEMS, DeckFileRefused, Loaded, Problem
from app.interchange.pictures import NAME as PICTURE_NAME
from app.interchange.pictures import BadPicture, PictureFile, read_picture

Kind = TypeVar("Kind")
Word = TypeVar("Word", bound=StrEnum)


def read_date(raw: object, field: str) -> DateValue:
    """Read a date as `dump_date` writes it. Raises ValueProblem."""
    part, _, iso = str(raw).rpartition(" ")
    return parse_date(iso, field, part) if part in list(DatePart) else parse_date(raw, field)


_SOUND: dict[str, dict[str, Any]] = {
    "amount": {"amount": "1"},
    "currency": {"currency": "USD"},
    "low": {"low": "0"},
    "high": {"low": "0", "high": "1"},
    "unit": {"unit": ""},
    "tolerance": {"tolerance": "0"},
    "bound": {"bound": None},
    "date": {"date": "2000", "part": None},
    "part": {"part": None},
    "text": {"text": "-"},
    "accept": {"accept": []},
    "name": {"name": "-"},
    "aliases": {"aliases": []},
}
"""What stands in for a bad field of a value, so that its other fields are looked at too."""


class Reader:
    """Reads one loaded file, collecting problems rather than stopping at the first."""

    def __init__(self, loaded: Loaded) -> None:
        raw = loaded.raw
        self.raw: dict[str, Any] = raw if isinstance(raw, dict) else {}
        self.loaded = loaded
        self.pictures: tuple[PictureFile, ...] = ()
        self.problems: list[Problem] = list(loaded.doubled)

    def deck(self) -> Deck:
        """Return the deck. Raises DeckFileRefused with every problem that the file has."""
        if self.raw.get("format") != FORMAT:
            self.refuse("format", say("must be {format}.", format=FORMAT))
            if not self.raw.keys() & FIELDS.keys():
                raise DeckFileRefused(tuple(self.problems))
        self.known_fields(self.raw, "", "format deck sources entities relations facts pictures")
        head = self.mapping(self.raw.get("deck"), "deck", FIELDS["deck"])
        sources = self.section("sources", self.source)
        entities = {one.key: one for one in self.section("entities", self.entity)}
        relations = {one.key: one for one in self.section("relations", self.relation)}
        keys = {source.key for source in sources}
        self.pictures = tuple(self.section("pictures", self.picture_file, "name"))
        facts = self.section(
            "facts", lambda raw, path: self.fact(raw, path, (entities, relations, keys))
        )
        deck = Deck(
            key=self.key(head, "deck"),
            title=self.text(head, "deck", "title", needed=True),
            description=self.text(head, "deck", "description"),
            language=self.text(head, "deck", "language") or "en",
            sources=tuple(sources),
            entities=tuple(entities.values()),
            relations=tuple(relations.values()),
            facts=tuple(facts),
        )
        if self.problems:
            ordered = sorted(self.problems, key=lambda one: one.line or 0)
            raise DeckFileRefused(tuple(ordered[:MOST_PROBLEMS]))
        return deck

    def refuse(self, path: str, reason: str) -> None:
        """Note a problem, with the line nearest to its field."""
        if len(self.problems) >= MOST_PROBLEMS:
            raise DeckFileRefused(tuple(self.problems))
        near, lines = path, self.loaded.lines
        while near and near not in lines:
            near = re.sub(r"(\.[^.\[]*|\[\d+\]|^[^.\[]*)$", "", near)
        self.problems.append(Problem(lines.get(near), path or "file", reason))

    def known_fields(self, raw: Mapping[Any, Any], path: str, known: str) -> None:
        """Refuse each field that a part of the file does not have."""
        for name in raw:
            if name not in known.split():
                self.refuse(f"{path}.{name}" if path else str(name), say("there is no such field."))

    def mapping(self, raw: object, path: str, known: str) -> Mapping[str, Any]:
        """Return a mapping of known fields, empty where it is none."""
        if not isinstance(raw, dict):
            self.refuse(path, say("must be a mapping of fields."))
            return {}
        self.known_fields(raw, path, known)
        return raw

    def section(
        self,
        name: str,
        read: Callable[[Mapping[str, Any], str], Kind | None],
        known_by: str = "key",
    ) -> list[Kind]:
        """Read each row of a list; rows with one key twice are refused."""
        rows = self.raw.get(name) or []
        if not isinstance(rows, list):
            self.refuse(name, say("must be a list."))
            return []
        found: list[Kind] = []
        seen: set[str] = set()
        for at, row in enumerate(rows):
            path = f"{name}[{at}]"
            raw = self.mapping(row, path, FIELDS[name])
            one = read(raw, path) if raw else None
            key = str(raw.get(known_by, ""))
            if key in seen:
                self.refuse(f"{path}.{known_by}", say("{key} stands here twice.", key=repr(key)))
            seen.add(key)
            if one is not None:
                found.append(one)
        return found

    def key(self, raw: Mapping[str, Any], path: str) -> str:
        """Return the key of a part, "" where it is none."""
        key = raw.get("key")
        if not isinstance(key, str) or not KEY.fullmatch(key):
            self.refuse(f"{path}.key", say("must be a word of letters, digits, dot, - and _."))
            return ""
        return key

    def text(self, raw: Mapping[str, Any], path: str, name: str, *, needed: bool = False) -> str:
        """Return a text, "" where it is missing or refused."""
        text = raw.get(name)
        text = "" if text is None else text
        if not isinstance(text, str) or (needed and not text.strip()):
            self.refuse(f"{path}.{name}", say("must be a text that is not empty."))
            return ""
        return self.attempt(f"{path}.{name}", lambda: clean_text(text, name)) or ""

    def texts(self, raw: Mapping[str, Any], path: str, name: str) -> tuple[str, ...]:
        """Return a list of texts without the empty ones."""
        texts = raw.get(name) or []
        if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
            self.refuse(f"{path}.{name}", say("must be a list of texts."))
            return ()
        cleaned = [self.clean(text, f"{path}.{name}[{at}]", name) for at, text in enumerate(texts)]
        return tuple(text for text in cleaned if text)

    def clean(self, text: str, path: str, name: str) -> str:
        """Return a text without its outer spaces, "" where it is refused."""
        return self.attempt(path, lambda: clean_text(text, name)) or ""

    def attempt(self, path: str, read: Callable[[], Kind]) -> Kind | None:
        """Read a part of a value; what is wrong with it is noted."""
        try:
            return read()
        except ValueProblem as problem:
            deeper = path if path.endswith(f".{problem.field}") else f"{path}.{problem.field}"
            self.refuse(deeper, problem.reason)
            return None

    def date(self, raw: Mapping[str, Any], path: str, name: str) -> DateValue | None:
        """Return a date, None where there is none."""
        if raw.get(name) is None:
            return None
        return self.attempt(f"{path}.{name}", lambda: read_date(raw[name], name))

    def one_of(
        self, raw: Mapping[str, Any], where: tuple[str, str], kinds: type[Word]
    ) -> Word | None:
        """Return a word of a vocabulary, None where there is none."""
        path, name = where
        word = raw.get(name)
        if word is None:
            return None
        if word not in list(kinds):
            self.refuse(f"{path}.{name}", say("must be one of {kinds}.", kinds=", ".join(kinds)))
            return None
        return kinds(word)

    def source(self, raw: Mapping[str, Any], path: str) -> Source:
        """Read an article."""
        body = raw.get("text")
        if not isinstance(body, str) or not body.strip() or len(body) > MAX_SOURCE:
            self.refuse(
                f"{path}.text", say("must be the article's text, at most 1,000,000 characters.")
            )
            body = ""
        elif has_control_characters(body):
            self.refuse(f"{path}.text", say("contains a control character."))
        return Source(
            key=self.key(raw, path),
            title=self.text(raw, path, "title", needed=True),
            text=body.strip(),
            publisher=self.text(raw, path, "publisher"),
            url=self.web_address(raw, path),
            published=self.date(raw, path, "published"),
            licence=self.text(raw, path, "licence"),
            author=self.text(raw, path, "author"),
        )

    def web_address(self, raw: Mapping[str, Any], path: str) -> str:
        """Return an address that a browser may open."""
        url = self.text(raw, path, "url")
        if url and not re.match(r"https?://\S+$", url):
            self.refuse(f"{path}.url", say("must be an http or https address."))
        return url

    def entity(self, raw: Mapping[str, Any], path: str) -> Entity:
        """Read an entity."""
        return Entity(
            name=self.text(raw, path, "name", needed=True),
            key=self.key(raw, path),
            kind=self.text(raw, path, "kind"),
            aliases=self.texts(raw, path, "aliases"),
        )

    def relation(self, raw: Mapping[str, Any], path: str) -> Relation:
        """Read a relation."""
        many = raw.get("many") or False
        if not isinstance(many, bool):
            self.refuse(f"{path}.many", say("must be true or false."))
        return Relation(
            key=self.key(raw, path),
            ask=self.text(raw, path, "ask"),
            ask_inverse=self.text(raw, path, "ask_inverse"),
            say=self.text(raw, path, "say"),
            value_kind=str(self.one_of(raw, (path, "value_kind"), ValueKind) or ""),
            many=bool(many),
        )

    def fact(
        self,
        raw: Mapping[str, Any],
        path: str,
        known: tuple[dict[str, Entity], dict[str, Relation], set[str]],
    ) -> Fact | None:
        """Read a fact; None where its value cannot be read."""
        entities, relations, sources = known
        value = self.value(raw.get("value"), path, entities)
        subject = self.known(raw, (path, "subject"), entities)
        relation = self.known(raw, (path, "relation"), relations)
        ask = self.text(raw, path, "ask")
        if not ask and (raw.get("subject") is None or raw.get("relation") is None):
            self.refuse(path, say("needs a subject and a relation, or an ask of its own."))
        stance = self.one_of(raw, (path, "stance"), Stance) or Stance.STATED
        who = self.text(raw, path, "according_to") or None
        if stance is not Stance.STATED and who is None:
            self.refuse(
                f"{path}.according_to", say("is needed when the stance is {stance}.", stance=stance)
            )
        key = self.key(raw, path)
        fact = Fact(
            key=key,
            value=value or TextValue("-"),
            subject=subject,
            relation=relation,
            stance=stance,
            according_to=entities.get(who or "", who),
            as_of=self.date(raw, path, "as_of"),
            evidence=self.evidence(raw, path, sources),
            status=self.one_of(raw, (path, "status"), Status) or Status.PUBLISHED,
            ask=ask,
            ask_inverse=self.text(raw, path, "ask_inverse"),
            say=self.text(raw, path, "say"),
            note=self.text(raw, path, "note"),
            tags=self.texts(raw, path, "tags"),
            pictures=self.pictures_of(raw, path),
        )
        return fact if value is not None else None

    def pictures_of(self, raw: Mapping[str, Any], path: str) -> tuple[Picture, ...]:
        """Read which pictures a fact shows, when, and what they show in words."""
        rows = raw.get("pictures") or []
        if not isinstance(rows, list) or len(rows) > MOST_SHOWN:
            reason = say("must be a list of {most} pictures at most.", most=MOST_SHOWN)
            self.refuse(f"{path}.pictures", reason)
            return ()
        return tuple(self.shown(one, f"{path}.pictures[{at}]") for at, one in enumerate(rows))

    def shown(self, row: object, path: str) -> Picture:
        """Read one picture of a fact."""
        raw = self.mapping(row, path, PICTURE)
        side = self.one_of(raw, (path, "side"), Side) or Side.ANSWER
        return Picture(self.file_name(raw, path), side, self.text(raw, path, "alt"))

    def file_name(self, raw: Mapping[str, Any], path: str) -> str:
        """Return the name of a picture, which is made of its content."""
        name = raw.get("name")
        if not isinstance(name, str) or not PICTURE_NAME.fullmatch(name):
            self.refuse(f"{path}.name", say("must be the name of a picture as an export has it."))
            return ""
        return name

    def picture_file(self, raw: Mapping[str, Any], path: str) -> PictureFile | None:
        """Read the file of a picture."""
        name, packed = self.file_name(raw, path), raw.get("data")
        try:
            made = read_picture(base64.b64decode(str(packed), validate=True))
        except (BadPicture, ValueError) as refused:
            reason = str(refused) if isinstance(refused, BadPicture) else say("is not base64.")
            self.refuse(f"{path}.data", reason)
            return None
        if made.name != name:
            self.refuse(f"{path}.data", say("is not the file that the name stands for."))
        return made

    def value(self, raw: object, path: str, entities: Mapping[str, Entity]) -> Value | None:
        """Read a value; behind a problem in one of its fields the others are looked at too."""
        before = len(self.problems)
        for _ in range(len(_SOUND)):
            value = self.attempt(f"{path}.value", partial(parse_value, raw, entities))
            if value is not None:
                return value if len(self.problems) == before else None
            field = self.problems[-1].field.rpartition(".")[2]
            sound = _SOUND.get(field)
            if not isinstance(raw, dict) or sound is None or raw.items() >= sound.items():
                break
            raw = raw | sound
        return None

    def known(
        self, raw: Mapping[str, Any], where: tuple[str, str], among: Mapping[str, Kind]
    ) -> Kind | None:
        """Return the entity or relation that a key names."""
        path, name = where
        key = raw.get(name)
        if key is None:
            return None
        if not isinstance(key, str) or key not in among:
            self.refuse(
                f"{path}.{name}",
                say("there is nothing with the key {key}.", key=repr(str(key)[:80])),
            )
            return None
        return among[key]

    def evidence(self, raw: Mapping[str, Any], path: str, sources: set[str]) -> Evidence | None:
        """Read a quotation and which source it is from."""
        if raw.get("evidence") is None:
            return None
        where = f"{path}.evidence"
        found = self.mapping(raw["evidence"], where, "source quote")
        key = found.get("source")
        if key not in sources:
            self.refuse(
                f"{where}.source",
                say("there is no source with the key {key}.", key=repr(str(key)[:80])),
            )
        return Evidence(str(key), self.text(found, where, "quote", needed=True))
