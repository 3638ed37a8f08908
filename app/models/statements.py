"""The statements of the answer path: made once, each with its query plan tested.

From the question as it is shown to the next one put up. They run on the session's connection, as
plain rows: the unit of work costs several times what the database does (docs/decisions.md).
Parameters that are no columns: learner, which (a token), fact, deck, day, now.
"""

from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    String,
    Text,
    bindparam,
    case,
    cast,
    delete,
    func,
    insert,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.orm import aliased

from app.models.content import DeckRow, FactRow, SourceRow
from app.models.effective import CREDIT, KIND, POINTS, RATING, TURN, Amended, amended, effective
from app.models.learning import (
    ACTIVE,
    DailyTotal,
    DeckSettings,
    HeldFact,
    LearnerParameters,
    LearningSession,
    Memory,
    MemoryEvent,
    Review,
    ShownQuestion,
    StudySettings,
)
from app.models.people import User

LEARNER: BindParameter[int] = bindparam("learner")
TOKEN: BindParameter[str] = bindparam("which")
FACT: BindParameter[int] = bindparam("fact")
DAY: BindParameter[int] = bindparam("day")

PARAMETERS = (
    select(LearnerParameters.parameters)
    .where(LearnerParameters.user_id == User.id, LearnerParameters.kept)
    .order_by(LearnerParameters.number.desc())
    .limit(1)
    .scalar_subquery()
)
LEARNER_SETTINGS = (
    select(
        User.id,
        User.time_zone,
        User.desired_retention,
        User.new_per_day,
        User.reviews,
        User.changes,
        PARAMETERS.label("parameters"),
        StudySettings.user_id.label("has_settings"),
        StudySettings.reviews_per_day,
        StudySettings.maximum_interval_days,
        StudySettings.new_order,
        StudySettings.weekday_loads,
        StudySettings.leech_lapses,
        StudySettings.leech_suspends,
        StudySettings.fits_by_itself,
        StudySettings.paused_epoch_s,
    )
    .outerjoin(StudySettings, StudySettings.user_id == User.id)
    .where(User.id == LEARNER)
)
LOCK_LEARNER = LEARNER_SETTINGS.with_for_update(of=User)
"""The first statement of whatever writes for a learner; on SQLite BEGIN IMMEDIATE has locked."""

# A question as it was shown, and what is told about its answer.

_CAUGHT = (
    select(MemoryEvent.change)
    .where(
        MemoryEvent.user_id == Review.user_id,
        MemoryEvent.fact_id == Review.fact_id,
        MemoryEvent.cause == Review.number,
    )
    .limit(1)
    .correlate(Review)
    .scalar_subquery()
)
_OF_ITS_SESSION = (LearningSession.user_id == ShownQuestion.user_id) & (
    LearningSession.token == ShownQuestion.session_token
)
_AS_SHOWN = (
    select(
        ShownQuestion.token,
        ShownQuestion.session_token,
        ShownQuestion.position,
        ShownQuestion.fact_id,
        ShownQuestion.fact_revision,
        ShownQuestion.body,
        ShownQuestion.answered_epoch_s,
        LearningSession.kind,
        LearningSession.plan,
        LearningSession.finished_epoch_s,
        DeckRow.key.label("deck_key"),
        DeckRow.title.label("deck_title"),
        DeckRow.language,
    )
    .join(LearningSession, _OF_ITS_SESSION)
    .join(DeckRow, DeckRow.id == LearningSession.deck_id)
    .where(ShownQuestion.user_id == LEARNER)
)
_ANSWERED = amended(
    _AS_SHOWN.join(
        Review, (Review.user_id == ShownQuestion.user_id) & (Review.token == ShownQuestion.token)
    )
    .join(FactRow, FactRow.id == ShownQuestion.fact_id)
    .outerjoin(SourceRow, SourceRow.id == FactRow.source_id)
    .add_columns(
        Review.response,
        Review.reviewed_epoch_s,
        Review.moves_memory,
        Review.stability_days,
        CREDIT.label("credit"),
        RATING.label("rating"),
        POINTS.label("points"),
        KIND.label("amendment"),
        func.coalesce(Amended.verdict, Review.verdict).label("verdict"),
        func.coalesce(Amended.why, Review.why).label("why"),
        func.coalesce(Amended.due_epoch_s, Review.due_epoch_s).label("due_epoch_s"),
        _CAUGHT.label("caught"),
        FactRow.note,
        FactRow.quote,
        FactRow.revision,
        SourceRow.key.label("source_key"),
        SourceRow.title.label("source_title"),
        SourceRow.author,
        SourceRow.publisher,
        SourceRow.published,
        SourceRow.url,
        SourceRow.text,
    )
)
SHOWN = _AS_SHOWN.where(ShownQuestion.token == TOKEN)
ANSWERED = _ANSWERED.where(ShownQuestion.token == TOKEN)
ANSWERED_IN_SESSION = _ANSWERED.where(ShownQuestion.session_token == TOKEN).order_by(
    ShownQuestion.position
)

