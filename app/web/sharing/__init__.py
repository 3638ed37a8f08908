"""Quizzes shared by a link: made, opened by their address, compared, closed."""

from http import HTTPStatus

from flask import Blueprint, Response, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from app import clock
from app.core.errors import NotFound, Refused
from app.services import curating, decks, quiz, sharing
from app.services.accounts import Person
from app.services.sessions import zone_of
from app.services.sharing import NotSeated
from app.web.base import EmptyForm
from app.web.current import (
    NotSignedIn,
    db_session,
    ensure_learner_id,
    learner_id,
    person,
)
from app.web.security import limiter
from app.web.sharing import sites
from app.web.sharing.forms import ShareForm
from app.web.taking_part import JoinForm

__all__ = ["bp", "sites"]
bp = Blueprint("sharing", __name__)
OPENED = "1200 per minute"
"""Of one address: a lecture hall has one, and its people open a link at once."""


@bp.get("/sharing")
def own() -> ResponseReturnValue:
    """List the quizzes that one shares."""
    found = sharing.own(db_session(), _owner().id)
    return render_template("sharing/own.html", quizzes=found, now=clock.now())


@bp.get("/decks/<key>/share")
def new(key: str) -> ResponseReturnValue:
    """Offer to share a quiz of a deck."""
    who = _owner()
    return _form_page(key, ShareForm(formdata=None).prepared(zone_of(who.time_zone), clock.now()))


@bp.post("/decks/<key>/share")
@limiter.limit("60 per hour")
def make(key: str) -> ResponseReturnValue:
    """Share a quiz and tell its address, this once: only its hash is kept."""
    who = _owner()
    zone = zone_of(who.time_zone)
    form = ShareForm()
    if not form.validate_on_submit():
        return _form_page(key, form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        wanted = form.wanted(key, zone)
        quiz_id, secret = sharing.make(db_session(), who.id, wanted, clock.now())
    except NotFound:
        raise
    except Refused as refused:
        form.form_errors = [str(refused)]
        return _form_page(key, form), HTTPStatus.UNPROCESSABLE_ENTITY
    return _address_page(who, quiz_id, secret, HTTPStatus.CREATED)


@bp.post("/shared/<int:quiz_id>/address")
@limiter.limit("60 per hour")
def new_address(quiz_id: int) -> ResponseReturnValue:
    """Give a quiz another address, and tell it this once; the one before is dead."""
    who = _owner()
    _check_token()
    secret = sharing.new_address(db_session(), who.id, quiz_id)
    return _address_page(who, quiz_id, secret, HTTPStatus.OK)


@bp.get("/shared/<int:quiz_id>")
def results(quiz_id: int) -> ResponseReturnValue:
    """Show the results side by side, as much of them as one may see."""
    found = sharing.board(db_session(), learner_id(), quiz_id, clock.now())
    return _unlisted(render_template("sharing/results.html", board=found))


@bp.post("/shared/<int:quiz_id>/close")
def close(quiz_id: int) -> ResponseReturnValue:
    """Close a quiz now."""
    _check_token()
    sharing.close(db_session(), _owner().id, quiz_id, clock.now())
    return redirect(url_for(".results", quiz_id=quiz_id), HTTPStatus.SEE_OTHER)


@bp.post("/shared/<int:quiz_id>/people/<int:user_id>/remove")
def remove(quiz_id: int, user_id: int) -> ResponseReturnValue:
    """Take somebody off a quiz's list."""
    _check_token()
    sharing.remove(db_session(), _owner().id, quiz_id, user_id, clock.now())
    return redirect(url_for(".results", quiz_id=quiz_id), HTTPStatus.SEE_OTHER)


@bp.get("/shared/with/<secret>")
@limiter.limit(OPENED)
def invitation(secret: str) -> ResponseReturnValue:
    """Show a shared quiz to whoever has its address."""
    who = person()
    return _invitation_page(secret, JoinForm(name=who.display_name if who else ""))


@bp.post("/shared/with/<secret>")
@limiter.limit(OPENED)
def join(secret: str) -> ResponseReturnValue:
    """Take part and show the first question, or the one where one stopped."""
    form = JoinForm()
    found = sharing.invitation(db_session(), secret, _known_id(), clock.now())
    if found.session_token is None and not form.validate_on_submit():
        return _invitation_page(secret, form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        learner = ensure_learner_id()
        token = sharing.join(db_session(), secret, learner, form.shown_name, clock.now())
    except NotSeated as refused:
        form.name.errors = [str(refused)]
        return _invitation_page(secret, form), HTTPStatus.UNPROCESSABLE_ENTITY
    question = quiz.next_question(db_session(), learner, token, clock.now())
    if question is None:
        return redirect(url_for(".results", quiz_id=found.quiz_id), HTTPStatus.SEE_OTHER)
    return redirect(url_for("answering.question", token=question), HTTPStatus.SEE_OTHER)


def _known_id() -> int | None:
    who = person()
    return who.id if who else None


def _owner() -> Person:
    who = person()
    if who is None or who.is_guest:
        raise NotSignedIn("Sign in first.")
    return who


def _check_token() -> None:
    if not EmptyForm().validate_on_submit():
        raise BadRequest


def _form_page(key: str, form: ShareForm) -> str:
    deck = decks.deck_card(db_session(), key)
    return render_template("sharing/new.html", deck=deck, form=form)


def _address_page(who: Person, quiz_id: int, secret: str, status: int) -> Response:
    board = sharing.board(db_session(), who.id, quiz_id, clock.now())
    page = render_template(
        "sharing/address.html",
        board=board,
        address=url_for(".invitation", secret=secret, _external=True),
        frame=url_for("embed.start", secret=secret, _external=True),
        sites=sharing.origins_of(db_session(), board.deck_key),
        curates=board.deck_key in curating.own_decks(db_session(), who),
    )
    return _unlisted(page, status)


def _invitation_page(secret: str, form: JoinForm) -> Response:
    found = sharing.invitation(db_session(), secret, _known_id(), clock.now())
    return _unlisted(
        render_template("sharing/invitation.html", quiz=found, secret=secret, form=form)
    )


def _unlisted(page: str, status: int = HTTPStatus.OK) -> Response:
    """Return a page that no search engine lists and no cache keeps: its address is a secret."""
    answer = make_response(page, status)
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.headers["Cache-Control"] = "no-store"
    return answer
