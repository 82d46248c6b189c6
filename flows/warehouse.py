"""Read access to the warehouse and to its published copy, whatever engine they are on.

Statements name relations as `schema.name` and take their values by `?`; they run on every engine.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from loaders.engines import Parameters, engine

if TYPE_CHECKING:
    import pyarrow as pa

    from loaders.settings import Settings


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


def wait_until_free(settings: Settings) -> None:
    """Wait for the warehouse to be writable, so that a run starts with a clear answer.

    Raises:
        WarehouseBusy: naming the file and its holder.
        WarehouseUnreachable: it does not answer.
        WarehouseRefused: we may not write it.
    """
    engine(settings).wait_until_free()
