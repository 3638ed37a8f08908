"""Many facts at once: the table of a deck, and what is done to the chosen rows of it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import Refused
from app.core.facts import Deck, Fact, Status
from app.core.lint import Severity, lint_fact
from app.core.questions import DeckIndex
from app.core.sentences import say
from app.models.content import DeckRow, FactRow
from app.models.database import writing
from app.models.mapping import load_deck
from app.services.decks import DeckCard, deck_id_of, deck_list
from app.services.fact_history import why_kept
from app.services.kept_decks import KeptDeck, kept_deck, text_of
from app.services.revisions import By
from app.services.rewriting import DeckChanged, fact_rows, lock_unchanged, rewrite, with_facts

PER_PAGE = 50
MOST_TAGS, LONGEST_TAG = 20, 100
CHANGED = say("Somebody has changed it since you chose it.")
SEED = 1


class NothingChosen(Refused):
    """A bulk change without facts."""

    def __init__(self) -> None:
        super().__init__(say("Tick at least one fact first."))


@dataclass(frozen=True, slots=True)
class TableFilter:
    """How the table is narrowed and sorted; "" leaves a thing open."""

    query: str = ""
    status: str = ""
    stance: str = ""
    tag: str = ""
    relation: str = ""
    sort: str = "order"


@dataclass(frozen=True, slots=True)
class TableRow:
    """A fact in the table."""

    id: int
    revision: int
    key: str
    text: str
    answer: str
    status: str
    stance: str
    relation: str
    tags: tuple[str, ...]
    has_evidence: bool


@dataclass(frozen=True, slots=True)
class Table:
    """A page of the table, with what it can be narrowed by and moved to."""

    deck_key: str
    deck_title: str
    deck_revision: int
    rows: tuple[TableRow, ...]
    total: int
    page: int
    pages: int
    tags: tuple[str, ...]
    relations: tuple[str, ...]
    decks: tuple[DeckCard, ...]


@dataclass(frozen=True, slots=True)
class Chosen:
    """A ticked row: a fact's number, and its revision as it was shown."""

    fact_id: int
    revision: int


