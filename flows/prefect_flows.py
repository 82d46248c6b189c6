"""The daily run by hand as a Prefect flow, and what all flows share: tasks, logs, alarms.

Only what runs under Prefect imports it, because its start costs seconds that a command does not
need.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from rich.text import Text

from flows import alarms, defaults, warehouse
from flows.clock import EASTERN, decide, utc_now
from flows.daily import run_daily
from flows.dbt_runner import BuildResult
from flows.errors import FlowError
from flows.prefect_home import configure
from flows.progress import Reporter, SilentReporter
from flows.trigger import MANUAL, Trigger
from flows.world import providers
from loaders.errors import TransientError, WarehouseBusy, WarehouseUnreachable
from loaders.settings import Settings, Target, get_settings

configure(get_settings())

from prefect import flow, runtime, task  # noqa: E402
from prefect.artifacts import create_table_artifact  # noqa: E402
from prefect.cache_policies import NO_CACHE  # noqa: E402
from prefect.logging import get_run_logger  # noqa: E402
from prefect.logging.loggers import flow_run_logger  # noqa: E402

from flows import artifacts  # noqa: E402

# Flows whose run stands in the ledger under another name; one alarm a cause, not one a name.
COMMANDS = {"morning": "daily", "lines": "poll", "injuries": "poll", "grading": "grade"}
NOBODY_RUNS = "; the ledger has no run that goes on"
WORTH_A_RETRY = (TransientError, WarehouseBusy, WarehouseUnreachable)


def call_as_task(name: str, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Run a step as a Prefect task; the nodes of a build are kept as a table artifact."""

    # Without parameters, so that Prefect neither searches nor hashes tables and settings.
    def step() -> Any:
        return function(*args, **kwargs)

    result = task(
        step,
        name=name,
        task_run_name=name,
        description=function.__doc__,
        retries=len(defaults.TASK_RETRY_SECONDS),
        retry_delay_seconds=list(defaults.TASK_RETRY_SECONDS),
        retry_condition_fn=_is_worth_a_retry,
        cache_policy=NO_CACHE,
        persist_result=False,
    )()
    if isinstance(result, BuildResult):
        create_table_artifact(
            key=f"dbt-nodes-{result.selector.replace('_', '-')}",
            table=node_table(result),
            description=f"Nodes of the dbt build `{result.selector}`, the slowest first",
        )
    return result


class RunReporter(SilentReporter):
    """Tells the run's log in Prefect what a terminal would show, without the keys of `settings`."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.settings = settings

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Say how long it took, at its end."""
        before = self.seconds.get(name, 0)
        try:
            with super().step(name):
                yield
        finally:
            self.say(f"{name}: {self.seconds.get(name, 0) - before:.1f} s")

    def say(self, text: str) -> None:
        """A line of its own; of rich markup only the text is kept."""
        get_run_logger().info("%s", self.settings.scrubbed(Text.from_markup(text).plain))


@contextmanager
def scrubbing(settings: Settings) -> Iterator[None]:
    """Let no key out of the block: not into the run's log, and not into its state's message."""
    handlers = [
        handler
        for name in ("prefect", "prefect.flow_runs", "prefect.task_runs")
        for handler in logging.getLogger(name).handlers
    ]
    scrub = _Scrub(settings)
    for handler in handlers:
        # never taken off again: the traceback of what ends the block is logged behind it
        handler.addFilter(scrub)
    try:
        yield
    except Exception as error:
        clean = settings.scrubbed(str(error))
        if clean == str(error):
            raise
        raise FlowError(f"{type(error).__name__}: {clean}") from None


class _Scrub(logging.Filter):
    """Takes keys out of a record and of the traceback that it carries."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.settings = settings

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = self.settings.scrubbed(record.getMessage()), ()
        if record.exc_info:
            text = logging.Formatter().formatException(record.exc_info)
            record.exc_text, record.exc_info = self.settings.scrubbed(text), None
        return True


def tell(flow: Any, flow_run: Any, state: Any) -> None:
    """Send the alarms of a flow run that failed or crashed, also where the run did not begin."""
    settings = settings_of(flow_run.parameters.get("target"))
    error = state.result(raise_on_failure=False)
    if not isinstance(error, BaseException):
        error = RuntimeError(state.message or state.name)
    command = COMMANDS.get(flow.name, flow.name)
    alarms.after_run(settings, command=command, now=utc_now(), error=error)


def note(flow: Any, flow_run: Any, state: Any) -> None:
    """Say in the run's log what a person's cancelling leaves; it is no alarm."""
    settings = settings_of(flow_run.parameters.get("target"))
    left = warehouse.who_runs(settings) or NOBODY_RUNS
    flow_run_logger(flow_run, flow).info("cancelled%s", left)


def settings_of(target: Target | None) -> Settings:
    """The settings of the target that a flow run was asked for; None: the one that is set."""
    settings = get_settings()
    return settings if target is None else settings.for_target(target)


def run_name() -> str:
    """`daily of 2026-01-16 in sandbox, as of …`: what was asked for."""
    given = runtime.flow_run.parameters
    day = given["game_date"] or f"{runtime.flow_run.scheduled_start_time.astimezone(EASTERN):%F}"
    as_of = f", as of {given['as_of']}" if given["as_of"] else ""
    return f"daily of {day} in {given['target']}{as_of}"


@flow(
    name="daily",
    flow_run_name=run_name,
    persist_result=False,
    on_failure=[tell],
    on_crashed=[tell],
)
def daily(
    game_date: date | None = None,
    as_of: datetime | None = None,
    target: Target = "duckdb",
    information_set: str | None = None,
    skip_loads: bool = False,
    gates: str = "error",
) -> dict[str, Any]:
    """Forecast a day's slate, grade what has finished, publish (see flows.daily.run_daily)."""
    settings = settings_of(target)
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
            call=artifacts.Progress(reachable, call_as_task),
            trigger=Trigger(MANUAL),
            severity=gates,
        )
        artifacts.show(reachable, result)
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
