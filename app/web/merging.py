"""The pages that merge one entity or relation into another; an area each uses them."""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest
from wtforms import HiddenField

from app import clock
from app.services.merging import MergePreview
from app.services.revisions import By
from app.services.rewriting import DeckChanged
from app.web.base import Form
from app.web.curators import whole_number
from app.web.current import db_session, learner_id


class MergeForm(Form):
    """The button that merges; it goes by the deck as it was shown."""

    other = HiddenField()
    deck_revision = HiddenField()

    @property
    def numbers(self) -> tuple[int, int]:
        """The other one's number and the deck's revision."""
        return whole_number(self.other.data), whole_number(self.deck_revision.data)


@dataclass(frozen=True, slots=True)
class Merging:
    """What is merged, in a word, and the two services that show and do it."""

    what: str
    look: Callable[[Session, int, int], MergePreview]
    do: Callable[[Session, int, int, int, By], int]

    def number(self, row_id: int) -> dict[str, Any]:
        """Return a number as addresses name it."""
        return {f"{self.what}_id": row_id}

    def page(self, row_id: int, other: int, refusal: str = "") -> str:
        """Show what becomes of the facts when the other one is merged into this one."""
        seen = self.look(db_session(), row_id, other)
        revision = str(seen.deck_revision)
        return render_template(
            "merging/preview.html",
            seen=seen,
            refusal=refusal,
            what=self.what,
            form=MergeForm(data={"other": str(other), "deck_revision": revision}),
            fresh=revision,
            back=url_for(".edit", **self.number(row_id)),
            swap=url_for(".look_at_merge", **self.number(other), other=row_id),
        )

    def answer(self, row_id: int) -> ResponseReturnValue:
        """Merge as it was shown; a deck that has changed since is shown anew."""
        form = MergeForm()
        if not form.validate_on_submit():
            raise BadRequest
        other, deck_revision = form.numbers
        try:
            self.do(db_session(), row_id, other, deck_revision, By(learner_id(), clock.now()))
        except DeckChanged as changed:
            return self.page(row_id, other, str(changed)), HTTPStatus.CONFLICT
        return redirect(url_for(".edit", **self.number(row_id)), HTTPStatus.SEE_OTHER)
