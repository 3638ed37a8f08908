"""The curators' pages for articles: listed, added by pasting, from a file or an address, edited."""

from dataclasses import replace
from http import HTTPStatus
from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import BadRequest
from wtforms import BooleanField, HiddenField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from app import clock
from app.core.errors import Refused
from app.core.facts import Source
from app.core.values import ValueProblem
from app.interchange.articles import Article
from app.interchange.fetching import Limits
from app.services import articles, decks, source_edits, sources
from app.services.articles import SameArticle
from app.services.decks import DeckCard
from app.services.revisions import By, StaleRevision
from app.services.source_edits import (
    HEAD,
    Decisions,
    OpenedSource,
    PassagesAtStake,
    SourceDraft,
    TextReview,
)
from app.web.base import Form
from app.web.curators import curators_only, whole_number
from app.web.current import db_session, instance, learner_id, query
from app.web.revisions import RevertForm

bp = Blueprint("sources", __name__, url_prefix="/edit-sources")
LONGEST = 1_000_000
SHORT = 300


class SourceForm(Form):
    """An article as a curator pastes it."""

    title = StringField(
        _("Title"), validators=[DataRequired(_("Give it a title.")), Length(max=SHORT)]
    )
    publisher = StringField(_("Publisher"), validators=[Length(max=SHORT)])
    url = StringField(
        _("Address"), description=_("Where it can be read."), validators=[Length(max=SHORT)]
    )
    published = StringField(_("Published"), description=_("2025-01-29, 2023-03 or 1969."))
    licence = StringField(_("Licence"), validators=[Length(max=SHORT)])
    text = TextAreaField(
        _("Text"),
        description=_("Paragraphs parted by blank lines."),
        validators=[
            DataRequired(_("Paste the text.")),
            Length(max=LONGEST, message=_("At most 1,000,000 characters.")),
        ],
        render_kw={"rows": 18},
    )

    again = BooleanField(_("Add it even if the same article is there already"))
    revision = HiddenField()
    taken = SelectMultipleField(choices=[], validate_choice=False)
    drafted = SelectMultipleField(choices=[], validate_choice=False)
    decided = HiddenField()

    @property
    def revision_number(self) -> int:
        """The revision that was opened."""
        return whole_number(self.revision.data)

    @property
    def decisions(self) -> Decisions | None:
        """What was decided on the facts whose passages are at stake; None before that."""
        if self.decided.data != "y":
            return None
        taken, drafted = (
            frozenset(map(whole_number, self[name].data or [])) for name in ("taken", "drafted")
        )
        return Decisions(taken, drafted)

    def draft(self) -> SourceDraft:
        """Return what was typed."""
        names = ("title", "text", "publisher", "url", "published", "licence")
        typed = {name: str(self[name].data or "") for name in names}
        return SourceDraft(**typed, again=bool(self.again.data))


class ReadForm(Form):
    """Where an article is to be read from: a file or an address."""

    file = FileField(_("File"), description=_("Text, Markdown or HTML, at most 5 MB."))
    url = StringField(
        _("Or an address"),
        description=_("A page on the public web, beginning with https:// or http://."),
        validators=[Length(max=2_000)],
    )

    def article(self) -> Article:
        """Read the article. Raises Refused, which says why not."""
        stored = self.file.data
        if isinstance(stored, FileStorage) and stored.filename:
            name = stored.filename.replace("\\", "/").rpartition("/")[2]
            data = stored.read()
            stored.close()  # a large one lies in a file of its own until then
            return articles.read_upload(name, data)
        limits = Limits() if instance().config.fetch_articles else None
        return articles.read_address(str(self.url.data or ""), limits)


bp.before_request(curators_only)


def _deck(deck_key: str) -> DeckCard:
    return decks.deck_card(db_session(), deck_key)


@bp.get("/<deck_key>")
def listing(deck_key: str) -> ResponseReturnValue:
    """List a deck's articles."""
    found = sources.source_list(db_session(), deck_key)
    return render_template("sources/list.html", sources=found, deck=_deck(deck_key))


@bp.route("/<deck_key>/new", methods=["GET", "POST"])
def new(deck_key: str) -> ResponseReturnValue:
    """Add an article by pasting it, and lead on to its sentences."""
    form, deck = SourceForm(), _deck(deck_key)
    if form.validate_on_submit():
        try:
            key = source_edits.add_source(db_session(), deck_key, form.draft(), _by())
            proposed = url_for("candidates.listing", deck_key=deck_key, key=key)
            return redirect(proposed, HTTPStatus.SEE_OTHER)
        except ValueProblem as problem:
            form[problem.field].errors = [problem.reason]
        except SameArticle as problem:
            form.text.errors = [str(problem)]
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    page = render_template(
        "sources/edit.html", form=form, deck=deck, heading="New source", is_new=True
    )
    return page, status


