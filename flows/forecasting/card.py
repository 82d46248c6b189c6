"""A model's card: what determines it, what it was trained on, and how good it was held out."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from importlib.metadata import version
from typing import Any

from flows.forecasting.distribution import VarianceLaw
from flows.forecasting.features import feature_list_hash
from flows.forecasting.holdout import HoldoutDay
from flows.forecasting.mean import Linear
from flows.forecasting.reference import Reference

LIBRARIES = ("catboost", "numpy", "scipy")


@dataclass(frozen=True)
class TrainingParameters:
    """How a mean model and its variance law are trained.

    The variance law is fitted on the errors of a model that saw all but the last `holdout_share`
    of the rows in time; the mean model then sees all rows.
    feature_share: share of the features that each split of a tree chooses from.
    ridge_penalty: of the regression, on features in standard deviations.
    linear_share: share of the mean that is the regression's.
    `thread_count` (-1: all cores) does not change a model, so it is no part of its version.
    """

    iterations: int = 250
    learning_rate: float = 0.07
    depth: int = 5
    border_count: int = 64
    feature_share: float = 0.3
    ridge_penalty: float = 30.0
    linear_share: float = 0.5
    random_seed: int = 20221001
    holdout_share: float = 0.2
    min_rows: int = 100
    thread_count: int = field(default=-1, compare=False)

    def identity(self) -> dict[str, Any]:
        """The parameters that determine the model."""
        return {k: v for k, v in asdict(self).items() if k != "thread_count"}


@dataclass(frozen=True)
class TrainingRows:
    """Identity and provenance of the rows that a model was trained on.

    digest: hash of features, labels and dates, in the order of date, game and player.
    max_source_load_id: the latest load that the rows rest on; provenance, no part of the version,
        because the same rows can come by other loads.
    """

    n_rows: int
    start_date: date
    end_date: date
    max_result_known_at: datetime
    max_source_load_id: str | None
    digest: str


@dataclass(frozen=True)
class ModelCard:
    """All about a trained model but its trees. Times are UTC; metrics are of the hold-out.

    features: the columns that its mean is made of; of a system of SQL the column of its mean.
    law: None for the sums of markets, whose spread is that of their parts.
    holdout: errors by held-out day, as `holdout.days_of` gives them; of CatBoost only.
    reference: predictions that it must still make when it is loaded, of CatBoost only.
    linear: the regression beside its trees, of CatBoost only.
    """

    system: str
    model_version: str
    market: str
    information_set: str
    features: tuple[str, ...]
    parameters: dict[str, Any]
    law: VarianceLaw | None
    rows: TrainingRows
    trained_as_of: datetime
    library_versions: dict[str, str]
    metrics: dict[str, Any]
    trained_at: datetime | None = None
    git_sha: str | None = None
    holdout: tuple[HoldoutDay, ...] = ()
    reference: Reference | None = None
    linear: Linear | None = None

    @property
    def feature_list_hash(self) -> str:
        """Hash of the ordered feature names."""
        return feature_list_hash(self.features)

    def to_json(self) -> str:
        """The card as JSON, times and dates in ISO format."""
        return json.dumps(asdict(self), indent=2, sort_keys=True, default=_iso)

    @classmethod
    def from_json(cls, text: str) -> ModelCard:
        """The card that `to_json` wrote."""
        data = json.loads(text)
        # cards of before there were others
        data.setdefault("system", "catboost")
        rows = data["rows"]
        rows["start_date"] = date.fromisoformat(rows["start_date"])
        rows["end_date"] = date.fromisoformat(rows["end_date"])
        rows["max_result_known_at"] = datetime.fromisoformat(rows["max_result_known_at"])
        data["rows"] = TrainingRows(**rows)
        if data["law"] is not None:
            data["law"] = VarianceLaw(**data["law"])
        data["features"] = tuple(data["features"])
        data["holdout"] = tuple(tuple(day) for day in data.get("holdout", ()))
        data["trained_as_of"] = datetime.fromisoformat(data["trained_as_of"])
        if data["trained_at"] is not None:
            data["trained_at"] = datetime.fromisoformat(data["trained_at"])
        return cls(**data)


def library_versions() -> dict[str, str]:
    """Installed versions of the libraries that a model's numbers depend on."""
    return {name: version(name) for name in LIBRARIES}


def model_version(
    *,
    market: str,
    information_set: str,
    features: tuple[str, ...],
    parameters: TrainingParameters,
    rows: TrainingRows,
) -> str:
    """Hash (16 hex characters) over all that determines a model."""
    identity = {
        "market": market,
        "information_set": information_set,
        "feature_list_hash": feature_list_hash(features),
        "parameters": parameters.identity(),
        "library_versions": library_versions(),
        "max_result_known_at": _iso(rows.max_result_known_at),
        "n_rows": rows.n_rows,
        "digest": rows.digest,
    }
    return hashlib.sha256(json.dumps(identity, sort_keys=True).encode()).hexdigest()[:16]


def _iso(value: date | datetime) -> str:
    """ISO text of a date or a time."""
    return value.isoformat()
