"""What a backfill found before it began, and what became of it, as tables for a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from flows.backfill_ledger import COMPLETE, DEGRADED, FAILED, NO_GAMES

if TYPE_CHECKING:
    from flows.backfill import BackfillResult
    from flows.preflight import Check

VERDICTS = {True: ("ok", "green"), False: ("failed", "bold red"), None: ("unknown", "yellow")}


def table_of(checks: Sequence[Check]) -> Table:
    """A line a check."""
    table = Table("before the first request", "", "what was seen", box=None, header_style="bold")
    for one in checks:
        table.add_row(one.name, Text(*VERDICTS[one.is_ok]), Text(one.said))
    return table


def summary(result: BackfillResult) -> str:
    """The backfill in a line: its dates by what became of them."""
    counts = result.counts
    parts = [
        f"{counts.get(status, 0)} {said}"
        for status, said in (
            (COMPLETE, "complete"),
            (NO_GAMES, "without games"),
            (DEGRADED, "degraded"),
            (FAILED, "failed"),
        )
    ]
    return (
        f"backfill {result.backfill_id}: {len(result.dates)} game dates expected, "
        f"{', '.join(parts)}, {result.skipped} done before"
    )
