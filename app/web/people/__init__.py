"""The admins' page: who is here, and what they may do."""

from http import HTTPStatus

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from werkzeug.exceptions import BadRequest
from wtforms import BooleanField, EmailField, SelectMultipleField, StringField
from wtforms import Form as PlainForm
from wtforms.validators import DataRequired, Email, Length
from wtforms.widgets import CheckboxInput, ListWidget

from app import clock
from app.core.errors import NotAllowed
from app.core.sentences import say
from app.services import accounts, curating, decks, resetting, second_factors, signing_up
from app.services import overview as learning
from app.services.accounts import AddressTaken, LastAdmin, Person, PersonChange
from app.web.base import EmptyForm, Form
from app.web.current import NotSignedIn, db_session, instance, person, query
from app.web.fields import deck_titles

bp = Blueprint("people", __name__, url_prefix="/people")


class SearchForm(PlainForm):
    """How the list is narrowed; it changes nothing, so it needs no token."""

    q = StringField(_("Search"))


class PersonForm(Form):
    """What an admin decides about a person."""

    is_curator = BooleanField(_("Curator: edits facts"))
    is_admin = BooleanField(_("Admin: also decides about people"))
    active = BooleanField(_("May sign in"))
    decks = SelectMultipleField(
        _("Decks that they curate"),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )

    def change(self) -> PersonChange:
        """Return what was decided."""
        flags = (self.is_curator.data, self.is_admin.data, self.active.data)
        return PersonChange(*map(bool, flags))


@bp.before_request
def admins_only() -> None:
    """Let admins in, nobody else."""
    who = person()
    if who is None or who.is_guest:
        raise NotSignedIn(say("Sign in first."))
    if not who.is_admin:
        raise NotAllowed(say("People are looked after by admins."))


@bp.get("/")
def listing() -> ResponseReturnValue:
    """List the people with accounts."""
    form = SearchForm(query())
    found = accounts.people(db_session(), str(form.q.data or "")[:100])
    return render_template("people/list.html", people=found, form=form)


class InvitationForm(Form):
    """Whom to invite."""

    email = EmailField(
        _("E-mail address"),
        validators=[
            DataRequired(_("Type an address.")),
            Length(max=255, message=_("That address is too long.")),
            Email(_("That is not an e-mail address.")),
        ],
    )


@bp.route("/invite", methods=["GET", "POST"])
def invite() -> ResponseReturnValue:
    """Show a link, once, that makes an account for an address."""
    form, link = InvitationForm(), ""
    if form.validate_on_submit():
        try:
            token = signing_up.invite(db_session(), str(form.email.data), clock.now())
            link = f"{instance().config.site}{url_for('joining.join', token=token)}"
        except AddressTaken as refusal:
            form.form_errors.append(str(refusal))
    failed = bool(form.errors or form.form_errors)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if failed else HTTPStatus.OK
    shown = InvitationForm(formdata=None) if link else form
    return render_template(
        "people/invite.html", form=shown, link=link, email=form.email.data
    ), status


@bp.route("/<int:user_id>", methods=["GET", "POST"])
def edit(user_id: int) -> ResponseReturnValue:
    """Give or take roles, lock or unlock an account."""
    found = accounts.person_by_id(db_session(), user_id)
    form = _form(found)
    if form.validate_on_submit():
        try:
            accounts.change_person(db_session(), user_id, form.change())
            given = form.decks.data or [] if form.is_curator.data else []
            curating.give_decks(db_session(), user_id, given)
            return redirect(url_for(".listing"), HTTPStatus.SEE_OTHER)
        except LastAdmin as refusal:
            form.form_errors.append(str(refusal))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.form_errors else HTTPStatus.OK
    return _edit_page(found, form), status


def _edit_page(found: Person, form: PersonForm, link: str = "") -> str:
    has_second_step = second_factors.is_on(db_session(), found.id)
    return render_template(
        "people/edit.html", form=form, found=found, has_second_step=has_second_step, link=link
    )


@bp.post("/<int:user_id>/new-password")
def new_password_link(user_id: int) -> ResponseReturnValue:
    """Show a link to a new password, once, for somebody whom no mail reaches."""
    if not EmptyForm().validate_on_submit():
        raise BadRequest
    found = accounts.person_by_id(db_session(), user_id)
    token = resetting.make_link(db_session(), user_id, clock.now())
    link = f"{instance().config.site}{url_for('resetting.new_password', token=token)}"
    return _edit_page(found, _form(found, formdata=None), link)


@bp.post("/<int:user_id>/second-step-off")
def second_step_off(user_id: int) -> ResponseReturnValue:
    """Ask somebody who has lost their phone for no code any more."""
    if not EmptyForm().validate_on_submit():
        raise BadRequest
    accounts.person_by_id(db_session(), user_id)
    second_factors.remove(db_session(), user_id)
    return redirect(url_for(".edit", user_id=user_id), HTTPStatus.SEE_OTHER)


def _form(found: Person, **told: None) -> PersonForm:
    form = PersonForm(data=_data(found), **told)
    form.decks.choices = deck_titles(decks.deck_list(db_session()))
    return form


def _data(found: Person) -> dict[str, bool | list[str]]:
    """Return what the form begins with; a curator to be gets every deck unless ticks are taken."""
    is_curator = accounts.CURATOR in found.roles
    theirs = curating.decks_curated(db_session(), found.id)
    every = [one.key for one in decks.deck_list(db_session())]
    return {
        "decks": sorted(theirs) if is_curator else every,
        "is_curator": is_curator,
        "is_admin": found.is_admin,
        "active": found.active,
    }


@bp.get("/overview")
def overview() -> ResponseReturnValue:
    """Show how many learn what and how well, of everybody together."""
    return render_template(
        "people/overview.html",
        whole=learning.learners_overview(db_session(), clock.now()),
        decks=learning.decks_overview(db_session(), clock.now()),
    )
