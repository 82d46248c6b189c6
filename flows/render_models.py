"""The trained models as a table for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    import pyarrow as pa


def models(found: pa.Table) -> RenderableType:
    """A row a model and what it was compared by with the one that forecasts."""
    if not found.num_rows:
        return Text("no model was trained yet: `nba-props retrain` trains them")
    table = Table(header_style="bold", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for name in ("market", "set", "model", "trained as of", "forecasts", "compared by"):
        table.add_column(name, no_wrap=True)
    for name in ("rows", "error", "champion's", "standard error", "may be promoted"):
        table.add_column(name, justify="right", no_wrap=True)
    for row in found.to_pylist():
        basis = row["basis"]
        table.add_row(
            row["market"],
            row["information_set"],
            row["model_version"],
            f"{row['trained_as_of']:%Y-%m-%d}",
            Text(f"yes, {basis}", style="green") if basis else "",
            row["evidence"] or "",
            *_compared(row),
        )
    return table


def _compared(row: dict) -> list[str]:
    if row["evidence"] is None:
        return [""] * 5
    errors = ("mean_absolute_error", "champion_mean_absolute_error", "standard_error")
    verdict = "too few rows" if not row["is_enough"] else "yes" if row["is_not_worse"] else "no"
    numbers = ["" if row[name] is None else f"{row[name]:.4f}" for name in errors]
    return [str(row["compared_rows"]), *numbers, verdict]
