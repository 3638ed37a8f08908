"""The studio in the browser's way: entities, relations, the table, import and export."""

import gc
import html
import io
import re
import time
from collections.abc import Callable

import pytest
from flask import Flask, get_template_attribute
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app import clock
from app.instance import Instance
from app.interchange.deck_file import read_deck
from app.services import accounts, jobs
from app.services.feedback import EvidencePage
from app.web.security import limiter

Visit = Callable[[str], TestResponse]
Submit = Callable[..., TestResponse]
PHRASE = "correct horse battery"


@pytest.fixture(autouse=True)
def admin(app: Flask, submit: Submit) -> None:
    instance: Instance = app.extensions["factdeck"]
    with Session(instance.engine) as session:
        token = accounts.make_setup_link(session, 2_000_000_000)
    made = submit(f"/setup/{token}", f"/setup/{token}", email="admin@b.example", password=PHRASE)
    assert made.status_code == 303


def link_to(page: str, text: str) -> str:
    found = re.search(rf'<a href="([^"]+)"[^>]*>{re.escape(text)}', page)
    assert found is not None, text
    return html.unescape(found[1])


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    assert found is not None, name
    return html.unescape(found[1])


def test_an_entity_is_renamed_and_a_stale_edit_sees_both_versions(
    submit: Submit, visit: Visit
) -> None:
    path = link_to(visit("/entities/places").text, "Brazil")
    page = visit(path).text
    assert "The capital of Brazil is Brasília." in page
    fields = {"revision": hidden(page, "revision"), "kind": "country", "aliases": "Brasil\nBrazi"}
    assert submit(path, path, name="Brazil!", **fields).status_code == 303
    stale = submit(path, path, name="Brasil", **fields)
    assert stale.status_code == 409
    assert "Brazil!" in stale.text
    assert "Brasil" in stale.text
    assert hidden(stale.text, "revision") == "2"
    assert submit(path, path, name="Brasil", **fields | {"revision": ""}).status_code == 400
    assert submit(path, path, name="", **fields | {"revision": "2"}).status_code == 422
    too_long = submit(path, path, name="B", **fields | {"revision": "2", "aliases": "x" * 1001})
    assert too_long.status_code == 422
    assert visit("/entities/places?q=brazil%21").text.count("<tr>") == 2
    assert visit("/entities/places?q=%00&kind=none&page=x").status_code == 200


def test_of_two_who_describe_a_deck_the_second_sees_both_versions(
    submit: Submit, visit: Visit
) -> None:
    path = "/edit-decks/deck/places"
    fields = {"fingerprint": hidden(visit(path).text, "fingerprint"), "language": "en"}
    assert submit(path, path, title="Theirs", **fields).status_code == 303
    stale = submit(path, path, title="Mine", **fields)
    assert stale.status_code == 409
    assert "Saved by them" in stale.text
    assert "Theirs" in stale.text
    assert submit(path, path, title="Mine", language="en", fingerprint="").status_code == 409
    assert "Theirs" in visit(path).text
    again = fields | {"fingerprint": hidden(stale.text, "fingerprint")}
    assert submit(path, path, title="Mine", **again).status_code == 303
    assert "About Mine" in visit(path).text


def test_two_entities_are_merged_after_a_look(submit: Submit, visit: Visit) -> None:
    path = link_to(visit("/entities/places?q=vienna").text, "Vienna")
    seen = visit(f"{path}/merge?name=Bratislava")
    assert seen.status_code == 200
    assert "becomes one item shorter" in seen.text
    fields = {name: hidden(seen.text, name) for name in ("other", "deck_revision")}
    stale = submit(
        f"{path}/merge?name=Bratislava", f"{path}/merge", **fields | {"deck_revision": "0"}
    )
    assert stale.status_code == 409
    assert submit(f"{path}/merge?name=Bratislava", f"{path}/merge", **fields).status_code == 303
    assert "Bratislava" in visit(path).text
    assert visit(f"{path}/merge?name=Bratislava").status_code == 422  # it is itself now
    assert visit(f"{path}/merge?name=Nowhere").status_code == 404
    assert "None of" not in visit("/entities/places?q=bratislava").text


