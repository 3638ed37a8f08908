"""The pages of a learner with very many facts, beside nine others with as many: `make bench`.

FACTDECK_BENCH_FACTS (20,000) is how many facts and reviews each learner has. The figures for a
tenth of it come first, so that growth shows as a ratio. The full size is 1000000: ten million rows
of each kind, 6 GB; FACTDECK_BENCH_FOLDER keeps the databases there for the next run. Times are of
the processor, the least of some rounds: what others do on the machine only ever adds.
"""

import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, update
from sqlalchemy.orm import Session

from app.models.database import writing
from app.models.learning import ShownQuestion
from app.services import fact_story, insights, overview, progress, study
from app.services.schedule import Kind, Sorting, Wanted, due_by_day, schedule_page
from app.services.sessions import learner_of
from benchmarks.many_rows import AWAY, LEARNERS, NOW, SMALL, filled

ROUNDS = 5
LONGEST_MS = 2_000
"""What takes longer is measured once."""


@dataclass(frozen=True, slots=True)
class Page:
    """Something a learner looks at, and within how many milliseconds if the issue says so."""

    name: str
    look: Callable[[Session], object]
    limit_ms: int | None = None
    before: Callable[[Session], object] | None = None
    """What has to be done first, and is not measured."""


def pages(session: Session) -> list[Page]:
    """Return what is measured."""
    learner = learner_of(session, 1)
    day = learner.day(NOW)
    token = study.start(session, 1, SMALL, NOW)

    def following(session: Session) -> None:
        study.next_question(session, 1, token, NOW)

    def answered(session: Session) -> None:
        with writing(session):
            session.execute(update(ShownQuestion).values(answered_epoch_s=NOW))

    def schedule(wanted: Wanted, user_id: int = 1) -> Callable[[Session], object]:
        return lambda session: schedule_page(session, user_id, wanted, NOW)

    return [
        Page("next question", following, 5, answered),
        Page("today", lambda session: study.today(session, 1, None, NOW), 5),
        Page("today, a deck", lambda session: study.today(session, 1, "many-3", NOW)),
        Page("today, every deck", lambda session: study.today_by_deck(session, 1, NOW)),
        Page("today, all is due", lambda session: study.today(session, AWAY, None, NOW)),
        Page("  every deck", lambda session: study.today_by_deck(session, AWAY, NOW)),
        Page("schedule", schedule(Wanted()), 50),
        Page("schedule, all is due", schedule(Wanted(), AWAY)),
        *(
            Page(f"schedule, {sorting}", schedule(Wanted(sorting=sorting)))
            for sorting in Sorting
            if sorting is not Sorting.DUE
        ),
        *(
            Page(f"schedule, {kind}", schedule(Wanted(kind=kind)))
            for kind in Kind
            if kind is not Kind.ALL
        ),
        Page("schedule, a deck", schedule(Wanted(deck_key="many-3"))),
        Page("schedule, a tag", schedule(Wanted(tag="t3"))),
        Page("schedule, no such tag", schedule(Wanted(tag="nothing"))),
        Page("schedule, page 200", schedule(Wanted(page=200))),
        Page("month", lambda session: due_by_day(session, learner, day, 31, NOW), 50),
        Page("a fact", lambda session: fact_story.fact_story(session, 1, 1005, NOW)),
        Page("progress", lambda session: insights.insights(session, 1, NOW), 150),
        Page("progress, all is due", lambda session: insights.insights(session, AWAY, NOW)),
        Page("score", lambda session: progress.totals(session, 1, NOW)),
        Page("overview, learners", lambda session: overview.learners_overview(session, NOW)),
        Page("overview, decks", lambda session: overview.decks_overview(session, NOW)),
    ]


def main() -> None:
    """Print what each page takes for a learner with many facts, and how it grows."""
    facts = int(os.environ.get("FACTDECK_BENCH_FACTS", "20000"))
    kept = os.environ.get("FACTDECK_BENCH_FOLDER")
    with tempfile.TemporaryDirectory() as fresh:
        folder = Path(kept or fresh)
        small, large = (_measured(filled(folder, size)) for size in (facts // 10, facts))
    others = (LEARNERS - 1) * facts
    print(f"One learner of {facts:,} facts and reviews beside {others:,} of others:")
    print(f"{'':26}{'ms':>9}{'wanted':>8}{'growth':>9}   (times a tenth of the rows)")
    for name, (taken, limit) in large.items():
        wanted = f"{limit}" if limit else ""
        print(f"{name:26}{taken:9.2f}{wanted:>8}{taken / small[name][0]:9.2f}", flush=True)


def _measured(engine: Engine) -> dict[str, tuple[float, int | None]]:
    with Session(engine) as session:
        found = {page.name: (_least_ms(session, page), page.limit_ms) for page in pages(session)}
    engine.dispose()
    return found


def _least_ms(session: Session, page: Page) -> float:
    taken: list[float] = []
    while len(taken) <= ROUNDS and (not taken or taken[-1] < LONGEST_MS):
        if page.before:
            page.before(session)
        started = time.process_time()
        page.look(session)
        taken.append(1000 * (time.process_time() - started))
        session.rollback()
    return min(taken)


if __name__ == "__main__":
    main()
