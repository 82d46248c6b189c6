from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from flows.dbt_runner import DbtRunner
from flows.forecasting.writeback import ensure_forecast_tables
from flows.runs import ensure_run_tables
from loaders import archive
from loaders.raw import ensure_raw_tables
from loaders.settings import Settings

Asked = Callable[[str], list[tuple]]
NEEDED = ("schedule", "player_box", "injuries", "projected_lineups")


@pytest.fixture(scope="session")
def asked(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Asked:
    """Asks the models of the real statuses and line-ups, with the names of three seasons."""
    settings = Settings(home=tmp_path_factory.mktemp("injuries"))
    ensure_raw_tables(settings)
    ensure_forecast_tables(settings)
    ensure_run_tables(settings)
    archive.load(
        settings,
        path=real_data,
        start=date(2022, 10, 1),
        end=date(2025, 6, 30),
        clock=lambda: datetime.now(UTC),
        resources=NEEDED,
    )
    DbtRunner(settings).build(select="+injury_issues +lineup_issues")

    def ask(sql: str) -> list[tuple]:
        with duckdb.connect(str(settings.warehouse_path), read_only=True) as connection:
            connection.execute("set TimeZone = 'UTC'")
            return connection.execute(sql).fetchall()

    return ask
