"""How good the forecasts would have been: a walk-forward against the line and plain averages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import pyarrow as pa

from flows import modelling, warehouse
from flows.dbt_runner import DbtRunner
from flows.progress import Reporter
from loaders.engines import engine
from loaders.errors import WarehouseMissing
from loaders.settings import FIRST_GAME_DATE

if TYPE_CHECKING:
    from loaders.settings import Settings

# Name of a rival -> SQL of its number for the player-game.
RIVALS = {
    "consensus line": "outcomes.consensus_line",
    "season average": "examples.{market}_avg_season",
    "last 10 average": "examples.{market}_avg_last_10",
}
# A column's name may hold no space everywhere.
RIVAL_COLUMNS = {name: f"rival_{name.replace(' ', '_')}" for name in RIVALS}


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

    if not warehouse.relation_exists(settings, "marts.prop_line_outcomes"):
        raise WarehouseMissing(
            f"{engine(settings).place} holds no outcomes of lines yet: "
            "run `nba-props backfill`, then `nba-props daily` for one of its days"
        )
    settle(settings, reporter)
    features = modelling.read_features(settings)
    summaries = []
    for market in markets:
        with reporter.step(f"walk forward: {market}"):
            evaluation = walk_forward(
                _examples(settings, features, market, information_set, end),
                features,
                market,
                start=start,
                end=end,
                information_set=information_set,
                rivals=RIVAL_COLUMNS,
                progress=reporter.share,
            )
        summaries.append(evaluation.summary)
    return pa.concat_tables(summaries, promote_options="permissive")


def _examples(
    settings: Settings, features: Sequence[str], market: str, information_set: str, end: date
) -> pa.Table:
    """Training examples of the set up to `end`, with a column a rival."""
    columns = ", ".join(f"examples.{name}" for name in modelling.example_columns(features))
    rivals = ", ".join(
        f"{sql.format(market=market)} as {RIVAL_COLUMNS[name]}" for name, sql in RIVALS.items()
    )
    days = [FIRST_GAME_DATE, end]
    return warehouse.query(
        settings,
        f"""
        select {columns}, {rivals}
        from marts.ml_training_examples as examples
        left join (
            select player_id, game_id, consensus_line
            from marts.prop_line_outcomes
            where game_date between ? and ? and market = ?
        ) as outcomes
            on examples.player_id = outcomes.player_id and examples.game_id = outcomes.game_id
        where examples.game_date between ? and ? and examples.information_set = ?
        """,
        [*days, market, *days, information_set],
    )


def settle(settings: Settings, reporter: Reporter) -> None:
    """Rebuild the features that a replay left as of its own instant, as of the latest live run."""
    unsettled = warehouse.query(
        settings,
        """
        select count(*) as n
        from audit.feature_builds
        where built_as_of < settled_at
            and built_as_of < (select max(as_of) from raw_runs.runs where run_mode = 'live')
        """,
    )
    if unsettled["n"][0].as_py():
        with reporter.step("settle features"):
            DbtRunner(settings, reporter=reporter).build(selector="slate")
