from __future__ import annotations

from pathlib import Path

import pytest

from loaders.settings import Settings, get_settings

SECRET = "very-secret-key-0123456789"


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings of an empty home, with keys, without waits."""
    for name in ("BALLDONTLIE_API_KEY", "ODDS_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    return Settings(
        home=tmp_path / "home",
        balldontlie_api_key=SECRET,
        odds_api_key=SECRET,
        balldontlie_requests_per_minute=600_000,
        odds_api_requests_per_minute=600_000,
        http_timeout_seconds=2,
        http_max_attempts=3,
        http_backoff_seconds=0.01,
        http_max_wait_seconds=0.05,
        lock_wait_seconds=0.3,
        lock_poll_seconds=0.05,
    )


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder with the real seasons; the test is skipped where it is absent."""
    path = get_settings().test_data
    if not (path / "seasons" / "schedule.parquet").is_file():
        pytest.skip(f"no real data at {path} (set NBA_PROPS_TEST_DATA)")
    return path
