"""Anki packages of 10,000 notes, in and out: `make bench`. Seconds, and memory at the most."""

import resource
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.orm import Session

from app import clock
from app.core.facts import Deck, Fact
from app.core.values import TextValue
from app.interchange.apkg import CardState, Rated, Schedule, read_apkg, write_apkg
from app.models.database import make_engine, writing
from app.models.migrating import upgrade
from app.models.people import User
from app.services import importing, imports, packages
from app.services.importing import Upload
from app.services.revisions import By

NOTES = 10_000
REVIEWS = 5
DAY_S = 86_400
MEGABYTE = 1024


def made_package(now: int) -> bytes:
    """Return a package of NOTES notes, each reviewed REVIEWS times."""
    facts = tuple(
        Fact(f"fact-{at}", TextValue(f"Answer number {at}"), ask=f"What is the answer to {at}?")
        for at in range(NOTES)
    )
    log = tuple(Rated(now - (40 - 7 * at) * DAY_S, 3, 7, 4000) for at in range(REVIEWS))
    state = CardState(420, 20, 21.5, 5.5, now - 12 * DAY_S, REVIEWS, 0, log=log)
    schedule = Schedule(now - 400 * DAY_S, {fact.key: state for fact in facts})
    return write_apkg(Deck("bench", "Bench", facts=facts), now, schedule)


@contextmanager
def timed(what: str) -> Iterator[None]:
    """Print what something takes of the processor, and the most memory there has been."""
    started = time.process_time()
    yield
    took = time.process_time() - started
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // MEGABYTE
    print(f"{what:46}{took:8.2f} s {most:6} MB")


def bring_in(session: Session, user_id: int, data: bytes, now: int) -> None:
    """Print what bringing a package in costs, step by step, and undoing it."""
    started = time.process_time()
    for learning in (False, True):
        name = "with reviews and memories" if learning else "facts alone"
        with timed(f"{name}: read and kept"):
            token = importing.look_at(session, user_id, Upload(data, "b.apkg"), now).token
        if learning:
            page = packages.opened(session, user_id, token)
            mapping = {one.id: one.mapping for one in page.types}
            with timed(f"{name}: mapped"):
                packages.map_fields(session, user_id, token, mapping, with_learning=True)
        with timed(f"{name}: looked at"):
            importing.review(session, user_id, token)
        with timed(f"{name}: stored"):
            done = importing.apply(session, user_id, token, now)
        took = time.process_time() - started
        print(f"{name + ', in all':46}{took:8.2f} s")
        with timed(f"{name}: undone"):
            imports.undo(session, done.record_id, By(user_id, now))
        started = time.process_time()


def main(make: Callable[[int], bytes] = made_package) -> None:
    """Print the figures."""
    now = clock.now()
    with timed(f"{NOTES:,} notes with {NOTES * REVIEWS:,} reviews: written"):
        data = make(now)
    with timed(f"read ({len(data) / 1e6:.1f} MB)"):
        read_apkg(data)
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{Path(folder) / 'bench.sqlite3'}")
        upgrade(engine)
        with Session(engine) as session:
            with writing(session):
                user = User(fs_uniquifier=uuid.uuid4().hex, created_epoch_s=1)
                session.add(user)
                session.flush()
                user_id = user.id
            bring_in(session, user_id, data, now)
        engine.dispose()


if __name__ == "__main__":
    main()
