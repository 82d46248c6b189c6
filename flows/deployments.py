"""All deployments: what runs when, and what an event starts. `prefect.yaml` says the same.

Crons are Eastern, as the league's day is; the names are the targets, so that the simulated league
and the real one can be served from one home.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flows import scheduled
from flows.events import CHANGED, resource
from flows.prefect_home import configure
from loaders.settings import get_settings

configure(get_settings())

from prefect.client.schemas.objects import (  # noqa: E402
    ConcurrencyLimitConfig,
    ConcurrencyLimitStrategy,
)
from prefect.deployments.runner import EntrypointType, RunnerDeployment  # noqa: E402
from prefect.events import DeploymentEventTrigger  # noqa: E402
from prefect.schedules import Cron  # noqa: E402

if TYPE_CHECKING:
    from loaders.settings import Settings

ZONE = "America/New_York"


@dataclass(frozen=True)
class Plan:
    """One deployment.

    Args:
        flow: name of a flow in flows.scheduled.
        crons: when it runs, Eastern.
        suffix: tells two deployments of one flow apart.
        parameters: what it is called with, beside the target.
        is_polling: whether one run at a time is enough; the next one waits half a minute then.
        is_told: whether a load that changed something starts it, too.
    """

    flow: str
    crons: tuple[str, ...] = ()
    suffix: str = ""
    parameters: tuple[tuple[str, Any], ...] = ()
    is_polling: bool = False
    is_told: bool = False

    def name(self, target: str) -> str:
        """The deployment's name; with the flow's before it, unique on a server."""
        return f"{target}-{self.suffix}" if self.suffix else target


PLANS = (
    Plan("morning", ("0 7 * * *",)),
    Plan("lines", ("0 8-22/2 * * *",), is_polling=True),
    Plan(
        "lines",
        ("*/15 11-23 * * *",),
        suffix="before-tips",
        parameters=(("before_tips", True),),
        is_polling=True,
    ),
    Plan("injuries", ("*/15 10-23 * * *",), is_polling=True),
    Plan("refresh", ("*/30 9-23 * * *",), is_told=True),
    Plan("grading", ("0 22 * * *", "30 23 * * *", "0 1,2,4 * * *", "0 15,18,21 * * *")),
    Plan("retrain", ("0 5 * * 1",)),
    Plan("health", ("40 * * * *",)),
    Plan("backfill"),
)


def deployments(settings: Settings) -> list[RunnerDeployment]:
    """Every deployment for the settings' target, to be served."""
    return [_deployment(plan, settings) for plan in PLANS]


def told(settings: Settings) -> DeploymentEventTrigger:
    """A load of this warehouse that changed something, with the day it is about and its run."""
    return DeploymentEventTrigger(
        name=f"a load of {settings.target} changed something",
        expect={CHANGED},
        match={"prefect.resource.id": resource(settings)},
        # Each event is a refresh: of two at once the second finds nothing left to do.
        threshold=1,
        parameters={
            "game_date": "{{ event.payload.game_date }}",
            "caused_by": "{{ event.payload.run_id }}",
            "target": settings.target,
        },
    )


def _deployment(plan: Plan, settings: Settings) -> RunnerDeployment:
    flow = getattr(scheduled, plan.flow)
    return flow.to_deployment(
        plan.name(settings.target),
        description=flow.description.partition("\n")[0],
        schedules=[Cron(cron, timezone=ZONE) for cron in plan.crons],
        parameters={"target": settings.target, **dict(plan.parameters)},
        triggers=[told(settings)] if plan.is_told else None,
        concurrency_limit=ConcurrencyLimitConfig(
            limit=1, collision_strategy=ConcurrencyLimitStrategy.ENQUEUE
        )
        if plan.is_polling
        else None,
        tags=["nba-props", settings.target],
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
