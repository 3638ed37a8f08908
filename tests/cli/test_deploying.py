"""What docs/deploy.md promises, held against the code and the files."""

import inspect
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import PrimaryKeyConstraint, UniqueConstraint

from app import config
from app.config import BadSetting, Config
from app.models.base import Base
from app.services import upkeep
from app.serving import new_setup_link
from app.web import observing
from app.web.current import UPLOADS
from app.workers import LARGEST_READ

OF_ACCOUNTS = {
    "sign_in",
    "password_reset",
    "api_token",
    "passkey",
    "passkey_challenge",
    "shared_quiz",
}
"""Tables that stay with the accounts on the coordinator: looked up before anybody is known."""
ROOT = Path(__file__).parents[2]
DEPLOY = (ROOT / "docs" / "deploy.md").read_text()


def test_every_setting_is_documented_and_none_besides() -> None:
    read = set(
        re.findall(
            r'(?:get|_number|_one_of|_count|_switch)\(\s*"([A-Z_]+)"', inspect.getsource(config)
        )
    )
    documented = set(re.findall(r"^\| `([A-Z_]+)` \|", DEPLOY, re.MULTILINE))
    assert documented == read


def test_files_set_nothing_that_is_not_read() -> None:
    documented = set(re.findall(r"^\| `([A-Z_]+)` \|", DEPLOY, re.MULTILINE))
    for name in ("Dockerfile", "deploy/factdeck.service"):
        used = set(re.findall(r"\b((?:FACTDECK_[A-Z_]+|HOST|PORT))=", (ROOT / name).read_text()))
        assert used, name
        assert used <= documented, name


def test_every_metric_and_queue_is_documented() -> None:
    for metric in (observing.requests, observing.seconds, observing.answers):
        (family,) = metric.describe()
        assert f"`{family.name}" in DEPLOY
    source = (ROOT / "app" / "web" / "ops" / "metrics.py").read_text()
    queues = re.findall(r'add_metric\(\["(\w+)"\]', source)
    assert queues
    for queue in queues:
        assert f"`{queue}`" in DEPLOY


def test_the_image_runs_as_nobody_special_with_locked_packages() -> None:
    text = (ROOT / "Dockerfile").read_text()
    assert re.findall(r"^FROM (\S+)", text, re.MULTILINE) == ["python:3.13-slim"] * 2
    assert "--require-hashes" in text
    assert re.search(r"^USER factdeck$", text, re.MULTILINE)
    assert "HEALTHCHECK" in text
    assert "postgresql-client" in text  # what backups of PostgreSQL call


def test_proxies_let_the_largest_import_through() -> None:
    """The examples cut off at 6 MB what the site takes up to 100 MB of."""
    for said in (r"client_max_body_size (\d+)m;", r"max_size (\d+)MB"):
        (most,) = re.findall(said, DEPLOY)
        assert max(UPLOADS.values()) < int(most) * 1_000_000 <= LARGEST_READ


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "0"),
        ("FACTDECK_WORKERS", "many"),
        ("FACTDECK_THREADS", "65"),
        ("FACTDECK_PROXIES", "-1"),
        ("FACTDECK_LOG", "xml"),
        ("FACTDECK_HTTPS", "true"),
        ("FACTDECK_FETCH", "no"),
        ("FACTDECK_PUBLIC_URL", "learn.example.org"),
        ("FACTDECK_PUBLIC_URL", "https://learn.example.org/decks"),
        ("FACTDECK_PUBLIC_URL", "https://learn.example.org:port"),
        ("FACTDECK_PUBLIC_URL", "https://[learn"),
        ("FACTDECK_RATE_LIMIT_URL", "localhost:6379"),
        ("FACTDECK_RATE_LIMIT_URL", "memory://"),
        ("FACTDECK_SECRET_KEY", "short"),
        ("FACTDECK_SECRET_KEY", "please-change-me-before-you-go-public"),
        ("FACTDECK_SECRET_KEY", "CHANGE_ME_TO_A_COMPLEX_RANDOM_SECRET"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, value: str
) -> None:
    monkeypatch.setenv("FACTDECK_HOME", str(tmp_path))
    monkeypatch.setenv(name, value)
    with pytest.raises(BadSetting, match=name):
        Config.load()


