"""A published night of any size, as the models of `models/reports` would leave it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import duckdb

from loaders.settings import Settings

NOW = datetime(2026, 1, 16, 22, 0, tzinfo=UTC)
MARKETS = (
    ("points", "Points"),
    ("rebounds", "Rebounds"),
    ("assists", "Assists"),
    ("threes", "Threes"),
    ("points_rebounds_assists", "Points + rebounds + assists"),
    ("points_rebounds", "Points + rebounds"),
    ("points_assists", "Points + assists"),
    ("rebounds_assists", "Rebounds + assists"),
)
BOOKS = ("betmgm", "caesars", "draftkings", "fanduel", "pinnacle")

NARROW = """
select table_schema || '.' || table_name, column_name, split_part(data_type, '(', 1)
from information_schema.columns
where data_type like 'DECIMAL%' or data_type in ('INTEGER', 'HUGEINT', 'UBIGINT')
"""
WIDE = {"DECIMAL": "double", "INTEGER": "bigint", "HUGEINT": "bigint", "UBIGINT": "bigint"}


def publish(settings: Settings, *, players: int = 40, games: int = 6, markets: int = 4) -> None:
    """Make the published file and the warehouse of a night on which all went well."""
    sizes = {
        "players": str(players),
        "games": str(games),
        "markets": str([market for market, _ in MARKETS[:markets]]),
        "labels": str([label for _, label in MARKETS[:markets]]),
        "books": str(list(BOOKS)),
    }
    script = "create schema reports; create schema published;"
    script += "".join(text(part) for part in ("cards", "tonight", "record", "health"))
    for name, value in sizes.items():
        script = script.replace(f"${name}", value)
    run(settings.published_path, script)
    run(settings.warehouse_path, "create schema reports;" + text("health"))


def text(part: str) -> str:
    """The statements of one part, for DuckDB alone."""
    return (Path(__file__).parent / f"made_up_{part}.txt").read_text(encoding="utf-8")


def run(path: Path, script: str) -> None:
    """Execute statements against a file, which they create."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(path)) as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(script)
        # a literal of SQL is narrower than what the models declare
        for table, column, kind in connection.execute(NARROW).fetchall():
            connection.execute(f"alter table {table} alter {column} type {WIDE[kind]}")
