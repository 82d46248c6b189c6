"""Made-up raw tables, one a way of writing, and three loads of them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pyarrow as pa

from loaders.pipeline import Batch
from loaders.tables import Column, RawTable

D1, D2, D3 = (date(2024, 1, day) for day in (1, 2, 3))


def at(hour: int) -> datetime:
    return datetime(2024, 1, 1, hour, 0, 0, 123456, tzinfo=UTC)


ID = Column("id", "bigint", "Id.")
DAY = Column("day", "date", "Day.")
VALUE = Column("value", "text", "Value.")
SEEN = Column("captured_at", "timestamp", "Seen.")
NUMBER = Column("number", "double", "Number.")
FLAG = Column("flag", "bool", "Flag.")
VERSION = Column("row_version", "text", "Version.")


def made(name: str, strategy: str, *columns: Column, **more: object) -> RawTable:
    key = () if strategy == "append" else ("id",)
    return RawTable(name, "Things.", columns, key, strategy, **more)


PLAIN = made("plain", "upsert", ID, VALUE, DAY, SEEN, NUMBER, FLAG)
VERSIONED = made("versioned", "upsert", ID, VALUE, SEEN, VERSION, version="row_version")
KEPT = made("kept", "insert-only", ID, VALUE)
SCOPED = made("scoped", "cdc", ID, DAY, VALUE)
HISTORY = made("history", "scd2", ID, VALUE, VERSION, version="row_version")
LOG = made("log", "append", ID, VALUE)
TABLES = (PLAIN, VERSIONED, KEPT, SCOPED, HISTORY, LOG)


def batch(of: RawTable, *values: tuple, **more: object) -> Batch:
    """Rows of a table by position, as a batch."""
    names = [column.name for column in of.columns]
    found = [dict(zip(names, row, strict=True)) for row in values]
    return Batch(of, pa.Table.from_pylist(found, schema=of.arrow_schema()), **more)


def first_load() -> list[Batch]:
    """What the tables hold at first."""
    return [
        batch(
            PLAIN,
            (1, "same", D1, at(1), 0.1, True),
            (2, None, None, None, None, None),
            (3, 'it\'s\n"x" é', D3, at(3), 1e300, False),
        ),
        batch(VERSIONED, (1, "same", at(1), "a"), (2, "old", at(1), "a")),
        batch(KEPT, (1, "first"), (2, "first")),
        batch(SCOPED, (1, D1, "same"), (2, D2, "goes"), (3, D3, "stays"), scope=scope(D3)),
        batch(HISTORY, (1, "same", "a"), (2, "ends", "b"), boundary=at(1)),
        batch(LOG, (1, "line")),
    ]


def second_load(hour: int = 2) -> list[Batch]:
    """Rows that are the same, changed, new and gone."""
    return [
        batch(
            PLAIN,
            (1, "same", D1, at(1), 0.1, True),
            (2, "filled", D2, at(2), -1.5, False),
            (4, "", D1, at(4), 0.0, True),
        ),
        batch(VERSIONED, (1, "unseen", at(2), "a"), (2, "new", at(2), "b")),
        batch(KEPT, (1, "second"), (3, "second")),
        batch(SCOPED, (1, D1, "same"), (4, D2, "comes"), scope=scope(D2)),
        batch(HISTORY, (1, "same", "a"), (3, "begins", "c"), boundary=at(hour)),
        batch(LOG, (1, "line")),
    ]


def scope(last: date) -> str:
    """Stored rows up to this day."""
    return f"day <= '{last}'"
