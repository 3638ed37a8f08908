"""Signing up, in and out; settings; the first admin."""

from collections.abc import Iterator
from http import HTTPStatus
from tempfile import SpooledTemporaryFile

from flask import Blueprint, Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest

from app import clock
from app.core.errors import Refused
from app.core.sentences import say
from app.services import accounts, personal_data, second_factors, sign_ins
from app.services.accounts import AddressTaken, LastAdmin, SignInRefused
from app.services.passwords import WeakPassword
from app.services.sign_ins import SignedIn
from app.web.accounts import joining, passkeys, resetting, second_step
from app.web.accounts.forms import DeleteForm, PasswordForm, SettingsForm, SignInForm, SignUpForm
from app.web.accounts.sites import passkey_form
from app.web.base import EmptyForm, Form
from app.web.current import (
    NotSignedIn,
    choose_language,
    db_session,
    forget,
    instance,
    person,
    query,
    remember,
    signed_in,
)
from app.web.security import check_tries, count_try, limiter

__all__ = ["bp", "joining", "passkeys", "resetting", "second_step"]
bp = Blueprint("accounts", __name__)
IN_MEMORY = 1_000_000
"""Bytes of an export that need no file."""
PIECE = 65_536


@bp.route("/sign-in", methods=["GET", "POST"])
@limiter.limit("100 per 5 minutes", methods=["POST"])
def sign_in() -> ResponseReturnValue:
    """Sign in."""
    form = SignInForm()
    if form.validate_on_submit():
        check_tries()
        try:
            found = accounts.sign_in(db_session(), str(form.email.data), str(form.password.data))
            if second_factors.is_on(db_session(), found.id):
                return second_step.begin_second_step(found)
            return second_step.finish(found)
        except SignInRefused as refusal:
            count_try()
            form.form_errors.append(str(refusal))
    return _page(
        "accounts/sign_in.html",
        form,
        changed="changed" in query(),
        passkey=passkey_form(),
    )


@bp.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """Sign out of this browser."""
    if EmptyForm().validate_on_submit():
        forget()
    return redirect(url_for("home.start"), HTTPStatus.SEE_OTHER)


@bp.route("/settings", methods=["GET", "POST"])
def settings() -> ResponseReturnValue:
    """Change one's own settings."""
    who = person()
    if who is None:
        raise NotSignedIn(say("Sign in first."))
    form = SettingsForm(obj=who)
    if form.validate_on_submit():
        try:
            wanted = form.chosen()
            accounts.save_settings(db_session(), who, wanted)
            choose_language(wanted.language)
            return redirect(url_for(".settings"), HTTPStatus.SEE_OTHER)
        except Refused as refusal:
            form.form_errors.append(str(refusal))
    return _page("accounts/settings.html", form)


@bp.route("/settings/password", methods=["GET", "POST"])
@limiter.limit("10 per 5 minutes", methods=["POST"])
def password() -> ResponseReturnValue:
    """Change the password; every other session ends."""
    who = person()
    if who is None or who.is_guest:
        raise NotSignedIn(say("Sign in first."))
    form = PasswordForm()
    if form.validate_on_submit():
        try:
            old, new = str(form.old.data), str(form.new.data)
            remember(accounts.change_password(db_session(), who, old, new))
            return redirect(url_for(".settings"), HTTPStatus.SEE_OTHER)
        except (SignInRefused, WeakPassword) as refusal:
            form.form_errors.append(str(refusal))
    return _page("accounts/password.html", form)


@bp.get("/settings/sign-ins")
def own_sign_ins() -> ResponseReturnValue:
    """List the browsers that one is signed in with."""
    found = own_sign_in()
    return render_template(
        "accounts/sign_ins.html",
        here=found.id,
        sign_ins=sign_ins.own(db_session(), found.person.id),
    )


@bp.post("/settings/sign-ins/<int:sign_in_id>/end")
def end_sign_in(sign_in_id: int) -> ResponseReturnValue:
    """Sign another of one's browsers out."""
    found = own_sign_in()
    if not EmptyForm().validate_on_submit():
        raise BadRequest
    sign_ins.end_one(db_session(), found.person.id, sign_in_id)
    return redirect(url_for(".own_sign_ins"), HTTPStatus.SEE_OTHER)


@bp.post("/settings/sign-ins/end-others")
def end_others() -> ResponseReturnValue:
    """Sign out everywhere else."""
    found = own_sign_in()
    if not EmptyForm().validate_on_submit():
        raise BadRequest
    sign_ins.end_others(db_session(), found.person.id, found.id)
    return redirect(url_for(".own_sign_ins"), HTTPStatus.SEE_OTHER)


@bp.get("/settings/data")
def data() -> ResponseReturnValue:
    """Offer everything that the account holds, and to delete it."""
    own_sign_in()
    return _page("accounts/data.html", DeleteForm(formdata=None))


@bp.get("/settings/data/everything.zip")
@limiter.limit("10 per hour")
def everything() -> ResponseReturnValue:
    """Send everything of one's own as a ZIP file of JSON and CSV."""
    found = own_sign_in()
    answer = Response(_archive(instance().engine, found.person.id), mimetype="application/zip")
    answer.headers["Content-Disposition"] = 'attachment; filename="factdeck.zip"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _archive(engine: Engine, user_id: int) -> Iterator[bytes]:
    """Yield an export in pieces; it is made once somebody reads it, and its file goes with it."""
    with SpooledTemporaryFile(IN_MEMORY) as file:
        with Session(engine) as session:  # ends before the first piece: readers may be slow
            personal_data.export(session, user_id, file)
        file.seek(0)
        while piece := file.read(PIECE):
            yield piece


@bp.post("/settings/data/delete")
@limiter.limit("10 per 5 minutes")
def delete() -> ResponseReturnValue:
    """Delete one's own account for good."""
    found, form = own_sign_in(), DeleteForm()
    if form.validate_on_submit():
        try:
            keep = form.answers.data == "keep"
            password = str(form.password.data)
            personal_data.delete_account(db_session(), found.person, password, keep_answers=keep)
            forget()
            return redirect(url_for("home.start"), HTTPStatus.SEE_OTHER)
        except (SignInRefused, LastAdmin) as refusal:
            form.form_errors.append(str(refusal))
    return _page("accounts/data.html", form)


def own_sign_in() -> SignedIn:
    """Return the sign-in of somebody with an account. Raises NotSignedIn."""
    found = signed_in()
    if found is None or found.person.is_guest:
        raise NotSignedIn(say("Sign in first."))
    return found


@bp.route("/setup/<token>", methods=["GET", "POST"])
@limiter.limit("10 per minute", methods=["POST"])
def setup(token: str) -> ResponseReturnValue:
    """Make the first admin by the one-time link."""
    accounts.check_setup_link(db_session(), token, clock.now())
    form = SignUpForm()
    if form.validate_on_submit():
        try:
            email, password = str(form.email.data), str(form.password.data)
            remember(accounts.use_setup_link(db_session(), token, email, password, clock.now()))
            return redirect(url_for("home.start"), HTTPStatus.SEE_OTHER)
        except (AddressTaken, WeakPassword) as refusal:
            form.form_errors.append(str(refusal))
    return _page("accounts/setup.html", form)


def _page(template: str, form: Form, **more: object) -> ResponseReturnValue:
    failed = bool(form.errors or form.form_errors)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if failed else HTTPStatus.OK
    return render_template(template, form=form, **more), status
