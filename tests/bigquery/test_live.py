"""The days of the wire suite on a real project: `make bigquery-live`, for whoever has one."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from here import UNGUARDED, on_duckdb
from wire import compare, days

from loaders.engines import engine
from loaders.engines.publish_bigquery import EVERY_DATE
from loaders.settings import Settings, get_settings

COMPARED = (
    "marts.player_game_summary",
    "marts.team_offense_game_summary",
    "marts.ml_feature_store",
    "marts.player_prop_predictions",
    "marts.prediction_accuracy",
)
PREFIX = "nba_props_live_test"


@pytest.fixture
def live(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Settings]:
    """The project of the environment, in datasets of this test's own, which it removes."""
    given = get_settings()
    if given.bigquery_project is None:
        pytest.skip("no project: set NBA_PROPS_BIGQUERY_PROJECT and log in, see docs/bigquery.md")
    for name, function in UNGUARDED.items():
        monkeypatch.setattr(socket if name == "getaddrinfo" else socket.socket, name, function)
    settings = given.model_copy(
        update={"target": "bigquery", "bigquery_dataset": PREFIX, "home": tmp_path / "bigquery"}
    )
    yield settings
    remove(settings)


def remove(settings: Settings) -> None:
    """Remove the datasets that bear the test's prefix."""
    from loaders.engines.bigquery_client import client

    with client(settings) as connected:
        for dataset in connected.list_datasets():
            if dataset.dataset_id.startswith(f"{PREFIX}_"):
                connected.delete_dataset(dataset.reference, delete_contents=True)


def fetched(settings: Settings, path: Path) -> Path:
    """The tables as a DuckDB file, named as the emulator's dump names them."""
    with duckdb.connect(str(path)) as connection:
        for relation in COMPARED:
            schema, name = relation.split(".")
            every = EVERY_DATE.format(column="game_date")
            rows = engine(settings).query(f"select * from {relation} where {every}")
            connection.execute(f'create schema if not exists "live__{schema}"')
            connection.register("rows", rows)
            connection.execute(f'create table "live__{schema}"."{name}" as from rows')
    return path


@pytest.mark.live
def test_two_days_are_equal_on_google(live: Settings, tmp_path: Path) -> None:
    ours = on_duckdb(live, tmp_path / "duckdb")
    for settings in (ours, live):
        with days(settings) as lived:
            lived.first()
            lived.second()
    rows, differences = compare(
        ours.warehouse_path,
        fetched(live, tmp_path / "live.duckdb"),
        "live",
        "|".join(map(re.escape, COMPARED)),
    )

    assert differences == []
    assert set(rows) == set(COMPARED)
