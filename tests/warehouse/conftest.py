from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from worlds import build, load_archive, world

from loaders.settings import Settings

SETTLED = datetime(2024, 7, 1, tzinfo=UTC)


@pytest.fixture(scope="session")
def spring(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Seven real weeks with lines and injuries, built and settled. Not to be written."""
    settings = world(tmp_path_factory.mktemp("spring"))
    load_archive(settings, real_data, date(2024, 2, 22), date(2024, 4, 8))
    build(settings, SETTLED)
    return settings


@pytest.fixture(scope="session")
def seasons(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Three real seasons, built and settled. Not to be written."""
    settings = world(tmp_path_factory.mktemp("seasons"))
    load_archive(settings, real_data, date(2022, 10, 1), date(2025, 6, 30))
    build(settings, datetime(2025, 7, 1, tzinfo=UTC))
    return settings
