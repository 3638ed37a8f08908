"""Sessions, questions and answers: the scope `study`. No key leaves before its answer is given."""

from collections.abc import Callable
from http import HTTPStatus

from flask import Response as WebResponse
from flask import url_for

from app import clock
from app.core.errors import Conflict
from app.core.questions import Question, QuestionType
from app.core.questions.question import Chosen, Matched, Ordered, Response, SelfRated, Typed
from app.services import amendments, answering, quiz, rate_limits, study
from app.services.answering import Feedback, ShownPage
from app.services.api_tokens import Scope
from app.web.api.base import FieldErrors, operation, told
from app.web.api.shapes.base import instant
from app.web.api.shapes.learning import (
    AnswerIn,
    EvidenceOut,
    FeedbackOut,
    NextOut,
    PictureOut,
    QuestionOut,
    QuizOut,
    SessionIn,
    SessionOut,
    UndoOut,
)
from app.web.current import caller, db_session
from app.web.observing import answers


class AnsweredOtherwise(Conflict):
    """A question's token is the key of one answer, and another was sent with it."""


@operation("POST", "/sessions", Scope.STUDY, SessionOut, HTTPStatus.CREATED)
def begin_session(json: SessionIn) -> WebResponse:
    """Begin to study a deck, or a quiz."""
    user_id, now = caller().person.id, clock.now()
    if json.kind == "study":
        token = study.start(db_session(), user_id, json.deck, now, json.ahead_days)
    else:
        token = quiz.start(db_session(), user_id, json.deck, json.count, json.types, now)
    made = SessionOut(session=token, kind=json.kind, deck=json.deck)
    return told(made, HTTPStatus.CREATED)


@operation("POST", "/study/<token>/next", Scope.STUDY, NextOut)
def next_study_question(token: str) -> WebResponse:
    """Ask the next question of a study session; the same one until it is answered."""
    user_id = caller().person.id
    return _next(study.next_question(db_session(), user_id, token, clock.now()))


@operation("POST", "/quizzes/<token>/next", Scope.STUDY, NextOut)
def next_quiz_question(token: str) -> WebResponse:
    """Ask the next question of a quiz; the same one until it is answered."""
    user_id = caller().person.id
    return _next(quiz.next_question(db_session(), user_id, token, clock.now()))


@operation("GET", "/quizzes/<token>", Scope.STUDY, QuizOut)
def read_quiz(token: str) -> WebResponse:
    """Read how a quiz went so far."""
    found = quiz.result(db_session(), caller().person.id, token)
    return told(
        QuizOut(
            session=found.session_token,
            deck=found.deck_key,
            points=found.points,
            max_points=found.max_points,
            correct=found.correct,
            total=found.total,
            seconds=found.seconds,
            finished=found.finished,
        )
    )


@operation("GET", "/questions/<token>", Scope.STUDY, QuestionOut)
def read_question(token: str) -> WebResponse:
    """Read a question as it was shown."""
    return told(_question(answering.shown(db_session(), caller().person.id, token)))


@operation("POST", "/questions/<token>/answer", Scope.STUDY, FeedbackOut)
def answer_question(token: str, json: AnswerIn) -> WebResponse:
    """Answer a question; sent twice, it counts once, and another answer to it is 409."""
    user_id, now = caller().person.id, clock.now()
    shown = answering.shown(db_session(), user_id, token)
    given = response_of(shown.question, json)
    if not shown.answered:
        rate_limits.check_answers(db_session(), user_id, now)
        mark = answering.take(db_session(), user_id, shown, given, now, json.response_ms)
        if mark is not None:
            answers.labels(str(shown.question.type), str(mark.verdict)).inc()
    found = answering.feedback(db_session(), user_id, token)
    if _core(found.response) != _core(given):
        raise AnsweredOtherwise("It was answered otherwise before, and that answer counts.")
    return told(_feedback(found))


def _core(response: Response) -> object:
    """Return what makes two responses the same: the order of picked options does not."""
    return frozenset(response.options) if isinstance(response, Chosen) else response


