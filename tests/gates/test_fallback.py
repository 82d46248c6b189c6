"""A source that stands in, through to the forecast, until the better one comes back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from lab import EVENING, SLATE, Lab

from flows.world import reach_sandbox
from loaders import espn
from loaders.sandbox import Sandbox

# Longer ago than a run loads again.
DAY = date(2026, 1, 10)
LOST = f"game_id in (select id from raw_balldontlie.games where game_date = date '{DAY}')"
SUMMARIES = f"""
    select source, quality_tier, quality_issues, count(*) as players, sum(pts) as pts
    from marts.player_game_summary
    where game_date = date '{DAY}'
    group by all
    order by all
"""
FORECASTS = f"""
    select quality_tier, count(*) as forecasts, count(quality_issues) as with_issues
    from marts.active_player_prop_predictions as predictions
    where game_date = date '{SLATE}' and player_id in (
        select player_id from marts.player_game_summary
        where game_date = date '{DAY}' and has_played
    )
    group by all
    order by all
"""


@pytest.fixture
def lost(lab: Lab) -> Lab:
    """The first evening, with ESPN's box scores of a day beside balldontlie's."""
    lab.reset()
    with Sandbox(now=EVENING, ticking=False) as sandbox:
        settings = reach_sandbox(lab.settings, sandbox)
        espn.load(settings, start=DAY, end=DAY, clock=lambda: EVENING, resources=espn.HISTORY)
    return lab


def test_what_is_lost_is_stood_in_for_and_comes_back(lost: Lab) -> None:
    before = look(lost, 1)
    assert {row["source"] for row in before["summaries"]} == {"balldontlie"}
    assert {row["quality_tier"] for row in before["summaries"]} == {"gold"}

    lost.execute(
        [
            f"create or replace table main.kept as from raw_balldontlie.player_stats where {LOST}",
            f"delete from raw_balldontlie.player_stats where {LOST}",
        ]
    )
    during = look(lost, 2)
    [summary] = during["summaries"]
    assert (summary["source"], summary["quality_tier"]) == ("espn", "silver")
    assert summary["quality_issues"] == "espn stands in"
    assert summary["pts"] == sum(row["pts"] for row in before["summaries"])
    forecasts = {row["quality_tier"] for row in during["forecasts"]}
    assert forecasts != {row["quality_tier"] for row in before["forecasts"]}

    lost.execute(
        ["insert into raw_balldontlie.player_stats by name from main.kept", "drop table main.kept"]
    )
    assert look(lost, 3) == before


def look(lab: Lab, minutes: int) -> dict[str, list[dict[str, Any]]]:
    """The day's summaries and the forecasts on them, after a run."""
    outcome = lab.run(at=EVENING + timedelta(minutes=minutes))
    assert outcome.error is None, outcome.error
    return {"summaries": lab.rows(SUMMARIES), "forecasts": lab.rows(FORECASTS)}
