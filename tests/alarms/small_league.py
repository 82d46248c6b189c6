"""Two teams that meet every day for two weeks, as raw rows, and a warehouse built on them.

January 2024, tip-off at 19:00 Eastern: finished to the 7th, without a result from the 8th on; every
player has a line on the 8th to the 13th. The features speak from the 10th, 17:30 Eastern.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from dbt.cli.main import dbtRunner

from flows.clock import EASTERN
from flows.steps import ensure_tables
from loaders.settings import PROJECT_ROOT, Settings

SLATE = date(2024, 1, 10)
LAST_RESULTS = date(2024, 1, 7)
PLAYERS = 20
LOAD = "1704067200.5"
WRITTEN_BACK = "1704920000.5"

GAMES = """
    create temp table games as
    select
        'g' || n as game_id,
        date '2024-01-01' + n::integer as game_date,
        timezone('America/New_York', date '2024-01-01' + n::integer + interval 19 hour) as tipoff,
        n < 7 as is_final
    from range(13) as t(n);

    create temp table players as
    select
        n as player_id,
        repeat(chr(97 + n::integer), 3) || ' ' || repeat(chr(97 + n::integer), 4) as player_name,
        n < 10 as is_home,
        case when n < 10 then 1610612738 else 1610612755 end as team_id,
        case when n < 10 then 1610612755 else 1610612738 end as opponent_team_id
    from range(20) as t(n);
"""
RAW = f"""
    insert into raw_archive._dlt_loads (load_id, schema_name, status, inserted_at)
    values ('{LOAD}', 'archive', 0, to_timestamp({LOAD}));

    insert into raw_archive.schedule by name
    select
        '2023-24' as season, 'Regular Season' as season_type, game_id, game_date,
        tipoff as tipoff_utc, 1610612738 as home_team_id, 1610612755 as away_team_id,
        case when is_final then 100 end as home_pts, case when is_final then 90 end as away_pts,
        '{LOAD}' as _dlt_load_id
    from games;

    insert into raw_archive.player_box by name
    select
        '2023-24' as season, 'Regular Season' as season_type, game_id, game_date,
        player_id, player_name, team_id, opponent_team_id, is_home,
        player_id % 10 < 5 as is_starter, '24:00' as minutes, 1440 as seconds_played,
        4 as fgm, 9 as fga, 1 as fg3m, 3 as fg3a, 1 as ftm, 2 as fta, 1 as oreb, 3 as dreb,
        4 as reb, 2 as ast, 1 as stl, 0 as blk, 1 as tov, 2 as pf, 10 as pts, 0 as plus_minus,
        '{LOAD}' as _dlt_load_id
    from games, players where is_final;

    insert into raw_archive.team_box by name
    select
        season, season_type, game_id, game_date, team_id, is_home, 240 as minutes,
        sum(fgm) as fgm, sum(fga) as fga, sum(fg3m) as fg3m, sum(fg3a) as fg3a, sum(ftm) as ftm,
        sum(fta) as fta, sum(oreb) as oreb, sum(dreb) as dreb, sum(reb) as reb, sum(ast) as ast,
        sum(stl) as stl, sum(blk) as blk, sum(tov) as tov, sum(pf) as pf, sum(pts) as pts,
        '{LOAD}' as _dlt_load_id
    from raw_archive.player_box group by all;

    -- of the 8th and the 9th seen five minutes before tip-off, after every cut; then at noon
    insert into raw_archive.player_props by name
    select
        game_id || '/' || player_id || '/' || side as row_key, '2023-24' as season,
        game_date as snapshot_date, 'e' || game_id as event_id, tipoff as commence_time,
        'Boston Celtics' as home_team, 'Philadelphia 76ers' as away_team, 'book' as bookmaker,
        'player_points' as market, player_name, side, 9.5 as point, -110 as price_american,
        case when game_date < date '{SLATE}' then tipoff - interval 5 minute
            else tipoff - interval 7 hour end as captured_at, '{LOAD}' as _dlt_load_id
    from games, players, (values ('over'), ('under')) as sides(side)
    where not is_final;
