"""History from Parquet files, without HTTP: three seasons in seconds."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path

import duckdb
import pyarrow as pa

from loaders.archive.tables import FILES, TABLES, ArchiveFile
from loaders.arguments import check_names, check_range
from loaders.attempts import Heard, attempt
from loaders.errors import BadArgument, ContractError
from loaders.pipeline import Batch, LoadOutcome, write
from loaders.quarantine import Split, engine, split
from loaders.settings import Settings
from loaders.tables import REJECTS

__all__ = ["ALL", "TABLES", "load"]

log = logging.getLogger(__name__)

SOURCE = "archive"
ALL: tuple[str, ...] = tuple(FILES)

# which types of a file may stand behind a declared type
FITTING = {
    "text": {"VARCHAR"},
    "bigint": {"TINYINT", "SMALLINT", "INTEGER", "BIGINT"},
    "double": {"FLOAT", "DOUBLE", "TINYINT", "SMALLINT", "INTEGER", "BIGINT"},
    "bool": {"BOOLEAN"},
    "date": {"DATE"},
    "timestamp": {"TIMESTAMP WITH TIME ZONE"},
}


def load(
    settings: Settings,
    *,
    path: Path,
    start: date,
    end: date,
    clock: Callable[[], datetime],
    resources: Sequence[str] = ALL,
    heard: Heard | None = None,
) -> list[LoadOutcome]:
    """Load the archive's rows of the Eastern dates `start` to `end`, both included.

    Day by day or all at once, in any order, the tables come out the same; loading again changes
    nothing. Box scores and schedule go by game date, prices by snapshot date, injuries by the day
    they were first seen. heard: told how the load ended.

    Raises: BadArgument (path, range, resource), ContractError (a file lacks a column or has it in
    another type), WarehouseError, LoadError. Nothing is loaded then.
    """
    with attempt(SOURCE, clock, heard, settings.scrubbed) as one:
        start, end = check_range(start, end)
        files = _checked(Path(path), check_names("resource", resources, ALL))
        one.outcomes = _load(settings, path, files, (start, end), clock())
    return list(one.outcomes)


def _load(
    settings: Settings,
    path: Path,
    files: Sequence[ArchiveFile],
    days: tuple[date, date],
    captured_at: datetime,
) -> tuple[LoadOutcome, ...]:
    con = engine()
    try:
        unknown = {f.table.name: _check_columns(con, path, f) for f in files}
        splits = {f.table.name: _read(con, path, f, *days, captured_at) for f in files}
    finally:
        con.close()
    rejects = pa.concat_tables([s.rejects for s in splits.values()])
    batches = [Batch(f.table, splits[f.table.name].valid) for f in files]
    written = write(settings, SOURCE, [*batches, Batch(REJECTS, rejects)])
    return tuple(
        LoadOutcome.of(
            SOURCE,
            name,
            rows,
            written,
            answered=rows.valid.num_rows + rows.rejects.num_rows > 0,
            unknown_fields=unknown[name],
        )
        for name, rows in splits.items()
    )


def _checked(path: Path, resources: Sequence[str]) -> list[ArchiveFile]:
    if not path.is_dir():
        raise BadArgument(f"The archive {path} is not a folder; give the one that holds seasons/.")
    files = [f for name, f in FILES.items() if name in resources]
    if missing := [f.pattern for f in files if not any(path.glob(f.pattern))]:
        raise BadArgument(f"The archive {path} lacks {', '.join(missing)}.")
    return files


def _relation(path: Path, file: ArchiveFile) -> str:
    pattern = str(path / file.pattern).replace("'", "''")
    return f"read_parquet('{pattern}', union_by_name = true)"


def _check_columns(
    con: duckdb.DuckDBPyConnection, path: Path, file: ArchiveFile
) -> tuple[str, ...]:
    """Compare every file with the declaration; returns the columns that nobody declared."""
    # a column with its own SQL may stand in the file as any number
    declared = {
        c.field: "double" if c.sql and c.data_type == "bigint" else c.data_type
        for c in file.table.provided
    }
    unknown: set[str] = set()
    for name in sorted(path.glob(file.pattern)):
        quoted = str(name).replace("'", "''")
        try:
            found = con.execute(f"describe select * from read_parquet('{quoted}')").fetchall()
        except duckdb.Error as error:
            text = " ".join(str(error).split())
            raise ContractError(f"{name} is no readable Parquet file: {text}") from error
        types = {row[0]: row[1] for row in found}
        if missing := sorted(declared.keys() - types.keys()):
            raise ContractError(f"{name} lacks the column {', '.join(missing)}.")
        retyped = [
            f"{column} ({types[column]}, declared {data_type})"
            for column, data_type in declared.items()
            if types[column] not in FITTING[data_type]
        ]
        if retyped:
            raise ContractError(f"{name} has columns of another type: {', '.join(retyped)}.")
        unknown |= types.keys() - declared.keys()
    if unknown:
        log.warning(
            "%s: columns that are not loaded: %s", file.table.name, ", ".join(sorted(unknown))
        )
    return tuple(sorted(unknown))


def _read(
    con: duckdb.DuckDBPyConnection,
    path: Path,
    file: ArchiveFile,
    start: date,
    end: date,
    captured_at: datetime,
) -> Split:
    # a row without its date belongs to no range: let it be rejected, not overlooked
    within = f"({file.date} between date '{start}' and date '{end}' or {file.date} is null)"
    where = f"coalesce({file.keep}, true) and {within}"
    return split(
        con, _relation(path, file), file.table, captured_at=captured_at, text=False, where=where
    )
