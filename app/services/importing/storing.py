"""A kept file is stored exactly as it was shown."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.advancing import Advance, Steps, unheard
from app.interchange.deck_file import read_own
from app.models.content import DeckRow
from app.models.database import writing
from app.models.mapping import ImportReport
from app.services import pictures
from app.services.curating import adopt
from app.services.decks import deck_id_of
from app.services.importing.kept import forget, pending
from app.services.imports import Origin, bring_in_undoably
from app.services.learned import Learning, PastReview, prepare, take_in
from app.services.revisions import By, colliding
from app.services.rewriting import DeckChanged, lock_unchanged


@dataclass(frozen=True, slots=True)
class Imported:
    """What was stored, and in which deck."""

    deck_key: str
    report: ImportReport
    record_id: int
    learned: Mapping[str, Any]

    @property
    def counts(self) -> dict[str, int]:
        """Return how many facts and reviews came, and how many facts keep their own memory."""
        counts = {"new": self.report.new, "changed": self.report.changed}
        if self.learned:
            counts |= {"reviews": self.learned["reviews"], "known": self.learned["left"]}
        return counts


def apply(
    session: Session,
    user_id: int,
    token: str,
    now: int,
    advance: Advance = unheard,
    meanwhile: Callable[[Imported], object] = lambda _: None,
) -> Imported:
    """Store a kept file exactly as it was shown, in one transaction.

    What takes long and needs no lock comes before. `advance` is told how far it is; `meanwhile` is
    called within the transaction, at its end. Raises DeckChanged where the deck has changed since,
    and NotFound.
    """
    row = pending(session, user_id, token)
    deck, seen = read_own(row.body), row.deck_revision
    wanted = [_learning(one) for one in json.loads(row.learning)] if row.learning else []
    reviews = sum(len(one.log) for one in wanted)
    steps = Steps(advance, len(deck.facts) + len(wanted) + 2 * reviews)
    learning = prepare(session, user_id, wanted, now, steps)
    del wanted
    with colliding(), writing(session):
        deck_id = session.scalar(select(DeckRow.id).where(DeckRow.key == deck.key))
        if deck_id is None and seen:
            raise DeckChanged
        if deck_id is not None:
            lock_unchanged(session, deck_id, seen)
        origin = Origin(row.file_name, row.format)
        report, kept = bring_in_undoably(session, deck, origin, By(user_id, now), steps)
        if deck_id is None:
            adopt(session, deck_id_of(session, deck.key), user_id)
        pictures.take_over(session, deck, kept.deck_id, (user_id, token))
        if learning.facts:
            kept.learning = take_in(session, user_id, kept.deck_id, learning, now, steps)
        forget(session, user_id, token)
        done = Imported(deck.key, report, kept.id, dict(kept.learning))
        meanwhile(done)
        return done


def _learning(raw: list[Any]) -> Learning:
    return Learning(raw[0], tuple(PastReview(*one) for one in raw[1]), *raw[2:])
