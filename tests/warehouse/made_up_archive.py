"""An archive of invented rows: every file of the declared columns, two rows a day, three days."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb

from loaders.archive.tables import FILES

FIRST, LAST = date(2024, 1, 1), date(2024, 1, 3)
FILE_TYPES = {
    "text": "varchar",
    "bigint": "smallint",
    "double": "float",
    "bool": "boolean",
    "date": "date",
    "timestamp": "timestamptz",
}


def write_parquet(path: Path, select: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as con:
        con.execute("set TimeZone = 'UTC'")
        con.execute(f"copy ({select}) to '{path}' (format parquet)")


def made_up(name: str) -> str:
    """SQL of a file of the declared columns: two rows a day, for three days."""
    file = FILES[name]
    fixed = {
        "game_id": "n::varchar",
        "player_id": "n::bigint",
        "player_name": "n::varchar",
        "team_id": "n::bigint",
        "snapshot_date": "day",
        "game_date": "day",
        "date": "day",
        "side": "case when n % 2 = 0 then 'Over' else 'Under' end",
        "market": "'totals'" if name == "game_lines" else "'player_points'",
        "price_american": "-110::float",
        "price": "-110::float",
        "price_format": "'american'",
        "point": "20.5::float",
        "first_seen_utc": "day + interval 12 hour",
        "last_seen_utc": "day + interval 13 hour",
        "fga": "9::smallint",
        "fgm": "4::smallint",
        "home": "n::varchar",
        "lineup": "n::varchar",
    }
    if name == "player_props":
        # the same prices every day: only the date of the snapshot tells them apart
        same = dict.fromkeys(("commence_time_utc", "last_update_utc"), "timestamptz '2024-01-05'")
        fixed |= {"player_name": "'Al Player'", "captured_at_utc": "null", **same}
    columns = ", ".join(
        f"cast({fixed.get(c.field, default(c.data_type))} as "
        f"{'bigint' if c.field.endswith('_id') and c.data_type == 'bigint' else file_type(c)}) "
        f'as "{c.field}"'
        for c in file.table.provided
    )
    rows = "range(6) as t(n), lateral (select date '2024-01-01' + (n // 2)::integer as day)"
    return f"select {columns} from {rows}"


def default(data_type: str) -> str:
    return {"text": "'x'", "date": "day", "timestamp": "day::timestamptz", "bool": "true"}.get(
        data_type, "1"
    )


def file_type(column) -> str:
    return "float" if column.sql and column.data_type == "bigint" else FILE_TYPES[column.data_type]


def write_shelf(path: Path) -> Path:
    """Write the archive's files below `path`."""
    for name, file in FILES.items():
        write_parquet(path / file.pattern.replace("*", "player_props_2024"), made_up(name))
    return path
