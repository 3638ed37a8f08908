"""The curators' queue of reports: read one, accept it, mend the fact, or reply."""

from http import HTTPStatus

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.core.accepting import CannotAccept, addition_to
from app.core.errors import NotAllowed
from app.core.questions import Direction
from app.core.sentences import say
from app.core.statistics import TYPED
from app.services import accepting, facts, reports
from app.services.reports import ReportDetail
from app.services.revisions import By
from app.web.accepting import REMARK_FOR_S, AcceptForm
from app.web.base import EmptyForm
from app.web.curators import check_deck, curators_only, own_decks
from app.web.current import db_session, learner_id, query
from app.web.reports.forms import DismissForm, QueueForm
from app.web.words import REPORT_KINDS, REPORT_STATES

bp = Blueprint("reports", __name__, url_prefix="/reports")

bp.before_request(curators_only)


@bp.get("/")
def queue() -> ResponseReturnValue:
    """List the reports that wait, or those that are closed; of one deck or of all."""
    form = QueueForm(query())
    own = own_decks()
    wanted = own & {form.deck_key} if form.deck_key else own
    found = reports.queue(db_session(), wanted, closed=form.wants_closed, page=form.page_number)
    return render_template(
        "reports/queue.html",
        found=found,
        form=form,
        decks=reports.open_decks(db_session(), own),
        remarkings=accepting.remarkings(db_session(), own),
        kinds=REPORT_KINDS,
        states=REPORT_STATES,
    )


@bp.get("/<int:user_id>/<token>")
def report(user_id: int, token: str) -> ResponseReturnValue:
    """Show a report whole, with what can be done."""
    found = _opened(user_id, token)
    form = AcceptForm(data={"accepted": found.typed, "direction": str(found.question.direction)})
    return _page(found, form, DismissForm())


@bp.post("/<int:user_id>/<token>/accept")
def accept(user_id: int, token: str) -> ResponseReturnValue:
    """Let the reported answer count, of everybody who gave it."""
    found, form = _opened(user_id, token), AcceptForm()
    if form.validate_on_submit() and form.carry_out(found.fact_id, (user_id, token)):
        return redirect(url_for(".queue", done="accepted"), HTTPStatus.SEE_OTHER)
    return _page(found, form, DismissForm()), HTTPStatus.UNPROCESSABLE_ENTITY


@bp.post("/<int:user_id>/<token>/dismiss")
def dismiss(user_id: int, token: str) -> ResponseReturnValue:
    """Close a report with a reply."""
    form = DismissForm()
    found = _opened(user_id, token)
    if not form.validate_on_submit():
        direction = str(found.question.direction)
        filled = AcceptForm(formdata=None, data={"accepted": found.typed, "direction": direction})
        return _page(found, filled, form), HTTPStatus.UNPROCESSABLE_ENTITY
    by = By(learner_id(), clock.now())
    reports.dismiss(db_session(), user_id, token, str(form.reply.data), by)
    return redirect(url_for(".queue", done="replied"), HTTPStatus.SEE_OTHER)


@bp.post("/go-on")
def go_on() -> ResponseReturnValue:
    """Go on marking earlier answers anew where that has not come to its end."""
    if not EmptyForm().validate_on_submit():
        raise NotAllowed(say("Go back and press the button once more."))
    accepting.go_on(db_session(), clock.now(), REMARK_FOR_S)
    return redirect(url_for(".queue"), HTTPStatus.SEE_OTHER)


def _opened(user_id: int, token: str) -> ReportDetail:
    found = reports.opened(db_session(), user_id, token)
    check_deck(found.deck_key)
    return found


def _page(found: ReportDetail, form: AcceptForm, dismiss_form: DismissForm) -> str:
    return render_template(
        "reports/report.html",
        found=found,
        form=form,
        dismiss_form=dismiss_form,
        why_not=_why_not(found),
        kinds=REPORT_KINDS,
        states=REPORT_STATES,
    )


def _why_not(found: ReportDetail) -> str:
    """Return why no answer can be added here; "" where one can."""
    if found.question.type not in TYPED:
        return say("Only typed answers can be let count; an option is right or wrong by its fact.")
    fact = facts.open_fact(db_session(), found.fact_id).fact
    try:
        addition_to(fact, Direction(found.question.direction), found.typed or "x")
    except CannotAccept as refusal:
        return str(refusal)
    return ""
