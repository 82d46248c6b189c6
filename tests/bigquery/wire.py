"""The same days on DuckDB and on BigQuery, over the wire: loads, builds, forecasts, publishing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from unittest import mock
from uuid import UUID

import duckdb

from flows.backfill import run_backfill
from flows.clock import LIVE, eastern_date
from flows.daily import DailyResult, run_daily
from flows.dbt_runner import DbtRunner
from flows.world import reach_sandbox
from loaders.sandbox import Sandbox
from loaders.settings import Settings

FIRST_EVENING = datetime(2026, 1, 15, 22, tzinfo=UTC)
SECOND_EVENING = datetime(2026, 1, 16, 22, tzinfo=UTC)
HISTORY = timedelta(days=14)
PRICED = timedelta(days=2)
DAY = timedelta(days=1)

# when and by which load a row came: not the same on two machines either
STAMPS = {
    "loaded_at",
    "latest_load_id",
    "source_load_id",
    "feature_source_load_id",
    "max_source_load_id",
    "inputs_version",
    "metrics",
}


class CountingClock:
    """Tells an instant a second later each time it is asked, so that two runs are told the same."""

    def __init__(self) -> None:
        self.now = FIRST_EVENING

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


@dataclass
class Days:
    """A warehouse, the simulated league, and the days that it is taken through."""

    settings: Settings
    sandbox: Sandbox
    clock: CountingClock
    dbt: DbtRunner
    history: timedelta

    def first(self) -> DailyResult:
        """History, and the first evening's slate."""
        today = eastern_date(FIRST_EVENING)
        for source, back in (("balldontlie", self.history), ("odds_api", PRICED)):
            run_backfill(
                self.settings,
                source=source,
                start=today - back,
                end=today - DAY,
                build=False,
                clock=self.clock,
                dbt=self.dbt,
            )
        return self._daily(today)

    def second(self) -> DailyResult:
        """The next evening, with the first one's results."""
        self.clock.now = SECOND_EVENING
        self.sandbox.clock.move_to(SECOND_EVENING)
        return self._daily(eastern_date(SECOND_EVENING))

    def _daily(self, day: date) -> DailyResult:
        return run_daily(
            self.settings,
            game_date=day,
            as_of=None,
            run_mode=LIVE,
            clock=self.clock,
            dbt=self.dbt,
        )


@contextmanager
def days(settings: Settings, history: timedelta = HISTORY) -> Iterator[Days]:
    """The league and its clock stand still between requests; runs are numbered, not random."""
    numbers = count(1)
    numbered = SimpleNamespace(uuid4=lambda: UUID(int=next(numbers) << 96))
    with (
        Sandbox(now=FIRST_EVENING, ticking=False) as sandbox,
        mock.patch("flows.runs.uuid", numbered),
    ):
        reached = reach_sandbox(settings, sandbox)
        yield Days(reached, sandbox, CountingClock(), DbtRunner(reached), history)


@dataclass(frozen=True)
class Difference:
    """What two warehouses have not in common in one relation."""

    relation: str
    rows: int
    only_one: int
    only_other: int
    columns: tuple[str, ...]


def compare(
    on_duckdb: Path, dumped: Path, project: str, relations: str = ".*"
) -> tuple[dict[str, int], list[Difference]]:
    """Rows compared by relation, and the relations that differ; doubles to nine places.

    relations: which `schema.name` are looked at, a regular expression.
    The columns of a load's own stamps, and dlt's, are left out; a relation or column that only one
    of the two has is a difference.
    """
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        # views of the file name it by its stem
        connection.execute(f"attach '{on_duckdb}' as \"{on_duckdb.stem}\" (read_only)")
        connection.execute(f"attach '{dumped}' as dumped (read_only)")
        ours = _columns(connection, on_duckdb.stem, "", relations)
        theirs = _columns(connection, "dumped", f"{project}__", relations)
        rows: dict[str, int] = {}
        found: list[Difference] = []
        for relation in sorted(ours.keys() | theirs.keys()):
            one, other = ours.get(relation, {}), theirs.get(relation, {})
            if one.keys() != other.keys():
                alone = tuple(sorted(one.keys() ^ other.keys()))
                found.append(Difference(relation, 0, 0, 0, alone))
                continue
            schema, name = relation.split(".")
            left = f'"{on_duckdb.stem}"."{schema}"."{name}"'
            right = f'dumped."{project}__{schema}"."{name}"'
            rows[relation], difference = _difference(connection, relation, left, right, one)
            found += [difference] if difference else []
        return rows, found


def _columns(
    connection: duckdb.DuckDBPyConnection, catalog: str, prefix: str, wanted: str
) -> dict[str, dict[str, str]]:
    found = connection.execute(
        "select schema_name, table_name, column_name, data_type from duckdb_columns()"
        " where database_name = ? and starts_with(schema_name, ?)",
        [catalog, prefix],
    ).fetchall()
    relations: dict[str, dict[str, str]] = {}
    for schema, table, column, kind in found:
        schema = schema.removeprefix(prefix)
        is_ours = re.fullmatch(wanted, f"{schema}.{table}") and not re.fullmatch(
            r".*_staging|main|published.*|information_schema|pg_catalog", schema
        )
        if is_ours and not table.startswith("_dlt"):
            columns = relations.setdefault(f"{schema}.{table}", {})
            if column not in STAMPS and not column.startswith("_dlt"):
                columns[column] = kind
    return relations


def _difference(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    left: str,
    right: str,
    columns: dict[str, str],
) -> tuple[int, Difference | None]:
    told = [f'round("{c}", 9)' if k == "DOUBLE" else f'"{c}"' for c, k in columns.items()]
    listed = ", ".join(told) or "1"
    one, other = f"select {listed} from {left}", f"select {listed} from {right}"
    rows, only_one, only_other = connection.execute(
        f"select (select count(*) from {left}),"
        f" (select count(*) from ({one} except all {other})),"
        f" (select count(*) from ({other} except all {one}))"
    ).fetchone()
    if not only_one and not only_other:
        return rows, None
    differing = tuple(
        column
        for column, expression in zip(columns, told, strict=True)
        if connection.execute(
            f"select count(*) from (select {expression} from {left}"
            f" except all select {expression} from {right})"
        ).fetchone()[0]
    )
    return rows, Difference(relation, rows, only_one, only_other, differing)
