"""Studying without a network: questions to take along, and the answers that come back.

A device holds questions as they were shown, without their keys; its answers are marked when they
arrive, each once, and count for when they were given (`services/late.py`).
"""

import json
import secrets
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.core.errors import Refused
from app.core.questions import Question
from app.core.questions.codec import dump_question, dump_response
from app.core.questions.question import Response
from app.core.questions.telling import told_by
from app.core.sentences import say
from app.core.urgency import DAY_S
from app.models.content import DeckRow, FactRow
from app.models.database import retried, writing
from app.models.learning import LearningSession, ShownQuestion
from app.models.statements.sitting import REMEMBERED
from app.services import answering
from app.services.answering import LateAnswer, ShownPage
from app.services.decks import index_of
from app.services.feedback import one_feedback
from app.services.sessions import (
    Learner,
    learner_of,
    lock_learner,
    next_position,
    open_session,
    put_up,
    put_up_again,
    token_from,
)
from app.services.study.along import Along, taken_along
from app.services.study.asking import question_for

QUESTIONS = 50
"""How many questions a device takes along."""
OLDEST_ANSWER_DAYS = 60
"""Answers given longer ago are refused; their questions are forgotten after as long."""
MOST_OPEN = 1_000
"""Questions of one learner that lie on devices: twenty devices have fifty each."""


class TooOld(Refused):
    """An answer that was given so long ago that it says nothing any more."""


@dataclass(frozen=True, slots=True)
class TakenAlong:
    """A question on a device, of a deck with a title and a language (BCP 47).

    Asked from `due_epoch_s` on; None where it may be asked at once.
    """

    token: str
    fact_id: int
    deck_key: str
    deck_title: str
    language: str
    due_epoch_s: int | None
    question: Question


@dataclass(frozen=True, slots=True)
class Pack:
    """What a device should hold: tokens in the order of asking, and the questions new to it."""

    order: tuple[str, ...]
    questions: tuple[TakenAlong, ...]


@dataclass(frozen=True, slots=True)
class Arrived:
    """How an answer that came late was marked; `counted` is false where it had come before.

    `token` is that of the question which it counts for.
    """

    token: str
    credit: float
    verdict: str
    counted: bool


Made = tuple[Along, Question]


@retried
def pack(session: Session, user_id: int, held: Sequence[str], now: int) -> Pack:
    """Put up the next questions for a device that holds some already, and return all.

    What it holds stays where the fact would be asked now and has not changed since. Questions
    that it should not hold any more are not taken back: it may have answered them already.
    New ones are made before the transaction, so that nobody waits for that.
    """
    learner = learner_of(session, user_id)
    if learner.preferences.paused_epoch_s is not None:
        return Pack((), ())
    wanted = taken_along(session, learner, QUESTIONS, now)
    kept = _still_good(session, user_id, held, {one.candidate.ref.id for one in wanted})
    made = list(_made(session, (one for one in wanted if one.candidate.ref.id not in kept)))
    heads = _heads(session, {one.deck_id for one, _ in made})
    tokens: dict[int, str] = {}
    if made:
        with writing(session):
            learner = lock_learner(session, user_id)
            tokens = _put_up(session, learner, made, now)
            _forget_old(session, user_id, now)
    held_by = kept | tokens
    order = (one.candidate.ref.id for one in wanted)
    return Pack(
        tuple(held_by[fact] for fact in order if fact in held_by),
        tuple(_taken(made, tokens, heads)),
    )


def _taken(
    made: Iterable[Made], tokens: Mapping[int, str], heads: Mapping[int, tuple[str, str, str]]
) -> Iterator[TakenAlong]:
    for one, question in made:
        fact_id = one.candidate.ref.id
        yield TakenAlong(tokens[fact_id], fact_id, *heads[one.deck_id], one.due_epoch_s, question)


def _still_good(
    session: Session, user_id: int, held: Sequence[str], wanted: Collection[int]
) -> dict[int, str]:
    """Return the held questions that may stay, one a fact, by the fact's id."""
    rows = session.execute(
        select(ShownQuestion.fact_id, ShownQuestion.token)
        .join(FactRow, FactRow.id == ShownQuestion.fact_id)
        .where(
            ShownQuestion.user_id == user_id,
            ShownQuestion.token.in_(held),
            ShownQuestion.answered_epoch_s.is_(None),
            ShownQuestion.fact_revision == FactRow.revision,
        )
        .order_by(ShownQuestion.shown_epoch_s.desc())
    )
    return {row.fact_id: row.token for row in rows if row.fact_id in wanted}


def _made(session: Session, wanted: Iterable[Along]) -> Iterator[Made]:
    """Yield the facts with a question of each, by its step of the ladder.

    None that another of its deck has told, as in a study session.
    """
    shown: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for one in wanted:
        index, before = index_of(session, one.deck_id), shown[one.deck_id]
        told = told_by(before[-REMEMBERED:])
        question = question_for(index, one.candidate, secrets.randbits(32), told)
        if question is not None:
            before.append(dump_question(question))
            yield one, question


