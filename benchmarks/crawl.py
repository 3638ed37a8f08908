"""Every page, followed by its links: `python -m benchmarks.crawl [REVIEWS [FACTS_A_DECK]]`.

An admin who is one of ten learners, each with a tenth of the reviews (100,000) and as many facts,
in decks of so many (500), follows the links of every page that has been met, so many addresses of
each route, and asks for each several times. Times are CPU seconds of this process, so that other
work on the machine hardly shows; what waits for the disk is not in them. Files are no pages.
"""

import os
import re
import sys
import tempfile
import time
from collections import defaultdict, deque
from dataclasses import replace
from html import unescape
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException

from app import clock, create_app
from app.config import Config, make_home
from app.models.database import writing
from app.models.people import User
from app.services import accounts
from app.services.accounts import PersonChange
from app.web.current import remember
from app.workers import settle_garbage
from benchmarks.many_rows import LEARNERS, NOW, file_of, filled

LIMIT_MS = 150
ADDRESSES = 8
"""Of each route at most; links with queries among them."""
ROUNDS = 8
LONGEST_MS = 1_000
"""What takes longer is asked for twice."""
SITE = "http://localhost"
LINK = re.compile(r'<a\s[^>]*href="([^"#]+)')


def signed_in(app: Flask) -> FlaskClient:
    """Return a browser in which the first learner, who is an admin, is signed in."""
    with Session(app.extensions["factdeck"].engine) as session:
        with writing(session):
            user = session.get_one(User, 1)
            user.email, user.password = "admin@bench.example", "fits nothing"
        accounts.change_person(
            session, 1, PersonChange(is_admin=True, is_curator=False, active=True)
        )
        person = accounts.person_of(session.get_one(User, 1))
    client = app.test_client()
    with app.test_request_context():
        remember(person)
        from flask import session as browser  # noqa: PLC0415 bound to this request

        kept = dict(browser)
    with client.session_transaction() as own:
        own.update(kept)
    return client


class Crawl:
    """Pages that were met, and how long each took."""

    def __init__(self, app: Flask) -> None:
        self.client = signed_in(app)
        self.routes = app.url_map.bind("localhost")
        self.took: dict[str, list[float]] = defaultdict(list)
        self.worst: dict[str, tuple[float, str]] = {}
        self.failed: list[str] = []
        self._met: dict[str, set[str]] = defaultdict(set)
        self._waiting: deque[tuple[str, str]] = deque()

    def run(self, begin: str) -> None:
        """Follow every link from an address on."""
        self._meet(begin)
        while self._waiting:
            endpoint, address = self._waiting.popleft()
            for link in LINK.findall(self._look(endpoint, address)):
                self._meet(urljoin(address, unescape(link)))

    def _meet(self, address: str) -> None:
        parts = urlsplit(address)
        if parts.netloc not in {"", "localhost"}:
            return
        try:
            endpoint = str(self.routes.match(parts.path, method="GET")[0])
        except HTTPException:
            return
        whole = parts.path + (f"?{parts.query}" if parts.query else "")
        met = self._met[endpoint]
        if whole not in met and len(met) < ADDRESSES and not endpoint.endswith("static"):
            met.add(whole)
            self._waiting.append((endpoint, whole))

    def _look(self, endpoint: str, address: str) -> str:
        """Ask for an address several times; return its page, "" where it is none."""
        text = ""
        for at in range(ROUNDS):
            started = time.process_time()
            told = self.client.get(address, base_url=SITE)
            took_ms = (time.process_time() - started) * 1000
            if told.status_code >= 400:
                self.failed.append(f"{told.status_code} {address}")
            if told.location:
                self._meet(urljoin(address, told.location))
            if told.status_code != 200 or told.mimetype != "text/html":
                return ""
            text = told.text
            if at == 0 and took_ms < LONGEST_MS:
                continue  # its template may have been compiled
            self.took[endpoint].append(took_ms)
            self.worst[endpoint] = max(self.worst.get(endpoint, (0.0, "")), (took_ms, address))
            if took_ms > LONGEST_MS:
                break
        return text


def p95(times: list[float]) -> float:
    """Return the 95th of a hundred."""
    return sorted(times)[min(len(times) - 1, int(len(times) * 0.95))]


def main(reviews: int, facts_a_deck: int) -> None:
    """Print the slowest pages."""
    clock.now = lambda: NOW + 3600  # type: ignore[assignment]  # the day for which the rows were made
    folder = Path(os.environ.get("FACTDECK_BENCH_FOLDER") or tempfile.mkdtemp())
    facts = reviews // LEARNERS
    decks = max(1, facts // facts_a_deck)
    filled(folder, facts, decks).dispose()
    home = folder / f"crawl-{facts}"
    make_home(home)
    config = Config(home, f"sqlite:///{file_of(folder, facts, decks)}", "k" * 43)
    crawl = Crawl(create_app(replace(config, synchronous="OFF")))
    settle_garbage()
    crawl.run("/")
    slow = sorted(((p95(times), kind) for kind, times in crawl.took.items()), reverse=True)
    print(f"{len(slow)} pages' routes, {sum(map(len, crawl.took.values()))} requests, ms of CPU")
    for took, kind in slow[:25]:
        most, address = crawl.worst[kind]
        print(f"  p95 {took:7.1f}  {kind:32} worst {most:7.1f}  {address}")
    over = [kind for took, kind in slow if took > LIMIT_MS]
    print(f"over {LIMIT_MS} ms: {', '.join(over) or 'none'} (wanted: none)")
    print("refused or failed:", *sorted(set(crawl.failed)) or ["none"], sep="\n  ")


if __name__ == "__main__":
    given = [int(one) for one in sys.argv[1:]]
    main(*(given + [100_000, 500][len(given) :]))