# What an answer reads and writes, the learner locked.

_IS_LOGGED = select(Review.number).where(Review.user_id == LEARNER, Review.token == TOKEN)
_THAT_DAY = select(Review.number).where(
    Review.user_id == LEARNER, Review.fact_id == FACT, Review.study_day == DAY
)
STANDING = (
    select(
        FactRow.revision,
        FactRow.deck_id,
        Memory.fact_id.label("is_known"),
        Memory.stability_days,
        Memory.difficulty,
        Memory.last_review_epoch_s,
        Memory.reviews,
        Memory.lapses,
        Memory.last_study_day,
        Memory.state,
        HeldFact.fact_id.label("is_held"),
        HeldFact.until_epoch_s.label("held_until_epoch_s"),
        DeckSettings.desired_retention,
        DeckSettings.target_day,
        _IS_LOGGED.exists().label("is_logged"),
        _THAT_DAY.exists().label("was_answered_today"),
    )
    .outerjoin(Memory, (Memory.fact_id == FactRow.id) & (Memory.user_id == LEARNER))
    .outerjoin(HeldFact, (HeldFact.fact_id == FactRow.id) & (HeldFact.user_id == LEARNER))
    .outerjoin(
        DeckSettings,
        (DeckSettings.deck_id == FactRow.deck_id) & (DeckSettings.user_id == LEARNER),
    )
    .where(FactRow.id == FACT)
)
"""All that decides about an answer to a fact: one read, after the lock."""

LOAD = (
    select(Memory.due_epoch_s, func.count())
    .where(
        Memory.user_id == LEARNER,
        Memory.due_epoch_s >= bindparam("first"),
        Memory.due_epoch_s < bindparam("end"),
        Memory.state == ACTIVE,
    )
    .group_by(Memory.due_epoch_s)
)
"""How much falls due at each instant of some days: what balances intervals."""

