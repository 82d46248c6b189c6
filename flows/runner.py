"""Runs what is due on the server that `flows.serving` has started: a process a flow run."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from prefect.logging.handlers import APILogHandler
from prefect.runner import Runner
from prefect.states import Crashed

from flows import defaults, leftovers, one_writer, scheduled, warm
from flows.deployments import deployments
from flows.prefect_flows import tell

if TYPE_CHECKING:
    from uuid import UUID

    from prefect.client.schemas.objects import FlowRun
    from prefect.deployments.runner import RunnerDeployment

    from flows.serving import Server
    from loaders.settings import Settings


def run_what_is_due(
    settings: Settings,
    server: Server,
    say: Callable[[str], None],
    served: list[RunnerDeployment] | None = None,
) -> None:
    """Run every deployment's runs until ^C, SIGTERM, or a server that does not stay up.

    Runs that are going on then are cancelled. The schedules are not paused: what is due while
    nobody serves is run by who serves next, and all but the newest slots find themselves overtaken.

    served: the deployments; by default all of the settings' target.
    """
    warm.start(settings)
    one_writer.ensure_limit(settings)
    runner = Runner(
        name="nba-props",
        query_seconds=defaults.RUN_POLL_SECONDS,
        limit=defaults.RUNS_AT_ONCE,
        pause_on_shutdown=False,
    )
    plans = deployments(settings) if served is None else served
    ids = {runner.add_deployment(one): one.flow_name for one in plans}
    gone = leftovers.settle(settings, ids, _teller(ids))
    if gone:
        say(f"runs that nobody works on any more: {', '.join(gone)}")
    say(f"serving {len(ids)} deployments of {settings.target}")
    asyncio.run(_run(runner, server))


async def _run(runner: Runner, server: Server) -> None:
    loop, ending = asyncio.get_running_loop(), asyncio.Event()
    serving = asyncio.create_task(runner.start())
    while not runner.started and not serving.done():
        await asyncio.sleep(0.05)
    # Prefect's own handler exits at once, and leaves its runs behind
    for one in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(one, ending.set)
    watching = threading.Thread(
        target=server.watch, args=(lambda: loop.call_soon_threadsafe(ending.set),), daemon=True
    )
    watching.start()
    asked_to_end = asyncio.create_task(ending.wait())
    await asyncio.wait({serving, asked_to_end}, return_when=asyncio.FIRST_COMPLETED)
    if not serving.done():
        await runner.astop()
    asked_to_end.cancel()
    await serving
    # while the server is still there
    await APILogHandler.aflush()


def _teller(names: dict[UUID, str]) -> Callable[[FlowRun], None]:
    """Sends the alarm of a crashed flow run, as its hook would have."""

    def tell_of(flow_run: FlowRun) -> None:
        flow = getattr(scheduled, names[flow_run.deployment_id])
        tell(flow, flow_run, Crashed(message=leftovers.MESSAGE))

    return tell_of
