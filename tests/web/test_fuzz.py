"""Nonsense on every route, as a guest and as an admin: never a fault."""

import os
import time
from random import Random

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.instance import Instance
from app.services import accounts
from app.web.security import limiter

from .conftest import sign_in_as

REQUESTS = int(os.environ.get("SOAK_REQUESTS", "2000")) // 2
"""For each of two roles."""
LONGEST_S = 2.0
"""Seconds of processor time: no request may hang."""
NUMBERS = [0, 1, 4, 2**31, 2**63, 2**70]
NAMES = ["deepseek", "brief", "x", "%00", "a" * 300, "\u00e9", "..", "planets"]
TEXTS = [
    "",
    "\0",
    "x" * 300,
    "../../etc/passwd",
    "<script>alert(1)</script>",
    "{{7*7}}",
    "%s%n",
    str(2**31),
    str(2**70),
    "-1",
    "1e400",
    "1E+1000000000",
    "NaN",
    "\u202eabc",
    str(2**63),
    "[" * 5_000,
    "\u0663",
    "\U0001f986" * 50,
    "'; DROP TABLE user;--",
    "a" * 6000,
    "deepseek",
    "4",
    "entity",
    "2025-01-20",
    "on",
    "published",
]
FIELDS = [
    "edit_kind",
    "superseded_by",
    "to",
    "subject",
    "relation",
    "kind",
    "name",
    "text",
    "accept",
    "amount",
    "unit",
    "tolerance",
    "currency",
    "bound",
    "low",
    "high",
    "date",
    "part",
    "items",
    "stance",
    "according_to",
    "as_of",
    "source",
    "quote",
    "ask",
    "ask_inverse",
    "say",
    "note",
    "tags",
    "status",
    "override",
    "revision",
    "action",
    "pick",
    "subject_kind",
    "name_kind",
    "response",
    "key",
    "saved",
    "show",
    "page",
    "mark",
    "answer",
    "answer-0",
    "response_ms",
    "count",
    "types",
    "email",
    "password",
    "old",
    "new",
    "display_name",
    "time_zone",
    "new_per_day",
    "is_admin",
    "active",
    "q",
    "deck",
    "name",
    "aliases",
    "many",
    "anyway",
    "other",
    "deck_revision",
    "keys",
    "chosen",
    "target",
    "find",
    "put",
    "changes",
    "sort",
    "tag",
    "file",
    "drafts",
    "credential",
    "code",
    "scopes",
]
PLAUSIBLE = {"stance": "stated", "status": "draft", "relation": "", "source": "", "ask": "Who?"}
ACTIONS = (
    "tag",
    "untag",
    "move",
    "delete",
    "draft",
    "publish",
    "publish-next",
    "draft-next",
    "preview",
    "try",
    "retire",
    "",
)
KINDS = ("entity", "text", "number", "money", "range", "date", "set")


@pytest.mark.parametrize("role", ["guest", "admin"])
def test_no_request_is_answered_by_a_fault(app: Flask, role: str) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    limiter.enabled = False
    instance: Instance = app.extensions["factdeck"]
    with Session(instance.engine) as session:
        if role == "admin":
            link = accounts.make_setup_link(session, 1)
            assert link is not None
            person = accounts.use_setup_link(session, link, "a@b.example", "a long phrase here", 1)
        else:
            person = accounts.make_guest(session, "g" * 40, 1)
    rng = Random(7)  # noqa: S311 a test's chance
    rules = [rule for rule in app.url_map.iter_rules() if "static" not in rule.endpoint]
    client = app.test_client()
    for _ in range(REQUESTS):
        sign_in_as(client, person)
        rule = rng.choice(rules)
        values = {
            name: rng.choice(NUMBERS if name.endswith("_id") else NAMES) for name in rule.arguments
        }
        with app.test_request_context():
            path = app.url_for(rule.endpoint, **values)
        fields = {name: rng.choice(TEXTS) for name in rng.sample(FIELDS, rng.randint(0, 30))}
        if rng.random() < 0.5:
            fields |= PLAUSIBLE | {"kind": rng.choice(KINDS), "action": rng.choice(ACTIONS)}
        began = time.process_time()
        if "POST" in (rule.methods or ()) and rng.random() < 0.6:
            answer = client.post(path, data=fields)
        else:
            answer = client.get(path, query_string=fields)
        assert answer.status_code < 500, (path, fields)
        assert time.process_time() - began < LONGEST_S, (path, fields)
    limiter.enabled = True
