"""Turns nested JSON records into the flat text columns that `quarantine.split` judges."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa

from loaders.errors import ContractError
from loaders.quarantine import Split, engine, split
from loaders.tables import RawTable

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Flat:
    """Text columns named as declared with `_payload`, and where records and declaration differ."""

    rows: pa.Table
    unknown_fields: tuple[str, ...]
    missing_fields: tuple[str, ...]


def flatten(
    records: Sequence[Mapping[str, Any]], table: RawTable, *, ignored: Sequence[str] = ()
) -> Flat:
    """Pick the declared fields of `records` by their paths.

    ignored: known fields that nobody needs; one that ends in `.` stands for all below it.
    A field is unknown if neither declared nor ignored, missing if no record has it.
    Raises: ContractError if a required field is missing from every record.
    """
    paths = {c.name: c.field.split("|") for c in table.provided}
    leaves = [dict(_leaves(record)) for record in records]
    seen = set().union(*leaves) if leaves else set()
    columns = {
        name: pa.array([_first(leaf, wanted) for leaf in leaves], pa.string())
        for name, wanted in paths.items()
    }
    columns["_payload"] = pa.array([json.dumps(r, default=str) for r in records], pa.string())
    declared = {path for wanted in paths.values() for path in wanted}
    below = tuple(prefix for prefix in ignored if prefix.endswith("."))
    unknown = sorted(
        path for path in seen - declared - set(ignored) if not (below and path.startswith(below))
    )
    missing = [
        c
        for c in table.provided
        if leaves and not c.made and not c.optional and seen.isdisjoint(c.field.split("|"))
    ]
    if lost := [c.field for c in missing if c.required]:
        raise ContractError(
            f"{table.name}: the provider no longer sends {', '.join(lost)}; compare its "
            f"documentation with the declaration. Fields nobody knows: {', '.join(unknown) or '-'}."
        )
    if unknown:
        log.warning("%s: fields that are not loaded: %s", table.name, ", ".join(unknown))
    if missing:
        log.warning("%s: fields that are gone: %s", table.name, ", ".join(c.field for c in missing))
    return Flat(pa.table(columns), tuple(unknown), tuple(c.field for c in missing))


def judge(flat: Flat, table: RawTable, *, captured_at: datetime) -> Split:
    """Type, judge and de-duplicate flattened records."""
    con = engine()
    try:
        con.register("flat", flat.rows)
        return split(con, "flat", table, captured_at=captured_at, text=True)
    finally:
        con.close()


def _leaves(value: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, inner in value.items():
        if isinstance(inner, Mapping):
            yield from _leaves(inner, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", inner


def _first(leaf: Mapping[str, Any], paths: Sequence[str]) -> str | None:
    value = next((leaf[p] for p in paths if leaf.get(p) is not None), None)
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value)
