"""What only an evaluation may know reaches no feature, no forecast and no reader."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from dbt.cli.main import dbtRunner

from flows.built import HALVES
from flows.dbt_runner import DbtRunner
from flows.publish import PRIVATE_RELATIONS
from loaders.settings import PROJECT_ROOT, Settings

if TYPE_CHECKING:
    from pathlib import Path

    from dbt.contracts.graph.manifest import Manifest

# These say its name and read none of it, or are evaluations.
MAY_NAME_IT = re.compile(r"flows/(publish\.py|evaluat|forecasting/evaluat|cli/evaluat)")


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> Manifest:
    """The dbt project, parsed without a warehouse."""
    return DbtRunner(Settings(home=tmp_path_factory.mktemp("home"))).parse()


def of_evaluation(manifest: Manifest) -> dict[str, Any]:
    """The models that no run builds, by unique_id."""
    models = (node for node in manifest.nodes.values() if node.resource_type == "model")
    return {model.unique_id: model for model in models if "evaluation" in model.config.tags}


def test_no_model_but_of_evaluation_reads_one_of_evaluation(manifest: Manifest) -> None:
    apart = of_evaluation(manifest)
    assert "model.nba_props.ceiling_absences" in apart
    readers = [
        f"{child} reads {parent}"
        for parent in apart
        for child in manifest.child_map[parent]
        if child.startswith(("model.", "seed.", "snapshot.", "exposure."))
        and child not in {*apart, "exposure.nba_props.evaluation"}
    ]
    assert readers == []


def test_no_run_builds_what_only_an_evaluation_asks(manifest: Manifest, tmp_path: Path) -> None:
    apart = {model.name for model in of_evaluation(manifest).values()}
    assert listed(manifest, "evaluation_ceiling", tmp_path) == apart
    for selector in HALVES:
        assert listed(manifest, selector, tmp_path) & apart == set(), selector


def listed(manifest: Manifest, selector: str, scratch: Path) -> set[str]:
    """Names of the models that a selector chooses."""
    found = dbtRunner(manifest=manifest).invoke(
        [
            *("--log-level", "none", "ls", "--selector", selector),
            *("--resource-types", "model", "--output", "name"),
            *("--project-dir", str(PROJECT_ROOT), "--profiles-dir", str(PROJECT_ROOT)),
            *("--target-path", str(scratch), "--log-path", str(scratch)),
        ]
    )
    assert found.success, found.exception
    return set(found.result)


def test_nobody_is_shown_what_only_an_evaluation_asks(manifest: Manifest) -> None:
    apart = of_evaluation(manifest).values()
    assert [f"marts.{m.name}" for m in apart if f"marts.{m.name}" not in PRIVATE_RELATIONS] == []


def test_no_python_but_of_evaluation_names_the_ceiling() -> None:
    files = [p for folder in ("flows", "loaders") for p in (PROJECT_ROOT / folder).rglob("*.py")]
    assert len(files) > 20
    naming = {
        str(path.relative_to(PROJECT_ROOT))
        for path in files
        if "ceiling_absences" in path.read_text(encoding="utf-8")
    }
    assert {name for name in naming if not MAY_NAME_IT.match(name)} == set()
