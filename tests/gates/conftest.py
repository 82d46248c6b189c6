"""One lived-in warehouse a test session, and every experiment once, however many workers ask."""

from __future__ import annotations

import fcntl
import os
import pickle
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import wire
from lab import Lab, Outcome
from scenario import Scenario

from flows.dbt_runner import DbtRunner
from loaders.settings import Settings

# Enough that a hundred players of the slate have ten games behind them.
HISTORY = timedelta(days=32)


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of this session that all its workers see."""
    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "gates"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def lab(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Lab:
    """A home after a first evening of the simulated league; it is spoiled and put back."""
    home, folder = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("projects")
    base = shared / "base"
    with _locked(shared / "base.lock"):
        if not base.exists():
            with wire.days(Settings(home=home), HISTORY) as lived:
                lived.first()
            half = shutil.copytree(home, shared / "half")
            half.rename(base)
            return Lab(lived.settings, base, folder, lived.dbt)
    settings = Settings(home=home)
    return Lab(settings, base, folder, DbtRunner(settings))


@pytest.fixture(scope="session")
def kept(shared: Path) -> Callable[[str, Callable[[], Any]], Any]:
    """What an experiment gave, made at the first call of its name."""

    def get(name: str, make: Callable[[], Any]) -> Any:
        path = shared / f"{name}.pickle"
        with _locked(shared / f"{name}.lock"):
            if not path.exists():
                path.write_bytes(pickle.dumps(make()))
            return pickle.loads(path.read_bytes())

    return get


@pytest.fixture(scope="session")
def observe(lab: Lab, kept: Callable) -> Callable[[Scenario], Outcome]:
    """What a scenario left."""
    return lambda scenario: kept(scenario.name, lambda: lab.experiment(scenario))


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
