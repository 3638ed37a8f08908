"""How questions do, from real answers: a deck's items by flag, and a fact's whole."""

from http import HTTPStatus

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.core.errors import NotAllowed
from app.core.sentences import say
from app.services import accepting, decks, statistics
from app.web.accepting import AcceptForm
from app.web.base import EmptyForm
from app.web.curators import curators_only
from app.web.current import db_session, query
from app.web.statistics.forms import ItemsForm
from app.web.words import FLAGS

bp = Blueprint("statistics", __name__, url_prefix="/statistics")
COUNT_FOR_S = 2.0

bp.before_request(curators_only)


@bp.get("/<deck_key>")
def deck(deck_key: str) -> ResponseReturnValue:
    """Show how a deck's questions do, the striking ones first."""
    form, card = ItemsForm(query()), decks.deck_card(db_session(), deck_key)
    found = statistics.deck_items(
        db_session(), deck_key, form.chosen_flag, form.chosen_order, form.page_number
    )
    return render_template(
        "statistics/deck.html",
        deck=card,
        form=form,
        found=found,
        flags=FLAGS,
        waiting=statistics.uncounted(db_session()),
    )


@bp.get("/fact/<int:fact_id>")
def fact(fact_id: int) -> ResponseReturnValue:
    """Show what real answers say of each of a fact's questions."""
    return _fact_page(fact_id, None)


@bp.post("/fact/<int:fact_id>/accept")
def accept(fact_id: int) -> ResponseReturnValue:
    """Let a response that was often rejected count from now on."""
    form = AcceptForm()
    if form.validate_on_submit() and form.carry_out(fact_id):
        return redirect(url_for(".fact", fact_id=fact_id, done="accepted"), HTTPStatus.SEE_OTHER)
    return _fact_page(fact_id, form), HTTPStatus.UNPROCESSABLE_ENTITY


@bp.post("/<deck_key>/count")
def count(deck_key: str) -> ResponseReturnValue:
    """Count the answers that have not been counted yet."""
    if not EmptyForm().validate_on_submit():
        raise NotAllowed(say("Go back and press the button once more."))
    accepting.go_on(db_session(), clock.now(), COUNT_FOR_S)
    statistics.count_for(db_session(), COUNT_FOR_S)
    return redirect(url_for(".deck", deck_key=deck_key), HTTPStatus.SEE_OTHER)


def _fact_page(fact_id: int, form: AcceptForm | None) -> str:
    return render_template(
        "statistics/fact.html",
        fact_id=fact_id,
        page=statistics.fact_page(db_session(), fact_id),
        flags=FLAGS,
        form=form,
    )
