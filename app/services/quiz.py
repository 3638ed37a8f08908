"""Quizzes: a chosen number of questions, drawn at the start, with a result at the end."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.errors import NotFound, Refused
from app.core.facts import Fact
from app.core.questions import DeckIndex, Direction, Question, QuestionType, ask
from app.core.questions.codec import dump_question, load_question
from app.core.questions.telling import tells_another
from app.core.scoring import tenths
from app.core.sentences import say
from app.models.content import DeckRow, FactRow
from app.models.database import retried, writing
from app.models.driving import Found, connection_of, first_row, written
from app.models.effective import CREDIT, effective, in_session
from app.models.learning import LearningSession, Review, ShownQuestion
from app.models.statements.showing import QUIZ_QUESTION, SHOW_QUIZ_QUESTION
from app.services.decks import deck_id_of, index_of
from app.services.feedback import Feedback, session_feedback
from app.services.quiz_entries import check_open, entry_of, is_over
from app.services.sessions import (
    NothingToAsk,
    lock_learner,
    no_such_session,
    open_session,
    own_session,
    published_facts,
    put_up,
)

MAX_QUESTIONS = 100
NOT_SHOWN = 0
"""The time of showing of a question that has been drawn but not shown yet."""
Drawn = Found
"""A row of `QUIZ_QUESTION`; its token is None where no question is open any more."""
DEFAULT_TYPES = frozenset(QuestionType) - {QuestionType.FLASHCARD}
"""Asked when no type is chosen: all that are marked. Who rates themselves earns no points."""


class QuizFinished(Refused):
    """Every question of the quiz is answered."""


@dataclass(frozen=True, slots=True)
class OpenQuiz:
    """A quiz that can be taken up again."""

    session_token: str
    deck_key: str
    deck_title: str
    answered: int
    total: int


@dataclass(frozen=True, slots=True)
class QuizResult:
    """How a quiz went; `seconds` run from its start to its last answer."""

    session_token: str
    deck_key: str
    deck_title: str
    points: float
    max_points: float
    correct: int
    total: int
    seconds: int
    answers: tuple[Feedback, ...]
    finished: bool
    shared_quiz_id: int | None = None
    """The shared quiz in which these answers are compared with those of others."""


def start(
    session: Session,
    user_id: int,
    deck_key: str,
    count: int,
    types: Collection[QuestionType],
    now: int,
) -> str:
    """Draw a quiz of up to `count` questions of the given types and return its token.

    No types means every type that is marked. Raises NothingToAsk and NotFound.
    """
    if not 1 <= count <= MAX_QUESTIONS:
        raise NothingToAsk(
            say("A quiz has between 1 and {max_questions} questions.", max_questions=MAX_QUESTIONS)
        )
    deck_id = deck_id_of(session, deck_key)
    index = index_of(session, deck_id)
    if not index.facts:
        raise NothingToAsk(say("This deck has no published facts yet, so there is nothing to ask."))
    return _begin(session, user_id, deck_id, (index.facts, count, types), now)


@retried
def _begin(
    session: Session,
    user_id: int,
    deck_id: int,
    wanted: tuple[Sequence[Fact], int, Collection[QuestionType]],
    now: int,
) -> str:
    facts, count, types = wanted
    index = index_of(session, deck_id)
    with writing(session):
        lock_learner(session, user_id)
        owner = open_session(session, user_id, deck_id, "quiz", now)
        refs = published_facts(session, deck_id)
        rng = Random(owner.seed)  # noqa: S311 which question comes is no secret
        known = [fact for fact in facts if fact.key in refs]
        drawn = draw(index, known, count, types or DEFAULT_TYPES, rng)
        if not drawn:
            raise NothingToAsk(
                say("No question of the chosen types can be made. Choose more types.")
            )
        owner.plan = [refs[question.fact_key].id for question in drawn]
        session.flush()
        put_up(session, owner, [(refs[one.fact_key], one) for one in drawn], 1, NOT_SHOWN)
        return owner.token


def draw(
    index: DeckIndex,
    facts: Sequence[Fact],
    count: int,
    types: Collection[QuestionType],
    rng: Random,
) -> list[Question]:
    """Return up to `count` questions, spread over facts first and over types second.

    A question that gives another's answer away, or a fact that another question has told, comes
    only when nothing else is left, and the same question never comes twice.
    """
    shuffled = list(facts)
    rng.shuffle(shuffled)
    drawn: list[Question] = []
    told: set[str] = set()
    for sparing in (True, False, False, False):
        for fact in shuffled:
            if len(drawn) == count:
                return drawn
            if sparing and fact.key in told:
                continue
            question = _one_more(index, fact, types, drawn, rng)
            if question is not None and not (sparing and tells_another(question, drawn)):
                drawn.append(question)
                told.update(question.fact_keys)
    return drawn


def _one_more(
    index: DeckIndex,
    fact: Fact,
    types: Collection[QuestionType],
    drawn: Sequence[Question],
    rng: Random,
) -> Question | None:
    """Return a question of the type drawn least so far that this fact allows."""
    used = Counter(question.type for question in drawn)
    stems = {(question.type, question.stem) for question in drawn}
    choices = [(kind, direction) for kind in sorted(types) for direction in Direction]
    rng.shuffle(choices)
    choices.sort(key=lambda choice: used[choice[0]])
    for kind, direction in choices:
        question = ask(index, fact, kind, direction, rng.getrandbits(32))
        if question is not None and (question.type, question.stem) not in stems:
            return question
    return None


@retried
def next_question(session: Session, user_id: int, session_token: str, now: int) -> str | None:
    """Show the next open question and return its token, None at the end.

    Called twice it is the same question. One whose fact was edited after it was drawn is made
    anew here; once shown it stays as it is, since the answer is marked by what was seen. In a
    shared quiz all stay as they were drawn. Raises QuizClosed and TakesNoPart there.
    """
    drawn = _first_open(session, user_id, session_token)
    if drawn.token is None or drawn.shown_epoch_s != NOT_SHOWN:
        return _token_of(drawn)
    entry = entry_of(session, user_id, session_token)
    if entry is not None:
        check_open(entry, now)
    fresh = _fresh(session, drawn) if entry is None else _as_drawn(drawn)
    with writing(session):
        lock_learner(session, user_id)
        again = _first_open(session, user_id, session_token)
        if again.token == drawn.token and again.shown_epoch_s == NOT_SHOWN:
            at = {"learner": user_id, "which": drawn.token, "now": now}
            written(connection_of(session), SHOW_QUIZ_QUESTION, at | fresh)
        return _token_of(again)


def _token_of(drawn: Drawn) -> str | None:
    token: str | None = drawn.token
    return token


def _first_open(session: Session, user_id: int, session_token: str) -> Drawn:
    at = {"learner": user_id, "which": session_token}
    found = first_row(connection_of(session), QUIZ_QUESTION, at)
    if found is None:
        raise no_such_session("quiz")
    return found


def _as_drawn(drawn: Drawn) -> dict[str, Any]:
    return {"made": drawn.body, "made_of": drawn.fact_revision}


def _fresh(session: Session, drawn: Drawn) -> dict[str, Any]:
    """Return a drawn question, made anew when its fact has changed and is still published."""
    kept = _as_drawn(drawn)
    if drawn.revision == drawn.fact_revision:
        return kept
    index = index_of(session, drawn.deck_id)
    fact = next((one for one in index.facts if one.key == drawn.key), None)
    if fact is None:
        return kept
    before, seed = load_question(drawn.body), drawn.position
    made = ask(index, fact, before.type, before.direction, seed)
    if made is None:
        made = _one_more(index, fact, DEFAULT_TYPES, (), Random(seed))  # noqa: S311 no secret
    return {"made": dump_question(made), "made_of": drawn.revision} if made else kept


def resumable(session: Session, user_id: int, now: int) -> list[OpenQuiz]:
    """Return the learner's unfinished quizzes that go on, newest first, in one query."""
    answered = func.count(ShownQuestion.answered_epoch_s)
    rows = session.execute(
        select(LearningSession.token, DeckRow.key, DeckRow.title, answered, func.count())
        .join(DeckRow, DeckRow.id == LearningSession.deck_id)
        .join(
            ShownQuestion,
            (ShownQuestion.user_id == LearningSession.user_id)
            & (ShownQuestion.session_token == LearningSession.token),
        )
        .where(
            LearningSession.user_id == user_id,
            LearningSession.kind == "quiz",
            LearningSession.finished_epoch_s.is_(None),
            ~is_over(now),
        )
        .group_by(
            LearningSession.token, LearningSession.started_epoch_s, DeckRow.key, DeckRow.title
        )
        .order_by(LearningSession.started_epoch_s.desc(), LearningSession.token)
    )
    return [OpenQuiz(*row) for row in rows]


