"""The second step of signing in: asked for, set up, and turned off."""

import hashlib
from http import HTTPStatus

import segno
from flask import Blueprint, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from markupsafe import Markup

from app import clock
from app.core.sentences import say
from app.services import accounts, second_factors, sign_ins
from app.services.accounts import Person, SignInRefused
from app.services.second_factors import Given, WrongCode
from app.web.accounts.forms import CodeForm, OwnPasswordForm
from app.web.accounts.sites import passkey_form
from app.web.current import (
    NotSignedIn,
    db_session,
    instance,
    person,
    remember,
    remote_address,
    signed_in,
)
from app.web.security import limiter

bp = Blueprint("second_step", __name__)
HALF = "half_signed_in"
"""In the session: who has given the right password, when, and which password that was."""
HALF_S = 300


def begin_second_step(found: Person) -> ResponseReturnValue:
    """Remember that the password was right, and ask for the code."""
    session[HALF] = [found.id, clock.now(), _print_of(found)]
    return redirect(url_for("second_step.code"), HTTPStatus.SEE_OTHER)


def finish(found: Person) -> ResponseReturnValue:
    """Sign somebody in; what they did as a guest goes with them."""
    guest = person()
    if guest is not None:
        accounts.merge_guest(db_session(), guest, found)
    remember(found)
    return redirect(url_for("study.today"), HTTPStatus.SEE_OTHER)


@bp.route("/sign-in/code", methods=["GET", "POST"])
@limiter.limit("100 per 5 minutes", methods=["POST"])
def code() -> ResponseReturnValue:
    """Take the code of the app, or a recovery code."""
    found = _half_signed_in()
    form = CodeForm()
    if form.validate_on_submit():
        try:
            key = instance().config.secret_key
            given = Given(str(form.code.data), remote_address())
            second_factors.check(db_session(), found.id, given, key, clock.now())
            return finish(found)
        except WrongCode as refusal:
            form.form_errors.append(str(refusal))
    return _page("accounts/code.html", form, passkey=passkey_form())


def _half_signed_in() -> Person:
    """Return who has given the right password a moment ago. Raises NotSignedIn."""
    user_id, at, print_of = session.get(HALF) or (0, 0, "")
    late = not 0 <= clock.now() - at <= HALF_S
    found = None if late else accounts.active_person(db_session(), user_id)
    if found is None or _print_of(found) != print_of:
        session.pop(HALF, None)
        raise NotSignedIn(say("Give your address and password first."))
    return found


def _print_of(found: Person) -> str:
    """Return what differs once the password is another."""
    stored = accounts.stored_password(db_session(), found.id)
    return hashlib.sha256(stored.encode()).hexdigest()[:16]


@bp.get("/settings/second-step")
def settings() -> ResponseReturnValue:
    """Say whether codes are asked for, and offer to change that."""
    return _settings(OwnPasswordForm(formdata=None))


@bp.post("/settings/second-step/begin")
@limiter.limit("10 per 5 minutes")
def begin() -> ResponseReturnValue:
    """Make a secret for an app, once the password was given again."""
    who, form = own_person(), OwnPasswordForm()
    if password_fits(who, form):
        second_factors.begin(db_session(), who.id, instance().config.secret_key)
        return redirect(url_for(".set_up"), HTTPStatus.SEE_OTHER)
    return _settings(form)


@bp.route("/settings/second-step/set-up", methods=["GET", "POST"])
@limiter.limit("10 per 5 minutes", methods=["POST"])
def set_up() -> ResponseReturnValue:
    """Show the secret; a first code shows that the app has it. Recovery codes are shown once."""
    who, form, key = own_person(), CodeForm(), instance().config.secret_key
    told = second_factors.enrolment(db_session(), who.id, who.email or "", key)
    if form.validate_on_submit():
        try:
            typed = str(form.code.data)
            codes = second_factors.confirm(db_session(), who.id, typed, key, clock.now())
            _end_others(who)
            return render_template("accounts/recovery_codes.html", codes=codes)
        except WrongCode as refusal:
            form.form_errors.append(str(refusal))
    picture = segno.make(told.uri, error="m").svg_inline(scale=5, border=4, light="#fff")
    return _page("accounts/set_up_app.html", form, told=told, picture=Markup(picture))  # noqa: S704 drawn by segno


@bp.post("/settings/second-step/codes")
@limiter.limit("10 per 5 minutes")
def codes() -> ResponseReturnValue:
    """Show new recovery codes once; the old ones are worth nothing."""
    who, form = own_person(), OwnPasswordForm()
    if password_fits(who, form):
        made = second_factors.renew_codes(db_session(), who.id, instance().config.secret_key)
        return render_template("accounts/recovery_codes.html", codes=made)
    return _settings(form)


@bp.post("/settings/second-step/off")
@limiter.limit("10 per 5 minutes")
def turn_off() -> ResponseReturnValue:
    """Ask for no code any more."""
    who, form = own_person(), OwnPasswordForm()
    if password_fits(who, form):
        second_factors.remove(db_session(), who.id)
        _end_others(who)
        return redirect(url_for(".settings"), HTTPStatus.SEE_OTHER)
    return _settings(form)


def own_person() -> Person:
    """Return who is signed in with an account. Raises NotSignedIn."""
    who = person()
    if who is None or who.is_guest:
        raise NotSignedIn(say("Sign in first."))
    return who


def password_fits(who: Person, form: OwnPasswordForm) -> bool:
    """Whether the form brings somebody's own password; it says so where not."""
    if not form.validate_on_submit():
        return False
    try:
        accounts.sign_in(db_session(), who.email or "", str(form.password.data))
    except SignInRefused:
        form.form_errors.append(_("That is not your password."))
        return False
    return True


def _end_others(who: Person) -> None:
    found = signed_in()
    if found is not None:
        sign_ins.end_others(db_session(), who.id, found.id)


def _settings(form: OwnPasswordForm) -> ResponseReturnValue:
    who = own_person()
    return _page(
        "accounts/second_step.html",
        form,
        is_on=second_factors.is_on(db_session(), who.id),
        codes_left=second_factors.codes_left(db_session(), who.id),
    )


def _page(template: str, form: CodeForm | OwnPasswordForm, **more: object) -> ResponseReturnValue:
    failed = bool(form.errors or form.form_errors)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if failed else HTTPStatus.OK
    return render_template(template, form=form, **more), status
