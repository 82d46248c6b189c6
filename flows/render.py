"""The published slate as a table for a terminal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from flows import warehouse
from flows.clock import EASTERN
from loaders.errors import WarehouseMissing

if TYPE_CHECKING:
    import pyarrow as pa

    from loaders.pipeline import LoadOutcome
    from loaders.settings import Settings

# Recommendations first, then what was looked at and left, then what has no price.
ORDER = """
    case recommendation when 'OVER' then 0 when 'UNDER' then 0 when 'PASS' then 1 else 2 end,
    edge desc nulls last,
    tipoff_at,
    player_name,
    market
"""
AND_MARKET = "and market = ?"
COLOURS = {"OVER": "green", "UNDER": "magenta"}


def slate(
    settings: Settings, *, market: str | None = None, limit: int | None = None
) -> RenderableType:
    """The latest published slate: forecasts with prices, recommendations first, then who has none.

    Raises:
        WarehouseMissing: nothing is published yet.
    """
    published = warehouse.query_published(
        settings, "select run_id, as_of, run_mode from published.publication"
    ).to_pylist()
    if not published:
        raise WarehouseMissing("nothing is published yet: `nba-props daily` publishes at its end")
    [publication] = published
    rows = warehouse.query_published(
        settings,
        f"""
        select *
        from reports.todays_slate
        where predicted_value is not null and run_mode = ? {"" if market is None else AND_MARKET}
        order by {ORDER}
        """,
        [publication["run_mode"], *([] if market is None else [market])],
    )
    reasons = warehouse.query_published(
        settings,
        """
        select reason, count(distinct player_name) as players
        from reports.todays_slate
        where predicted_value is null
        group by reason
        order by players desc, reason
        """,
    ).to_pylist()
    shown = rows if limit is None else rows.slice(0, limit)
    parts: list[RenderableType] = [_title(rows.num_rows, publication, shown)]
    if rows.num_rows:
        parts.append(_Slate(shown.to_pylist()))
    if shown.num_rows < rows.num_rows:
        parts.append(
            Text(f"{rows.num_rows - shown.num_rows} more: nba-props slate --all", style="dim")
        )
    if reasons:
        parts.append(Text("\nOn the slate without a prediction", style="bold"))
        parts += [Text(f"  {one['players']:>4}  {one['reason']}") for one in reasons]
    return Group(*parts)


def _title(count: int, publication: dict[str, Any], shown: Any) -> Text:
    as_of = publication["as_of"].astimezone(EASTERN)
    day = shown.column("game_date")[0].as_py() if shown.num_rows else None
    what = f"Slate of {day:%A, %d %B %Y}" if day else "No forecast on the published slate"
    return Text.assemble(
        (what, "bold"),
        (
            f"   {count} forecasts as of {as_of:%d %b %H:%M} Eastern"
            f" ({publication['run_mode']} run {publication['run_id']})",
            "dim",
        ),
    )


class _Slate:
    """The slate's rows, in as many columns as the terminal is wide."""

    def __init__(self, rows: list[dict[str, Any]]) -> None:
        self.rows = rows

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        # What goes first where room is short stands last here.
        dropped = ("tip-off", "book", "sure")
        for count in range(len(dropped) + 1):
            table = _table(self.rows, without=dropped[:count])
            natural = Measurement.get(console, options.update(max_width=UNBOUNDED), table)
            if natural.maximum <= options.max_width:
                break
        yield table


def _table(rows: list[dict[str, Any]], without: Sequence[str]) -> Table:
    table = Table(header_style="bold", box=None, pad_edge=False, padding=(0, 1, 0, 0))
    columns = {name: cell for name, cell in COLUMNS.items() if name not in without}
    for name in columns:
        table.add_column(name, justify="left" if name in LEFT else "right", no_wrap=True)
    for row in rows:
        table.add_row(*(cell(row) for cell in columns.values()))
    return table


def _hour(instant: datetime | None) -> str:
    return "" if instant is None else f"{instant.astimezone(EASTERN):%H:%M}"


def _number(value: float | None, form: str) -> str:
    return "" if value is None else form.format(value)


def _call(row: dict[str, Any]) -> Text:
    call = row["recommendation"]
    return Text(call or "", style=COLOURS.get(call, "dim"))


COLUMNS: dict[str, Callable[[dict[str, Any]], str | Text]] = {
    "player": lambda row: row["player_name"],
    "game": lambda row: f"{row['team_abbreviation']} v {row['opponent_abbreviation']}",
    "tip-off": lambda row: _hour(row["tipoff_at"]),
    "market": lambda row: row["market"],
    "line": lambda row: _number(row["line"], "{:.1f}"),
    "book": lambda row: row["bookmaker"] or "",
    "over": lambda row: _number(row["over_price_american"], "{:+.0f}"),
    "under": lambda row: _number(row["under_price_american"], "{:+.0f}"),
    "ours": lambda row: _number(row["predicted_value"], "{:.1f}"),
    "P(over)": lambda row: _number(row["probability_over"], "{:.0%}"),
    "edge": lambda row: _number(row["edge"], "{:+.1%}"),
    "call": _call,
    "sure": lambda row: _number(row["confidence"], "{:.0f}"),
}
SEVERITIES = {"error": "bold red", "warn": "yellow"}
# Columns, for measuring what a table would like to have.
UNBOUNDED = 1000
LEFT = ("player", "game", "market", "book", "call")


def any_table(rows: Any) -> Table:
    """Rows of any query as a plain table."""
    table = Table(header_style="bold", box=None, pad_edge=False, padding=(0, 1))
    for field in rows.schema:
        table.add_column(field.name, no_wrap=True)
    for row in rows.to_pylist():
        table.add_row(*(_plain(value) for value in row.values()))
    return table


def _plain(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def loads(outcomes: Sequence[LoadOutcome]) -> Table:
    """What the loads of a run brought, summed by source and resource."""
    table = Table(header_style="bold", box=None, pad_edge=False, padding=(0, 1))
    table.add_column("source")
    table.add_column("resource")
    names = ["received", "new or changed", "rejected"]
    # of the few sources that can skip something
    names += ["skipped"] if any(one.skipped for one in outcomes) else []
    for name in names:
        table.add_column(name, justify="right")
    sums: dict[tuple[str, str], list[int]] = {}
    for one in outcomes:
        row = sums.setdefault((one.source, one.resource), [0, 0, 0, 0])
        numbers = (one.received, one.rows, one.rejected, one.skipped)
        sums[one.source, one.resource] = [n + new for n, new in zip(row, numbers, strict=True)]
    for (source, resource), numbers in sums.items():
        good, bad = numbers[:2], numbers[2 : len(names)]
        said = [f"{number:,}" for number in good]
        set_aside = [Text(f"{number:,}", style="yellow" if number else "") for number in bad]
        table.add_row(source, resource, *said, *set_aside)
    return table


def findings(found: pa.Table) -> RenderableType:
    """What the doctor found, each with what to do under it; what needs a hand in red."""
    if not found.num_rows:
        return Text("Nothing is late, missing, failed, degraded or waived.", style="green")
    lines: list[RenderableType] = []
    for row in found.to_pylist():
        style = SEVERITIES.get(row["severity"], "")
        head = f"{row['finding']:<9} {row['since']}  "
        lines.append(Text.assemble((head, style), row["what"]))
        lines.append(Text(f"{'':<{len(head)}}{row['remedy'] or ''}", style="dim"))
    return Group(*lines)
