"""All raw tables of all sources, and their creation before the first load."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from loaders.archive.tables import TABLES as ARCHIVE
from loaders.balldontlie.tables import TABLES as BALLDONTLIE
from loaders.odds_api.tables import TABLES as ODDS_API
from loaders.pipeline import Batch, missing_columns, write_all
from loaders.settings import Settings
from loaders.tables import LOAD_ID, RawTable

RAW_TABLES: dict[str, tuple[RawTable, ...]] = {
    "archive": ARCHIVE,
    "balldontlie": BALLDONTLIE,
    "odds_api": ODDS_API,
}
"""The declared tables by source; the dataset is `raw_<source>`."""


def ensure_raw_tables(
    settings: Settings, tables: Mapping[str, Sequence[RawTable]] = RAW_TABLES
) -> list[str]:
    """Create every declared table and column that the warehouse lacks, empty.

    Returns what was made, as `raw_<source>.<table>`; nothing is touched where all is there.
    Raises: WarehouseLocked, LoadError.
    """
    lacking = missing_columns(settings, tables)
    loads = {
        source: [Batch(_bare(t), _bare(t).arrow_schema().empty_table()) for t in declared]
        for source, declared in lacking.items()
    }
    write_all(settings, loads)
    return [f"raw_{source}.{t.name}" for source, declared in lacking.items() for t in declared]


def _bare(table: RawTable) -> RawTable:
    """The same table to append to: an empty merge could retire or delete rows."""
    columns = tuple(c for c in table.all_columns() if c.name != LOAD_ID)
    return replace(table, columns=columns, strategy="append")
