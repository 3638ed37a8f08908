"""Histories, kinds of edit and deletion, in the browser."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.core.facts import Relation
from app.core.questions.question import SelfRated
from app.core.values import Entity
from app.instance import Instance
from app.models.content import EntityRow, RelationRow
from app.models.learning import Memory
from app.services import accounts, answering, facts, parts, study
from app.services.facts import FactFilter
from app.services.revisions import By

from .conftest import sign_in_as

Visit = Callable[[str], TestResponse]
Submit = Callable[..., TestResponse]
PHRASE = "correct horse battery"
PUBLISHED = FactFilter(status="published")
NOW = 1_763_900_000
EMPTY = ("source", "quote", "say", "ask_inverse", "subject", "according_to", "bound", "part")
BLANK = dict.fromkeys(EMPTY, "") | {"stance": "stated", "status": "published"}


@pytest.fixture
def session(app: Flask) -> Session:
    instance: Instance = app.extensions["factdeck"]
    return Session(instance.engine)


@pytest.fixture
def admin(session: Session, submit: Submit) -> None:
    token = accounts.make_setup_link(session, 2_000_000_000)
    made = submit(f"/setup/{token}", f"/setup/{token}", email="admin@b.example", password=PHRASE)
    assert made.status_code == 303


@pytest.fixture
def knowing(session: Session) -> accounts.Person:
    """A guest who has learned the first fact of the planets."""
    guest = accounts.make_guest(session, "g" * 40, 1)
    token = study.start(session, guest.id, "planets", NOW)
    shown = study.next_question(session, guest.id, token, NOW)
    assert shown is not None
    answering.answer(session, guest.id, shown, SelfRated(3), NOW, 10)
    return guest


def known_fact(session: Session) -> int:
    return session.scalars(select(Memory.fact_id)).one()


def plain(**fields: str) -> dict[str, str]:
    return (
        BLANK
        | {
            "kind": "text",
            "relation": "",
            "ask": "Which planet did they mean?",
            "text": "Vulcan",
        }
        | fields
    )


@pytest.mark.usefixtures("admin")
def test_a_correction_reaches_who_learned_it_with_old_and_new(
    client: FlaskClient, session: Session, knowing: accounts.Person, visit: Visit, submit: Submit
) -> None:
    fact_id = known_fact(session)
    path = f"/facts/edit/{fact_id}"
    page = visit(path).text
    assert "What kind of edit is this?" in page
    assert "1 person has learned this fact" in page
    assert submit(path, path, revision="1", override="y", **plain()).status_code == 303
    assert "A correction: who had learned it was told" in visit(f"{path}/history").text
    sign_in_as(client, knowing)
    assert "1 <span" in visit("/study").text
    assert "Vulcan" in visit("/news/").text
    going = submit("/decks/planets", "/decks/planets/study")
    assert going.status_code == 303
    question = visit(going.headers["Location"]).text
    assert "Something you learned has changed" in question
    assert re.search(r"<ins>.*Vulcan</bdi></ins>", question)
    assert "not read" not in question


@pytest.mark.usefixtures("admin", "knowing")
def test_the_editor_says_what_an_edit_looks_like_before_it_is_saved(
    session: Session, visit: Visit, submit: Submit
) -> None:
    path = f"/facts/edit/{known_fact(session)}"
    page = visit(path).text
    told = "This looks like a correction"
    assert told not in page
    key = re.search(r'name="key"[^>]*value="([^"]+)"', page)
    assert key is not None
    seen = submit(path, "/facts/planets/preview", **plain(key=key[1]))
    assert re.search(rf"data-told-kind hidden>{told}: .* → Vulcan\.", seen.text)
    looked = submit(path, path, revision="1", action="preview", **plain(key=key[1]))
    assert re.search(rf"data-told-kind-place[^>]*>{told}", looked.text)


@pytest.mark.usefixtures("admin", "knowing")
def test_wording_reaches_nobody_and_a_successor_must_be_chosen(
    session: Session, visit: Visit, submit: Submit
) -> None:
    fact_id = known_fact(session)
    path = f"/facts/edit/{fact_id}"
    refused = submit(path, path, revision="1", edit_kind="superseded", **plain())
    assert refused.status_code == 422
    assert "Choose another published fact" in refused.text
    assert re.search(r'checked[^>]*value="superseded"', refused.text)
    nonsense = submit(path, path, revision="1", edit_kind="whatever", **plain())
    assert nonsense.status_code == 422
    saved = submit(path, path, revision="1", edit_kind="wording", override="y", **plain())
    assert saved.status_code == 303
    same = submit(path, path, revision="2", edit_kind="correction", override="y", **plain())
    assert same.status_code == 422
    assert "nothing to correct" in same.text
    other = next(
        one for one in facts.fact_page(session, "planets", PUBLISHED).facts if one.id != fact_id
    )
    done = submit(
        path,
        path,
        revision="2",
        edit_kind="superseded",
        superseded_by=other.key,
        override="y",
        **plain(),
    )
    assert done.status_code == 303
    assert "retired" in visit(f"{path}/history").text


@pytest.mark.usefixtures("admin")
def test_a_fact_goes_back_from_its_history(session: Session, visit: Visit, submit: Submit) -> None:
    fact_id = facts.fact_page(session, "planets", FactFilter()).facts[0].id
    path = f"/facts/edit/{fact_id}"
    assert submit(path, path, revision="1", override="y", **plain(note="A <b>note</b>"))
    page = visit(f"{path}/history").text
    assert "<del>" in page
    assert "A &lt;b&gt;note&lt;/b&gt;" in page
    assert "by admin" in page
    back = submit(f"{path}/history", f"{path}/revert", revision="2", to="1")
    assert back.status_code == 303
    stale = submit(f"{path}/history", f"{path}/revert", revision="2", to="1")
    assert stale.status_code == 409
    assert "Somebody else has changed this fact" in stale.text
    assert "Revision 3" in stale.text
    for sent in ({}, {"revision": "3"}, {"revision": "x", "to": "1"}, {"to": "9" * 20}):
        assert submit(f"{path}/history", f"{path}/revert", **sent).status_code == 400
    missing = submit(f"{path}/history", f"{path}/revert", revision="3", to="77")
    assert missing.status_code == 404


@pytest.mark.usefixtures("admin")
@pytest.mark.parametrize("kind", ["entity", "relation"])
def test_entities_and_relations_have_histories_too(
    session: Session, visit: Visit, submit: Submit, kind: str
) -> None:
    if kind == "entity":
        number = session.scalars(select(EntityRow.id).order_by(EntityRow.id)).first()
        assert number is not None
        parts.revise_entity(session, number, 1, Entity("Another name"), By(None, NOW))
    else:
        number = session.scalars(select(RelationRow.id).order_by(RelationRow.id)).first()
        assert number is not None
        parts.revise_relation(session, number, 1, Relation("x", "Another?"), By(None, NOW))
    path = f"/history/{kind}/{number}"
    page = visit(path).text
    assert "Another" in page
    assert "Go back to revision 1" in page
    assert submit(path, f"{path}/revert", revision="1", to="1").status_code == 409
    assert submit(path, f"{path}/revert", revision="2", to="1").status_code == 303
    assert submit(path, f"{path}/revert").status_code == 400
    assert "Revision 3" in visit(path).text
    assert visit(f"/history/{kind}/999999").status_code == 404
    assert f'href="{path}"' in visit("/history/deck/deepseek").text


@pytest.mark.usefixtures("admin")
def test_a_draft_is_deleted_and_a_published_fact_is_not(
    session: Session, visit: Visit, submit: Submit
) -> None:
    draft = plain(status="draft")
    made = submit("/facts/planets/new", "/facts/planets/new", **draft)
    path = made.headers["Location"].partition("?")[0]
    assert "It is a draft that nobody has been asked" in visit(f"{path}/delete").text
    assert "What kind of edit" not in visit(path).text
    assert submit(f"{path}/delete", f"{path}/delete").status_code == 400
    assert submit(f"{path}/delete", f"{path}/delete", revision="5").status_code == 409
    assert submit(f"{path}/delete", f"{path}/delete", revision="1").status_code == 303
    assert visit(path).status_code == 404
    published = f"/facts/edit/{facts.fact_page(session, 'planets', PUBLISHED).facts[0].id}"
    assert "only drafts are deleted" in visit(f"{published}/delete").text
    kept = submit("/facts/planets/new", f"{published}/delete", revision="1")
    assert kept.status_code == 422
