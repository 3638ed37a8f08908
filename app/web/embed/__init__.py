"""A shared quiz in a frame of another site's page: apart from the whole site, without cookies.

Only sites that a curator has named may show these pages, and these pages alone may be shown. They
know nobody who is signed in: who takes part is said by the signed seat in the address, so a page
around the frame has no right to borrow, and tokens against forgery would guard nothing.
"""

from http import HTTPStatus

from flask import Blueprint, Response, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import TooManyRequests

from app import clock
from app.core.errors import NotAllowed, NotFound, Refused
from app.core.sentences import say
from app.models.failures import Busy, NotStored
from app.services import answering, quiz, rate_limits, sharing
from app.services.answering import ShownPage
from app.services.rate_limits import TooOften
from app.services.sharing import QuizClosed, Seat
from app.web.answers import AnswerForm, seated_answer_form
from app.web.base import WITHOUT_TOKEN
from app.web.current import (
    SEAT,
    address_parts,
    count_guest,
    db_session,
    forget_person,
    instance,
    let_frame,
    seat_before,
    start_afresh,
)
from app.web.errors import not_now, status_of
from app.web.observing import answers
from app.web.security import limiter
from app.web.taking_part import JoinForm

bp = Blueprint("embed", __name__, url_prefix="/embed")
REMEMBERED_S = 30 * 86_400
OPENED = "1200 per minute"
"""Of one address: a lecture hall has one, and its people open a page at once."""


@bp.before_request
def frame() -> None:
    """Forget who is signed in here, and let the named sites show the page."""
    forget_person()
    parts = address_parts()
    if "seat" in parts:
        quiz_id = _seat(str(parts["seat"])).quiz_id
        let_frame(sharing.frames_of(db_session(), quiz_id=quiz_id))
    elif "secret" in parts:
        let_frame(sharing.frames_of(db_session(), secret=str(parts["secret"])))


