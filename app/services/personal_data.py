"""What somebody's account holds: given out whole, and deleted."""

import csv
import json
import secrets
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from tempfile import SpooledTemporaryFile
from typing import IO, Any, cast

from sqlalchemy import Column, Row, Select, Table, delete, select, tuple_
from sqlalchemy.orm import DeclarativeBase, Session

from app.core.errors import NotFound
from app.core.sentences import say
from app.interchange.formulas import guarded
from app.models.content import DeckCurator, DeckRow, FactRow
from app.models.database import writing
from app.models.learning import (
    DailyTotal,
    DeckSettings,
    HeldFact,
    LearnerParameters,
    LearningSession,
    Memory,
    MemoryEvent,
    Notice,
    ReminderSettings,
    Review,
    ReviewAmendment,
    StudySettings,
)
from app.models.people import (
    ApiToken,
    Passkey,
    PasskeyChallenge,
    PasswordReset,
    RecoveryCode,
    SecondFactor,
    SignIn,
    SignUpLink,
    User,
    UserRole,
)
from app.models.reports import Report
from app.models.sharing import QuizEntry, SharedQuiz
from app.models.studio import PendingImport
from app.services.accounts import LastAdmin, Person, admins, sign_in
from app.services.statistics import forget_learners

PAGE = 1000
IN_MEMORY, PIECE = 1_000_000, 65_536
"""Characters of a table that need no file, and those that are copied at a time."""
AS_JSON: dict[str, Any] = {"ensure_ascii": False, "default": str}
ACCOUNT = (
    "email",
    "display_name",
    "created_epoch_s",
    "time_zone",
    "language",
    "desired_retention",
    "new_per_day",
    "on_leaderboard",
    "score",
    "reviews",
)
TABLES: tuple[type[DeclarativeBase], ...] = (
    LearningSession,
    Review,
    ReviewAmendment,
    Memory,
    MemoryEvent,
    HeldFact,
    DailyTotal,
    Notice,
    Report,
    StudySettings,
    DeckSettings,
    LearnerParameters,
    ReminderSettings,
    SignIn,
    SecondFactor,
    ApiToken,
    SharedQuiz,
    QuizEntry,
    Passkey,
)
SECRET = frozenset({"secret_sha256", "feed_sha256", "user_id", "secret", "last_step", "public_key"})
"""Columns that give nobody anything but a way in, and the number that stands for the person."""
_LEFT_BEHIND = (
    Notice,
    ReminderSettings,
    PendingImport,
    DeckCurator,
    UserRole,
    SignIn,
    ApiToken,
    Passkey,
    PasskeyChallenge,
    PasswordReset,
    SecondFactor,
    RecoveryCode,
    Report,
    SharedQuiz,
    QuizEntry,
)
"""What is of no use for the statistics of questions."""


def export(session: Session, user_id: int, target: IO[bytes]) -> None:
    """Write everything of a person to a ZIP file: each table as JSON and as CSV, page by page.

    Each page is read in a transaction of its own: a long one would keep what others write from
    being put in its place (SQLite's log grew by 157 MB beside an export of 200,000 rows).
    Raises NotFound.
    """
    user = session.get(User, user_id)
    if user is None:
        raise NotFound(say("There is no such account."))
    account = {name: getattr(user, name) for name in ACCOUNT}
    account["roles"] = sorted(str(role.name) for role in user.roles)
    session.rollback()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("account.json", json.dumps(account, indent=1, ensure_ascii=False))
        for table in TABLES:
            name = str(table.__tablename__)
            _write_table(archive, name, _names(table), _rows(session, table, user_id))


def _names(table: type[DeclarativeBase]) -> list[str]:
    """Return the columns of an exported table: facts also by their keys."""
    names = [one.name for one in cast(Table, table.__table__).columns if one.name not in SECRET]
    return [*(("deck", "fact") if "fact_id" in names else ()), *names]


def _rows(
    session: Session, table: type[DeclarativeBase], user_id: int
) -> Iterator[tuple[object, ...]]:
    """Yield a person's rows of a table, as `_names` names their columns."""
    whole = cast(Table, table.__table__)
    columns = whole.columns
    keys = [one for one in whole.primary_key.columns if one.name != "user_id"]
    shown = [one for one in columns if one.name not in SECRET]
    query = select(*shown, *(one.label(f"key_{at}") for at, one in enumerate(keys)))
    if "fact_id" in columns:
        query = select(DeckRow.key, FactRow.key, *query.selected_columns)
        query = query.outerjoin_from(whole, FactRow, FactRow.id == columns["fact_id"])
        query = query.outerjoin(DeckRow, DeckRow.id == FactRow.deck_id)
    query = query.where(columns["user_id"] == user_id).order_by(*keys)
    for row in _by_pages(session, query, keys):
        yield tuple(row)[: len(row) - len(keys)]


def _by_pages(
    session: Session, query: Select[Any], keys: Sequence[Column[Any]]
) -> Iterator[Row[Any]]:
    """Yield a query's rows, whose last columns are the keys that they are ordered by."""
    page = session.execute(query.limit(PAGE) if keys else query).all()
    while True:
        session.rollback()
        yield from page
        if not keys or len(page) < PAGE:
            return
        behind = tuple_(*keys) > tuple_(*page[-1][-len(keys) :])
        page = session.execute(query.where(behind).limit(PAGE)).all()


def _write_table(
    archive: zipfile.ZipFile, name: str, names: list[str], rows: Iterable[tuple[object, ...]]
) -> None:
    """Write rows as JSON and as CSV, read once."""
    with SpooledTemporaryFile(IN_MEMORY, "w+", encoding="utf-8", errors="replace", newline="") as (
        table
    ):
        writer = csv.writer(table)
        writer.writerow(names)
        with archive.open(f"{name}.json", "w") as file:
            file.write(b"[")
            for at, row in enumerate(rows):
                text = json.dumps(dict(zip(names, row, strict=True)), **AS_JSON)
                file.write((",\n" if at else "\n").encode() + text.encode("utf-8", "replace"))
                writer.writerow([_cell(one) for one in row])
            file.write(b"\n]\n")
        table.seek(0)
        with archive.open(f"{name}.csv", "w") as file:
            while piece := table.read(PIECE):
                file.write(piece.encode("utf-8", "replace"))


def _cell(content: object) -> object:
    if isinstance(content, dict | list):
        content = json.dumps(content, ensure_ascii=False)
    return guarded(content) if isinstance(content, str) else content


def delete_account(session: Session, person: Person, password: str, *, keep_answers: bool) -> None:
    """Delete somebody's account for good.

    With `keep_answers` their answers stay for the statistics of questions, under no name; else
    they go too, and are taken out of the statistics. Raises SignInRefused for a wrong password,
    LastAdmin for the only admin.
    """
    sign_in(session, person.email or "", password)
    with writing(session):
        user = session.get_one(User, person.id, with_for_update=True)
        if admins(session) == [user.id]:
            raise LastAdmin(say("You are the only admin: make another one first."))
        session.execute(delete(SignUpLink).where(SignUpLink.email == user.email))
        if keep_answers:
            _make_nameless(session, user)
            return
        forget_learners(session, (user.id,))
        session.execute(delete(User).where(User.id == user.id))


def _make_nameless(session: Session, user: User) -> None:
    for table in _LEFT_BEHIND:
        session.execute(delete(table).where(table.user_id == user.id))
    user.email = user.password = None
    user.display_name, user.active, user.on_leaderboard = "", False, False
    user.time_zone, user.language = "UTC", ""  # the days of the log are told by the log
    user.fs_uniquifier = secrets.token_urlsafe(32)
