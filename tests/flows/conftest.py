"""A home of its own for each test, and a warehouse that a few statements make."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from audited import GATE

from flows.runs import Run
from loaders.settings import Settings

AS_OF = datetime(2026, 1, 15, 22, 30, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        home=tmp_path, lock_wait_seconds=0.2, balldontlie_api_key="key-one", odds_api_key="key-two"
    )


@pytest.fixture
def run() -> Run:
    return Run("run-1", "daily", "live", as_of=AS_OF, started_at=AS_OF)


@pytest.fixture
def warehouse(settings: Settings) -> Callable[..., None]:
    """Executes statements against the warehouse file, which they create."""

    def execute(*statements: str) -> None:
        settings.warehouse_path.parent.mkdir(parents=True, exist_ok=True)
        with duckdb.connect(str(settings.warehouse_path)) as connection:
            for statement in statements:
                connection.execute(statement)

    return execute


@pytest.fixture
def clock() -> Callable[[], datetime]:
    """A minute passes with every look."""
    looks = iter(range(1000))
    return lambda: AS_OF + timedelta(minutes=next(looks))


@pytest.fixture
def built(warehouse: Callable) -> Callable[[str], None]:
    """A gate with a status, and what the sources hold, as a build leaves them."""

    def make(status: str) -> None:
        warehouse(
            "create schema if not exists marts",
            "create schema if not exists audit",
            GATE.format(status=status),
            "create or replace table audit.loads_now as"
            " select 'balldontlie' as source, '1768516140.5' as latest_load_id"
            " union all select 'archive', null",
        )

    return make