def test_an_entity_in_a_fact_cannot_be_deleted(submit: Submit, visit: Visit) -> None:
    path = link_to(visit("/entities/places?q=vienna").text, "Vienna")
    refused = submit(path, f"{path}/delete", revision="1")
    assert refused.status_code == 422
    assert "is in a fact" in refused.text


def test_a_relation_is_previewed_refused_and_saved(submit: Submit, visit: Visit) -> None:
    path = link_to(visit("/relations/places").text, "capital")
    page = visit(path).text
    fields = {
        "revision": hidden(page, "revision"),
        "ask": "Name the capital of {subject}",
        "say": "The capital of {subject} is {value}.",
        "value_kind": "entity",
    }
    looked = submit(path, path, **fields, action="preview")
    assert looked.status_code == 200
    assert "does not end with a question mark" in looked.text
    refused = submit(path, path, **fields, action="save")
    assert refused.status_code == 422
    assert "Save in spite of errors" in refused.text
    better = fields | {"ask": "Which city is the capital of {subject}?"}
    assert submit(path, path, **better, action="save").status_code == 303
    assert "Which city is the capital of {subject}?" in visit(path).text
    stale = submit(path, path, **better | {"ask": "What of {subject}?"}, action="save")
    assert stale.status_code == 409
    assert "Which city is the capital" in stale.text
    wrong = submit(path, path, **better | {"revision": "2", "say": "No."}, action="save")
    assert wrong.status_code == 422
    assert "It needs {value}" in wrong.text
    part = submit(path, "/relations/places/preview", **fields, key="capital")
    assert part.status_code == 200
    assert "Name the capital of Canada" in part.text
    assert "<html" not in part.text


def test_relations_are_added_made_merged_and_deleted(submit: Submit, visit: Visit) -> None:
    library = "/relations/places/library"
    added = submit(library, library, keys=["founded_by", "cost", "capital"])
    assert added.status_code == 303
    listed = visit("/relations/places").text
    assert "Who founded {subject}?" in listed
    assert "a name · " in listed  # as the editor of facts calls it
    assert submit(library, library, keys=["no_such"]).status_code == 422
    new = "/relations/places/new"
    assert submit(new, new, name="", ask="Who?").status_code == 422
    made = submit(new, new, name="seat of", ask="Where is the seat of {subject}?", value_kind="")
    assert made.status_code == 303
    cost = link_to(listed, "cost")
    number = link_to(listed, "founded by").rpartition("/")[2]
    clash = visit(f"{cost}/merge?other={number}")
    assert clash.status_code == 422
    assert "two kinds" in clash.text
    seat = made.location.rpartition("/")[2]
    seen = visit(f"{cost}/merge?other={seat}").text
    fields = {name: hidden(seen, name) for name in ("other", "deck_revision")}
    assert submit(f"{cost}/merge?other={seat}", f"{cost}/merge", **fields).status_code == 303
    assert submit(cost, f"{cost}/delete", revision="99").status_code == 409
    revision = hidden(visit(cost).text, "revision")
    assert submit(cost, f"{cost}/delete", revision=revision).status_code == 303
    assert visit(cost).status_code == 404


