"""What can go wrong in forecasting. Every message is one line: the thing, and the remedy."""

from __future__ import annotations

from flows.errors import FlowError


class ForecastingError(FlowError):
    """A forecast that cannot be made; nothing of it is written."""


class FeatureContractError(ForecastingError):
    """A feature table has another shape than the feature contract."""


class LeakError(ForecastingError):
    """A row speaks of something that was not known yet."""


class TrainingError(ForecastingError):
    """The examples cannot train a model."""


class ModelError(ForecastingError):
    """A stored model is absent, or was made under other circumstances than the present ones."""
