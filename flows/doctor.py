"""What needs a hand: the findings of the view `audit.doctor` that hold at this moment."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from flows import warehouse
from flows.clock import utc_now
from loaders.engines import engine
from loaders.errors import WarehouseMissing

if TYPE_CHECKING:
    import pyarrow as pa

    from loaders.settings import Settings

NEEDS_A_HAND = "error"


def findings(settings: Settings, now: datetime) -> pa.Table:
    """Finding, severity, since, what and remedy; what needs a hand first.

    Raises:
        WarehouseMissing: nothing was ever built here.
        WarehouseError: the warehouse cannot be read.
    """
    if not warehouse.relation_exists(settings, "audit.doctor"):
        raise WarehouseMissing(
            f"{engine(settings).place} has no audit yet: `nba-props daily` or `backfill` builds it"
        )
    return warehouse.query(
        settings,
        """
        select finding, severity, since, what, remedy
        from audit.doctor
        where due_at is null or due_at <= ?
        order by severity, finding, since, what
        """,
        [now],
    )


def present(settings: Settings) -> datetime:
    """Now; in the simulated league, whose clock stands still between runs, its last run's end."""
    if not engine(settings).is_simulated:
        return utc_now()
    if not warehouse.relation_exists(settings, "raw_runs.runs"):
        return utc_now()
    last = warehouse.query(
        settings, "select max(coalesce(finished_at, started_at)) as last_at from raw_runs.runs"
    )
    return last["last_at"][0].as_py() or utc_now()


def needs_a_hand(found: pa.Table) -> bool:
    """Whether any of the findings does."""
    return NEEDS_A_HAND in found["severity"].to_pylist()
