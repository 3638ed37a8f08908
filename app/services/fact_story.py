"""A fact's own page: its reviews, and how its recall rose and fell."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import NotFound
from app.core.memory import retrievability
from app.core.sentences import say
from app.core.urgency import DAY_S
from app.models.content import DeckRow, FactRow
from app.models.effective import CREDIT, KIND, RATING, STORY_ORDER, amended
from app.models.learning import Memory, MemoryEvent, Review
from app.models.some_facts import facts_of_rows
from app.services.schedule import ScheduledFact, known_fact, new_fact
from app.services.sessions import Learner, learner_of

MOST_REVIEWS = 200
"""The newest are shown; nobody reads more of one fact."""


@dataclass(frozen=True, slots=True)
class StoryLine:
    """A review, or another change to what is remembered (then without question type)."""

    at_epoch_s: int
    day: int
    words: str
    question_type: str = ""
    response: str = ""
    rating: int | None = None
    credit: float | None = None
    interval_days: float | None = None
    predicted: float | None = None
    seconds: float | None = None
    undone: bool = False


@dataclass(frozen=True, slots=True)
class Arc:
    """Recall from one review to the next (or to the end of the drawing), as points (epoch, 0-1)."""

    points: tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True)
class FactStory:
    """A fact with all that the learner did with it; the newest line first."""

    fact: ScheduledFact
    lines: tuple[StoryLine, ...]
    arcs: tuple[Arc, ...]
    now: int
    desired_retention: float


def fact_story(session: Session, user_id: int, fact_id: int, now: int) -> FactStory:
    """Return the story of a published fact. Raises NotFound."""
    learner = learner_of(session, user_id)
    own = (Memory.fact_id == FactRow.id) & (Memory.user_id == user_id)
    row = session.execute(
        select(FactRow, DeckRow.key, DeckRow.title, Memory)
        .join(DeckRow, DeckRow.id == FactRow.deck_id)
        .outerjoin(Memory, own)
        .where(FactRow.id == fact_id, FactRow.status == "published")
    ).one_or_none()
    if row is None:
        raise NotFound(say("There is no such fact."))
    fact = facts_of_rows(session, [row[0]])[fact_id]
    memory: Memory | None = row[3]
    if memory is None:
        shown = new_fact(row[0], fact, row[1], row[2])
    else:
        shown = known_fact(row, fact, learner, now)
    reviews = _reviews(session, user_id, fact_id)
    lines = [*map(_line, reviews), *_changes(session, user_id, fact_id)]
    lines.sort(key=lambda line: line.at_epoch_s)
    arcs = _arcs(reviews, memory, learner, now)
    return FactStory(shown, tuple(reversed(lines)), arcs, now, learner.desired_retention)


def _reviews(session: Session, user_id: int, fact_id: int) -> list[Any]:
    rows = session.execute(
        amended(
            select(
                Review.number,
                Review.reviewed_epoch_s,
                Review.study_day,
                Review.question_type,
                Review.response,
                Review.response_ms,
                Review.moves_memory,
                Review.stability_days,
                Review.due_epoch_s,
                Review.predicted,
                RATING.label("rating"),
                CREDIT.label("credit"),
                KIND.label("kind"),
            ).where(Review.user_id == user_id, Review.fact_id == fact_id)
        )
        .order_by(*(column.desc() for column in STORY_ORDER))
        .limit(MOST_REVIEWS)
    ).all()
    return list(reversed(rows))


WORDS = {
    "undone": say("undone"),
    "i_was_right": say("right, as you said"),
    "i_guessed": say("a guess, as you said"),
    "remarked": say("marked anew by a curator"),
}


def _line(row: Any) -> StoryLine:  # noqa: ANN401 a row of named columns
    interval = (row.due_epoch_s - row.reviewed_epoch_s) / DAY_S if row.due_epoch_s else None
    kept = "" if row.moves_memory else say("quiz")
    return StoryLine(
        at_epoch_s=row.reviewed_epoch_s,
        day=row.study_day,
        words=WORDS.get(row.kind, kept),
        question_type=row.question_type,
        response=response_words(row.response),
        rating=row.rating,
        credit=row.credit,
        interval_days=interval,
        predicted=row.predicted,
        seconds=row.response_ms / 1000,
        undone=row.kind == "undone",
    )


def response_words(body: object) -> str:
    """Return a stored response in words: its texts, whatever the question type."""
    if isinstance(body, dict):
        parts = [response_words(one) for name, one in body.items() if name != "rated"]
        return ", ".join(filter(None, parts))
    if isinstance(body, list):
        return ", ".join(filter(None, map(response_words, body)))
    if isinstance(body, bool):
        return "true" if body else "false"
    return "" if body is None else str(body)


CHANGE_WORDS = {
    "buried": say("Put off until the next day"),
    "suspended": say("Set aside"),
    "resumed": say("Asked again from here on"),
    "reset": say("Forgotten on purpose: new again"),
    "known": say("Marked as known"),
    "moved": say("Moved to another day"),
    "corrected": say("Its answer was corrected: learned again"),
    "imported": say("Remembered so in another program"),
}


def _changes(session: Session, user_id: int, fact_id: int) -> list[StoryLine]:
    rows = session.execute(
        select(MemoryEvent.at_epoch_s, MemoryEvent.study_day, MemoryEvent.kind)
        .where(MemoryEvent.user_id == user_id, MemoryEvent.fact_id == fact_id)
        .order_by(MemoryEvent.change.desc())
        .limit(MOST_REVIEWS)
    )
    return [StoryLine(row.at_epoch_s, row.study_day, CHANGE_WORDS[row.kind]) for row in rows]


ARC_POINTS = 24


def _arcs(reviews: list[Any], memory: Memory | None, learner: Learner, now: int) -> tuple[Arc, ...]:
    """Return recall from review to review, and from the last one to a while past the next due."""
    starts = [
        (row.reviewed_epoch_s, row.stability_days)
        for row in reviews
        if row.stability_days and row.kind != "undone"
    ]
    if memory is None or not starts:
        return ()
    last = (memory.last_review_epoch_s, memory.stability_days)
    starts = [*(one for one in starts[:-1] if one[0] < last[0]), last]
    span = max(now, memory.due_epoch_s) - starts[0][0]
    end = max(now, memory.due_epoch_s) + max(DAY_S, span // 8)
    ends = [*(at for at, _ in starts[1:]), end]
    return tuple(
        Arc(_falling(start, until, stability, learner))
        for (start, stability), until in zip(starts, ends, strict=True)
    )


def _falling(
    start: int, until: int, stability_days: float, learner: Learner
) -> tuple[tuple[int, float], ...]:
    points = []
    for at in range(ARC_POINTS + 1):
        moment = start + (until - start) * at // ARC_POINTS
        elapsed = (moment - start) / DAY_S
        points.append((moment, retrievability(stability_days, elapsed, learner.parameters)))
    return tuple(points)
