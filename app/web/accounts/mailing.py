"""Mail that goes out behind an answer: so the answer takes as long whoever has an account.

And in a thread of its own: the connection stays open until the request's thread is done, and its
end, or the answer to the next request on it, would tell how long that took.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from email.message import EmailMessage

import structlog
from flask import Response
from sqlalchemy.orm import Session

from app import clock
from app.core.errors import Refused
from app.instance import Instance
from app.mail import mailer
from app.services import rate_limits
from app.services.accounts import normal_email
from app.services.reminders import TryLater, Undeliverable
from app.services.secret_hashes import secret_hash
from app.web.current import db_session, instance

MAILS, MAILS_S = 5, 86_400
"""Mails of a kind to one address in a day."""
Make = Callable[[Instance, Session, str], EmailMessage | None]
"""Makes the mail to an address, once the answer is sent; None where there is none to send."""


_behind = ThreadPoolExecutor(1, "mail")
"""Its thread begins with the first mail, so in the worker that sends it."""


def mail_afterwards(answer: Response, kind: str, email: str, make: Make) -> Response:
    """Return the answer, behind which a mail is looked for, made and sent."""
    # By the address's hash: a count outlives an account that is deleted.
    key, here = f"{kind}/{secret_hash(normal_email(email))}", instance()
    if rate_limits.count_one(db_session(), key, MAILS_S, clock.now()) <= MAILS:
        said = copy_context()  # the request's id, for what is logged
        answer.call_on_close(lambda: _behind.submit(said.run, _send, here, kind, email, make))
    return answer


def finish() -> None:
    """Wait until every mail so far has gone out, or failed."""
    _behind.submit(int).result()


def _send(here: Instance, kind: str, email: str, make: Make) -> None:
    """Send a mail. A failure is logged, without the address."""
    try:
        with Session(here.engine) as session:
            mail = make(here, session, email)
        if mail is not None:
            mailer(here.config.smtp_url).send(mail)
    except (OSError, Undeliverable, TryLater, Refused) as error:
        log = structlog.get_logger(__name__)
        log.warning("mail_failed", kind=kind, error=type(error).__name__)
    except Exception:  # noqa: BLE001 logged whole: nobody waits for what a thread raises
        structlog.get_logger(__name__).exception("mail_failed", kind=kind)
