"""What the forecasting tests share."""

from __future__ import annotations

import pyarrow as pa
import pytest
from made_up_league import made_up_examples

from flows.forecasting.card import TrainingParameters
from loaders.settings import Settings


@pytest.fixture(scope="session")
def examples() -> pa.Table:
    return made_up_examples()


@pytest.fixture(scope="session")
def quick() -> TrainingParameters:
    """Few trees: enough to find the made-up truth."""
    return TrainingParameters(iterations=80, depth=4, thread_count=2)


@pytest.fixture
def settings(tmp_path) -> Settings:
    return Settings(home=tmp_path)
