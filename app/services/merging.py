"""Merging two entities or two relations of a deck: what it would do, and doing it."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.core.facts import Deck, Fact, Relation
from app.core.lint import Finding, new_errors
from app.core.merging import CannotMerge, Merge
from app.core.values import Entity
from app.core.wording import fact_text
from app.models.content import DeckRow, EntityRow, RelationRow
from app.models.mapping import part_columns, set_columns
from app.models.revisions import change
from app.services.revisions import By
from app.services.rewriting import fact_ids, rewrite

Rows = tuple[EntityRow, EntityRow] | tuple[RelationRow, RelationRow]


@dataclass(frozen=True, slots=True)
class Use:
    """A fact that an entity or relation is in; `roles` say as what."""

    fact_id: int
    text: str
    status: str
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ref:
    """An entity or relation to point at."""

    id: int
    name: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class ChangedFact:
    """A fact before and after, in words."""

    fact_id: int
    key: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class MergePreview:
    """What a merge would do, before it is done. It goes by the deck's revision."""

    deck_key: str
    deck_revision: int
    kept: Ref
    lost: Ref
    becomes: tuple[str, ...]
    changes: tuple[ChangedFact, ...]
    problems: tuple[str, ...]
    notes: tuple[str, ...]
    twins: tuple[tuple[Use, Use], ...]
    errors: tuple[Finding, ...]


def preview_of(
    session: Session,
    what: tuple[int, Deck, Merge],
    refs: tuple[Ref, Ref],
    becomes: tuple[str, ...],
) -> MergePreview:
    """Return a merge of whatever kind as its page shows it."""
    deck_id, deck, merge = what
    numbers = fact_ids(session, deck_id)
    touched = {after.key for _, after in merge.changes}
    return MergePreview(
        deck_key=deck.key,
        deck_revision=session.get_one(DeckRow, deck_id).revision,
        kept=refs[0],
        lost=refs[1],
        becomes=becomes,
        changes=tuple(
            ChangedFact(numbers[one.key], one.key, fact_text(before), fact_text(one))
            for before, one in merge.changes
        ),
        problems=merge.problems,
        notes=merge.notes,
        twins=tuple((_use(numbers, one), _use(numbers, other)) for one, other in merge.twins),
        errors=tuple(new_errors(deck, merge.deck, touched)),
    )


def _use(numbers: dict[str, int], fact: Fact) -> Use:
    return Use(numbers[fact.key], fact_text(fact), fact.status)


def store(
    session: Session,
    deck_row: DeckRow,
    rows: Rows,
    made: tuple[Merge, Entity | Relation],
    by: By,
) -> int:
    """Store a merge of the second row into the first, and return how many facts followed.

    `made` is the merge and what the first becomes by it. Inside `writing`, the deck locked.
    Raises CannotMerge.
    """
    merge, one = made
    if merge.problems:
        raise CannotMerge(" ".join(merge.problems))
    kept, lost = rows
    count = rewrite(session, deck_row.id, [after for _, after in merge.changes], by)
    if set_columns(kept, part_columns(one)):
        change(session, kept, by.user_id, by.at_epoch_s)
    session.delete(lost)
    deck_row.revision += 1
    return count