def _heads(session: Session, deck_ids: Collection[int]) -> dict[int, tuple[str, str, str]]:
    rows = session.execute(
        select(DeckRow.id, DeckRow.key, DeckRow.title, DeckRow.language).where(
            DeckRow.id.in_(deck_ids)
        )
    )
    return {row.id: (row.key, row.title, row.language) for row in rows}


def _put_up(session: Session, learner: Learner, made: Iterable[Made], now: int) -> dict[int, str]:
    """Keep the questions as shown, each in a session of its deck; return tokens by fact id."""
    by_deck: dict[int, list[Made]] = defaultdict(list)
    for one in made:
        by_deck[one[0].deck_id].append(one)
    tokens: dict[int, str] = {}
    for deck_id, group in by_deck.items():
        owner = _outing(session, learner, deck_id, now)
        questions = [(one.candidate.ref, question) for one, question in group]
        put = put_up(session, owner, questions, next_position(session, owner), now)
        tokens |= {ref.id: token for (ref, _), token in zip(questions, put, strict=True)}
    return tokens


def _outing(session: Session, learner: Learner, deck_id: int, now: int) -> LearningSession:
    """Return the session of a deck's questions that were taken along within a day."""
    known = session.scalar(
        select(LearningSession)
        .where(
            LearningSession.user_id == learner.id,
            LearningSession.deck_id == deck_id,
            LearningSession.is_offline,
            LearningSession.started_epoch_s > now - DAY_S,
        )
        .limit(1)
    )
    if known is not None:
        return known
    made = open_session(session, learner.id, deck_id, "study", now)
    made.is_offline = True
    session.flush()
    return made


def _forget_old(session: Session, user_id: int, now: int) -> None:
    """Withdraw open questions that no answer can come to any more, or that are far too many."""
    outings = select(LearningSession.token).where(
        LearningSession.user_id == user_id, LearningSession.is_offline
    )
    lying = (
        ShownQuestion.user_id == user_id,
        ShownQuestion.session_token.in_(outings),
        ShownQuestion.answered_epoch_s.is_(None),
    )
    newest = (
        select(ShownQuestion.token)
        .where(*lying, ShownQuestion.shown_epoch_s > now - OLDEST_ANSWER_DAYS * DAY_S)
        .order_by(ShownQuestion.shown_epoch_s.desc(), ShownQuestion.position.desc())
        .limit(MOST_OPEN)
    )
    tokens = session.scalars(select(ShownQuestion.token).where(*lying)).all()
    gone = set(tokens) - set(session.scalars(newest))
    if gone:
        session.execute(
            delete(ShownQuestion).where(
                ShownQuestion.user_id == user_id, ShownQuestion.token.in_(gone)
            )
        )


def answer(session: Session, user_id: int, token: str, given: LateAnswer, now: int) -> Arrived:
    """Take an answer that was given without a network, and return how it was marked.

    The device's clock may be wrong: no answer is older than its question, or from the future.
    Raises NotFound and TooOld.
    """
    page = answering.shown(session, user_id, token)
    if page.answered and page.kind == "study":
        page = _for_this_answer(session, user_id, page, given.response)
    at = min(max(given.answered_epoch_s, _shown_at(session, user_id, token)), now)
    if now - at > OLDEST_ANSWER_DAYS * DAY_S:
        raise TooOld(
            say("This answer was given more than {days} days ago.", days=OLDEST_ANSWER_DAYS)
        )
    dated = LateAnswer(given.response, at, given.response_ms)
    mark = answering.take_late(session, user_id, page, dated, now)
    told = mark or one_feedback(session, user_id, page.token).mark
    return Arrived(page.token, told.credit, str(told.verdict), mark is not None)


@retried
def _for_this_answer(
    session: Session, user_id: int, page: ShownPage, response: Response
) -> ShownPage:
    """Return the question that a late response counts for, where its own has been answered.

    A question of a study session is asked on each device that goes on with it. Answered
    otherwise on another one, it has two answers: this one counts for a copy of the question, which
    is the same however often the answer is sent. A question taken along lies on one device only.
    """
    counted = one_feedback(session, user_id, page.token).response
    owner = session.get_one(LearningSession, (user_id, page.session_token))
    if owner.is_offline or counted == response:
        return page
    copy = _token_of_copy(page.token, response)
    with writing(session):
        lock_learner(session, user_id)
        if session.get(ShownQuestion, (user_id, copy)) is None:
            put_up_again(session, user_id, page.token, copy)
    return answering.shown(session, user_id, copy)


def _token_of_copy(token: str, response: Response) -> str:
    """Return a token that only who knows the question's can know."""
    given = json.dumps(dump_response(response), sort_keys=True)
    return token_from(f"{token} {given}")


def _shown_at(session: Session, user_id: int, token: str) -> int:
    """Return when a question was put up, epoch seconds."""
    shown = select(ShownQuestion.shown_epoch_s).where(
        ShownQuestion.user_id == user_id, ShownQuestion.token == token
    )
    return session.scalars(shown).one()
