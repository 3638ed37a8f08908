"""Articles added and changed: every change is a revision, and passages follow a new text."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import Conflict, NotFound
from app.core.facts import Evidence, Fact, Source, Status
from app.core.passages import Fate, Followed, Follower
from app.core.sentences import say
from app.core.values import ValueProblem, parse_date, slug
from app.core.wording import fact_text
from app.models.content import FactRow, SourceRow
from app.models.database import writing
from app.models.mapping import fact_body, load_deck, set_columns, source_to_core
from app.models.revisions import add_revision, body_of, change
from app.services.articles import refuse_same
from app.services.decks import deck_id_of
from app.services.parts import lock_deck
from app.services.revisions import By, PastRevision, StaleRevision, body_at, past

HEAD = ("title", "publisher", "url", "published", "licence")


@dataclass(frozen=True, slots=True)
class SourceDraft:
    """An article as it is typed; paragraphs are parted by blank lines."""

    title: str
    text: str
    publisher: str = ""
    url: str = ""
    published: str = ""
    licence: str = ""
    again: bool = False
    """Add it although the same article is there already."""


@dataclass(frozen=True, slots=True)
class OpenedSource:
    """A source opened for editing."""

    id: int
    revision: int
    source: Source
    deck_key: str


@dataclass(frozen=True, slots=True)
class FollowedFact:
    """A fact whose passage is not in a new text as it was; `new` is "" where it is gone."""

    fact_id: int
    text: str
    old: str
    new: str

    @property
    def is_sure(self) -> bool:
        """Whether the new words can hardly say something else: same figures, as many denials."""
        return _telling(self.old) == _telling(self.new)


_FIGURES = re.compile(r"\d+(?:[.,]\d+)*")
_DENIALS = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|without|neither|nor)\b|n['’]t\b", re.IGNORECASE
)


def _telling(text: str) -> tuple[list[str], int]:
    return sorted(_FIGURES.findall(text)), len(_DENIALS.findall(text))


@dataclass(frozen=True, slots=True)
class TextReview:
    """What a new text does to the passages of a source's facts, before anything is stored."""

    kept: int
    changed: tuple[FollowedFact, ...]
    gone: tuple[FollowedFact, ...]

    @property
    def is_plain(self) -> bool:
        """Whether there is nothing to decide."""
        return not (self.changed or self.gone)


@dataclass(frozen=True, slots=True)
class Decisions:
    """What a curator decided on facts, by number; without any, nothing may be lost.

    Facts that are neither in `taken` (the changed passage is right) nor kept word for word lose
    their passage; those in `drafted` go back to drafts too.
    """

    taken: Collection[int] = ()
    drafted: Collection[int] = ()


class PassagesAtStake(Conflict):
    """A new text in which passages of facts have changed or are gone: somebody must decide."""

    def __init__(self, review: TextReview) -> None:
        super().__init__(say("Passages of facts have changed in the new text. Look them over."))
        self.review = review


def open_source(session: Session, deck_key: str, key: str) -> OpenedSource:
    """Return a source for editing. Raises NotFound."""
    row = _row(session, deck_id_of(session, deck_key), key)
    return OpenedSource(row.id, row.revision, source_to_core(row), deck_key)


def source_history(session: Session, deck_key: str, key: str) -> list[PastRevision]:
    """Return a source's changes, newest first. Raises NotFound."""
    return past(session, SourceRow, open_source(session, deck_key, key).id)


def source_at(session: Session, deck_key: str, key: str, revision: int) -> SourceDraft:
    """Return what a source was at a revision, to be looked over. Raises NotFound."""
    body = body_at(session, SourceRow, open_source(session, deck_key, key).id, revision)
    texts: dict[str, Any] = {name: str(body[name]) for name in (*HEAD, "text")}
    return SourceDraft(**texts)


def add_source(session: Session, deck_key: str, draft: SourceDraft, by: By) -> str:
    """Add an article to a deck and return its key.

    Raises ValueProblem for what cannot be kept, and SameArticle for one that is there already
    and not wanted `again`.
    """
    draft = _checked(draft)
    if not draft.again:
        refuse_same(session, draft.text)  # before the lock: nobody who answers waits for it
    with writing(session):
        deck = lock_deck(session, deck_id_of(session, deck_key))
        keys = set(session.scalars(select(SourceRow.key).where(SourceRow.deck_id == deck.id)))
        base = slug(draft.title)
        numbered = (f"{base}-{number}" for number in range(2, len(keys) + 3))
        key = next(one for one in (base, *numbered) if one not in keys)
        row = SourceRow(deck_id=deck.id, key=key, position=len(keys), **_columns(draft))
        session.add(row)
        session.flush()
        add_revision(session, row, body_of(row), by.user_id, by.at_epoch_s)
        deck.revision += 1
        return key


