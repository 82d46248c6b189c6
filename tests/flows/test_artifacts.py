"""What a flow run shows on its page: a bar that only goes forward, then what was published."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest
import yaml

from flows.daily import DailyResult
from flows.published_files import contracts
from flows.render import ORDER
from loaders.settings import PROJECT_ROOT, Settings

EVALUATION_REPORTS = PROJECT_ROOT.joinpath(
    "models", "reports", "evaluations", "_evaluation_reports__models.yml"
)
NOW = datetime(2026, 1, 16, 22, 30, tzinfo=UTC)
KINDS = ("table", "markdown", "link", "progress")


@pytest.fixture
def artifacts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The module, with a home for Prefect of its own."""
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path / "prefect"))
    import flows.artifacts

    return flows.artifacts


@pytest.fixture
def made(artifacts: Any, monkeypatch: pytest.MonkeyPatch) -> dict[str, list]:
    """By key, what was told to Prefect."""
    found: dict[str, list] = {}

    def create(what: Any, key: str, **_: Any) -> str:
        found.setdefault(key, []).append(what)
        return key

    for kind in KINDS:
        monkeypatch.setattr(artifacts, f"create_{kind}_artifact", create)
    monkeypatch.setattr(
        artifacts, "update_progress_artifact", lambda key, percent, **_: found[key].append(percent)
    )
    return found


def result(**changes: Any) -> DailyResult:
    told = {"run_id": "run-1", "as_of": NOW, "status": "completed", "games": 2, "forecasts": 40}
    told |= {"published_place": "copy.duckdb", "files_place": "v1", "seconds": {"publish": 1.25}}
    return DailyResult(date(2026, 1, 16), "live", **(told | changes))


def relation(columns: dict[str, str], **values: str) -> str:
    """A select of one row: nulls of their type, but for the values."""
    return "select " + ", ".join(
        f"cast({values.get(name, 'null')} as {kind}) as {name}" for name, kind in columns.items()
    )


@pytest.fixture
def published(settings: Settings, artifacts: Any) -> None:
    """A published copy with a row of each report, and gates of which one warns."""
    kinds = {"string": "varchar", "integer": "bigint", "boolean": "boolean", "number": "double"}
    reports = {file.report: file.columns for file in contracts.FILES}

    def columns(report: str) -> dict[str, str]:
        return {
            name: {"date": "date", "date-time": "timestamptz"}.get(
                one.get("format", ""),
                kinds[one["type"] if isinstance(one["type"], str) else one["type"][0]],
            )
            for name, one in reports[report].items()
        }

    slate = relation(
        columns("todays_slate"),
        forecast_id="'f1'",
        player_name="'Pa Pe'",
        tipoff_at="'2026-01-17 00:30:00+00'",
        edge="0.123456",
        recommendation="'OVER'",
    )
    record = relation(columns("track_record"), system="'catboost'", graded="7")
    gate = "select '{0}' as layer, 'a metric' as metric, '{1}' as status"
    gate += ", date '2026-01-16' as game_date"
    with duckdb.connect(str(settings.published_path)) as connection:
        connection.execute("create schema reports; create schema marts;")
        connection.execute(f"create table reports.todays_slate as {slate}")
        connection.execute(f"create table reports.track_record as {record}")
        for layer in artifacts.GATED_LAYERS:
            status = "warn" if layer == "features" else "pass"
            connection.execute(f"create table marts.gate_{layer} as {gate.format(layer, status)}")


def test_a_run_of_a_day_moves_its_bar_from_nothing_to_all(
    artifacts: Any, made: dict[str, list], settings: Settings
) -> None:
    called = []

    def call(name: str, function: Callable, *args: Any, **kwargs: Any) -> Any:
        called.append(name)
        return function(*args, **kwargs)

    progress = artifacts.Progress(settings, call)
    assert [progress(name, str, name) for name in artifacts.STEPS] == list(artifacts.STEPS)
    bar = made["progress-duckdb"]
    assert (bar[0], bar[-1]) == (0, 100)
    assert bar == sorted(bar)
    assert progress("poll lines", lambda: 1) == 1
    assert len(bar) == len(made["progress-duckdb"])
    assert called == [*artifacts.STEPS, "poll lines"]


def test_the_bar_knows_every_step_of_a_run(artifacts: Any) -> None:
    """As tests/flows/test_daily.py has them, where a call sees each."""
    text = (Path(__file__).parent / "test_daily.py").read_text(encoding="utf-8")
    listed = text.split("assert called == [")[1].split("]")[0]
    assert json.loads(f"[{listed.strip().rstrip(',')}]") == list(artifacts.STEPS)


def test_what_was_published_is_shown(
    artifacts: Any, made: dict[str, list], settings: Settings, published: None
) -> None:
    page = settings.home / "docs" / "index.html"
    page.parent.mkdir()
    page.touch()
    artifacts.show(settings, result())
    assert sorted(made) == [
        *("docs-duckdb", "gates-duckdb", "run-duckdb", "slate-duckdb", "track-record-duckdb"),
    ]
    [[row]] = made["slate-duckdb"]
    assert (row["player_name"], row["edge"], row["line"]) == ("Pa Pe", 0.123, "")
    assert row["tipoff_at"] == "2026-01-16 19:30 ET"
    [gates] = made["gates-duckdb"]
    assert gates[0]["layer"] == "features"
    assert {one["status"] for one in gates[1:]} == {"pass"}
    assert made["docs-duckdb"] == [page.as_uri()]
    [text] = made["run-duckdb"]
    assert text.startswith("# Friday, 16 January 2026")
    assert "| forecasts | 40 |" in text
    assert "| publish | 1.2 |" in text


