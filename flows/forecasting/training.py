"""Trains the mean of a market (`mean.MeanModel`) and the variance law around it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from catboost import CatBoostRegressor, Pool

from flows.forecasting import card as cards
from flows.forecasting.card import ModelCard, TrainingParameters, TrainingRows
from flows.forecasting.distribution import (
    VarianceLaw,
    clip_mean,
    covered,
    crps,
    fit_variance_law,
    median,
)
from flows.forecasting.errors import FeatureContractError, LeakError, TrainingError
from flows.forecasting.features import feature_matrix, require_columns
from flows.forecasting.holdout import days_of
from flows.forecasting.mean import MeanModel, RidgeRegression
from flows.forecasting.reference import reference_of

SYSTEM = "catboost"
LABELS = {
    "points": "actual_points",
    "rebounds": "actual_rebounds",
    "assists": "actual_assists",
    "threes": "actual_threes",
}
EXAMPLE_COLUMNS = (
    "player_id",
    "game_id",
    "game_date",
    "information_set",
    "result_known_at",
    "source_load_id",
)


@dataclass(frozen=True)
class TrainingSet:
    """The rows of one market and information set, ordered by date, game and player.

    matrix: float32 (n, features); label: float64 (n,); dates: datetime64[D] (n,).
    """

    market: str
    information_set: str
    features: tuple[str, ...]
    as_of: datetime
    matrix: np.ndarray
    label: np.ndarray
    dates: np.ndarray
    rows: TrainingRows


@dataclass(frozen=True)
class TrainedModel:
    """A mean model with its card."""

    card: ModelCard
    mean_model: MeanModel

    def mean(self, table: pa.Table) -> np.ndarray:
        """Mean of the outcome for each row of a feature table, float64, at least MEAN_FLOOR."""
        if not table.num_rows:
            return np.zeros(0)
        return clip_mean(self.mean_model.predict(feature_matrix(table, self.card.features)))

    def variance(self, mean: np.ndarray) -> np.ndarray:
        """Variance around each mean."""
        return self.card.law.variance(mean)


def train(
    examples: pa.Table,
    features: Sequence[str],
    market: str,
    *,
    as_of: datetime,
    information_set: str,
    params: TrainingParameters | None = None,
) -> TrainedModel:
    """Train one market on the examples of one information set (others in the table are left out).

    Raises:
        LeakError: an example's result was not known strictly before `as_of`.
        FeatureContractError: a column is missing or unfit.
        TrainingError: unknown market, an example without a label, or too few examples.
    """
    training_set = prepare(examples, features, market, as_of=as_of, information_set=information_set)
    return fit(training_set, params or TrainingParameters())


def prepare(
    examples: pa.Table,
    features: Sequence[str],
    market: str,
    *,
    as_of: datetime,
    information_set: str,
) -> TrainingSet:
    """Check the examples and order them; raises as `train` does."""
    if market not in LABELS:
        raise TrainingError(f"unknown market '{market}'; known are {', '.join(LABELS)}")
    require_columns(examples, [*EXAMPLE_COLUMNS, LABELS[market]], "the training examples")
    examples = examples.filter(pc.equal(examples["information_set"], information_set))
    if not examples.num_rows:
        raise TrainingError(f"no training example of information set {information_set}")
    require_known_before(examples, as_of)
    label_column = examples[LABELS[market]]
    if label_column.null_count:
        raise TrainingError(f"{label_column.null_count} training examples lack {LABELS[market]}")
    order = pc.sort_indices(
        examples.select(["game_date", "game_id", "player_id"]),
        sort_keys=[(name, "ascending") for name in ("game_date", "game_id", "player_id")],
    ).to_numpy()
    matrix = np.asfortranarray(feature_matrix(examples, features)[order])
    label = pc.cast(label_column, pa.float64()).to_numpy()[order]
    dates = pc.cast(examples["game_date"], pa.date32()).to_numpy()[order]
    return TrainingSet(
        market=market,
        information_set=information_set,
        features=tuple(features),
        as_of=as_of,
        matrix=matrix,
        label=label,
        dates=dates,
        rows=_identify(examples, matrix, label, dates),
    )


def require_known_before(examples: pa.Table, as_of: datetime) -> None:
    """Raise LeakError unless every `result_known_at` lies strictly before `as_of` (UTC-aware)."""
    known_at = examples["result_known_at"]
    if getattr(known_at.type, "tz", None) is None:
        raise FeatureContractError("result_known_at must be a timestamp with a time zone")
    limit = pa.scalar(as_of, known_at.type)
    late = pc.sum(pc.fill_null(pc.greater_equal(known_at, limit), True)).as_py()
    if late:
        raise LeakError(
            f"{late} training examples were not known before {as_of.isoformat()}; "
            "train only on rows with result_known_at < as_of"
        )


def fit(training_set: TrainingSet, params: TrainingParameters) -> TrainedModel:
    """Fit the variance law on the last rows in time, then the mean model on all of them."""
    early = _early_rows(training_set, params)
    held_out = ~early
    rehearsal = _fit_mean(training_set, params, early)
    mean = clip_mean(rehearsal.predict(training_set.matrix[held_out]))
    actual = training_set.label[held_out]
    law = fit_variance_law(mean, actual)
    model = _fit_mean(training_set, params, np.ones_like(early))
    card = ModelCard(
        system=SYSTEM,
        model_version=version_of(training_set, params),
        market=training_set.market,
        information_set=training_set.information_set,
        features=training_set.features,
        parameters=params.identity(),
        law=law,
        rows=training_set.rows,
        trained_as_of=training_set.as_of.astimezone(UTC),
        library_versions=cards.library_versions(),
        metrics={
            "holdout_start_date": str(training_set.dates[held_out].min()),
            **scores(mean, law, actual),
        },
        holdout=days_of(training_set.dates[held_out], mean, actual),
        reference=reference_of(model, training_set.matrix),
        linear=model.linear.to_json(),
    )
    return TrainedModel(card, model)


def version_of(training_set: TrainingSet, params: TrainingParameters) -> str:
    """The version that a model of these rows and parameters has, known before it is trained."""
    return cards.model_version(
        market=training_set.market,
        information_set=training_set.information_set,
        features=training_set.features,
        parameters=params,
        rows=training_set.rows,
    )


def scores(mean: np.ndarray, law: VarianceLaw, actual: np.ndarray) -> dict[str, float | int]:
    """Scores of forecasts against outcomes: MAE of the median and of the mean, RMSE, CRPS, c80."""
    variance = law.variance(mean)
    return {
        "n": int(actual.size),
        "mae_median": float(np.abs(median(mean, variance) - actual).mean()),
        "mae_mean": float(np.abs(mean - actual).mean()),
        "rmse": float(np.sqrt(((mean - actual) ** 2).mean())),
        "crps": float(crps(mean, variance, actual).mean()),
        "c80": float(covered(0.8, mean, variance, actual).mean()),
    }


def _early_rows(training_set: TrainingSet, params: TrainingParameters) -> np.ndarray:
    """Mask of the rows before the hold-out, which starts with a whole game date."""
    count = training_set.label.size
    if count < params.min_rows:
        raise TrainingError(
            f"{count} examples for {training_set.market} are too few; "
            f"load at least {params.min_rows} player-games"
        )
    start = training_set.dates[int(count * (1 - params.holdout_share))]
    early = training_set.dates < start
    if not early.any():
        raise TrainingError("the examples lie on too few game dates to hold the last ones out")
    return early


def _fit_mean(training_set: TrainingSet, params: TrainingParameters, mask: np.ndarray) -> MeanModel:
    """Fit the mean on the masked rows; the same rows give the same model."""
    matrix, label = training_set.matrix[mask], training_set.label[mask]
    trees = CatBoostRegressor(
        loss_function="RMSE",
        boosting_type="Plain",
        iterations=params.iterations,
        learning_rate=params.learning_rate,
        depth=params.depth,
        border_count=params.border_count,
        rsm=params.feature_share,
        random_seed=params.random_seed,
        thread_count=params.thread_count,
        allow_writing_files=False,
        logging_level="Silent",
    )
    trees.fit(Pool(matrix, label=label, feature_names=list(training_set.features)))
    linear = RidgeRegression.fit(matrix, label, params.ridge_penalty)
    return MeanModel(trees, linear, params.linear_share)


def _identify(
    examples: pa.Table, matrix: np.ndarray, label: np.ndarray, dates: np.ndarray
) -> TrainingRows:
    """Identity of ordered training rows."""
    digest = hashlib.sha256()
    for part in (matrix.T, label, dates.astype(np.int64)):
        digest.update(np.ascontiguousarray(part).data)
    known_at: datetime = pc.max(examples["result_known_at"]).as_py()
    load_id = pc.max(pc.cast(examples["source_load_id"], pa.string())).as_py()
    first, last = (date.fromisoformat(str(day)) for day in (dates[0], dates[-1]))
    return TrainingRows(
        n_rows=label.size,
        start_date=first,
        end_date=last,
        max_result_known_at=known_at.astimezone(UTC),
        max_source_load_id=load_id,
        digest=digest.hexdigest(),
    )
