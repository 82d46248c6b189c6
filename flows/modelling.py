"""The steps of a run that need models: what they learn from, training, forecasting."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from flows import defaults, warehouse
from flows.clock import Clock, eastern_date
from flows.errors import ArgumentError
from flows.forecasting.errors import ModelError
from loaders.settings import FIRST_GAME_DATE

if TYPE_CHECKING:
    from flows.forecasting.card import ModelCard
    from flows.forecasting.systems import Forecaster
    from flows.runs import Run
    from flows.steps import Slate
    from loaders.settings import Settings

OURS = "catboost"
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
    """A model of a system and market, whether this run had to train it, and whether it forecasts.

    One that does not is a challenger: another model of its market was promoted.
    """

    model: Forecaster
    is_new: bool
    is_champion: bool = True

    @property
    def card(self) -> ModelCard:
        """What the model is."""
        return self.model.card


def read_systems(settings: Settings) -> tuple[str, ...]:
    """The systems whose means SQL makes, from the seed."""
    found = warehouse.query(settings, "select system from seeds.systems where kind = 'sql'")
    return tuple(sorted(found["system"].to_pylist()))


def read_weights(settings: Settings) -> dict[str, float]:
    """The weight of each member of the ensemble, by system, from the seed."""
    return _pairs(
        warehouse.query(settings, "select system, weight from seeds.systems where weight > 0")
    )


def read_features(settings: Settings) -> tuple[str, ...]:
    """The columns that a model reads, from the seed."""
    return tuple(read_groups(settings))


def read_groups(settings: Settings) -> dict[str, str]:
    """The group of each column that a model reads, by its name, in their order; from the seed."""
    from flows.forecasting.features import feature_list

    found = warehouse.query(
        settings, "select feature, feature_group from seeds.feature_contract where is_model_input"
    )
    groups = _pairs(found)
    return {name: groups[name] for name in feature_list(found)}


def _pairs(rows: pa.Table) -> dict[str, Any]:
    """The second column by the first."""
    return dict(zip(*(rows[name].to_pylist() for name in rows.column_names), strict=True))


def read_examples(
    settings: Settings,
    features: Sequence[str],
    systems: Sequence[str],
    *,
    as_of: datetime,
    information_set: str,
) -> pa.Table:
    """Finished player-games of one information set whose result was known before `as_of`.

    Their features, and what each of the systems of SQL said of them.
    """
    examples = [f"examples.{name}" for name in example_columns(features)]
    # no game after that Eastern day can be known, so the range takes no row away
    days = [FIRST_GAME_DATE, eastern_date(as_of)]
    return warehouse.query(
        settings,
        f"""
        select {", ".join([*examples, *system_columns(systems, "baselines")])}
        from marts.ml_training_examples as examples
        inner join (
            select * from marts.baseline_means where game_date between ? and ?
        ) as baselines
            on examples.feature_row_id = baselines.feature_row_id
        where examples.game_date between ? and ? and examples.information_set = ?
            and examples.result_known_at < ?
        """,
        [*days, *days, information_set, as_of],
    )


def system_columns(systems: Sequence[str], relation: str) -> list[str]:
    """Columns of marts.baseline_means under the name of its relation in a query."""
    from flows.forecasting.features import column_of

    return [f"{relation}.{column_of(system, market)}" for system in systems for market in MARKETS]


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
    """A model a market, the laws of the systems of SQL, and what joins the parts of sums.

    training: 'always' asks what these very examples train (taken from disk where they did so
        before), 'due' the newest stored model until it is a week old, 'missing' whatever its age.
    Where a model was promoted, it forecasts whatever its age, and what is trained challenges it.
    """
    from flows import promotion
    from flows.forecasting.registry import get_or_train, keep
    from flows.forecasting.systems import fit_systems

    features, systems = read_features(settings), read_systems(settings)
    promoted = promotion.promoted(settings, information_set=information_set, as_of=run.as_of)
    if training != ALWAYS:
        stored = _stored_models(settings, features, run=run, information_set=information_set)
        young = all(one.card.trained_as_of > run.as_of - defaults.RETRAIN_AFTER for one in stored)
        if _is_whole(stored) and (young or training == MISSING):
            return promotion.under_champions(settings, stored, promoted)
    examples = read_examples(
        settings, features, systems, as_of=run.as_of, information_set=information_set
    )
    fitted = fit_systems(
        examples,
        systems,
        as_of=run.as_of,
        information_set=information_set,
        trained_at=clock(),
        git_sha=run.git_sha,
    )
    trained = [
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
    trained += [Trained(one, keep(settings, one)) for one in fitted]
    return promotion.under_champions(settings, trained, promoted)


def _is_whole(models: Sequence[Trained]) -> bool:
    """Whether a model a market is among them, and all that sums need."""
    from flows.forecasting.systems import SUM_SYSTEM, SUMS
    from flows.forecasting.training import SYSTEM

    there = {(one.card.system, one.card.market) for one in models}
    needed = {(SYSTEM, market) for market in MARKETS} | {(SUM_SYSTEM, market) for market in SUMS}
    return needed <= there


def _stored_models(
    settings: Settings, features: Sequence[str], *, run: Run, information_set: str
) -> list[Trained]:
    """Of each system and market the newest model that learnt from before the run's as_of.

    Of CatBoost one that reads these features.
    """
    from flows.forecasting.features import feature_list_hash
    from flows.forecasting.registry import load
    from flows.forecasting.training import SYSTEM

    found = warehouse.query(
        settings,
        """
        select model_version
        from (
            select
                model_version,
                row_number() over (
                    partition by system, market
                    order by trained_as_of desc, trained_at desc, model_version
                ) as place
            from raw_forecasts.model_versions
            where information_set = ? and trained_as_of <= ?
                and (system != ? or feature_list_hash = ?)
        ) as versions
        where place = 1
        """,
        [information_set, run.as_of, SYSTEM, feature_list_hash(features)],
    )
    stored: list[Trained] = []
    for version in found["model_version"].to_pylist():
        # trained with other libraries, or on another machine: it is as if there were none
        with suppress(ModelError):
            stored.append(Trained(load(settings, version), False))
    return sorted(stored, key=lambda one: (one.card.system, one.card.market))


def forecast(
    settings: Settings, slate: Slate, models: Sequence[Trained], *, run: Run, created_at: datetime
) -> dict[str, int]:
    """Forecast the slate with every model and write the forecasts back.

    Returns new rows by raw table.
    """
    from flows.forecasting.drivers import drivers_of
    from flows.forecasting.predict import predict
    from flows.forecasting.writeback import write_forecasts

    made = predict(
        [trained.model for trained in models if trained.is_champion],
        slate.rows,
        run_id=run.run_id,
        as_of=run.as_of,
        created_at=created_at,
        run_mode=run.run_mode,
    )
    drivers = [
        drivers_of(one.model, slate.rows, made.filter(pc.equal(made["model_version"], version)))
        for one in models
        if one.is_champion and one.card.system == OURS
        for version in [one.card.model_version]
    ]
    return write_forecasts(settings, [trained.card for trained in models], [made], drivers)
