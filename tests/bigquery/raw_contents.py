"""What raw tables hold, in a form that is the same on both engines if the tables are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from loaders.engines import engine
from loaders.settings import Settings
from loaders.tables import LOAD_ID, RawTable


def contents(settings: Settings, dataset: str, tables: Iterable[RawTable]) -> dict[str, list]:
    """By table its rows, sorted; of a load id only its rank among those of the dataset stays."""
    found = {t.name: rows(settings, f"{dataset}.{t.name}", t) for t in tables}
    ids = sorted({row[LOAD_ID] for of in found.values() for row in of})
    return {
        name: sorted(
            [tuple((row | {LOAD_ID: ids.index(row[LOAD_ID])}).values()) for row in of], key=repr
        )
        for name, of in found.items()
    }


def rows(settings: Settings, relation: str, table: RawTable) -> list[dict[str, Any]]:
    """All declared columns of all rows, with instants as seconds since 1970."""
    columns = ", ".join(column.name for column in table.all_columns())
    found = engine(settings).query(f"select {columns} from {relation}").to_pylist()
    return [
        {name: getattr(value, "timestamp", lambda v=value: v)() for name, value in row.items()}
        for row in found
    ]
