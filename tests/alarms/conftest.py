from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import small_league
from small_league import League
from webhook import Webhook, copied, listening, told_to

from loaders.settings import Settings


@pytest.fixture
def webhook() -> Iterator[Webhook]:
    with listening() as server:
        yield server


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> League:
    """The small league, built. Not to be written."""
    return small_league.build(tmp_path_factory.mktemp("league"))


@pytest.fixture
def settings(tmp_path: Path, webhook: Webhook, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A home of its own, without a warehouse, whose alarms go to the webhook."""
    monkeypatch.setenv("NBA_PROPS_HOME", str(tmp_path))
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path / "prefect"))
    return told_to(webhook, tmp_path)


@pytest.fixture
def league(built: League, settings: Settings, webhook: Webhook) -> League:
    """A copy of the league to do harm to."""
    return copied(built, settings.home, webhook)
