"""What learners decide about their study: limits, facts set aside, backlog, pauses, prediction."""

from collections.abc import Callable
from http import HTTPStatus

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from app import clock
from app.services import leeches, memory_events, optimising, study
from app.services.study import NotPossible
from app.web.curators import whole_number
from app.web.current import db_session, learner_id, query
from app.web.planner.forms import AheadForm, DeckStudyForm, StudyForm

bp = Blueprint("planner", __name__, url_prefix="/planner")

CHANGES: dict[str, Callable[[Session, int, int, int], str | None]] = {
    "bury": memory_events.bury,
    "suspend": memory_events.suspend,
    "resume": memory_events.resume,
    "reset": memory_events.reset,
    "known": memory_events.mark_known,
}


@bp.route("/settings", methods=["GET", "POST"])
def settings() -> ResponseReturnValue:
    """Show and change how one studies."""
    wishes = study.wishes(db_session(), learner_id())
    form = StudyForm.of(wishes)
    if form.validate_on_submit():
        try:
            study.save_wishes(db_session(), learner_id(), form.chosen(wishes))
            return _back(told="saved")
        except NotPossible as refusal:
            form.form_errors.append(str(refusal))
    failed = bool(form.errors or form.form_errors)
    page = render_template(
        "planner/settings.html",
        form=form,
        wishes=wishes,
        today=study.today(db_session(), learner_id(), None, clock.now()),
        fits=optimising.fits(db_session(), learner_id()),
        moved=_moved(),
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if failed else HTTPStatus.OK


@bp.route("/decks/<key>", methods=["GET", "POST"])
def deck(key: str) -> ResponseReturnValue:
    """Show and change what one wants otherwise in a deck."""
    wishes = study.deck_wishes(db_session(), learner_id(), key, clock.now())
    form = DeckStudyForm.of(wishes)
    if form.validate_on_submit():
        wanted = (form.share(), form.target_day())
        try:
            moved = study.save_deck_wishes(db_session(), learner_id(), key, wanted, clock.now())
        except study.DayIsOver as refusal:
            form.target.errors = [str(refusal)]
            return _deck_page(wishes, form, AheadForm(formdata=None, days=7))
        if wanted[1] is None:
            return redirect(url_for("home.deck", key=key), HTTPStatus.SEE_OTHER)
        return redirect(url_for(".deck", key=key, moved=moved), HTTPStatus.SEE_OTHER)
    return _deck_page(wishes, form, AheadForm(formdata=None, days=7))


@bp.post("/decks/<key>/ahead")
def ahead(key: str) -> ResponseReturnValue:
    """Begin a session that also asks what is due soon."""
    wishes = study.deck_wishes(db_session(), learner_id(), key, clock.now())
    form = AheadForm()
    if not form.validate_on_submit():
        return _deck_page(wishes, DeckStudyForm.of(wishes), form)
    days = int(form.days.data or 1)
    token = study.start(db_session(), learner_id(), key, clock.now(), ahead_days=days)
    return _go_on(token)


def _deck_page(
    wishes: study.DeckWishes, form: DeckStudyForm, ahead_form: AheadForm
) -> ResponseReturnValue:
    failed = bool(form.errors or ahead_form.errors)
    page = render_template(
        "planner/deck.html", wishes=wishes, form=form, ahead_form=ahead_form, moved=_moved()
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if failed else HTTPStatus.OK


@bp.get("/aside")
def aside() -> ResponseReturnValue:
    """List what is not asked for now, and what keeps slipping."""
    found = leeches.set_aside(db_session(), learner_id(), clock.now())
    return render_template("planner/aside.html", facts=found)


@bp.post("/facts/<int:fact_id>/<change>")
def change_fact(fact_id: int, change: str) -> ResponseReturnValue:
    """Set a fact aside, take it up again, forget it, or know it already."""
    if change not in CHANGES:
        raise NotFound
    token = CHANGES[change](db_session(), learner_id(), fact_id, clock.now())
    return _go_on(token) if token else redirect(url_for(".aside"), HTTPStatus.SEE_OTHER)


@bp.get("/history")
def history() -> ResponseReturnValue:
    """List the latest answers, each of which can still be undone."""
    answers = study.latest_answers(db_session(), learner_id())
    return render_template("planner/history.html", answers=answers)


@bp.post("/pause")
def pause() -> ResponseReturnValue:
    """Stop being asked."""
    study.pause(db_session(), learner_id(), clock.now())
    return _back()


@bp.post("/come-back")
def come_back() -> ResponseReturnValue:
    """Be asked again, without a pile."""
    return _back(study.come_back(db_session(), learner_id(), clock.now()))


@bp.post("/reschedule")
def reschedule() -> ResponseReturnValue:
    """Spread the backlog over the coming days."""
    return _back(study.reschedule(db_session(), learner_id(), clock.now()))


@bp.post("/fit")
def fit() -> ResponseReturnValue:
    """Ask for a fit of one's own parameters."""
    optimising.ask_for(db_session(), learner_id(), suggestion=False)
    return _back(told="asked")


@bp.post("/suggest")
def suggest() -> ResponseReturnValue:
    """Ask for a suggested retention."""
    optimising.ask_for(db_session(), learner_id(), suggestion=True)
    return _back(told="asked")


@bp.post("/usual")
def usual() -> ResponseReturnValue:
    """Go back to the parameters that everybody starts with."""
    optimising.use_defaults(db_session(), learner_id(), clock.now())
    return _back()


@bp.post("/move-all")
def move_all() -> ResponseReturnValue:
    """Decide anew when each fact is due."""
    return _back(optimising.reschedule_all(db_session(), learner_id(), clock.now()))


def _back(moved: int | None = None, told: str | None = None) -> ResponseReturnValue:
    return redirect(url_for(".settings", moved=moved, told=told), HTTPStatus.SEE_OTHER)


def _moved() -> int | None:
    """Return how many facts got another day, as the redirect to this page says; None if nothing."""
    told = query().get("moved", "")
    return whole_number(told) if told else None


def _go_on(session_token: str) -> ResponseReturnValue:
    question = study.next_question(db_session(), learner_id(), session_token, clock.now())
    if question is None:
        return redirect(url_for("study.done", token=session_token), HTTPStatus.SEE_OTHER)
    return redirect(url_for("answering.question", token=question), HTTPStatus.SEE_OTHER)
