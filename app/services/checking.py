"""`factdeck check`: what is stored against what must hold; `--repair` mends it from the log."""

from collections import defaultdict
from collections.abc import Iterator

from sqlalchemy import delete, exists, func, insert, select, update
from sqlalchemy.orm import Session

from app.core.facts import find_passage
from app.models.content import DeckRow, FactRevision, FactRow, FactTag, SourceRow, tag_rows
from app.models.database import writing
from app.models.learning import Review, ShownQuestion
from app.models.people import User
from app.models.sqlite import driver_warning
from app.models.statistics import CountedAnswer, ItemStatistic
from app.services import ledger, orphans, statistics, unreadable
from app.services.backup import is_whole
from app.services.learned import SESSION
from app.services.sessions import lock_learner

DAY_S = 86_400
TOLERATED_S = 3_600
"""A clock may be set back by so much without a word."""


def check(session: Session) -> list[str]:
    """Return everything that is wrong, a sentence each; nothing is changed."""
    found = is_whole(session.get_bind().engine) + orphans.found(session)
    spoilt = unreadable.found(session)
    if spoilt:  # what cannot be read cannot be compared
        return found + spoilt
    for user_id in session.scalars(select(User.id).order_by(User.id)).all():
        found += ledger.check_learner(session, user_id)
        session.expunge_all()
    found += [*_marks(session), *_revisions(session), *_tags(session)]
    return [*found, *_evidence(session), *_items(session)]


def _items(session: Session) -> list[str]:
    """Compare the items' counts with the answers that were counted, without reading the log."""
    item = (CountedAnswer.fact_id, CountedAnswer.question_type, CountedAnswer.direction)
    counted = {
        (row[0], row[1], row[2]): row[3]
        for row in session.execute(select(*item, func.count()).group_by(*item))
    }
    of = (ItemStatistic.fact_id, ItemStatistic.question_type, ItemStatistic.direction)
    summed = {
        (row[0], row[1], row[2]): row[3]
        for row in session.execute(
            select(*of, ItemStatistic.answers).where(ItemStatistic.answers > 0)
        )
    }
    found = [
        f"item statistics: fact {fact} ({kind}, {direction}) sums up "
        f"{summed.get((fact, kind, direction), 0)} answers, "
        f"{counted.get((fact, kind, direction), 0)} were counted."
        for fact, kind, direction in sorted(counted.keys() | summed.keys())
        if counted.get((fact, kind, direction), 0) != summed.get((fact, kind, direction), 0)
    ]
    ahead = select(User.id).where(User.reviews_counted > User.reviews).order_by(User.id)
    return found + [
        f"learner {user_id}: item statistics have counted more answers than there are."
        for user_id in session.scalars(ahead)
    ]


_LOGGED = exists().where(
    Review.user_id == ShownQuestion.user_id, Review.token == ShownQuestion.token
)
_OPEN_BUT_LOGGED = ShownQuestion.answered_epoch_s.is_(None) & _LOGGED
_ANSWERED_BY_NOBODY = ShownQuestion.answered_epoch_s.is_not(None) & ~_LOGGED


def _marks(session: Session) -> Iterator[str]:
    """Compare what counts as answered with the log."""
    for wrong, said in (
        (_OPEN_BUT_LOGGED, "are answered by the log, and count as open"),
        (_ANSWERED_BY_NOBODY, "count as answered, and the log has no answer"),
    ):
        for user_id, count in session.execute(
            select(ShownQuestion.user_id, func.count())
            .where(wrong)
            .group_by(ShownQuestion.user_id)
            .order_by(ShownQuestion.user_id)
        ):
            yield f"learner {user_id}: {count} shown questions {said}."


_NEWEST = (
    select(func.max(FactRevision.revision))
    .where(FactRevision.fact_id == FactRow.id)
    .scalar_subquery()
)


def _revisions(session: Session) -> Iterator[str]:
    """Compare the number of each fact's revision with its history: a late save goes by it."""
    rows = select(FactRow.key, FactRow.revision, _NEWEST.label("newest"))
    for row in session.execute(rows.where(FactRow.revision != _NEWEST).order_by(FactRow.id)):
        yield f"fact {row.key}: is at revision {row.revision}, its history at {row.newest}."


AT_ONCE = 10_000
"""Facts whose tags are looked at together."""


def _untrue_tags(session: Session) -> Iterator[FactRow]:
    """Yield the facts whose rows of tags are not those of their own lists."""
    most = session.scalar(select(func.max(FactRow.id))) or 0
    for start in range(0, most + 1, AT_ONCE):
        end = start + AT_ONCE
        stored: dict[int, set[str]] = defaultdict(set)
        for fact_id, tag in session.execute(
            select(FactTag.fact_id, FactTag.tag).where(
                FactTag.fact_id >= start, FactTag.fact_id < end
            )
        ):
            stored[fact_id].add(tag)
        facts = select(FactRow.id, FactRow.tags).where(FactRow.id >= start, FactRow.id < end)
        for fact_id, tags in session.execute(facts.order_by(FactRow.id)).all():
            if {one["tag"] for one in tag_rows(fact_id, tags)} != stored[fact_id]:
                yield session.get_one(FactRow, fact_id)


