"""A new password for who forgot theirs."""

from http import HTTPStatus

import structlog
from flask import Blueprint, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app import clock
from app.core.errors import Refused
from app.instance import Instance
from app.mail import mailer
from app.services import rate_limits, resetting
from app.services.accounts import normal_email
from app.services.passwords import WeakPassword
from app.services.reminders import TryLater, Undeliverable
from app.web.accounts.forms import ForgottenForm, NewPasswordForm
from app.web.current import db_session, instance
from app.web.language import language
from app.web.security import limiter

bp = Blueprint("resetting", __name__)
MAILS, MAILS_S = 5, 86_400
"""Mails to one address in a day."""


@bp.route("/forgotten", methods=["GET", "POST"])
@limiter.limit("20 per hour", methods=["POST"])
def forgotten() -> ResponseReturnValue:
    """Ask for a link to a new password; whether there is an account is not said."""
    form = ForgottenForm()
    if form.validate_on_submit():
        return redirect_and_mail(str(form.email.data))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render_template("accounts/forgotten.html", form=form), status


def redirect_and_mail(email: str) -> ResponseReturnValue:
    """Answer first and look for the account afterwards: so the answer takes as long either way."""
    key = f"resets/{normal_email(email)}"
    often = rate_limits.count_one(db_session(), key, MAILS_S, clock.now()) > MAILS
    answer = make_response(redirect(url_for(".sent"), HTTPStatus.SEE_OTHER))
    if not often:
        here, spoken = instance(), language()
        answer.call_on_close(lambda: send_link(here, email, spoken))
    return answer


def send_link(here: Instance, email: str, spoken: str) -> None:
    """Mail a link to the account with an address, in a language, if there is one.

    A failure is logged.
    """
    try:
        with Session(here.engine) as session:
            token = resetting.link_for_address(session, email, clock.now())
        if token is not None:
            link = f"{here.config.site}/new-password/{token}"
            mail = resetting.message(normal_email(email), here.config.mail_from, link, spoken)
            mailer(here.config.smtp_url).send(mail)
    except (OSError, Undeliverable, TryLater, Refused) as error:
        structlog.get_logger(__name__).warning("reset_mail_failed", error=type(error).__name__)


@bp.get("/forgotten/sent")
def sent() -> ResponseReturnValue:
    """Say what happens now, the same for every address."""
    return render_template("accounts/forgotten_sent.html")


@bp.route("/new-password/<token>", methods=["GET", "POST"])
@limiter.limit("10 per 5 minutes", methods=["POST"])
def new_password(token: str) -> ResponseReturnValue:
    """Choose a new password by a link."""
    email = resetting.check_link(db_session(), token, clock.now())
    form = NewPasswordForm()
    if form.validate_on_submit():
        try:
            resetting.use_link(db_session(), token, str(form.password.data), clock.now())
            return redirect(url_for("accounts.sign_in", changed=1), HTTPStatus.SEE_OTHER)
        except WeakPassword as refusal:
            form.form_errors.append(str(refusal))
    failed = bool(form.errors or form.form_errors)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if failed else HTTPStatus.OK
    return render_template("accounts/new_password.html", form=form, email=email), status
