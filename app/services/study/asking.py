"""A study session: what is due in order of urgency, then new facts, missed ones until right."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from random import Random

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.core.errors import Conflict
from app.core.planning import Asked, choose_type, ladder
from app.core.questions import DeckIndex, Question, QuestionType, questions_of
from app.core.questions.telling import Told, told_by
from app.core.sentences import say
from app.models.database import retried, writing
from app.models.learning import LearningSession, ShownQuestion
from app.services.decks import deck_id_of, index_of
from app.services.notices import tell_first
from app.services.sessions import (
    NothingToAsk,
    learner_of,
    lock_learner,
    next_position,
    open_question,
    open_session,
    own_session,
    put_up,
)
from app.services.study.queue import Candidate, candidates, history_of

OTHER_TRIES = 8
"""Candidates passed over at most because an earlier question has told their answer."""
REMEMBERED = 20
"""Questions of the session whose stems a learner may still have in mind."""


class Paused(Conflict):
    """The learner has paused studying."""


@retried
def start(
    session: Session,
    user_id: int,
    deck_key: str,
    now: int,
    ahead_days: int = 0,
    only: Sequence[int] = (),
) -> str:
    """Open a study session over a deck and return its token.

    With `ahead_days` it also asks what is due within so many days, whatever the day's limit;
    with `only` no other facts than those of these numbers.
    Raises NothingToAsk, NotFound and Paused.
    """
    deck_id = deck_id_of(session, deck_key)
    if not index_of(session, deck_id).facts:
        raise NothingToAsk(
            say("This deck has no published facts yet, so there is nothing to study.")
        )
    if learner_of(session, user_id).preferences.paused_epoch_s is not None:
        raise Paused(say("You have paused studying. Resume it on the page of your study settings."))
    with writing(session):
        lock_learner(session, user_id)
        owner = open_session(session, user_id, deck_id, "study", now)
        owner.ahead_days = ahead_days
        owner.plan = list(only)
        return owner.token


@retried
def next_question(session: Session, user_id: int, session_token: str, now: int) -> str | None:
    """Put up the next question; return its token, or None when all is done for now or paused.

    While a question is open it stays the next one, however often this is asked. A question whose
    answer an earlier one has told waits, while there is another.
    """
    deck_id = own_session(session, user_id, session_token, "study").deck_id
    index = index_of(session, deck_id)
    with writing(session):
        learner = lock_learner(session, user_id)
        token = open_question(session, user_id, session_token)
        if token is not None:
            return token
        if learner.preferences.paused_epoch_s is not None:
            return None
        owner = own_session(session, user_id, session_token, "study")
        position = next_position(session, owner)
        waiting = candidates(session, learner, owner, history_of(session, owner), now)
        told = _told(session, owner)
        made = _questions(index, waiting, owner.seed + position, told)
        chosen = _first_fitting(made, told)
        if chosen is None:
            owner.finished_epoch_s = now
            return None
        owner.finished_epoch_s = None
        token = put_up(session, owner, [(chosen[0].ref, chosen[1])], position, now)[0]
        tell_first(session, user_id, token, chosen[0].ref.id, now)
        return token


Made = tuple[Candidate, Question]


def _questions(
    index: DeckIndex, waiting: Iterable[Candidate], seed: int, told: Told
) -> Iterator[Made]:
    for candidate in waiting:
        question = _question(index, candidate, seed, told)
        if question is not None:
            yield candidate, question


def _first_fitting(made: Iterator[Made], told: Told) -> Made | None:
    """Return the first whose answer was not told, among a few; the first where all were."""
    first = next(made, None)
    if first is None or not told.tells(first[1]):
        return first
    others = islice(made, OTHER_TRIES)
    return next((one for one in others if not told.tells(one[1])), first)


_SHOWN_BODIES = (
    select(ShownQuestion.body)
    .where(
        ShownQuestion.user_id == bindparam("learner"),
        ShownQuestion.session_token == bindparam("token"),
    )
    .order_by(ShownQuestion.position.desc())
    .limit(REMEMBERED)
)


def _told(session: Session, owner: LearningSession) -> Told:
    """Return what the latest questions of a session have told."""
    return told_by(session.scalars(_SHOWN_BODIES, {"learner": owner.user_id, "token": owner.token}))


def _question(index: DeckIndex, candidate: Candidate, seed: int, told: Told) -> Question | None:
    """Return the candidate's question by its step of the ladder; None where it has none.

    Where an earlier question has told its answer, or this one would tell another's, the fact is
    asked in another way of the same step.
    """
    fact = index.deck.fact_by_key.get(candidate.fact_key)
    made = questions_of(index, fact, seed) if fact else []
    if not made:
        return None
    by_look: dict[Asked, list[Question]] = defaultdict(list)
    for question in made:
        by_look[question.type, question.direction].append(question)
    last = QuestionType(candidate.last_type) if candidate.last_type else None
    rng = Random(seed)  # noqa: S311 which question comes is no secret
    look = choose_type(list(by_look), candidate.stability_days, last, rng)
    chosen = rng.choice(by_look[look])
    if not told.spoils(chosen):
        return chosen
    step = next(one for one in ladder(candidate.stability_days) if look[0] in one)
    others = [one for one in made if one.type in step and one.type is not last]
    return next((one for one in others if not told.spoils(one)), chosen)
