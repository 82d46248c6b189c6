"""The same days on DuckDB and on BigQuery, over the wire: loads, builds, forecasts, publishing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from unittest import mock
from uuid import UUID

import duckdb
import requests
from comparison import unlike
from emulator import Emulator

from flows.backfill import run_backfill
from flows.clock import LIVE, eastern_date
from flows.daily import DailyResult, run_daily
from flows.dbt_runner import DbtRunner
from flows.world import reach_sandbox
from loaders.sandbox import Sandbox
from loaders.settings import Settings

FIRST_EVENING = datetime(2026, 1, 15, 22, tzinfo=UTC)
SECOND_EVENING = datetime(2026, 1, 16, 22, tzinfo=UTC)
# GoogleSQL's evaluator takes some microseconds a row and step
HISTORY = timedelta(days=7)
PRICED = timedelta(days=2)
DAY = timedelta(days=1)
ALL_JOBS = 1_000_000
CREATED = re.compile(
    r"(?:/\*.*?\*/ )?create or replace (?:table|view) (?:[\w-]+\.)?(?P<name>\w+\.\w+) .*?"
    r" as (?:\(|with|select|--)"
)

# when and by which load a row came: not the same on two machines either
STAMPS = {
    "loaded_at",
    "latest_load_id",
    "source_load_id",
    "feature_source_load_id",
    "max_source_load_id",
    "inputs_version",
    "metrics",
    "game_load_id",
    "prediction_load_id",
    "trace_id",
    "newest_training_load_id",
    "completed_at",
    "load_completed_at",
    "project_fingerprint",
    "load_id",
    "latest_load_at",
    "age_seconds",
    "age_hours",
    # how long a node took, and what the engine said of it
    "seconds",
    "mean_seconds",
    "longest_seconds",
    "message",
    "rows_affected",
    # of whichever worker built it
    "process_id",
}
# by the machine's clock: when dbt began a node, how old a source was
CLOCKED = {
    ("raw_runs.nodes", "started_at"),
    ("staging.stg_runs__nodes", "started_at"),
    ("audit.node_runs", "started_at"),
    ("audit.alarm_measures_days", "value"),
}


class CountingClock:
    """Tells an instant a second later each time it is asked, so that two runs are told the same."""

    def __init__(self, now: datetime = FIRST_EVENING) -> None:
        self.now = now

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
def numbered_runs() -> Iterator[None]:
    """Runs are numbered, not random."""
    numbers = count(1)
    numbered = SimpleNamespace(uuid4=lambda: UUID(int=next(numbers) << 96))
    with mock.patch("flows.runs.uuid", numbered):
        yield


@contextmanager
def days(settings: Settings, history: timedelta = HISTORY) -> Iterator[Days]:
    """The league and its clock stand still between requests; runs are numbered."""
    with Sandbox(now=FIRST_EVENING, ticking=False) as sandbox, numbered_runs():
        reached = reach_sandbox(settings, sandbox)
        yield Days(reached, sandbox, CountingClock(), DbtRunner(reached), history)


def statements(running: Emulator, settings: Settings) -> list[str]:
    """Every query that the settings' project was sent, in its order."""
    address = f"{running.url}/bigquery/v2/projects/{settings.bigquery_project}/jobs"
    jobs = requests.get(address, params={"maxResults": ALL_JOBS}, timeout=60).json()["jobs"]
    jobs.sort(key=lambda job: int(job["statistics"]["creationTime"]))
    asked = [job["configuration"].get("query") for job in jobs]
    return [query["query"] for query in asked if query]


def made_with(sent: Iterable[str]) -> dict[str, str]:
    """By `dataset.name` of what dbt made to last: the words in front of its query, in small."""
    heads = [CREATED.match(" ".join(sql.lower().replace("`", "").split())) for sql in sent]
    return {head["name"]: head[0] for head in heads if head and "__dbt_tmp" not in head["name"]}


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
            [count_of] = connection.execute(f"select count(*) from {left}").fetchone()
            rows[relation] = count_of
            if said := unlike(connection, left, right, one):
                differing = tuple(said.columns)
                found.append(
                    Difference(relation, count_of, said.only_one, said.only_other, differing)
                )
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
            is_stamp = column in STAMPS or (f"{schema}.{table}", column) in CLOCKED
            if not is_stamp and not column.startswith("_dlt"):
                columns[column] = kind
    return relations
