"""Item statistics: counted learner by learner from the review log, behind the answers.

Nobody's answer waits for it: whoever has uncounted reviews stands in a partial index, and is
counted when a curator looks. What was counted is kept (`counted_answer`), so that an answer that
is marked anew, or joins another learner's log, is first taken back exactly as it was counted.
Locks: learners in order, then items in order.
"""

import time
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.core.statistics import FULL, SELF_RATED, FirstAnswer
from app.models.database import writing
from app.models.effective import CREDIT, KIND, amended, effective
from app.models.learning import Review, ShownQuestion
from app.models.people import User
from app.models.statistics import CountedAnswer, ItemResponse, ItemStatistic
from app.services.statistics.items import Change, Given, Item

ANSWERS_AT_ONCE = 100
"""Answers of one transaction: some tens of milliseconds of the writers' queue."""
UNDONE, REMARKED = "undone", "remarked"
"""Kinds of amendment that change what is counted."""
_CHUNK = 400


@dataclass(frozen=True, slots=True)
class _Counted:
    """A first answer as it is counted, and the review that it comes from."""

    number: int
    answer: FirstAnswer


def count_new(session: Session, most: int = ANSWERS_AT_ONCE) -> int:
    """Count up to that many new answers in one transaction; return how many they were."""
    waiting = session.execute(_waiting().limit(most)).all()
    shares: dict[int, int] = {}
    left = most
    for user_id, reviews, counted in waiting:
        if left > 0:
            shares[user_id] = min(left, reviews - counted)
            left -= shares[user_id]
    if shares:
        with writing(session):
            count_learners(session, shares)
    return sum(shares.values())


def count_for(session: Session, for_s: float) -> None:
    """Count new answers for about that long, in short transactions."""
    until = time.monotonic() + for_s
    while time.monotonic() < until and count_new(session):
        session.expire_all()


def uncounted(session: Session, most: int = 1000) -> int:
    """Return how many learners have answers that are not counted yet, up to `most`."""
    found = _waiting().limit(most).subquery()
    return session.scalar(select(func.count()).select_from(found)) or 0


def _waiting() -> Select[int, int, int]:
    return (
        select(User.id, User.reviews, User.reviews_counted)
        .where(User.reviews > User.reviews_counted)
        .order_by(User.id)
    )


def count_learners(session: Session, shares: Mapping[int, int]) -> None:
    """Count so many of the answers that each learner has given since. Inside `writing`."""
    rows = session.execute(
        select(User.id, User.reviews, User.reviews_counted)
        .where(User.id.in_(shares))
        .order_by(User.id)
        .with_for_update(key_share=True)
    ).all()
    change = Change()
    for user_id, reviews, counted in rows:
        upto = min(reviews, counted + shares[user_id])
        if upto > counted:
            _count_learner(session, user_id, (counted, upto), change)
            session.execute(update(User).where(User.id == user_id).values(reviews_counted=upto))
    change.write(session)


def forget_learners(session: Session, user_ids: Collection[int]) -> None:
    """Take back all that these learners added; they will be counted anew. Inside `writing`.

    Their rows are locked already, in order.
    """
    change = Change()
    for user_id in sorted(user_ids):
        rows = session.scalars(select(CountedAnswer).where(CountedAnswer.user_id == user_id)).all()
        given = {one.number: one for one in _by_numbers(session, user_id, [r.number for r in rows])}
        for row in rows:
            change.add(_counted(row).answer, given[row.number], -1)
        session.execute(delete(CountedAnswer).where(CountedAnswer.user_id == user_id))
        session.execute(update(User).where(User.id == user_id).values(reviews_counted=0))
    change.write(session)


def count_again(session: Session, user_id: int, from_number: int) -> None:
    """Have a learner's answers counted again from that review on: its mark has changed."""
    session.execute(
        update(User)
        .where(User.id == user_id, User.reviews_counted >= from_number)
        .values(reviews_counted=from_number - 1)
    )


def rebuild(session: Session) -> None:
    """Forget all statistics and count the whole log anew, learner by learner."""
    with writing(session):
        for table in (CountedAnswer, ItemResponse, ItemStatistic):
            session.execute(delete(table))
        session.execute(update(User).values(reviews_counted=0))
    while count_new(session):
        session.expire_all()


def _count_learner(
    session: Session, user_id: int, numbers: tuple[int, int], change: Change
) -> None:
    """Bring up to date the items of every session that has one of these answers."""
    log = _read_log(session, user_id, numbers)
    earned = _session_credits(log.given.values())
    kept: list[dict[str, object]] = []
    for item in {one.item for one in log.given.values()}:
        before, first = log.stored.get(item), log.firsts.get(item)
        if first is not None and first not in log.given:
            continue  # in an earlier session, to which nothing was added
        after = _count_first(log.given[first], earned) if first is not None else None
        if before == after:
            continue
        if before is not None:
            change.add(before.answer, _one(session, user_id, before.number, log.given), -1)
        if after is not None:
            change.add(after.answer, log.given[after.number], 1)
            kept.append(_row(user_id, item, after))
        else:
            gone = delete(CountedAnswer).filter_by(user_id=user_id, **item.row())
            session.execute(gone)
    _keep(session, kept)


def _count_first(one: Given, earned: Mapping[str, Mapping[int, int]]) -> _Counted:
    rest = _rest(one, earned[one.session_token])
    return _Counted(one.number, FirstAnswer(one.credit, rest, one.response_ms))


@dataclass(frozen=True, slots=True)
class _Log:
    """What a learner answered in the sessions that are counted again, and what was counted."""

    given: Mapping[int, Given]
    stored: Mapping[Item, _Counted]
    firsts: Mapping[Item, int]


