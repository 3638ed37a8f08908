"""Reads a loaded deck file, part by part."""

import base64
import re
from collections.abc import Mapping
from functools import partial
from typing import Any

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
    Entity,
    TextValue,
    Value,
    ValueKind,
    has_control_characters,
    parse_value,
)
from app.interchange.deck_file.fields import FIELDS, FORMAT, MAX_SOURCE, MOST_SHOWN, PICTURE
from app.interchange.deck_file.noting import FieldReader
from app.interchange.loading import MOST_PROBLEMS, DeckFileRefused, Loaded
from app.interchange.pictures import NAME as PICTURE_NAME
from app.interchange.pictures import BadPicture, PictureFile, read_picture

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


class Reader(FieldReader):
    """Reads one loaded file: its deck, and the files of its pictures."""

    def __init__(self, loaded: Loaded) -> None:
        super().__init__(loaded)
        self.pictures: tuple[PictureFile, ...] = ()

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
