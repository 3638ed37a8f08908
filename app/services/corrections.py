"""Corrections and successors: those who learned the old answer are told, and asked again.

Everything but `catch_up` belongs inside the `writing` transaction of the edit. Its statements are
a fixed number however many learners there are; PostgreSQL locks the learners in order of their
ids, with NO KEY UPDATE, so that answers in flight come wholly before or wholly after.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from fsrs_rs_python import DEFAULT_PARAMETERS
from sqlalchemy import JSON, BigInteger, String, func, insert, literal, select, tuple_, update
from sqlalchemy.orm import Session

from app.core.corrections import EditKind, told_change, told_question, usual_kind
from app.core.facts import Fact, Status
from app.core.memory import MemoryState
from app.core.planning import study_day
from app.core.replaying import Changed, ChangeKind, Standing, corrected
from app.core.sentences import say
from app.core.values import ValueProblem
from app.core.wording import fact_text
from app.models.base import BigId
from app.models.content import FactCorrection, FactRow
from app.models.database import writing
from app.models.learning import Memory, MemoryEvent, Notice, Review, ShownQuestion
from app.models.mapping import load_deck
from app.models.people import User
from app.models.statements.learners import PARAMETERS
from app.services.notices import NoticeKind, has_untold, tell
from app.services.revisions import By
from app.services.sessions import lock_learner, zone_of

AT_ONCE = 10
"""How many corrections of one import are asked again on its day."""
DAY_S = 86_400


def correct(
    session: Session, row: FactRow, change: tuple[Fact, Fact], by: By, wait_s: int = 0
) -> int:
    """Note that a fact's answer changed, and return how many learners are told and asked again.

    Their memory restarts from relearning; the fact is due `wait_s` seconds from now. A draft that
    nobody has learned needs no correction, nor does what reads as it did before.
    """
    before, after = change
    ids = _lock_those_who_know(session, [row.id])
    old, new = told_change(before, after)
    if old == new or (before.status is Status.DRAFT and not ids):
        return 0
    session.add(
        FactCorrection(
            fact_id=row.id,
            revision=row.revision,
            user_id=by.user_id,
            corrected_epoch_s=by.at_epoch_s,
            old=old,
            new=new,
        )
    )
    session.flush()
    if ids:
        _restart(session, row, by.at_epoch_s, by.at_epoch_s + wait_s)
        body = {"ask": told_question(after), "old": old, "new": new}
        _tell(session, [row.id], (NoticeKind.CORRECTION, row.id, body), by.at_epoch_s)
    return len(ids)


def correct_all(session: Session, deck_id: int, before: Mapping[str, Fact], by: By) -> int:
    """Correct every fact of a deck whose answer has just been changed from `before`.

    The first AT_ONCE are due at once, as many more each day after: a learner is not swamped.
    """
    corrected = 0
    for key, fact in load_deck(session, deck_id).fact_by_key.items():
        old = before.get(key)
        if old is None or fact == old or usual_kind(old, fact) is not EditKind.CORRECTION:
            continue
        row = session.scalars(
            select(FactRow).where(FactRow.deck_id == deck_id, FactRow.key == key)
        ).one()
        told = correct(session, row, (old, fact), by, corrected // AT_ONCE * DAY_S)
        corrected += told > 0
    return corrected


def supersede(
    session: Session, row: FactRow, successor: FactRow, change: tuple[Fact, Fact], by: By
) -> int:
    """Put another fact in a retired one's place, and return how many learners are told.

    Those who learned the old one are asked the new one before other new facts (see
    `services/study.py`). Facts that the old one had superseded follow.
    """
    before, after = change
    earlier = session.scalars(select(FactRow.id).where(FactRow.superseded_by_id == row.id))
    replaced = [row.id, *earlier]
    ids = _lock_those_who_know(session, replaced)
    session.execute(
        update(FactRow).where(FactRow.id.in_(replaced)).values(superseded_by_id=successor.id)
    )
    if ids:
        texts = {"old": fact_text(before), "new": fact_text(after)}
        told = (NoticeKind.SUPERSEDED, successor.id, {"ask": told_question(after)} | texts)
        _tell(session, replaced, told, by.at_epoch_s)
    return len(ids)


def successor_of(session: Session, row: FactRow, key: str) -> FactRow:
    """Return the published fact of the same deck that takes a fact's place. Raises ValueProblem."""
    found = session.scalar(
        select(FactRow).where(FactRow.deck_id == row.deck_id, FactRow.key == key)
    )
    if found is None or found.id == row.id or found.status != Status.PUBLISHED:
        raise ValueProblem("superseded_by", say("Choose another published fact of this deck."))
    return found


def learners_of(session: Session, fact_id: int) -> int:
    """Return how many people have a memory of a fact."""
    return session.scalar(select(func.count()).where(Memory.fact_id == fact_id)) or 0


