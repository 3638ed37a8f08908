"""Imports and exports, as they go over the wire."""

from typing import Annotated

from pydantic import Field

from app.web.api.shapes.base import FieldProblem, Named, Shape, Short, Told
from app.web.api.shapes.studio import ChangeOut

LARGEST_CONTENT = 31_000_000
"""Characters of a file in base64."""


class ImportIn(Shape):
    """A file to be brought in, for a deck or ("") the one that it names; `content` is base64.

    `learning` takes reviews and memories along that an Anki package holds.
    """

    file_name: Named
    content: Annotated[str, Field(max_length=LARGEST_CONTENT)]
    deck: Short = ""
    drafts: bool = False
    learning: bool = False


class ImportDone(Told):
    """What an import stored; `id` undoes it."""

    id: int
    deck: str
    new: int
    changed: int
    reviews: int


class ImportUndone(Told):
    """What undoing an import did; facts in `kept` were edited since, and stay."""

    deck: str
    deleted: int
    retired: int
    restored: int
    kept: list[str]


class PartChanged(Told):
    """Something that the deck has and the file changes."""

    key: str
    changes: list[ChangeOut]


class SectionOut(Told):
    """What an import does to one kind of thing; `absent` ones are not in the file, and stay."""

    name: str
    new: list[str]
    changed: list[PartChanged]
    unchanged: int
    absent: int


class ImportJob(Told):
    """An import that waits for its owner: what it would do, before anything is stored.

    A large file is read aside: `state` is `coming`, `waiting` or `working` then, with `done` of
    `total` steps, and `failed` with `problems` where it cannot be read; the rest is told once it
    is `ready`. One that takes long to store or to undo is so again, and `done` at the end, with
    what was `stored` or `undone`; `ready` once more, with `problems`, where it was not stored.
    `stale`: the deck has changed since; commit it all the same, and it is compared anew first.
    """

    job: str
    state: str = "ready"
    done: int = 0
    total: int = 0
    problems: list[str] = []
    deck: str
    file_name: str
    encoding: str = ""
    new_deck: bool = False
    empty: bool = False
    stale: bool = False
    sections: list[SectionOut] = []
    corrections: int = 0
    learning: int = 0
    errors: list[FieldProblem] = []
    refused: list[str] = []
    stored: ImportDone | None = None
    undone: ImportUndone | None = None


class ExportIn(Shape):
    """A format that a deck is to be written in."""

    format: Short


class ExportJob(Told):
    """A deck that is written aside; `file` is where it is fetched once `state` is `done`."""

    job: str
    state: str
    deck: str
    format: str
    problems: list[str]
    file: str | None
