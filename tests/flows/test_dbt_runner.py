from __future__ import annotations

import io
import json
import os
import signal
import threading
from pathlib import Path

import pytest
from rich.console import Console

from flows import warehouse
from flows.dbt_runner import DbtRunner
from flows.errors import DbtBuildFailed, DbtParseFailed
from flows.progress import Reporter
from loaders.settings import Settings

FILES = {
    "dbt_project.yml": """
name: tiny
version: "1.0"
profile: tiny
flags: {send_anonymous_usage_stats: false}
vars: {level: null}
""",
    "profiles.yml": """
tiny:
  target: "{{ env_var('NBA_PROPS_TARGET', 'duckdb') }}"
  outputs:
    duckdb:
      type: duckdb
      path: "{{ env_var('NBA_PROPS_HOME') }}/warehouse.duckdb"
      threads: 2
      keep_open: "{{ env_var('NBA_PROPS_DBT_KEEP_OPEN', 'False') | as_bool }}"
""",
    "selectors.yml": """
selectors:
  - name: features
    definition: {method: fqn, value: "*"}
""",
    "models/base.sql": "{{ config(materialized='ephemeral') }} select {{ var('level') }} as level",
    "models/levels.sql": "select level from {{ ref('base') }}",
    "models/above.sql": "{{ config(materialized='table') }} select * from {{ ref('levels') }}",
    "models/top.sql": "{{ config(materialized='table') }} select * from {{ ref('above') }}",
    "models/models.yml": """
models:
  - name: levels
    columns:
      - name: level
        data_tests:
          - accepted_values: {arguments: {values: [1, 2], quote: false}}
unit_tests:
  - name: top_copies
    model: top
    given: [{input: ref('above'), rows: [{level: 1}]}]
    expect: {rows: [{level: 1}]}
""",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def runner(settings: Settings, project: Path) -> DbtRunner:
    settings = settings.model_copy(update={"home": settings.home / "home"})
    settings.home.mkdir()
    return DbtRunner(settings, run_id="run-1", project_dir=project)


def levels(runner: DbtRunner) -> list[int]:
    return warehouse.query(runner.settings, "select level from main.top")["level"].to_pylist()


def test_builds_with_other_vars_share_one_parse(
    runner: DbtRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NBA_PROPS_HOME", raising=False)
    folder = Path.cwd()
    printed = io.StringIO()
    runner.reporter = Reporter(console=Console(file=printed, width=200))
    first = runner.build(selector="features", vars={"level": 1})
    manifest = runner.parse()
    assert levels(runner) == [1]
    runner.build(selector="features", vars={"level": 2})
    assert levels(runner) == [2]
    assert runner.parse() is manifest

    assert first.count("success") == 3
    assert first.count("pass") == 1
    assert {node.resource_type for node in first.nodes} == {"model", "test"}
    lines = [line for line in printed.getvalue().splitlines() if "/4" in line]
    assert len(lines) == 8
    assert "1/4 success" in lines[0]
    assert lines[0].endswith("levels")
    assert " s " in lines[0]
    assert Path.cwd() == folder
    assert "NBA_PROPS_HOME" not in os.environ


def test_the_docs_are_one_page(runner: DbtRunner, tmp_path: Path) -> None:
    page = runner.docs(tmp_path / "docs", {"level": 1})
    assert page == tmp_path / "docs" / "index.html"
    assert "model.tiny.levels" in page.read_text(encoding="utf-8")


def test_a_second_process_parses_only_what_changed(runner: DbtRunner, project: Path) -> None:
    runner.parse()
    manifest = runner.target_dir / "manifest.json"
    written = manifest.stat().st_mtime_ns
    again = DbtRunner(runner.settings, project_dir=project)
    again.parse()
    assert manifest.stat().st_mtime_ns == written
    (project / "models" / "other.sql").write_text("select 1 as a")
    later = DbtRunner(runner.settings, project_dir=project)
    assert "model.tiny.other" in later.parse().nodes
    assert "model.tiny.other" in json.loads(manifest.read_text())["nodes"]


def test_unit_tests_run_only_when_asked_for(runner: DbtRunner) -> None:
    runner.build(select="levels above", vars={"level": 1})
    found = runner.build(select="top", vars={"level": 1}, exclude_unit_tests=False)
    assert [node.resource_type for node in found.nodes] == ["unit_test", "model"]


def test_a_failing_test_blocks_what_is_behind_it_and_is_told(runner: DbtRunner) -> None:
    runner.build(selector="features", vars={"level": 1})
    with pytest.raises(DbtBuildFailed) as failed:
        runner.build(selector="features", vars={"level": 3})
    assert levels(runner) == [1]
    message = str(failed.value)
    assert "1 failed, 2 skipped behind them, of 4 nodes" in message
    assert "accepted_values_levels_level" in message
    assert "Got 1 result, configured to fail" in message
    compiled = message.split("(compiled: ")[1].split(")")[0]
    assert "not in" in Path(compiled).read_text(encoding="utf-8")

    folder = runner.settings.runs_dir / "run-1" / "features"
    results = json.loads((folder / "run_results.json").read_text(encoding="utf-8"))
    assert sorted(r["status"] for r in results["results"]) == [
        "fail",
        "skipped",
        "skipped",
        "success",
    ]
    assert "model.tiny.top" in json.loads((folder / "manifest.json").read_text())["nodes"]


def test_every_build_is_told_of_also_one_that_fails(runner: DbtRunner) -> None:
    told = []
    runner.built = told.append
    runner.build(selector="features", vars={"level": 1})
    with pytest.raises(DbtBuildFailed):
        runner.build(selector="features", vars={"level": 3})
    good, bad = told
    assert (good.selector, good.vars) == ("features", {"level": 1})
    assert good.fingerprint == bad.fingerprint == runner.fingerprint()
    found = {node.name: node for node in bad.nodes}
    assert {name: node.status for name, node in found.items()} == {
        "levels": "success",
        "accepted_values_levels_level__False__1__2": "fail",
        "above": "skipped",
        "top": "skipped",
    }
    [test] = bad.failing
    assert (test.failures, test.path) == (1, "models/models.yml")
    assert found["levels"].path == "models/levels.sql"
    assert found["levels"].started_at is not None
    assert found["top"].started_at is None


def test_a_build_that_cannot_start_says_why(runner: DbtRunner) -> None:
    with pytest.raises(DbtBuildFailed, match="nowhere"):
        runner.build(selector="nowhere")


def test_sql_that_does_not_compile_is_a_failing_node(runner: DbtRunner, project: Path) -> None:
    (project / "models" / "top.sql").write_text(
        "select {{ exceptions.raise_compiler_error('no clock') if execute }}"
    )
    with pytest.raises(DbtBuildFailed, match=r"model top.*no clock"):
        runner.build(select="top")


def test_a_project_that_does_not_parse_says_where(runner: DbtRunner, project: Path) -> None:
    (project / "models" / "top.sql").write_text("select * from {{ ref('nothing') }}")
    with pytest.raises(DbtParseFailed, match="nothing"):
        runner.parse()


def test_a_break_ends_a_build_as_a_break(runner: DbtRunner, project: Path) -> None:
    seconds = "select count(*) as level from range(90000) as a, range(30000) as b where a < b"
    table = "{{ config(materialized='table') }} "
    (project / "models" / "base.sql").write_text(table + seconds)
    runner.parse()
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    hand = threading.Timer(0.3, signal.raise_signal, [signal.SIGINT])
    hand.start()
    try:
        with pytest.raises(KeyboardInterrupt):
            runner.build(select="base")
    finally:
        hand.cancel()
        signal.signal(signal.SIGINT, before)
    # what it held is free again
    (project / "models" / "base.sql").write_text(table + "select 1 as level")
    again = DbtRunner(runner.settings, project_dir=project)
    assert again.build(select="base").count("success") == 1
