"""What a running server does on its own now and then, outside any request."""

import structlog
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.services import optimising


def run(engine: Engine, now: int) -> None:
    """Fit the parameters of learners whose log has grown, and suggest where they asked.

    One learner at a time, each in transactions of their own.
    """
    log = structlog.get_logger(__name__)
    with Session(engine) as session:
        fitting = optimising.waiting_for_fit(session)
        suggesting = optimising.waiting_for_suggestion(session)
    for user_id in fitting:
        with Session(engine) as session:
            try:
                fitted = optimising.fit_learner(session, user_id, now)
            except optimising.StillStudying:
                continue
        log.info("fitted", learner=user_id, kept=fitted.better, held_out=fitted.held_out)
    for user_id in suggesting:
        with Session(engine) as session:
            suggested = optimising.suggest_retention(session, user_id)
        log.info("suggested", learner=user_id, retention=round(suggested, 3))
