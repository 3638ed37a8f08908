"""A learner's own parameters: fitted from their log outside any request, kept when better."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from fsrs_rs_python import DEFAULT_PARAMETERS
from sqlalchemy import bindparam, func, or_, select, update
from sqlalchemy.orm import Session

from app.core.errors import Conflict
from app.core.evaluation import Review as Rated
from app.core.fitting import FIRST_FIT, Fitted, fit, least_work_retention, wants_fit
from app.core.memory import MemoryState
from app.core.replaying import STARTS_ANEW, Answered, ChangeKind, Event, Tally, in_order, tell
from app.core.sentences import say
from app.models.content import FactRow
from app.models.database import writing
from app.models.learning import (
    ACTIVE,
    DailyTotal,
    DeckSettings,
    LearnerParameters,
    Memory,
    StudySettings,
)
from app.models.people import User
from app.services import ledger
from app.services.scheduling import DeckTerms, Occasion, due_after
from app.services.sessions import Learner, learner_of, lock_learner
from app.services.study.backlog import move_due
from app.services.study.preferences import change_settings

TRIES = 3
UNKNOWN_BEFORE = {ChangeKind.KNOWN, ChangeKind.IMPORTED}
"""An imported memory without reviews has a past that nobody logged here."""


@dataclass(frozen=True, slots=True)
class Fit:
    """A fit as its learner sees it; log loss is lower for better predictions."""

    number: int
    fitted_epoch_s: int
    reviews: int
    held_out: int
    log_loss_before: float | None
    log_loss_after: float | None
    kept: bool


def fits(session: Session, user_id: int) -> list[Fit]:
    """Return a learner's fits, newest first."""
    rows = session.scalars(
        select(LearnerParameters)
        .where(LearnerParameters.user_id == user_id)
        .order_by(LearnerParameters.number.desc())
    )
    return [
        Fit(
            row.number,
            row.fitted_epoch_s,
            row.reviews,
            row.held_out,
            row.log_loss_before,
            row.log_loss_after,
            row.kept,
        )
        for row in rows
    ]


class StillStudying(Conflict):
    """The learner answered while their log was being read, again and again."""


def fit_learner(session: Session, user_id: int, now: int) -> Fitted:
    """Fit a learner's parameters and use them if they predict the newest fifth better.

    What is remembered is told again with them, in the transaction that stores them; due dates
    stay until `reschedule_all`. Reading, fitting and replaying take seconds for a long log, so
    they happen before the transaction, which checks that nothing was logged meanwhile.
    Raises StillStudying.
    """
    for _ in range(TRIES):
        learner = learner_of(session, user_id)
        logs = ledger.events_of(session, user_id)
        session.rollback()
        fitted = fit(cards_of(logs.values()), learner.parameters)
        told = _told(logs, fitted.parameters) if fitted.better else _Told([], [])
        with writing(session):
            if _take(session, learner, fitted, told, now):
                return fitted
    raise StillStudying(say("Answers kept coming in. It will be tried again when you pause."))


def use_defaults(session: Session, user_id: int, now: int) -> None:
    """Go back to the parameters that everybody starts with. Raises StillStudying."""
    plain = Fitted(tuple(DEFAULT_PARAMETERS), 0, None, None)
    for _ in range(TRIES):
        learner = learner_of(session, user_id)
        told = _told(ledger.events_of(session, user_id), plain.parameters)
        with writing(session):
            if _take(session, learner, plain, told, now, by_choice=True):
                return
    raise StillStudying(say("Answers kept coming in. Please try again in a minute."))


def _take(
    session: Session,
    read: Learner,
    fitted: Fitted,
    told: "_Told",
    now: int,
    *,
    by_choice: bool = False,
) -> bool:
    """Store parameters and states, unless the log has grown since it was read."""
    learner = lock_learner(session, read.id)
    if (learner.reviews, learner.changes) != (read.reviews, read.changes):
        return False
    _store(session, learner, fitted, now, kept=by_choice or fitted.better)
    change_settings(session, learner.id, wants_fit=False)
    for statement, rows in ((_RESTATE, told.states), (_RECOUNT, told.days)):
        if rows:
            own = [{"learner": learner.id, **row} for row in rows]
            session.connection().execute(statement, own)
    session.expire_all()
    return True


@dataclass(frozen=True, slots=True)
class _Told:
    """What depends on the parameters: memory states, and the days' counts of mature facts."""

    states: list[dict[str, float]]
    days: list[dict[str, int]]


def _told(logs: Mapping[int, Iterable[Event]], parameters: Sequence[float]) -> _Told:
    states: list[dict[str, float]] = []
    days = defaultdict[int, Tally](Tally)
    for fact_id, events in logs.items():
        story = tell(events, parameters)
        for day, tally in story.days.items():
            days[day] += tally
        if (memory := story.standing.memory) is not None:
            stability, difficulty = memory.stability_days, memory.difficulty
            states.append({"fact": fact_id, "stability": stability, "difficulty": difficulty})
    counts = [
        {"day": day, "now_mature": tally.mature, "now_passed": tally.mature_passed}
        for day, tally in days.items()
    ]
    return _Told(states, counts)


_MEMORY = Memory.__table__
_RESTATE = (
    update(_MEMORY)  # type: ignore[arg-type]  # a mapped class's table is a Table
    .where(
        _MEMORY.c.user_id == bindparam("learner"),
        _MEMORY.c.fact_id == bindparam("fact"),
    )
    .values(stability_days=bindparam("stability"), difficulty=bindparam("difficulty"))
)