@bp.route("/<deck_key>/new/read", methods=["GET", "POST"])
def read(deck_key: str) -> ResponseReturnValue:
    """Read an article from a file or an address, to be looked over before it is saved."""
    sources.source_list(db_session(), deck_key)
    form = ReadForm()
    if form.validate_on_submit():
        try:
            return _review(form.article(), deck_key)
        except Refused as problem:
            asked = form.file if form.file.data else form.url
            asked.errors = [str(problem)]
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    page = render_template(
        "sources/read.html",
        form=form,
        deck=_deck(deck_key),
        may_fetch=instance().config.fetch_articles,
    )
    return page, status


def _review(article: Article, deck_key: str) -> ResponseReturnValue:
    data = {
        "title": article.title,
        "publisher": ", ".join(filter(None, (article.author, article.site)))[:SHORT],
        "url": article.url,
        "published": article.published,
        "text": article.text,
    }
    form = SourceForm(formdata=None, data=data)
    return render_template(
        "sources/edit.html",
        form=form,
        deck=_deck(deck_key),
        heading="Look it over",
        encoding=article.encoding,
        is_new=True,
    )


@bp.route("/<deck_key>/<key>", methods=["GET", "POST"])
def edit(deck_key: str, key: str) -> ResponseReturnValue:
    """Change an article; passages that a new text changes or drops are looked over first.

    `revision` in the address fills the form with what it was then.
    """
    opened = source_edits.open_source(db_session(), deck_key, key)
    old = whole_number(query().get("revision", ""))
    shown = source_edits.source_at(db_session(), deck_key, key, old) if old else _draft_of(opened)
    form = SourceForm(data=_data(shown, opened.revision))
    if not form.validate_on_submit():
        return _page(form, opened, old=old, failed=bool(form.errors))
    where = (deck_key, key, form.revision_number)
    try:
        source_edits.revise_source(db_session(), where, form.draft(), _by(), form.decisions)
        return redirect(url_for(".edit", deck_key=deck_key, key=key), HTTPStatus.SEE_OTHER)
    except ValueProblem as problem:
        form[problem.field].errors = [problem.reason]
        return _page(form, opened, failed=True)
    except PassagesAtStake as stake:
        return _review_passages(form, opened, stake.review)
    except StaleRevision as stale:
        return _conflict(form, opened, stale)


def _draft_of(opened: OpenedSource) -> SourceDraft:
    source = opened.source
    published = source.published.iso if source.published else ""
    names = ("title", "text", "publisher", "url", "licence")
    texts: dict[str, Any] = {name: getattr(source, name) for name in names}
    return SourceDraft(published=published, **texts)


def _data(draft: SourceDraft, revision: int) -> dict[str, str]:
    texts = {name: str(getattr(draft, name)) for name in (*HEAD, "text")}
    return texts | {"revision": str(revision)}


def _by() -> By:
    return By(learner_id(), clock.now())


def _page(
    form: SourceForm, opened: OpenedSource, *, old: int = 0, failed: bool = False
) -> ResponseReturnValue:
    page = render_template(
        "sources/edit.html",
        form=form,
        deck=_deck(opened.deck_key),
        heading="Edit source",
        opened=opened,
        old=old,
        is_new=False,
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if failed else HTTPStatus.OK


def _review_passages(
    form: SourceForm, opened: OpenedSource, review: TextReview
) -> ResponseReturnValue:
    """Show what the new text does to passages; nothing has been stored."""
    page = render_template(
        "sources/review.html", form=form, opened=opened, review=review, deck=_deck(opened.deck_key)
    )
    return page, HTTPStatus.CONFLICT


def _conflict(
    form: SourceForm, opened: OpenedSource, stale: "StaleRevision[Source]"
) -> ResponseReturnValue:
    theirs = _data(_draft_of(replace(opened, source=stale.theirs)), stale.revision)
    differing = [
        (form[name].label.text, theirs[name], str(form[name].data or ""))
        for name in (*HEAD, "text")
        if theirs[name] != str(form[name].data or "")
    ]
    form.revision.data = str(stale.revision)
    page = render_template(
        "sources/edit.html",
        form=form,
        deck=_deck(opened.deck_key),
        heading="Edit source",
        opened=opened,
        differing=differing or [("Revision", "saved again", "the same")],
        is_new=False,
    )
    return page, HTTPStatus.CONFLICT


@bp.get("/<deck_key>/<key>/history")
def history(deck_key: str, key: str) -> ResponseReturnValue:
    """Show every change to an article: who, when, what."""
    opened = source_edits.open_source(db_session(), deck_key, key)
    return render_template(
        "history/part.html",
        name=opened.source.title,
        deck_key=deck_key,
        current=opened.revision,
        changes=source_edits.source_history(db_session(), deck_key, key),
        revert_url=url_for(".revert", deck_key=deck_key, key=key),
        refusal="",
    )


@bp.post("/<deck_key>/<key>/revert")
def revert(deck_key: str, key: str) -> ResponseReturnValue:
    """Lead to the editor with an earlier revision: its passages may have to be looked over."""
    form = RevertForm()
    if not form.validate_on_submit():
        raise BadRequest
    page = url_for(".edit", deck_key=deck_key, key=key, revision=form.to_number)
    return redirect(page, HTTPStatus.SEE_OTHER)