def revise_source(
    session: Session,
    opened: tuple[str, str, int],
    draft: SourceDraft,
    by: By,
    decisions: Decisions | None = None,
) -> int:
    """Store a change to the source (deck key, key, revision), and return its new revision.

    Passages that stand in the new text word for word are kept. Raises PassagesAtStake where
    others need `decisions`, StaleRevision when somebody saved it since, ValueProblem, NotFound.
    """
    deck_key, key, revision = opened
    draft = _checked(draft)
    with writing(session):
        deck = lock_deck(session, deck_id_of(session, deck_key))
        row = _row(session, deck.id, key)
        session.refresh(row)
        if row.revision != revision:
            raise StaleRevision(source_to_core(row), row.revision, "article")
        followed = [*_followed(session, row, draft.text)] if row.text != draft.text else []
        review = _review(followed)
        if decisions is None and not review.is_plain:
            raise PassagesAtStake(review)
        if set_columns(row, _columns(draft)):
            change(session, row, by.user_id, by.at_epoch_s)
            for one in followed:
                _settle(session, one, decisions or Decisions(), by)
            deck.revision += 1
        return row.revision


Traced = tuple[FactRow, Fact, Followed]
"""A fact's row, the fact, and what becomes of its passage."""


def _followed(session: Session, row: SourceRow, text: str) -> Iterator[Traced]:
    deck = load_deck(session, row.deck_id)
    follower = Follower(row.text, text)
    resting = select(FactRow).where(FactRow.source_id == row.id).order_by(FactRow.position)
    for fact_row in session.scalars(resting).all():
        fact = deck.fact_by_key[fact_row.key]
        if fact.evidence:
            yield fact_row, fact, follower.follow(fact.evidence.quote)


def _review(followed: Collection[Traced]) -> TextReview:
    def with_fate(fate: Fate) -> tuple[FollowedFact, ...]:
        return tuple(
            FollowedFact(row.id, fact_text(fact), row.quote, one.quote)
            for row, fact, one in followed
            if one.fate is fate
        )

    kept = sum(one.fate is Fate.KEPT for _, _, one in followed)
    return TextReview(kept, with_fate(Fate.CHANGED), with_fate(Fate.GONE))


def _settle(session: Session, traced: Traced, decisions: Decisions, by: By) -> None:
    """Store what becomes of one fact; a change of it is a revision, and nobody's schedule moves."""
    row, fact, followed = traced
    is_kept = followed.fate is Fate.KEPT or (followed.quote and row.id in decisions.taken)
    evidence = Evidence(fact.evidence.source, followed.quote) if is_kept and fact.evidence else None
    drafted = not is_kept and row.id in decisions.drafted and fact.status is Status.PUBLISHED
    after = replace(fact, evidence=evidence, status=Status.DRAFT if drafted else fact.status)
    if after == fact:
        return
    row.quote = evidence.quote if evidence else ""
    row.source_id = row.source_id if evidence else None
    row.status = str(after.status)
    row.revision += 1
    session.flush()
    add_revision(session, row, fact_body(after), by.user_id, by.at_epoch_s)


def _checked(draft: SourceDraft) -> SourceDraft:
    if draft.published:
        parse_date(draft.published, "published")
    if draft.url and not re.fullmatch(r"https?://\S+", draft.url):
        raise ValueProblem("url", say("An address begins with http:// or https://."))
    return replace(draft, text="\n".join(map(str.rstrip, draft.text.splitlines())).strip())


def _columns(draft: SourceDraft) -> dict[str, str]:
    return {name: getattr(draft, name) for name in (*HEAD, "text")}


def _row(session: Session, deck_id: int, key: str) -> SourceRow:
    found = select(SourceRow).where(SourceRow.deck_id == deck_id, SourceRow.key == key)
    row: SourceRow | None = session.scalar(found)
    if row is None:
        raise NotFound(say("There is no such source."))
    return row