"""


class League:
    """The warehouse of a home, and dbt on it."""

    def __init__(self, settings: Settings, manifest: Any = None) -> None:
        self.settings = settings
        self.manifest = manifest

    def sql(self, statement: str, parameters: Sequence[Any] = ()) -> list[tuple]:
        """Run statements on the warehouse."""
        with duckdb.connect(str(self.settings.warehouse_path)) as connection:
            connection.execute("set TimeZone = 'UTC'")
            if parameters:
                return connection.execute(statement, parameters).fetchall()
            return connection.execute(statement).fetchall()

    def insert(self, table: str, **row: Any) -> None:
        """Enter a row of `raw_runs` or `raw_forecasts`, as a run would have written it."""
        row = {"_dlt_load_id": LOAD, **row}
        names, marks = ", ".join(row), ", ".join("?" * len(row))
        self.sql(f"insert into {table} ({names}) values ({marks})", list(row.values()))

    def compiled(self, analysis: str, **variables: str) -> str:
        """The SQL of an analysis, with variables of its own."""
        made = self.dbt("compile", "--select", analysis, **variables)
        return made.results[0].node.compiled_code

    def dbt(self, *arguments: str, slate: date = SLATE, **variables: str) -> Any:
        """Invoke dbt as of 17:30 Eastern of the slate; raises what failed."""
        made = self.settings.dbt_dir
        places = ["--project-dir", PROJECT_ROOT, "--profiles-dir", PROJECT_ROOT]
        places += ["--target-path", made / "target", "--log-path", made / "logs"]
        quiet = ["--log-level", "none", "--no-use-colors"]
        given = json.dumps(
            {"as_of": f"{slate}T22:30:00+00:00", "slate_date": str(slate), **variables}
        )
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("NBA_PROPS_HOME", str(self.settings.home))
            patch.setenv("NBA_PROPS_TARGET", self.settings.target)
            if self.manifest is None:
                parsed = dbtRunner().invoke([*quiet, "parse", *map(str, places)])
                assert parsed.success, parsed.exception
                self.manifest = parsed.result
            ran = dbtRunner(manifest=self.manifest).invoke(
                [*quiet, *arguments, *map(str, places), "--vars", given]
            )
        bad = [
            f"{one.node.name}: {one.message}"
            for one in getattr(ran.result, "results", [])
            if str(one.status) in ("error", "fail", "skipped")
        ]
        assert ran.success, bad or ran.exception
        return ran.result


def build(home: Path) -> League:
    """A home with the league in it, every model built; gates and tests are not asked."""
    league = League(Settings(home=home, balldontlie_api_key="key-one", odds_api_key="key-two"))
    ensure_tables(league.settings)
    league.sql(GAMES + RAW)
    league.dbt("seed")
    league.dbt("run")
    return league


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """An instant of a winter's day by Eastern clocks, in UTC."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=EASTERN).astimezone(UTC)


def run(league: League, day: date, **changes: Any) -> str:
    """Enter a live daily run of a day that took half an hour from 16:00 Eastern; its id."""
    number = league.sql("select count(*) from raw_runs.runs")[0][0]
    row = {
        "run_id": f"run-{day}-{number}",
        "command": "daily",
        "run_mode": "live",
        "status": "completed",
        "as_of": at(day, 16, 10),
        "started_at": at(day, 16),
        "finished_at": at(day, 16, 30),
        "game_date_from": day,
        "game_date_to": day,
        **changes,
    }
    league.insert("raw_runs.runs", **row)
    return row["run_id"]


def forecast(league: League, run_id: str, day: date, players: int, trained: datetime) -> None:
    """Enter forecasts of points for so many players of a day's game."""
    league.insert(
        "raw_forecasts.model_versions",
        model_version=f"model of {run_id}",
        market="points",
        information_set="LINE",
        trained_as_of=trained,
        _dlt_load_id=WRITTEN_BACK,
    )
    league.sql(
        f"""
        insert into raw_forecasts.forecasts by name
        select
            '{run_id}/' || player_id as forecast_id, '{run_id}' as run_id, 'catboost' as system,
            'live' as run_mode, as_of, as_of as created_at, player_id, game_id, game_date,
            information_set, cut_off_at, 'points' as market, 'model of {run_id}' as model_version,
            9.5 as mean, 20.0 as variance, '{WRITTEN_BACK}' as _dlt_load_id
        from marts.ml_feature_store, (select as_of from raw_runs.runs where run_id = '{run_id}')
        where game_date = '{day}' and information_set = 'LINE'
        order by player_id limit {players};
        """
    )
