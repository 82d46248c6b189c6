"""What a run of the simulated league leaves for others: valid files, and analyses that answer."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from dbt.cli.main import dbtRunner
from lab import SLATE, Lab

from flows.dbt_runner import _environment
from flows.published_files import contracts, snapshots
from loaders.settings import PROJECT_ROOT

ANALYSES = sorted(path.stem for path in (PROJECT_ROOT / "analyses").glob("*.sql"))
# Enough of a season, or of a second source, is not in a month of the league.
MAY_BE_EMPTY = {"hot_hand", "source_disagreements", "biggest_misses", "who_gains"}


def read(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def evening(lab: Lab) -> Lab:
    """The warehouse and the files as the first evening left them."""
    lab.reset()
    return lab


def test_every_file_of_a_run_is_as_its_schema_promises(evening: Lab) -> None:
    folder = evening.settings.publish_dir / "v1"
    players = sorted((folder / "players").glob("*.json"))
    assert len(players) > 100
    checkers = {
        name: jsonschema.Draft202012Validator(
            read(folder / "schemas" / f"{name}{contracts.SUFFIX}"),
            format_checker=jsonschema.FormatChecker(["date"]),
        )
        for name in (*(file.name for file in contracts.FILES), contracts.PLAYER)
    }
    found = [(path.stem, path) for path in folder.glob("*.json")]
    found += [(contracts.PLAYER, path) for path in players]
    assert {name for name, _ in found} == set(checkers)
    wrong = {
        path.name: error.message
        for name, path in found
        for error in checkers[name].iter_errors(read(path))
    }
    assert wrong == {}
    runs = {read(path)["publication"]["run_id"] for _, path in found}
    assert len(runs) == 1


def test_the_files_hold_what_is_published(evening: Lab) -> None:
    folder = evening.settings.publish_dir / "v1"
    predictions = read(folder / "predictions.json")["rows"]
    shown = {row["forecast_id"] for row in read(folder / "slate.json")["rows"]} - {None}
    assert len(predictions) > 100
    assert {row["forecast_id"] for row in predictions} == shown
    assert {row["game_date"] for row in predictions} == {SLATE.isoformat()}
    [status] = read(folder / "status.json")["rows"]
    assert (status["game_date"], status["predictions"]) == (SLATE.isoformat(), len(predictions))
    assert len(snapshots(evening.settings)) >= 1
    one = predictions[0]
    player = read(folder / "players" / f"{one['player_id']}.json")
    [chances] = [
        chances["cumulative_probabilities"]
        for chances in player["distributions"]
        if chances["forecast_id"] == one["forecast_id"]
    ]
    assert chances == sorted(chances)
    assert chances[one["quantile_50"]] >= 0.5


@pytest.fixture(scope="module")
def compiled(evening: Lab, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], str]:
    """The SQL of an analysis, of the evening's last prediction."""
    folder = tmp_path_factory.mktemp("compiled")
    [last] = evening.rows(
        "select max(forecast_id) as forecast_id from marts.player_prop_predictions"
        " where line is not null"
    )
    arguments = [
        *("--log-level", "none", "compile", "--select", "resource_type:analysis"),
        *("--vars", json.dumps({"prediction": last["forecast_id"]})),
        *("--project-dir", str(PROJECT_ROOT), "--profiles-dir", str(PROJECT_ROOT)),
        *("--target", evening.settings.target, "--target-path", str(folder)),
        *("--log-path", str(folder)),
    ]
    with _environment(evening.settings):
        done = dbtRunner().invoke(arguments)
    assert done.success, done.exception

    def sql(name: str) -> str:
        return (folder / "compiled" / "nba_props" / "analyses" / f"{name}.sql").read_text()

    return sql


@pytest.mark.parametrize("name", ANALYSES)
def test_an_analysis_answers(evening: Lab, compiled: Callable[[str], str], name: str) -> None:
    rows = evening.rows(compiled(name))
    assert rows or name in MAY_BE_EMPTY


def test_the_readme_lists_every_analysis() -> None:
    text = (PROJECT_ROOT / "README.md").read_text(encoding="utf-8")
    assert len(ANALYSES) >= 10
    assert [name for name in ANALYSES if f"[{name}](analyses/{name}.sql)" not in text] == []