def catch_up(session: Session, user_id: int, token: str, now: int) -> None:
    """Correct what an answer has just taught, where its question was older than a correction.

    A transaction of its own, for the rare answer to a question that had been up meanwhile.
    """
    with writing(session):
        lock_learner(session, user_id)
        review, revision = session.execute(
            select(Review, ShownQuestion.fact_revision)
            .join(
                ShownQuestion,
                (ShownQuestion.user_id == Review.user_id) & (ShownQuestion.token == Review.token),
            )
            .where(Review.user_id == user_id, Review.token == token)
        ).one()
        missed = session.scalars(
            select(FactCorrection)
            .where(FactCorrection.fact_id == review.fact_id, FactCorrection.revision > revision)
            .order_by(FactCorrection.revision)
        ).all()
        if missed and not _restarted_since(session, review):
            row = session.get_one(FactRow, review.fact_id)
            _restart(session, row, now, now, user_id)
            if not has_untold(session, user_id, row.id):
                body = {"ask": "", "old": missed[0].old, "new": missed[-1].new}
                tell(session, user_id, NoticeKind.CORRECTION, row.id, body, now)


def _restarted_since(session: Session, review: Review) -> bool:
    """Whether a correction comes after a review, which may have arrived later than it."""
    late = review.behind_review is not None
    place = (review.behind_review, review.behind_change) if late else (review.number, -1)
    found = select(MemoryEvent.user_id).where(
        MemoryEvent.user_id == review.user_id,
        MemoryEvent.fact_id == review.fact_id,
        MemoryEvent.kind == str(ChangeKind.CORRECTED),
        tuple_(MemoryEvent.after_review, MemoryEvent.change) > place,
    )
    return session.scalar(found.limit(1)) is not None


def _lock_those_who_know(session: Session, fact_ids: Sequence[int]) -> list[int]:
    known = select(Memory.user_id).where(Memory.fact_id.in_(fact_ids))
    locked = select(User.id).where(User.id.in_(known)).order_by(User.id)
    return list(session.scalars(locked.with_for_update(key_share=True)))


def _restart(session: Session, row: FactRow, now: int, due: int, only: int | None = None) -> None:
    """Move every memory of a fact, or one learner's, to relearning, and log that for replay."""
    whose = [] if only is None else [Memory.user_id == only]
    # A statement of its own: after waiting for the locks, PostgreSQL reads what is there now.
    rows = session.execute(
        select(User.id, User.time_zone, User.reviews, User.changes, PARAMETERS, Memory)
        .join(Memory, Memory.user_id == User.id)
        .where(Memory.fact_id == row.id, *whose)
        .execution_options(populate_existing=True)
    ).all()
    events, memories = [], []
    for user_id, time_zone, reviews, changes, parameters, memory in rows:
        changed = Changed(
            after=reviews,
            change=changes + 1,
            kind=ChangeKind.CORRECTED,
            at_epoch_s=now,
            study_day=study_day(now, zone_of(time_zone)),
            due_epoch_s=due,
        )
        key = {"user_id": user_id, "fact_id": row.id}
        events.append(key | _logged(changed))
        memories.append(key | _restarted(memory, changed, tuple(parameters or DEFAULT_PARAMETERS)))
    session.execute(insert(MemoryEvent), events)
    session.execute(update(Memory), memories)
    known = select(Memory.user_id).where(Memory.fact_id == row.id, *whose)
    session.execute(
        update(User)
        .where(User.id.in_(known))
        .values(changes=User.changes + 1)
        .execution_options(synchronize_session=False)
    )


def _logged(changed: Changed) -> dict[str, Any]:
    return {
        "change": changed.change,
        "kind": str(changed.kind),
        "cause": None,
        "due_epoch_s": changed.due_epoch_s,
        "stability_days": None,
        "after_review": changed.after,
        "at_epoch_s": changed.at_epoch_s,
        "study_day": changed.study_day,
    }


def _restarted(memory: Memory, changed: Changed, parameters: Sequence[float]) -> dict[str, Any]:
    """Return what a memory becomes, by the very function that replays it."""
    state = MemoryState(memory.stability_days, memory.difficulty, memory.last_review_epoch_s)
    before = Standing(state, last_study_day=memory.last_study_day)
    after = corrected(before, changed, parameters)
    assert after.memory is not None  # noqa: S101 it had one
    return {
        "stability_days": after.memory.stability_days,
        "difficulty": after.memory.difficulty,
        "last_review_epoch_s": after.memory.last_review_epoch_s,
        "last_study_day": after.last_study_day,
        "due_epoch_s": after.due_epoch_s,
    }


def _tell(
    session: Session,
    learned: Sequence[int],
    told: tuple[NoticeKind, int, Mapping[str, Any]],
    now: int,
) -> None:
    """Leave everybody who learned one of these facts the same notice, in one statement."""
    kind, fact_id, body = told
    last = (
        select(func.coalesce(func.max(Notice.number), 0))
        .where(Notice.user_id == User.id)
        .scalar_subquery()
    )
    known = select(Memory.user_id).where(Memory.fact_id.in_(learned))
    rows = select(
        User.id,
        last + 1,
        literal(str(kind), String),
        literal(fact_id, BigId),
        literal(dict(body), JSON),
        literal(now, BigInteger),
    ).where(User.id.in_(known))
    columns = ["user_id", "number", "kind", "fact_id", "body", "created_epoch_s"]
    session.execute(insert(Notice).from_select(columns, rows, include_defaults=False))