@operation("GET", "/questions/<token>/feedback", Scope.STUDY, FeedbackOut)
def read_feedback(token: str) -> WebResponse:
    """Read what is told about an answer that was given."""
    return told(_feedback(answering.feedback(db_session(), caller().person.id, token)))


@operation("POST", "/questions/<token>/undo", Scope.STUDY, UndoOut)
def undo_answer(token: str) -> WebResponse:
    """Undo an answer of a study session."""
    again = amendments.undo(db_session(), caller().person.id, token, clock.now())
    return told(UndoOut(question=again))


def response_of(question: Question, given: AnswerIn) -> Response:
    """Return an answer as core has it. Raises FieldErrors for one that does not fit."""
    return _READERS[question.type](question, given)


def _typed(_question: Question, given: AnswerIn) -> Response:
    if not given.text:
        raise FieldErrors([("text", "Type an answer.")])
    return Typed(given.text)


def _rated(_question: Question, given: AnswerIn) -> Response:
    if given.rating is None:
        raise FieldErrors([("rating", "Say how well you knew it, 1 to 4.")])
    return SelfRated(given.rating)


def _ordered(question: Question, given: AnswerIn) -> Response:
    options = tuple(given.options or ())
    if sorted(options) != sorted(question.options):
        raise FieldErrors([("options", "Give every option once, in your order.")])
    return Ordered(options)


def _matched(question: Question, given: AnswerIn) -> Response:
    options = tuple(given.options or ())
    if len(options) != len(question.prompts) or not set(options) <= set(question.options):
        raise FieldErrors([("options", "Give one of the options for each prompt.")])
    return Matched(options)


def _chosen(question: Question, given: AnswerIn) -> Response:
    options = tuple(given.options or ())
    most = len(question.options) if question.type is QuestionType.MULTIPLE_SELECT else 1
    fits = 1 <= len(set(options)) == len(options) <= most
    if not fits or not set(options) <= set(question.options):
        raise FieldErrors([("options", "Pick from the options.")])
    return Chosen(options)


_READERS: dict[QuestionType, Callable[[Question, AnswerIn], Response]] = {
    QuestionType.MULTIPLE_CHOICE: _chosen,
    QuestionType.TRUE_FALSE: _chosen,
    QuestionType.MULTIPLE_SELECT: _chosen,
    QuestionType.CLOZE: _typed,
    QuestionType.SHORT_ANSWER: _typed,
    QuestionType.ORDERING: _ordered,
    QuestionType.MATCHING: _matched,
    QuestionType.FLASHCARD: _rated,
}


def _next(token: str | None) -> WebResponse:
    if token is None:
        return told(NextOut(question=None))
    shown = answering.shown(db_session(), caller().person.id, token)
    return told(NextOut(question=_question(shown)))


def _question(shown: ShownPage) -> QuestionOut:
    """Return a question without its key, statement and answers."""
    asked = shown.question
    visible = asked.pictures if shown.answered else asked.asked_with
    pictures = [
        PictureOut(url=url_for("home.picture", deck_key=shown.deck_key, name=one.name), alt=one.alt)
        for one in visible
    ]
    return QuestionOut(
        token=shown.token,
        session=shown.session_token,
        kind=shown.kind,
        deck=shown.deck_key,
        position=shown.position,
        total=shown.total,
        type=asked.type,
        stem=asked.stem,
        options=list(asked.options),
        prompts=list(asked.prompts),
        hint=asked.hint,
        answered=shown.answered,
        pictures=pictures,
    )


def _feedback(given: Feedback) -> FeedbackOut:
    proof = given.evidence
    return FeedbackOut(
        question=_question(given.shown),
        credit=given.mark.credit,
        verdict=given.mark.verdict,
        why=given.mark.why,
        key=given.key_text,
        statement=given.statement,
        note=given.note,
        stance=given.stance,
        according_to=given.attribution,
        points=given.points,
        rating=given.rating,
        due=instant(given.due_epoch_s),
        why_due=given.why_due,
        session_finished=given.session_finished,
        evidence=EvidenceOut.model_validate(proof) if proof else None,
    )
