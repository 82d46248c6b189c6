"""Which dates the gates of a run judge, and what they measured where one of them failed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from flows import defaults, warehouse
from flows.clock import LIVE
from flows.errors import ArgumentError

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
# Enough of a failed metric to act on; all of it stands in its model.
NAMED_VALUES = 3

ERROR = "error"
WARN = "warn"


@dataclass(frozen=True)
class GateWindow:
    """The game dates, inclusive, that gates judge; None is open.

    severity: 'error' where what fails a gate blocks, 'warn' where it is only said.
    """

    first: date | None
    last: date | None
    severity: str = ERROR

    @property
    def passed_from(self) -> date | None:
        """From when on a run that got to its end passed every gate; None where they only warned."""
        return self.first if self.severity == ERROR else None


def check(severity: str) -> None:
    """Refuse what gates cannot be told.

    Raises:
        ArgumentError: neither error nor warn.
    """
    if severity not in (ERROR, WARN):
        raise ArgumentError(f"--gates {severity!r} is none of {ERROR}, {WARN}")


def why(severity: str, reason: str | None) -> str | None:
    """Why a run was started, for the ledger, with gates that only warn said aloud."""
    if severity == ERROR:
        return reason
    return "; ".join(["gates only warn", *([reason] if reason else [])])


def gate_window(
    settings: Settings, run: Run, *, game_date: date, severity: str = ERROR
) -> GateWindow:
    """The dates whose gates a run must pass.

    Live: from what it loads, or from the first date that was loaded since a run last passed its
    gates, on. A replay loads nothing: the days around its slate.
    """
    first = game_date - defaults.DAYS_BEFORE
    if run.run_mode != LIVE:
        return GateWindow(first, game_date + defaults.DAYS_AFTER, severity)
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
    return GateWindow(min(first, unjudged["first"][0].as_py() or first), None, severity)


def blocked(settings: Settings, tests: Sequence[str]) -> list[str]:
    """A line for the first values by which each of these tests of gates failed, and what to do."""
    lines: list[str] = []
    for layer in GATED_LAYERS:
        relation = f"marts.gate_{layer}"
        if not tests or not warehouse.relation_exists(settings, relation):
            continue
        marks = ", ".join("?" * len(tests))
        found = warehouse.query(
            settings,
            f"""
            select failed.*, thresholds.remedy
            from (
                select
                    metric, subject, game_date, value, direction, error_threshold,
                    row_number() over (partition by metric order by game_date, subject) as place
                from {relation}
                where status in ('error', 'empty') and metric in ({marks})
            ) as failed
            inner join seeds.gate_thresholds as thresholds
                on failed.metric = thresholds.metric
            where failed.place <= {NAMED_VALUES}
            order by failed.metric, failed.place
            """,
            list(tests),
        )
        lines += [_blocked_line(row) for row in found.to_pylist()]
    return lines


def _blocked_line(row: dict[str, Any]) -> str:
    subject = f" of {row['subject']}" if row["subject"] else ""
    value = "nothing was measured" if row["value"] is None else f"{row['value']:g}"
    # what is expected and was not measured blocks also where a value could only warn
    bound = row["error_threshold"]
    wanted = "" if bound is None else f", {row['direction'].replace('_', ' ')} {bound:g}"
    return f"  {row['game_date']} {row['metric']}{subject}: {value}{wanted}. {row['remedy']}"
