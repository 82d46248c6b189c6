"""Who started a run, and why now: kept with the run, so that the audit shows what led to what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

CLI = "cli"
DEMO = "demo"
SCHEDULE = "schedule"
EVENT = "event"
MANUAL = "manual"


@dataclass(frozen=True)
class Trigger:
    """What started a run.

    Args:
        kind: 'cli', 'demo', or of a deployment 'schedule', 'event', 'manual' (by hand).
        deployment: Prefect's deployment, `flow/name`; None outside of one.
        flow_run_id: Prefect's flow run; None outside of one.
        scheduled_at: UTC instant of the slot of a schedule.
        caused_by: the load, run or backfill that it follows.
    """

    kind: str = CLI
    deployment: str | None = None
    flow_run_id: str | None = None
    scheduled_at: datetime | None = None
    caused_by: str | None = None
