"""Sending: to a webhook, once, loudly where it fails, and without a word of what is secret."""

from __future__ import annotations

import logging
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from small_league import SLATE, League, at
from webhook import TOKEN

from flows import alarms, runs
from flows.alarms import Alarm
from flows.errors import AlarmsNotSent
from loaders.errors import WarehouseBusy
from loaders.settings import Settings

NOW = at(SLATE, 18)
TOMORROW = at(date(2024, 1, 11), 18)


def failed_run(league: League) -> None:
    league.insert(
        "raw_runs.runs",
        run_id="run-1",
        command="daily",
        run_mode="live",
        status="failed",
        started_at=at(SLATE, 16),
        finished_at=at(SLATE, 17),
        as_of=at(SLATE, 16),
        game_date_from=SLATE,
        error="ValueError: no",
        error_class="ValueError",
    )


def entered(league: League) -> list[str]:
    return [one for (one,) in league.sql("select alert_id from raw_runs.alerts order by 1")]


def test_what_was_not_taken_is_said_and_tried_again(
    league: League, webhook: Any, caplog: pytest.LogCaptureFixture
) -> None:
    failed_run(league)
    webhook.status = 500
    found = alarms.current(league.settings, NOW)
    with pytest.raises(AlarmsNotSent, match=r"(?s)run_failed.*500.*tries again") as raised:
        alarms.send(league.settings, found, NOW)
    assert TOKEN not in str(raised.value)
    alarms.after_run(league.settings, command="daily", now=NOW)
    assert "not sent: run_failed" in caplog.text
    assert TOKEN not in caplog.text
    assert (webhook.calls, entered(league)) == ([], [])

    webhook.status = 200
    alarms.after_run(league.settings, command="daily", now=NOW)
    assert len(webhook.of("run_failed")) == 1
    assert entered(league) == [f"run_failed|daily ValueError|{SLATE}"]


def test_a_notification_says_what_and_what_to_do_and_no_secret(
    league: League, webhook: Any
) -> None:
    settings = league.settings.model_copy(update={"odds_api_key": league.settings.alert_webhook})
    error = ValueError(f"refused at {webhook.url}")
    alarms.after_run(settings, command="daily", now=NOW, error=error)
    [told] = webhook.calls
    assert told["subject"] == f"nba-props critical: run_failed (daily ValueError, {SLATE})"
    assert "refused at ***" in told["body"]
    assert "run again" in told["body"]
    assert told["text"] == f"{told['subject']}\n{told['body']}"
    assert TOKEN not in str(told)
    assert TOKEN not in str(league.sql("from raw_runs.alerts"))
    assert TOKEN not in repr(settings)


def test_a_run_that_never_reached_its_warehouse_is_told_once(
    settings: Settings, webhook: Any, caplog: pytest.LogCaptureFixture
) -> None:
    error = WarehouseBusy("held by process 1")
    for _ in range(2):
        alarms.after_run(settings, command="daily", now=NOW, error=error)
    assert len(webhook.of("run_failed")) == 1

    alarms.after_run(settings, command="daily", now=TOMORROW, error=error)
    assert len(webhook.of("run_failed")) == 2


def test_what_could_not_be_entered_is_entered_by_the_next_run(
    league: League, webhook: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def busy(*_: object) -> None:
        raise WarehouseBusy("held by process 1")

    failed_run(league)
    with monkeypatch.context() as patch:
        patch.setattr("loaders.pipeline.write", busy)
        alarms.after_run(league.settings, command="daily", now=NOW)
    assert "the next run enters them: held by process 1" in caplog.text
    assert (len(webhook.calls), entered(league)) == (1, [])

    alarms.after_run(league.settings, command="daily", now=NOW)
    assert (len(webhook.calls), len(entered(league))) == (1, 1)
    assert list(league.settings.alarms_dir.iterdir()) == []


def test_the_end_of_every_run_sends(
    league: League, webhook: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def clock() -> datetime:
        return NOW

    what = {"command": "daily", "run_mode": "live", "as_of": None}
    with (
        pytest.raises(ValueError, match="no such day"),
        runs.recorded(league.settings, clock, **what),
    ):
        raise ValueError("no such day")
    assert len(webhook.of("run_failed")) == 1

    with runs.recorded(league.settings, clock, **what):
        pass
    assert len(webhook.of("daily_summary")) == 1
    assert len(webhook.of("run_failed")) == 1


def test_a_run_ends_as_it_would_have_where_alarms_cannot(
    league: League, webhook: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a block nobody knows")

    monkeypatch.setattr(alarms, "_blocks", broken)
    with runs.recorded(
        league.settings, lambda: NOW, command="daily", run_mode="live", as_of=None
    ) as ledger:
        pass
    assert ledger.run.status == "completed"
    assert "a block nobody knows" in caplog.text


def test_a_flow_run_that_failed_or_crashed_is_told(
    settings: Settings, webhook: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows import prefect_flows

    monkeypatch.setenv("NBA_PROPS_ALERT_WEBHOOK", webhook.url)
    assert prefect_flows.tell in prefect_flows.daily.on_failure_hooks
    assert prefect_flows.tell in prefect_flows.daily.on_crashed_hooks
    state = SimpleNamespace(
        result=lambda raise_on_failure: WarehouseBusy("held"), message=None, name="Crashed"
    )
    prefect_flows.tell(
        SimpleNamespace(name="daily"), SimpleNamespace(parameters={"target": "duckdb"}), state
    )
    [told] = webhook.calls
    assert "run_failed (daily WarehouseBusy" in told["subject"]


def test_without_a_target_nothing_is_asked_and_prefect_stays_away(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from flows import alarms\n"
        "from flows.clock import utc_now\n"
        "from loaders.settings import Settings\n"
        "settings = Settings(home=Path(sys.argv[1]))\n"
        "alarms.after_run(settings, command='daily', now=utc_now(), error=ValueError('no'))\n"
        "print(*sorted(sys.modules))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert {"prefect", "dlt", "duckdb"}.isdisjoint(done.stdout.split())
    assert done.stderr == ""
    assert list(tmp_path.iterdir()) == []


def test_old_alarms_are_not_dug_out(league: League) -> None:
    failed_run(league)
    rules = [one.rule for one in alarms.current(league.settings, NOW)]
    assert "run_failed" in rules
    later = alarms.current(league.settings, at(date(2024, 1, 12), 9))
    assert {one.day for one in later} == {date(2024, 1, 11)}


def test_an_alarm_is_not_sent_before_its_time(league: League) -> None:
    failed_run(league)
    assert alarms.current(league.settings, at(SLATE, 16, 30)) == []


def test_one_that_was_sent_is_left_alone(league: League, webhook: Any) -> None:
    sent = Alarm("a|b|c", "a", "info", "b", SLATE, "", "", sent_at=NOW)
    assert alarms.send(league.settings, [sent], NOW) == []
    assert webhook.calls == []


@pytest.fixture(autouse=True)
def loud(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
