"""A warehouse of an older project, a restored one and a pruned one: the tables of a fresh build."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest
from worlds import (
    difference,
    lasting,
    load_archive,
    project_copy,
    raw_copy,
    relations,
    scalar,
    world,
)

from flows import steps
from flows.backup import back_up, restore
from flows.built import Built
from flows.dbt_runner import BuildResult, DbtRunner
from flows.gates import GateWindow
from flows.prune import prune
from flows.runs import Run, start
from loaders.odds_api.tables import EVENTS
from loaders.raw import RAW_TABLES, ensure_raw_tables
from loaders.settings import Settings

pytestmark = pytest.mark.real_data

START, END = date(2024, 3, 31), date(2024, 4, 1)
AS_OF = datetime(2024, 5, 1, tzinfo=UTC)
RUN = Run("run-1", "daily", "live", as_of=AS_OF, started_at=AS_OF)
EVERY_DATE = GateWindow(None, None)
BUILT = ("intermediate", "marts", "audit", "seeds", "reports")

# Prices that came and went while nobody looked, and prices of the game itself.
MORE_PRICES = """
insert into raw_archive.player_props
select prices.* replace (
    md5(row_key || minutes) as row_key,
    point + 1 as point,
    last_update - to_minutes(cast(minutes as integer)) as last_update
)
from raw_archive.player_props as prices, (values (7), (11), (500)) as earlier (minutes)
where market = 'player_points'
"""
FORECASTS = """
insert into raw_forecasts.forecasts
select
    md5(player_id || game_id || hours), 'run-' || hours, 'catboost', 'live',
    tipoff_at - to_hours(cast(hours as integer)), tipoff_at - to_hours(cast(hours as integer)),
    player_id, game_id, game_date, information_set, cut_off_at, 'points', 'model', 10.5, 20,
    source_load_id, 100, null, 'hash', '1700000000.5'
from marts.upcoming_player_game_context, (values (2), (5)) as made (hours)
where information_set = 'TIP'
"""


def build(settings: Settings, project_dir: Path) -> list[BuildResult]:
    """Both builds as a run makes them."""
    dbt = DbtRunner(settings, project_dir=project_dir)
    return [
        steps.build_features(settings, dbt, RUN, slate_date=None, window=EVERY_DATE),
        steps.build(settings, dbt, "forecasts", RUN, slate_date=None, window=EVERY_DATE),
    ]


def execute(settings: Settings, *statements: str) -> None:
    with duckdb.connect(str(settings.warehouse_path)) as connection:
        connection.execute("set TimeZone = 'UTC'")
        for statement in statements:
            connection.execute(statement)


def columns(settings: Settings) -> list[tuple]:
    """Every column of every table and view that is built, and of the raw tables."""
    with duckdb.connect(str(settings.warehouse_path), read_only=True) as connection:
        return connection.execute(
            "select table_schema, table_name, column_name, data_type"
            " from information_schema.columns where not starts_with(column_name, '_dlt')"
            " and not starts_with(table_name, '_dlt') and table_schema not like '%_staging'"
            " order by all"
        ).fetchall()


def assert_same(one: Settings, other: Settings, but: tuple[str, ...] = ()) -> None:
    """Every lasting table, but these, has the same rows."""
    names = lasting(one, BUILT)
    assert names == lasting(other, BUILT)
    assert len(names) > 40
    found = {name: difference(one, other, name) for name in names if name not in but}
    assert {name: rows for name, rows in found.items() if rows[1:] != (0, 0)} == {}


@pytest.fixture(scope="module")
def today(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Today's project; its gates do not look, because what is made up passes none."""
    name = "name: nba_props"
    folder = tmp_path_factory.mktemp("today")
    return project_copy(folder, "dbt_project.yml", name, name, gates=False)


