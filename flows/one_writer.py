"""One writer a warehouse among Prefect's runs: a global concurrency limit around DuckDB's lock.

The limit makes waiting visible and lets the runs of other machines take turns; the lock below it
holds whatever happens to the server.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any

from flows import defaults, warehouse
from flows.errors import LimitMissing
from flows.prefect_home import configure
from loaders.errors import WarehouseBusy

if TYPE_CHECKING:
    from uuid import UUID

    from loaders.settings import Settings


def limit_name(settings: Settings) -> str:
    """The name of a warehouse's limit."""
    return f"nba-props-warehouse-{settings.world.replace('/', '-')}"


def ensure_limit(settings: Settings) -> str:
    """Create the warehouse's limit on the server, or set it to one again; its name."""
    configure(settings)
    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as client:
        client.upsert_global_concurrency_limit_by_name(limit_name(settings), 1)
    return limit_name(settings)


@contextmanager
def writing(settings: Settings, said: Callable[[str], None] | None = None) -> Iterator[None]:
    """Hold the warehouse's one slot, then its lock, while the block runs; a `warehouse.Writing`.

    said: told once whom it waits for.

    Raises:
        LimitMissing: nobody has created the limit on this server.
        WarehouseBusy: after `writer_wait_seconds`, naming what runs.
        Whatever `warehouse.writing` raises.
    """
    say = said or (lambda _: None)
    asked_at = time.monotonic()
    if _is_taken(settings):
        say(f"waiting for the warehouse: its slot is taken{_holders(settings)}")
    slot = _slot(settings)
    try:
        slot.__enter__()
    except TimeoutError:
        raise WarehouseBusy(
            f"the warehouse's slot {limit_name(settings)} was taken for all of "
            f"{settings.writer_wait_seconds:g} s{_holders(settings)}: let it finish, or cancel it"
        ) from None
    left = max(settings.writer_wait_seconds - (time.monotonic() - asked_at), 0)
    try:
        with warehouse.writing(settings.model_copy(update={"writer_wait_seconds": left}), said):
            yield
    except BaseException:
        _give_back(slot, say, *sys.exc_info())
        raise
    else:
        _give_back(slot, say, None, None, None)


def _is_taken(settings: Settings) -> bool:
    """Whether somebody has the slot now.

    Raises: LimitMissing.
    """
    configure(settings)
    from prefect.client.orchestration import get_client
    from prefect.exceptions import ObjectNotFound

    name = limit_name(settings)
    with get_client(sync_client=True) as client:
        try:
            limit = client.read_global_concurrency_limit_by_name(name)
        except ObjectNotFound:
            raise LimitMissing(
                f"the server at {client.api_url} has no concurrency limit {name}: "
                "`nba-props serve` creates it, "
                f"and so does `prefect gcl create {name} --limit 1`"
            ) from None
    return limit.active_slots >= limit.limit


def _slot(settings: Settings) -> AbstractContextManager[None]:
    """The slot, not taken yet; its lease is renewed while it is held."""
    from prefect.client.schemas.objects import ConcurrencyLeaseHolder
    from prefect.concurrency.sync import concurrency

    flow_run_id = _flow_run_id()
    return concurrency(
        limit_name(settings),
        occupy=1,
        timeout_seconds=settings.writer_wait_seconds,
        lease_duration=defaults.LEASE_SECONDS,
        strict=True,
        holder=None
        if flow_run_id is None
        else ConcurrencyLeaseHolder(type="flow_run", id=flow_run_id),
        # A server that dies must not end a run: the lock below the slot still holds.
        raise_on_lease_renewal_failure=False,
    )


def _give_back(slot: AbstractContextManager[None], say: Callable[[str], None], *how: Any) -> None:
    """Release the slot. Without a server its lease ends by itself, and the run as it would have."""
    import httpx

    try:
        slot.__exit__(*how)
    except httpx.HTTPError as error:
        say(
            f"the slot could not be given back ({type(error).__name__}): "
            f"it is free after {defaults.LEASE_SECONDS} s"
        )
    except BaseException as error:
        # thrown in, and thrown out again: the caller raises it
        if error is not how[1]:
            raise


def _holders(settings: Settings) -> str:
    """What runs now: by the ledger, and the flow runs that it does not know of yet."""
    named = warehouse.who_runs(settings)
    others = _running_flow_runs()
    return f"{named}; flow runs: {', '.join(others)}" if others else named


def _running_flow_runs() -> list[str]:
    """The names of the flow runs that run on this server, but for this one."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import FlowRunFilter
    from prefect.client.schemas.objects import StateType

    running = FlowRunFilter.model_validate({"state": {"type": {"any_": [StateType.RUNNING]}}})
    own = _flow_run_id()
    with get_client(sync_client=True) as client:
        found = client.read_flow_runs(flow_run_filter=running)
    return [run.name for run in found if run.id != own]


def _flow_run_id() -> UUID | None:
    from prefect.context import FlowRunContext

    context = FlowRunContext.get()
    return context.flow_run.id if context is not None and context.flow_run is not None else None