@dataclass(frozen=True, slots=True)
class RefusedFact:
    """A fact that a bulk change left alone, and why."""

    fact_id: int
    text: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a bulk change did."""

    done: int
    unchanged: int
    refused: tuple[RefusedFact, ...]


def table(session: Session, deck_key: str, wanted: TableFilter, page: int = 1) -> Table:
    """Return a page of a deck's facts. Raises NotFound."""
    kept = kept_deck(session, deck_id_of(session, deck_key))
    deck, found = kept.deck, _fitting(kept, wanted)
    if wanted.sort in _SORTED:
        found.sort(key=lambda fact: _SORTED[wanted.sort](kept, fact).casefold())
    pages = max(1, -(-len(found) // PER_PAGE))
    page = min(max(1, page), pages)
    return Table(
        deck_key=deck.key,
        deck_title=deck.title,
        deck_revision=kept.revision,
        rows=tuple(_row(kept, one) for one in found[(page - 1) * PER_PAGE : page * PER_PAGE]),
        total=len(found),
        page=page,
        pages=pages,
        tags=tuple(sorted({tag for fact in deck.facts for tag in fact.tags})),
        relations=tuple(sorted(one.key for one in deck.relations)),
        decks=tuple(one for one in deck_list(session) if one.key != deck_key),
    )


def every_fitting(
    session: Session, deck_key: str, wanted: TableFilter, deck_revision: int
) -> list[Chosen]:
    """Return all facts that the table shows on any of its pages.

    Raises DeckChanged where the deck is not as it was shown, and NotFound.
    """
    kept = kept_deck(session, deck_id_of(session, deck_key))
    if kept.revision != deck_revision:
        raise DeckChanged
    return [Chosen(*kept.numbers[fact.key]) for fact in _fitting(kept, wanted)]


def _fitting(kept: KeptDeck, wanted: TableFilter) -> list[Fact]:
    words = wanted.query.casefold().split()
    return [one for one in kept.deck.facts if _fits(one, wanted) and kept.has_words(one, words)]


def title_of(session: Session, deck_key: str) -> str:
    """Return a deck's title. Raises NotFound."""
    return session.get_one(DeckRow, deck_id_of(session, deck_key)).title


def _row(kept: KeptDeck, fact: Fact) -> TableRow:
    line = kept.line(fact)
    return TableRow(
        *kept.numbers[fact.key],
        key=fact.key,
        text=line.text,
        answer=line.answer,
        status=str(fact.status),
        stance=str(fact.stance),
        relation=_relation_key(fact),
        tags=fact.tags,
        has_evidence=fact.evidence is not None,
    )


def _relation_key(fact: Fact) -> str:
    return fact.relation.key if fact.relation else ""


_SORTED: Mapping[str, Callable[[KeptDeck, Fact], str]] = {
    "text": lambda kept, fact: kept.line(fact).text,
    "answer": lambda kept, fact: kept.line(fact).answer,
    "status": lambda _, fact: fact.status,
    "relation": lambda _, fact: _relation_key(fact),
}
SORTS = ("order", *_SORTED)


def _fits(fact: Fact, wanted: TableFilter) -> bool:
    return (
        wanted.status in {"", fact.status}
        and wanted.stance in {"", fact.stance}
        and wanted.relation in {"", _relation_key(fact)}
        and (not wanted.tag or wanted.tag in fact.tags)
    )


def set_status(
    session: Session,
    deck_key: str,
    chosen: Sequence[Chosen],
    status: Status,
    edit: tuple[By, bool],
) -> Outcome:
    """Publish, retire or take back facts; those with lint errors are not published.

    `edit` is who, and whether to publish in spite of errors. Raises NothingChosen, DeckChanged.
    """
    by, anyway = edit
    picked = picked_facts(session, deck_key, chosen)
    refused = list(picked.stale)
    wanted = [one for one in picked.facts if one.status is not status]
    if status is Status.PUBLISHED and not anyway:
        refused += flawed(picked, {one.key: replace(one, status=status) for one in wanted})
    left = {one.fact_id for one in refused}
    going = [replace(one, status=status) for one in wanted if picked.numbers[one.key] not in left]
    return _stored(session, picked, going, refused, by)


def change_tags(
    session: Session,
    deck_key: str,
    chosen: Sequence[Chosen],
    tags: tuple[Sequence[str], Sequence[str]],
    by: By,
) -> Outcome:
    """Add tags to facts and take others away; `tags` are both lists, in that order.

    Raises NothingChosen, DeckChanged, and Refused for tags that are too many or too long.
    """
    added, removed = tags
    if not added and not removed:
        raise Refused(say("Type a tag first."))
    if any(len(tag) > LONGEST_TAG for tag in added):
        raise Refused(
            say("A tag may have {longest_tag} characters at most.", longest_tag=LONGEST_TAG)
        )

    def tagged(fact: Fact) -> Fact:
        kept = [tag for tag in fact.tags if tag not in removed]
        return replace(fact, tags=tuple(dict.fromkeys([*kept, *added])))

    picked = picked_facts(session, deck_key, chosen)
    full = [
        RefusedFact(
            picked.numbers[one.key],
            text_of(one),
            (say("It would have over {most_tags} tags.", most_tags=MOST_TAGS),),
        )
        for one in picked.facts
        if len(tagged(one).tags) > MOST_TAGS
    ]
    left = {one.fact_id for one in full}
    going = [tagged(one) for one in picked.facts if picked.numbers[one.key] not in left]
    changed = [one for one in going if one != picked.deck.fact_by_key[one.key]]
    return _stored(session, picked, changed, [*picked.stale, *full], by)


def delete_drafts(session: Session, deck_key: str, chosen: Sequence[Chosen]) -> Outcome:
    """Delete drafts that nobody was ever asked; others are refused with the reason.

    Raises NothingChosen and DeckChanged.
    """
    picked = picked_facts(session, deck_key, chosen)
    refused = list(picked.stale)
    with writing(session):
        deck_row = lock_unchanged(session, picked.deck_id, picked.deck_revision)
        done = 0
        for row in fact_rows(session, picked.deck_id, [one.key for one in picked.facts]):
            reason = why_kept(session, row)
            if reason:
                text = text_of(picked.deck.fact_by_key[row.key])
                refused.append(RefusedFact(row.id, text, (reason,)))
                continue
            session.delete(row)
            done += 1
        deck_row.revision += bool(done)
    return Outcome(done, 0, tuple(refused))


@dataclass(frozen=True, slots=True)
class Picked:
    """The chosen facts as they are now; `stale` are those that changed since they were shown."""

    deck_id: int
    deck_revision: int
    deck: Deck
    facts: tuple[Fact, ...]
    numbers: Mapping[str, int]
    stale: tuple[RefusedFact, ...]


def picked_facts(session: Session, deck_key: str, chosen: Sequence[Chosen]) -> Picked:
    """Return the chosen facts of a deck, in order. Raises NothingChosen and NotFound."""
    deck_id = deck_id_of(session, deck_key)
    seen = {one.fact_id: one.revision for one in chosen}
    rows = session.execute(
        select(FactRow.id, FactRow.key, FactRow.revision).where(
            FactRow.deck_id == deck_id, FactRow.id.in_(list(seen)[:BATCH])
        )
    ).all()
    if not rows:
        raise NothingChosen
    deck = load_deck(session, deck_id)
    fresh = {row.key for row in rows if row.revision == seen[row.id]}
    return Picked(
        deck_id=deck_id,
        deck_revision=session.get_one(DeckRow, deck_id).revision,
        deck=deck,
        facts=tuple(fact for fact in deck.facts if fact.key in fresh),
        numbers={row.key: row.id for row in rows},
        stale=tuple(
            RefusedFact(row.id, text_of(deck.fact_by_key[row.key]), (CHANGED,))
            for row in rows
            if row.key not in fresh
        ),
    )


BATCH = 500
"""Facts in one bulk change; a page has fewer."""


def flawed(picked: Picked, after: Mapping[str, Fact]) -> list[RefusedFact]:
    """Return those facts that have errors once all of `after` are in the deck."""
    index = DeckIndex(replace(picked.deck, facts=with_facts(picked.deck, after)))
    return refusals(index, after.values(), picked.numbers)


def refusals(
    index: DeckIndex, facts: Collection[Fact], numbers: Mapping[str, int]
) -> list[RefusedFact]:
    """Return the facts with lint errors, each with what is wrong."""
    found: list[RefusedFact] = []
    for fact in facts:
        errors = [
            one.message for one in lint_fact(index, fact, SEED) if one.severity is Severity.ERROR
        ]
        if errors:
            reasons = tuple(dict.fromkeys(errors))
            found.append(RefusedFact(numbers[fact.key], text_of(fact), reasons))
    return found


def _stored(
    session: Session, picked: Picked, going: Sequence[Fact], refused: Sequence[RefusedFact], by: By
) -> Outcome:
    if going:
        with writing(session):
            deck_row = lock_unchanged(session, picked.deck_id, picked.deck_revision)
            rewrite(session, picked.deck_id, going, by)
            deck_row.revision += 1
    unchanged = len(picked.facts) + len(picked.stale) - len(going) - len(refused)
    return Outcome(len(going), unchanged, tuple(refused))