def test_every_fact_that_fits_is_meant_on_all_pages(submit: Submit, visit: Visit) -> None:
    table = "/table/planets"
    page = visit(table).text
    found = re.search(r"All (\d+) facts that fit, on every page", page)
    assert found is not None
    everything = int(found[1])
    assert everything > page.count('name="chosen"') == 50
    fields = {"every": "y", "deck_revision": hidden(page, "deck_revision"), "action": "tag"}
    tagged = submit(table, table, **fields, tags="sky")
    assert f"done={everything}" in tagged.location
    stale = submit(table, table, **fields, tags="late")
    assert stale.status_code == 409
    assert "Nothing was stored" in stale.text
    assert "No fact fits" in visit(f"{table}?tag=late").text
    narrow = f"{table}?q=mercury"
    fields["deck_revision"] = hidden(visit(narrow).text, "deck_revision")
    some = submit(narrow, narrow, **fields, tags="swift")
    count = visit(f"{table}?tag=swift").text.count('name="chosen"')
    assert 0 < count < everything
    assert f"done={count}" in some.location


def ticked(page: str, count: int) -> list[str]:
    return re.findall(r'name="chosen"[^>]*value="([0-9:]+)"', page)[:count]


def test_many_facts_are_changed_at_once(submit: Submit, visit: Visit) -> None:
    table = "/table/places"
    page = visit(f"{table}?all=1")
    assert page.text.count(" checked") == 50
    chosen = ticked(page.text, 3)
    assert submit(table, table, chosen=chosen, action="retire").status_code == 303
    assert visit(f"{table}?status=retired").text.count('name="chosen"') == 3
    stale = submit(table, table, chosen=chosen, action="draft")
    assert stale.status_code == 422
    assert "since you chose it" in stale.text
    chosen = ticked(visit(f"{table}?status=retired").text, 3)
    assert submit(table, table, chosen=chosen, action="tag", tags="new, old").status_code == 303
    assert visit(f"{table}?tag=old").text.count('name="chosen"') == 3
    chosen = ticked(visit(f"{table}?tag=old").text, 3)
    moved = submit(table, table, chosen=chosen, action="move", target="planets")
    assert moved.status_code == 303
    assert visit("/table/planets?tag=old").text.count('name="chosen"') == 3
    assert submit(table, table, action="publish").status_code == 422
    assert submit(table, table, chosen=chosen, action="dance").status_code == 400
    assert submit(table, table, chosen=["x", "1:1:1"], action="retire").status_code == 422
    there = ticked(visit(table).text, 1)
    assert submit(table, table, chosen=there, action="delete").status_code == 422
    assert submit(table, table, chosen=there, action="move", target="no").status_code == 404
    assert submit(table, table, chosen=there, action="tag", tags="x" * 1001).status_code == 422
    assert visit(f"{table}?sort=nothing&page=9999999999&q=%E2%80%AE").status_code == 200


def test_wordings_are_replaced_after_a_look(submit: Submit, visit: Visit) -> None:
    path = "/table/places/replace?find=capital&put=main+city"
    seen = visit(path)
    assert seen.status_code == 200
    ids = [
        html.unescape(one) for one in re.findall(r'name="changes"[^>]*value="([^"]+)"', seen.text)
    ]
    assert "relation/capital/ask" in ids
    fields = {name: hidden(seen.text, name) for name in ("find", "put", "deck_revision")}
    post = "/table/places/replace"
    assert submit(path, post, **fields, changes=[]).status_code == 422
    assert submit(path, post, **fields, changes=["relation/capital/ask"]).status_code == 303
    assert "main city" in visit("/relations/places").text
    again = submit(path, post, **fields, changes=["relation/capital/say"])
    assert again.status_code == 409
    broken = visit("/table/places/replace?find=%3F&put=")
    assert "question mark" in broken.text
    fields = {name: hidden(broken.text, name) for name in ("find", "put", "deck_revision")}
    refused = submit(path, post, **fields, changes=["relation/capital/ask"])
    assert refused.status_code == 422
    assert "Replace in spite of errors" in refused.text
    assert visit("/table/places/replace").status_code == 200


def upload(submit: Submit, page: str, data: bytes, name: str = "deck.yaml") -> TestResponse:
    return submit(page, page, file=(io.BytesIO(data), name))


