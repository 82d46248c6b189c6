"""Every source but one switched off, or down: the run says what it does without, and does it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from lab import EVENING, SLATE, Lab, told

from flows.daily import run_daily
from flows.world import reach_sandbox
from loaders.errors import BadArgument
from loaders.sandbox import Fault, Sandbox
from loaders.settings import Settings

NEXT = SLATE + timedelta(days=1)
LOADS = """
    select source, resource, status from raw_runs.loads
    where run_id = ? order by source, resource
"""
FORECASTS = f"""
    select recommendation, count(*) as n from marts.active_player_prop_predictions
    where game_date = date '{NEXT}' group by recommendation
"""
BELIEVED = f"""
    select distinct source from marts.player_game_summary where game_date = date '{SLATE}'
"""


@pytest.fixture
def league(lab: Lab) -> Iterator[tuple[Sandbox, Settings]]:
    """The evening after the first one; nothing of it is loaded."""
    lab.reset()
    with Sandbox(now=EVENING + timedelta(days=1), ticking=False) as sandbox:
        yield sandbox, reach_sandbox(lab.settings, sandbox)


def tonight(lab: Lab, settings: Settings, sandbox: Sandbox, *sources: str) -> dict:
    """A live daily run of the next slate with these sources; its row in the ledger."""
    settings = settings.model_copy(update={"sources": sources})
    run_daily(settings, game_date=NEXT, clock=sandbox.clock, dbt=lab.dbt)
    [run] = lab.rows("select * from raw_runs.runs order by started_at desc limit 1")
    return run


@pytest.mark.parametrize("source", ["balldontlie", "nba_com", "espn"])
def test_one_source_of_games_is_enough_for_forecasts_without_lines(
    lab: Lab, league: tuple[Sandbox, Settings], source: str
) -> None:
    sandbox, settings = league
    run = tonight(lab, settings, sandbox, source)
    assert (run["status"], run["is_degraded"]) == ("completed", False)
    assert {row["source"] for row in lab.rows(LOADS, [run["run_id"]])} == {source}
    assert lab.rows(BELIEVED) == [{"source": source}]
    [made] = lab.rows(FORECASTS)
    assert made["recommendation"] == "NO_LINE"
    assert made["n"] > 100
    assert told(lab.settings) == {"no_lines"}


def test_who_is_down_has_another_in_his_place_and_the_run_says_so(
    lab: Lab, league: tuple[Sandbox, Settings]
) -> None:
    sandbox, settings = league
    sandbox.faults.add(Fault("http_503", "/nba/v1/*", times=None))
    sandbox.faults.add(Fault("http_503", "/v4/*", times=None))
    fast = settings.model_copy(update={"http_backoff_seconds": 0.01, "http_max_attempts": 2})
    run = tonight(lab, fast, sandbox, "balldontlie", "odds_api", "espn")
    assert (run["status"], run["is_degraded"]) == ("completed", True)
    assert run["degraded_reason"].startswith("balldontlie was not loaded; odds_api was not loaded")
    ended = {(row["source"], row["status"]) for row in lab.rows(LOADS, [run["run_id"]])}
    assert ended >= {("balldontlie", "failed"), ("odds_api", "failed"), ("espn", "loaded")}
    assert lab.rows(BELIEVED) == [{"source": "espn"}]
    [quality] = lab.rows(
        "select source_quality from audit.run_quality where run_id = ?", [run["run_id"]]
    )
    assert quality["source_quality"] < 100
    assert "degraded" in told(lab.settings)


def test_prices_alone_are_refused_before_anything_is_asked(
    lab: Lab, league: tuple[Sandbox, Settings]
) -> None:
    sandbox, settings = league
    before = lab.rows(BELIEVED)
    with pytest.raises(BadArgument, match="add balldontlie or nba_com or espn"):
        tonight(lab, settings, sandbox, "odds_api")
    assert lab.rows(BELIEVED) == before
