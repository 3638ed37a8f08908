"""`factdeck serve`: migrate, seed, print the address and the set-up link, answer requests."""

import logging
import os
import secrets
import threading
from pathlib import Path

import click
from sqlalchemy.orm import Session

from app import clock, create_app
from app.config import Config
from app.mail import mailer
from app.models.database import driver_warning, make_engine
from app.services import accounts, housekeeping, keeping, reminders, upkeep
from app.services.backup import serving_lock

THREADS = 8
HOUSEKEEPING_S = 60


def serve_forever(seed_data: Path) -> None:
    """Serve until stopped, on waitress: it reads a request whole before a thread has it."""
    os.umask(0o077)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    config = Config.load()
    with serving_lock(config.home, exclusive=False):
        _serve(config, seed_data)


def _serve(config: Config, seed_data: Path) -> None:
    # The rest of the command line starts lightly.
    from waitress import create_server  # noqa: PLC0415

    from app.stopping import Sockets, serve_until_told  # noqa: PLC0415

    backups = upkeep.Backups(config.home / "backups", config.backups)
    with upkeep.opened(config.database_url, seed_data, clock.now(), backups) as session:
        link = new_setup_link(session, config)
        old = driver_warning(session.get_bind().engine)
    if old:
        click.echo(f"Warning: {old}")
    sockets: Sockets = {}
    create_server(
        create_app(config),
        map=sockets,
        host=config.host,
        port=config.port,
        threads=THREADS,
        ident="factdeck",
    )
    click.echo(f"Factdeck is at {address(config)}")
    if link:
        click.echo(f"Make the first admin here, once, within an hour: {link}")
    if config.host not in {"127.0.0.1", "localhost", "::1"} and not config.https:
        click.echo("Warning: open to the network without https; put a TLS proxy before it.")
    stop = threading.Event()
    keeper = threading.Thread(target=_keep_house, args=(config, stop), daemon=True)
    keeper.start()
    try:
        serve_until_told(sockets)
    finally:
        stop.set()
        keeper.join(timeout=5)


def _keep_house(config: Config, stop: threading.Event) -> None:
    """Do now and then what no request should wait for; a failure is logged and tried again."""
    engine = make_engine(config.database_url)
    while not stop.wait(HOUSEKEEPING_S):
        try:
            housekeeping.run(engine, clock.now())
            with Session(engine) as session:
                send_due_digests(session, config)
            keeping.daily(engine, config.home / "backups", config.backups, clock.now())
        except Exception:
            logging.getLogger(__name__).exception("housekeeping failed; it will be tried again")
    engine.dispose()


def send_due_digests(session: Session, config: Config) -> int:
    """Send the digests that are due now; return how many went out."""
    site = config.public_url or address(config).rstrip("/")
    sender = reminders.Sender(config.mail_from, site, config.secret_key)
    return reminders.send_digests(session, mailer(config.smtp_url), sender, clock.now())


def address(config: Config) -> str:
    """Return the address that people open."""
    return f"http://{config.host}:{config.port}/"


def new_setup_link(session: Session, config: Config, *, recovery: bool = False) -> str | None:
    """Return a new link for the first admin, also kept in the instance folder (mode 0600)."""
    path = config.home / "setup_link"
    path.unlink(missing_ok=True)
    token = accounts.make_setup_link(session, clock.now(), recovery=recovery)
    if token is None:
        return None
    link = f"{address(config)}setup/{token}"
    # Under its name only when it is whole: several servers may start at once.
    fresh = path.with_name(f".setup_link.{secrets.token_hex(8)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(link + "\n")
    fresh.replace(path)
    return link
