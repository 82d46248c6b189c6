"""Read access to the warehouse and to its published copy.

DuckDB lets one process write, or many read. Every connection here is read-only, short, and closed
in any case; a file that someone else holds is waited for with jitter, then named together with
its holder.
"""

from __future__ import annotations

import random
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from flows.errors import NotOnThisTarget, QueryFailed, WarehouseBusy, WarehouseMissing

if TYPE_CHECKING:
    import pyarrow as pa

    from loaders.settings import Settings

# By position, or by name ($name in the statement).
Parameters = list[Any] | dict[str, Any]

# Waits between two tries grow to this share of the whole wait.
LARGEST_SHARE = 0.1
SMALLEST_WAIT = 0.05
LOCK_HOLDER = re.compile(r"held in (?P<program>.+?) \(PID (?P<pid>\d+)\)")


@contextmanager
def connect(path: Path, *, wait_seconds: float, read_only: bool = True) -> Iterator[Any]:
    """A DuckDB connection that speaks UTC, closed at the end.

    Raises:
        WarehouseMissing: no such file (read-only).
        WarehouseBusy: still locked after `wait_seconds`.
    """
    if read_only and not path.is_file():
        raise WarehouseMissing(
            f"no warehouse at {path} yet: `nba-props demo`, `backfill` or `daily` makes it"
        )
    connection = _wait_for(
        lambda: duckdb.connect(str(path), read_only=read_only), path, wait_seconds
    )
    try:
        connection.execute("set timezone = 'UTC'")
        yield connection
    finally:
        connection.close()


@contextmanager
def connect_both(source: Path, fresh: Path, *, wait_seconds: float) -> Iterator[Any]:
    """An in-memory connection with `source` attached read-only under its own name and `fresh` as
    `fresh`.

    The source keeps its file stem as catalog name, because views carry it in their text.
    """
    with connect(Path(":memory:"), wait_seconds=0, read_only=False) as connection:
        attach = f"attach {_literal(source)} as {_identifier(source.stem)} (read_only)"
        _wait_for(lambda: connection.execute(attach), source, wait_seconds)
        connection.execute(f"attach {_literal(fresh)} as fresh")
        yield connection
        connection.execute("detach fresh")


def query(settings: Settings, sql: str, parameters: Parameters | None = None) -> pa.Table:
    """Rows of one statement against the warehouse, as Arrow. Instants come back in UTC.

    Raises:
        WarehouseMissing: no warehouse, or a relation that no build has made yet.
        WarehouseBusy: another process holds the file.
        QueryFailed: anything else that the engine refuses.
    """
    if settings.target == "bigquery":
        raise NotOnThisTarget("reading from BigQuery is not wired yet: use --target duckdb")
    return query_file(
        settings.warehouse_path, sql, parameters, wait_seconds=settings.lock_wait_seconds
    )


def query_published(settings: Settings, sql: str, parameters: Parameters | None = None) -> pa.Table:
    """The same against the published copy, which no run ever locks."""
    if settings.target == "bigquery":
        raise NotOnThisTarget("reading from BigQuery is not wired yet: use --target duckdb")
    if not settings.published_path.is_file():
        raise WarehouseMissing(
            f"nothing is published at {settings.published_path} yet: "
            "`nba-props daily` publishes at its end, `nba-props demo` shows how"
        )
    return query_file(
        settings.published_path, sql, parameters, wait_seconds=settings.lock_wait_seconds
    )


def query_file(
    path: Path, sql: str, parameters: Parameters | None = None, *, wait_seconds: float
) -> pa.Table:
    """Rows of one statement against a DuckDB file, as Arrow."""
    with connect(path, wait_seconds=wait_seconds) as connection:
        try:
            return connection.execute(sql, parameters or []).to_arrow_table()
        except duckdb.CatalogException as error:
            raise WarehouseMissing(f"{path.name}: {_first_line(error)}") from error
        except duckdb.Error as error:
            raise QueryFailed(f"{path.name}: {_first_line(error)}") from error


def relation_exists(settings: Settings, relation: str) -> bool:
    """Whether `schema.name` stands in the warehouse; False also when there is no warehouse."""
    if not settings.warehouse_path.is_file():
        return False
    schema, name = relation.split(".")
    found = query(
        settings,
        "select 1 from information_schema.tables where table_schema = ? and table_name = ?",
        [schema, name],
    )
    return found.num_rows > 0


def first_tipoff(settings: Settings, game_date: date) -> datetime | None:
    """UTC instant of a day's first known tip-off; None without games, or before the first build."""
    if not relation_exists(settings, "marts.games"):
        return None
    rows = query(
        settings,
        "select min(tipoff_at) as tipoff_at from marts.games where game_date = ?",
        [game_date],
    )
    found = rows.column("tipoff_at")[0].as_py()
    return None if found is None else found.astimezone(UTC)


def wait_until_free(settings: Settings) -> None:
    """Wait for the warehouse to be writable, so that a run starts with a clear answer.

    Raises:
        WarehouseBusy: naming the file and its holder.
    """
    if settings.target != "bigquery" and settings.warehouse_path.is_file():
        with connect(
            settings.warehouse_path, wait_seconds=settings.lock_wait_seconds, read_only=False
        ):
            return


def _wait_for(attempt: Any, path: Path, wait_seconds: float) -> Any:
    deadline = time.monotonic() + wait_seconds
    pause = SMALLEST_WAIT
    while True:
        try:
            return attempt()
        # ConnectionException: this very process has the file open in another mode.
        except (duckdb.IOException, duckdb.ConnectionException, duckdb.BinderException) as error:
            if not _is_lock(error):
                raise QueryFailed(f"{path}: {_first_line(error)}") from error
            if time.monotonic() >= deadline:
                raise WarehouseBusy(_busy(path, wait_seconds, error)) from error
        time.sleep(pause * random.uniform(0.5, 1.0))
        pause = min(pause * 2, max(SMALLEST_WAIT, wait_seconds * LARGEST_SHARE))


def _is_lock(error: duckdb.Error) -> bool:
    text = str(error)
    return (
        "Could not set lock" in text
        or "different configuration" in text
        or "already attached" in text
        or "already open" in text
    )


def _busy(path: Path, wait_seconds: float, error: duckdb.Error) -> str:
    holder = LOCK_HOLDER.search(str(error))
    who = (
        f"process {holder['pid']} ({holder['program']})"
        if holder
        else "this process or another one"
    )
    return (
        f"{path} is held by {who}, for more than {wait_seconds:g} s: "
        "close it there, or read the published copy, which no run locks"
    )


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0]


def _literal(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
