"""What dbt builds and loads run, and what BigQuery would bill each statement for."""

from __future__ import annotations

import json
import os
import re
import resource
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scan_reads import Read, Reader, Size, name_of, parsed
from sqlglot import exp

PROJECT = Path(__file__).resolve().parents[2]
TEMPORARY = "__dbt_tmp"
# The adapter's own questions are free calls of an API on BigQuery.
OF_THE_ADAPTER = re.compile(r"duckdb_\w+\(|information_schema|\bdescribe\b", re.IGNORECASE)
# The archive holds prices of some dates only.
PRICES = re.compile(
    r"\.(player_props|game_lines|int_prop_quotes__|int_prop_lines__|int_game_lines__)"
)
# How many runs' rows a published table holds when rows of other runs are deleted from it: before a
# run's own are inserted, and behind the switch.
RUNS_PUBLISHED = (2, 3)
KINDS = {"create": "models", "insert": "models", "delete": "vanished dates"}


@dataclass(frozen=True)
class Statement:
    """SQL that a node of the graph ran."""

    node: str
    sql: str

    @property
    def kind(self) -> str:
        """What it is for."""
        if self.node.startswith("test."):
            return "data tests"
        start = re.sub(r"/\*.*?\*/", "", self.sql, flags=re.DOTALL).split(maxsplit=1)[0]
        return KINDS.get(start.lower(), "questions of macros")

    @property
    def replaces(self) -> bool:
        """Whether it moves rows from a temporary table, for which BigQuery has a MERGE."""
        return re.search(rf"\bfrom\s+\S*{TEMPORARY}", self.sql, re.IGNORECASE) is not None


@dataclass(frozen=True)
class Scan:
    """What a statement would be billed for one table, before the least that is billed.

    statement: its number; bytes: as measured; is_part: whether some partitions are left out.
    """

    statement: int
    node: str
    kind: str
    table: str
    bytes: float
    is_part: bool = False


@dataclass
class Build:
    """One situation: what ran, at how much CPU, the sizes it left, what it reads and writes."""

    statements: list[Statement] = field(default_factory=list)
    cpu_seconds: float = 0.0
    sizes: dict[str, Size] = field(default_factory=dict)
    scans: list[Scan] = field(default_factory=list)
    writes: list[Scan] = field(default_factory=list)


def read_log(lines: Iterable[str]) -> list[Statement]:
    """The statements that nodes ran, from a dbt log in JSON."""
    events = [event for event in map(json.loads, lines) if event["info"]["name"] == "SQLQuery"]
    found = [
        Statement((event["data"].get("node_info") or {}).get("unique_id", ""), event["data"]["sql"])
        for event in events
    ]
    return [one for one in found if is_query(one.node, one.sql)]


def is_query(node: str, sql: str) -> bool:
    """Whether BigQuery would bill such a statement; seeds go in by load jobs, which are free."""
    return (
        node.startswith(("model.", "test."))
        and re.search(r"\bfrom\b", sql, re.IGNORECASE) is not None
        and OF_THE_ADAPTER.search(sql) is None
    )


