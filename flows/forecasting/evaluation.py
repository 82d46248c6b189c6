"""Walk-forward evaluation: every block of days is forecast by a model that ends before it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from flows.clock import EASTERN
from flows.forecasting.card import TrainingParameters
from flows.forecasting.distribution import covered, crps, median
from flows.forecasting.errors import TrainingError
from flows.forecasting.features import require_columns
from flows.forecasting.training import LABELS, TrainedModel, train

OURS = "catboost"

Trainer = Callable[..., TrainedModel]
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Evaluation:
    """What a walk-forward evaluation found.

    summary: a row a system on the same rows: market, information_set, system, n, mae_median,
        mae_mean, rmse, crps, c80.
    forecasts: a row a scored player-game: player_id, game_id, game_date, information_set, market,
        model_version, mean, variance, median, actual, crps, within_80, and one column a rival.
    left_out: player-games of the window that were not scored, for want of a rival's value.
    """

    summary: pa.Table
    forecasts: pa.Table
    left_out: int


def walk_forward(
    examples: pa.Table,
    features: Sequence[str],
    market: str,
    *,
    start: date,
    end: date,
    information_set: str,
    rivals: Mapping[str, str],
    block_days: int | None = 7,
    params: TrainingParameters | None = None,
    trainer: Trainer = train,
    progress: Progress | None = None,
) -> Evaluation:
    """Score our forecasts and their rivals' on the player-games from `start` to `end`, inclusive.

    Each block of `block_days` days (None: the whole window) is forecast by a model trained on all
    examples whose result was known before midnight Eastern of the block's first day. Scored are
    the rows on which every rival has a value.

    examples: training examples of the window and of all time before it, with the rivals' columns.
    rivals: name of a rival -> column of its point forecast. A point forecast is its own mean and
        median, and its CRPS is its absolute error; it has no coverage.
    trainer: called as `training.train` is.
    progress: called with (blocks done, blocks, label) before the first block and after each.

    Raises:
        TrainingError: reversed window, nothing to score, or nothing to train on.
        FeatureContractError: a column is missing or unfit.
    """
    if start > end:
        raise TrainingError(f"the window {start} to {end} is reversed")
    require_columns(examples, [*rivals.values(), "game_date", "information_set"], "the examples")
    examples = examples.filter(pc.equal(examples["information_set"], information_set))
    days = pc.cast(examples["game_date"], pa.date32())
    in_window = pc.and_(pc.greater_equal(days, pa.scalar(start)), pc.less_equal(days, end))
    scored = in_window
    for column in rivals.values():
        scored = pc.and_(scored, pc.is_valid(examples[column]))
    blocks = list(_blocks(start, end, block_days))
    report = progress or (lambda done, total, label: None)
    report(0, len(blocks), market)
    parts = []
    for done, (first, last) in enumerate(blocks, start=1):
        inside = pc.and_(pc.greater_equal(days, pa.scalar(first)), pc.less_equal(days, last))
        block = examples.filter(pc.and_(scored, inside))
        if block.num_rows:
            opens_at = datetime.combine(first, time(), EASTERN)
            known = pc.less(
                examples["result_known_at"], pa.scalar(opens_at, examples["result_known_at"].type)
            )
            model = trainer(
                examples.filter(known),
                features,
                market,
                as_of=opens_at,
                information_set=information_set,
                params=params,
            )
            parts.append(_forecast(model, block, rivals))
        report(done, len(blocks), f"{market} {first} to {last}")
    if not parts:
        raise TrainingError(
            f"no player-game from {start} to {end} on which every rival has a value"
        )
    forecasts = pa.concat_tables(parts)
    left_out = pc.sum(in_window).as_py() - forecasts.num_rows
    return Evaluation(summarise(forecasts, list(rivals)), forecasts, left_out)


def summarise(forecasts: pa.Table, rivals: Sequence[str]) -> pa.Table:
    """Scores by system over the rows of `Evaluation.forecasts`, ours first.

    The rows are those of one market and information set; any subset of them can be given.
    """
    actual = forecasts["actual"].to_numpy()
    ours = {
        "system": OURS,
        "n": actual.size,
        "mae_median": float(np.abs(forecasts["median"].to_numpy() - actual).mean()),
        "mae_mean": float(np.abs(forecasts["mean"].to_numpy() - actual).mean()),
        "rmse": _rmse(forecasts["mean"].to_numpy() - actual),
        "crps": pc.mean(forecasts["crps"]).as_py(),
        "c80": pc.mean(forecasts["within_80"]).as_py(),
    }
    scores = [ours, *(_point_scores(name, forecasts[name].to_numpy() - actual) for name in rivals)]
    common = {name: forecasts[name][0].as_py() for name in ("market", "information_set")}
    return pa.Table.from_pylist([common | row for row in scores])


def _point_scores(system: str, error: np.ndarray) -> dict[str, object]:
    """Scores of a point forecast from its errors."""
    mae = float(np.abs(error).mean())
    return {
        "system": system,
        "n": error.size,
        "mae_median": mae,
        "mae_mean": mae,
        "rmse": _rmse(error),
        "crps": mae,
        "c80": None,
    }


def _rmse(error: np.ndarray) -> float:
    return float(np.sqrt((error**2).mean()))


def _forecast(model: TrainedModel, block: pa.Table, rivals: Mapping[str, str]) -> pa.Table:
    """Forecasts of a block's rows with their outcome, their scores and the rivals' values."""
    mean = model.mean(block)
    variance = model.variance(mean)
    actual = pc.cast(block[LABELS[model.card.market]], pa.float64()).to_numpy()
    columns = {name: block[name] for name in ("player_id", "game_id", "game_date")}
    columns |= {
        "information_set": block["information_set"],
        "market": pa.repeat(model.card.market, block.num_rows),
        "model_version": pa.repeat(model.card.model_version, block.num_rows),
        "mean": mean,
        "variance": variance,
        "median": median(mean, variance),
        "actual": actual,
        "crps": crps(mean, variance, actual),
        "within_80": covered(0.8, mean, variance, actual),
    }
    columns |= {name: pc.cast(block[column], pa.float64()) for name, column in rivals.items()}
    return pa.table(columns)


def _blocks(start: date, end: date, block_days: int | None) -> Iterator[tuple[date, date]]:
    """First and last day of each block of the window, in order."""
    length = timedelta(days=block_days) if block_days else end - start + timedelta(days=1)
    while start <= end:
        yield start, min(start + length - timedelta(days=1), end)
        start += length
