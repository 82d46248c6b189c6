"""What an evaluation found, as tables for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from flows import warehouse

if TYPE_CHECKING:
    from loaders.settings import Settings

VERDICTS = {"alarm": "bold red", "missed": "yellow", "must": "green", "excellent": "bold green"}


def scores(settings: Settings, evaluation_id: str) -> Group:
    """Scores by market and system on what all systems speak of; then bars, and P(over) at lines."""
    rows = warehouse.query(
        settings,
        """
        select
            market, stratum, system, n, mae_median, mae_median_margin, mae_mean, rmse, pin19, crps,
            c50, c80, c90, skill
        from reports.evaluation_scores
        where
            evaluation_id = ?
            and scope = 'common'
            and stratum in ('all', 'X20', 'with line')
        order by market, stratum, crps, system
        """,
        [evaluation_id],
    ).to_pylist()
    bars = warehouse.query(
        settings,
        """
        select bar, information_set, is_ceiling, figure, value, margin, must_from, must_to,
            excellent_from, excellent_to, alarm_below, verdict
        from reports.evaluation_bars
        where evaluation_id = ?
        order by bar
        """,
        [evaluation_id],
    ).to_pylist()
    parts: list[RenderableType] = []
    for market, stratum in dict.fromkeys((row["market"], row["stratum"]) for row in rows):
        those = [row for row in rows if (row["market"], row["stratum"]) == (market, stratum)]
        parts += [Text(f"\n{market}, {stratum}: {those[0]['n']:,} player-games", style="bold")]
        parts += [_systems(those)]
    parts += [Text("\nBars", style="bold"), _bars(bars)]
    parts += _lines(settings, evaluation_id)
    return Group(*parts)


def feature_groups(settings: Settings, evaluation_id: str) -> Group:
    """What each group of features buys."""
    rows = warehouse.query(
        settings,
        """
        select market, choice, feature_group, features, rows_scored, mae_median, crps,
            mae_gain, crps_gain
        from reports.evaluation_feature_groups
        where evaluation_id = ?
        order by market, choice, crps_gain desc, feature_group
        """,
        [evaluation_id],
    ).to_pylist()
    table = _table("market", "features of", right=("features", "MAE", "CRPS", "MAE +", "CRPS +"))
    for row in rows:
        table.add_row(
            row["market"],
            f"{row['choice']} {row['feature_group']}".replace("_", " ").strip(),
            f"{row['features']}",
            *(_number(row[name]) for name in ("mae_median", "crps")),
            *(_number(row[name], "{:+.4f}") for name in ("mae_gain", "crps_gain")),
        )
    return Group(table)


def _systems(rows: list[dict[str, Any]]) -> Table:
    names = ("MAE", "±", "MAE of mean", "RMSE", "pin19", "CRPS", "50 %", "80 %", "90 %", "skill")
    table = _table("system", right=names)
    best = min(row["crps"] for row in rows)
    for row in rows:
        errors = ("mae_median", "mae_median_margin", "mae_mean", "rmse", "pin19", "crps")
        table.add_row(
            row["system"],
            *(_number(row[name]) for name in errors),
            *(_number(row[name], "{:.1%}") for name in ("c50", "c80", "c90", "skill")),
            style="bold" if row["crps"] == best else "",
        )
    return table


def _bars(rows: list[dict[str, Any]]) -> Table:
    table = _table("bar", right=("measured", "±", "must", "excellent", "alarm below", "verdict"))
    for row in rows:
        table.add_row(
            row["bar"],
            *(_number(row[name]) for name in ("value", "margin")),
            _range(row["must_from"], row["must_to"]),
            _range(row["excellent_from"], row["excellent_to"]),
            _number(row["alarm_below"]),
            Text(row["verdict"], style=VERDICTS.get(row["verdict"], "dim")),
        )
    return table


def _lines(settings: Settings, evaluation_id: str) -> list[RenderableType]:
    rows = warehouse.query(
        settings,
        """
        select market, system, lines, n, log_loss, model_log_loss, market_log_loss,
            log_loss_excess, log_loss_excess_margin
        from reports.evaluation_line_scores
        where evaluation_id = ?
        order by market, lines, log_loss
        """,
        [evaluation_id],
    ).to_pylist()
    if not rows:
        return []
    right = ("n", "published", "alone", "market", "published - market", "±")
    table = _table("market", "system", "lines", right=right)
    for row in rows:
        losses = ("log_loss", "model_log_loss", "market_log_loss")
        table.add_row(
            *(row[name] for name in ("market", "system", "lines")),
            f"{row['n']:,}",
            *(_number(row[name], "{:.4f}") for name in losses),
            _number(row["log_loss_excess"], "{:+.4f}"),
            _number(row["log_loss_excess_margin"], "{:.4f}"),
        )
    return [Text("\nLog-loss of P(over) at the closing line", style="bold"), table]


def _table(*left: str, right: tuple[str, ...]) -> Table:
    table = Table(header_style="bold", box=None, pad_edge=False, padding=(0, 1))
    for name in left:
        table.add_column(name, no_wrap=True)
    for name in right:
        table.add_column(name, justify="right", no_wrap=True)
    return table


def _number(value: float | None, form: str = "{:.3f}") -> str:
    return "" if value is None else form.format(value)


def _range(low: float | None, high: float | None) -> str:
    """`4.56` at most, `.78 to .86`, or at least `.04`; empty where there is no bar."""
    if low is None:
        return _number(high, "≤ {:.3f}")
    return f"{low:.3f} to {high:.3f}" if high is not None else f"≥ {low:.3f}"
