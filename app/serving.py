"""`factdeck serve`: migrate, seed, print the address and the set-up link, answer requests."""

import os
import secrets
import signal
import sys
import time
from functools import partial
from importlib import import_module
from pathlib import Path

import click
import structlog
from sqlalchemy.orm import Session

from app import clock, logs
from app.config import Config, password_in
from app.mail import mailer
from app.models.database import make_engine
from app.models.sqlite import driver_warning
from app.services import accounts, housekeeping, jobs, keeping, reminders, upkeep
from app.services.backup import serving_lock
from app.workers import Crew, counts_folder, listen, work

HOUSEKEEPING_S = 60
LOOK_S = 1


def serve_forever(seed_data: Path) -> None:
    """Serve until stopped, with a process a processor and one that looks after the rest."""
    os.umask(0o077)
    config = Config.load()
    logs.set_up(config.log_format)
    with serving_lock(config.home, exclusive=False), counts_folder():
        _serve(config, seed_data)


def _serve(config: Config, seed_data: Path) -> None:
    listening = listen(config.host, config.port)
    backups = upkeep.Backups(config.home / "backups", config.backups)
    with upkeep.opened(config.database_url, seed_data, clock.now(), backups) as session:
        _make_first_admin(session, config)
        link = new_setup_link(session, config)
        old = driver_warning(session.get_bind().engine)
    if old:
        click.echo(f"Warning: {old}")
    import_module("app.web")  # once, before the workers part: they share its memory
    click.echo(f"Factdeck is at {config.site}/")
    if link:
        click.echo(f"Make the first admin here, once, within an hour: {link}")
    if config.host not in {"127.0.0.1", "localhost", "::1"} and not config.https:
        click.echo("Warning: open to the network without https; put a TLS proxy before it.")
    sys.stdout.flush()
    workers = [partial(work, config, listening, at) for at in range(config.workers or 1)]
    beside = [partial(_keep_house, config), partial(_read_and_write, config)]
    Crew([*workers, *beside], listening.close).run()


def _make_first_admin(session: Session, config: Config) -> None:
    """Make the admin that the settings name, where there has never been one."""
    if config.admin_email and not accounts.has_had_admin(session):
        password = password_in(config.admin_password_file)
        accounts.first_admin(session, config.admin_email, password, clock.now())


def _keep_house(config: Config) -> None:
    """Do now and then what no request should wait for; a failure is logged and tried again."""
    parent = os.getppid()
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(0))
    engine = make_engine(config.database_url)
    while os.getppid() == parent:
        time.sleep(HOUSEKEEPING_S)
        try:
            housekeeping.run(engine, clock.now())
            with Session(engine) as session:
                send_due_digests(session, config)
            keeping.daily(engine, config.home / "backups", config.backups, clock.now())
        except Exception:  # noqa: BLE001 logged whole
            structlog.get_logger(__name__).exception("housekeeping failed; it is tried again")


def _read_and_write(config: Config) -> None:
    """Read and write the files that no request waits for, one after the other."""
    parent = os.getppid()
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(0))
    engine = make_engine(config.database_url)
    while os.getppid() == parent:
        try:
            if not jobs.work(engine, clock.now):
                time.sleep(LOOK_S)
        except Exception:  # noqa: BLE001 logged whole
            structlog.get_logger(__name__).exception("jobs failed; they are tried again")
            time.sleep(HOUSEKEEPING_S)


def send_due_digests(session: Session, config: Config) -> int:
    """Send the digests that are due now; return how many went out."""
    sender = reminders.Sender(config.mail_from, config.site, config.secret_key)
    return reminders.send_digests(session, mailer(config.smtp_url), sender, clock.now())


def new_setup_link(session: Session, config: Config, *, recovery: bool = False) -> str | None:
    """Return a new link for the first admin, also kept in the instance folder (mode 0600)."""
    path = config.home / "setup_link"
    path.unlink(missing_ok=True)
    token = accounts.make_setup_link(session, clock.now(), recovery=recovery)
    if token is None:
        return None
    link = f"{config.site}/setup/{token}"
    # Under its name only when it is whole: several servers may start at once.
    fresh = path.with_name(f".setup_link.{secrets.token_hex(8)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(link + "\n")
    fresh.replace(path)
    return link
