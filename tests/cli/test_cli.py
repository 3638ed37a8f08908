"""The command line keeps its promises."""

import json
import os
import resource
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from app.cli import EXPORTS, cli
from app.core.errors import Refused
from app.services import exporting
from app.services.backup import ServerRuns, serving_lock


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


@pytest.mark.parametrize(("option", "name"), [("--fact", "nobody"), ("--type", "essay")])
def test_questions_of_what_there_is_not_are_refused_by_name(
    run: CliRunner, option: str, name: str
) -> None:
    result = run.invoke(cli, ["questions", "--deck", "deepseek", option, name])
    assert (result.exit_code, result.stdout) == (1, "")
    assert name in str(result.exception)


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
    assert "64 new" in other.output


def test_an_import_is_undone_by_the_number_that_it_told(run: CliRunner, tmp_path: Path) -> None:
    path = tmp_path / "facts.csv"
    path.write_text("key,ask,value\nharbour,Which harbour?,Porto\n")
    told = run.invoke(cli, ["import", str(path), "--deck", "places"])
    assert told.stdout == "1 new, 0 changed, 0 unchanged.\n"
    number = told.stderr.split()[2]
    assert told.stderr == f"factdeck undo-import {number} undoes it.\n"
    undone = run.invoke(cli, ["undo-import", number])
    assert undone.stdout == "1 deleted, 0 retired, 0 as before again.\n"
    assert isinstance(run.invoke(cli, ["undo-import", number]).exception, Refused)
    assert isinstance(run.invoke(cli, ["undo-import", "999"]).exception, Refused)


def test_a_table_of_facts_is_imported_and_updated(run: CliRunner, tmp_path: Path) -> None:
    path = tmp_path / "facts.CSV"
    rows = "subject,relation,ask,value\nGhana,capital,What is the capital of {subject}?,Accra\n"
    path.write_text(rows)
    nameless = run.invoke(cli, ["import", str(path)])
    assert isinstance(nameless.exception, Refused)
    assert "--deck" in str(nameless.exception)
    command = ["import", str(path), "--deck", "places"]
    assert run.invoke(cli, command).output.startswith("1 new, 0 changed, 0 unchanged")
    path.write_text(rows.replace("Accra", "Kumasi") + "Peru,capital,,Lima\n")
    assert run.invoke(cli, command).output.startswith("1 new, 1 changed, 0 unchanged")
    exported = yaml.safe_load(run.invoke(cli, ["export", "--deck", "places"]).stdout)
    assert exported["deck"]["title"] == "People and places"
    path.write_text("subject,colour\n")
    assert "colour" in str(run.invoke(cli, command).exception)


def test_a_new_process_imports_into_an_instance_that_is_there_already(
    run: CliRunner, tmp_path: Path
) -> None:
    assert run.invoke(cli, ["init"]).exit_code == 0
    path = tmp_path / "facts.csv"
    path.write_text("subject,relation,value\nGhana,capital,Accra\n")
    command = [sys.executable, "-m", "app", "import", str(path), "--deck", "new"]
    home = {"FACTDECK_HOME": str(tmp_path / "instance")}
    done = subprocess.run(  # noqa: S603 our own command line
        command, env=os.environ | home, capture_output=True, text=True, check=False
    )
    assert done.stdout == "1 new, 0 changed, 0 unchanged.\n", done.stderr


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


