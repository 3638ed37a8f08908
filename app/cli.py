"""The command line: parse arguments, call one service, print."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from sqlalchemy.orm import Session

from app import clock
from app.core.errors import Refused

SEED_DATA = Path(__file__).resolve().parent.parent / "seed_data"
LARGEST_FILE = 5_000_000


@click.group()
def cli() -> None:
    """Factdeck: facts from an article, asked until they stay."""


def main() -> None:
    """Run the command line; a refusal is one line on standard error and exit code 1."""
    try:
        cli()
    except Refused as refusal:
        click.echo(f"factdeck: {refusal}", err=True)
        sys.exit(1)


@contextmanager
def _session() -> "Iterator[Session]":
    from app.config import Config  # noqa: PLC0415 `grade` needs no database: start lightly
    from app.services import upkeep  # noqa: PLC0415 as above

    with upkeep.opened(Config.load().database_url, SEED_DATA, clock.now()) as session:
        yield session


@cli.command()
def serve() -> None:
    """Start the web server; migrates and seeds first."""
    from app.serving import serve_forever  # noqa: PLC0415 as above

    serve_forever(SEED_DATA)


@cli.command()
def init() -> None:
    """Migrate the database and bring in the seeded decks."""
    with _session():
        click.echo("The database is ready.")


@cli.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--deck", "key", help="Give the deck this key instead of the file's own.")
@click.option("--draft", is_flag=True, help="Bring every fact in as a draft.")
def import_file(file: Path, key: str | None, draft: bool) -> None:  # noqa: FBT001 click passes it so
    """Create or update a deck from a file."""
    from app.services import upkeep  # noqa: PLC0415 as above

    with _session() as session:
        report = upkeep.import_file(session, _text(file), (key, draft), clock.now())
    click.echo(f"{report.new} new, {report.changed} changed, {report.unchanged} unchanged.")


def _text(file: Path) -> str:
    if file.stat().st_size > LARGEST_FILE:
        raise Refused("A deck file may have 5 MB at most.")
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused(f"{file.name} is not UTF-8 text (byte {error.start}).") from error


@cli.command()
@click.option("--deck", "key", required=True)
@click.option("--format", "file_format", type=click.Choice(["yaml", "json"]), default="yaml")
@click.option("-o", "output", type=click.Path(dir_okay=False, path_type=Path))
def export(key: str, file_format: str, output: Path | None) -> None:
    """Write a deck to standard output, or to a file."""
    from app.interchange.deck_file import write_deck  # noqa: PLC0415 as above
    from app.services import decks  # noqa: PLC0415 as above

    with _session() as session:
        text = write_deck(decks.export_deck(session, key), file_format)
    if output is None:
        click.echo(text, nl=False)
    else:
        output.write_text(text, encoding="utf-8")


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
    from app.core.questions.listing import listed  # noqa: PLC0415 as above
    from app.services import decks  # noqa: PLC0415 as above

    del file_format  # there is one so far
    with _session() as session:
        index = decks.index_of(session, decks.deck_id_of(session, key))
    for row in listed(index, seed, fact_key, question_type):
        click.echo(json.dumps(row, ensure_ascii=False))


@cli.command()
def grade() -> None:
    """Mark JSON lines from standard input; a bad line gives an error and exit code 1."""
    from app.core.grading import grade_line  # noqa: PLC0415 as above

    failed = False
    for line in click.open_file("-", encoding="utf-8", errors="replace"):
        if line.strip():
            marked = grade_line(line)
            failed = failed or "error" in marked
            click.echo(json.dumps(marked, ensure_ascii=False))
    sys.exit(1 if failed else 0)


@cli.command("admin-link")
@click.option("--recover", is_flag=True, help="Also when there has been an admin already.")
def admin_link(recover: bool) -> None:  # noqa: FBT001 click passes it so
    """Print a new one-time link that makes an admin."""
    from app.config import Config  # noqa: PLC0415 as above
    from app.serving import new_setup_link  # noqa: PLC0415 as above

    with _session() as session:
        link = new_setup_link(session, Config.load(), recovery=recover)
    if link is None:
        raise Refused("There has been an admin already. If all are lost, add --recover.")
    click.echo(link)
