"""How good the forecasts would have been: a walk-forward against the line and plain averages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import pyarrow as pa

from flows import steps, warehouse
from flows.progress import Reporter

if TYPE_CHECKING:
    from loaders.settings import Settings

# Name of a rival -> column of marts.prop_line_outcomes with its number for the player-game.
RIVALS = {
    "consensus line": "consensus_line",
    "season average": "season_average",
    "last 10 average": "last_10_average",
}


def evaluate(
    settings: Settings,
    *,
    start: date,
    end: date,
    markets: Sequence[str],
    information_set: str,
    reporter: Reporter,
) -> pa.Table:
    """Scores by market and system on the player-games from `start` to `end` that had a line.

    Returns:
        A row a market and system: n, mae_median, mae_mean, rmse, crps, c80, in the market's unit.

    Raises:
        WarehouseMissing: no feature store yet.
        ForecastingError: nothing to train on, or nothing to score.
    """
    from flows.forecasting.evaluation import walk_forward

    features = steps.read_features(settings)
    summaries = []
    for market in markets:
        with reporter.step(f"walk forward: {market}"):
            evaluation = walk_forward(
                _examples(settings, features, market, information_set),
                features,
                market,
                start=start,
                end=end,
                information_set=information_set,
                rivals=RIVALS,
                progress=reporter.share,
            )
        summaries.append(evaluation.summary)
    return pa.concat_tables(summaries, promote_options="permissive")


def _examples(
    settings: Settings, features: Sequence[str], market: str, information_set: str
) -> pa.Table:
    columns = ", ".join(f"examples.{name}" for name in steps.example_columns(features))
    rivals = ", ".join(f"outcomes.{column}" for column in RIVALS.values())
    return warehouse.query(
        settings,
        f"""
        select {columns}, {rivals}
        from marts.ml_training_examples as examples
        left join marts.prop_line_outcomes as outcomes
            on
                examples.player_id = outcomes.player_id
                and examples.game_id = outcomes.game_id
                and outcomes.market = $market
        where examples.information_set = $information_set
        """,
        {"market": market, "information_set": information_set},
    )
