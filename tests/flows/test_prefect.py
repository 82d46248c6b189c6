"""The Prefect flow calls the functions that the command calls, a task a step."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from loaders.errors import AccessDenied, TransientError, WarehouseBusy

# In a process of its own: Prefect keeps its server, its home and its settings for a process' life.
FLOW = """
import json, sys
from datetime import date
from pathlib import Path
from types import SimpleNamespace

from flows import prefect_flows as flows
from flows import artifacts, gates, runs, steps
from flows.dbt_runner import BuildResult, DbtRunner, NodeResult

slate = steps.Slate(SimpleNamespace(num_rows=0), "BASE", 0, None, 0)
node = NodeResult("games", "model.games", "model", "success", 0.1, None, None)
build = lambda _, dbt, selector, *__, **___: BuildResult(selector, (node,), None)
published = SimpleNamespace(place="copy.duckdb")
runs._write = lambda *_: None
DbtRunner.parse = lambda self: None
DbtRunner.fingerprint = lambda self: "of a project"
steps.ensure_tables = lambda *_: []
steps.build = build
steps.build_features = lambda _, dbt, *a, **n: build(_, dbt, "features")
gates.gate_window = lambda *_, **__: gates.GateWindow(None, None)
steps.read_slate = lambda *_, **__: slate
steps.publish = lambda *_, **__: published
artifacts.show = lambda *_: None
steps.write_files = lambda *_: SimpleNamespace(place="v1")
steps.write_report = lambda *_: "index.html"
result = flows.daily(game_date=date(2024, 7, 1))

import asyncio
from prefect import get_client

async def found():
    async with get_client() as client:
        tasks = await client.read_task_runs()
        artifacts = await client.read_artifacts()
    return sorted(t.name.rsplit("-", 1)[0] for t in tasks), [(a.key, a.data) for a in artifacts]

tasks, artifacts = asyncio.run(found())
print("FOUND", json.dumps({"result": result, "tasks": tasks, "artifacts": artifacts}))
"""


@pytest.mark.slow
def test_the_flow_runs_a_task_a_step_and_keeps_the_nodes(tmp_path: Path) -> None:
    environment = {**os.environ, "NBA_PROPS_HOME": str(tmp_path)}
    environment.pop("PREFECT_API_URL", None)
    done = subprocess.run(
        [sys.executable, "-c", FLOW], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout.rpartition("FOUND ")[2])
    assert found["result"]["status"] == "completed"
    assert found["result"]["reason"] == "no games"
    assert found["tasks"] == sorted(
        [
            "prepare raw tables",
            "read dbt project",
            "build features",
            "read slate",
            "build forecasts",
            "publish",
            "write files",
            "write the report",
        ]
    )
    assert sorted(key for key, _ in found["artifacts"]) == [
        "dbt-nodes-features",
        "dbt-nodes-forecasts",
        "progress-duckdb",
    ]
    nodes = dict(found["artifacts"])["dbt-nodes-features"]
    assert json.loads(nodes)[0]["node"] == "games"
    assert (tmp_path / "prefect").is_dir()


@pytest.mark.parametrize(
    ("error", "again"),
    [
        (TransientError("down"), True),
        (WarehouseBusy("held"), True),
        (AccessDenied("no"), False),
        (ValueError("ours"), False),
    ],
)
def test_only_what_may_pass_by_itself_is_tried_again(
    error: Exception, again: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path))
    from flows.prefect_flows import _is_worth_a_retry

    state = SimpleNamespace(result=lambda raise_on_failure: error)
    assert _is_worth_a_retry(None, None, state) is again
