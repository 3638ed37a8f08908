"""A deck's facts as a table: `read_facts_csv` with the deck at hand gives equal facts.

A cell holds plain words where they are read back equal, JSON where they would not be.
"""

import csv
import io
import json
from collections import Counter
from collections.abc import Mapping

from app.core.facts import Deck, Fact
from app.core.values import (
    DateValue,
    Entity,
    EntityValue,
    SetValue,
    TextValue,
    Value,
    ValueProblem,
    dump_value,
)
from app.core.wording import display
from app.interchange.csv_rows import COLUMNS
from app.interchange.deck_file import dump_date
from app.interchange.formulas import guarded
from app.interchange.value_cells import read_cell
from app.interchange.workbooks import write_rows


def write_facts_csv(deck: Deck) -> str:
    """Return a deck's facts as CSV, formulas made inert, with a mark that spreadsheets need."""
    out = io.StringIO(newline="")
    table = csv.DictWriter(out, COLUMNS, lineterminator="\r\n")
    table.writeheader()
    names = Counter(entity.name.casefold() for entity in deck.entities)
    for fact in deck.facts:
        row = _row(fact, names)
        table.writerow({name: guarded(cell) for name, cell in row.items()})
    return "\ufeff" + out.getvalue()


def write_facts_xlsx(deck: Deck) -> bytes:
    """Return a deck's facts as an Excel workbook with the columns of the CSV table."""
    names = Counter(entity.name.casefold() for entity in deck.entities)
    rows = (tuple(guarded(cell) for cell in _row(fact, names).values()) for fact in deck.facts)
    out = io.BytesIO()
    write_rows(COLUMNS, rows, "Facts", out)
    return out.getvalue()


def _row(fact: Fact, names: Mapping[str, int]) -> dict[str, str]:
    who = fact.according_to
    return {
        "key": fact.key,
        "subject": _name(fact.subject, names) if fact.subject else "",
        "subject_kind": fact.subject.kind if fact.subject else "",
        "relation": fact.relation.key if fact.relation else "",
        "ask": fact.ask,
        "ask_inverse": fact.ask_inverse,
        "say": fact.say,
        "value": _value(fact.value, names),
        "value_kind": str(fact.value.kind),
        "aliases": _list(_aliases(fact.value)),
        "stance": str(fact.stance),
        "according_to": _name(who, names) if isinstance(who, Entity) else who or "",
        "as_of": dump_date(fact.as_of) or "",
        "source": fact.evidence.source if fact.evidence else "",
        "evidence": fact.evidence.quote if fact.evidence else "",
        "note": fact.note,
        "tags": _list(fact.tags),
        "status": str(fact.status),
    }


def _name(entity: Entity, names: Mapping[str, int]) -> str:
    """Return an entity's name, or its key where another one has the name too."""
    return entity.name if names[entity.name.casefold()] <= 1 or not entity.key else entity.key


def _value(value: Value, names: Mapping[str, int]) -> str:
    if isinstance(value, EntityValue) and value.entity.key:
        return _name(value.entity, names)
    text = _plain(value, names)
    return json.dumps(dump_value(value), ensure_ascii=False) if text is None else text


def _plain(value: Value, names: Mapping[str, int]) -> str | None:
    """Return a value in words that are read back equal; None where there are none."""
    if isinstance(value, SetValue):
        items = [_name(item, names) for item in value.items]
        keyed = all(item.key for item in value.items)
        return "; ".join(items) if keyed and not any(";" in item for item in items) else None
    if isinstance(value, TextValue):
        return None if value.text.startswith("{") else value.text
    if isinstance(value, DateValue):
        return dump_date(value)
    try:
        text = display(value)
        return text if read_cell(value.kind, text, ()) == value else None
    except (ValueProblem, KeyError):
        return None


def _aliases(value: Value) -> tuple[str, ...]:
    if isinstance(value, EntityValue):
        return value.entity.aliases
    return value.accept if isinstance(value, TextValue) else ()


def _list(texts: tuple[str, ...]) -> str:
    joined = "; ".join(texts)
    plain = [part.strip() for part in joined.split(";") if part.strip()] == list(texts)
    return joined if plain and not joined.startswith("[") else json.dumps(texts, ensure_ascii=False)
