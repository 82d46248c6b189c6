"""A backfill of simulated history in a process of its own: there to be killed, or to race another.

Arguments: home, the instant of its clock, first and last game date, days a batch, load or both.
"""

import json
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from flows.backfill import run_backfill
from flows.progress import Reporter
from flows.world import reach_sandbox
from loaders.sandbox import Sandbox
from loaders.settings import Settings

# The morning after the last of the ten dates.
NOW = datetime(2026, 1, 15, 11, tzinfo=UTC)
FIRST, LAST = date(2026, 1, 5), date(2026, 1, 14)

if __name__ == "__main__":
    home, at, first, last, days, mode = sys.argv[1:]
    now = datetime.fromisoformat(at)
    with Sandbox(now=now, ticking=False) as sandbox:
        settings = reach_sandbox(Settings(home=Path(home), lock_poll_seconds=0.1), sandbox)
        print("begins", flush=True)
        result = run_backfill(
            settings,
            source="balldontlie",
            start=date.fromisoformat(first),
            end=date.fromisoformat(last),
            window=timedelta(days=int(days)),
            build=mode == "both",
            clock=lambda: now,
            reporter=Reporter(verbose=False),
            reason="a proof",
        )
    print(
        json.dumps(
            {
                "counts": result.counts,
                "skipped": result.skipped,
                "imported_prefect": "prefect" in sys.modules,
            }
        )
    )
