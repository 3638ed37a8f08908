"""The floor under our answer: a Flask view with hand validation and raw sqlite3, same server.

`python -m benchmarks.floor PORT FILE`. It writes the rows that an answer and a next question are,
with synchronous=FULL; it has no forms, no ORM, no evidence, no planning and no second language.
"""

import json
import secrets
import sqlite3
import sys
import time

from flask import Flask, Response, abort, redirect, request, session  # noqa: TID251 no product code

from app.core.memory import MemoryState, Rating, next_state
from app.workers import CONNECTIONS, settle_garbage

SCHEMA = """
CREATE TABLE user (id INTEGER PRIMARY KEY, token TEXT UNIQUE, score INTEGER, reviews INTEGER);
CREATE TABLE shown (user INTEGER, token TEXT, fact INTEGER, body TEXT, answered INTEGER,
  PRIMARY KEY (user, token)) WITHOUT ROWID;
CREATE TABLE review (user INTEGER, number INTEGER, token TEXT, fact INTEGER, response TEXT,
  credit REAL, rating INTEGER, at INTEGER, stability REAL, difficulty REAL,
  PRIMARY KEY (user, number), UNIQUE (user, token)) WITHOUT ROWID;
CREATE TABLE memory (user INTEGER, fact INTEGER, stability REAL, difficulty REAL, last INTEGER,
  due INTEGER, PRIMARY KEY (user, fact)) WITHOUT ROWID;
CREATE INDEX due ON memory (user, due);
CREATE TABLE day (user INTEGER, day INTEGER, reviews INTEGER, correct INTEGER,
  PRIMARY KEY (user, day)) WITHOUT ROWID;
INSERT INTO user VALUES (1, 'floor', 0, 0);
"""
FACTS = 1000
DAY_S = 86_400


def connect(file: str) -> sqlite3.Connection:
    """Return a connection with the product's settings."""
    made = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    made.execute("PRAGMA journal_mode=WAL")
    made.execute("PRAGMA synchronous=FULL")
    return made


def make(file: str) -> Flask:  # noqa: C901, PLR0915 by hand, that is the point
    """Return the app."""
    app = Flask("floor")
    app.config["SECRET_KEY"] = "k" * 40
    db = connect(file)
    db.executescript(SCHEMA)

    def learner() -> int:
        row = db.execute("SELECT id FROM user WHERE token = ?", (session.get("who"),)).fetchone()
        return int(row[0]) if row else abort(403)

    def checked() -> None:
        if not secrets.compare_digest(request.form.get("csrf", ""), session.get("csrf", "")):
            abort(400)

    @app.get("/hello")
    def hello() -> str:
        return "<!doctype html><title>Hello</title><p>Hello"

    @app.get("/start")
    def start() -> Response:
        session["who"], session["csrf"] = "floor", "c" * 43
        return Response("started")

    @app.post("/answer/<token>")
    def answer(token: str) -> Response:
        user, given = learner(), request.form.get("answer", "").strip()
        checked()
        if not given or len(given) > 500:
            abort(422)
        shown = db.execute(
            "SELECT fact, body FROM shown WHERE user = ? AND token = ?", (user, token)
        ).fetchone() or abort(404)
        fact, right = shown[0], json.loads(shown[1])["key"] == given
        now, rating = int(time.time()), Rating.GOOD if right else Rating.AGAIN  # noqa: TID251 not the product
        db.execute("BEGIN IMMEDIATE")
        known = db.execute(
            "SELECT stability, difficulty, last FROM memory WHERE user = ? AND fact = ?",
            (user, fact),
        ).fetchone()
        state = next_state(MemoryState(*known) if known else None, rating, now, 0)
        number = db.execute(
            "UPDATE user SET reviews = reviews + 1, score = score + ? WHERE id = ?"
            " RETURNING reviews",
            (10 * right, user),
        ).fetchone()[0]
        kept = (state.stability_days, state.difficulty)
        db.execute(
            "INSERT INTO review VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (user, number, token, fact, given, float(right), int(rating), now, *kept),
        )
        due = now + int(state.stability_days * DAY_S)
        db.execute(
            "INSERT OR REPLACE INTO memory VALUES (?, ?, ?, ?, ?, ?)", (user, fact, *kept, now, due)
        )
        db.execute(
            "INSERT INTO day VALUES (?, ?, 1, ?) ON CONFLICT DO UPDATE SET"
            " reviews = reviews + 1, correct = correct + excluded.correct",
            (user, now // DAY_S, int(right)),
        )
        db.execute("UPDATE shown SET answered = ? WHERE user = ? AND token = ?", (now, user, token))
        db.execute("COMMIT")
        return redirect(f"/feedback/{token}", 303)  # type: ignore[return-value]

    @app.post("/next")
    def following() -> Response:
        user, token = learner(), secrets.token_urlsafe(32)
        checked()
        now = int(time.time())  # noqa: TID251 not the product
        db.execute("BEGIN IMMEDIATE")
        due = db.execute(
            "SELECT fact FROM memory WHERE user = ? AND due <= ? ORDER BY due LIMIT 1", (user, now)
        ).fetchone()
        fact = due[0] if due else secrets.randbelow(FACTS)
        body = json.dumps({"stem": f"What is fact {fact}?", "key": "this", "options": ["a", "b"]})
        db.execute("INSERT INTO shown VALUES (?, ?, ?, ?, NULL)", (user, token, fact, body))
        db.execute("COMMIT")
        return redirect(f"/question/{token}", 303)  # type: ignore[return-value]

    return app


def main(port: int, file: str) -> None:
    """Serve like a worker of ours."""
    from waitress import create_server  # noqa: PLC0415 with the server alone

    server = create_server(
        make(file),
        host="127.0.0.1",
        port=port,
        threads=2,
        connection_limit=CONNECTIONS,
        asyncore_use_poll=True,
    )
    settle_garbage()
    server.run()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
