"""Signing up: in one step, or by a link that comes by mail or from an admin."""

from email.message import EmailMessage
from functools import partial
from http import HTTPStatus

from flask import Blueprint, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app import clock
from app.core.errors import NotAllowed
from app.core.sentences import say
from app.instance import Instance
from app.services import accounts, signing_up
from app.services.accounts import AddressTaken, normal_email
from app.services.passwords import WeakPassword
from app.web.accounts.forms import AddressForm, NewPasswordForm, SignUpForm
from app.web.accounts.mailing import mail_afterwards
from app.web.current import db_session, instance, person, remember
from app.web.language import language
from app.web.security import limiter

bp = Blueprint("joining", __name__)


@bp.route("/sign-up", methods=["GET", "POST"])
@limiter.limit("60 per hour", methods=["POST"])
def sign_up() -> ResponseReturnValue:
    """Sign up: by mail where mail can be sent, by invitation where that is set, else at once."""
    config = instance().config
    if config.sign_up == "invitation":
        return _by_invitation()
    return _by_mail() if config.smtp_url else _at_once()


def _at_once() -> ResponseReturnValue:
    """Make an account in one step; a guest keeps everything."""
    form = SignUpForm()
    if form.validate_on_submit():
        try:
            email, password = str(form.email.data), str(form.password.data)
            remember(accounts.sign_up(db_session(), person(), email, password, clock.now()))
            return redirect(url_for("study.today"), HTTPStatus.SEE_OTHER)
        except (AddressTaken, WeakPassword) as refusal:
            form.form_errors.append(str(refusal))
    failed = bool(form.errors or form.form_errors)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if failed else HTTPStatus.OK
    return render_template("accounts/sign_up.html", form=form), status


def _by_mail() -> ResponseReturnValue:
    """Mail a link; whether there is an account is said to the address alone."""
    form = AddressForm()
    if form.validate_on_submit():
        answer = make_response(redirect(url_for(".sent"), HTTPStatus.SEE_OTHER))
        return mail_afterwards(
            answer, "sign-ups", str(form.email.data), partial(mail_to, language())
        )
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render_template("accounts/sign_up_by_mail.html", form=form), status


def mail_to(spoken: str, here: Instance, session: Session, email: str) -> EmailMessage:
    """Return the mail, in a language, to an address that wants to sign up."""
    token = signing_up.link_for_address(session, email, clock.now())
    config = here.config
    return signing_up.message(
        normal_email(email), config.mail_from, config.site, token, language=spoken
    )


def _by_invitation() -> ResponseReturnValue:
    form = AddressForm()
    if form.is_submitted():
        raise NotAllowed(say("Accounts are made by invitation here. Ask an admin for a link."))
    return render_template("accounts/by_invitation.html")


@bp.get("/sign-up/sent")
def sent() -> ResponseReturnValue:
    """Say what happens now, the same for every address."""
    return render_template("accounts/sign_up_sent.html")


@bp.route("/join/<token>", methods=["GET", "POST"])
@limiter.limit("60 per 5 minutes", methods=["POST"])
def join(token: str) -> ResponseReturnValue:
    """Choose a password, which makes the account of a link; a guest keeps everything."""
    email = signing_up.check_link(db_session(), token, clock.now())
    form = NewPasswordForm()
    if form.validate_on_submit():
        try:
            password = str(form.password.data)
            made = signing_up.use_link(db_session(), token, person(), password, clock.now())
            remember(made)
            return redirect(url_for("study.today"), HTTPStatus.SEE_OTHER)
        except (AddressTaken, WeakPassword) as refusal:
            form.form_errors.append(str(refusal))
    failed = bool(form.errors or form.form_errors)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if failed else HTTPStatus.OK
    return render_template("accounts/join.html", form=form, email=email), status