def test_a_backup_restores_and_a_damaged_one_is_refused(run: CliRunner, tmp_path: Path) -> None:
    target = tmp_path / "factdeck.backup"
    assert run.invoke(cli, ["backup", str(target)]).exit_code == 0
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
    database = tmp_path / "instance" / "factdeck.sqlite3"
    before = run.invoke(cli, ["export", "--deck", "deepseek"]).stdout
    database.unlink()
    assert run.invoke(cli, ["restore", str(target)]).exit_code == 0
    assert run.invoke(cli, ["export", "--deck", "deepseek"]).stdout == before
    whole = target.read_bytes()
    kept = database.read_bytes()
    with zipfile.ZipFile(target) as archive:
        manifest, data = archive.read("manifest.json"), archive.read("data")
    with zipfile.ZipFile(tmp_path / "repacked", "w") as archive:  # its own sums are right
        archive.writestr("manifest.json", manifest)
        archive.writestr("data", data.replace(b"DeepSeek", b"DeepSeeq", 1))
    repacked = (tmp_path / "repacked").read_bytes()
    flipped = whole[:9000] + bytes([whole[9000] ^ 1]) + whole[9001:]
    for damaged in (whole[: len(whole) // 2], flipped, repacked, b"", b"PK"):
        target.write_bytes(damaged)
        refused = run.invoke(cli, ["restore", str(target)])
        assert isinstance(refused.exception, Refused)
        assert database.read_bytes() == kept


def test_a_backup_without_room_is_refused_in_words_and_leaves_nothing(
    run: CliRunner, tmp_path: Path
) -> None:
    """Neither traceback nor half a file, nor the claim that a whole backup is damaged."""
    whole = tmp_path / "whole.factdeck"
    assert run.invoke(cli, ["backup", str(whole)]).exit_code == 0
    target = tmp_path / "elsewhere" / "b.factdeck"
    target.parent.mkdir()
    database = tmp_path / "instance" / "factdeck.sqlite3"
    kept, before = database.read_bytes(), resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    try:
        refused = run.invoke(cli, ["backup", str(target)])
        unpacked = run.invoke(cli, ["restore", str(whole)])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert isinstance(refused.exception, Refused)
    assert "could not be written" in str(refused.exception)
    assert list(target.parent.iterdir()) == []
    assert isinstance(unpacked.exception, Refused)
    assert "no room" in str(unpacked.exception)
    assert database.read_bytes() == kept


def test_a_restore_is_refused_while_a_server_runs(run: CliRunner, tmp_path: Path) -> None:
    target = tmp_path / "factdeck.backup"
    run.invoke(cli, ["backup", str(target)])
    with serving_lock(tmp_path / "instance", exclusive=False):
        refused = run.invoke(cli, ["restore", str(target)])
    assert isinstance(refused.exception, ServerRuns)


def test_check_finds_nothing_wrong_with_a_new_instance(run: CliRunner) -> None:
    result = run.invoke(cli, ["check"])
    assert (result.exit_code, result.output) == (0, "Nothing is wrong.\n")


def test_lint_and_evaluate_print_what_scripts_read(run: CliRunner, tmp_path: Path) -> None:
    linted = run.invoke(cli, ["lint", "--deck", "deepseek", "--format", "jsonl"])
    assert linted.exit_code == 0
    fields = {"fact", "type", "rule", "severity", "message"}
    assert all(set(json.loads(line)) == fields for line in linted.stdout.splitlines())
    log = tmp_path / "log.csv"
    rows = [f"c{card},2025-01-{day:02d}T10:00:00Z,3" for card in range(3) for day in (1, 4, 12)]
    log.write_text("card_id,review_time,review_rating\n" + "\n".join(rows))
    told = json.loads(run.invoke(cli, ["evaluate", str(log)]).stdout)
    assert (told["reviews"], told["cards"], told["scored"]) == (9, 3, 6)
    log.write_text("card_id,review_time\nx,y\n")
    assert isinstance(run.invoke(cli, ["evaluate", str(log)]).exception, Refused)


def test_readme_names_every_command() -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text()
    assert all(f"factdeck {name}" in readme for name in cli.commands)


def test_export_offers_every_format_that_there_is(run: CliRunner, tmp_path: Path) -> None:
    assert sorted(EXPORTS) == sorted(exporting.FORMATS)
    path = tmp_path / "deck.apkg"
    made = run.invoke(cli, ["export", "--deck", "planets", "--format", "apkg", "-o", str(path)])
    assert made.exit_code == 0, made.output
    back = run.invoke(cli, ["import", str(path), "--deck", "planets"])
    assert "0 new, 0 changed" in back.output
    written = run.invoke(cli, ["export", "--deck", "planets", "--format", "gift"])
    (tmp_path / "q.txt").write_text(written.stdout, encoding="utf-8")
    read = run.invoke(cli, ["import", str(tmp_path / "q.txt"), "--deck", "quiz"])
    assert read.exit_code == 0, read.output
    assert "Left out" not in read.stdout
    odd = run.invoke(cli, ["import", str(path), "--format", "odt"])
    assert "not as 'odt'" in str(odd.exception)
