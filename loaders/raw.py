"""All raw tables of all sources, and their creation before the first load."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from loaders.archive.tables import TABLES as ARCHIVE
from loaders.balldontlie.tables import TABLES as BALLDONTLIE
from loaders.bets.tables import TABLES as BETS
from loaders.bettingpros.tables import TABLES as BETTINGPROS
from loaders.espn.tables import TABLES as ESPN
from loaders.nba_com.tables import TABLES as NBA_COM
from loaders.odds_api.tables import TABLES as ODDS_API
from loaders.pipeline import create_tables, missing_columns
from loaders.settings import Settings
from loaders.tables import RawTable

RAW_TABLES: dict[str, tuple[RawTable, ...]] = {
    "archive": ARCHIVE,
    "balldontlie": BALLDONTLIE,
    "bets": BETS,
    "bettingpros": BETTINGPROS,
    "espn": ESPN,
    "nba_com": NBA_COM,
    "odds_api": ODDS_API,
}
"""The declared tables by source; the dataset is `raw_<source>`."""


def ensure_raw_tables(
    settings: Settings, tables: Mapping[str, Sequence[RawTable]] = RAW_TABLES
) -> list[str]:
    """Create every declared table and column that the warehouse lacks, empty.

    Returns what was made, as `raw_<source>.<table>`; nothing is touched where all is there.
    Raises: WarehouseError, LoadError.
    """
    lacking = missing_columns(settings, tables)
    if lacking:
        create_tables(settings, lacking)
    return [f"raw_{source}.{t.name}" for source, declared in lacking.items() for t in declared]
