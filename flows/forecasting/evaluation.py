"""Walk-forward evaluation: each block of days is forecast by what was known before its first day.

All systems speak of the same player-games: our model, the averages made in SQL, their ensemble,
and where there is a line the market's own numbers and a blend with ours.
"""

from __future__ import annotations

import hashlib
import time as clocks
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from flows.clock import EASTERN
from flows.forecasting.card import TrainingParameters
from flows.forecasting.distribution import (
    LAW_ROWS,
    VarianceLaw,
    clip_mean,
    fit_variance_law,
)
from flows.forecasting.errors import TrainingError
from flows.forecasting.evaluation_tables import BLOCKS, SCORES
from flows.forecasting.features import column_of, feature_matrix, floats, require_columns
from flows.forecasting.scoring import Scores, implied_mean, score, score_points
from flows.forecasting.training import LABELS, SYSTEM, TrainedModel, train

OURS = SYSTEM
ENSEMBLE = "ensemble"
LINE = "consensus_line"
MARKET = "market_implied"
BLEND = "market_blend"
# What the market says weighs this much in the blend; ours the rest.
MARKET_SHARE = 0.75
OCTOBER, NOVEMBER = 10, 11

CONTEXT = ("feature_row_id", "minutes_ewma_6", "is_home", "cut_off_at")
LINE_COLUMNS = (
    "line",
    "market_probability",
    "over_price",
    "under_price",
    "over_bookmaker",
    "under_bookmaker",
    "line_known_at",
)

Trainer = Callable[..., TrainedModel]


@dataclass(frozen=True)
class Block:
    """Days that are forecast by one model, and the instant before which it learnt."""

    first: date
    last: date

    @property
    def opens_at(self) -> datetime:
        """Midnight Eastern of the first day."""
        return datetime.combine(self.first, time(), EASTERN)


@dataclass(frozen=True)
class Question:
    """What is evaluated.

    Args:
        market: points, rebounds, assists or threes.
        information_set: what the forecasts know.
        features: what the model reads, in its order.
        systems: systems made in SQL; a column `<system>_<market>` holds each one's mean.
        weights: weight of each member of the ensemble, ours among them.
        params: how a model is trained.
        trainer: called as `training.train` is.
    """

    market: str
    information_set: str
    features: tuple[str, ...]
    systems: tuple[str, ...] = ()
    weights: Mapping[str, float] = field(default_factory=dict)
    params: TrainingParameters = field(default_factory=TrainingParameters)
    trainer: Trainer = train

    def column(self, system: str) -> str:
        """Column of a system's mean."""
        return column_of(system, self.market)


@dataclass(frozen=True)
class Forecast:
    """Means and variances of a block's rows, NaN where the system says nothing.

    variance: None of a point forecast.
    """

    mean: np.ndarray
    variance: np.ndarray | None


def blocks_of(days: Sequence[date]) -> list[Block]:
    """The calendar months that the days lie in, October with November, in order."""
    months: dict[tuple[int, int], list[date]] = {}
    for day in sorted(set(days)):
        month = NOVEMBER if day.month == OCTOBER else day.month
        months.setdefault((day.year, month), []).append(day)
    return [Block(found[0], found[-1]) for found in months.values()]


def evaluate_block(
    examples: pa.Table, block: Block, question: Question, *, scored: pa.ChunkedArray | pa.Array
) -> tuple[pa.Table, pa.Table]:
    """Forecast and score a block; what it opens with is all that any system has learnt from.

    examples: rows of the information set, of the block and of all time before it.
    scored: mask of the rows that may be scored.

    Returns rows of the tables `scores` and `blocks`, all but `evaluation_id`.

    Raises:
        TrainingError: nothing to score, or nothing to train on.
        FeatureContractError: a column is missing or unfit.
    """
    began = clocks.perf_counter()
    means = [question.column(one) for one in question.systems]
    require_columns(examples, [*CONTEXT, *LINE_COLUMNS, *means], "the examples")
    known_at = examples["result_known_at"]
    known = examples.filter(pc.less(known_at, pa.scalar(block.opens_at, known_at.type)))
    day = pc.cast(examples["game_date"], pa.date32())
    inside = pc.and_(
        pc.greater_equal(day, pa.scalar(block.first)), pc.less_equal(day, pa.scalar(block.last))
    )
    rows = examples.filter(pc.and_(inside, scored))
    if not rows.num_rows:
        raise TrainingError(f"no player-game from {block.first} to {block.last} to score")
    model = question.trainer(
        known,
        question.features,
        question.market,
        as_of=block.opens_at,
        information_set=question.information_set,
        params=question.params,
    )
    forecasts = {OURS: _ours(model, rows)}
    for system in question.systems:
        column, label = question.column(system), LABELS[question.market]
        forecasts[system] = _of_column(rows[column], known[column], known[label])
    compared = np.all([~np.isnan(one.mean) for one in forecasts.values()], axis=0)
    if question.weights:
        forecasts[ENSEMBLE] = ensemble(forecasts, question.weights)
    forecasts |= of_market(rows, forecasts[OURS], model.card.law)
    parts = [
        _scored(rows, question.market, system, forecast, compared)
        for system, forecast in forecasts.items()
    ]
    trained = model.card.rows
    done = {
        "market": question.market,
        "block_start": block.first,
        "block_end": block.last,
        "rows_scored": rows.num_rows,
        "training_rows": trained.n_rows,
        "training_end_date": trained.end_date,
        "max_result_known_at": trained.max_result_known_at,
        "model_version": model.card.model_version,
        "seconds": clocks.perf_counter() - began,
    }
    schema = BLOCKS.arrow_schema()
    fields = pa.schema([schema.field(name) for name in done])
    return pa.concat_tables(parts), pa.Table.from_pylist([done], schema=fields)


