"""News has come: who is touched by it is forecast anew, and nobody else."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from lab import EVENING, SLATE, Lab
from wire import CountingClock

from flows import steps
from flows.daily import REFRESH, DailyResult, run_daily
from flows.polls import INJURIES, LINES, run_poll
from flows.refresh import run_refresh
from flows.trigger import EVENT, Trigger
from flows.world import reach_sandbox
from loaders.errors import WarehouseError
from loaders.files import sha256
from loaders.sandbox import Sandbox

LATER = EVENING + timedelta(minutes=20)
# one of the slate who is well, of the first game to come that has lines
OUT = """
create table hurt as
select player_id, game_id
from marts.active_player_prop_predictions
where run_mode = 'live' and game_date = date '2026-01-15'
order by line is null, game_id, predicted_value desc
limit 1;
insert into raw_balldontlie.player_injuries by name
select
    cast(ids.source_player_id as bigint) as player_id, 'Sudden' as first_name,
    'Absence' as last_name, 'Out' as status, 'Jan 15: out.' as description,
    'sudden' as row_version, new_load() as _dlt_load_id,
    timestamptz '2026-01-15 22:15:00+00' as valid_from
from hurt
inner join intermediate.int_players__crosswalk as ids
    on hurt.player_id = ids.player_id and ids.source = 'balldontlie';
