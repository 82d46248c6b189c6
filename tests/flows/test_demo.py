"""The demo, twice, over a shorter history."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from flows import defaults, warehouse
from flows.demo import run_demo
from flows.progress import SilentReporter
from loaders.settings import Settings


@pytest.mark.slow
def test_the_demo_fills_an_empty_home_and_its_second_run_loads_no_history(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(defaults, "DEMO_HISTORY", timedelta(days=45))
    settings = Settings(home=tmp_path)
    first = run_demo(settings, SilentReporter())
    sandbox = settings.for_target("sandbox")

    assert first.report.parent == sandbox.report_dir
    assert first.report.stat().st_size > 50_000
    assert first.docs.stat().st_size > 100_000
    assert (first.today.status, first.today.reason) == ("completed", None)
    assert first.today.forecasts == 4 * first.today.slate_rows > 0
    published = warehouse.query_published(sandbox, "from published.publication").to_pylist()
    assert [row["run_id"] for row in published] == [first.today.run_id]
    silent = warehouse.query_published(
        sandbox,
        """
        select count(*) as players from reports.todays_slate
        where predicted_value is null and reason is null
        """,
    )
    assert silent["players"].to_pylist() == [0]

    second = run_demo(settings, SilentReporter())
    assert second.today.trained == []
    commands = warehouse.query(
        sandbox, "select command, status from raw_runs.runs order by started_at"
    ).to_pylist()
    assert {row["status"] for row in commands} == {"completed"}
    assert [row["command"] for row in commands] == [
        *("backfill", "backfill", "daily", "daily"),
        "daily",
    ]
    assert second.today.as_of > first.today.as_of