def test_an_evaluation_is_shown_where_there_is_one(
    artifacts: Any, made: dict[str, list], settings: Settings, published: None
) -> None:
    declared = {
        model["name"]: {one["name"]: one["data_type"] for one in model["columns"]}
        for model in yaml.safe_load(EVALUATION_REPORTS.read_text(encoding="utf-8"))["models"]
    }
    # an engine's own type stands in a template
    kinds = {"string": "varchar", "int64": "bigint", "bool": "boolean", "double": "double"}
    of_it = {"season": "'2024-25'", "is_latest": "true", "market": "'points'"}
    rows = {
        "evaluation_scores": [
            {**of_it, "scope": "'common'", "stratum": "'all'", "system": "'ewma'", "crps": "3.4"},
            {**of_it, "scope": "'common'", "stratum": "'all'", "system": "'ours'", "crps": "3.2"},
            {**of_it, "scope": "'common'", "stratum": "'home'", "system": "'ours'"},
            {**of_it, "is_latest": "false", "scope": "'common'", "stratum": "'all'"},
        ],
        "evaluation_bars": [
            {**of_it, "bar": "'mae'", "value": "4.54", "verdict": "'must'"},
            {**of_it, "bar": "'skill'", "value": "0.01", "verdict": "'missed'"},
            {"bar": "'crps'", "verdict": "'not measured'"},
        ],
    }
    with duckdb.connect(str(settings.published_path)) as connection:
        for name, several in rows.items():
            columns = {
                column: next((sql for word, sql in kinds.items() if word in kind), "timestamptz")
                for column, kind in declared[name].items()
            }
            selects = " union all ".join(relation(columns, **one) for one in several)
            connection.execute(f"create table reports.{name} as {selects}")
    artifacts.show(settings, result())
    [scores] = made["evaluation-duckdb"]
    assert [(one["system"], one["crps"]) for one in scores] == [("ours", 3.2), ("ewma", 3.4)]
    [bars] = made["evaluation-bars-duckdb"]
    assert [(one["bar"], one["verdict"]) for one in bars] == [("skill", "missed"), ("mae", "must")]


def test_a_run_that_published_nothing_shows_nothing(
    artifacts: Any, made: dict[str, list], settings: Settings
) -> None:
    artifacts.show(settings, result(published_place=None))
    assert made == {}


def test_the_slate_is_in_the_order_of_the_terminal(artifacts: Any) -> None:
    assert ORDER in artifacts.SLATE


def test_a_run_by_hand_is_named_after_what_was_asked_for(
    artifacts: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows import prefect_flows

    def name(**given: Any) -> str:
        asked = {"game_date": None, "as_of": None, "target": "sandbox", **given}
        flow_run = SimpleNamespace(parameters=asked, scheduled_start_time=NOW)
        monkeypatch.setattr(prefect_flows, "runtime", SimpleNamespace(flow_run=flow_run))
        return prefect_flows.run_name()

    assert name() == "daily of 2026-01-16 in sandbox"
    assert name(game_date=date(2024, 4, 5)) == "daily of 2024-04-05 in sandbox"
    assert name(as_of="2024-04-05T22:15Z").endswith(", as of 2024-04-05T22:15Z")


# In a process of its own: Prefect keeps its server, its home and its settings for a process' life.
FLOW = """
import asyncio, json
from datetime import UTC, date, datetime
from flows import prefect_flows, artifacts  # first: it tells Prefect where its home is
from prefect import get_client
from flows.daily import DailyResult
from loaders.settings import get_settings

settings = get_settings()
now = datetime(2026, 1, 16, 22, 30, tzinfo=UTC)
result = DailyResult(date(2026, 1, 16), "live", run_id="r", as_of=now, published_place="copy")
progress = artifacts.Progress(settings, lambda name, function: function())
for name in artifacts.STEPS:
    progress(name, lambda: None)
artifacts.show(settings, result)

async def found():
    async with get_client() as client:
        return [(a.key, a.type, a.data) for a in await client.read_artifacts()]

print("FOUND", json.dumps(asyncio.run(found())))
"""


@pytest.mark.slow
def test_prefect_takes_what_is_shown(settings: Settings, published: None, tmp_path: Path) -> None:
    environment = {**os.environ, "NBA_PROPS_HOME": str(settings.home)}
    for name in ("PREFECT_API_URL", "PREFECT_HOME"):
        environment.pop(name, None)
    done = subprocess.run(
        [sys.executable, "-c", FLOW], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout.rpartition("FOUND ")[2])
    kinds = {key: kind for key, kind, _ in found}
    assert kinds == {
        "progress-duckdb": "progress",
        "run-duckdb": "markdown",
        "slate-duckdb": "table",
        "gates-duckdb": "table",
        "track-record-duckdb": "table",
    }
    assert {key: data for key, _, data in found}["progress-duckdb"] == 100
