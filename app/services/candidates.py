"""Candidates: the sentences of an article that could become facts, as curators go through them."""

import hashlib
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from threading import Lock

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from app.core import proposals
from app.core.errors import NotFound
from app.core.facts import Deck, Source, find_passage, relation_label
from app.core.proposals import Candidate, Context, Proposal, Proposer, Span
from app.core.proposals.ranking import COVERED
from app.core.proposals.sentences import split
from app.core.sentences import say
from app.core.wording import date_text, display
from app.models.content import DeckRow, SourceRow
from app.models.database import writing
from app.models.mapping import load_deck
from app.models.studio import DismissedSentence
from app.services import starters
from app.services.decks import deck_id_of
from app.services.drafts import FactDraft
from app.services.proposed import draft_of, picked

PROPOSER: Proposer = proposals
"""Rules today; whatever speaks the same two functions can stand here."""
PER_PAGE = 25
BEFORE = 600
"""Characters before a passage that "it" and "he" are looked for in."""
_KEPT = 16
_found: OrderedDict[tuple[str, int, int, str], tuple[Candidate, ...]] = OrderedDict()
_lock = Lock()


class NoSuchSource(NotFound):
    """The deck has no source by that key."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of a sentence, and what was recognised in it ("" for nothing)."""

    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class ListedCandidate:
    """A sentence in the list: its pieces, what is proposed, what covers it already."""

    text: str
    pieces: tuple[Piece, ...]
    subject: str
    relation: str
    answer: str
    stance: str
    according_to: str
    covered_by: tuple[str, ...]
    dismissed: bool
    mark: str