INSERT_REVIEW = insert(Review).inline()
INSERT_MEMORY = insert(Memory).inline()
UPDATE_MEMORY = update(Memory).where(Memory.user_id == LEARNER, Memory.fact_id == FACT)
DELETE_HELD = delete(HeldFact).where(HeldFact.user_id == LEARNER, HeldFact.fact_id == FACT)
_TALLIED = (
    DailyTotal.reviews,
    DailyTotal.correct,
    DailyTotal.new_facts,
    DailyTotal.points,
    DailyTotal.response_ms,
    DailyTotal.due_facts,
    DailyTotal.passed,
    DailyTotal.mature,
    DailyTotal.mature_passed,
)
ADD_TO_DAY = (
    update(DailyTotal)
    .where(DailyTotal.user_id == LEARNER, DailyTotal.study_day == DAY)
    .values({column: column + bindparam(f"more_{column.key}") for column in _TALLIED})
)
INSERT_DAY = insert(DailyTotal).inline()
ADD_TO_LEARNER = (
    update(User)
    .where(User.id == LEARNER)
    .values(score=User.score + bindparam("more_score"), reviews=User.reviews + 1)
)
MARK_ANSWERED = (
    update(ShownQuestion)
    .where(ShownQuestion.user_id == LEARNER, ShownQuestion.token == TOKEN)
    .values(answered_epoch_s=bindparam("now"))
)
_LEFT = (
    select(ShownQuestion.token)
    .where(
        ShownQuestion.user_id == LEARNER,
        ShownQuestion.session_token == TOKEN,
        ShownQuestion.answered_epoch_s.is_(None),
    )
    .correlate(None)
)
FINISH_QUIZ = (
    update(LearningSession)
    .where(
        LearningSession.user_id == LEARNER,
        LearningSession.token == TOKEN,
        LearningSession.finished_epoch_s.is_(None),
        ~_LEFT.exists(),
    )
    .values(finished_epoch_s=bindparam("now"))
)
FACT_REVISION = select(FactRow.revision).where(FactRow.id == FACT)
ANSWERED_LATELY = (
    select(Review.number)
    .where(Review.user_id == LEARNER, Review.reviewed_epoch_s > bindparam("since"))
    .order_by(Review.reviewed_epoch_s)
    .limit(1)
    .offset(bindparam("fewer"))
)
"""A row where a learner has given more answers since an instant than so many."""

IS_ASKED = (
    ~select(FactRow.id)
    .where(
        # A range of one: SQLite would rather look at the fact itself than into the small index of
        # what is not asked, and as text, since a parameter does not tell it that the index fits.
        FactRow.id.between(Memory.fact_id, Memory.fact_id),
        FactRow.status != literal_column("'published'"),
    )
    .correlate(Memory)
    .exists()
)
"""The condition of a memory whose fact is published."""

# What the next question needs.

