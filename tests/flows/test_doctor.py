"""The command prints what the view finds, and its exit status says whether a hand is needed."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from flows import cli, doctor, runs
from flows.clock import utc_now
from loaders.settings import Settings

VIEW = """
create or replace table audit.doctor (
    finding varchar, severity varchar, since date, due_at timestamptz, what varchar, remedy varchar
)
"""


@pytest.fixture
def view(warehouse: Callable) -> Callable[..., None]:
    """The view as a table with rows of (finding, severity, due at in hours from now)."""

    def make(*rows: tuple[str, str, float | None]) -> None:
        warehouse("create schema if not exists audit", VIEW)
        for finding, severity, hours in rows:
            due = "null" if hours is None else f"'{utc_now() + timedelta(hours=hours)}'"
            warehouse(
                f"insert into audit.doctor values ('{finding}', '{severity}', '2026-01-15', {due},"
                f" '{finding} it is', 'mend {finding}')"
            )

    return make


@pytest.fixture
def nba_props(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> Callable[..., tuple[int, str, str]]:
    """Runs the command: exit status, standard output, standard error."""
    monkeypatch.setenv("NBA_PROPS_HOME", str(settings.home))
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.delenv("NBA_PROPS_TARGET", raising=False)

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["nba-props", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        printed = capsys.readouterr()
        return int(ended.value.code or 0), printed.out, printed.err

    return run


def test_nothing_to_say_is_exit_0(view: Callable, nba_props: Callable) -> None:
    view()
    assert nba_props("doctor") == (0, "Nothing is late, missing, failed, degraded or waived.\n", "")
    assert nba_props("doctor", "--json")[:2] == (0, "[]\n")


def test_what_needs_a_hand_comes_first_with_its_remedy_and_is_exit_1(
    view: Callable, nba_props: Callable
) -> None:
    view(("waived", "warn", None), ("missing", "error", None), ("late", "error", -1))
    code, page, _ = nba_props("doctor")
    assert code == 1
    assert page.splitlines() == [
        "late      2026-01-15  late it is",
        "                      mend late",
        "missing   2026-01-15  missing it is",
        "                      mend missing",
        "waived    2026-01-15  waived it is",
        "                      mend waived",
    ]
    code, told, _ = nba_props("doctor", "--json")
    assert code == 1
    assert json.loads(told)[0] == {
        "finding": "late",
        "severity": "error",
        "since": "2026-01-15",
        "what": "late it is",
        "remedy": "mend late",
    }


def test_what_needs_a_look_only_is_exit_0(view: Callable, nba_props: Callable) -> None:
    view(("waived", "warn", None), ("late", "error", 1))
    code, page, _ = nba_props("doctor")
    assert (code, "waived it is" in page, "late" in page) == (0, True, False)


def test_without_an_audit_it_says_what_makes_one(nba_props: Callable) -> None:
    code, page, error = nba_props("doctor")
    assert (code, page) == (1, "")
    assert "no audit yet: `nba-props daily` or `backfill` builds it" in error


def test_the_simulated_league_is_asked_at_its_own_time(settings: Settings) -> None:
    sandbox = settings.for_target("sandbox")
    then = datetime(2026, 1, 16, 22, tzinfo=UTC)
    assert doctor.present(sandbox) > datetime(2026, 2, 1, tzinfo=UTC)
    run = runs.start(sandbox, command="load", run_mode="live", as_of=None, now=then)
    assert doctor.present(sandbox) == run.started_at == then
    assert doctor.present(settings) > then
