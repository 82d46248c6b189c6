"""Lineage and alarms as tables for a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    import pyarrow as pa

    from flows.alarms import Alarm

SEVERITY = {"critical": "bold red", "warning": "yellow", "info": "dim"}
# What there is once a prediction, by the heading it stands under.
HEAD = {
    "prediction": ("forecast_id", "market", "game_date", "information_set", "created_at"),
    "run": ("run_id", "command", "run_mode", "run_started_at", "as_of", "run_trigger", "git_sha"),
    "model": (
        "model_version",
        "trained_as_of",
        "train_start_date",
        "train_end_date",
        "training_rows",
        "feature_list_hash",
        "newest_training_load_id",
    ),
    "features": ("feature_row_id", "cut_off_at", "features_cut_off_at", "inputs_known_at"),
}
LOADS = {
    "what": "role",
    "source": "source",
    "table": "resource",
    "load": "load_id",
    "loaded": "load_completed_at",
    "rows": "facts",
    "from": "first_date",
    "to": "last_date",
    "requests": "requests",
    "HTTP": "http_statuses",
}


def lineage(rows: pa.Table) -> Group:
    """A prediction's run, model and feature row, and a line a raw load behind it."""
    loads = rows.to_pylist()
    parts: list[RenderableType] = [_head(title, loads[0], HEAD[title]) for title in HEAD]
    table = Table(header_style="bold", box=None, pad_edge=False, padding=(0, 1, 0, 0))
    for heading in LOADS:
        table.add_column(heading, no_wrap=True)
    for row in loads:
        style = "yellow" if row["is_reloaded"] else None
        table.add_row(*(_plain(row[name]) for name in LOADS.values()), style=style)
    again = sum(1 for row in loads if row["is_reloaded"])
    if again:
        note = f"yellow: {again} loads came after the prediction and changed what it had read"
        return Group(*parts, table, Text(note, style="yellow"))
    return Group(*parts, table)


def alarms(found: Sequence[Alarm]) -> RenderableType:
    """A line an alarm, the gravest first, with what to do."""
    if not found:
        return Text("no alarm", style="green")
    table = Table(header_style="bold", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in ("day", "severity", "rule", "cause", "what", "what to do", "sent"):
        table.add_column(heading)
    for one in found:
        table.add_row(
            str(one.day),
            Text(one.severity, style=SEVERITY[one.severity]),
            one.rule,
            *(Text(text) for text in (one.cause, one.message, one.remedy)),
            "" if one.sent_at is None else f"{one.sent_at:%H:%M:%S}Z",
        )
    return table


def _head(title: str, row: dict[str, Any], names: Sequence[str]) -> Text:
    said = ", ".join(f"{name} {_plain(row[name])}" for name in names if row[name] is not None)
    return Text.assemble((f"{title:<11}", "bold"), said or "not found")


def _plain(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:%Y-%m-%dT%H:%M:%SZ}" if hasattr(value, "hour") else str(value)
