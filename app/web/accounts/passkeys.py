"""Passkeys: signing in with a device, and adding, naming and removing one's own."""

from http import HTTPStatus

from flask import Blueprint, Response, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from app import clock
from app.core.errors import Conflict
from app.services import passkeys, sign_ins
from app.services.accounts import Person
from app.services.passkeys import New, PasskeyRefused
from app.web.accounts.forms import (
    NewPasskeyForm,
    OwnPasswordForm,
    PasskeyForm,
    PasskeyNameForm,
    SignInForm,
)
from app.web.accounts.second_step import finish, own_person, password_fits
from app.web.accounts.sites import named_site, passkey_form, site
from app.web.base import EmptyForm
from app.web.current import db_session, signed_in
from app.web.security import limiter

bp = Blueprint("passkeys", __name__)
CHALLENGE = "passkey_challenge"
"""In the session: the secret that leads to what the device is to sign."""


@bp.post("/sign-in/passkey/options")
@limiter.limit("100 per 5 minutes")
def options() -> ResponseReturnValue:
    """Tell the browser what its device is to sign, as JSON."""
    if not EmptyForm().validate_on_submit():
        raise BadRequest
    asked = passkeys.ask_to_sign_in(db_session(), named_site(), clock.now())
    session[CHALLENGE] = asked.secret
    return Response(
        asked.options, mimetype="application/json", headers={"Cache-Control": "no-store"}
    )


@bp.post("/sign-in/passkey")
@limiter.limit("100 per 5 minutes")
def sign_in() -> ResponseReturnValue:
    """Sign in whoever's passkey has signed; no password and no code is asked for."""
    form, secret = PasskeyForm(), str(session.pop(CHALLENGE, ""))
    credential = str(form.credential.data) if form.validate_on_submit() else ""
    try:
        found = passkeys.sign_in(db_session(), credential, secret, named_site(), clock.now())
    except PasskeyRefused as refusal:
        page = SignInForm(formdata=None)
        page.form_errors.append(str(refusal))
        shown = render_template("accounts/sign_in.html", form=page, passkey=passkey_form())
        return shown, HTTPStatus.UNPROCESSABLE_ENTITY
    return finish(found)


@bp.get("/settings/passkeys")
def listing() -> ResponseReturnValue:
    """List one's passkeys, and offer to add one."""
    return _listing(own_person(), OwnPasswordForm(formdata=None))


@bp.post("/settings/passkeys/begin")
@limiter.limit("10 per 5 minutes")
def begin() -> ResponseReturnValue:
    """Make a challenge for a new passkey, once the password was given again."""
    who, form = own_person(), OwnPasswordForm()
    if password_fits(who, form):
        named_site()
        session[CHALLENGE] = passkeys.ask_for_new(db_session(), who, clock.now())
        return redirect(url_for(".new"), HTTPStatus.SEE_OTHER)
    return _listing(who, form)


@bp.route("/settings/passkeys/new", methods=["GET", "POST"])
@limiter.limit("10 per 5 minutes", methods=["POST"])
def new() -> ResponseReturnValue:
    """Let the device make a passkey, and keep its public half."""
    who, form, now = own_person(), NewPasskeyForm(), clock.now()
    secret, here = str(session.get(CHALLENGE, "")), named_site()
    if form.validate_on_submit():
        session.pop(CHALLENGE, None)
        try:
            made = New(str(form.name.data), str(form.credential.data), secret)
            passkeys.add(db_session(), who, made, here, now)
        except (PasskeyRefused, Conflict) as refusal:
            again = OwnPasswordForm(formdata=None)
            again.form_errors.append(str(refusal))
            return _listing(who, again)
        return redirect(url_for(".listing"), HTTPStatus.SEE_OTHER)
    told = passkeys.options_for_new(db_session(), who, secret, here, now)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render_template("accounts/new_passkey.html", form=form, options=told), status


@bp.get("/settings/passkeys/<int:passkey_id>")
def edit(passkey_id: int) -> ResponseReturnValue:
    """Offer another name for a passkey, and to remove it."""
    found = passkeys.own_one(db_session(), own_person().id, passkey_id)
    return _edit(passkey_id, PasskeyNameForm(obj=found), OwnPasswordForm(formdata=None))


@bp.post("/settings/passkeys/<int:passkey_id>/name")
def rename(passkey_id: int) -> ResponseReturnValue:
    """Give a passkey another name."""
    who, form = own_person(), PasskeyNameForm()
    if form.validate_on_submit():
        passkeys.rename(db_session(), who.id, passkey_id, str(form.name.data))
        return redirect(url_for(".listing"), HTTPStatus.SEE_OTHER)
    return _edit(passkey_id, form, OwnPasswordForm(formdata=None))


@bp.post("/settings/passkeys/<int:passkey_id>/remove")
@limiter.limit("10 per 5 minutes")
def remove(passkey_id: int) -> ResponseReturnValue:
    """Forget a passkey, once the password was given again; every other sign-in ends."""
    who, form = own_person(), OwnPasswordForm()
    if password_fits(who, form):
        passkeys.remove(db_session(), who.id, passkey_id)
        here = signed_in()
        sign_ins.end_others(db_session(), who.id, here.id if here else None)
        return redirect(url_for(".listing"), HTTPStatus.SEE_OTHER)
    found = passkeys.own_one(db_session(), who.id, passkey_id)
    return _edit(passkey_id, PasskeyNameForm(formdata=None, obj=found), form)


def _listing(who: Person, form: OwnPasswordForm) -> ResponseReturnValue:
    failed = bool(form.errors or form.form_errors)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if failed else HTTPStatus.OK
    own = passkeys.own(db_session(), who.id)
    return render_template(
        "accounts/passkeys.html", form=form, passkeys=own, possible=site() is not None
    ), status


def _edit(passkey_id: int, named: PasskeyNameForm, form: OwnPasswordForm) -> ResponseReturnValue:
    found = passkeys.own_one(db_session(), own_person().id, passkey_id)
    failed = bool(named.errors or form.errors or form.form_errors)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if failed else HTTPStatus.OK
    return render_template("accounts/passkey.html", passkey=found, named=named, form=form), status
