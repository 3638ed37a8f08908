"""Goals and reminders: the digest by e-mail, the calendar's secret address."""

from http import HTTPStatus

from flask import Blueprint, Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.services import reminders
from app.web.base import EmptyForm
from app.web.current import db_session, instance, learner_id
from app.web.reminders.forms import RemindersForm
from app.web.security import csrf

bp = Blueprint("reminders", __name__)


@bp.route("/reminders", methods=["GET", "POST"])
def settings() -> ResponseReturnValue:
    """Show and change the goal, the digest and the calendar."""
    wanted = reminders.reminders(db_session(), learner_id())
    form = RemindersForm(data={"goal": wanted.goal, "wants_digest": wanted.wants_digest})
    if not form.is_submitted():
        form.hour.data = str(wanted.hour)
    if form.validate_on_submit():
        reminders.save_reminders(db_session(), learner_id(), form.chosen())
        return redirect(url_for(".settings", saved=1), HTTPStatus.SEE_OTHER)
    page = render_template("reminders/settings.html", form=form, wanted=wanted, feed=None)
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK


@bp.post("/reminders/calendar")
def new_feed() -> ResponseReturnValue:
    """Make a new secret address, and show it this once: only its hash is kept."""
    EmptyForm().validate_on_submit()
    token = reminders.new_feed(db_session(), learner_id())
    wanted = reminders.reminders(db_session(), learner_id())
    form = RemindersForm(formdata=None, goal=wanted.goal, wants_digest=wanted.wants_digest)
    form.hour.data = str(wanted.hour)
    address = url_for(".feed", token=token, _external=True)
    return render_template("reminders/settings.html", form=form, wanted=wanted, feed=address)


@bp.post("/reminders/calendar/revoke")
def revoke_feed() -> ResponseReturnValue:
    """Make the calendar's address stop working."""
    reminders.revoke_feed(db_session(), learner_id())
    return redirect(url_for(".settings"), HTTPStatus.SEE_OTHER)


@bp.get("/calendar/<token>.ics")
def feed(token: str) -> ResponseReturnValue:
    """Give the calendar to whoever knows its address."""
    found = Response(reminders.feed(db_session(), token, clock.now()), mimetype="text/calendar")
    found.headers["Cache-Control"] = "private, max-age=3600"
    return found


@bp.get("/unsubscribe/<token>")
def confirm(token: str) -> ResponseReturnValue:
    """Ask whether to stop the digest: opening a link must change nothing."""
    reminders.signed_user(token, instance().config.secret_key)
    return render_template("reminders/unsubscribe.html", token=token, done=False)


@bp.post("/unsubscribe/<token>")
@csrf.exempt  # type: ignore[untyped-decorator]  # mail programs post without a page (RFC 8058)
def unsubscribe(token: str) -> ResponseReturnValue:
    """Stop the digest at one press, also from a mail program: the signed link is the right."""
    reminders.unsubscribe(db_session(), token, instance().config.secret_key)
    return render_template("reminders/unsubscribe.html", token=token, done=True)
