from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from flows import cli
from flows.errors import FlowError

COMMANDS = (
    *(
        "demo",
        "daily",
        "backfill",
        "evaluate",
        "files",
        "waive",
        "poll",
        "refresh",
        "grade",
        "retrain",
    ),
    *("slate", "predict", "sql", "report", "docs", "doctor", "bet", "load", "sandbox", "serve"),
    *("trace", "alarms", "backup", "restore", "prune", "models", "bets"),
)
HEAVY = ("dbt", "dlt", "prefect", "catboost", "pandas", "duckdb", "pyarrow", "google.auth")


def nba_props(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture, *arguments: str
) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of the command."""
    monkeypatch.setattr(sys, "argv", ["nba-props", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    printed = capsys.readouterr()
    return int(ended.value.code or 0), printed.out, printed.err


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NBA_PROPS_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "300")
    for name in (
        "NBA_PROPS_TARGET",
        "NBA_PROPS_BIGQUERY_PROJECT",
        "BALLDONTLIE_API_KEY",
        "ODDS_API_KEY",
    ):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def test_help_reads_like_a_manual_page(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    code, page, _ = nba_props(monkeypatch, capsys, "--help")
    assert code == 0
    for name in (*COMMANDS, "Examples:", "Environment:", "Files,", "Exit status:"):
        assert name in page
    listed = page.split("Commands:")[1].splitlines()[1 : len(COMMANDS) + 1]
    assert [line.split()[0] for line in listed] == [*COMMANDS]
    assert "..." not in page.split("Commands:")[1]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture, command: str
) -> None:
    code, page, _ = nba_props(monkeypatch, capsys, command, "--help")
    assert code == 0
    assert f"Usage: nba-props {command}" in page


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys\n"
        "from flows.cli import main\n"
        "sys.argv = ['nba-props', '--help']\n"
        "try:\n    main()\n"
        "finally:\n    print('\\nLOADED', *sorted(sys.modules))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    loaded = set(done.stdout.rpartition("LOADED")[2].split())
    assert "typer" in loaded
    assert loaded.isdisjoint(HEAVY)


def test_the_other_modules_do_not_load_prefect_or_dbt() -> None:
    code = (
        "import sys\n"
        "import flows.daily, flows.backfill, flows.demo, flows.evaluate, flows.render\n"
        "print(*sorted(sys.modules))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    unwanted = {"prefect", "dbt", "catboost", "dlt", "duckdb", "google.cloud.bigquery"}
    assert unwanted.isdisjoint(done.stdout.split())


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["daily", "--date", "2024-04-31"], "--date '2024-04-31' is no date"),
        (["daily", "--as-of", "2024-04-05T22:15:00"], "has no time zone"),
        (["daily", "--as-of", "2999-04-05T22:15:00Z"], "is not in the past"),
        (["daily"], "BALLDONTLIE_API_KEY and ODDS_API_KEY not set"),
        (["--target", "moon", "slate"], "--target 'moon' is none of"),
        *(
            (["--target", "bigquery", *command], "set NBA_PROPS_BIGQUERY_PROJECT")
            for command in (["slate"], ["demo"], ["daily", "--skip-loads"], ["sql", "select 1"])
        ),
        (["slate"], "nothing is published"),
        (["sql", "--warehouse", "select 1"], "no warehouse at"),
        (["backfill", "--from", "2024-04-06", "--to", "2024-04-05", "--reason", "r"], "is after"),
        (["backfill", "--from", "2024-04-05", "--to", "2024-04-06", "--reason", "r"], "--path"),
        (["load", "sportsbook", "--from", "2024-04-05", "--to", "2024-04-06"], "none of archive"),
        (
            ["evaluate", "--season", "2024-25", "--markets", "points,dunks"],
            "--markets dunks is none",
        ),
        (
            ["evaluate", "--season", "2024-25", "--information", "ALL"],
            "--information 'ALL' is none",
        ),
        (
            ["evaluate", "--season", "2024-25", "--ceiling", "--information", "BASE"],
            "--ceiling is of TIP alone",
        ),
        (["evaluate", "--season", "2024-25"], "no features to evaluate"),
    ],
)
def test_what_goes_wrong_is_one_line_and_exit_1(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture,
    home: Path,
    arguments: list[str],
    says: str,
) -> None:
    code, out, err = nba_props(monkeypatch, capsys, *arguments)
    assert code == 1
    assert out == ""
    [line] = err.splitlines()
    assert line.startswith("error: ")
    assert says in line
    assert list(home.iterdir()) == []


def test_a_setting_that_cannot_be_read_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.setenv("NBA_PROPS_LOCK_WAIT_SECONDS", "soon")
    code, _, err = nba_props(monkeypatch, capsys, "slate")
    assert code == 1
    assert "lock_wait_seconds" in err
    assert "Traceback" not in err


def test_wrong_usage_is_exit_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    code, _, err = nba_props(monkeypatch, capsys, "backfill", "--form", "2024-04-05")
    assert code == 2
    assert "--form" in err


def test_what_nobody_expected_shows_its_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(**_: object) -> None:
        raise ZeroDivisionError("of ours")

    monkeypatch.setattr(cli, "app", broken)
    with pytest.raises(ZeroDivisionError):
        cli.main()


def test_markup_in_an_error_is_printed_as_it_is(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    def broken(**_: object) -> None:
        raise FlowError("column [bold] of [red]")

    monkeypatch.setattr(cli, "app", broken)
    code, _, err = nba_props(monkeypatch, capsys)
    assert (code, err) == (1, "error: column [bold] of [red]\n")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--mode", "noon"], "'noon' is none of overnight, same_day, tomorrow"),
        (["--mode", "tomorrow", "--date", "2026-01-15"], "cannot go with --date"),
        (["--wait", "--date", "2026-01-15"], "cannot go with --date"),
        (["--wait", "--skip-loads"], "--wait cannot go with --skip-loads"),
        (["--wait", "--free-tier"], "--wait cannot go with --free-tier"),
        (["--mode", "same_day", "--as-of", "2026-01-15T22:00:00Z"], "cannot go with --as-of"),
        (["--players", " , "], "--players holds no name"),
        (["--players", "Ann Able", "--prefect"], "--players cannot go with --prefect"),
    ],
)
def test_options_of_a_daily_run_that_contradict_one_another_are_refused(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture,
    home: Path,
    options: list[str],
    message: str,
) -> None:
    code, _, said = nba_props(monkeypatch, capsys, "daily", *options)
    assert code == 1
    assert message in said
    assert not list(home.glob("*.duckdb"))
