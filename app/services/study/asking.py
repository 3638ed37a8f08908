"""A study session: what is due in order of urgency, then new facts, missed ones until right."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from random import Random

from sqlalchemy.orm import Session

from app.core.errors import Conflict
from app.core.planning import ways_to_ask
from app.core.questions import DeckIndex, Question, QuestionType, ask
from app.core.questions.codec import dump_question
from app.core.questions.telling import Told
from app.core.sentences import say
from app.models.database import retried, writing
from app.models.driving import Found, all_rows, connection_of, first_row, written
from app.models.statements.sitting import FINISH_SESSION, PROGRESS, STUDY_SESSION
from app.services.decks import deck_id_of, index_at, index_of
from app.services.notices import told_first
from app.services.sessions import (
    NothingToAsk,
    keep_shown,
    learner_of,
    lock_counters,
    lock_learner,
    no_such_session,
    open_session,
)
from app.services.study.queue import Candidate, Sitting, candidates, quota_left
from app.services.study.so_far import so_far

OTHER_TRIES = 8
"""Candidates passed over at most because an earlier question has told their answer."""


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


@dataclass(frozen=True, slots=True)
class _Next:
    """What a study session asks next, and what that was decided by."""

    owner: Found
    basis: tuple[int, int, str | None, int | None]
    """The learner's counts of reviews and changes, the open question, the last one's place."""
    paused: bool
    chosen: "Made | None" = None


@retried
def next_question(session: Session, user_id: int, session_token: str, now: int) -> str | None:
    """Put up the next question; return its token, or None when all is done for now or paused.

    While a question is open it stays the next one, however often this is asked. A question whose
    answer an earlier one has told waits, while there is another.

    It is chosen before the transaction, so that nobody waits for it; chosen again inside where the
    learner has done something else in between. Nobody waits for the disk either: where a machine
    loses its power, a question that has no answer yet may go, and another is put up.
    """
    following = _following(session, user_id, session_token, now)
    if following.basis[2] is not None or following.paused:
        return following.basis[2]
    with writing(session, is_durable=False):
        counters = lock_counters(session, user_id)
        if _basis(counters, _progress(session, user_id, session_token)) != following.basis:
            following = _following(session, user_id, session_token, now)
        return _put_up(session, user_id, following, now)


def _following(session: Session, user_id: int, session_token: str, now: int) -> _Next:
    """Return what comes next. Raises NotFound."""
    learner = learner_of(session, user_id)
    at = {"learner": user_id, "which": session_token, "day": learner.day(now)}
    owner = first_row(connection_of(session), STUDY_SESSION, at)
    if owner is None:
        raise no_such_session("study")
    basis = _basis((learner.reviews, learner.changes), owner)
    paused = learner.preferences.paused_epoch_s is not None
    if owner.open_token is not None or paused:
        return _Next(owner, basis, paused)
    sitting = Sitting(user_id, owner.token, owner.deck_id, owner.plan, owner.ahead_days)
    quota = quota_left(learner, owner.new_facts or 0, owner.due_facts or 0)
    index = index_at(session, owner.deck_id, owner.deck_revision, owner.others)
    before = so_far(session, learner, owner.token)
    waiting = candidates(session, learner, sitting, quota, now, before.history)
    told = before.told
    made = _questions(index, waiting, owner.seed + (owner.position or 0) + 1, told)
    return _Next(owner, basis, paused, _first_fitting(made, told))


def _progress(session: Session, user_id: int, session_token: str) -> Found:
    at = {"learner": user_id, "which": session_token}
    return all_rows(connection_of(session), PROGRESS, at)[0]


def _basis(counters: tuple[int, int], progress: Found) -> tuple[int, int, str | None, int | None]:
    return (*counters, progress.open_token, progress.position)


def _put_up(session: Session, user_id: int, following: _Next, now: int) -> str | None:
    """Put up what was chosen, or finish the session where nothing was."""
    _, _, token, position = following.basis
    if token is not None or following.paused:
        return token
    owner, chosen = following.owner, following.chosen
    finished = now if chosen is None else None
    if finished != owner.finished_epoch_s:
        at = {"learner": user_id, "which": owner.token, "finished": finished}
        written(connection_of(session), FINISH_SESSION, at)
    if chosen is None:
        return None
    ref, body = chosen[0].ref, dump_question(chosen[1])
    told = told_first(session, user_id, ref.id, now)
    if told:
        body["told"] = told
    of = (user_id, owner.token)
    return keep_shown(session, of, [(ref, body)], (position or 0) + 1, now)[0]


Made = tuple[Candidate, Question]


def _questions(
    index: DeckIndex, waiting: Iterable[Candidate], seed: int, told: Told
) -> Iterator[Made]:
    for candidate in waiting:
        question = question_for(index, candidate, seed, told)
        if question is not None:
            yield candidate, question


def _first_fitting(made: Iterator[Made], told: Told) -> Made | None:
    """Return the first whose answer was not told, among a few; the first where all were."""
    first = next(made, None)
    if first is None or not told.tells(first[1]):
        return first
    others = islice(made, OTHER_TRIES)
    return next((one for one in others if not told.tells(one[1])), first)


def question_for(index: DeckIndex, candidate: Candidate, seed: int, told: Told) -> Question | None:
    """Return the candidate's question by its step of the ladder; None where it has none.

    Where an earlier question has told its answer, or this one would tell another's, the fact is
    asked in another way of the same step. Ways are tried one after another: making all questions of
    a fact costs several times as much.
    """
    fact = index.deck.fact_by_key.get(candidate.fact_key)
    if fact is None:
        return None
    last = QuestionType(candidate.last_type) if candidate.last_type else None
    rng = Random(seed)  # noqa: S311 which question comes is no secret
    for step in ways_to_ask(candidate.stability_days, last, rng):
        asked = (ask(index, fact, kind, direction, seed) for kind, direction in step)
        made = (question for question in asked if question is not None)
        first = next(made, None)
        if first is not None:
            fitting = (one for one in chain((first,), made) if not told.spoils(one))
            return next(fitting, first)
    return None