def ensemble(forecasts: Mapping[str, Forecast], weights: Mapping[str, float]) -> Forecast:
    """The weighted mean of means and of variances over the members that speak, ours among them."""
    members = [one for one in weights if one in forecasts]
    mean = np.stack([forecasts[one].mean for one in members])
    variance = np.stack([forecasts[one].variance for one in members])
    weight = np.array([weights[one] for one in members])[:, None] * ~np.isnan(mean)
    weight = weight / weight.sum(axis=0)
    silent = np.isnan(forecasts[OURS].mean)
    return Forecast(
        *(
            np.where(silent, np.nan, (weight * np.where(weight > 0, one, 0)).sum(axis=0))
            for one in (mean, variance)
        )
    )


def of_market(rows: pa.Table, ours: Forecast, law: VarianceLaw) -> dict[str, Forecast]:
    """The line itself; the mean that its price implies under the law; a blend of that with ours."""
    line, over = floats(rows["line"]), floats(rows["market_probability"])
    priced = ~np.isnan(line) & (over > 0) & (over < 1)
    mean = np.full(line.size, np.nan)
    mean[priced] = implied_mean(line[priced], over[priced], law)
    variance = law.variance(mean)
    share = MARKET_SHARE
    return {
        LINE: Forecast(line, None),
        MARKET: Forecast(mean, variance),
        BLEND: Forecast(
            share * mean + (1 - share) * ours.mean, share * variance + (1 - share) * ours.variance
        ),
    }


def examples_digest(examples: pa.Table) -> str:
    """Hash (16 hex characters) of every number and instant of ordered examples."""
    digest = hashlib.sha256()
    names = [one.name for one in examples.schema if not pa.types.is_string(one.type)]
    instants = [one for one in names if pa.types.is_timestamp(examples.schema.field(one).type)]
    days = [one for one in names if pa.types.is_date(examples.schema.field(one).type)]
    numbers = [one for one in names if one not in (*instants, *days)]
    digest.update(feature_matrix(examples, numbers).T.tobytes())
    for name in (*instants, *days):
        digest.update(examples[name].to_numpy().astype(np.int64).tobytes())
    digest.update("|".join(names).encode())
    return digest.hexdigest()[:16]


def _ours(model: TrainedModel, rows: pa.Table) -> Forecast:
    mean = model.mean(rows)
    return Forecast(mean, model.variance(mean))


def _of_column(
    column: pa.ChunkedArray, earlier: pa.ChunkedArray, outcome: pa.ChunkedArray
) -> Forecast:
    """A system's means, with the law that its own earlier means and their outcomes follow."""
    then, actual = floats(earlier), floats(outcome)
    spoke = ~np.isnan(then)
    mean = floats(column)
    if spoke.sum() < LAW_ROWS:
        raise TrainingError(
            f"{int(spoke.sum())} earlier means are too few for a law of variance; "
            f"load at least {LAW_ROWS} player-games before the block"
        )
    law = fit_variance_law(then[spoke], actual[spoke])
    mean = clip_mean(mean)
    return Forecast(mean, law.variance(mean))


def _scored(
    rows: pa.Table, market: str, system: str, forecast: Forecast, compared: np.ndarray
) -> pa.Table:
    """Rows of `scores` for those of whom the system says something."""
    spoken = ~np.isnan(forecast.mean)
    rows = rows.filter(pa.array(spoken))
    mean = forecast.mean[spoken]
    actual, line = floats(rows[LABELS[market]]), floats(rows["line"])
    if forecast.variance is None:
        variance = np.full(mean.size, np.nan)
        found = score_points(mean, actual)
    else:
        variance = forecast.variance[spoken]
        found = score(mean, variance, actual, line)
    columns = {
        "market": pa.repeat(market, rows.num_rows),
        "system": pa.repeat(system, rows.num_rows),
        **{name: rows[name] for name in ("player_id", "game_id", "game_date")},
        "mean": _nullable(mean),
        "variance": _nullable(variance),
        "median": _nullable(found.median),
        "actual": actual,
        "absolute_error": found.absolute_error,
        "mean_error": mean - actual,
        "pinball": found.pinball,
        "crps": found.crps,
        **_intervals(found),
        "expected_minutes": rows["minutes_ewma_6"],
        "is_home": rows["is_home"],
        "is_compared": compared[spoken],
        "line": rows["line"],
        "over_probability": _nullable(found.over / (found.over + found.under)),
        "push_probability": _nullable(found.push),
        "market_probability": rows["market_probability"],
        **{name: rows[name] for name in ("over_price", "under_price")},
        **{name: rows[name] for name in ("over_bookmaker", "under_bookmaker")},
        "is_line_newer": pc.greater_equal(rows["line_known_at"], rows["cut_off_at"]),
    }
    schema = pa.schema([one for one in SCORES.arrow_schema() if one.name != "evaluation_id"])
    return pa.table(columns).select(schema.names).cast(schema)


def _intervals(found: Scores) -> dict[str, pa.Array]:
    """Coverage and probability integral transform; null of a point forecast."""
    names = {"is_within_50": 0.5, "is_within_80": 0.8, "is_within_90": 0.9}
    rows = found.median.size
    if found.within is None:
        empty = {name: pa.nulls(rows, pa.bool_()) for name in names}
        return empty | {name: pa.nulls(rows, pa.float64()) for name in ("pit_low", "pit_high")}
    within = {name: pa.array(found.within[level]) for name, level in names.items()}
    return within | {"pit_low": pa.array(found.pit_low), "pit_high": pa.array(found.pit_high)}


def _nullable(values: np.ndarray) -> pa.Array:
    """NaN as NULL."""
    return pa.array(values, pa.float64(), from_pandas=True)
