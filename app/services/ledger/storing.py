"""What moves with the log: one fact told anew, many facts added, a whole log given away."""

from collections import defaultdict
from collections.abc import Mapping

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from app.core.replaying import (
    NOTHING,
    Story,
    Tally,
)
from app.models.content import FactRow
from app.models.driving import connection_of, written_all
from app.models.learning import (
    DailyTotal,
    HeldFact,
    LearningSession,
    Memory,
    MemoryEvent,
    Notice,
    Review,
    ReviewAmendment,
    ShownQuestion,
)
from app.models.people import User
from app.models.reports import Report
from app.services.ledger.reading import lengths_of, story_of
from app.services.ledger.rows import HELD, MEMORIES, held_row, is_held, memory_row, move_day
from app.services.sessions import Learner


def restate(session: Session, learner: Learner, fact_id: int, before: Story) -> Story:
    """Store what one fact's log gives now, where `before` is what is stored; return it.

    Inside a writing transaction, the learner locked. The cost is that of the fact's own log.
    """
    after = story_of(session, learner, fact_id)
    for table in (Memory, HeldFact):
        session.execute(delete(table).where(table.user_id == learner.id, table.fact_id == fact_id))
    session.expire_all()
    if after.standing.memory is not None:
        deck_id = session.execute(select(FactRow.deck_id).where(FactRow.id == fact_id)).scalar_one()
        session.add(Memory(**memory_row((learner.id, fact_id, deck_id), after.standing)))
    elif is_held(after.standing):
        session.add(HeldFact(**held_row(learner.id, fact_id, after.standing)))
    for day in before.days.keys() | after.days.keys():
        by = after.days.get(day, NOTHING) - before.days.get(day, NOTHING)
        move_day(session, learner.id, day, by)
    if after.points != before.points:
        gained = User.score + (after.points - before.points)
        session.execute(update(User).where(User.id == learner.id).values(score=gained))
    session.flush()
    return after


def append(
    session: Session,
    learner: Learner,
    deck_id: int,
    stories: Mapping[int, Story],
    added: tuple[int, int],
) -> None:
    """Store what a log gives that has just been `added` to: by so many reviews and changes.

    Inside a writing transaction, the learner locked. `stories` are of facts of the deck that the
    log had nothing of before; whatever else it gives stays as it is stored.
    """
    days = defaultdict[int, Tally](Tally)
    memories, held = [], []
    for fact_id, story in stories.items():
        for day, tally in story.days.items():
            days[day] += tally
        if story.standing.memory is not None:
            memories.append(memory_row((learner.id, fact_id, deck_id), story.standing))
        elif is_held(story.standing):
            held.append(held_row(learner.id, fact_id, story.standing))
    written_all(connection_of(session), MEMORIES, memories)
    written_all(connection_of(session), HELD, held)
    for day, tally in days.items():
        move_day(session, learner.id, day, tally)
    reviews, changes = added
    counted = {
        "reviews": learner.reviews + reviews,
        "changes": learner.changes + changes,
        "score": User.score + sum(story.points for story in stories.values()),
    }
    session.execute(update(User).where(User.id == learner.id).values(counted))
    session.flush()


def move_log(session: Session, from_id: int, to_id: int) -> None:
    """Give everything that one learner did to another, behind what that one did already.

    Inside a writing transaction, both learners locked; `rebuild` must follow.
    """
    reviews, changes = lengths_of(session, to_id)
    told = session.scalar(select(func.max(Notice.number)).where(Notice.user_id == to_id)) or 0
    for table, moved in (
        (
            Review,
            {
                "number": Review.number + reviews,
                "behind_review": Review.behind_review + reviews,
                "behind_change": Review.behind_change + changes,
            },
        ),
        (
            ReviewAmendment,
            {
                "number": ReviewAmendment.number + reviews,
                "change": ReviewAmendment.change + changes,
                "after_review": ReviewAmendment.after_review + reviews,
            },
        ),
        (
            MemoryEvent,
            {
                "change": MemoryEvent.change + changes,
                "cause": MemoryEvent.cause + reviews,
                "after_review": MemoryEvent.after_review + reviews,
            },
        ),
        (Notice, {"number": Notice.number + told}),
        (Report, {}),
        (ShownQuestion, {}),
        (LearningSession, {}),
    ):
        moving = update(table).where(table.user_id == from_id)
        session.execute(moving.values(user_id=to_id, **moved))
    for derived in (Memory, HeldFact, DailyTotal):
        session.execute(delete(derived).where(derived.user_id == from_id))
    session.expire_all()
