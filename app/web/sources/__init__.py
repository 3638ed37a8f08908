"""The curators' pages for articles: pasted, or read from a file or an address; edited."""

from dataclasses import replace
from http import HTTPStatus
from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from app import clock
from app.core.facts import Source
from app.core.values import ValueProblem
from app.interchange.articles import Article
from app.services import decks, source_edits, sources
from app.services.articles import SameArticle
from app.services.decks import DeckCard
from app.services.revisions import By, StaleRevision
from app.services.source_edits import (
    HEAD,
    OpenedSource,
    PassagesAtStake,
    SourceDraft,
    TextReview,
)
from app.web.curators import curators_only, whole_number
from app.web.current import db_session, instance, learner_id, query
from app.web.language import gettext
from app.web.revisions import RevertForm
from app.web.sources.forms import SHORT, ReadForm, SourceForm

bp = Blueprint("sources", __name__, url_prefix="/edit-sources")
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
        "sources/edit.html", form=form, deck=deck, heading=gettext("New source"), is_new=True
    )
    return page, status


@bp.route("/<deck_key>/new/read", methods=["GET", "POST"])
def read(deck_key: str) -> ResponseReturnValue:
    """Read an article from a file or an address, to be looked over before it is saved."""
    deck, form = _deck(deck_key), ReadForm()
    article = form.read()
    if article is None:
        return _reading(form, deck)
    found = _told(article) | {"text": article.text}
    return render_template(
        "sources/edit.html",
        form=SourceForm(formdata=None, data=found),
        deck=deck,
        heading=gettext("Look it over"),
        encoding=article.encoding,
        is_new=True,
    )


@bp.route("/<deck_key>/<key>/read", methods=["GET", "POST"])
def read_again(deck_key: str, key: str) -> ResponseReturnValue:
    """Read a new text of an article from a file or an address; what it says of itself stays.

    What was empty so far is filled in.
    """
    opened = source_edits.open_source(db_session(), deck_key, key)
    form = ReadForm()
    if not form.is_submitted() and opened.source.url:
        form.url.data = opened.source.url
    article = form.read()
    if article is None:
        return _reading(form, _deck(deck_key), opened)
    stored = {
        name: text for name, text in _data(_draft_of(opened), opened.revision).items() if text
    }
    found = _told(article) | stored | {"text": article.text}
    return render_template(
        "sources/edit.html",
        form=SourceForm(formdata=None, data=found),
        deck=_deck(deck_key),
        heading=gettext("Look it over"),
        encoding=article.encoding,
        opened=opened,
        is_new=False,
    )


def _reading(
    form: ReadForm, deck: DeckCard, opened: OpenedSource | None = None
) -> ResponseReturnValue:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    may_fetch = instance().config.fetch_articles
    page = render_template(
        "sources/read.html", form=form, deck=deck, may_fetch=may_fetch, opened=opened
    )
    return page, status


def _told(article: Article) -> dict[str, str]:
    """Return what an article says of itself, by the names of fields."""
    return {
        "title": article.title,
        "author": article.author,
        "publisher": article.site,
        "url": article.url[:SHORT],
        "published": article.published,
    }


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
        done = source_edits.revise_source(db_session(), where, form.draft(), _by(), form.decisions)
        whole = {"kept": len(done.review.kept), "moved": len(done.review.moved)}
        counts: dict[str, Any] = whole if any(whole.values()) else {}
        page = url_for(".edit", deck_key=deck_key, key=key, **counts)
        return redirect(page, HTTPStatus.SEE_OTHER)
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
    texts: dict[str, Any] = {name: getattr(source, name) for name in (*HEAD, "text")}
    return SourceDraft(**texts | {"published": published})


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
        heading=gettext("Edit source"),
        opened=opened,
        old=old,
        stands=tuple(whole_number(query().get(name, "")) for name in ("kept", "moved")),
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
        heading=gettext("Edit source"),
        opened=opened,
        differing=differing or [(gettext("Revision"), gettext("saved again"), gettext("the same"))],
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
