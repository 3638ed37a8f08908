"""Rows to core values and back: the one place that knows both."""

from app.models.mapping.bodies import (
    UnknownReference,
    entity_keys,
    fact_body,
    fact_from_body,
    read_date,
    write_date,
)
from app.models.mapping.columns import DeckKeys, fact_columns, load_keys, part_columns, set_columns
from app.models.mapping.loading import (
    DeckParts,
    entity_to_core,
    fact_to_core,
    load_deck,
    load_parts,
    relation_to_core,
    source_to_core,
)
from app.models.mapping.storing import ImportReport, store_deck

__all__ = [
    "DeckKeys",
    "DeckParts",
    "ImportReport",
    "UnknownReference",
    "entity_keys",
    "entity_to_core",
    "fact_body",
    "fact_columns",
    "fact_from_body",
    "fact_to_core",
    "load_deck",
    "load_keys",
    "load_parts",
    "part_columns",
    "read_date",
    "relation_to_core",
    "set_columns",
    "source_to_core",
    "store_deck",
    "write_date",
]
