"""Reporting a question, the curators' queue, and the pages of statistics, through the browser's
requests."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.core.questions.codec import load_question
from app.instance import Instance
from app.models.content import FactRow
from app.models.learning import Review, ShownQuestion
from app.models.reports import Report
from app.services import accounts, curating, facts
from app.services.accounts import PersonChange
from app.services.statistics import count_new
from app.web.facts.filling import form_data

from .conftest import sign_in_as

Visit = Callable[[str], TestResponse]
Submit = Callable[..., TestResponse]


@pytest.fixture
def engine(app: Flask) -> Engine:
    instance: Instance = app.extensions["factdeck"]
    return instance.engine


@pytest.fixture
def become_curator(engine: Engine, client: FlaskClient) -> Callable[[], None]:
    def become() -> None:
        with Session(engine) as session:
            who = accounts.sign_up(session, None, "c@b.example", "correct horse battery", 1)
            change = PersonChange(is_curator=True, is_admin=False, active=True)
            accounts.change_person(session, who.id, change)
            curating.give_decks(session, who.id, {"deepseek"})
        sign_in_as(client, who)

    return become


def typed_question(submit: Submit, engine: Engine) -> tuple[str, ShownQuestion]:
    """Start a quiz of typed questions about names or texts; return its first page and row."""
    for _ in range(20):
        page = submit("/decks/deepseek", "/decks/deepseek/quiz", count="1", types="short_answer")
        path = page.location
        with Session(engine) as session:
            row = session.get_one(
                ShownQuestion,
                session.execute(
                    select(ShownQuestion.user_id, ShownQuestion.token).where(
                        ShownQuestion.token == path.rsplit("/", 1)[1]
                    )
                ).one(),
            )
            if load_question(row.body).answers[0].kind in {"entity", "text"}:
                session.expunge(row)
                return path, row
    raise AssertionError("no typed question about a name")


def test_a_guest_reports_and_a_curator_lets_the_answer_count(
    engine: Engine,
    client: FlaskClient,
    visit: Visit,
    submit: Submit,
    become_curator: Callable[[], None],
) -> None:
    path, row = typed_question(submit, engine)
    assert "Report this question" in visit(path).text
    draft = submit(path, f"{path}/report", kind="ambiguous", comment="Hm?", answer="Zyx Wvu")
    assert draft.status_code == 303
    assert "Thank you" in visit(draft.location).text
    assert submit(path, path, answer="Zyx Wvu").status_code == 303
    assert submit(f"{path}/feedback", f"{path}/report", kind="should_count").status_code == 303
    mine = visit("/my-reports").text
    assert "My answer should count" in mine
    assert "waiting for a curator" in mine
    with client.session_transaction() as cookie:
        guest = dict(cookie)
    become_curator()
    queue = visit("/reports/").text
    assert "Reports (1)" in queue
    own = f"/reports/{row.user_id}/{row.token}"
    assert own in queue
    page = visit(own).text
    assert "Zyx Wvu" in page
    direction = load_question(row.body).direction
    fields = {"accepted": "Zyx Wvu", "direction": str(direction)}
    assert submit(own, f"{own}/accept", **fields).status_code == 303
    assert submit("/reports/", f"{own}/accept", **fields).status_code == 409
    with client.session_transaction() as cookie:
        cookie.clear()
        cookie.update(guest)
    assert "Right" in visit(f"{path}/feedback").text
    assert "counts now. Thank you." in visit("/my-reports").text
    assert "counts as right now" in visit("/news/").text
    assert "Score" in visit("/score").text


def test_a_report_without_a_kind_says_so_and_keeps_the_comment(
    engine: Engine, submit: Submit
) -> None:
    path, _ = typed_question(submit, engine)
    page = submit(path, f"{path}/report", comment="It is odd.")
    assert page.status_code == 422
    assert "Say what is the matter." in page.text
    assert "It is odd." in page.text
    assert submit(path, f"{path}/report", kind="nonsense").status_code == 422
    assert submit(path, f"{path}/report", kind="wrong", comment="x" * 1001).status_code == 422


def test_reports_are_limited(engine: Engine, submit: Submit) -> None:
    path, _ = typed_question(submit, engine)
    codes = [submit(path, f"{path}/report", kind="wrong").status_code for _ in range(31)]
    assert codes == [303] * 30 + [429]


def test_a_name_of_another_thing_asks_to_be_confirmed_and_a_dismissal_needs_words(
    engine: Engine,
    visit: Visit,
    submit: Submit,
    become_curator: Callable[[], None],
) -> None:
    path, row = typed_question(submit, engine)
    submit(path, path, answer="qq")
    submit(f"{path}/feedback", f"{path}/report", kind="wrong")
    become_curator()
    own = f"/reports/{row.user_id}/{row.token}"
    direction = str(load_question(row.body).direction)
    taken = "Nvidia" if "Nvidia" not in load_question(row.body).keys else "OpenAI"
    page = submit(own, f"{own}/accept", accepted=taken, direction=direction)
    assert page.status_code == 422
    assert "also a name of" in page.text
    assert "accept it all the same" in page.text
    assert submit(own, f"{own}/accept", accepted="", direction=direction).status_code == 422
    assert submit(own, f"{own}/accept", accepted="x", direction="sideways").status_code == 422
    empty = submit(own, f"{own}/dismiss", reply=" ")
    assert empty.status_code == 422
    assert "the learner reads it" in empty.text
    assert submit(own, f"{own}/dismiss", reply="It is right.").status_code == 303
    assert "Nothing waits for you" in visit("/reports/").text
    closed = visit("/reports/?state=closed&page=9&deck=deepseek").text
    assert "It is right." in visit(own).text
    assert own in closed


def test_saving_the_fact_from_a_report_closes_it(
    engine: Engine,
    visit: Visit,
    submit: Submit,
    become_curator: Callable[[], None],
) -> None:
    path, row = typed_question(submit, engine)
    submit(path, f"{path}/report", kind="out_of_date")
    become_curator()
    link = re.search(
        r'href="(/facts/edit/\d+\?report=[^"]+)"', visit(f"/reports/{row.user_id}/{row.token}").text
    )
    assert link is not None
    with Session(engine) as session:
        opened = facts.open_fact(session, row.fact_id)
    typed = form_data(opened.fact, opened.revision)
    fields = {"bound": "", "part": ""} | {name: str(value) for name, value in typed.items()}
    saved = submit(link[1], link[1], **fields | {"override": "y", "action": "publish"})
    assert saved.status_code == 303, re.findall("field-error[^<]*<|alert.*", saved.text)
    with Session(engine) as session:
        assert session.scalars(select(Report.status)).all() == ["fixed"]


def test_statistics_are_shown_flagged_and_a_rejected_answer_accepted(
    engine: Engine,
    visit: Visit,
    submit: Submit,
    become_curator: Callable[[], None],
) -> None:
    path, row = typed_question(submit, engine)
    submit(path, path, answer="Zyx Wvu")
    become_curator()
    assert "1 question" not in visit("/statistics/deepseek").text, "a look counts nothing"
    counted = submit("/statistics/deepseek", "/statistics/deepseek/count")
    assert counted.status_code == 303
    listed = visit("/statistics/deepseek").text
    assert "1 question" in listed
    assert "no verdict under 20 answers" in listed
    for query in ("flag=2&order=time", "flag=99&order=x&page=-1", "page=999999999999"):
        assert visit(f"/statistics/deepseek?{query}").status_code == 200
    own = f"/statistics/fact/{row.fact_id}"
    assert "Zyx Wvu" in visit(own).text
    editor = visit(f"/facts/edit/{row.fact_id}").text
    assert re.search(r"What answers say.*no verdict under 20.*<td>1</td><td>0 %", editor, re.DOTALL)
    direction = str(load_question(row.body).direction)
    taken = "Nvidia" if "Nvidia" not in load_question(row.body).keys else "OpenAI"
    refused = submit(own, f"{own}/accept", accepted=taken, direction=direction)
    assert refused.status_code == 422
    assert "also a name of" in refused.text
    done = submit(own, f"{own}/accept", accepted="Zyx Wvu", direction=direction)
    assert done.status_code == 303
    page = visit(done.location).text
    assert "100 %" in page
    assert "Most often rejected" not in page
    assert visit("/statistics/elsewhere").status_code == 404
    assert visit("/statistics/fact/99999").status_code == 404


def test_learners_pages_ask_nothing_for_the_curators(
    engine: Engine, visit: Visit, submit: Submit, become_curator: Callable[[], None]
) -> None:
    sent: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *args: sent.append(str(args[2])))
    visit("/study")
    typed_question(submit, engine)
    visit("/study")
    assert not any("report" in one for one in sent)
    become_curator()
    visit("/study")
    assert sum("FROM report" in one for one in sent) == 1


def test_what_could_not_be_counted_now_can_be_asked_for(
    engine: Engine, visit: Visit, submit: Submit, become_curator: Callable[[], None]
) -> None:
    path, _ = typed_question(submit, engine)
    assert submit(path, path, answer="qq").status_code == 303
    become_curator()
    assert "Count them now" in visit("/statistics/deepseek").text
    page = "/statistics/deepseek"
    assert submit(page, f"{page}/count").status_code == 303
    assert "Count them now" not in visit(page).text
    with Session(engine) as session:
        assert count_new(session) == 0
        assert session.scalars(select(FactRow.id).join(Review, Review.fact_id == FactRow.id)).all()
