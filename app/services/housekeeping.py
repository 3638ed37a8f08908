"""What a running server does on its own now and then, outside any request."""

import structlog
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.services import (
    accepting,
    optimising,
    passkeys,
    rate_limits,
    sharing,
    sign_ins,
    signing_up,
    statistics,
)

AT_ONCE_S = 20.0
"""How long marking anew, and counting answers, go on at a time."""


def run(engine: Engine, now: int) -> None:
    """Mark anew and count what waits for it; fit parameters, and suggest where learners asked.

    One learner at a time, each in transactions of their own.
    """
    with Session(engine) as session:
        if not accepting.go_on(session, now, AT_ONCE_S):
            structlog.get_logger(__name__).info("marking anew goes on later")
        statistics.count_for(session, AT_ONCE_S)
        sign_ins.forget_old(session, now)
        rate_limits.forget_old(session, now)
        passkeys.forget_old(session, now)
        signing_up.forget_old(session, now)
        sharing.forget_old(session, now)
    _fit(engine, now)


def _fit(engine: Engine, now: int) -> None:
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