def test_an_exported_deck_is_changed_looked_at_and_imported(
    client: FlaskClient, submit: Submit, visit: Visit
) -> None:
    for file_format in ("yaml", "json", "csv"):
        sent = client.get(f"/transfer/places/export/{file_format}")
        assert sent.headers["Content-Disposition"] == f'attachment; filename="places.{file_format}"'
        looked = upload(submit, "/transfer/places", sent.data, f"x.{file_format}")
        assert looked.status_code == 303
        assert "There is nothing to import" in visit(looked.location).text
    text = client.get("/transfer/places/export/yaml").text.replace("Canberra", "Sydney")
    looked = upload(submit, "/transfer/places", text.encode("utf-16"))
    page = visit(looked.location).text
    assert "Read as UTF-16" in page
    assert "<ins>Sydney</ins>" in page
    assert "Sydney" not in visit("/facts/places").text
    done = submit(looked.location, looked.location)
    assert done.status_code == 303
    assert "Imported" in visit(done.location).text
    assert "Sydney" in visit("/facts/places?q=australia").text
    assert submit("/transfer/", looked.location).status_code == 404
    assert visit("/transfer/places/export/exe").status_code == 404


def test_an_import_is_refused_where_the_deck_changed_meanwhile(
    client: FlaskClient, submit: Submit, visit: Visit
) -> None:
    text = client.get("/transfer/places/export/yaml").text.replace("People and places", "Lands")
    looked = upload(submit, "/transfer/places", text.encode())
    submit("/relations/places/library", "/relations/places/library", keys=["cost"])
    refused = submit(looked.location, looked.location)
    assert refused.status_code == 409
    assert "Nothing was stored" in refused.text
    assert submit(looked.location, looked.location).status_code == 303
    assert "Lands" in visit("/transfer/places").text
    other = upload(submit, "/transfer/places", text.encode())
    assert submit(other.location, f"{other.location}/drop").status_code == 303
    assert visit(other.location).status_code == 404


