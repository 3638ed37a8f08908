"""The command line keeps its promises."""

import json
import stat
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from app.cli import cli
from app.core.errors import Refused


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("FACTDECK_HOME", str(tmp_path / "instance"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return CliRunner()


def test_questions_are_the_same_for_the_same_seed(run: CliRunner) -> None:
    command = ["questions", "--deck", "deepseek", "--format", "jsonl", "--seed", "3"]
    first, second = run.invoke(cli, command), run.invoke(cli, command)
    assert first.exit_code == 0
    assert first.stdout == second.stdout
    rows = [json.loads(line) for line in first.stdout.splitlines()]
    assert len(rows) > 200
    fields = "fact type direction stem options keys value stance according_to evidence"
    assert set(rows[0]) == set(fields.split())


def test_questions_of_one_fact_and_type(run: CliRunner) -> None:
    command = ["questions", "--deck", "deepseek", "--fact", "deepseek-city", "--type", "cloze"]
    rows = [json.loads(line) for line in run.invoke(cli, command).stdout.splitlines()]
    assert {(row["fact"], row["type"]) for row in rows} == {("deepseek-city", "cloze")}


def test_grading_goes_on_after_a_bad_line_and_says_so_at_the_end(run: CliRunner) -> None:
    good = json.dumps({"value": {"kind": "text", "text": "yes"}, "response": "Yes"})
    result = run.invoke(cli, ["grade"], input=f"{good}\nnonsense\n{good}\n")
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert [row.get("correct") for row in rows] == [True, None, True]
    assert "error" in rows[1]
    assert result.exit_code == 1
    assert run.invoke(cli, ["grade"], input=f"{good}\n").exit_code == 0


def test_an_export_imports_without_changes(run: CliRunner, tmp_path: Path) -> None:
    path = tmp_path / "deck.yaml"
    assert run.invoke(cli, ["export", "--deck", "deepseek", "-o", str(path)]).exit_code == 0
    assert yaml.safe_load(path.read_text())["format"] == "factdeck/1"
    again = run.invoke(cli, ["import", str(path)])
    assert again.output.startswith("0 new, 0 changed")
    other = run.invoke(cli, ["import", str(path), "--deck", "other"])
    assert "65 new" in other.output


def test_an_unknown_deck_is_refused_in_words(run: CliRunner) -> None:
    result = run.invoke(cli, ["export", "--deck", "nope"])
    assert isinstance(result.exception, Refused)


def test_the_secret_key_and_the_link_are_for_their_owner_alone(
    run: CliRunner, tmp_path: Path
) -> None:
    result = run.invoke(cli, ["admin-link"])
    assert "/setup/" in result.output
    for name in ("secret_key", "setup_link"):
        assert stat.S_IMODE((tmp_path / "instance" / name).stat().st_mode) == 0o600