OLDEST_DECKS = 51
"""Decks whose questions know of each other: fifty and the one that is asked."""
_OLDEST = (
    select(DeckRow.id, DeckRow.revision)
    .where(DeckRow.id > literal_column("0"))
    .order_by(DeckRow.id)
    .limit(literal_column(str(OLDEST_DECKS)))
    .subquery("oldest_decks")
)
_OTHERS = (
    select(
        cast(func.count(_OLDEST.c.id), String)
        + literal_column("'.'")
        + cast(func.max(_OLDEST.c.id), String)
        + literal_column("'.'")
        + cast(func.sum(_OLDEST.c.revision), String)
    )
    .scalar_subquery()
    .label("others")
)
"""In which state the oldest decks are: how many, the last one's number, all their revisions.

A number is given once and a revision only grows: no two states are told alike.
"""
DECK_STATE = select(DeckRow.revision, _OTHERS).where(DeckRow.id == bindparam("deck"))
DECK_LANGUAGE = select(DeckRow.language).where(DeckRow.key == bindparam("deck"))
"""Asked for each deck whose words a page shows."""
STUDY_SESSION = (
    select(
        LearningSession.token,
        LearningSession.deck_id,
        LearningSession.plan,
        LearningSession.seed,
        LearningSession.ahead_days,
        LearningSession.finished_epoch_s,
        DeckRow.revision.label("deck_revision"),
        _OTHERS,
    )
    .join(DeckRow, DeckRow.id == LearningSession.deck_id)
    .where(
        LearningSession.user_id == LEARNER,
        LearningSession.token == TOKEN,
        LearningSession.kind == "study",
    )
)
_OF_SESSION = (ShownQuestion.user_id == LEARNER, ShownQuestion.session_token == TOKEN)
_OPEN = (
    select(ShownQuestion.token)
    .where(*_OF_SESSION, ShownQuestion.answered_epoch_s.is_(None))
    .order_by(ShownQuestion.position)
    .limit(1)
)
_LAST = (
    select(ShownQuestion.position)
    .where(*_OF_SESSION)
    .order_by(ShownQuestion.position.desc())
    .limit(1)
)
_TODAY = (DailyTotal.user_id == LEARNER, DailyTotal.study_day == DAY)
PROGRESS = select(
    _OPEN.scalar_subquery().label("open_token"),
    _LAST.scalar_subquery().label("position"),
)
"""How far a session has come: its open question, and the place of its last one."""
SO_FAR = PROGRESS.add_columns(
    select(DailyTotal.new_facts).where(*_TODAY).scalar_subquery().label("new_facts"),
    select(DailyTotal.due_facts).where(*_TODAY).scalar_subquery().label("due_facts"),
)
REMEMBERED = 20
"""Questions of the session whose stems a learner may still have in mind."""
LATEST_BODIES = (
    select(ShownQuestion.position, cast(ShownQuestion.body, Text).label("body"))
    .where(
        *_OF_SESSION,
        ShownQuestion.position > bindparam("after"),
        ShownQuestion.answered_epoch_s.is_not(None),
    )
    .order_by(ShownQuestion.position.desc())
    .limit(REMEMBERED)
)
"""The latest answered questions of a session after a place, as text."""
QUOTA = select(DailyTotal.new_facts, DailyTotal.due_facts, DailyTotal.reviews).where(*_TODAY)
HISTORY = (
    effective(
        select(Review.number, Review.fact_id, RATING.label("rating"))
        .select_from(ShownQuestion)
        .join(
            Review,
            (Review.user_id == ShownQuestion.user_id) & (Review.token == ShownQuestion.token),
        )
    )
).where(*_OF_SESSION, bindparam("until") >= TURN)
"""A session's answers in force, found by its questions, in any order.

An order would lead SQLite through the learner's whole log, which may be long.
"""
HISTORY_SINCE = effective(
    select(Review.number, Review.fact_id, RATING.label("rating")).select_from(Review)
).where(
    Review.user_id == LEARNER,
    Review.number > bindparam("after"),
    Review.number <= bindparam("until"),
    Review.session_token == TOKEN,
)
"""Those of the session's answers that came after a number of the learner's log."""

_KNOWN = (
    select(
        FactRow.key,
        FactRow.id,
        FactRow.revision,
        Memory.stability_days,
        Memory.last_type,
        Memory.last_review_epoch_s,
        Memory.due_epoch_s,
        Memory.last_study_day,
    )
    .join(Memory, Memory.fact_id == FactRow.id)
    .where(
        Memory.user_id == LEARNER,
        Memory.state == ACTIVE,
        Memory.deck_id == bindparam("deck"),
        FactRow.status == "published",
    )
)
_NOW: BindParameter[int] = bindparam("now")
_LIMIT: BindParameter[int] = bindparam("most")
IN_PLAN = FactRow.id.in_(bindparam("plan", expanding=True))
"""Added to what a session with a plan asks."""

MISSED = _KNOWN.where(
    FactRow.id == FACT,
    # What the learner has put off since its miss is due later than a miss makes it.
    Memory.due_epoch_s <= Memory.last_review_epoch_s + bindparam("relearn_s"),
)
_DUE = (
    _KNOWN.where(Memory.due_epoch_s <= _NOW)
    .order_by(Memory.due_epoch_s.desc(), Memory.state.desc())
    .limit(_LIMIT)
)
_DUE_AHEAD = (
    _KNOWN.where(
        Memory.due_epoch_s <= bindparam("until"),
        or_(Memory.due_epoch_s <= _NOW, Memory.last_study_day < DAY),
    )
    .order_by(Memory.due_epoch_s, Memory.state)
    .limit(_LIMIT)
)


