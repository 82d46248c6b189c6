from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest
from made_up_archive import FIRST, LAST, made_up, write_parquet, write_shelf

from loaders import archive
from loaders.errors import BadArgument, ContractError

PROPS = "props/odds_api_player_props_2024.parquet"


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of invented rows."""
    return write_shelf(tmp_path_factory.mktemp("archive"))


@pytest.fixture
def load(settings, clock, shelf):
    def run(start: date = FIRST, end: date = LAST, path: Path = shelf, **more):
        found = archive.load(settings, path=path, start=start, end=end, clock=clock, **more)
        return {o.resource: o for o in found}

    return run


def contents(sql: Callable[[str], list[tuple]]) -> dict[str, list[tuple]]:
    return {
        t.name: sql(f"select * exclude (_dlt_load_id) from raw_archive.{t.name} order by all")
        for t in archive.TABLES
    }


def test_all_at_once_equals_day_by_day_in_any_order(load, settings, sql, tmp_path) -> None:
    outcomes = load()
    every = dict.fromkeys(archive.ALL, (6, 0))
    assert {o.resource: (o.rows, o.rejected) for o in outcomes.values()} == every
    at_once = contents(sql)
    settings.warehouse_path.rename(tmp_path / "at_once.duckdb")
    # the last day first, then the two before it
    for start, end, rows in ((LAST, LAST, 2), (FIRST, FIRST + timedelta(days=1), 4)):
        assert {o.rows for o in load(start, end).values()} == {rows}
    assert contents(sql) == at_once
    assert at_once["injuries"]


def test_dates_outside_the_files_are_no_data(load, sql) -> None:
    outcome = load(date(2030, 1, 1), date(2030, 1, 2), resources=["player_box"])["player_box"]
    assert (outcome.status, outcome.rows) == ("no_data", 0)
    assert sql("select count(*) from raw_archive.player_box") == [(0,)]


def test_loading_again_changes_nothing(load, sql) -> None:
    load(FIRST, FIRST, resources=["player_box", "player_props"])
    before = sql("from raw_archive.player_box order by player_id")
    again = load(FIRST, FIRST, resources=["player_box", "player_props", "injuries"])
    assert [(o.status, o.rows, o.received) for o in again.values()] == [
        ("loaded", 0, 2),
        ("loaded", 0, 2),
        ("loaded", 2, 2),
    ]
    assert sql("from raw_archive.player_box order by player_id") == before


def props_with(tmp_path: Path, select: str) -> Path:
    write_parquet(tmp_path / "shelf" / PROPS, select.replace("@", f"({made_up('player_props')})"))
    return tmp_path / "shelf"


def test_misfits_are_quarantined_duplicates_dropped_and_new_columns_named(
    load, tmp_path, sql
) -> None:
    path = props_with(
        tmp_path,
        """select * replace (
                case when snapshot_date = '2024-01-02' then null else price_american end
                    as price_american,
                if(snapshot_date = '2024-01-03' and side = 'Over', null, snapshot_date)
                    as snapshot_date
            ), 1 as extra
        from @ union all select *, 1 from @ where snapshot_date = '2024-01-01'""",
    )
    outcome = load(path=path, resources=["player_props"])["player_props"]
    assert (outcome.rows, outcome.rejected) == (3, 3)
    assert outcome.unknown_fields == ("extra",)
    assert sql(
        "select resource, reason, count(*) from raw_archive.rejects group by all order by 3"
    ) == [
        ("player_props", "snapshot_date: missing", 1),
        ("player_props", "price_american: missing", 2),
    ]


@pytest.mark.parametrize(
    ("select", "text"),
    [
        ("select * exclude (bookmaker, point) from @", "lacks the column bookmaker, point"),
        ("select * replace (1 as market) from @", r"another type: market \(INTEGER, declared text"),
    ],
)
def test_a_file_of_another_shape_is_named(load, tmp_path, settings, select, text) -> None:
    path = props_with(tmp_path, select)
    with pytest.raises(ContractError, match=text):
        load(path=path, resources=["player_props"])
    assert not settings.warehouse_path.exists()


def test_lay_markets_are_left_out(load, tmp_path, sql) -> None:
    select = made_up("game_lines").replace("'totals'", "if(n < 2, 'h2h_lay', 'totals')")
    write_parquet(tmp_path / "lines/odds_api_game_lines_2024.parquet", select)
    assert load(path=tmp_path, resources=["game_lines"])["game_lines"].rows == 4
    assert sql("select distinct market from raw_archive.game_lines") == [("totals",)]


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"path": Path("nowhere")}, "nowhere is not a folder"),
        ({"start": date(2024, 2, 1)}, "The range is reversed: 2024-02-01 is after 2024-01-03"),
        ({"resources": ["box"]}, "Unknown resource box; there are: schedule, player_box"),
        ({"resources": []}, "list of resources is empty"),
    ],
)
def test_input_is_checked_first(load, settings, change, text) -> None:
    with pytest.raises(BadArgument, match=text):
        load(**change)
    assert not settings.home.exists()


def test_missing_files_are_named(load, tmp_path) -> None:
    with pytest.raises(BadArgument, match=r"lacks seasons/schedule\.parquet, .*shots/player_game"):
        load(path=tmp_path)


@pytest.mark.real_data
def test_a_real_week_is_complete(load, real_data, sql) -> None:
    start, end = date(2024, 4, 1), date(2024, 4, 7)
    outcomes = load(start, end, path=real_data)
    within = "between '2024-04-01' and '2024-04-07'"
    with duckdb.connect() as con:
        [(games, lines, prices)] = con.execute(
            f"""select
                (select count(*) from '{real_data}/seasons/schedule.parquet'
                 where game_date {within}),
                (select count(*) from '{real_data}/seasons/player_box.parquet'
                 where game_date {within}),
                (select count(*) from (select distinct * exclude (filename)
                 from read_parquet('{real_data}/props/odds_api_*.parquet', filename = true)
                 where snapshot_date {within}))"""
        ).fetchall()
    assert (outcomes["schedule"].rows, outcomes["player_box"].rows) == (games, lines)
    assert outcomes["player_props"].rows == prices > 10_000
    assert {o.rejected for o in outcomes.values()} == {0}
    assert {o.unknown_fields for o in outcomes.values()} == {()}
    assert sql("select count(*) from raw_archive.schedule where game_date = '2024-04-05'") == [
        (12,)
    ]
