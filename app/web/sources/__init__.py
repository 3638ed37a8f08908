"""The curators' pages for articles: listed, added by pasting, from a file or an address, edited."""

from http import HTTPStatus

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from app.core.errors import Refused
from app.core.values import ValueProblem
from app.interchange.articles import Article
from app.interchange.fetching import Limits
from app.services import articles, decks, sources
from app.services.articles import SameArticle
from app.services.decks import DeckCard
from app.services.sources import SourceDraft, StrandedFacts
from app.web.base import Form
from app.web.curators import curators_only
from app.web.current import db_session, instance

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

    again = BooleanField("Add it even if the same article is there already")

    def draft(self) -> SourceDraft:
        """Return what was typed."""
        names = ("title", "text", "publisher", "url", "published", "licence")
        typed = {name: str(self[name].data or "") for name in names}
        return SourceDraft(**typed, again=bool(self.again.data))


class ReadForm(Form):
    """Where an article is to be read from: a file or an address."""

    file = FileField("File", description="Text, Markdown or HTML, at most 5 MB.")
    url = StringField(
        "Or an address",
        description="A page on the public web, beginning with https:// or http://.",
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
    """Add an article by pasting it."""
    sources.source_list(db_session(), deck_key)
    return _edit(SourceForm(), deck_key, None)


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
            saved = sources.save_source(db_session(), deck_key, key, form.draft())
            listed = url_for(".listing", deck_key=deck_key)
            proposed = url_for("candidates.listing", deck_key=deck_key, key=saved)
            return redirect(listed if key else proposed, HTTPStatus.SEE_OTHER)
        except ValueProblem as problem:
            form[problem.field].errors = [problem.reason]
        except (StrandedFacts, SameArticle) as problem:
            form.text.errors = [str(problem)]
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    heading = "Edit source" if key else "New source"
    page = render_template(
        "sources/edit.html", form=form, deck=_deck(deck_key), heading=heading, is_new=not key
    )
    return page, status