def _read_log(session: Session, user_id: int, numbers: tuple[int, int]) -> _Log:
    counted, upto = numbers
    tokens = set(
        session.scalars(
            select(Review.session_token)
            .where(Review.user_id == user_id, Review.number > counted, Review.number <= upto)
            .distinct()
        )
    )
    while True:
        given = {one.number: one for one in _of_sessions(session, user_id, tokens)}
        facts = {one.item.fact_id for one in given.values()}
        stored, firsts = _stored(session, user_id, facts), _firsts(session, user_id, facts)
        # A first answer that was undone gives way to one in another session.
        elsewhere = {
            firsts[item]
            for item, before in stored.items()
            if before.number in given and item in firsts and firsts[item] not in given
        }
        if not elsewhere:
            return _Log(given, stored, firsts)
        tokens |= {one.session_token for one in _by_numbers(session, user_id, elsewhere)}


def _one(session: Session, user_id: int, number: int, given: Mapping[int, Given]) -> Given:
    return given.get(number) or _by_numbers(session, user_id, [number])[0]


def _row(user_id: int, item: Item, counted: _Counted) -> dict[str, object]:
    return {
        "user_id": user_id,
        **item.row(),
        "number": counted.number,
        "credit": counted.answer.credit,
        "rest": counted.answer.rest,
        "response_ms": counted.answer.response_ms,
    }


def _keep(session: Session, rows: Sequence[dict[str, object]]) -> None:
    """Keep what is counted, in one statement for all of a learner's items."""
    if not rows:
        return
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    fresh = dialect.insert(CountedAnswer.__table__)
    values = {name: fresh.excluded[name] for name in ("number", "credit", "rest", "response_ms")}
    key = ["user_id", "fact_id", "question_type", "direction"]
    upsert = fresh.on_conflict_do_update(index_elements=key, set_=values)
    session.connection().execute(upsert, rows)


def _session_credits(given: Iterable[Given]) -> Mapping[str, Mapping[int, int]]:
    """Return by session what each fact earned at its first answer in it, in hundredths."""
    earned: dict[str, dict[int, int]] = defaultdict(dict)
    for one in given:
        if not one.undone and one.item.question_type not in SELF_RATED:
            earned[one.session_token].setdefault(one.item.fact_id, one.credit)
    return earned


def _rest(one: Given, earned: Mapping[int, int]) -> int | None:
    """Return the mean credit of the session's other facts; None for what rates itself."""
    own = earned.get(one.item.fact_id)
    others = len(earned) - (own is not None)
    if not others or one.item.question_type in SELF_RATED:
        return None
    return round((sum(earned.values()) - (own or 0)) / others)


_GIVEN = amended(
    select(
        Review.number,
        Review.session_token,
        Review.fact_id,
        Review.question_type,
        Review.direction,
        Review.credit,
        Review.response_ms,
        Review.response,
        ShownQuestion.body,
        KIND.label("kind"),
        CREDIT.label("amended_credit"),
    )
    .join(
        ShownQuestion,
        (ShownQuestion.user_id == Review.user_id) & (ShownQuestion.token == Review.token),
    )
    .order_by(Review.number)
)
"""Undone answers too: they may have been counted before."""


def _of_sessions(session: Session, user_id: int, tokens: Collection[str]) -> list[Given]:
    """Return a learner's reviews in these sessions, found by the questions shown in them."""
    return _given(
        session, _GIVEN.where(ShownQuestion.user_id == user_id), ShownQuestion.session_token, tokens
    )


def _by_numbers(session: Session, user_id: int, numbers: Collection[int]) -> list[Given]:
    return _given(session, _GIVEN.where(Review.user_id == user_id), Review.number, numbers)


def _given(
    session: Session,
    query: Any,  # noqa: ANN401 SQLAlchemy's own generics
    column: Any,  # noqa: ANN401 as above
    wanted: Collection[Any],
) -> list[Given]:
    ordered = sorted(wanted)
    return [
        Given(
            number=row.number,
            session_token=row.session_token,
            item=Item(row.fact_id, row.question_type, row.direction),
            # What a learner says of their own answer says nothing of the question.
            credit=round((row.amended_credit if row.kind == REMARKED else row.credit) * FULL),
            response_ms=row.response_ms,
            response=row.response,
            shown=row.body,
            undone=row.kind == UNDONE,
        )
        for at in range(0, len(ordered), _CHUNK)
        for row in session.execute(query.where(column.in_(ordered[at : at + _CHUNK])))
    ]


def _stored(session: Session, user_id: int, facts: Collection[int]) -> dict[Item, _Counted]:
    rows = session.scalars(
        select(CountedAnswer)
        .where(CountedAnswer.user_id == user_id, CountedAnswer.fact_id.in_(facts))
        .execution_options(populate_existing=True)
    )
    return {Item(row.fact_id, row.question_type, row.direction): _counted(row) for row in rows}


def _counted(row: CountedAnswer) -> _Counted:
    return _Counted(row.number, FirstAnswer(row.credit, row.rest, row.response_ms))


def _firsts(session: Session, user_id: int, facts: Collection[int]) -> dict[Item, int]:
    """Return the number of the learner's first answer to each item, undone ones aside."""
    rows = session.execute(
        effective(
            select(Review.fact_id, Review.question_type, Review.direction, func.min(Review.number))
        )
        .where(Review.user_id == user_id, Review.fact_id.in_(facts))
        .group_by(Review.fact_id, Review.question_type, Review.direction)
    )
    return {Item(fact, kind, direction): number for fact, kind, direction, number in rows}
