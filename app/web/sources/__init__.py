"""The curators' pages for articles: listed, added by pasting, edited."""

from http import HTTPStatus

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from app.core.errors import NotAllowed
from app.core.values import ValueProblem
from app.services import sources
from app.services.sources import SourceDraft, StrandedFacts
from app.web.base import Form
from app.web.current import NotSignedIn, db_session, person

bp = Blueprint("sources", __name__, url_prefix="/edit-sources")
LONGEST = 1_000_000
SHORT = 300


class SourceForm(Form):
    """An article as a curator pastes it."""

    title = StringField("Title", validators=[DataRequired("Give it a title."), Length(max=SHORT)])
    publisher = StringField("Publisher", validators=[Length(max=SHORT)])
    url = StringField(
        "Address", description="Where it can be read.", validators=[Length(max=SHORT)]
    )
    published = StringField("Published", description="2025-01-29, 2023-03 or 1969.")
    licence = StringField("Licence", validators=[Length(max=SHORT)])
    text = TextAreaField(
        "Text",
        description="Paragraphs parted by blank lines.",
        validators=[
            DataRequired("Paste the text."),
            Length(max=LONGEST, message="At most 1,000,000 characters."),
        ],
        render_kw={"rows": 18},
    )

    def draft(self) -> SourceDraft:
        """Return what was typed."""
        names = ("title", "text", "publisher", "url", "published", "licence")
        return SourceDraft(**{name: str(self[name].data or "") for name in names})


@bp.before_request
def curators_only() -> None:
    """Let curators and admins in, nobody else."""
    who = person()
    if who is None or who.is_guest:
        raise NotSignedIn("Sign in first.")
    if not who.is_curator:
        raise NotAllowed("Sources are edited by curators.")


@bp.get("/<deck_key>")
def listing(deck_key: str) -> ResponseReturnValue:
    """List a deck's articles."""
    found = sources.source_list(db_session(), deck_key)
    return render_template("sources/list.html", sources=found, deck_key=deck_key)


@bp.route("/<deck_key>/new", methods=["GET", "POST"])
def new(deck_key: str) -> ResponseReturnValue:
    """Add an article by pasting it."""
    sources.source_list(db_session(), deck_key)
    return _edit(SourceForm(), deck_key, None)


@bp.route("/<deck_key>/<key>", methods=["GET", "POST"])
def edit(deck_key: str, key: str) -> ResponseReturnValue:
    """Change an article; text that would strand a fact's passage is refused."""
    source = sources.reading_view(db_session(), deck_key, key).source
    published = source.published.iso if source.published else ""
    data = {
        name: getattr(source, name) for name in ("title", "publisher", "url", "licence", "text")
    }
    return _edit(SourceForm(data=data | {"published": published}), deck_key, key)


def _edit(form: SourceForm, deck_key: str, key: str | None) -> ResponseReturnValue:
    if form.validate_on_submit():
        try:
            sources.save_source(db_session(), deck_key, key, form.draft())
            return redirect(url_for(".listing", deck_key=deck_key), HTTPStatus.SEE_OTHER)
        except ValueProblem as problem:
            form[problem.field].errors = [problem.reason]
        except StrandedFacts as problem:
            form.text.errors = [str(problem)]
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    heading = "Edit source" if key else "New source"
    page = render_template("sources/edit.html", form=form, deck_key=deck_key, heading=heading)
    return page, status
