"""Questions and responses as plain JSON data, and back into equal objects."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from app.core.facts import Picture, Side, Stance
from app.core.questions.question import (
    Chosen,
    Direction,
    Matched,
    Ordered,
    Question,
    QuestionType,
    Response,
    SelfRated,
    Typed,
)
from app.core.values import (
    Entity,
    EntityValue,
    SetValue,
    Value,
    dump_value,
    parse_value,
)
from app.core.wording import ENGLISH


def dump_question(question: Question) -> dict[str, Any]:
    """Return the question as JSON data; `load_question` gives an equal one."""
    raw: dict[str, Any] = {
        "fact_key": question.fact_key,
        "type": str(question.type),
        "direction": str(question.direction),
        "stem": question.stem,
        "keys": list(question.keys),
        "options": list(question.options),
        "prompts": list(question.prompts),
        "answers": [_dump_answer(answer) for answer in question.answers],
        "rivals": list(question.rivals),
        "hint": question.hint,
        "fact_keys": list(question.fact_keys),
        "stance": str(question.stance),
        "according_to": question.according_to,
        "statement": question.statement,
    }
    if question.language != ENGLISH:
        raw["language"] = question.language
    if question.pictures:
        raw["pictures"] = dump_pictures(question.pictures)
    return raw


def dump_pictures(pictures: Iterable[Picture]) -> list[dict[str, str]]:
    """Return pictures as JSON data; `load_pictures` gives equal ones."""
    return [{"name": one.name, "side": str(one.side), "alt": one.alt} for one in pictures]


def load_pictures(raw: Iterable[Mapping[str, str]]) -> tuple[Picture, ...]:
    """Return the pictures that `dump_pictures` wrote."""
    return tuple(Picture(one["name"], Side(one["side"]), one["alt"]) for one in raw)


def load_question(raw: Mapping[str, Any]) -> Question:
    """Return the question that `dump_question` wrote."""
    return Question(
        fact_key=raw["fact_key"],
        type=QuestionType(raw["type"]),
        direction=Direction(raw["direction"]),
        stem=raw["stem"],
        keys=tuple(raw["keys"]),
        options=tuple(raw["options"]),
        prompts=tuple(raw["prompts"]),
        answers=tuple(_load_answer(answer) for answer in raw["answers"]),
        rivals=tuple(raw["rivals"]),
        hint=raw["hint"],
        fact_keys=tuple(raw["fact_keys"]),
        stance=Stance(raw["stance"]),
        according_to=raw["according_to"],
        statement=raw["statement"],
        pictures=load_pictures(raw.get("pictures", ())),
        language=raw.get("language", ENGLISH),
    )


def dump_response(response: Response) -> dict[str, Any]:
    """Return the response as JSON data."""
    match response:
        case Chosen(options):
            return {"chosen": list(options)}
        case Typed(text):
            return {"typed": text}
        case Ordered(options):
            return {"ordered": list(options)}
        case Matched(options):
            return {"matched": list(options)}
        case SelfRated(rating):
            return {"rated": rating}


def load_response(raw: Mapping[str, Any]) -> Response:
    """Return the response that `dump_response` wrote."""
    kind, content = next(iter(raw.items()))
    return _RESPONSES[kind](content)


_RESPONSES: dict[str, Callable[[Any], Response]] = {
    "chosen": lambda options: Chosen(tuple(options)),
    "typed": Typed,
    "ordered": lambda options: Ordered(tuple(options)),
    "matched": lambda options: Matched(tuple(options)),
    "rated": SelfRated,
}


def _dump_answer(value: Value) -> dict[str, Any]:
    """Write a value whole: a shown question outlives the entities of its deck."""
    match value:
        case EntityValue(entity):
            return {"kind": "entity", "whole": _dump_entity(entity)}
        case SetValue(items=items):
            return {"kind": "set", "whole": [_dump_entity(item) for item in items]}
        case _:
            return dump_value(value)


def _load_answer(raw: Mapping[str, Any]) -> Value:
    if "whole" not in raw:
        return parse_value(raw)
    if raw["kind"] == "entity":
        return EntityValue(_load_entity(raw["whole"]))
    return SetValue(tuple(_load_entity(item) for item in raw["whole"]))


def _dump_entity(entity: Entity) -> dict[str, Any]:
    return {
        "name": entity.name,
        "key": entity.key,
        "kind": entity.kind,
        "aliases": list(entity.aliases),
    }


def _load_entity(raw: Mapping[str, Any]) -> Entity:
    return Entity(raw["name"], raw["key"], raw["kind"], tuple(raw["aliases"]))
