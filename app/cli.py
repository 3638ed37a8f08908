"""The command line: parse arguments, call one service, print."""

import errno
import json
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from sqlalchemy.orm import Session

from app import clock
from app.core.errors import Refused
from app.core.languages import LANGUAGE

SEED_DATA = Path(__file__).resolve().parent.parent / "seed_data"
LARGEST_FILE = 100_000_000
"""Bytes of a file; deck files and questions have narrower bounds of their own."""
PER_CENT = 100
EXPORTS = ["yaml", "json", "csv", "xlsx", "apkg", "gift", "moodle", "qti", "quiz", "cards"]
"""Formats of `export`; a test compares them with those there are."""


@click.group()
def cli() -> None:
    """Factdeck: facts from an article, asked until they stay."""


def main() -> None:
    """Run the command line; a refusal is one line on standard error and exit code 1."""
    from sqlalchemy.exc import SQLAlchemyError

    from app.models.failures import told

    try:
        cli()
    except Refused as refusal:
        _give_up(str(refusal))
    except SQLAlchemyError as error:
        meant = told(error)
        if meant is None:
            raise
        _give_up(str(meant))
    except OSError as error:
        if error.errno is None:
            raise
        what = f"{error.filename}: " if error.filename else ""
        hint = " Choose another PORT." if error.errno == errno.EADDRINUSE else ""
        _give_up(f"{what}{error.strerror}.{hint}")


def _give_up(message: str) -> None:
    click.echo(f"factdeck: {message}", err=True)
    sys.exit(1)


@contextmanager
def _session() -> "Iterator[Session]":
    from app.config import Config
    from app.services import upkeep
    from app.services.backup import serving_lock

    config = Config.load()
    backups = upkeep.Backups(config.home / "backups", config.backups)
    with (
        serving_lock(config.home, exclusive=False),
        upkeep.opened(config.database_url, SEED_DATA, clock.now(), backups) as session,
    ):
        yield session


@cli.command()
def serve() -> None:
    """Start the web server; migrates and seeds first."""
    from app.serving import serve_forever

    serve_forever(SEED_DATA)


@cli.command()
def init() -> None:
    """Migrate the database and bring in the seeded decks."""
    with _session():
        click.echo("The database is ready.")


@cli.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--deck", "key", help="The deck's key, instead of the file's own; needed for a .csv.")
@click.option("--draft", is_flag=True, help="Bring every fact in as a draft.")
@click.option("--format", "file_format", help="What the file is, where its contents do not tell.")
@click.option("--language", default="en", help="The language of a table's words, such as fr.")
def import_file(
    file: Path, key: str | None, draft: bool, file_format: str | None, language: str
) -> None:
    """Create or update a deck from a deck file, table, Anki package, GIFT or Moodle XML."""
    from app.services import upkeep

    if file.stat().st_size > LARGEST_FILE:
        most = LARGEST_FILE // 1_000_000
        raise Refused(f"{file.name} is too large: it may have {most} MB at most.")
    with _session() as session, _told_progress("Reading", "Storing") as (reading, storing):
        if not re.fullmatch(LANGUAGE, language):
            raise Refused(f"{language!r} is no language tag such as en, de or pt-BR.")
        wanted = upkeep.Wanted(key, file_format, draft, reading, storing, language)
        data = file.read_bytes()
        brought = upkeep.import_file(session, data, file.name, wanted, clock.now())
    for left_out in brought.refused:
        click.echo(f"Left out: {left_out}", err=True)
    report = brought.report
    click.echo(f"{report.new} new, {report.changed} changed, {report.unchanged} unchanged.")
    click.echo(f"factdeck undo-import {brought.record_id} undoes it.", err=True)