@dataclass(frozen=True, slots=True)
class CandidatePage:
    """One page of a source's sentences, and how many there are of each sort."""

    deck_key: str
    source: Source
    show: str
    number: int
    pages: int
    candidates: tuple[ListedCandidate, ...]
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A fact as the editor opens it, proposed from a passage; nothing is stored yet."""

    draft: FactDraft
    to_word: bool
    is_new_relation: bool


def candidate_page(
    session: Session, deck_key: str, source_key: str, show: str = "open", number: int = 1
) -> CandidatePage:
    """Return a page of a source's sentences: the open ones, covered, dismissed. Raises NotFound."""
    at = _opened(session, deck_key, source_key)
    hidden = _dismissed(session, deck_key, source_key)
    by_sort: dict[str, list[Candidate]] = {"open": [], "covered": [], "dismissed": []}
    for one in _candidates(session, at):
        by_sort[_sort(one, hidden)].append(one)
    show = show if show in by_sort else "open"
    pages = max(1, -(-len(by_sort[show]) // PER_PAGE))
    number = min(max(1, number), pages)
    chosen = by_sort[show][(number - 1) * PER_PAGE : number * PER_PAGE]
    return CandidatePage(
        deck_key=deck_key,
        source=at.source,
        show=show,
        number=number,
        pages=pages,
        candidates=tuple(_listed(one, hidden) for one in chosen),
        counts={sort: len(found) for sort, found in by_sort.items()},
    )


def _sort(one: Candidate, hidden: set[str]) -> str:
    if fingerprint(one.sentence.text) in hidden:
        return "dismissed"
    return "covered" if one.covered_by else "open"


def _listed(one: Candidate, hidden: set[str]) -> ListedCandidate:
    made = one.proposal
    mark = fingerprint(one.sentence.text)
    return ListedCandidate(
        text=one.sentence.text,
        pieces=pieces(one.sentence.text, made.spans),
        subject=made.subject,
        relation=relation_label(made.relation),
        answer=display(made.value) if made.value else "",
        stance=str(made.stance),
        according_to=made.according_to,
        covered_by=one.covered_by,
        dismissed=mark in hidden,
        mark=mark,
    )


def pieces(sentence: str, spans: Sequence[Span]) -> tuple[Piece, ...]:
    """Part a sentence at the ends of what was recognised; a piece has one kind at most."""
    cuts = sorted({0, len(sentence), *(end for one in spans for end in (one.start, one.end))})
    made = []
    for start, end in pairwise(cuts):
        inside = [one for one in spans if one.start <= start and end <= one.end]
        shortest = min(inside, key=lambda one: one.end - one.start, default=None)
        made.append(Piece(sentence[start:end], str(shortest.kind) if shortest else ""))
    return tuple(made)


def fingerprint(sentence: str) -> str:
    """Return what a sentence is known by, however its lines are broken."""
    return hashlib.sha256(
        " ".join(sentence.split()).casefold().encode(errors="replace")
    ).hexdigest()


def dismiss(
    session: Session, deck_key: str, source_key: str, mark: str, by: tuple[int, int]
) -> None:
    """Put a sentence aside for everybody; `by` is who and when (epoch seconds). Twice is once.

    Raises NotFound for a sentence that the source does not have.
    """
    at = _opened(session, deck_key, source_key)
    if all(fingerprint(one.sentence.text) != mark for one in _candidates(session, at)):
        raise NotFound(say("The source has no such sentence."))
    user_id, at_epoch_s = by
    with writing(session):
        row = session.scalars(_source_row(deck_key, source_key).with_for_update()).one()
        known = select(DismissedSentence.id).where(
            DismissedSentence.source_id == row.id, DismissedSentence.fingerprint == mark
        )
        if session.scalar(known) is None:
            session.add(
                DismissedSentence(
                    source_id=row.id,
                    fingerprint=mark,
                    user_id=user_id,
                    dismissed_epoch_s=at_epoch_s,
                )
            )


def take_back(session: Session, deck_key: str, source_key: str, mark: str) -> None:
    """Bring a dismissed sentence back into the list. Raises NotFound."""
    _opened(session, deck_key, source_key)
    with writing(session):
        row = session.scalars(_source_row(deck_key, source_key).with_for_update()).one()
        session.execute(
            delete(DismissedSentence).where(
                DismissedSentence.source_id == row.id, DismissedSentence.fingerprint == mark
            )
        )


def next_sentence(session: Session, deck_key: str, source_key: str, quote: str) -> str | None:
    """Return the sentence to go on with: the next best after the one that a passage is from.

    What was skipped does not come back before the end. None where nothing is left.
    """
    at = _opened(session, deck_key, source_key)
    hidden = _dismissed(session, deck_key, source_key)
    span = find_passage(at.source.text, quote) if quote else None
    found = sorted(_candidates(session, at), key=_place)
    here = [
        one
        for one in found
        if span is not None and one.sentence.start < span[1] and span[0] < one.sentence.end
    ]
    left = [one for one in found if _sort(one, hidden) == "open" and one not in here]
    after = (one for one in left if here and _place(one) > _place(here[0]))
    following = next(after, left[0] if left else None)
    return following.sentence.text if following else None


def _place(one: Candidate) -> tuple[float, int]:
    """Return what puts sentences in order as if none was covered: a fact moves none of them."""
    own = one.score - COVERED if one.covered_by else one.score
    return -own, one.sentence.start


def suggest(session: Session, deck_key: str, source_key: str, passage: str) -> Suggestion:
    """Return the fact that a passage suggests; part of a sentence is widened to all of it.

    A selected amount, date or name becomes the answer. Raises NotFound for the deck or source.
    """
    at = _opened(session, deck_key, source_key)
    source = at.source
    span = find_passage(source.text, passage) if passage.strip() else None
    if span is None:
        draft = FactDraft({}, source=source.key, quote=passage)
        return Suggestion(draft, to_word=True, is_new_relation=False)
    start, end = widened(source.text, *span)
    made = _proposed(session, at, start, end)
    if (start, end) != span:
        made = picked(made, source.text[slice(*span)])
    is_new = made.starter is not None
    return Suggestion(draft_of(made, source), to_word=made.to_word, is_new_relation=is_new)


def _proposed(session: Session, at: "Opened", start: int, end: int) -> Proposal:
    """Return what a run suggests: for one sentence the very proposal that the list shows."""
    for one in _candidates(session, at):
        if (one.sentence.start, one.sentence.end) == (start, end):
            return one.proposal
    before = at.source.text[max(0, start - BEFORE) : start]
    context = replace(context_of(at.deck, at.source), before=before)
    return PROPOSER.propose(at.source.text[start:end], context)


def widened(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the whole sentences that a span touches."""
    touched = [one for one in split(text) if one.start < end and start < one.end]
    if not touched:
        return start, end
    return min(start, touched[0].start), max(end, touched[-1].end)


def context_of(deck: Deck, source: Source) -> Context:
    """Return what a deck knows around the sentences of one of its sources."""
    date = date_text(source.published) if source.published else ""
    return Context(
        entities=deck.entities,
        relations=deck.relations,
        starters=starters.STARTERS,
        facts=deck.facts,
        source=source.key,
        publisher=source.publisher or source.title or date,
        published=source.published,
    )


@dataclass(frozen=True, slots=True)
class Opened:
    """A source in its deck; the revision was read first, so that it is never newer than they."""

    deck: Deck
    source: Source
    deck_id: int
    revision: int


def _opened(session: Session, deck_key: str, source_key: str) -> Opened:
    deck_id = deck_id_of(session, deck_key)
    revision = session.scalar(select(DeckRow.revision).where(DeckRow.id == deck_id)) or 0
    deck = load_deck(session, deck_id)
    source = deck.source_by_key.get(source_key)
    if source is None:
        raise NoSuchSource(say("There is no such source."))
    return Opened(deck, source, deck_id, revision)


def _candidates(session: Session, at: Opened) -> tuple[Candidate, ...]:
    """Return a source's candidates, kept until the deck changes."""
    slot = (str(session.get_bind().engine.url), at.deck_id, at.revision, at.source.key)
    with _lock:
        if slot in _found:
            _found.move_to_end(slot)
            return _found[slot]
    made = PROPOSER.candidates(at.source.text, context_of(at.deck, at.source))
    with _lock:
        _found[slot] = made
        while len(_found) > _KEPT:
            _found.popitem(last=False)
    return made


def _dismissed(session: Session, deck_key: str, source_key: str) -> set[str]:
    row = session.scalars(_source_row(deck_key, source_key)).one()
    found = select(DismissedSentence.fingerprint).where(DismissedSentence.source_id == row.id)
    return set(session.scalars(found))


def _source_row(deck_key: str, source_key: str) -> Select[SourceRow]:
    return (
        select(SourceRow)
        .join(DeckRow, DeckRow.id == SourceRow.deck_id)
        .where(DeckRow.key == deck_key, SourceRow.key == source_key)
    )
