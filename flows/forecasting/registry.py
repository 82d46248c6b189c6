"""Keeps trained models under their version: a card (`.json`), and of CatBoost trees (`.cbm`)."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pyarrow as pa
from catboost import CatBoostError, CatBoostRegressor

from flows.forecasting.card import ModelCard, TrainingParameters, library_versions
from flows.forecasting.errors import ModelError
from flows.forecasting.mean import MeanModel, RidgeRegression
from flows.forecasting.reference import check
from flows.forecasting.systems import Forecaster, SqlSystem, SumModel, from_card
from flows.forecasting.training import SYSTEM, TrainedModel, fit, prepare, version_of
from loaders.settings import Settings


def get_or_train(
    settings: Settings,
    examples: pa.Table,
    features: Sequence[str],
    market: str,
    *,
    as_of: datetime,
    information_set: str,
    trained_at: datetime,
    git_sha: str | None = None,
    params: TrainingParameters | None = None,
) -> tuple[TrainedModel, bool]:
    """The model of these examples, and whether it had to be trained.

    A model whose version is stored is loaded: same rows, features, parameters and libraries.
    Raises as `training.train` and `load` do.
    """
    params = params or TrainingParameters()
    training_set = prepare(examples, features, market, as_of=as_of, information_set=information_set)
    version = version_of(training_set, params)
    if _card_path(settings, version).exists():
        return load(settings, version), False
    model = fit(training_set, params)
    model = replace(model, card=replace(model.card, trained_at=trained_at, git_sha=git_sha))
    save(settings, model)
    return model, True


def save(settings: Settings, model: Forecaster) -> Path:
    """Write trees, then card; a killed save leaves no card and hence no model. Returns the card."""
    version = model.card.model_version
    card = _card_path(settings, version)
    card.parent.mkdir(parents=True, exist_ok=True)
    unfinished = card.with_suffix(f".{os.getpid()}.unfinished")
    if isinstance(model, TrainedModel):
        model.mean_model.trees.save_model(str(unfinished), format="cbm")
        unfinished.replace(_trees_path(settings, version))
    unfinished.write_text(model.card.to_json(), encoding="utf-8")
    return unfinished.replace(card)


def keep(settings: Settings, model: SqlSystem | SumModel) -> bool:
    """Save what was fitted of a system of SQL or a sum; False where it was there already."""
    is_new = not _card_path(settings, model.card.model_version).exists()
    if is_new:
        save(settings, model)
    return is_new


def load(settings: Settings, model_version: str) -> Forecaster:
    """Load a stored model.

    Raises:
        ModelError: no such model, other library versions than it was trained with, or trees that
            no longer say what they said then.
    """
    path = _card_path(settings, model_version)
    if not path.exists():
        raise ModelError(f"no model {model_version} in {settings.models_dir}; train it first")
    card = ModelCard.from_json(path.read_text(encoding="utf-8"))
    installed = library_versions()
    if card.library_versions != installed:
        differing = ", ".join(
            f"{name} {card.library_versions.get(name)} (installed {installed.get(name)})"
            for name in sorted(card.library_versions.keys() | installed.keys())
            if card.library_versions.get(name) != installed.get(name)
        )
        raise ModelError(
            f"model {model_version} was trained with {differing}; "
            "train again, or install the versions of its card"
        )
    if card.system != SYSTEM:
        return from_card(card)
    if card.linear is None:
        raise ModelError(
            f"model {model_version} was trained before a regression stood beside its trees; "
            "train again"
        )
    trees = CatBoostRegressor()
    try:
        trees.load_model(str(_trees_path(settings, model_version)))
    except CatBoostError as error:
        raise ModelError(
            f"the trees of model {model_version} cannot be read: restore {model_version}.cbm from "
            f"a backup, or delete {model_version}.json and train again"
        ) from error
    linear = RidgeRegression.from_json(card.linear)
    model = MeanModel(trees, linear, card.parameters["linear_share"])
    check(model_version, model, card.reference)
    return TrainedModel(card, model)


def _card_path(settings: Settings, model_version: str) -> Path:
    return settings.models_dir / f"{model_version}.json"


def _trees_path(settings: Settings, model_version: str) -> Path:
    return settings.models_dir / f"{model_version}.cbm"
