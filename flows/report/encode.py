"""Arrow tables as compact JSON: columns, with what repeats said once. `core.js` reads it."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

# Rows of a card stand together, so that only their number is said.
GROUPED = "card_number"


def tables_as_json(tables: dict[str, pa.Table], **others: Any) -> str:
    """Tables and single values as one JSON text that may stand inside of a script element."""
    packed = {name: packed_table(table) for name, table in tables.items()}
    text = json.dumps({"tables": packed, **others}, separators=(",", ":"), ensure_ascii=False)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def packed_table(table: pa.Table) -> dict[str, Any]:
    """Rows and packed columns of a table."""
    columns = {name: packed_column(name, table[name]) for name in table.column_names}
    return {"n": table.num_rows, "columns": columns}


def packed_column(name: str, column: pa.ChunkedArray) -> dict[str, Any]:
    """A column as a constant (k), counts (c), dictionary and places (d, i), or values (v).

    Instants are ISO 8601 in UTC, dates ISO, booleans 0 and 1, nulls null (or the place -1).
    """
    values = _plain(column.combine_chunks() if column.num_chunks != 1 else column.chunk(0))
    if len(values) and len(pc.unique(values)) == 1:
        return {"k": values[0].as_py()}
    if name == GROUPED and _is_grouped(values):
        return {"c": np.bincount(values.to_numpy())[1:].tolist()}
    if pa.types.is_string(values.type):
        encoded = values.dictionary_encode()
        if len(encoded.dictionary) * 2 <= len(values):
            places = pc.fill_null(encoded.indices, -1)
            return {"d": encoded.dictionary.to_pylist(), "i": places.to_pylist()}
    return {"v": values.to_pylist()}


def _plain(values: pa.Array) -> pa.Array:
    """Values of a type that JSON has."""
    kind = values.type
    if pa.types.is_timestamp(kind):
        utc = pc.cast(values, pa.timestamp("s", tz="UTC"), safe=False)
        return pc.strftime(utc, format="%Y-%m-%dT%H:%M:%SZ")
    if pa.types.is_date(kind):
        return pc.cast(pc.cast(values, pa.date32()), pa.string())
    if pa.types.is_boolean(kind):
        return pc.cast(values, pa.int8())
    if pa.types.is_floating(kind):
        return _whole(pc.cast(values, pa.float64()))
    if pa.types.is_decimal(kind):
        return pc.cast(values, pa.float64())
    return pc.cast(values, pa.string()) if pa.types.is_large_string(kind) else values


def _whole(values: pa.Array) -> pa.Array:
    """Whole numbers as integers, which are shorter; only where all of a column are."""
    if len(values) and pc.all(pc.equal(values, pc.round(values))).as_py():
        return pc.cast(values, pa.int64())
    return values


def _is_grouped(values: pa.Array) -> bool:
    if values.null_count or not len(values):
        return False
    numbers = values.to_numpy()
    return bool(numbers[0] >= 1 and (np.diff(numbers) >= 0).all())
