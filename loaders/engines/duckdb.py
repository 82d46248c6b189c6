"""DuckDB: a file that one process writes, or many read.

Every connection here is short and closed in any case; a file that someone else holds is waited for
with jitter, then named together with its holder.
"""

from __future__ import annotations

import random
import re
import shutil
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from loaders.engines.base import Engine, Parameters, Publication, Published
from loaders.errors import QueryFailed, WarehouseBusy, WarehouseMissing
from loaders.settings import SANDBOX

if TYPE_CHECKING:
    import pyarrow as pa

    from loaders.settings import Settings
    from loaders.tables import RawTable

LOCK_HOLDER = re.compile(r"held in (?P<program>.+?) \(PID (?P<pid>\d+)\)")
LOCKED = (
    "Could not set lock",
    # this very process has the file open in another mode
    "different configuration",
    "already attached",
    "already open",
)
COPIED_AT_ONCE = 16 * 1024 * 1024
"""Bytes."""


class DuckDB(Engine):
    """A warehouse file, and a published file beside it."""

    @property
    def place(self) -> str:
        """The warehouse file."""
        return str(self.settings.warehouse_path)

    @property
    def published_place(self) -> str:
        """The published file."""
        return str(self.settings.published_path)

    @property
    def is_simulated(self) -> bool:
        """Whether it is the file of the target `sandbox`."""
        return self.settings.target == SANDBOX

    @property
    def chosen_by(self) -> str:
        """The target."""
        return f"NBA_PROPS_TARGET={self.settings.target}"

    @property
    def modules(self) -> tuple[str, ...]:
        """Of dbt-duckdb and of dlt's destination."""
        return "dbt.adapters.duckdb", "dlt.destinations.impl.duckdb.duck"

    def simulated(self) -> Settings:
        """The target `sandbox`, which has a file of its own."""
        return self.settings.for_target(SANDBOX)

    def dataset(self, schema: str) -> str:
        """The schema itself."""
        return schema

    @contextmanager
    def loading(self) -> Iterator[Any]:
        """The dlt destination over one connection, which is closed at the end."""
        import dlt

        self.settings.warehouse_path.parent.mkdir(parents=True, exist_ok=True)
        with opened(self.settings, self.settings.warehouse_path, read_only=False) as connection:
            yield dlt.destinations.duckdb(connection)

    def shaped(self, resource: Any, table: RawTable) -> Any:
        """The resource as it is: DuckDB has neither partitions nor clusters."""
        return resource

    def query(self, sql: str, parameters: Parameters = ()) -> pa.Table:
        """Rows of one statement against the warehouse file, opened read-only."""
        self._require_file()
        return _query(self.settings, self.settings.warehouse_path, sql, parameters)

    def query_published(self, sql: str, parameters: Parameters = ()) -> pa.Table:
        """Rows of one statement against the published file."""
        path = self.settings.published_path
        if not path.is_file():
            raise WarehouseMissing(
                f"nothing is published at {path} yet: "
                "`nba-props daily` publishes at its end, `nba-props demo` shows how"
            )
        return _query(self.settings, path, sql, parameters)

    def exists(self, relation: str) -> bool:
        """Whether the file and the relation in it are there."""
        if not self.settings.warehouse_path.is_file():
            return False
        found = self.query(
            "select 1 from information_schema.tables where table_schema = ? and table_name = ?",
            relation.split("."),
        )
        return found.num_rows > 0

    def columns(self, relations: Collection[str]) -> dict[str, set[str]]:
        """What the catalogue says."""
        found: dict[str, set[str]] = {}
        if not self.settings.warehouse_path.is_file():
            return found
        rows = self.query(
            """
            select table_schema || '.' || table_name as relation, lower(column_name) as name
            from information_schema.columns
            """
        )
        for row in rows.to_pylist():
            if row["relation"] in relations:
                found.setdefault(row["relation"], set()).add(row["name"])
        return found

    def delete(self, relation: str, where: str, parameters: Parameters = ()) -> int:
        """One statement over a connection of its own."""
        self._require_file()
        path = self.settings.warehouse_path
        statement = f"delete from {relation} where {where}"
        with opened(self.settings, path, read_only=False) as connection, _told(path):
            return connection.execute(statement, list(parameters)).fetchone()[0]

    def published_sets(self) -> list[str]:
        """The one of the published file; a publish replaces the whole of it."""
        if not self.settings.published_path.is_file():
            return []
        return self.query_published("select run_id from published.publication")[
            "run_id"
        ].to_pylist()

    def drop_published(self, run_ids: Collection[str]) -> None:
        """Nothing: there is never more than one."""

    def files(self) -> tuple[Path, ...]:
        """The warehouse file and the published file."""
        return self.settings.warehouse_path, self.settings.published_path

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep the file open for writing, with nothing left in its log."""
        self._require_file()
        with opened(self.settings, self.settings.warehouse_path, read_only=False) as connection:
            connection.execute("checkpoint")
            yield

    @contextmanager
    def copied(self, folder: Path) -> Iterator[None]:
        """Copy both files while the warehouse is held."""
        self._require_file()
        # to close a file gives up all locks of the process on it: these close after the connection
        with ExitStack() as handles:
            sources = [
                handles.enter_context(path.open("rb")) for path in self.files() if path.is_file()
            ]
            with self.held():
                for source in sources:
                    with (folder / Path(source.name).name).open("wb") as copy:
                        shutil.copyfileobj(source, copy, COPIED_AT_ONCE)
                yield

    def _require_file(self) -> None:
        path = self.settings.warehouse_path
        if not path.is_file():
            raise WarehouseMissing(
                f"no warehouse at {path} yet: `nba-props demo`, `backfill` or `daily` makes it"
            )

    @contextmanager
    def writing(self, waiting: Callable[[str], None]) -> Iterator[None]:
        """Keep a file beside the warehouse open, which a killed process lets go of by itself.

        The warehouse itself stays free between the steps of a run, for whoever reads it.
        """
        path = self.settings.writer_path
        path.parent.mkdir(parents=True, exist_ok=True)
        seconds = self.settings.writer_wait_seconds
        attempt = partial(duckdb.connect, str(path))
        with closing(_wait_for(self.settings, path, attempt, seconds, waiting)):
            # a reader, or a dbt of somebody's own, may have it; a run starts with a clear answer
            if self.settings.warehouse_path.is_file():
                with opened(self.settings, self.settings.warehouse_path, read_only=False):
                    pass
            yield

    def publish(self, publication: Publication) -> Published:
        """Copy the public relations into a new file and put it in place of the published one."""
        from loaders.engines.publish_duckdb import publish

        return publish(self.settings, publication)

    def dbt_environment(self) -> dict[str, str]:
        """Keep the file open while dbt runs: a new opening a node takes as long as the nodes."""
        return {"NBA_PROPS_DBT_KEEP_OPEN": "True"}

    @contextmanager
    def running_dbt(self) -> Iterator[None]:
        """Close the file that dbt kept open, before anything of ours reads it."""
        from dbt.adapters.duckdb.connections import DuckDBConnectionManager

        try:
            yield
        finally:
            DuckDBConnectionManager.close_all_connections()


@contextmanager
def opened(
    settings: Settings, path: Path, *, read_only: bool
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to a file that speaks UTC, closed at the end.

    Raises: WarehouseBusy (still locked after `settings.lock_wait_seconds`), QueryFailed.
    """
    connection = _wait_for(settings, path, lambda: duckdb.connect(str(path), read_only=read_only))
    try:
        connection.execute("set timezone = 'UTC'")
        yield connection
    finally:
        connection.close()


