"""A daily run that is killed at any moment: people read a whole copy, and the next run heals."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from comparison import Unlike, unlike
from lab import Lab
from wire import SECOND_EVENING, STAMPS
from worlds import lasting

from flows import warehouse
from loaders.files import sha256
from loaders.settings import PROJECT_ROOT, Settings

EVENING = Path(__file__).with_name("evening.py")
SCHEMAS = ("intermediate", "marts", "reports", "seeds")
# The run that heals speaks a minute later: instants, and the keys of them, are all that differs.
OF_THE_INSTANT = {
    "as_of",
    "built_as_of",
    "created_at",
    "cut_off_at",
    "distribution_row_id",
    "driver_id",
    "forecast_as_of",
    "forecast_id",
    "gone_by_at",
    "inputs_known_at",
    "known_at",
    "latest_prediction_at",
    "line_known_at",
    "made_at",
    "measured_as_of",
    "price_row_id",
    "quote_id",
    "run_id",
    "status_id",
}
# Dates whose gates passed in the killed run are not judged anew by the run that heals.
OF_THE_GATES = {"gate_measures"}
LATER = timedelta(minutes=1)
PATIENCE = 600


@dataclass(frozen=True)
class Whole:
    """An evening that nobody killed: its home, and the seconds between its start and its end."""

    settings: Settings
    seconds: float


def evening(home: Path, late: int) -> subprocess.Popen[str]:
    """The run in a process of its own, at the moment in which it begins."""
    process = subprocess.Popen(
        [sys.executable, str(EVENING), str(home), str(late)],
        cwd=PROJECT_ROOT,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        start_new_session=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout.readline() == "begins\n"
    return process


def run_to_its_end(home: Path, late: int) -> float:
    """Seconds that the whole run takes."""
    process = evening(home, late)
    started = time.monotonic()
    said, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, said
    return time.monotonic() - started


def lived(lab: Lab, home: Path) -> Settings:
    """A home as the first evening left it."""
    shutil.copytree(lab.base, home, symlinks=True)
    return Settings(home=home)


def counts(settings: Settings) -> dict[str, int]:
    """Rows of every relation that people read."""
    with duckdb.connect(str(settings.published_path), read_only=True) as connection:
        names = connection.execute(
            "select schema_name || '.' || table_name from duckdb_tables() order by 1"
        ).fetchall()
        return {
            name: connection.execute(f"select count(*) from {name}").fetchone()[0]
            for (name,) in names
        }


def published_by(settings: Settings) -> str:
    """The run that what people read comes from: the one row that signs the copy."""
    [row] = warehouse.query_published(settings, "from published.publication").to_pylist()
    return row["run_id"]


@pytest.fixture(scope="session")
def whole(lab: Lab, shared: Path, kept: Callable[[str, Callable[[], Any]], Any]) -> Whole:
    def make() -> Whole:
        settings = lived(lab, shared / "never_killed")
        return Whole(settings, run_to_its_end(settings.home, 0))

    return kept("never_killed", make)


def signed_by_killed(settings: Settings) -> bool:
    """Whether some date's features are those of the killed run, behind whose gates it had come."""
    [row] = warehouse.query(
        settings,
        "select count(*) as dates from audit.feature_builds"
        " where built_as_of >= ? and built_as_of < ?",
        [SECOND_EVENING, SECOND_EVENING + LATER],
    ).to_pylist()
    return row["dates"] > 0


def differing(one: Settings, other: Settings, killed: str | None) -> dict[str, Unlike]:
    """By table that lasts, what two warehouses have not in common.

    killed: a run of the other whose forecasts stay beside those of the run that heals.
    """
    left_out = STAMPS | OF_THE_INSTANT | (OF_THE_GATES if signed_by_killed(other) else set())
    tables = lasting(one, SCHEMAS)
    assert len(tables) > 50
    assert tables == lasting(other, SCHEMAS)
    found = {}
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(f"attach '{one.warehouse_path}' as one (read_only)")
        connection.execute(f"attach '{other.warehouse_path}' as other (read_only)")
        for name in tables:
            columns = dict(
                connection.execute(
                    "select column_name, column_type from (describe table one." + name + ")"
                ).fetchall()
            )
            of_run = f" where run_id is distinct from '{killed}'" if "run_id" in columns else ""
            shared = columns.keys() - left_out
            found[name] = unlike(
                connection,
                f"one.{name}",
                f"(from other.{name}{of_run})",
                {column: columns[column] for column in sorted(shared)},
            )
    return {name: said for name, said in found.items() if said is not None}


def killed_and_healed(lab: Lab, whole: Whole, home: Path) -> None:
    moment = random.random()
    settings = lived(lab, home)
    before, signed = sha256(settings.published_path), published_by(settings)
    process = evening(settings.home, 0)
    time.sleep(moment * whole.seconds)
    os.killpg(process.pid, signal.SIGKILL)
    said, _ = process.communicate()
    where = f"killed {moment:.0%} into a run of {whole.seconds:.0f} s\n{said}"

    if published_by(settings) == signed:
        assert sha256(settings.published_path) == before, where
    else:
        assert counts(settings) == counts(whole.settings), where

    run_to_its_end(settings.home, 1)
    *killed, healed = warehouse.query(
        settings,
        "select run_id, status from raw_runs.runs where started_at >= ? order by started_at",
        [SECOND_EVENING],
    ).to_pylist()
    ended = "completed" if "ended" in said else "died"
    # nothing is entered of a run that was killed before its first step
    assert [run["status"] for run in killed] in ([ended], []), where
    assert healed["status"] == "completed", where
    assert published_by(settings) == healed["run_id"], where
    assert counts(settings).keys() == counts(whole.settings).keys(), where
    assert not [path for path in settings.home.iterdir() if "unfinished" in path.name], where
    assert differing(whole.settings, settings, killed[0]["run_id"] if killed else None) == {}, where


@pytest.mark.parametrize("turn", range(2))
def test_a_killed_run_leaves_a_whole_copy_and_heals(
    lab: Lab, whole: Whole, tmp_path: Path, turn: int
) -> None:
    killed_and_healed(lab, whole, tmp_path / "home")


@pytest.mark.slow
@pytest.mark.parametrize("turn", range(10))
def test_ten_killed_runs_leave_whole_copies_and_heal(
    lab: Lab, whole: Whole, tmp_path: Path, turn: int
) -> None:
    killed_and_healed(lab, whole, tmp_path / "home")
