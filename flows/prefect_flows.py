"""The daily run as a Prefect flow: a task a step, around the functions that the command calls.

Nothing else imports Prefect, because its start costs seconds that a command does not need.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from flows import defaults, steps
from flows.clock import decide
from flows.daily import run_daily
from flows.dbt_runner import BuildResult
from flows.progress import Reporter
from flows.world import providers
from loaders.errors import TransientError, WarehouseBusy, WarehouseUnreachable
from loaders.settings import Settings, get_settings


def configure(settings: Settings) -> None:
    """Keep Prefect's files in our home, and its telemetry off; it reads this at its import."""
    if "PREFECT_HOME" not in os.environ:
        settings.prefect_dir.mkdir(parents=True, exist_ok=True)
        os.environ["PREFECT_HOME"] = str(settings.prefect_dir)
    os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
    os.environ.setdefault(
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", str(defaults.PREFECT_STARTUP_SECONDS)
    )


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
            table=steps.node_table(result),
            description=f"Nodes of the dbt build `{result.selector}`, the slowest first",
        )
    return result


@flow(name="daily", persist_result=False)
def daily(
    game_date: date | None = None,
    as_of: datetime | None = None,
    target: str = "duckdb",
    information_set: str | None = None,
    skip_loads: bool = False,
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
            trigger="prefect",
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
