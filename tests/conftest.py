from __future__ import annotations

import os
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
from at_once import locked

from loaders.settings import Settings, get_settings

SECRET = "very-secret-key-0123456789"


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings of an empty home, with keys, without waits."""
    accepts = ("NBA_ACCEPT_NBACOM_TERMS", "NBA_ACCEPT_ESPN_TERMS")
    for name in ("BALLDONTLIE_API_KEY", "ODDS_API_KEY", *accepts):
        monkeypatch.delenv(name, raising=False)
    return Settings(
        home=tmp_path / "home",
        balldontlie_api_key=SECRET,
        odds_api_key=SECRET,
        balldontlie_requests_per_minute=600_000,
        odds_api_requests_per_minute=600_000,
        nba_com_requests_per_minute=600_000,
        espn_requests_per_minute=600_000,
        http_timeout_seconds=2,
        http_max_attempts=3,
        http_backoff_seconds=0.01,
        http_max_wait_seconds=0.05,
        lock_wait_seconds=0.3,
        lock_poll_seconds=0.05,
    )


@pytest.fixture
def sql(settings: Settings) -> Callable[[str], list[tuple]]:
    """Runs a query on the settings' warehouse, with other options than the loaders use."""

    def run(query: str) -> list[tuple]:
        with duckdb.connect(
            str(settings.warehouse_path), read_only=True, config={"threads": 1}
        ) as con:
            con.execute("set TimeZone = 'UTC'")
            return con.execute(query).fetchall()

    return run


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder with the real seasons; the test is skipped where it is absent."""
    path = get_settings().test_data
    if not (path / "seasons" / "schedule.parquet").is_file():
        pytest.skip(f"no real data at {path} (set NBA_PROPS_TEST_DATA)")
    return path


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of this session that all its workers see."""
    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "shared"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def kept(shared: Path) -> Callable[[str, Callable[[], Any]], Any]:
    """What an experiment gave, made at the first call of its name."""

    def get(name: str, make: Callable[[], Any]) -> Any:
        path = shared / f"{name}.pickle"
        with locked(shared / f"{name}.lock"):
            if not path.exists():
                path.write_bytes(pickle.dumps(make()))
            return pickle.loads(path.read_bytes())

    return get
