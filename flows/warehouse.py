"""Read access to the warehouse and to its published copy, whatever engine they are on.

Statements name relations as `schema.name` and take their values by `?`; they run on every engine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from loaders.engines import Parameters, engine
from loaders.errors import WarehouseBusy, WarehouseError

if TYPE_CHECKING:
    import pyarrow as pa

    from loaders.settings import Settings

# Makes a run the one writer: writing(settings, said). Prefect puts its own limit around it.
Writing = Callable[["Settings", Callable[[str], None] | None], AbstractContextManager[None]]


def query(settings: Settings, sql: str, parameters: Parameters = ()) -> pa.Table:
    """Rows of one statement against the warehouse, as Arrow. Instants come back in UTC.

    Raises:
        WarehouseMissing: no warehouse, or a relation that no build has made yet.
        WarehouseBusy: another process holds the warehouse.
        WarehouseUnreachable: it does not answer.
        WarehouseRefused: we may not read it.
        QueryFailed: anything else that the engine refuses.
    """
    return engine(settings).query(sql, parameters)


def query_published(settings: Settings, sql: str, parameters: Parameters = ()) -> pa.Table:
    """The same against the published copy, which no run ever locks."""
    return engine(settings).query_published(sql, parameters)


def relation_exists(settings: Settings, relation: str) -> bool:
    """Whether `schema.name` stands in the warehouse; False also when there is no warehouse."""
    return engine(settings).exists(relation)


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


@contextmanager
def writing(settings: Settings, said: Callable[[str], None] | None = None) -> Iterator[None]:
    """Be the one writer of the warehouse while the block runs; a second run waits for its turn.

    said: told once whom it waits for.

    Raises:
        WarehouseBusy: after `writer_wait_seconds`, naming the holder and what it runs.
        WarehouseUnreachable: it does not answer.
        WarehouseRefused: we may not write it.
    """

    def waiting(holder: str) -> None:
        if said is not None:
            said(f"waiting for the warehouse: {holder}{who_runs(settings)}")

    with ExitStack() as stack:
        try:
            stack.enter_context(engine(settings).writing(waiting))
        except WarehouseBusy as error:
            raise WarehouseBusy(f"{error}{who_runs(settings)}") from error
        yield


def who_runs(settings: Settings) -> str:
    """The runs that have not ended, as far as the ledger can be read now."""
    try:
        going_on = query(
            settings,
            """
            select run_id, command, process_id, started_at
            from raw_runs.runs
            where status = 'running'
            order by started_at
            """,
        ).to_pylist()
    except WarehouseError:
        return ""
    named = [
        f"{run['command']} {run['run_id']} (process {run['process_id']}, "
        f"since {run['started_at']:%Y-%m-%dT%H:%M:%SZ})"
        for run in going_on
    ]
    return f"; not ended yet: {', '.join(named)}" if named else ""
