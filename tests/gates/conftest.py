"""One lived-in warehouse a test session, and every experiment once, however many workers ask."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import wire
from at_once import locked
from lab import Lab, Outcome
from scenario import Scenario

from flows.dbt_runner import DbtRunner
from loaders.settings import Settings

# Enough that a hundred players of the slate have ten games behind them.
HISTORY = timedelta(days=32)


@pytest.fixture(scope="session")
def lab(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Lab:
    """A home after a first evening of the simulated league; it is spoiled and put back."""
    home, folder = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("projects")
    base = shared / "base"
    with locked(shared / "base.lock"):
        if not base.exists():
            with wire.days(Settings(home=home), HISTORY) as lived:
                lived.first()
            half = shutil.copytree(home, shared / "half", symlinks=True)
            half.rename(base)
            return Lab(lived.settings, base, folder, lived.dbt)
    settings = Settings(home=home)
    return Lab(settings, base, folder, DbtRunner(settings))


@pytest.fixture(scope="session")
def observe(lab: Lab, kept: Callable) -> Callable[[Scenario], Outcome]:
    """What a scenario left."""
    return lambda scenario: kept(scenario.name, lambda: lab.experiment(scenario))
