"""Quizzes shared by a link: the scope `study`. Others' answers are told as the pages tell them."""

from http import HTTPStatus

from flask import Response, make_response, url_for

from app import clock
from app.services import sharing
from app.services.api_tokens import Scope
from app.services.sharing import Board, OwnQuiz, Wanted
from app.web.api.base import numbered, operation, part_of, told
from app.web.api.shapes.base import PageQuery, instant
from app.web.api.shapes.learning import SessionOut
from app.web.api.shapes.sharing import (
    AddressOut,
    BoardOut,
    JoinIn,
    SharedQuizIn,
    SharedQuizMade,
    SharedQuizOut,
    SharedQuizPage,
    StandingOut,
)
from app.web.current import caller, db_session


@operation("GET", "/shared-quizzes", Scope.STUDY, SharedQuizPage)
def list_shared_quizzes(query: PageQuery) -> Response:
    """List the quizzes that one shares."""
    found = sharing.own(db_session(), caller().person.id)
    part, following = part_of(found, query, lambda one: numbered(one.id))
    return told(SharedQuizPage(items=[_quiz(one) for one in part], next=following))


@operation("POST", "/shared-quizzes", Scope.STUDY, SharedQuizMade, HTTPStatus.CREATED)
def share_quiz(json: SharedQuizIn) -> Response:
    """Share a quiz of a deck; its address is told this once."""
    closes = int(json.closes.timestamp())
    wanted = Wanted(json.deck, json.title, json.count, json.types, closes)
    quiz_id, secret = sharing.make(db_session(), caller().person.id, wanted, clock.now())
    made = SharedQuizMade(id=quiz_id, secret=secret, address=_address(secret))
    return told(made, HTTPStatus.CREATED)


@operation("POST", "/shared-quizzes/join", Scope.STUDY, SessionOut, HTTPStatus.CREATED)
def join_shared_quiz(json: JoinIn) -> Response:
    """Take part in a shared quiz by its secret; joined already, the same session is told."""
    user_id, now = caller().person.id, clock.now()
    token = sharing.join(db_session(), json.secret, user_id, json.name, now)
    deck = sharing.invitation(db_session(), json.secret, user_id, now).deck_key
    return told(SessionOut(session=token, kind="quiz", deck=deck), HTTPStatus.CREATED)


@operation("GET", "/shared-quizzes/<int:quiz_id>", Scope.STUDY, BoardOut)
def read_shared_quiz(quiz_id: int) -> Response:
    """Read a shared quiz's results: others' once one has finished, or it has closed."""
    return told(_board(sharing.board(db_session(), caller().person.id, quiz_id, clock.now())))


@operation("POST", "/shared-quizzes/<int:quiz_id>/close", Scope.STUDY, BoardOut)
def close_shared_quiz(quiz_id: int) -> Response:
    """Close one's own shared quiz now."""
    user_id, now = caller().person.id, clock.now()
    sharing.close(db_session(), user_id, quiz_id, now)
    return told(_board(sharing.board(db_session(), user_id, quiz_id, now)))


@operation("POST", "/shared-quizzes/<int:quiz_id>/address", Scope.STUDY, AddressOut)
def renew_address(quiz_id: int) -> Response:
    """Give one's own shared quiz another address; the one before leads nowhere any more."""
    secret = sharing.new_address(db_session(), caller().person.id, quiz_id)
    return told(AddressOut(secret=secret, address=_address(secret)))


@operation(
    "POST",
    "/shared-quizzes/<int:quiz_id>/people/<int:user_id>/remove",
    Scope.STUDY,
    None,
    HTTPStatus.NO_CONTENT,
)
def remove_from_shared_quiz(quiz_id: int, user_id: int) -> Response:
    """Take somebody off the list of one's own shared quiz."""
    sharing.remove(db_session(), caller().person.id, quiz_id, user_id, clock.now())
    return make_response("", HTTPStatus.NO_CONTENT)


def _address(secret: str) -> str:
    return url_for("sharing.invitation", secret=secret, _external=True)


def _quiz(one: OwnQuiz) -> SharedQuizOut:
    return SharedQuizOut(
        id=one.id,
        title=one.title,
        deck=one.deck_key,
        questions=one.questions,
        people=one.people,
        created=instant(one.created_epoch_s) or "",
        closes=instant(one.closes_epoch_s) or "",
    )


def _board(found: Board) -> BoardOut:
    """Return results; who takes part has a number for the owner alone, to be removed by."""
    standings = [
        StandingOut(
            user_id=one.user_id if found.is_owner else None,
            name=one.name,
            is_you=one.is_you,
            finished=one.finished,
            correct=one.correct,
            points=one.points,
            seconds=one.seconds,
            credits=list(one.credits),
        )
        for one in found.standings
    ]
    return BoardOut(
        id=found.quiz_id,
        title=found.title,
        deck=found.deck_key,
        questions=found.questions,
        stems=list(found.stems),
        max_points=found.max_points,
        closes=instant(found.closes_epoch_s) or "",
        closed=found.is_closed,
        people=found.people,
        session=found.session_token,
        standings=standings,
    )