def _tags(session: Session) -> Iterator[str]:
    """Compare by which tags facts are found with those that they have."""
    for row in _untrue_tags(session):
        yield f"fact {row.key}: is not found by the tags that it has."


def _mend_tags(session: Session) -> Iterator[str]:
    wrong = list(_untrue_tags(session))
    for row in wrong:
        session.execute(delete(FactTag).where(FactTag.fact_id == row.id))
        if row.tags:
            session.execute(insert(FactTag), tag_rows(row.id, row.tags))
    if wrong:
        yield f"{len(wrong)} facts: found by the tags that they have."


def warnings(session: Session) -> list[str]:
    """Return what is odd but harmless: an old SQLite, logs in which the clock went back."""
    old = driver_warning(session.get_bind().engine)
    before = func.lag(Review.reviewed_epoch_s).over(
        partition_by=Review.user_id, order_by=Review.number
    )
    pairs = select(Review.user_id, Review.reviewed_epoch_s.label("at"), before.label("before"))
    # Reviews from another program keep their times, and stand behind what the log had; answers
    # that arrived late stand in their own place.
    log = pairs.where(
        Review.session_token.not_like(f"{SESSION}%"), Review.behind_review.is_(None)
    ).subquery()
    rows = session.execute(
        select(log.c.user_id, func.count(), func.max(log.c.before - log.c.at))
        .where(log.c.before - log.c.at > TOLERATED_S)
        .group_by(log.c.user_id)
        .order_by(log.c.user_id)
    )
    return ([old] if old else []) + [
        f"learner {user_id}: the clock went back {count} times, by {most / DAY_S:.1f} days at most;"
        " the order of the log counts, and nothing needs repair."
        for user_id, count, most in rows
    ]


def _evidence(session: Session) -> Iterator[str]:
    rows = (
        select(DeckRow.key, FactRow.key.label("fact"), FactRow.quote, SourceRow.text)
        .join(FactRow, FactRow.deck_id == DeckRow.id)
        .join(SourceRow, SourceRow.id == FactRow.source_id)
        .where(FactRow.quote != "")
        .order_by(FactRow.id)
    )
    for row in session.execute(rows.execution_options(yield_per=1000)):
        if not find_passage(row.text, row.quote):
            yield f"deck {row.key}: the passage of {row.fact} does not stand in its source."


def repair(session: Session) -> list[str]:
    """Rebuild what differs from the log, and mend what else can be; return what was done.

    No review is ever removed. A passage that stands in no source is left to the curators.
    """
    with writing(session):
        done = [*orphans.mend(session), *unreadable.mend(session)]
    if unreadable.found(session):  # the rest is left as it is: a backup has it
        return done
    with writing(session):
        done += [*_mend_marks(session), *_mend_revisions(session), *_mend_tags(session)]
    session.expunge_all()
    for user_id in session.scalars(select(User.id).order_by(User.id)).all():
        if not ledger.check_learner(session, user_id):
            continue
        with writing(session):
            lock_learner(session, user_id)
            ledger.rebuild(session, user_id)
        session.expunge_all()
        done.append(f"learner {user_id}: memory, totals and score rebuilt from the log.")
    if _items(session):
        statistics.rebuild(session)
        done.append("item statistics: counted anew from the log.")
    return done


def _mend_marks(session: Session) -> Iterator[str]:
    reviewed = (
        select(Review.reviewed_epoch_s)
        .where(Review.user_id == ShownQuestion.user_id, Review.token == ShownQuestion.token)
        .scalar_subquery()
    )
    for wrong, value in ((_OPEN_BUT_LOGGED, reviewed), (_ANSWERED_BY_NOBODY, None)):
        mended = session.execute(
            update(ShownQuestion).where(wrong).values(answered_epoch_s=value),
            execution_options={"synchronize_session": False},
        )
        if mended.rowcount:  # type: ignore[attr-defined]  # a cursor's result
            yield f"{mended.rowcount} shown questions: answered or open, as the log says."  # type: ignore[attr-defined]  # as above


def _mend_revisions(session: Session) -> Iterator[str]:
    mended = session.execute(
        update(FactRow).where(FactRow.revision != _NEWEST).values(revision=_NEWEST),
        execution_options={"synchronize_session": False},
    )
    if mended.rowcount:  # type: ignore[attr-defined]  # a cursor's result
        yield f"{mended.rowcount} facts: at the revision of their history."  # type: ignore[attr-defined]  # as above