@pytest.fixture(scope="module")
def fresh(real_data: Path, today: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Two days with many prices, and forecasts, built by today's project. Not to be written."""
    settings = world(tmp_path_factory.mktemp("fresh"))
    load_archive(settings, real_data, START, END)
    execute(settings, MORE_PRICES)
    start(settings, command="daily", run_mode="live", as_of=AS_OF, now=AS_OF)
    steps.ensure_tables(settings)
    dbt = DbtRunner(settings, project_dir=today)
    steps.build_features(settings, dbt, RUN, slate_date=None, window=EVERY_DATE)
    execute(settings, FORECASTS)
    steps.build(settings, dbt, "forecasts", RUN, slate_date=None, window=EVERY_DATE)
    assert scalar(settings, "select count(line) from marts.player_prop_predictions") > 20
    return settings


def older_project(folder: Path) -> Path:
    """Today's project without a column of two incremental models, and with another formula."""
    project = project_copy(
        folder,
        "models/intermediate/form/int_team_form__windows.sql",
        "abs(pts - opponent_pts) >= 15",
        "abs(pts - opponent_pts) >= 5",
        gates=False,
    )
    context = project / "models" / "marts" / "context"
    forget(context / "upcoming_team_game_context.sql", "absences.players_questionable,")
    forget(context / "_context__models.yml", "name: players_questionable, data_type")
    return project


def forget(file: Path, text: str) -> None:
    """Take the one line with this text out of a file."""
    before = file.read_text().splitlines()
    after = [line for line in before if text not in line]
    assert len(after) == len(before) - 1
    file.write_text("\n".join(after) + "\n")


def test_a_warehouse_of_an_older_project_becomes_that_of_a_fresh_build(
    fresh: Settings, today: Path, tmp_path: Path
) -> None:
    settings = raw_copy(fresh, tmp_path / "old")
    # a raw table less, and a column less in another
    execute(settings, "drop schema raw_odds_api cascade")
    less = [replace(EVENTS, columns=tuple(c for c in EVENTS.columns if c.name != "sport_key"))]
    rest = [t for t in RAW_TABLES["odds_api"] if t.name not in ("events", "api_quota")]
    ensure_raw_tables(settings, {"odds_api": [*less, *rest]})
    old = older_project(tmp_path / "project")
    features = DbtRunner(settings, project_dir=old)
    steps.build_features(settings, features, RUN, slate_date=None, window=EVERY_DATE)
    raw = {
        name: scalar(settings, f"select count(*) from {name}")
        for name in relations(settings, ("raw_archive", "raw_forecasts"))
    }
    assert columns(settings) != columns(fresh)
    context = "marts.upcoming_team_game_context"
    assert difference(settings, fresh, context)[1] > 0
    assert Built(settings, DbtRunner(settings, project_dir=today)).differing("features") == [
        context
    ]

    made = steps.ensure_tables(settings)
    build(settings, today)

    assert sorted(made) == ["raw_odds_api.api_quota", "raw_odds_api.events"]
    assert {name: scalar(settings, f"select count(*) from {name}") for name in raw} == raw
    assert columns(settings) == columns(fresh)
    assert_same(fresh, settings)


def test_a_restored_and_pruned_warehouse_is_built_as_before(
    fresh: Settings, today: Path, tmp_path: Path
) -> None:
    folder, _ = back_up(fresh, tmp_path / "backup", now=AS_OF)
    settings = Settings(home=tmp_path / "home", keep_prices_days=20)
    restore(settings, folder, force=False, now=AS_OF)
    assert_same(fresh, settings)
    # what it was built from came along
    built = Built(settings, DbtRunner(settings, project_dir=today))
    assert built.is_same_project()
    assert not built.is_outdated("features")
    assert not built.is_outdated("forecasts")

    prices = "select count(*) from raw_archive.player_props"
    before = scalar(settings, prices)
    done = prune(settings, apply=True, clock=lambda: AS_OF)
    assert 1_000 < done.rows < before
    assert scalar(settings, prices) == before - done.rows
    features, _ = build(settings, today)
    assert features.selector == "news"
    # the features were made anew, of fewer prices
    assert scalar(settings, "select count(*) from intermediate.int_games__to_build") > 0
    quotes = "intermediate.int_prop_quotes__paired"
    _, gone, new = difference(fresh, settings, quotes)
    assert (gone > 0, new) == (True, 0)
    assert_same(fresh, settings, but=(quotes, "audit.loads_built"))