@contextmanager
def _told_progress(*labels: str) -> "Iterator[list[Callable[[int, int], None]]]":
    """Show how far something is, step by step, on standard error, where people look at it."""
    hidden = not sys.stderr.isatty()
    bar = click.progressbar(length=PER_CENT, label=labels[0], file=sys.stderr, hidden=hidden)

    def advance(label: str, done: int, total: int) -> None:
        if shown.label != label:
            shown.label, shown.pos = label, 0
        shown.update(max(0, PER_CENT * done // total - shown.pos))

    with bar as shown:
        yield [partial(advance, label) for label in labels]


@cli.command("undo-import")
@click.argument("number", type=click.IntRange(min=1))
def undo_import(number: int) -> None:
    """Undo an import by its number, which `import` has told; what was edited since stays."""
    from app.services import imports
    from app.services.revisions import By

    with _session() as session, _told_progress("Undoing") as [advance]:
        done = imports.undo(session, number, By(None, clock.now()), advance)
    click.echo(f"{done.deleted} deleted, {done.retired} retired, {done.restored} as before again.")
    for key in done.kept:
        click.echo(f"Stays as it was edited since: {key}", err=True)


@cli.command()
@click.option("--deck", "key", required=True)
@click.option("--format", "file_format", type=click.Choice(EXPORTS), default="yaml")
@click.option("-o", "output", type=click.Path(dir_okay=False, path_type=Path))
def export(key: str, file_format: str, output: Path | None) -> None:
    """Write a deck to standard output, or to a file."""
    from app.services.exporting import export_file

    with _session() as session:
        data = export_file(session, key, file_format, clock.now())
    if output is None:
        sys.stdout.buffer.write(data)
    else:
        output.write_bytes(data)


@cli.command()
@click.option("--deck", "key", required=True)
@click.option("--format", "file_format", type=click.Choice(["jsonl"]), default="jsonl")
@click.option("--seed", type=int, default=0, show_default=True)
@click.option("--fact", "fact_key")
@click.option("--type", "question_type")
def questions(
    key: str, file_format: str, seed: int, fact_key: str | None, question_type: str | None
) -> None:
    """Print every question of every published fact, a JSON object a line."""
    from app.core.questions.listing import listed
    from app.services import decks

    del file_format  # there is one so far
    with _session() as session:
        index = decks.index_of(session, decks.deck_id_of(session, key))
    for row in listed(index, seed, fact_key, question_type):
        click.echo(json.dumps(row, ensure_ascii=False))


@cli.command()
def grade() -> None:
    """Mark JSON lines from standard input; a bad line gives an error and exit code 1."""
    from app.core.grading import grade_line

    failed = False
    for line in click.open_file("-", encoding="utf-8", errors="replace"):
        if line.strip():
            marked = grade_line(line)
            failed = failed or "error" in marked
            click.echo(json.dumps(marked, ensure_ascii=False))
    sys.exit(1 if failed else 0)


@cli.command()
@click.option("--deck", "key", help="Only this deck; otherwise every deck.")
@click.option("--format", "file_format", type=click.Choice(["text", "jsonl"]), default="text")
def lint(key: str | None, file_format: str) -> None:
    """Run the item-writing checks; exit code 1 when there is an error."""
    from app.core.lint import Severity, lint_deck
    from app.services import decks

    with _session() as session:
        keys = [key] if key else [card.key for card in decks.deck_list(session)]
        indexes = [decks.index_of(session, decks.deck_id_of(session, one)) for one in keys]
    failed = False
    for index in indexes:
        for found in lint_deck(index):
            failed = failed or found.severity is Severity.ERROR
            row = {
                "fact": found.fact,
                "type": found.type,
                "rule": found.rule,
                "severity": str(found.severity),
                "message": found.message,
            }
            text = " ".join(filter(None, row.values()))
            click.echo(json.dumps(row, ensure_ascii=False) if file_format == "jsonl" else text)
    sys.exit(1 if failed else 0)


@cli.command()
@click.argument("log", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--optimise", is_flag=True, help="Fit the parameters to this log.")
@click.option("--timezone", "zone", default="UTC", show_default=True)
def evaluate(log: Path, optimise: bool, zone: str) -> None:
    """Print how well FSRS-6 predicts a review log, as JSON."""
    from app.core.evaluation import evaluate as measure

    try:
        learner_zone = ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        raise Refused(f"{zone!r} is not a time zone.") from None
    click.echo(json.dumps(measure(_log_text(log), learner_zone, optimise=optimise)))


def _log_text(log: Path) -> str:
    try:
        return log.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused(f"{log.name} is not UTF-8 text (byte {error.start}).") from error


@cli.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Write the whole database to a file, also while the server runs."""
    from app.services.backup import backup as write

    with _session() as session:
        size = write(session.get_bind().engine, file, clock.now())
    click.echo(f"{file}: {size:,} bytes.")


@cli.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore(file: Path) -> None:
    """Put a backup in the place of the instance's database; the server must be stopped."""
    from app.config import Config
    from app.services.backup import restore as put_back

    config = Config.load()
    put_back(config.database_url, config.home, file)
    click.echo(f"Restored from {file}.")


@cli.command("copy-to")
@click.argument("url")
def copy_to(url: str) -> None:
    """Copy the whole instance to an empty database, such as PostgreSQL's; goes on if it was cut.

    The server must be stopped.
    """
    from app.config import Config
    from app.models.database import make_engine
    from app.services import copying
    from app.services.backup import serving_lock

    home = Config.load().home
    with _session() as session:
        source = session.get_bind().engine
    target = make_engine(url)
    with (
        serving_lock(home, exclusive=True),
        click.progressbar(length=2 * copying.rows_in(source), label="Copying and checking") as bar,
    ):
        copied = copying.copy_to(source, target, home, bar.update)
    click.echo(f"{copied:,} rows copied and compared. Set DATABASE_URL to that address now.")


@cli.command()
@click.option("--repair", is_flag=True, help="Rebuild what differs from the review log.")
def check(repair: bool) -> None:
    """Compare what is stored with what must hold; exit code 1 when something is wrong."""
    from app.services import checking

    with _session() as session:
        for line in checking.repair(session) if repair else ():
            click.echo(line)
        found, odd = checking.check(session), checking.warnings(session)
    for line in odd:
        click.echo(f"Warning: {line}")
    for line in found:
        click.echo(line)
    click.echo(f"{len(found)} problems." if found else "Nothing is wrong.")
    sys.exit(1 if found else 0)


@cli.command("suggest-retention")
@click.argument("email")
def suggest_retention(email: str) -> None:
    """Print the recall at which a learner's study brings most for its time (takes a while)."""
    from app.services import accounts, optimising

    with _session() as session:
        suggested = optimising.suggest_retention(session, accounts.id_by_email(session, email))
    click.echo(f"{suggested:.2f}")


@cli.command("send-digests")
def send_digests() -> None:
    """Send the e-mail digests that are due now; `serve` does it too."""
    from app.config import Config
    from app.serving import send_due_digests

    with _session() as session:
        click.echo(f"{send_due_digests(session, Config.load())} sent.")


@cli.command("admin-link")
@click.option("--recover", is_flag=True, help="Also when there has been an admin already.")
def admin_link(recover: bool) -> None:
    """Print a new one-time link that makes an admin."""
    from app.config import Config
    from app.serving import new_setup_link

    with _session() as session:
        link = new_setup_link(session, Config.load(), recovery=recover)
    if link is None:
        raise Refused("There has been an admin already. If all are lost, add --recover.")
    click.echo(link)
