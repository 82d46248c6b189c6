"""Each kind of day has its own honest page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from made_up_night import publish, run

from flows.report.pages import write_report
from loaders.errors import WarehouseBusy
from loaders.settings import Settings

STATE = re.compile(r'data-state="(\w+)"><strong>(.*?)</strong>(?:<p>(.*?)</p>)?', re.DOTALL)
HELD = """
update reports.report_header set run_id = 'run-2', status = 'failed', slate_date = '2026-01-17',
    failure_category = 'processing_error', gate_checks_blocking = 1;
update reports.latest_gate_failures set status = 'error', metric = 'every_team_lists_8_players';
"""
NO_GAMES = """
delete from reports.todays_games; delete from reports.todays_players;
update reports.todays_counts set games = 0, games_to_come = 0, players = 0, players_forecast = 0,
    forecasts = 0, forecasts_with_a_line = 0, calls = 0, information_set = null,
    forecast_as_of = null, line_known_at = null;
"""
NO_CARDS = "".join(
    f"delete from reports.todays_{name};" for name in ("cards", "plots", "prices", "drivers")
)
NOBODY = "update reports.todays_counts set forecasts = 0, forecasts_with_a_line = 0, calls = 0;"
NO_LINES = """
update reports.todays_cards set line = null, edge = null, recommendation = null,
    probability_over = null, over_price_american = null, under_price_american = null;
delete from reports.todays_prices;
update reports.todays_counts set forecasts_with_a_line = 0, calls = 0, line_known_at = null;
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = Settings(home=tmp_path, lock_wait_seconds=0.2)
    publish(made)
    return made


def states(settings: Settings, file: str = "index.html") -> dict[str, str]:
    write_report(settings)
    text = (settings.report_dir / file).read_text()
    return {name: f"{title} {rest}".strip() for name, title, rest in STATE.findall(text)}


def test_a_good_night_has_nothing_to_say_before_its_figures(settings: Settings) -> None:
    assert states(settings) == {}


def test_a_day_without_games_says_when_the_next_are(settings: Settings) -> None:
    run(settings.published_path, NO_GAMES + NO_CARDS)
    found = states(settings)
    assert list(found) == ["no_games"]
    assert "No games on Friday, 16 January 2026" in found["no_games"]
    assert "Saturday, 17 January 2026" in found["no_games"]
    assert 'id="slate" hidden' in (settings.report_dir / "index.html").read_text()


def test_a_day_without_lines_shows_forecasts_and_claims_no_value(settings: Settings) -> None:
    run(settings.published_path, NO_LINES)
    found = states(settings)
    assert list(found) == ["no_lines"]
    assert "no probability over a line, no value, no call" in found["no_lines"]


def test_a_slate_that_nobody_is_forecast_of_says_so(settings: Settings) -> None:
    run(settings.published_path, NO_CARDS + NOBODY)
    assert list(states(settings)) == ["no_forecasts"]
    run(settings.published_path, "update reports.todays_counts set games_to_come = 0")
    assert list(states(settings)) == ["all_begun"]


def test_a_failed_gate_is_named_above_what_was_published_before(settings: Settings) -> None:
    run(settings.warehouse_path, HELD)
    found = states(settings)
    assert list(found) == ["failed_gate"]
    assert "The run for Saturday, 17 January 2026 was held back by a gate" in found["failed_gate"]
    assert "every team lists 8 players" in found["failed_gate"]
    assert "slate of Friday, 16 January 2026" in found["failed_gate"]
    assert list(states(settings, "health.html")) == ["failed_gate"]


def test_a_gate_that_fails_before_anything_is_published_shows_nothing(settings: Settings) -> None:
    run(settings.warehouse_path, HELD)
    settings.published_path.unlink()
    found = states(settings)
    assert list(found) == ["failed_gate", "nothing_published"]
    assert "Nothing was published before" in found["failed_gate"]


@pytest.mark.parametrize(
    ("status", "category", "says"),
    [
        ("failed", "upstream_failure", "a source did not answer"),
        ("died", "processing_error", "died"),
    ],
)
def test_a_run_that_failed_or_died_is_told_without_its_insides(
    settings: Settings, status: str, category: str, says: str
) -> None:
    run(
        settings.warehouse_path,
        f"update reports.report_header set status = '{status}', failure_category = '{category}'",
    )
    assert says in states(settings)["failed_run"]


def test_a_degraded_source_is_named(settings: Settings) -> None:
    run(
        settings.warehouse_path,
        "update reports.report_header set is_degraded = true, degraded_reason = 'no injuries'",
    )
    found = states(settings)
    assert list(found) == ["degraded"]
    assert "no injuries" in found["degraded"]


def test_a_first_run_that_failed_before_its_reports_is_told_from_the_ledger(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "first")
    run(
        settings.warehouse_path,
        """
        create schema raw_runs;
        create table raw_runs.runs as select
            'run-1' as run_id, 'daily' as command, 'live' as run_mode, 'failed' as status,
            timestamptz '2026-01-16 22:00:00+00' as as_of,
            timestamptz '2026-01-16 21:58:00+00' as started_at, date '2026-01-16' as game_date_to
        """,
    )
    found = states(settings)
    assert list(found) == ["failed_run", "nothing_published"]
    assert "The run for Friday, 16 January 2026 failed" in found["failed_run"]
    assert list(states(settings, "health.html")) == ["failed_run", "nothing_published"]


def test_a_run_that_holds_the_warehouse_is_said_to(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object) -> None:
        raise WarehouseBusy("process 7 writes it")

    monkeypatch.setattr("flows.report.contents.warehouse.query", busy)
    assert list(states(settings)) == ["busy"]
    assert "run-1, completed" in (settings.report_dir / "health.html").read_text()


def test_a_replay_says_that_it_is_one(settings: Settings) -> None:
    run(settings.published_path, "update reports.todays_counts set run_mode = 'replay'")
    assert list(states(settings)) == ["replay"]


def test_an_empty_home_has_a_page_too(tmp_path: Path) -> None:
    empty = Settings(home=tmp_path / "empty")
    assert list(states(empty)) == ["nothing_published"]
    assert "No run has been made yet" in (empty.report_dir / "health.html").read_text()
