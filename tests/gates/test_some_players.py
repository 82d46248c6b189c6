"""A run of some players leaves the others as they were forecast."""

from __future__ import annotations

from datetime import timedelta

import pytest
from lab import EVENING, SLATE, Lab
from wire import CountingClock

from flows import players, warehouse
from flows.clock import LIVE
from flows.daily import run_daily
from flows.errors import NotForecast, PlayerUnknown

ACTIVE = """
select active.player_id, players.player_name, active.market, active.run_id
from marts.active_player_prop_predictions as active
inner join marts.players as players on active.player_id = players.player_id
where active.game_date = ? order by all
"""


def test_only_the_named_players_get_a_new_forecast(lab: Lab) -> None:
    lab.reset()
    before = warehouse.query(lab.settings, ACTIVE, [SLATE]).to_pylist()
    named = sorted({row["player_name"] for row in before})[:2]
    typed = [named[0].upper(), named[1]]
    found = players.find_on_slate(lab.settings, typed, game_date=SLATE)
    assert [one.player_name for one in found] == named
    result = run_daily(
        lab.settings,
        game_date=SLATE,
        run_mode=LIVE,
        loads=False,
        players=[one.player_id for one in found],
        clock=CountingClock(EVENING + timedelta(minutes=1)),
        dbt=lab.dbt,
    )
    [made] = warehouse.query(
        lab.settings,
        """
        select count(*) as forecasts, count(case when system = 'catboost' then 1 end) as ours
        from raw_forecasts.forecasts where run_id = ?
        """,
        [result.run_id],
    ).to_pylist()
    # two players in four markets and four sums; what systems say nothing of is no row
    assert (made["ours"], made["forecasts"]) == (2 * 8, result.forecasts)
    after = warehouse.query(lab.settings, ACTIVE, [SLATE]).to_pylist()
    assert len(after) == len(before)
    anew = {row["player_name"] for row in after if row["run_id"] == result.run_id}
    assert anew == set(named)
    others = [row for row in after if row["player_name"] not in named]
    assert others == [row for row in before if row["player_name"] not in named]


def test_who_cannot_be_forecast_is_said_before_anything_is_done(lab: Lab) -> None:
    lab.reset()
    [out] = warehouse.query(
        lab.settings,
        """
        select players.player_name from marts.prediction_coverage as coverage
        inner join marts.players as players on coverage.player_id = players.player_id
        where coverage.reason = 'PLAYER_OUT' order by 1 limit 1
        """,
    ).to_pylist()
    with pytest.raises(NotForecast, match="PLAYER_OUT"):
        players.find_on_slate(lab.settings, [out["player_name"]], game_date=SLATE)
    away = warehouse.query(
        lab.settings,
        """
        select min(player_name) as name from marts.players
        where player_id not in (
            select player_id from marts.prediction_coverage where player_id is not null
        )
        """,
    )["name"][0].as_py()
    with pytest.raises(NotForecast, match="not on the slate"):
        players.find_on_slate(lab.settings, [away], game_date=SLATE)
    with pytest.raises(PlayerUnknown, match="no player 'Nob Ody'"):
        players.find_on_slate(lab.settings, ["Nob Ody"], game_date=SLATE)
    with pytest.raises(NotForecast, match="without --players"):
        players.find_on_slate(lab.settings, [away], game_date=SLATE + timedelta(days=1))
