"""Systems whose mean is a column of SQL, and the sums of markets: what has to be fitted of them.

A system of SQL needs a variance law around its mean, a sum the correlations of its parts.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import combinations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from flows.forecasting.card import ModelCard, TrainingRows, library_versions
from flows.forecasting.distribution import LAW_ROWS, clip_mean, fit_variance_law
from flows.forecasting.errors import TrainingError
from flows.forecasting.features import column_of, floats, require_columns
from flows.forecasting.training import (
    EXAMPLE_COLUMNS,
    LABELS,
    TrainedModel,
    require_known_before,
)

SUMS = {
    "points_rebounds_assists": ("points", "rebounds", "assists"),
    "points_rebounds": ("points", "rebounds"),
    "points_assists": ("points", "assists"),
    "rebounds_assists": ("rebounds", "assists"),
}
"""Markets that are sums of others."""
SUM_SYSTEM = "sums"
# What joins the parts of every system's sums: the residuals of this one, which learns from nothing.
REFERENCE = "ewma"
# The same law on every engine, whose averages differ in the last digits of a double.
DIGITS = 9

Moments = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class SqlSystem:
    """A system whose mean SQL has made, with the law of its variance."""

    card: ModelCard

    def mean(self, table: pa.Table) -> np.ndarray:
        """Mean for each row, float64; NaN where the system has nothing to say."""
        column = column_of(self.card.system, self.card.market)
        require_columns(table, [column], "the slate")
        return clip_mean(floats(table[column]))

    def variance(self, mean: np.ndarray) -> np.ndarray:
        """Variance around each mean."""
        return self.card.law.variance(mean)


@dataclass(frozen=True)
class SumModel:
    """A sum of markets: means add up, variances with twice the covariances of the parts."""

    card: ModelCard

    def moments(self, parts: Mapping[str, Moments]) -> Moments:
        """Mean and variance of the sum from those of its parts, by market."""
        names = SUMS[self.card.market]
        mean = sum(parts[name][0] for name in names)
        variance = sum(parts[name][1] for name in names)
        for one, other in combinations(names, 2):
            together = self.card.parameters["correlations"][f"{one}|{other}"]
            variance = variance + 2 * together * np.sqrt(parts[one][1] * parts[other][1])
        return mean, np.maximum(variance, mean * 1.01)


Forecaster = TrainedModel | SqlSystem | SumModel


def from_card(card: ModelCard) -> SqlSystem | SumModel:
    """The forecaster that a card is all of."""
    return SumModel(card) if card.system == SUM_SYSTEM else SqlSystem(card)


def fit_systems(
    examples: pa.Table,
    systems: Sequence[str],
    *,
    as_of: datetime,
    information_set: str,
    trained_at: datetime | None = None,
    git_sha: str | None = None,
) -> list[SqlSystem | SumModel]:
    """Laws of the systems and correlations of the sums, from examples known before `as_of`.

    examples: training examples with the columns of marts.baseline_means. A system with fewer than
        LAW_ROWS examples in a market is left out of it, and forecasts nothing there.

    Raises:
        LeakError: an example's result was not known strictly before `as_of`.
        FeatureContractError: a column is missing.
        TrainingError: too few examples for the sums.
    """
    columns = [column_of(system, market) for system in systems for market in LABELS]
    require_columns(examples, [*EXAMPLE_COLUMNS, *LABELS.values(), *columns], "the examples")
    examples = examples.filter(pc.equal(examples["information_set"], information_set))
    require_known_before(examples, as_of)

    def card(system: str, market: str, mask: np.ndarray, **rest: object) -> ModelCard:
        rows = _rows(examples.filter(pa.array(mask)))
        identity = {
            "system": system,
            "market": market,
            "information_set": information_set,
            "rows": [rows.n_rows, rows.max_result_known_at.isoformat()],
            "law": rest["law"].to_json() if rest["law"] else None,
            "parameters": rest["parameters"],
        }
        text = json.dumps(identity, sort_keys=True)
        return ModelCard(
            system=system,
            model_version=hashlib.sha256(text.encode()).hexdigest()[:16],
            market=market,
            information_set=information_set,
            rows=rows,
            trained_as_of=as_of.astimezone(UTC),
            library_versions=library_versions(),
            metrics={"n": rows.n_rows},
            trained_at=trained_at,
            git_sha=git_sha,
            **rest,
        )

    fitted: list[SqlSystem | SumModel] = []
    residuals: dict[str, np.ndarray] = {}
    for market, label in LABELS.items():
        actual = floats(examples[label])
        for system in systems:
            column = column_of(system, market)
            mean = floats(examples[column])
            known = ~np.isnan(mean)
            if known.sum() < LAW_ROWS:
                continue
            law = fit_variance_law(mean[known], actual[known]).rounded(DIGITS)
            fitted.append(
                SqlSystem(card(system, market, known, features=(column,), parameters={}, law=law))
            )
            if system == REFERENCE:
                spread = np.sqrt(law.variance(clip_mean(mean)))
                residuals[market] = (actual - clip_mean(mean)) / spread
    return fitted + _sums(residuals, card)


def _sums(residuals: Mapping[str, np.ndarray], card) -> list[SumModel]:
    """A model a sum, from standardised residuals by market, row by row the same player-games."""
    sums = []
    for market, parts in SUMS.items():
        if missing := [part for part in parts if part not in residuals]:
            raise TrainingError(
                f"{REFERENCE} has fewer than {LAW_ROWS} examples of {', '.join(missing)}, "
                f"too few for {market}"
            )
        known = ~np.isnan(sum(residuals[part] for part in parts))
        together = {
            f"{one}|{other}": round(
                float(np.corrcoef(residuals[one][known], residuals[other][known])[0, 1]), DIGITS
            )
            for one, other in combinations(parts, 2)
        }
        parameters = {"correlations": together}
        sums.append(
            SumModel(
                card(SUM_SYSTEM, market, known, features=parts, parameters=parameters, law=None)
            )
        )
    return sums


def _rows(examples: pa.Table) -> TrainingRows:
    """Provenance of the rows that a law was fitted on."""
    days = pc.min_max(pc.cast(examples["game_date"], pa.date32()))
    first, last = (date.fromisoformat(str(days[name].as_py())) for name in ("min", "max"))
    known_at: datetime = pc.max(examples["result_known_at"]).as_py()
    return TrainingRows(
        n_rows=examples.num_rows,
        start_date=first,
        end_date=last,
        max_result_known_at=known_at.astimezone(UTC),
        max_source_load_id=pc.max(pc.cast(examples["source_load_id"], pa.string())).as_py(),
        digest="",
    )