def run_build(
    home: Path, selectors: Iterable[str], variables: Mapping[str, Any], *, full_refresh: bool
) -> Build:
    """Build the warehouse of `home`, dbt in a process of its own, and read its log.

    Raises:
        CalledProcessError: a node failed; dbt has said which.
    """
    build = Build()
    environment = {"NBA_PROPS_HOME": str(home), "NBA_PROPS_DBT_KEEP_OPEN": "True"}
    log = home / "scan_logs" / "dbt.log"
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    for selector in selectors:
        log.unlink(missing_ok=True)
        arguments = [
            *("--log-level", "error", "--log-level-file", "debug", "--log-format-file", "json"),
            *("--log-file-max-bytes", "0", "build", "--selector", selector),
            *("--exclude-resource-type", "unit_test", "--vars", json.dumps(dict(variables))),
            *("--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT), "--target", "duckdb"),
            *("--target-path", str(home / "scan_target"), "--log-path", str(log.parent)),
            *(["--full-refresh"] if full_refresh else []),
        ]
        command = [sys.executable, "-c", "from dbt.cli.main import cli; cli()", *arguments]
        subprocess.run(command, check=True, env={**os.environ, **environment}, cwd=PROJECT)
        build.statements += read_log(log.read_text().splitlines())
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    build.cpu_seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return build


def tables_made(sql: str) -> list[tuple[str, str]]:
    """Name and select of the tables that a text fills; dbt's suffix of a temporary name is cut."""
    found = []
    for statement in parsed(sql):
        is_filled = isinstance(statement, exp.Create | exp.Insert) and statement.expression
        if is_filled and statement.args.get("kind") != "VIEW":
            name = name_of(statement.find(exp.Table)).split(TEMPORARY)[0]
            found.append((name, statement.expression.sql("duckdb")))
    return found


class Weigher:
    """Turns statements into scans, on the warehouse as a build has left it.

    Args:
        connection: to the DuckDB file.
        reader: tells what a statement reads.
        sizes: of all tables.
    """

    def __init__(self, connection: Any, reader: Reader, sizes: Mapping[str, Size]) -> None:
        self.connection = connection
        self.reader = reader
        self.sizes = sizes
        self.writes: list[Scan] = []
        self._shares: dict[tuple[str, str], float] = {}
        self._number = 0

    def weigh(self, statements: Iterable[Statement]) -> list[Scan]:
        """What the statements of a build are billed for; what they write goes to `writes`."""
        scans: list[Scan] = []
        made: dict[str, tuple[str, str]] = {}
        for statement in statements:
            if not statement.replaces:
                reads = self.reader.reads(statement.sql)
                scans += self.of_reads(statement.node, statement.kind, reads)
                for one in tables_made(statement.sql):
                    made[statement.node] = one
            elif slices := made.pop(statement.node, None):
                table = name_of(parsed(statement.sql)[0].find(exp.Table))
                scans += self.of_replacement(statement.node, table, slices[1])
        for node, (table, _) in made.items():
            if size := self.sizes.get(table):
                self.writes.append(Scan(0, node, "models", table, size.bytes))
        return scans

    def of_reads(self, node: str, kind: str, reads: Iterable[Read]) -> list[Scan]:
        """What one statement is billed for."""
        self._number += 1
        scans = []
        for read in reads:
            size = self.sizes.get(read.table, Size(0, {}))
            total = sum(size.columns.get(column, 0) for column in read.columns)
            share = 1.0 if read.dates is None else self.share(read.table, read.dates)
            scans.append(Scan(self._number, node, kind, read.table, total * share, share < 0.5))
        return scans

    def share(self, table: str, dates: str) -> float:
        """The part of a table's rows that a condition on its dates leaves; of prices, which the
        archive has for some dates only, the part of all games."""
        source = "marts.games" if PRICES.search(table) else table
        if (source, dates) not in self._shares:
            sql = f"select count(*) filter (where {dates}) / greatest(count(*), 1) from {source}"
            self._shares[source, dates] = self.connection.execute(sql).fetchone()[0]
        return self._shares[source, dates]

    def of_replacement(self, node: str, table: str, select: str) -> list[Scan]:
        """What `insert_overwrite` reads beyond the model's select: the dates of its temporary
        table; then a MERGE, billed for all of that table and for the partitions that it replaces,
        which are taken to hold as much."""
        rows = self.connection.execute(f"select count(*) from ({select}) as made").fetchone()[0]
        size = self.sizes[table]
        made = size.bytes * rows / max(size.rows, 1)
        is_part = rows < size.rows / 2
        self._number += 2
        dates, merge, kind = self._number - 1, self._number, "replaced slices"
        scans = [
            Scan(dates, node, kind, table + TEMPORARY, 8.0 * rows, is_part),
            Scan(merge, node, kind, table + TEMPORARY, made, is_part),
            Scan(merge, node, kind, table, made, is_part),
        ]
        self.writes += scans[1:]
        return scans

    def of_publication(self, reads: Iterable[Read]) -> list[Scan]:
        """What it is billed for to insert a relation's rows under a run's id, and to delete those
        of other runs: each DELETE for all that the table holds."""
        scans = self.of_reads("flow", "publish", reads)
        inserted = list(scans)
        for runs in RUNS_PUBLISHED:
            self._number += 1
            scans += [
                Scan(self._number, "flow", "publish: old runs", s.table, runs * s.bytes)
                for s in inserted
            ]
        return scans

    def of_load(self, table: str, raw: Any, staged_rows: float) -> list[Scan]:
        """What dlt's MERGE of staged rows is billed for, and its count of what has changed.

        raw: the declared table (`strategy`, `key`): only what never updates spares the target.
        """
        size = self.sizes[table]
        if raw.strategy == "append" or not size.rows:
            return []
        is_insert_only = raw.strategy == "insert-only"
        columns = frozenset(raw.key if is_insert_only else size.columns)
        scans = self.of_reads("dlt", "loads", [Read(table, columns)])
        staged = size.bytes * staged_rows / size.rows
        scans.append(Scan(self._number, "dlt", "loads", f"{table}_staging", staged, True))
        return scans + self.of_reads("dlt", "loads", [Read(table, frozenset({"_dlt_load_id"}))])
