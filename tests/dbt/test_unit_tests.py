"""The unit tests of the models, on a warehouse without a row: invented rows in, expected rows out.

dbt takes the columns of invented rows from the relations they stand for. So every model is first
built empty.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from dbt.cli.main import dbtRunner

from flows.steps import ensure_tables
from loaders.settings import PROJECT_ROOT, Settings

AS_OF = datetime(2026, 1, 15, 22, 0, tzinfo=UTC)


@pytest.fixture
def dbt(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Invoke dbt in this process on the warehouse of the settings; the project is parsed once."""
    monkeypatch.setenv("NBA_PROPS_HOME", str(settings.home))
    monkeypatch.setenv("NBA_PROPS_TARGET", settings.target)
    monkeypatch.chdir(PROJECT_ROOT)
    places = ["--project-dir", PROJECT_ROOT, "--profiles-dir", PROJECT_ROOT]
    places += [
        "--target-path",
        settings.dbt_dir / "target",
        "--log-path",
        settings.dbt_dir / "logs",
    ]
    quiet = ["--log-level", "none", "--no-use-colors"]
    variables = ["--vars", f'{{as_of: "{AS_OF.isoformat()}"}}']
    parsed = dbtRunner().invoke([*quiet, "parse", *map(str, places)])
    assert parsed.success, parsed.exception
    runner = dbtRunner(manifest=parsed.result)

    def invoke(*arguments: str) -> Any:
        return runner.invoke([*quiet, *arguments, *map(str, places), *variables])

    invoke.manifest = parsed.result
    return invoke


def test_every_unit_test_of_the_models_holds(settings: Settings, dbt: Any) -> None:
    ensure_tables(settings)
    built = dbt("build", "--empty", "--resource-type", "seed", "--resource-type", "model")
    assert built.success, _failures(built)

    tested = dbt("test", "--select", "test_type:unit")

    assert tested.success, _failures(tested)
    assert {result.node.unique_id for result in tested.result} == set(dbt.manifest.unit_tests)


def _failures(invoked: Any) -> str:
    """What failed, in dbt's words."""
    results = getattr(invoked.result, "results", None)
    if results is None:
        return f"dbt did not run: {invoked.exception}"
    bad = [r for r in results if str(r.status) not in ("pass", "success", "skipped")]
    return "\n\n".join(f"{r.node.unique_id}: {r.status}\n{r.message}" for r in bad)
