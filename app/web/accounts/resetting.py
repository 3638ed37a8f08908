"""A new password for who forgot theirs."""

from email.message import EmailMessage
from functools import partial
from http import HTTPStatus

from flask import Blueprint, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app import clock
from app.instance import Instance
from app.services import resetting
from app.services.accounts import normal_email
from app.services.passwords import WeakPassword
from app.web.accounts.forms import AddressForm, NewPasswordForm
from app.web.accounts.mailing import mail_afterwards
from app.web.current import db_session
from app.web.language import language
from app.web.security import limiter

bp = Blueprint("resetting", __name__)


@bp.route("/forgotten", methods=["GET", "POST"])
@limiter.limit("20 per hour", methods=["POST"])
def forgotten() -> ResponseReturnValue:
    """Ask for a link to a new password; whether there is an account is not said."""
    form = AddressForm()
    if form.validate_on_submit():
        answer = make_response(redirect(url_for(".sent"), HTTPStatus.SEE_OTHER))
        return mail_afterwards(answer, "resets", str(form.email.data), partial(mail_to, language()))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render_template("accounts/forgotten.html", form=form), status


def mail_to(spoken: str, here: Instance, session: Session, email: str) -> EmailMessage | None:
    """Return the mail with a link, in a language, where there is an account with an address."""
    token = resetting.link_for_address(session, email, clock.now())
    if token is None:
        return None
    link = f"{here.config.site}/new-password/{token}"
    return resetting.message(normal_email(email), here.config.mail_from, link, spoken)


@bp.get("/forgotten/sent")
def sent() -> ResponseReturnValue:
    """Say what happens now, the same for every address."""
    return render_template("accounts/forgotten_sent.html")


@bp.route("/new-password/<token>", methods=["GET", "POST"])
@limiter.limit("60 per 5 minutes", methods=["POST"])
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
