"""Gathers what a run does, and keeps it in files until it stands in the warehouse.

A run that dies leaves its files behind, and so does one whose last write failed; the next run that
starts enters them.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from flows.audit import artifacts
from flows.audit.tables import (
    API_QUOTA,
    BACKFILL_DATES,
    ENTERED_TABLES,
    GATE_RESULTS,
    LOADS,
    NODES,
    SOURCE_STATES,
    STEPS,
)

if TYPE_CHECKING:
    from flows.dbt_runner import BuildResult
    from loaders.attempts import LoadReport
    from loaders.settings import Settings
    from loaders.tables import RawTable

SUFFIX = ".parquet"
SCHEMAS = {table.name: table.arrow_schema() for table in ENTERED_TABLES}


class Audit:
    """What one run has done so far.

    The callbacks `built`, `heard` and `stepped` are told of it by whoever does it; `without` holds
    what it went without, a sentence each.
    """

    def __init__(self, settings: Settings, run_id: str) -> None:
        self.settings = settings
        self.run_id = run_id
        self.builds: list[BuildResult] = []
        self.reports: list[LoadReport] = []
        self.steps: list[dict] = []
        self.without: Sequence[str] = ()
        self.dates = SCHEMAS[BACKFILL_DATES.name].empty_table()
        self.gates = SCHEMAS[GATE_RESULTS.name].empty_table()
        self.sources = SCHEMAS[SOURCE_STATES.name].empty_table()

    def built(self, build: BuildResult) -> None:
        """A build has ended."""
        self.builds.append(build)
        self.keep()

    def heard(self, report: LoadReport) -> None:
        """A load has ended."""
        self.reports.append(report)
        self.keep()

    def stepped(self, step: str, seconds: float, status: str) -> None:
        """A step has ended."""
        ordinal = len(self.steps) + 1
        self.steps.append(
            {
                "run_id": self.run_id,
                "step": step,
                "ordinal": ordinal,
                "seconds": seconds,
                "status": status,
            }
        )

    @property
    def fingerprint(self) -> str | None:
        """The project's, as the last build had it."""
        return self.builds[-1].fingerprint if self.builds else None

    @property
    def vars_hash(self) -> str | None:
        """Of what dbt was given."""
        return artifacts.vars_hash(self.builds)

    @property
    def degraded_reason(self) -> str | None:
        """What was let pass or gone without; None where nothing was."""
        return artifacts.degraded_reason(self.reports, self.gates, self.without)

    def read_back(self, now: datetime) -> None:
        """Read what the gates measured and how fresh the sources are; `now` is a machine's time.

        Raises: WarehouseError.
        """
        self.gates = artifacts.gate_rows(self.settings, self.run_id, self.builds)
        self.sources = artifacts.source_rows(self.settings, self.run_id, now)

    def tables(self) -> dict[str, pa.Table]:
        """The rows by raw table."""
        rows = {
            NODES.name: artifacts.node_rows(self.settings, self.run_id, self.builds),
            LOADS.name: artifacts.load_rows(self.settings, self.run_id, self.reports),
            STEPS.name: self.steps,
            API_QUOTA.name: artifacts.quota_rows(self.run_id, self.reports),
        }
        made = {name: artifacts.as_table(found, SCHEMAS[name]) for name, found in rows.items()}
        read = {GATE_RESULTS.name: self.gates, SOURCE_STATES.name: self.sources}
        return {**made, **read, BACKFILL_DATES.name: self.dates}

    def tables_afterwards(self) -> dict[str, pa.Table]:
        """The last step alone: all before it stands in the warehouse."""
        return {STEPS.name: artifacts.as_table(self.steps[-1:], SCHEMAS[STEPS.name])}

    def keep(self, runs: pa.Table | None = None) -> None:
        """Keep the rows in files until `forget`; with the run's own row once it has ended."""
        tables = self.tables() if runs is None else {**self.tables(), "runs": runs}
        keep(self.settings, self.run_id, tables)


def keep(settings: Settings, run_id: str, tables: dict[str, pa.Table]) -> None:
    """Write the tables of a run that hold rows, each file at once or not at all."""
    folder = settings.audit_dir / run_id
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        if table.num_rows:
            half = folder / f"{name}.half"
            pq.write_table(table, half)
            half.replace(folder / f"{name}{SUFFIX}")


def kept(settings: Settings, is_over: Callable[[str], bool]) -> dict[str, dict[str, pa.Table]]:
    """By run that is over, the tables that it has not entered."""
    folders = sorted(settings.audit_dir.iterdir()) if settings.audit_dir.is_dir() else []
    return {folder.name: _read(folder) for folder in folders if is_over(folder.name)}


def kept_rows(settings: Settings, table: RawTable) -> pa.Table:
    """The rows of one table that runs, going on or dead, have not entered yet."""
    folders = sorted(settings.audit_dir.iterdir()) if settings.audit_dir.is_dir() else []
    found = [_read(folder) for folder in folders]
    return joined(table, [tables[table.name] for tables in found if table.name in tables])


def forget(settings: Settings, run_ids: Iterable[str]) -> None:
    """Remove the files of runs that stand in the warehouse."""
    for run_id in run_ids:
        shutil.rmtree(settings.audit_dir / run_id, ignore_errors=True)


def joined(table: RawTable, parts: Sequence[pa.Table]) -> pa.Table:
    """Rows of one raw table, in its declared schema; a column that a file lacks is null."""
    schema = table.arrow_schema()
    whole = pa.concat_tables([schema.empty_table(), *parts], promote_options="default")
    return whole.select(schema.names)


def _read(folder: Path) -> dict[str, pa.Table]:
    try:
        return {path.stem: pq.read_table(path) for path in sorted(folder.glob(f"*{SUFFIX}"))}
    except FileNotFoundError:
        # its own run has entered them while we looked
        return {}