@contextmanager
def opened_beside(
    settings: Settings, source: Path, fresh: Path
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with `source` attached read-only under its own name and `fresh` as `fresh`.

    The source keeps its file stem as catalog name, because views carry it in their text.
    """
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        attach = f"attach {_literal(source)} as {_identifier(source.stem)} (read_only)"
        _wait_for(settings, source, lambda: connection.execute(attach))
        connection.execute(f"attach {_literal(fresh)} as fresh")
        yield connection
        connection.execute("detach fresh")


def _query(settings: Settings, path: Path, sql: str, parameters: Parameters) -> pa.Table:
    with opened(settings, path, read_only=True) as connection, _told(path):
        return connection.execute(sql, list(parameters)).to_arrow_table()


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except duckdb.CatalogException as error:
        raise WarehouseMissing(f"{path.name}: {first_line(error)}") from error
    except duckdb.Error as error:
        raise QueryFailed(f"{path.name}: {first_line(error)}") from error


def _wait_for(
    settings: Settings,
    path: Path,
    attempt: Callable[[], Any],
    seconds: float | None = None,
    waiting: Callable[[str], None] | None = None,
) -> Any:
    seconds = settings.lock_wait_seconds if seconds is None else seconds
    give_up_at = time.monotonic() + seconds
    while True:
        try:
            return attempt()
        except duckdb.Error as error:
            if not any(text in str(error) for text in LOCKED):
                raise QueryFailed(f"{path}: {first_line(error)}") from error
            if time.monotonic() >= give_up_at:
                raise WarehouseBusy(_busy(path, seconds, error)) from error
            if waiting is not None:
                waiting(_holder(error))
                waiting = None
        # jitter: two that wait must not keep meeting
        time.sleep(settings.lock_poll_seconds * random.uniform(0.5, 1.5))


def _holder(error: duckdb.Error) -> str:
    holder = LOCK_HOLDER.search(str(error))
    if holder is None:
        return "this process or another one"
    return f"process {holder['pid']} ({holder['program']})"


def _busy(path: Path, waited: float, error: duckdb.Error) -> str:
    return (
        f"{path} is held by {_holder(error)}, for more than {waited:g} s: let it finish, close it "
        "there, wait longer (NBA_PROPS_LOCK_WAIT_SECONDS, of runs NBA_PROPS_WRITER_WAIT_SECONDS), "
        "or read the published copy, which no run locks"
    )


def first_line(error: Exception) -> str:
    """The first line of what the engine says."""
    return str(error).strip().splitlines()[0]


def _literal(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
