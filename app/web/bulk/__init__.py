"""The table of a deck's facts: many ticked at once, wordings replaced in all of them."""

from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from app import clock
from app.core.errors import Refused
from app.core.facts import Status
from app.core.lint import Finding
from app.core.sentences import say
from app.services import bulk, moving, wordings
from app.services.bulk import Chosen, NothingChosen, Outcome
from app.services.revisions import By
from app.services.rewriting import DeckChanged, FlawedChange
from app.services.wordings import NothingToReplace, Search
from app.web.bulk.forms import BulkForm, FilterForm, ReplaceForm, SearchForm
from app.web.curators import check_deck, curators_only, own_decks, whole_number
from app.web.current import db_session, learner_id, query
from app.web.fields import deck_titles
from app.web.pages import deck_language

bp = Blueprint("bulk", __name__, url_prefix="/table")
bp.before_request(curators_only)


@bp.get("/<deck_key>")
def table(deck_key: str) -> ResponseReturnValue:
    """Show a deck's facts as a table."""
    filter_form = FilterForm(query())
    return _page(deck_key, filter_form, BulkForm(), done=whole_number(filter_form.done.data))


def _page(
    deck_key: str,
    filter_form: FilterForm,
    form: BulkForm,
    *,
    done: int = 0,
    outcome: Outcome | None = None,
    refusal: str = "",
) -> str:
    found = bulk.table(db_session(), deck_key, filter_form.wanted, filter_form.number)
    filter_form.offer(found, deck_language(deck_key))
    own = own_decks()
    form.target.choices = deck_titles(one for one in found.decks if one.key in own)
    ticked = {str(one) for one in form.chosen.data or []}
    if filter_form.all.data == "1":
        ticked = {f"{row.id}:{row.revision}" for row in found.rows}
    return render_template(
        "bulk/table.html",
        found=found,
        filter_form=filter_form,
        form=form,
        kept=filter_form.kept,
        ticked=ticked,
        done=done,
        outcome=outcome,
        refusal=refusal,
    )


Act = Callable[[str, BulkForm, Sequence[Chosen]], Outcome]


def _status(status: Status) -> Act:
    def act(deck_key: str, form: BulkForm, chosen: Sequence[Chosen]) -> Outcome:
        edit = (_by(), bool(form.anyway.data))
        return bulk.set_status(db_session(), deck_key, chosen, status, edit)

    return act


def _tag(deck_key: str, form: BulkForm, chosen: Sequence[Chosen]) -> Outcome:
    tags: tuple[list[str], list[str]] = (form.typed_tags, [])
    return bulk.change_tags(db_session(), deck_key, chosen, tags, _by())


def _untag(deck_key: str, form: BulkForm, chosen: Sequence[Chosen]) -> Outcome:
    tags: tuple[list[str], list[str]] = ([], form.typed_tags)
    return bulk.change_tags(db_session(), deck_key, chosen, tags, _by())


def _move(deck_key: str, form: BulkForm, chosen: Sequence[Chosen]) -> Outcome:
    check_deck(str(form.target.data or ""))
    edit = (_by(), bool(form.anyway.data))
    return moving.move(db_session(), deck_key, chosen, str(form.target.data or ""), edit)


def _delete(deck_key: str, _form: BulkForm, chosen: Sequence[Chosen]) -> Outcome:
    return bulk.delete_drafts(db_session(), deck_key, chosen)


ACTIONS: dict[str, Act] = {
    "publish": _status(Status.PUBLISHED),
    "retire": _status(Status.RETIRED),
    "draft": _status(Status.DRAFT),
    "tag": _tag,
    "untag": _untag,
    "move": _move,
    "delete": _delete,
}


def _by() -> By:
    return By(learner_id(), clock.now())


def _chosen(deck_key: str, filter_form: FilterForm, form: BulkForm) -> list[Chosen]:
    if not form.takes_every:
        return form.rows
    wanted, revision = filter_form.wanted, form.shown_revision
    return bulk.every_fitting(db_session(), deck_key, wanted, revision)


@bp.post("/<deck_key>")
def act(deck_key: str) -> ResponseReturnValue:
    """Do something to the ticked facts; what is refused is listed with its reason."""
    filter_form, form = FilterForm(query()), BulkForm()
    action = ACTIONS.get(str(form.action.data or ""))
    if action is None:
        raise BadRequest
    if not form.validate():
        page = _page(deck_key, filter_form, form, refusal=say("Those tags are too long."))
        return page, HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        outcome = action(deck_key, form, _chosen(deck_key, filter_form, form))
    except DeckChanged as changed:
        return _page(deck_key, filter_form, form, refusal=str(changed)), HTTPStatus.CONFLICT
    except Refused as refused:
        if type(refused) is not Refused and not isinstance(refused, NothingChosen):
            raise
        page = _page(deck_key, filter_form, form, refusal=str(refused))
        return page, HTTPStatus.UNPROCESSABLE_ENTITY
    if not outcome.refused:
        kept: dict[str, Any] = filter_form.kept | {
            "done": str(outcome.done),
            "page": str(filter_form.number),
        }
        return redirect(url_for(".table", deck_key=deck_key, **kept), HTTPStatus.SEE_OTHER)
    page = _page(deck_key, filter_form, form, outcome=outcome)
    return page, HTTPStatus.OK if outcome.done else HTTPStatus.UNPROCESSABLE_ENTITY


@bp.get("/<deck_key>/replace")
def look_at_replace(deck_key: str) -> ResponseReturnValue:
    """Show what a search would change in the wordings, each change to be ticked."""
    return _replace_page(deck_key, SearchForm(query()))


def _replace_page(
    deck_key: str,
    form: SearchForm,
    refusal: str = "",
    errors: tuple[Finding, ...] | None = None,
) -> str:
    search: Search = form.search
    seen = wordings.preview(db_session(), deck_key, search) if search.find else None
    errors = errors if errors is not None else (seen.errors if seen else ())
    title = bulk.title_of(db_session(), deck_key)
    return render_template(
        "bulk/replace.html",
        form=form,
        seen=seen,
        search=search,
        errors=errors,
        refusal=refusal,
        deck_key=deck_key,
        deck_title=title,
    )


@bp.post("/<deck_key>/replace")
def replace(deck_key: str) -> ResponseReturnValue:
    """Make the ticked changes, in one step."""
    form = ReplaceForm()
    if not form.validate():
        raise BadRequest
    search = form.search
    again = SearchForm(
        data={
            "find": search.find,
            "put": search.put,
            "match_case": search.match_case,
            "whole_words": search.whole_words,
        }
    )
    wanted = (form.shown_revision, form.ids)
    try:
        count = wordings.apply(
            db_session(), deck_key, search, wanted, (_by(), bool(form.anyway.data))
        )
    except FlawedChange as flawed:
        page = _replace_page(deck_key, again, str(flawed), flawed.findings)
        return page, HTTPStatus.UNPROCESSABLE_ENTITY
    except NothingToReplace as nothing:
        return _replace_page(deck_key, again, str(nothing)), HTTPStatus.UNPROCESSABLE_ENTITY
    except DeckChanged as changed:
        return _replace_page(deck_key, again, str(changed)), HTTPStatus.CONFLICT
    return redirect(url_for(".table", deck_key=deck_key, done=str(count)), HTTPStatus.SEE_OTHER)
