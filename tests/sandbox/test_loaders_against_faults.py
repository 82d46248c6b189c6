"""The loaders against the simulated providers when these misbehave."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import dlt
import duckdb
import pytest

from loaders import balldontlie, odds_api
from loaders.errors import LoadError, QuotaExhausted, TransientError
from loaders.raw import ensure_raw_tables
from loaders.sandbox import BALLDONTLIE_KEY, ODDS_API_KEY, Fault, Sandbox
from loaders.settings import Settings

NOW = datetime(2026, 1, 14, 23, 30, tzinfo=UTC)
TODAY = date(2026, 1, 14)
DAY = date(2026, 1, 12)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(now=NOW, ticking=False) as served:
        yield served


@pytest.fixture
def reaching(sandbox: Sandbox, tmp_path: Path) -> Iterator[Settings]:
    """Settings that reach the sandbox, with an empty warehouse and short waits."""
    settings = Settings(
        home=tmp_path,
        balldontlie_url=sandbox.url,
        odds_api_url=sandbox.url,
        balldontlie_api_key=BALLDONTLIE_KEY,
        odds_api_key=ODDS_API_KEY,
        balldontlie_requests_per_minute=600_000,
        odds_api_requests_per_minute=600_000,
        http_timeout_seconds=2,
        http_max_attempts=3,
        http_backoff_seconds=0.01,
        http_max_wait_seconds=1,
    )
    ensure_raw_tables(settings)
    yield settings
    sandbox.faults.clear()
    sandbox.odds_api.used = 0


def stats(settings: Settings, sandbox: Sandbox, *, start: date = DAY, end: date = DAY) -> dict:
    outcomes = balldontlie.load(
        settings, start=start, end=end, clock=sandbox.clock, resources=("games", "player_stats")
    )
    return {outcome.resource: outcome for outcome in outcomes}


def props(settings: Settings, sandbox: Sandbox) -> dict:
    outcomes = odds_api.load(settings, game_date=TODAY, clock=sandbox.clock)
    return {outcome.resource: outcome for outcome in outcomes}


def ask(settings: Settings, sql: str) -> list[tuple]:
    with duckdb.connect(str(settings.warehouse_path), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def count(settings: Settings, table: str) -> int:
    return ask(settings, f"select count(*) from {table}")[0][0]


@pytest.mark.parametrize("kind", ["http_429", "http_500", "http_503"])
def test_a_busy_provider_is_asked_again_and_the_load_completes(
    reaching: Settings, sandbox: Sandbox, kind: str
) -> None:
    fault = sandbox.faults.add(Fault(kind=kind, path="/nba/v1/stats", times=2))
    outcome = stats(reaching, sandbox)["player_stats"]
    assert fault.fired == 2
    assert outcome.rows == count(reaching, "raw_balldontlie.player_stats") > 100


@pytest.mark.parametrize("kind", ["truncated_body", "truncated_json", "missing_page"])
def test_a_broken_page_fails_the_load_and_leaves_nothing(
    reaching: Settings, sandbox: Sandbox, kind: str
) -> None:
    sandbox.faults.add(Fault(kind=kind, path="/nba/v1/stats", times=None))
    with pytest.raises(LoadError) as caught:
        stats(reaching, sandbox)
    assert "stats" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert count(reaching, "raw_balldontlie.player_stats") == 0
    assert count(reaching, "raw_balldontlie.games") == 0
    # And the failure does not stand in the way of the next load.
    sandbox.faults.clear()
    assert stats(reaching, sandbox)["player_stats"].rows > 100


def test_a_page_served_twice_is_loaded_once(reaching: Settings, sandbox: Sandbox) -> None:
    straight = stats(reaching, sandbox, end=date(2026, 1, 13))["player_stats"].rows
    fault = sandbox.faults.add(Fault(kind="duplicate_page", path="/nba/v1/stats", times=1))
    again = Settings(**{**reaching.model_dump(), "home": reaching.home / "again"})
    ensure_raw_tables(again)
    assert stats(again, sandbox, end=date(2026, 1, 13))["player_stats"].rows == straight
    assert fault.fired == 1
    keys = "count(*) - count(distinct (game_id, player_id))"
    assert ask(again, f"select {keys} from raw_balldontlie.player_stats") == [(0,)]


def test_text_where_a_number_belongs_is_set_aside_and_counted(
    reaching: Settings, sandbox: Sandbox
) -> None:
    fault = sandbox.faults.add(Fault(kind="text_number", path="/nba/v1/stats", times=1))
    outcome = stats(reaching, sandbox)["player_stats"]
    assert fault.fired == 1
    assert outcome.rejected > 0
    rejected = ask(reaching, "select resource, payload, reason from raw_balldontlie.rejects")
    assert len(rejected) == outcome.rejected
    assert {resource for resource, _, _ in rejected} == {"player_stats"}
    assert all("pts" in reason and "many" in payload for _, payload, reason in rejected)


@pytest.mark.parametrize("kind", ["null_price", "null_odds"])
def test_odds_without_a_price_are_set_aside_and_counted(
    reaching: Settings, sandbox: Sandbox, kind: str
) -> None:
    fault = sandbox.faults.add(Fault(kind=kind, path="*/events/*/odds", times=1))
    outcomes = props(reaching, sandbox)
    assert fault.fired == 1
    assert outcomes["player_props"].rejected > 0
    assert outcomes["player_props"].rows > 1000
    assert count(reaching, "raw_odds_api.rejects") == outcomes["player_props"].rejected
    assert ask(
        reaching, "select count(*) from raw_odds_api.player_props where price_american is null"
    ) == [(0,)]


def test_used_up_credits_stop_that_source_with_one_line(
    reaching: Settings, sandbox: Sandbox
) -> None:
    sandbox.faults.add(Fault(kind="out_of_credits", path="*/odds", times=None))
    with pytest.raises(QuotaExhausted) as caught:
        props(reaching, sandbox)
    line = str(caught.value)
    assert "credits" in line.lower()
    assert "\n" not in line
    assert ODDS_API_KEY not in line
    assert count(reaching, "raw_odds_api.player_props") == 0
    # The other source does not mind.
    assert stats(reaching, sandbox)["player_stats"].rows > 100


def test_no_key_is_seen_anywhere_after_a_failure(
    reaching: Settings, sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    sandbox.faults.add(Fault(kind="http_500", path="*", times=None))
    seen = ""
    for load in (lambda: stats(reaching, sandbox), lambda: props(reaching, sandbox)):
        with pytest.raises(TransientError) as caught:
            load()
        seen += "".join(traceback.format_exception(caught.value))
    seen += caplog.text
    for source in ("balldontlie", "odds_api"):
        pipeline = dlt.pipeline(source, pipelines_dir=str(reaching.dlt_dir))
        seen += str(pipeline.last_trace)
    seen += "".join(
        path.read_bytes().decode(errors="ignore")
        for path in reaching.home.rglob("*")
        if path.is_file()
    )
    assert "500" in seen
    assert BALLDONTLIE_KEY not in seen
    assert ODDS_API_KEY not in seen


def test_loading_a_day_again_changes_nothing(reaching: Settings, sandbox: Sandbox) -> None:
    def rows() -> list:
        return [
            ask(reaching, f"select * from {table} order by all")
            for table in (
                "raw_balldontlie.games",
                "raw_balldontlie.player_stats",
                "raw_odds_api.events",
                "raw_odds_api.player_props",
                "raw_odds_api.game_lines",
            )
        ]

    stats(reaching, sandbox)
    props(reaching, sandbox)
    before = rows()
    assert stats(reaching, sandbox)["player_stats"].rows == 0
    assert props(reaching, sandbox)["player_props"].rows == 0
    assert rows() == before
