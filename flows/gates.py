"""Which dates the gates of a run judge, and what they measured where one of them failed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from flows import defaults, warehouse
from flows.clock import LIVE

if TYPE_CHECKING:
    from flows.runs import Run
    from loaders.settings import Settings

# In the order in which they are built.
GATED_LAYERS = (
    "raw",
    "core",
    "team_summaries",
    "player_summaries",
    "context",
    "features",
    "predictions",
)
# Enough of a failed gate to act on; all of it stands in its model.
NAMED_VALUES = 5


@dataclass(frozen=True)
class GateWindow:
    """The game dates, inclusive, that gates judge; None is open."""

    first: date | None
    last: date | None


def gate_window(settings: Settings, run: Run, *, game_date: date) -> GateWindow:
    """The dates whose gates a run must pass.

    Live: from what it loads, or from the first date that was loaded since a run last passed its
    gates, on. A replay loads nothing: the days around its slate.
    """
    first = game_date - defaults.DAYS_BEFORE
    if run.run_mode != LIVE:
        return GateWindow(first, game_date + defaults.DAYS_AFTER)
    unjudged = warehouse.query(
        settings,
        """
        select min(game_date_from) as first
        from raw_runs.runs
        where not exists (
            select 1
            from raw_runs.runs as judged
            where judged.gated_from is not null and judged.started_at >= runs.started_at
        )
        """,
    )
    return GateWindow(min(first, unjudged["first"][0].as_py() or first), None)


def blocked(settings: Settings, tests: Sequence[str]) -> list[str]:
    """A line for each value by which one of these tests of gates failed, and what to do."""
    lines: list[str] = []
    for layer in GATED_LAYERS:
        relation = f"marts.gate_{layer}"
        if not tests or not warehouse.relation_exists(settings, relation):
            continue
        marks = ", ".join("?" * len(tests))
        found = warehouse.query(
            settings,
            f"""
            select
                gates.metric, gates.subject, gates.game_date, gates.value, gates.status,
                gates.direction, gates.error_threshold, thresholds.remedy
            from {relation} as gates
            inner join seeds.gate_thresholds as thresholds
                on gates.metric = thresholds.metric
            where gates.status in ('error', 'empty') and gates.metric in ({marks})
            order by gates.metric, gates.game_date, gates.subject
            limit {NAMED_VALUES}
            """,
            list(tests),
        )
        lines += [_blocked_line(row) for row in found.to_pylist()]
    return lines


def _blocked_line(row: dict[str, Any]) -> str:
    subject = f" of {row['subject']}" if row["subject"] else ""
    value = "nothing was measured" if row["value"] is None else f"{row['value']:g}"
    bound = f"{row['direction'].replace('_', ' ')} {row['error_threshold']:g}"
    return f"  {row['game_date']} {row['metric']}{subject}: {value}, {bound}. {row['remedy']}"