def result(session: Session, user_id: int, session_token: str) -> QuizResult:
    """Return how a quiz went so far; `finished` says whether that is all. Raises NotFound."""
    owner = own_session(session, user_id, session_token, "quiz")
    deck = session.get_one(DeckRow, owner.deck_id)
    answers = session_feedback(session, user_id, session_token)
    entry = entry_of(session, user_id, session_token)
    bodies = session.scalars(
        select(ShownQuestion.body).where(
            ShownQuestion.user_id == user_id, ShownQuestion.session_token == session_token
        )
    )
    last = session.scalar(
        in_session(select(func.max(Review.reviewed_epoch_s)), user_id, session_token)
    )
    return QuizResult(
        session_token=session_token,
        deck_key=deck.key,
        deck_title=deck.title,
        points=round(sum(one.points for one in answers), 1),
        max_points=sum(tenths(QuestionType(body["type"]), 1) for body in bodies) / 10,
        correct=sum(one.mark.correct for one in answers),
        total=len(owner.plan),
        seconds=max(0, (last or owner.started_epoch_s) - owner.started_epoch_s),
        answers=answers,
        finished=owner.finished_epoch_s is not None,
        shared_quiz_id=entry.shared_quiz_id if entry else None,
    )


_ANSWERED_KEYS = select(FactRow.key).select_from(Review).join(FactRow, FactRow.id == Review.fact_id)


def again(session: Session, user_id: int, session_token: str, now: int) -> str:
    """Draw a quiz of the facts that were missed in another. Raises NothingToAsk, NotFound."""
    owner = own_session(session, user_id, session_token, "quiz")
    missed = session.scalars(
        effective(in_session(_ANSWERED_KEYS, user_id, session_token)).where(CREDIT < 1)
    ).all()
    if not missed:
        raise NothingToAsk(say("Nothing was missed in this quiz, so there is nothing to repeat."))
    index = index_of(session, owner.deck_id)
    facts = [fact for fact in index.facts if fact.key in set(missed)]
    if not facts:
        raise NotFound(say("The facts that were missed are no longer published."))
    return _begin(session, user_id, owner.deck_id, (facts, len(facts), ()), now)
