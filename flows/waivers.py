"""Waivers: the one way past a gate on one date, by a name, for a reason, and not for long."""

from __future__ import annotations

import uuid
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

import pyarrow as pa

from flows import defaults, warehouse
from flows.errors import ArgumentError
from loaders.pipeline import Batch, write
from loaders.tables import Column, RawTable

if TYPE_CHECKING:
    from flows.clock import Clock
    from loaders.settings import Settings

WAIVERS = RawTable(
    name="waivers",
    description="One row a waiver: a metric of a gate that may fail on one date, for a while.",
    columns=(
        Column("waiver_id", "text", "Start of the waiver (UTC) and a random suffix."),
        Column("metric", "text", "Metric of a gate, as the seed gate_thresholds names it."),
        Column("game_date", "date", "The one date (Eastern) it is about."),
        Column("waived_by", "text", "Who answers for it."),
        Column("reason", "text", "Why the failure is known and harmless."),
        Column("created_at", "timestamp", "From when it stands (UTC)."),
        Column("expires_at", "timestamp", "Until when (UTC); runs that start later are blocked."),
    ),
    key=("waiver_id",),
    strategy="insert-only",
)


@dataclass(frozen=True)
class Waiver:
    """A row of `raw_runs.waivers`."""

    waiver_id: str
    metric: str
    game_date: date
    waived_by: str
    reason: str
    created_at: datetime
    expires_at: datetime


def waive(
    settings: Settings,
    *,
    metric: str,
    game_date: date,
    waived_by: str,
    reason: str,
    hours: int | None = None,
    clock: Clock,
) -> Waiver:
    """Let one metric fail on one date, in runs that start within the next `hours`.

    Raises:
        ArgumentError: no such metric, no name, no reason, or too long a time.
        WarehouseMissing: nothing was built yet, so nothing can have failed.
    """
    hours = defaults.WAIVER_HOURS if hours is None else hours
    known = warehouse.query(settings, "select metric from seeds.gate_thresholds order by metric")
    metrics = known.column("metric").to_pylist()
    if metric not in metrics:
        raise ArgumentError(f"no gate measures {metric!r}; they measure {', '.join(metrics)}")
    if not waived_by.strip() or not reason.strip():
        raise ArgumentError("a waiver needs a name (--by) and a reason (--because)")
    if not 0 < hours <= defaults.LONGEST_WAIVER_HOURS:
        raise ArgumentError(
            f"--hours {hours} is not within 1 to {defaults.LONGEST_WAIVER_HOURS}: "
            "what fails for longer wants mending, or another threshold"
        )
    now = clock()
    waiver = Waiver(
        waiver_id=f"{now:%Y%m%dT%H%M%SZ}-{uuid.uuid4().hex[:8]}",
        metric=metric,
        game_date=game_date,
        waived_by=waived_by.strip(),
        reason=reason.strip(),
        created_at=now,
        expires_at=now + defaults.HOUR * hours,
    )
    rows = pa.Table.from_pylist([asdict(waiver)], schema=WAIVERS.arrow_schema())
    write(settings, "runs", [Batch(WAIVERS, rows)])
    return waiver
