"""A backfill and a daily run at once: neither starves, the rows are those of the daily alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from lab import Lab
from proof import child, ended
from test_killed_runs import PATIENCE, Whole, differing, evening, lived, run_to_its_end
from wire import SECOND_EVENING

from flows import warehouse

# Days a batch of the ten dates, so that there are five gaps for the daily run.
DAYS = 2
# The history's clock stands still: its builds speak from after all that the daily run loads.
LATER = SECOND_EVENING + timedelta(minutes=1)


@pytest.fixture(scope="session")
def unraced(lab: Lab, shared: Path, kept: Callable[[str, Callable[[], Any]], Any]) -> Whole:
    """An evening that nothing ran beside."""

    def make() -> Whole:
        settings = lived(lab, shared / "unraced")
        return Whole(settings, run_to_its_end(settings.home, 0))

    return kept("unraced", make)


@pytest.mark.slow
@pytest.mark.parametrize("turn", range(2))
def test_a_backfill_and_a_daily_run_at_once(
    lab: Lab, unraced: Whole, tmp_path: Path, turn: int
) -> None:
    settings = lived(lab, tmp_path / "home")
    history = child(settings.home, mode="both", days=DAYS, at=LATER)
    daily = evening(settings.home, 0)
    said, _ = daily.communicate(timeout=PATIENCE)
    assert daily.returncode == 0, said
    assert ended(history)["counts"] == {"complete": 10}

    runs = warehouse.query(
        settings,
        "select command, status from raw_runs.runs where started_at >= ? order by _dlt_load_id",
        [SECOND_EVENING],
    ).to_pylist()
    assert {run["status"] for run in runs} == {"completed"}
    commands = [run["command"] for run in runs]
    # the daily run did not have to wait for all of the history
    assert commands.index("daily") < len(commands) - 1
    assert differing(unraced.settings, settings, None) == {}
