from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import requests

from loaders.sandbox import BALLDONTLIE_KEY, ODDS_API_KEY, Sandbox, World, build_world

# 18:30 Eastern on a Wednesday: yesterday is final, tonight's lines are up, nothing has begun.
NOW = datetime(2026, 1, 14, 23, 30, tzinfo=UTC)
SPORT = "/v4/sports/basketball_nba"
PAST = "/v4/historical/sports/basketball_nba"
PROPS = "player_points,player_rebounds,player_assists,player_threes"


class Client:
    """Talks to a sandbox with both keys."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.session = requests.Session()

    def bdl(self, name: str, key: str = BALLDONTLIE_KEY, **params: object) -> requests.Response:
        listed = {f"{k}[]" if isinstance(v, list) else k: v for k, v in params.items()}
        url = f"{self.sandbox.url}/nba/v1/{name}"
        return self.session.get(url, params=listed, headers={"Authorization": key}, timeout=10)

    def odds(self, path: str, key: str | None = ODDS_API_KEY, **params: object):
        query = {"apiKey": key, **params}
        return self.session.get(self.sandbox.url + path, params=query, timeout=10)

    def pages(self, name: str, **params: object) -> list[dict]:
        """All rows, following the cursor."""
        rows: list[dict] = []
        cursor: dict[str, object] = {}
        while True:
            body = self.bdl(name, **params, **cursor).json()
            rows += body["data"]
            following = body.get("meta", {}).get("next_cursor")
            if following is None:
                return rows
            cursor = {"cursor": following}

    def props(self, event_id: str, **params: object) -> requests.Response:
        given = {"markets": PROPS, "regions": "us", "oddsFormat": "american", **params}
        return self.odds(f"{SPORT}/events/{event_id}/odds", **given)


@pytest.fixture(scope="session")
def world() -> World:
    return build_world()


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(NOW, ticking=False) as running:
        yield running


@pytest.fixture
def client(sandbox: Sandbox) -> Iterator[Client]:
    made = Client(sandbox)
    yield made
    made.session.close()