@pytest.mark.parametrize(
    ("told", "site"),
    [
        ({}, "http://127.0.0.1:8000"),
        ({"HOST": "0.0.0.0"}, "http://127.0.0.1:8000"),  # noqa: S104 only named
        ({"HOST": "::"}, "http://[::1]:8000"),
        ({"HOST": "2001:db8::5", "PORT": "80"}, "http://[2001:db8::5]:80"),
        (
            {"HOST": "0.0.0.0", "FACTDECK_PUBLIC_URL": "https://learn.example.org/"},  # noqa: S104 as above
            "https://learn.example.org",
        ),
    ],
)
def test_links_name_an_address_that_can_be_opened(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, told: dict[str, str], site: str
) -> None:
    """In a container the first admin's link would name 0.0.0.0, and behind a proxy plain http."""
    monkeypatch.setenv("FACTDECK_HOME", str(tmp_path))
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    config = Config.load()
    assert config.site == site
    with upkeep.opened(config.database_url, tmp_path, 0) as session:
        link = new_setup_link(session, config)
    assert link is not None
    assert link.startswith(f"{site}/setup/")


def test_every_key_of_a_study_table_begins_with_the_learner() -> None:
    """What docs/scaling.md builds on: Citus wants the column that distributes in every key."""
    checked = 0
    for table in Base.metadata.sorted_tables:
        column = table.columns.get("user_id") if table.name not in OF_ACCOUNTS else None
        if column is None or column.nullable:  # nullable: who edited something, no key of theirs
            continue
        for key in table.constraints:
            if isinstance(key, PrimaryKeyConstraint | UniqueConstraint):
                assert next(iter(key.columns)).name == "user_id", (table.name, key)
                checked += 1
    assert checked >= 14


def test_systemd_understands_the_unit() -> None:
    program = shutil.which("systemd-analyze")
    if program is None:
        sys.stderr.write("\n*** NO SYSTEMD: the unit was NOT verified. ***\n")
        pytest.skip("systemd-analyze is not installed")
    command = [program, "verify", str(ROOT / "deploy" / "factdeck.service")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 found on this machine's PATH
    # The program itself is not installed where the unit looks for it.
    said = [line for line in done.stderr.splitlines() if "is not executable" not in line]
    assert [line for line in said if "factdeck.service" in line] == []


@pytest.mark.parametrize("page", ["security.md", "reliability.md"])
def test_every_test_that_a_list_names_is_there(page: str) -> None:
    named = re.findall(r"`([\w/]+\.py)(?:::(\w+))?`", (ROOT / "docs" / page).read_text())
    tests = [(file, name) for file, name in named if not file.startswith(("app/", "tests/"))]
    assert len(tests) > 40
    for file, name in tests:
        code = (ROOT / "tests" / file).read_text()
        assert f"def {name}(" in code if name else "def test_" in code, (file, name)
    ours = [file for file, _ in named if file.startswith(("app/", "tests/"))]
    assert [file for file in ours if not (ROOT / file).is_file()] == []


def test_every_decision_is_found_by_subject() -> None:
    told = (ROOT / "docs" / "decisions.md").read_text()
    numbers = [int(number) for number in re.findall(r"^(\d+)\. \*\*", told, re.MULTILINE)]
    assert len(set(numbers)) == len(numbers) > 150
    found: set[int] = set()
    for line in re.findall(r"^- \*\*[^*]+\*\*: ([\d, -]+)$", told, re.MULTILINE):
        for first, last in re.findall(r"(\d+)(?:-(\d+))?", line):
            found.update(range(int(first), int(last or first) + 1))
    assert set(numbers) - found == set()


def test_every_line_of_the_acceptance_list_is_answered() -> None:
    text = (ROOT / "docs" / "reliability.md").read_text()
    assert {int(number) for number in re.findall(r"\bA(\d+)\b", text)} == set(range(1, 49))