BOMB = b"a: &a [x]\n" + b"\n".join(b"b%d: &b%d [*a, *a]" % (at, at) for at in range(50))
HOSTILE = {
    "zip": b"PK\x03\x04" + b"\0" * 1000,
    "empty": b"",
    "alias bomb": b"format: factdeck/1\n" + BOMB,
    "deep brackets": b"[" * 100_000,
    "deep JSON": b'{"format": ' + b"[" * 100_000,
    "deep JSON closed": b'{"format": ' + b"[" * 500 + b"]" * 500 + b"}",
    "deep blocks": b"\n".join(b" " * at + b"a:" for at in range(600)),
    "tag": b"format: !!python/object/apply:os.system ['true']",
    "not YAML": b"format: [",
    "a text": b"Once upon a time.",
    "surrogate": b'{"format": "factdeck/1", "deck": {"key": "d", "title": "\\ud800"}}',
    "zero": b"format: factdeck/1\0",
    "long number": b"format: factdeck/1\ndeck: {key: d, title: " + b"9" * 100_000 + b"}",
    "wrong kinds": b"format: factdeck/1\ndeck: []\nfacts: {}\nentities: 7\nsources: [1, [2]]",
    "latin": "format: factdeck/1\ndeck: {key: d\xe9".encode("latin-1"),
    "doubled": b"format: factdeck/1\nformat: factdeck/1",
    "csv": b'subject,relation,value\n"' + b"x" * 200_000 + b'"',
    "half a quote": b'subject,relation,value\n"x',
    "columns": b"value," + b"x," * 10_000,
    "many parts": b"format: factdeck/1\ndeck: {key: d, title: D}\nfacts: ["
    + b"x," * 2_400_000
    + b"]",
    "many facts in JSON": b'{"format": "factdeck/1", "facts": [' + b"1," * 2_000_000 + b"1]}",
    "many rows": b"value,ask\n" + b"x,y?\n" * 900_000,
    "many bad rows": b"value,colour\n" + b"x,\n" * 15_000,
    "many short facts": b'{"format": "factdeck/1", "facts": [' + b"{}," * 1_500_000 + b"{}]}",
    "NaN": b'{"format": "factdeck/1", "deck": NaN, "facts": [1e400]}',
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_soon(
    app: Flask, submit: Submit, visit: Visit, name: str
) -> None:
    started = time.process_time()
    for page in ("/transfer/", "/transfer/places"):
        refused = upload(submit, page, HOSTILE[name], f"{name}.yaml")
        if refused.status_code == 303:  # a large one is read aside
            assert jobs.work(app.extensions["factdeck"].engine, clock.now)
            refused = visit(refused.location)
            assert "Nothing was imported" in refused.text, name
        else:
            assert refused.status_code == 422, name
    assert time.process_time() - started < 20  # a hang, not a benchmark


def test_every_problem_of_a_file_is_listed_with_its_line(submit: Submit) -> None:
    text = b"format: factdeck/1\ndeck: {key: d, title: D}\nfacts:\n" + b"\n".join(
        b"- {key: f%d, ask: What?, value: {kind: number, amount: x%d}}" % (at, at)
        for at in range(30)
    )
    page = upload(submit, "/transfer/", text)
    assert page.status_code == 422
    assert "the file has 30 problems" in page.text
    for line in range(4, 34):
        assert f"line {line}, facts[{line - 4}].value.amount" in page.text


def test_a_file_name_is_shown_as_text(client: FlaskClient, submit: Submit, visit: Visit) -> None:
    sent = client.get("/transfer/places/export/yaml").data
    looked = upload(submit, "/transfer/places", sent, "..\\<img src=x>\u202e.yaml")
    page = visit(looked.location).text
    assert "&lt;img src=x&gt;" in page
    assert "<img" not in page


# What Werkzeug has read of a refused request is left to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_too_large_a_file_is_refused(submit: Submit) -> None:
    limiter.enabled = False
    assert upload(submit, "/transfer/", b"x" * 101_000_000).status_code == 413
    limiter.enabled = True
    gc.collect()


def test_formulas_sleep_in_the_table_and_wake_up_whole(
    client: FlaskClient, submit: Submit, visit: Visit
) -> None:
    deck = read_deck(client.get("/transfer/places/export/yaml").text)
    note = '=HYPERLINK("https://example.com")'
    text = client.get("/transfer/places/export/yaml").text.replace(
        "key: canada-capital\n", f"key: canada-capital\n  note: '{note}'\n", 1
    )
    looked = upload(submit, "/transfer/places", text.encode())
    submit(looked.location, looked.location)
    table = client.get("/transfer/places/export/csv").text
    assert "\"'=HYPERLINK" in table
    assert '"=HYPERLINK' not in table
    again = upload(submit, "/transfer/places", table.encode(), "t.csv")
    assert "There is nothing to import" in visit(again.location).text
    after = read_deck(client.get("/transfer/places/export/yaml").text)
    assert after.fact_by_key["canada-capital"].note == note
    assert len(after.facts) == len(deck.facts)


def test_a_guest_gets_no_file(app: Flask) -> None:
    assert app.test_client().get("/transfer/places/export/yaml").status_code == 303


def test_evidence_names_its_author(app: Flask) -> None:
    passage = EvidencePage(
        "k", "Harbour", "Ada Quill", "Press", "2024-05-01", "", "", "It grew.", ""
    )
    with app.test_request_context():
        shown = str(get_template_attribute("macros/feedback.html", "evidence")(passage))
    assert 'Harbour, Ada Quill, Press, <bdi class="unbroken">2024-05-01</bdi>' in shown


def test_the_count_of_ticked_rows_speaks_the_language_of_the_page(client: FlaskClient) -> None:
    found = client.get("/table/planets", headers={"Accept-Language": "de"})
    assert 'data-count="{count} ausgewählt"' in found.get_data(as_text=True)