@bp.after_request
def keep_apart(response: Response) -> Response:
    """Keep addresses that are secrets out of search engines and caches."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.errorhandler(Refused)
def refused(error: Refused) -> ResponseReturnValue:
    """Say what was refused within the frame, without ways into the rest of the site."""
    start_afresh()
    is_seated = not isinstance(error, NotFound | NotAllowed)
    seat = str(address_parts().get("seat", "")) if is_seated else ""
    return render_template("embed/refused.html", message=str(error), seat=seat), status_of(error)


@bp.errorhandler(TooManyRequests)
def too_often(error: TooManyRequests) -> ResponseReturnValue:  # noqa: ARG001 what it says is English
    """Say that an address asks too often, within the frame."""
    return refused(TooOften(say("That was too often. Wait a minute, then try again.")))


@bp.get("/<secret>")
@limiter.limit(lambda: OPENED)
def start(secret: str) -> ResponseReturnValue:
    """Show what the quiz is, and ask for a name."""
    return _start_page(secret, JoinForm(meta=WITHOUT_TOKEN))


@bp.post("/<secret>")
@limiter.limit(lambda: OPENED)
def join(secret: str) -> ResponseReturnValue:
    """Take a seat as a guest, and show the first question; whoever has one goes on there."""
    taken = _taken_before(secret)
    if taken:
        return redirect(url_for(".current", seat=taken), HTTPStatus.SEE_OTHER)
    form = JoinForm(meta=WITHOUT_TOKEN)
    if not form.validate_on_submit():
        return _start_page(secret, form), HTTPStatus.UNPROCESSABLE_ENTITY
    count_guest()
    key, name, now = instance().config.secret_key, form.shown_name, clock.now()
    try:
        seat = sharing.take_seat(db_session(), secret, name, key, now)
    except sharing.NotSeated as told:
        form.name.errors = [str(told)]
        return _start_page(secret, form), HTTPStatus.UNPROCESSABLE_ENTITY
    return _remembered(_on(seat), secret, seat)


@bp.get("/as/<seat>")
def current(seat: str) -> ResponseReturnValue:
    """Say how far one has come, with a button to go on."""
    return _results_page(seat)


@bp.post("/as/<seat>/next")
def following(seat: str) -> ResponseReturnValue:
    """Show the next question; pressed twice it is the same."""
    return _on(seat)


@bp.get("/as/<seat>/questions/<token>")
def question(seat: str, token: str) -> ResponseReturnValue:
    """Show a question; one that has been answered shows its feedback."""
    shown = _shown(seat, token)
    if shown.answered:
        return redirect(url_for(".feedback", seat=seat, token=token), HTTPStatus.SEE_OTHER)
    return _question_page(seat, shown, seated_answer_form(shown.question))


@bp.post("/as/<seat>/questions/<token>")
def answer(seat: str, token: str) -> ResponseReturnValue:
    """Take an answer; sent twice, it counts once."""
    shown, who = _shown(seat, token), _seat(seat).user_id
    form = seated_answer_form(shown.question)
    if not form.validate_on_submit():
        return _question_page(seat, shown, form), HTTPStatus.UNPROCESSABLE_ENTITY
    given = form.answered()
    try:
        rate_limits.check_answers(db_session(), who, clock.now())
        mark = answering.take(db_session(), who, shown, given, clock.now(), form.took_ms)
    except (Busy, NotStored) as error:
        start_afresh()
        return not_now(_question_page(seat, shown, form, not_stored=error), error)
    if mark is not None:
        answers.labels(str(shown.question.type), str(mark.verdict)).inc()
    return redirect(url_for(".feedback", seat=seat, token=token), HTTPStatus.SEE_OTHER)


@bp.get("/as/<seat>/questions/<token>/feedback")
def feedback(seat: str, token: str) -> ResponseReturnValue:
    """Show the mark, the right answer and the passage that proves it."""
    if not _shown(seat, token).answered:
        return redirect(url_for(".question", seat=seat, token=token), HTTPStatus.SEE_OTHER)
    given = answering.feedback(db_session(), _seat(seat).user_id, token)
    return render_template("embed/feedback.html", feedback=given, seat=seat)


def _seat(seat: str) -> Seat:
    return sharing.seat_of(db_session(), seat, instance().config.secret_key)


def _shown(seat: str, token: str) -> ShownPage:
    return answering.shown(db_session(), _seat(seat).user_id, token)


def _on(seat: str) -> Response:
    """Lead on to the next question, or to the results at the end."""
    who = _seat(seat)
    try:
        token = quiz.next_question(db_session(), who.user_id, who.session_token, clock.now())
    except QuizClosed:
        token = None
    page = url_for(".question", seat=seat, token=token) if token else url_for(".current", seat=seat)
    return make_response(redirect(page, HTTPStatus.SEE_OTHER))


def _results_page(seat: str) -> str:
    who = _seat(seat)
    board = sharing.board(db_session(), who.user_id, who.quiz_id, clock.now())
    return render_template("embed/results.html", board=board, seat=seat)


def _question_page(
    seat: str, shown: ShownPage, form: AnswerForm, not_stored: Refused | None = None
) -> str:
    return render_template(
        "embed/question.html", shown=shown, answer_form=form, seat=seat, not_stored=not_stored
    )


def _start_page(secret: str, form: JoinForm) -> str:
    found = sharing.invitation(db_session(), secret, None, clock.now())
    seat = _taken_before(secret)
    return render_template("embed/start.html", quiz=found, secret=secret, form=form, seat=seat)


def _taken_before(secret: str) -> str:
    """Return the seat that this frame has taken in a quiz, "" for none."""
    quiz_id = sharing.invitation(db_session(), secret, None, clock.now()).quiz_id
    seat, key = seat_before(), instance().config.secret_key
    return seat if sharing.is_seat(db_session(), seat, key, quiz_id) else ""


def _remembered(response: Response, secret: str, seat: str) -> Response:
    """Let the frame find its seat again when its page is loaded anew; under https alone.

    The cookie is a bookmark and no right: nothing is done by it, and it is kept apart for each
    site around the frame (CHIPS).
    """
    if instance().config.https:
        response.set_cookie(
            SEAT,
            seat,
            max_age=REMEMBERED_S,
            path=url_for(".start", secret=secret),
            secure=True,
            httponly=True,
            samesite="None",
            partitioned=True,
        )
    return response
