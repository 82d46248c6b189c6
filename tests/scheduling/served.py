"""`python served.py PORT [FLOW SECONDS [ANCHOR]]`: what `nba-props serve` does, over the stand-ins.

No deployment has a schedule, but for the flow that is named, which runs every so many seconds,
counted from an instant. With one that is given, the flows do their real work.
"""

from __future__ import annotations

import dataclasses
import sys
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

from rich.console import Console

from flows import defaults, serving
from loaders.settings import get_settings

# The same slots however often it is served.
ANCHOR = datetime(2026, 1, 1, tzinfo=UTC)


def _served(flow: str | None, seconds: float, anchor: datetime | None) -> list:
    from prefect.client.schemas.actions import DeploymentScheduleCreate
    from prefect.client.schemas.schedules import IntervalSchedule

    from flows import deployments

    wanted = ("morning", "lines", "injuries", "refresh", *(["grading", "health"] if anchor else []))
    plans = tuple(
        dataclasses.replace(plan, crons=())
        for plan in deployments.PLANS
        if plan.flow in wanted and not plan.suffix
    )
    with patch.object(deployments, "PLANS", plans):
        made = deployments.deployments(get_settings())
    for one in made:
        if anchor is None:
            one.entrypoint = one.entrypoint.replace("flows.scheduled", "stand_ins")
        if one.flow_name == flow:
            every = IntervalSchedule(
                interval=timedelta(seconds=seconds), anchor_date=anchor or ANCHOR
            )
            one.schedules = [DeploymentScheduleCreate(schedule=every)]
    return made


def main() -> None:
    settings = get_settings()
    named, every = (sys.argv[2], float(sys.argv[3])) if len(sys.argv) > 2 else (None, 0.0)
    anchor = datetime.fromisoformat(sys.argv[4]) if len(sys.argv) > 4 else None
    defaults.RUN_POLL_SECONDS = 0.5
    started = serving.Server.start

    def start(server: serving.Server) -> None:
        """Prefect is imported behind this only: it reads the server's address then."""
        started(server)
        from flows import runner

        if not hasattr(runner, "all_of_them"):
            run, runner.all_of_them = runner.run_what_is_due, True
            runner.run_what_is_due = lambda *given: run(*given, _served(named, every, anchor))

    with patch.object(serving.Server, "start", start):
        serving.serve(settings, port=int(sys.argv[1]), console=Console(soft_wrap=True))


if __name__ == "__main__":
    main()
