"""API tokens of one's own: made, told once, listed, revoked."""

from http import HTTPStatus

from flask import Blueprint, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from app import clock
from app.core.sentences import say
from app.services import api_tokens
from app.services.accounts import Person
from app.web.base import EmptyForm
from app.web.current import NotSignedIn, db_session, person
from app.web.security import limiter
from app.web.tokens.forms import TokenForm

bp = Blueprint("tokens", __name__, url_prefix="/settings/tokens")


@bp.get("")
def listing() -> ResponseReturnValue:
    """List one's tokens, with a form for another."""
    return _page(_owner(), TokenForm(formdata=None))


@bp.post("")
@limiter.limit("30 per hour")
def make() -> ResponseReturnValue:
    """Make a token and tell its secret, this once.

    The page itself answers, without a redirect: the secret is stored nowhere that a second
    request could read it from.
    """
    who = _owner()
    form = TokenForm().offer(api_tokens.scopes_of(who))
    if not form.validate_on_submit():
        return _page(who, form), HTTPStatus.UNPROCESSABLE_ENTITY
    secret = api_tokens.make(db_session(), who, form.wanted(), clock.now())
    answer = make_response(_page(who, TokenForm(formdata=None), secret), HTTPStatus.CREATED)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.post("/<int:token_id>/revoke")
def revoke(token_id: int) -> ResponseReturnValue:
    """End a token."""
    who = _owner()
    if not EmptyForm().validate_on_submit():
        raise BadRequest
    api_tokens.revoke(db_session(), who.id, token_id)
    return redirect(url_for(".listing"), HTTPStatus.SEE_OTHER)


def _owner() -> Person:
    who = person()
    if who is None or who.is_guest:
        raise NotSignedIn(say("Sign in first."))
    return who


def _page(who: Person, form: TokenForm, secret: str = "") -> str:
    form.offer(api_tokens.scopes_of(who))
    own = api_tokens.own(db_session(), who.id)
    return render_template("tokens/listing.html", form=form, tokens=own, secret=secret)
