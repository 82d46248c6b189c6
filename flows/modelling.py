"""The steps of a run that need models: what they learn from, training, forecasting."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import pyarrow as pa

from flows import defaults, warehouse
from flows.clock import Clock, eastern_date
from flows.errors import ArgumentError
from flows.forecasting.errors import ModelError
from loaders.settings import FIRST_GAME_DATE

if TYPE_CHECKING:
    from flows.forecasting.card import ModelCard
    from flows.forecasting.training import TrainedModel
    from flows.runs import Run
    from flows.steps import Slate
    from loaders.settings import Settings

MARKETS = ("points", "rebounds", "assists", "threes")

ALWAYS = "always"
DUE = "due"
MISSING = "missing"
TRAINING = (ALWAYS, DUE, MISSING)


def check_training(training: str) -> None:
    """Refuse what cannot be meant.

    Raises:
        ArgumentError: none of always, due, missing.
    """
    if training not in TRAINING:
        raise ArgumentError(f"--train {training!r} is none of {', '.join(TRAINING)}")


@dataclass(frozen=True)
class Trained:
    """A market's model, and whether this run had to train it."""

    model: TrainedModel
    is_new: bool

    @property
    def card(self) -> ModelCard:
        """What the model is."""
        return self.model.card


def read_features(settings: Settings) -> tuple[str, ...]:
    """The columns that a model reads, from the seed."""
    from flows.forecasting.features import feature_list

    return feature_list(
        warehouse.query(settings, "select * from seeds.feature_contract where is_model_input")
    )


def read_examples(
    settings: Settings, features: Sequence[str], *, as_of: datetime, information_set: str
) -> pa.Table:
    """Finished player-games of one information set whose result was known before `as_of`."""
    return warehouse.query(
        settings,
        f"""
        select {", ".join(example_columns(features))}
        from marts.ml_training_examples
        where game_date between ? and ? and information_set = ? and result_known_at < ?
        """,
        # no game after that Eastern day can be known, so the range takes no row away
        [FIRST_GAME_DATE, eastern_date(as_of), information_set, as_of],
    )


def example_columns(features: Sequence[str]) -> list[str]:
    """Columns of marts.ml_training_examples that training reads."""
    from flows.forecasting.training import EXAMPLE_COLUMNS, LABELS

    return list(dict.fromkeys([*EXAMPLE_COLUMNS, *features, *LABELS.values()]))


def train_models(
    settings: Settings,
    *,
    run: Run,
    information_set: str,
    clock: Clock,
    training: str = ALWAYS,
) -> list[Trained]:
    """A model a market.

    training: 'always' asks what these very examples train (taken from disk where they did so
        before), 'due' the newest stored model until it is a week old, 'missing' whatever its age.
    """
    from flows.forecasting.registry import get_or_train

    features = read_features(settings)
    if training != ALWAYS:
        stored = _stored_models(settings, features, run=run, information_set=information_set)
        young = all(one.card.trained_as_of > run.as_of - defaults.RETRAIN_AFTER for one in stored)
        if len(stored) == len(MARKETS) and (young or training == MISSING):
            return stored
    examples = read_examples(settings, features, as_of=run.as_of, information_set=information_set)
    return [
        Trained(
            *get_or_train(
                settings,
                examples,
                features,
                market,
                as_of=run.as_of,
                information_set=information_set,
                trained_at=clock(),
                git_sha=run.git_sha,
            )
        )
        for market in MARKETS
    ]


def _stored_models(
    settings: Settings, features: Sequence[str], *, run: Run, information_set: str
) -> list[Trained]:
    """Of each market the newest model of these features that learnt from before the run's as_of."""
    from flows.forecasting.features import feature_list_hash
    from flows.forecasting.registry import load

    found = warehouse.query(
        settings,
        """
        select model_version
        from (
            select
                model_version,
                row_number() over (
                    partition by market order by trained_as_of desc, trained_at desc, model_version
                ) as place
            from raw_forecasts.model_versions
            where information_set = ? and feature_list_hash = ? and trained_as_of <= ?
        ) as versions
        where place = 1
        """,
        [information_set, feature_list_hash(features), run.as_of],
    )
    stored: list[Trained] = []
    for version in found["model_version"].to_pylist():
        # trained with other libraries, or on another machine: it is as if there were none
        with suppress(ModelError):
            stored.append(Trained(load(settings, version), False))
    return sorted(stored, key=lambda one: MARKETS.index(one.card.market))


def forecast(
    settings: Settings, slate: Slate, models: Sequence[Trained], *, run: Run, created_at: datetime
) -> dict[str, int]:
    """Forecast the slate with every model and write the forecasts back.

    Returns new rows by raw table.
    """
    from flows.forecasting.drivers import drivers_of
    from flows.forecasting.predict import predict
    from flows.forecasting.writeback import write_forecasts

    made = [
        predict(
            trained.model,
            slate.rows,
            run_id=run.run_id,
            as_of=run.as_of,
            created_at=created_at,
            run_mode=run.run_mode,
        )
        for trained in models
    ]
    return write_forecasts(
        settings,
        [trained.card for trained in models],
        [forecasts for forecasts, _ in made],
        [distributions for _, distributions in made],
        [
            drivers_of(trained.model, slate.rows, forecasts)
            for trained, (forecasts, _) in zip(models, made, strict=True)
        ],
    )
