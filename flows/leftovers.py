"""Flow runs that nobody works on any more, because whoever served them was killed.

The server cannot know: to it they run for ever, and hold what a run holds. Each process at work
keeps a file with its id, so that who serves next can tell those that live from those that do not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from flows.audit import processes
from loaders.files import is_alive

if TYPE_CHECKING:
    from prefect.client.schemas.objects import FlowRun

    from loaders.settings import Settings

MESSAGE = "its process was gone when somebody served again; the next run heals what it left"


@contextmanager
def at_work(settings: Settings, flow_run_id: UUID) -> Iterator[None]:
    """Keep a file with this process' id while it works on a flow run."""
    path = _file(settings, flow_run_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(str(processes.process_id()))
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def settle(
    settings: Settings, deployment_ids: Iterable[UUID], tell: Callable[[FlowRun], None]
) -> list[str]:
    """Say of every flow run of these deployments that nobody works on that it crashed.

    tell: called with each of them.

    Returns their names.
    """
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import FlowRunFilter
    from prefect.client.schemas.objects import StateType
    from prefect.states import Crashed

    begun = [StateType.PENDING, StateType.RUNNING, StateType.CANCELLING]
    of_these = FlowRunFilter.model_validate(
        {"deployment_id": {"any_": list(deployment_ids)}, "state": {"type": {"any_": begun}}}
    )
    with get_client(sync_client=True) as client:
        gone = [
            run
            for run in client.read_flow_runs(flow_run_filter=of_these)
            if not _is_at_work(settings, run.id)
        ]
        for run in gone:
            client.set_flow_run_state(run.id, Crashed(message=MESSAGE), force=True)
            _file(settings, run.id).unlink(missing_ok=True)
            tell(run)
    return [run.name for run in gone]


def _is_at_work(settings: Settings, flow_run_id: UUID) -> bool:
    path = _file(settings, flow_run_id)
    return path.is_file() and is_alive(int(path.read_text() or 0))


def _file(settings: Settings, flow_run_id: UUID) -> Path:
    return settings.prefect_dir / "at_work" / str(flow_run_id)