_TOTAL = DailyTotal.__table__
_RECOUNT = (
    update(_TOTAL)  # type: ignore[arg-type]  # a mapped class's table is a Table
    .where(_TOTAL.c.user_id == bindparam("learner"), _TOTAL.c.study_day == bindparam("day"))
    .values(mature=bindparam("now_mature"), mature_passed=bindparam("now_passed"))
)


def _store(session: Session, learner: Learner, fitted: Fitted, now: int, *, kept: bool) -> None:
    last = session.scalar(
        select(func.max(LearnerParameters.number)).where(LearnerParameters.user_id == learner.id)
    )
    session.add(
        LearnerParameters(
            user_id=learner.id,
            number=(last or 0) + 1,
            parameters=list(fitted.parameters),
            kept=kept,
            reviews=learner.reviews,
            held_out=fitted.held_out,
            log_loss_before=fitted.log_loss_before,
            log_loss_after=fitted.log_loss_after,
            fitted_epoch_s=now,
        )
    )
    session.flush()


def cards_of(logs: Iterable[Iterable[Event]]) -> list[list[Rated]]:
    """Return the histories to learn from: a reset or corrected fact begins another one.

    After "I know this" a history is left out up to the next beginning: its start is unknown.
    """
    cards: list[list[Rated]] = []
    for events in logs:
        card: list[Rated] = []
        unknown = False
        for event in in_order(events):
            if isinstance(event, Answered):
                if event.moves_memory and not unknown:
                    card.append(Rated(event.at_epoch_s, event.rating, event.study_day))
            elif event.kind in STARTS_ANEW or (event.kind is ChangeKind.IMPORTED and not card):
                cards.append(card)
                card, unknown = [], event.kind in UNKNOWN_BEFORE
        cards.append(card)
    return [card for card in cards if card]


def reschedule_all(session: Session, user_id: int, now: int) -> int:
    """Decide anew when each fact is due, by the parameters and wishes of now; return how many.

    Counted from each fact's last review; facts missed last stay as they are.
    """
    with writing(session):
        learner = lock_learner(session, user_id)
        rows = session.execute(
            select(Memory, DeckSettings.desired_retention, DeckSettings.target_day)
            .join(FactRow, FactRow.id == Memory.fact_id)
            .outerjoin(
                DeckSettings,
                (DeckSettings.deck_id == FactRow.deck_id) & (DeckSettings.user_id == user_id),
            )
            .where(Memory.user_id == user_id, Memory.state == ACTIVE)
        ).all()
        dues = {
            row[0].fact_id: _due(session, learner, row[0], DeckTerms(row[1], row[2]))
            for row in rows
        }
        moved = [
            (row[0].fact_id, dues[row[0].fact_id])
            for row in rows
            if dues[row[0].fact_id] != row[0].due_epoch_s
        ]
        return move_due(session, learner, moved, now)


def _due(session: Session, learner: Learner, memory: Memory, terms: DeckTerms) -> int:
    missed = memory.due_epoch_s - memory.last_review_epoch_s < 3_600  # noqa: PLR2004 an hour
    if missed:
        return memory.due_epoch_s
    state = MemoryState(memory.stability_days, memory.difficulty, memory.last_review_epoch_s)
    occasion = Occasion(memory.fact_id, memory.reviews, memory.last_review_epoch_s, missed=False)
    return due_after(session, learner, state, occasion, terms)


def ask_for(session: Session, user_id: int, *, suggestion: bool) -> None:
    """Ask for a fit, or for a suggested retention; the server does it soon after."""
    with writing(session):
        lock_learner(session, user_id)
        wanted = {"wants_suggestion": True} if suggestion else {"wants_fit": True}
        change_settings(session, user_id, **wanted)


def suggest_retention(session: Session, user_id: int) -> float:
    """Return, and keep, the retention that costs this learner least for what it brings. Slow."""
    learner = learner_of(session, user_id)
    known = select(func.count()).select_from(Memory).where(Memory.user_id == user_id)
    suggested = least_work_retention(
        learner.parameters,
        session.scalar(known) or 0,
        learner.new_per_day,
        learner.preferences.reviews_per_day,
    )
    with writing(session):
        lock_learner(session, user_id)
        change_settings(session, user_id, suggested_retention=suggested, wants_suggestion=False)
    return suggested


def waiting_for_fit(session: Session) -> list[int]:
    """Return the learners whose log has grown enough, or who have asked for a fit."""
    last = (
        select(LearnerParameters.user_id, func.max(LearnerParameters.reviews).label("reviews"))
        .group_by(LearnerParameters.user_id)
        .subquery()
    )
    rows = session.execute(
        select(User.id, User.reviews, last.c.reviews, StudySettings)
        .outerjoin(last, last.c.user_id == User.id)
        .outerjoin(StudySettings, StudySettings.user_id == User.id)
        .where(or_(User.reviews >= FIRST_FIT, StudySettings.wants_fit))
    )
    return [
        user_id
        for user_id, reviews, at_last, settings in rows
        if (settings and settings.wants_fit)
        or ((settings is None or settings.fits_by_itself) and wants_fit(reviews, at_last))
    ]


def waiting_for_suggestion(session: Session) -> list[int]:
    """Return the learners who have asked for a suggested retention."""
    return list(
        session.scalars(select(StudySettings.user_id).where(StudySettings.wants_suggestion))
    )
