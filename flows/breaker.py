"""A provider that fails again and again is left alone for a while.

Its state is what the ledger says of its loads, those of runs that have not ended yet among them:
`defaults.BREAKER_FAILURES` failures in a row within `BREAKER_WINDOW` open the breaker; from
`BREAKER_COOL_DOWN` after the last one on, the next load is a probe, which closes it or opens it
again. The view `audit.source_breakers` says the same of the loads that the warehouse holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pyarrow.compute as pc

from flows import defaults, warehouse
from flows.audit import collect
from flows.audit.tables import LOADS
from loaders.errors import ContractError, SourceResting, TransientError

if TYPE_CHECKING:
    from types import ModuleType

    import pyarrow as pa

    from flows.clock import Clock
    from loaders.attempts import Heard
    from loaders.pipeline import LoadOutcome
    from loaders.settings import Settings

RELATION = f"raw_runs.{LOADS.name}"
FAILED = "failed"
COLUMNS = ("load_key", "status", "finished_at", "error_class", "error")
# What a provider is to blame for; a refused key or a busy warehouse is no reason to leave it alone.
COUNTED = (TransientError.__name__, ContractError.__name__)


@dataclass(frozen=True)
class Answer:
    """How an attempt at a source ended (UTC); error: None where it was answered."""

    at: datetime
    error: str | None = None


@dataclass(frozen=True)
class Rest:
    """A source that is left alone: since when and until when (UTC), and what it failed of last."""

    since: datetime
    until: datetime
    error: str


def decide(answers: Sequence[Answer], now: datetime) -> Rest | None:
    """Whether a source is left alone now, by its answers in the order of their instants."""
    answers = [one for one in answers if one.at <= now]
    heard = max((n for n, one in enumerate(answers, start=1) if one.error is None), default=0)
    failures = answers[heard:]
    lasts = failures[defaults.BREAKER_FAILURES - 1 :]
    opened = [
        last.at
        for first, last in zip(failures, lasts, strict=False)
        if last.at - first.at <= defaults.BREAKER_WINDOW
    ]
    if not opened:
        return None
    until = failures[-1].at + defaults.BREAKER_COOL_DOWN
    return Rest(opened[0], until, failures[-1].error or "") if now < until else None


def load(
    source: ModuleType,
    settings: Settings,
    *,
    clock: Clock,
    heard: Heard | None = None,
    **what: Any,
) -> list[LoadOutcome]:
    """`source.load`, unless the source is left alone; `heard` is told of that, too.

    Raises:
        SourceResting: since when, until when, and why; nothing was asked.
        LoadError, WarehouseError: as the load.
    """
    from loaders.attempts import attempt

    rest = decide(answers(settings, source.SOURCE), clock())
    if rest is not None:
        with attempt(source.SOURCE, clock, heard, settings.scrubbed):
            raise SourceResting(_said(source.SOURCE, rest))
    return source.load(settings, clock=clock, heard=heard, **what)


def answers(settings: Settings, source: str) -> list[Answer]:
    """How the attempts at a source ended, since it answered last, in the order of their instants.

    Raises: WarehouseError.
    """
    parts = [collect.kept_rows(settings, LOADS).filter(pc.field("source") == source)]
    if warehouse.relation_exists(settings, RELATION):
        parts.append(_entered(settings, source))
    rows = [row for part in parts for row in part.select(COLUMNS).to_pylist()]
    # a run that was killed while it entered its rows has them in both places
    found = {row["load_key"]: row for row in rows}
    told = [
        Answer(row["finished_at"], (row["error"] or "") if row["status"] == FAILED else None)
        for row in found.values()
        if row["status"] != FAILED or row["error_class"] in COUNTED
    ]
    return sorted(told, key=lambda one: one.at)


def _entered(settings: Settings, source: str) -> pa.Table:
    return warehouse.query(
        settings,
        f"""
        with attempts as (

            select
                {", ".join(COLUMNS)},
                max(case when status != '{FAILED}' then finished_at end) over () as answered_at
            from {RELATION}
            where source = ?

        )

        select {", ".join(COLUMNS)}
        from attempts
        where answered_at is null or finished_at >= answered_at
        """,
        [source],
    )


def _said(source: str, rest: Rest) -> str:
    since, until = (f"{one:%Y-%m-%dT%H:%M:%SZ}" for one in (rest.since, rest.until))
    return (
        f"{source} is left alone since {since} until {until}: it failed "
        f"{defaults.BREAKER_FAILURES} times in a row within "
        f"{defaults.BREAKER_WINDOW.total_seconds() / 60:.0f} min. The first load after that asks "
        f"it again. It failed last of: {rest.error}"
    )
