"""The user's bets as tables for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from flows.bets import Bets
    from loaders.bets import Entered

STYLES = {"won": "green", "lost": "red", "unresolved": "bold yellow"}
NO_BETS = "no bets yet: `nba-props bet --help` and `nba-props bets import --help` say how"


def entered(result: Entered) -> RenderableType:
    """How many bets were new, and what is wrong with those that were refused."""
    lines: list[RenderableType] = [
        Text(f"{result.given} bets, {result.new} new; the next run grades them")
    ]
    if result.unknown_fields:
        lines.append(Text(f"columns that are not loaded: {', '.join(result.unknown_fields)}"))
    if result.refused:
        lines.append(Text(f"{len(result.refused)} refused, kept in raw_bets.rejects:", "bold red"))
        lines += [
            Text(f"  line {one.line_number}: {one.reason}. {one.remedy}") for one in result.refused
        ]
    return Group(*lines)


def bets(found: Bets, *, limit: int | None) -> RenderableType:
    """The bets, the latest first, then what became of them by month and market."""
    parts: list[RenderableType] = []
    if found.graded is not None and found.graded.num_rows:
        parts += [_graded(found, limit), Text()]
    if found.record is not None and found.record.num_rows:
        parts += [_record(found), Text()]
    if found.waiting is None:
        parts.append(Text("a run writes: bets that were entered since the last one are not shown"))
    elif found.waiting.num_rows:
        parts += [Text("not graded yet; the next run grades them:"), _waiting(found)]
    return Group(*parts) if parts else Text(NO_BETS)


def _graded(found: Bets, limit: int | None) -> Table:
    table = _table("date", "player", "market", "side", "line", "price", "stake")
    for name in ("result", "actual", "profit", "close", "clv"):
        table.add_column(name, justify="right", no_wrap=True)
    for row in found.graded.slice(0, limit).to_pylist():
        said = row["result"]
        if row["unresolved_reason"]:
            said = f"{said}: {row['unresolved_reason']}"
        table.add_row(
            *_bet(row, "bet_date"),
            Text(said, style=STYLES.get(row["result"], "")),
            "" if row["actual_value"] is None else str(row["actual_value"]),
            "" if row["profit"] is None else f"{row['profit']:+.2f}",
            "" if row["closing_line"] is None else f"{row['closing_line']:g}",
            "" if row["clv"] is None else f"{row['clv']:+.1%}",
        )
    return table


def _record(found: Bets) -> Table:
    table = _table("month", "market")
    for name in ("bets", "won", "lost", "push", "staked", "profit", "return", "clv"):
        table.add_column(name, justify="right", no_wrap=True)
    for row in found.record.to_pylist():
        table.add_row(
            row["month"],
            row["market"],
            *(str(row[name]) for name in ("bets", "won", "lost", "push")),
            f"{row['staked']:.2f}",
            f"{row['profit']:+.2f}",
            "" if row["return_on_stake"] is None else f"{row['return_on_stake']:+.1%}",
            "" if row["mean_clv"] is None else f"{row['mean_clv']:+.1%}",
        )
    return table


def _waiting(found: Bets) -> Table:
    table = _table("placed", "player", "market", "side", "line", "price", "stake")
    for row in found.waiting.to_pylist():
        table.add_row(*_bet(row, "placed_at"))
    return table


def _bet(row: dict, when: str) -> list[str]:
    return [
        str(row[when])[:10],
        row["player_name"],
        row["market"],
        row["side"],
        f"{row['line']:g}",
        f"{row['price_american']:+d}",
        f"{row['stake']:g}",
    ]


def _table(*names: str) -> Table:
    table = Table(header_style="bold", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for name in names:
        table.add_column(name, no_wrap=True)
    return table
