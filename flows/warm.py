"""Flow runs fork from a process that has imported already what takes a run many seconds to import.

Prefect starts `python -m prefect.engine` for every flow run. Here the standard library's fork
server runs the same module; it is a child of who serves and ends with it. Only on Linux: libraries
of other systems do not bear a fork.
"""

from __future__ import annotations

import importlib
import multiprocessing
import os
import runpy
import sys
from typing import TYPE_CHECKING, Any

import anyio

from loaders.engines import engine

if TYPE_CHECKING:
    from multiprocessing.context import ForkServerProcess

    from loaders.settings import Settings

MODULES = (
    "flows.scheduled",
    "flows.forecasting.registry",
    "loaders.pipeline",
    "dlt.sources.helpers.requests",
    "dbt.cli.main",
    "dbt.task.build",
)
ENGINE = "prefect.engine"


def load(settings: Settings) -> None:
    """Import what a run takes seconds to import."""
    for name in _modules(settings):
        importlib.import_module(name)


def start(settings: Settings) -> None:
    """Have every flow run that this process starts from now on fork from a warm process.

    What Prefect reads from the environment must be set by then.
    """
    if sys.platform != "linux":
        return
    from prefect.runner import _starter_engine

    warm = multiprocessing.get_context("forkserver")
    warm.set_forkserver_preload([*_modules(settings)])

    async def run_process(
        *, env: dict[str, str], task_status: Any, task_status_handler: Any, **_: Any
    ) -> ForkServerProcess:
        process = warm.Process(target=_run_engine, args=(env,))
        # the first waits until all is imported
        await anyio.to_thread.run_sync(process.start)
        try:
            task_status.started(task_status_handler(process))
            await anyio.wait_readable(process.sentinel)
        finally:
            if process.is_alive():
                process.terminate()
            process.join()
        return process

    # where Prefect's starter looks it up, so that it can be another one
    _starter_engine.run_process = run_process


def _modules(settings: Settings) -> tuple[str, ...]:
    return (*MODULES, *engine(settings).modules)


def _run_engine(environment: dict[str, str]) -> None:
    os.environ.clear()
    os.environ.update(environment)
    from prefect.context import refresh_global_settings_context

    refresh_global_settings_context()
    sys.argv = [ENGINE]
    runpy.run_module(ENGINE, run_name="__main__")
