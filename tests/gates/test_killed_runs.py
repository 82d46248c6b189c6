"""A daily run that is killed at any moment: people read a whole copy, and the next run heals."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest
from lab import Lab
from worlds import difference, lasting

from flows import warehouse
from loaders.settings import PROJECT_ROOT, Settings

EVENING = Path(__file__).with_name("evening.py")
BUILT = ("intermediate", "marts", "seeds")
# By run, not by what was known: a killed run's own rows stay beside those of the run that heals.
OF_RUNS = ("gate_", "prediction", "prop_line_outcomes")
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
    shutil.copytree(lab.base, home)
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


def digest(settings: Settings) -> str:
    return hashlib.sha256(settings.published_path.read_bytes()).hexdigest()


@pytest.fixture(scope="session")
def whole(lab: Lab, shared: Path, kept: Callable[[str, Callable[[], Any]], Any]) -> Whole:
    def make() -> Whole:
        settings = lived(lab, shared / "never_killed")
        return Whole(settings, run_to_its_end(settings.home, 0))

    return kept("never_killed", make)


def killed_and_healed(lab: Lab, whole: Whole, home: Path) -> None:
    moment = random.random()
    settings = lived(lab, home)
    before = digest(settings), published_by(settings)
    process = evening(settings.home, 0)
    time.sleep(moment * whole.seconds)
    os.killpg(process.pid, signal.SIGKILL)
    said, _ = process.communicate()
    where = f"killed {moment:.0%} into a run of {whole.seconds:.0f} s\n{said}"

    publisher = published_by(settings)
    if publisher == before[1]:
        assert digest(settings) == before[0], where
    else:
        assert counts(settings) == counts(whole.settings), where

    run_to_its_end(settings.home, 1)
    runs = warehouse.query(
        settings, "select run_id, status from raw_runs.runs order by started_at desc"
    ).to_pylist()
    assert published_by(settings) == runs[0]["run_id"], where
    assert counts(settings).keys() == counts(whole.settings).keys(), where
    assert not [path for path in settings.home.iterdir() if "unfinished" in path.name], where
    print(where, [r["status"] for r in runs])
    for name in lasting(whole.settings, BUILT):
        rows, gone, new = difference(whole.settings, settings, name)
        if gone or new:
            print(name, rows, gone, new)
    print({k: (v, counts(settings)[k]) for k, v in counts(whole.settings).items() if v != counts(settings)[k]})
    raise AssertionError("look")


@pytest.mark.parametrize("time", range(2))
def test_a_killed_run_leaves_a_whole_copy_and_heals(
    lab: Lab, whole: Whole, tmp_path: Path, time: int
) -> None:
    killed_and_healed(lab, whole, tmp_path / "home")


@pytest.mark.slow
@pytest.mark.parametrize("time", range(10))
def test_ten_killed_runs_leave_whole_copies_and_heal(
    lab: Lab, whole: Whole, tmp_path: Path, time: int
) -> None:
    killed_and_healed(lab, whole, tmp_path / "home")
