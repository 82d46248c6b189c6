from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pytest
from made_up_archive import write_parquet, write_shelf

from loaders import archive, bettingpros
from loaders.errors import BadArgument, ContractError
from loaders.raw import ensure_raw_tables

HISTORY = Path(__file__).with_name("prop_history.csv")
START, END = date(2024, 1, 5), date(2024, 1, 8)
PRICES = "raw_bettingpros.prop_prices"


@pytest.fixture
def scheduled(settings, clock, tmp_path):
    """A schedule with one game of the file, at 19:30 in New York, its teams the other way round."""
    shelf = write_shelf(tmp_path / "shelf")
    file = shelf / "seasons" / "schedule.parquet"
    with duckdb.connect() as con:
        con.execute("set TimeZone = 'UTC'")
        con.execute(
            f"""create table games as select * replace (
                date '2024-01-05' as game_date, 'UTA' as home_abbr, 'BOS' as away_abbr,
                timestamptz '2024-01-06 00:30:00+00' as tipoff_utc
            ) from '{file}' limit 1"""
        )
        con.execute(f"copy games to '{file}' (format parquet)")
    archive.load(settings, path=shelf, start=START, end=END, clock=clock, resources=["schedule"])


@pytest.fixture
def load(settings, clock, scheduled):
    def run(path: Path = HISTORY, start: date = START, end: date = END):
        [outcome] = bettingpros.load(settings, path=path, start=start, end=end, clock=clock)
        return outcome

    return run


def test_rows_are_typed_once_and_those_of_other_dates_left_out(load, sql, caplog) -> None:
    outcome = load()
    assert (outcome.source, outcome.resource, outcome.status) == (
        "bettingpros",
        "prop_prices",
        "loaded",
    )
    assert (outcome.rows, outcome.received, outcome.rejected) == (5, 5, 8)
    assert (outcome.unknown_fields, outcome.missing_fields) == ((), ())
    assert sql(
        "select player_name, bookmaker, side, line, price_american, is_opening,"
        f" line_at::varchar, tipoff_at::varchar from {PRICES} order by line_at, side"
    ) == [
        ("Jon Dough", "quickbook", "over", 24.5, -115, True, *at("05 15:00:00")),
        ("Jon Dough", "quickbook", "under", 24.5, -105, True, *at("05 15:00:00")),
        ("Jon Dough", "consensus", "over", 25.5, None, None, *at("05 23:30:00")),
        ("Dough, Jr., Jon", "quickbook", "over", 25.5, -110, False, *at("06 00:29:59")),
        ("Al Open", "quickbook", "over", 7.5, 100, False, "2024-01-06 16:00:00+00", None),
    ]
    assert "rows whose tip-off no loaded schedule tells: 1 of 5" in caplog.text


def at(line: str) -> tuple[str, str]:
    return f"2024-01-{line}+00", "2024-01-06 00:30:00+00"


def test_misfits_and_lines_in_play_are_rejected_with_their_reason(load, sql) -> None:
    load()
    assert sql("select reason, count(*) from raw_bettingpros.rejects group by 1 order by 1") == [
        ("game_date: not a date: yesterday", 1),
        ("line: not a double: many", 1),
        ("line_at: not a timestamp: noon", 1),
        ("line_at: not before tip-off", 1),
        ("player_name: missing", 1),
        ("price_american: between -100 and 100", 1),
        ("price_american: not a bigint: -110.5", 1),
        ("side: not over or under", 1),
    ]
    [(payload,)] = sql(
        "select payload from raw_bettingpros.rejects where reason like '%before tip-off'"
    )
    assert '"line":"26.5"' in payload
    assert '"line_at":"2024-01-06 00:30:00"' in payload


def test_loading_again_and_as_parquet_changes_nothing(load, sql, tmp_path) -> None:
    load()
    everything = f"from {PRICES} order by row_key"
    before = sql(everything)
    write_parquet(
        tmp_path / "typed" / "history.parquet",
        """select * replace (
            try_cast(game_date as date) as game_date, try_cast(line as double) as line,
            try_cast(line_at as timestamptz) as line_at, try_cast(is_opening as boolean) as
            is_opening, case when price_american != '-110.5' then price_american::bigint end
            as price_american
        )"""
        f" from read_csv('{HISTORY}', all_varchar = true)"
        " where game_date = '2024-01-06' or line_at = '2024-01-05 15:00:00'",
    )
    again, typed = load(), load(tmp_path / "typed")
    assert (again.rows, again.received) == (0, 5)
    assert (typed.rows, typed.received, typed.rejected) == (0, 2, 0)
    assert sql(everything) == before


def test_dates_outside_the_files_are_no_data(load) -> None:
    """The row without a date could be of any; it stays rejected."""
    outcome = load(start=date(2030, 1, 1), end=date(2030, 1, 2))
    assert (outcome.rows, outcome.rejected) == (0, 1)


def test_columns_beyond_the_schema_are_named_and_optional_ones_may_lack(
    load, tmp_path, sql
) -> None:
    path = tmp_path / "history.csv"
    with duckdb.connect() as con:
        con.execute(
            f"""copy (
                select * exclude (price_american, is_opening), 'x' as rating, 1 as "best bet"
                from read_csv('{HISTORY}', all_varchar = true) limit 1
            ) to '{path}'"""
        )
    outcome = load(path)
    assert outcome.unknown_fields == ("best bet", "rating")
    assert outcome.missing_fields == ("is_opening", "price_american")
    assert sql(f"select line, price_american from {PRICES}") == [(24.5, None)]


@pytest.mark.parametrize(
    ("content", "error", "text"),
    [
        ("game_date,line\n2024-01-05,2\n", ContractError, "lacks the column away_team, bookmaker"),
        (None, BadArgument, "is no CSV or Parquet file"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(load, tmp_path, sql, content, error, text) -> None:
    path = tmp_path / "history.csv"
    if content is not None:
        path.write_text(content)
    with pytest.raises(error, match=rf"history\.csv.*{text}"):
        load(path)


def test_what_is_no_parquet_is_said(load, tmp_path) -> None:
    path = tmp_path / "history.parquet"
    path.write_text("no such thing")
    with pytest.raises(ContractError, match=r"history\.parquet is no readable file of its kind"):
        load(path)


def test_without_a_schedule_nothing_is_loaded(settings, clock) -> None:
    with pytest.raises(BadArgument, match="No schedule is loaded"):
        bettingpros.load(settings, path=HISTORY, start=START, end=END, clock=clock)
    assert not settings.warehouse_path.exists()


def test_the_schedule_of_the_other_source_serves_too(settings, clock, sql) -> None:
    ensure_raw_tables(settings)
    with duckdb.connect(str(settings.warehouse_path)) as con:
        con.execute(
            """insert into raw_balldontlie.teams (id, abbreviation, _dlt_load_id)
            values (1, 'BOS', 'x'), (2, 'UTA', 'x')"""
        )
        con.execute(
            """insert into raw_balldontlie.games by name select 5 as id, date '2024-01-05' as
            game_date, timestamptz '2024-01-05 20:00:00+00' as tipoff_at, 1 as home_team_id,
            2 as visitor_team_id, 'x' as _dlt_load_id"""
        )
    bettingpros.load(settings, path=HISTORY, start=START, end=END, clock=clock)
    rejected = "select count(*) from raw_bettingpros.rejects where reason like '%before tip-off%'"
    assert sql(rejected) == [(3,)]
