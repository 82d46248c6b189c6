"""The daily run as a Prefect flow: a task a step, around the functions that the command calls.

Nothing else imports Prefect, because its start costs seconds that a command does not need.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from flows import alarms, defaults
from flows.clock import decide, utc_now
from flows.daily import run_daily
from flows.dbt_runner import BuildResult
from flows.prefect_home import configure
from flows.progress import Reporter
from flows.trigger import MANUAL, Trigger
from flows.world import providers
from loaders.errors import TransientError, WarehouseBusy, WarehouseUnreachable
from loaders.settings import get_settings

configure(get_settings())

from prefect import flow, task  # noqa: E402
from prefect.artifacts import create_table_artifact  # noqa: E402
from prefect.cache_policies import NO_CACHE  # noqa: E402

WORTH_A_RETRY = (TransientError, WarehouseBusy, WarehouseUnreachable)


def call_as_task(name: str, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Run a step as a Prefect task; the nodes of a build are kept as a table artifact."""

    # Without parameters, so that Prefect neither searches nor hashes tables and settings.
    def step() -> Any:
        return function(*args, **kwargs)

    result = task(
        step,
        name=name,
        description=function.__doc__,
        retries=len(defaults.TASK_RETRY_SECONDS),
        retry_delay_seconds=list(defaults.TASK_RETRY_SECONDS),
        retry_condition_fn=_is_worth_a_retry,
        cache_policy=NO_CACHE,
        persist_result=False,
    )()
    if isinstance(result, BuildResult):
        create_table_artifact(
            key=f"dbt-nodes-{result.selector}",
            table=node_table(result),
            description=f"Nodes of the dbt build `{result.selector}`, the slowest first",
        )
    return result


def tell(flow: Any, flow_run: Any, state: Any) -> None:
    """Send the alarms of a flow run that failed or crashed, also where the run did not begin."""
    settings = get_settings().for_target(flow_run.parameters.get("target", "duckdb"))
    error = state.result(raise_on_failure=False)
    if not isinstance(error, BaseException):
        error = RuntimeError(state.message or state.name)
    alarms.after_run(settings, command=flow.name, now=utc_now(), error=error)


@flow(name="daily", persist_result=False, on_failure=[tell], on_crashed=[tell])
def daily(
    game_date: date | None = None,
    as_of: datetime | None = None,
    target: str = "duckdb",
    information_set: str | None = None,
    skip_loads: bool = False,
    gates: str = "error",
) -> dict[str, Any]:
    """Forecast a day's slate, grade what has finished, publish (see flows.daily.run_daily)."""
    settings = get_settings().for_target(target)
    with providers(settings) as (reachable, clock):
        asked = decide(game_date=game_date, as_of=as_of, now=clock())
        result = run_daily(
            reachable,
            game_date=asked.game_date,
            as_of=asked.as_of,
            run_mode=asked.run_mode,
            information_set=information_set,
            loads=not skip_loads,
            clock=clock,
            reporter=Reporter(),
            call=call_as_task,
            trigger=Trigger(MANUAL),
            severity=gates,
        )
    return {
        "run_id": result.run_id,
        "game_date": result.game_date.isoformat(),
        "status": result.status,
        "reason": result.reason,
        "forecasts": result.forecasts,
        "seconds": result.seconds,
    }


def _is_worth_a_retry(task: Any, task_run: Any, state: Any) -> bool:
    return isinstance(state.result(raise_on_failure=False), WORTH_A_RETRY)


def node_table(result: BuildResult) -> list[dict[str, Any]]:
    """The nodes of a build as rows, the slowest first."""
    return [
        {
            "node": node.name,
            "type": node.resource_type,
            "status": node.status,
            "seconds": round(node.seconds, 2),
        }
        for node in sorted(result.nodes, key=lambda node: -node.seconds)
    ]
