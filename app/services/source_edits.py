"""Articles added and changed: every change is a revision, and passages follow a new text."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.core.errors import Conflict, NotFound
from app.core.facts import Evidence, Fact, Source, Status
from app.core.passages import Fate, Followed, Follower
from app.core.sentences import say
from app.core.values import ValueProblem, parse_date, slug
from app.core.wording import fact_text
from app.models.content import FactRow, SourceRow
from app.models.database import writing
from app.models.mapping import fact_body, set_columns, source_to_core
from app.models.revisions import add_revision, body_of, change
from app.models.some_facts import load_facts
from app.services.articles import refuse_same
from app.services.decks import deck_id_of
from app.services.parts import lock_deck
from app.services.revisions import By, PastRevision, StaleRevision, body_at, past

HEAD = ("title", "author", "publisher", "url", "published", "licence")


@dataclass(frozen=True, slots=True)
class SourceDraft:
    """An article as it is typed; paragraphs are parted by blank lines."""

    title: str
    text: str
    author: str = ""
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


_FIGURES = re.compile(
    r"\d+(?:[.,]\d+)*|\b(?:one|two|three|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|"
    r"six|seven|eigh|nine)(?:teen)?|(?:twen|thir|for|fif|six|seven|eigh|nine)ty|half|dozen|hundred|"
    r"thousand|million|billion|trillion|first|second|third)s?\b",
    re.IGNORECASE,
)
_DENIALS = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|without|neither|nor)\b|n['’]t\b", re.IGNORECASE
)


def _telling(text: str) -> tuple[list[str], int]:
    return sorted(map(str.casefold, _FIGURES.findall(text))), len(_DENIALS.findall(text))


@dataclass(frozen=True, slots=True)
class TextReview:
    """What a new text does to the passages of a source's facts, before anything is stored."""

    kept: tuple[FollowedFact, ...]
    moved: tuple[FollowedFact, ...]
    changed: tuple[FollowedFact, ...]
    gone: tuple[FollowedFact, ...]

    @property
    def is_plain(self) -> bool:
        """Whether there is nothing to decide."""
        return not self.at_stake

    @property
    def at_stake(self) -> frozenset[int]:
        """The facts that somebody has to decide on, by number."""
        return frozenset(one.fact_id for one in (*self.changed, *self.gone))


@dataclass(frozen=True, slots=True)
class Decisions:
    """What a curator decided on facts, by number; a fact that was not `seen` is not decided on.

    Facts that are neither in `taken` (the changed passage is right) nor kept word for word lose
    their passage; those in `drafted` go back to drafts too.
    """

    seen: Collection[int] = ()
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
    texts: dict[str, Any] = {name: str(body.get(name, "")) for name in (*HEAD, "text")}
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


@dataclass(frozen=True, slots=True)
class Revised:
    """A stored change: the article's revision now, and what became of passages."""

    revision: int
    review: TextReview


def revise_source(
    session: Session,
    opened: tuple[str, str, int],
    draft: SourceDraft,
    by: By,
    decisions: Decisions | None = None,
) -> Revised:
    """Store a change to the source (deck key, key, revision).

    Passages that stand in the new text word for word are kept. Raises PassagesAtStake where
    others need `decisions`, StaleRevision when somebody saved it since, ValueProblem, NotFound.
    """
    deck_key, key, revision = opened
    draft, decided = _checked(draft), decisions or Decisions()
    follow = _follow_before(session, opened, draft.text)
    with writing(session):
        deck = lock_deck(session, deck_id_of(session, deck_key))
        row = _row(session, deck.id, key)
        session.refresh(row)
        if row.revision != revision:
            raise StaleRevision(source_to_core(row), row.revision, "article")
        followed = _followed(session, row.id, follow) if row.text != draft.text else []
        review = _review(followed)
        if not review.at_stake <= set(decided.seen):
            raise PassagesAtStake(review)
        if set_columns(row, _columns(draft)):
            change(session, row, by.user_id, by.at_epoch_s)
            for one in followed:
                _settle(session, one, decided, by)
            deck.revision += 1
        return Revised(row.revision, review)


Follow = Callable[[str], Followed]
"""Says what becomes of a passage in the new text."""
Traced = tuple[FactRow, Fact, Followed]
"""A fact's row, the fact, and what becomes of its passage."""


def _follow_before(session: Session, opened: tuple[str, str, int], text: str) -> Follow:
    """Follow the passages that facts have now, before the transaction: it can take a second.

    Inside it only what a fact has been given in between is still looked for.
    """
    deck_key, key, _ = opened
    row = _row(session, deck_id_of(session, deck_key), key)
    follow = lru_cache(maxsize=None)(Follower(row.text, text).follow)
    if row.text != text:
        for quote in session.scalars(_resting(row.id).with_only_columns(FactRow.quote)):
            follow(quote)
    return follow


def _resting(source_id: int) -> Select[FactRow]:
    return (
        select(FactRow)
        .where(FactRow.source_id == source_id, FactRow.quote != "")
        .order_by(FactRow.position)
    )


def _followed(session: Session, source_id: int, follow: Follow) -> list[Traced]:
    rows = session.scalars(_resting(source_id).execution_options(populate_existing=True)).all()
    facts = load_facts(session, [row.id for row in rows])
    return [(row, facts[row.id], follow(row.quote)) for row in rows]


def _review(followed: Collection[Traced]) -> TextReview:
    def with_fate(fate: Fate) -> tuple[FollowedFact, ...]:
        return tuple(
            FollowedFact(row.id, fact_text(fact), row.quote, one.quote)
            for row, fact, one in followed
            if one.fate is fate
        )

    return TextReview(*map(with_fate, (Fate.KEPT, Fate.MOVED, Fate.CHANGED, Fate.GONE)))


def _settle(session: Session, traced: Traced, decisions: Decisions, by: By) -> None:
    """Store what becomes of one fact; a change of it is a revision, and nobody's schedule moves."""
    row, fact, followed = traced
    is_kept = followed.is_whole or (followed.quote and row.id in decisions.taken)
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