def _safest_first(window: "Select[*tuple[Any, ...]]") -> "Select[*tuple[Any, ...]]":
    """Return the first rows of a window of due facts, in the order that `Order.SAFEST` names.

    The database puts some hundred rows in order in a tenth of the time that it takes to make rows
    of Python of them.
    """
    due = window.subquery("due_window")
    since = _NOW - due.c.last_review_epoch_s
    faded = case((since > 0, since), else_=0) / due.c.stability_days
    return select(due).order_by(faded, due.c.id).limit(bindparam("first"))


DUE = _safest_first(_DUE)
DUE_IN_PLAN = _safest_first(_DUE.where(IN_PLAN))
DUE_AHEAD = _safest_first(_DUE_AHEAD)
DUE_AHEAD_IN_PLAN = _safest_first(_DUE_AHEAD.where(IN_PLAN))


def is_unseen(
    learner: ColumnElement[int], now: ColumnElement[int]
) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of a fact that is new to a learner and not set aside."""
    known = select(Memory.fact_id).where(Memory.user_id == learner, Memory.fact_id == FactRow.id)
    held = select(HeldFact.fact_id).where(
        HeldFact.user_id == learner,
        HeldFact.fact_id == FactRow.id,
        or_(HeldFact.until_epoch_s.is_(None), HeldFact.until_epoch_s > now),
    )
    return (~known.exists(), ~held.exists())


_NEW = (
    select(FactRow.key, FactRow.id, FactRow.revision)
    .where(
        FactRow.deck_id == bindparam("deck"),
        FactRow.status == "published",
        *is_unseen(LEARNER, _NOW),
    )
    .limit(_LIMIT)
)
NEW = _NEW.order_by(FactRow.position, FactRow.id)
NEW_MIXED = _NEW.order_by(
    # An order without order: Knuth's multiplicative hash, from a start of the learner's own.
    ((FactRow.id + bindparam("start")) * 2_654_435_761) % 4_294_967_296,
    FactRow.position,
    FactRow.id,
)
_Old = aliased(FactRow)
_KNEW = select(Memory.fact_id).where(Memory.user_id == LEARNER, Memory.fact_id == _Old.id)
SUCCESSORS = select(FactRow.key, FactRow.id, FactRow.revision, FactRow.position).where(
    FactRow.id.in_(
        select(_Old.superseded_by_id).where(_Old.superseded_by_id.is_not(None), _KNEW.exists())
    ),
    FactRow.deck_id + 0 == bindparam("deck"),  # so that SQLite does not go through the deck
    FactRow.status == "published",
    *is_unseen(LEARNER, _NOW),
)
"""Facts that took the place of one this learner knows, in any order: they are few."""

INSERT_SHOWN = insert(ShownQuestion).inline()
FINISH_SESSION = (
    update(LearningSession)
    .where(LearningSession.user_id == LEARNER, LearningSession.token == TOKEN)
    .values(finished_epoch_s=bindparam("finished"))
)
QUIZ_QUESTION = (
    select(
        ShownQuestion.token,
        ShownQuestion.shown_epoch_s,
        ShownQuestion.body,
        ShownQuestion.position,
        ShownQuestion.fact_revision,
        LearningSession.deck_id,
        FactRow.key,
        FactRow.revision,
    )
    .select_from(LearningSession)
    .outerjoin(ShownQuestion, _OF_ITS_SESSION & ShownQuestion.answered_epoch_s.is_(None))
    .outerjoin(FactRow, FactRow.id == ShownQuestion.fact_id)
    .where(
        LearningSession.user_id == LEARNER,
        LearningSession.token == TOKEN,
        LearningSession.kind == "quiz",
    )
    .order_by(ShownQuestion.position)
    .limit(1)
)
"""A quiz, with its first open question if there is any."""
SHOW_QUIZ_QUESTION = (
    update(ShownQuestion)
    .where(ShownQuestion.user_id == LEARNER, ShownQuestion.token == TOKEN)
    .values(
        shown_epoch_s=bindparam("now"),
        body=bindparam("made"),
        fact_revision=bindparam("made_of"),
    )
)