"""
SUMMARIES = ("team_summaries", "player_summaries")


def refresh(lab: Lab, minutes: int = 10, **how: Any) -> DailyResult:
    clock = CountingClock(LATER + timedelta(minutes=minutes))
    return run_refresh(lab.settings, game_date=SLATE, clock=clock, dbt=lab.dbt, **how)


@pytest.fixture(scope="module")
def refreshed(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Lab:
    """After the first evening and a refresh, which had to train the models of set TIP."""
    lab.reset()
    refresh(lab, 0)
    base = tmp_path_factory.mktemp("refreshed") / "base"
    shutil.copytree(lab.settings.home, base, symlinks=True)
    return Lab(lab.settings, base, lab.folder, lab.dbt)


@pytest.fixture
def lived(refreshed: Lab) -> Lab:
    """The same, put back."""
    refreshed.reset()
    return refreshed


def versions(lab: Lab) -> dict[str, set[str]]:
    """By run, the players whose active predictions it made."""
    rows = lab.rows(
        "select run_id, player_id, game_id from marts.prediction_versions where is_active"
    )
    found: dict[str, set[str]] = {}
    for row in rows:
        found.setdefault(row["run_id"], set()).add(row["player_id"])
    return found


def test_the_same_input_twice_is_nothing_done(lived: Lab) -> None:
    published, before = sha256(lived.settings.published_path), versions(lived)
    result = refresh(lived)
    assert (result.status, result.reason) == ("completed", steps.NOTHING_CHANGED)
    assert [build.selector for build in result.builds] == ["slate"]
    assert (result.published_place, result.report_place) == (None, None)
    assert sha256(lived.settings.published_path) == published
    assert versions(lived) == before


def test_who_is_ruled_out_touches_his_game_and_no_other(lived: Lab) -> None:
    before = versions(lived)
    lived.execute([OUT])
    [hurt] = lived.rows("select * from hurt")
    trigger = Trigger(EVENT, caused_by="the poll")
    result = refresh(lived, trigger=trigger)
    assert [build.selector for build in result.builds] == ["news", "forecasts_of_slate"]
    assert Path(result.report_place).is_file()
    of_game = {
        row["player_id"]
        for row in lived.rows(
            "select player_id from marts.slate_changes where game_id = ?", [hurt["game_id"]]
        )
    }
    after = versions(lived)
    touched = after.pop(result.run_id)
    assert hurt["player_id"] not in touched
    assert 0 < len(touched) < len(of_game)
    assert touched <= of_game
    # everybody else's stand as they were, version by version
    assert after == {run: kept for run, players in before.items() if (kept := players - touched)}
    [superseded] = lived.rows(
        """
        select count(*) as n
        from marts.prediction_versions
        where not is_active and superseded_at >= ? and system = 'catboost'
        """,
        [LATER + timedelta(minutes=10)],
    )
    assert superseded["n"] == 8 * len(touched)
    layers = {
        node["layer"]
        for node in lived.rows("select layer from raw_runs.nodes where run_id = ?", [result.run_id])
    }
    assert layers >= {"context", "features", "predictions"}
    assert not layers & set(SUMMARIES)
    with duckdb.connect(str(lived.settings.published_path), read_only=True) as published:
        shown = published.execute(
            "select distinct reason, forecast_id from reports.todays_slate where player_id = ?",
            [hurt["player_id"]],
        ).fetchall()
    assert shown == [("PLAYER_OUT", None)]
    [run] = lived.rows("select * from audit.runs where run_id = ?", [result.run_id])
    assert (run["command"], run["trigger"], run["caused_by"]) == ("refresh", "event", "the poll")
    assert refresh(lived, 20).reason == steps.NOTHING_CHANGED


def test_results_that_wait_for_a_build_are_built_first(lived: Lab) -> None:
    lived.execute(
        [
            "update raw_balldontlie.player_stats set pts = pts, _dlt_load_id = new_load()"
            " where game_id = game('2026-01-14', 0)"
        ]
    )
    result = refresh(lived)
    assert [build.selector for build in result.builds] == ["features_of_new_loads", "forecasts"]


def test_what_a_failed_run_left_unpublished_is_published(lived: Lab) -> None:
    def failing(name: str, function: Any, *args: Any, **kwargs: Any) -> Any:
        if name == "publish":
            raise WarehouseError("the disk is full")
        return function(*args, **kwargs)

    lived.execute([OUT])
    with pytest.raises(WarehouseError, match="disk is full"):
        refresh(lived, call=failing)
    before = sha256(lived.settings.published_path)
    result = refresh(lived, 20)
    assert result.forecasts == 0
    assert result.published_place is not None
    assert sha256(lived.settings.published_path) != before


def test_a_refresh_by_hand_forecasts_whom_it_is_told_to(lived: Lab) -> None:
    lived.execute([OUT])
    [hurt] = lived.rows("select * from hurt")
    result = run_daily(
        lived.settings,
        game_date=SLATE,
        work=REFRESH,
        information_set="TIP",
        players=[hurt["player_id"]],
        clock=CountingClock(LATER),
        dbt=lived.dbt,
    )
    assert (result.reason, result.forecasts) == (steps.NOTHING_CHANGED, 0)


def test_a_poll_says_what_is_new_and_builds_nothing(lab: Lab) -> None:
    lab.reset()
    with Sandbox(now=EVENING, ticking=False) as sandbox:
        settings = reach_sandbox(lab.settings, sandbox)
        polls = []
        for seconds in range(2):
            sandbox.clock.move_to(EVENING + timedelta(seconds=seconds))
            polls.append(run_poll(settings, what=INJURIES, game_date=SLATE, clock=sandbox.clock))
        sandbox.clock.move_to(datetime(2026, 1, 15, 23, 40, tzinfo=UTC))
        lines = run_poll(settings, what=LINES, game_date=SLATE, clock=sandbox.clock)
    assert not polls[1].has_changed
    assert (polls[1].players, polls[1].load_ids) == ((), ())
    for poll in (lines, polls[0]):
        assert poll.has_changed
        assert len(poll.load_ids) == 1
        assert len(poll.players) == len(set(poll.players)) > 0
    quoted = lab.rows(
        "select distinct player_name from raw_odds_api.player_props where _dlt_load_id = ?",
        list(lines.load_ids),
    )
    assert {row["player_name"] for row in quoted} == set(lines.players)
    [run] = lab.rows("select * from raw_runs.runs where run_id = ?", [lines.run_id])
    assert (run["command"], run["status"], run["reason"]) == ("poll", "completed", "lines")
    assert not lab.rows("select * from raw_runs.nodes where run_id = ?", [lines.run_id])


def test_a_report_that_is_taken_back_names_its_player(lab: Lab) -> None:
    lab.reset()
    lab.execute([OUT])
    with Sandbox(now=EVENING + timedelta(minutes=10), ticking=False) as sandbox:
        settings = reach_sandbox(lab.settings, sandbox)
        poll = run_poll(settings, what=INJURIES, game_date=SLATE, clock=sandbox.clock)
    assert "Sudden Absence" in poll.players
