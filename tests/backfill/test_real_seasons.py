"""Three real seasons from the archive: interrupted five times and resumed, they are the same."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path

import pytest
from proof import PATIENCE, differing, ledger

from flows import warehouse
from loaders.settings import PROJECT_ROOT, Settings

pytestmark = [pytest.mark.slow, pytest.mark.real_data]

FIRST, LAST = date(2022, 10, 1), date(2025, 6, 30)
AFTERWARDS = datetime(2025, 7, 1, tzinfo=UTC)
KILLS = 5


def backfill(home: Path, data: Path) -> subprocess.Popen[str]:
    """The command line's own backfill."""
    words = ["--source", "archive", "--path", data, "--from", FIRST, "--to", LAST, "--quiet"]
    words += ["--as-of", AFTERWARDS.isoformat(), "--reason", "three seasons"]
    return subprocess.Popen(
        [sys.executable, "-m", "flows.cli", "backfill", *map(str, words)],
        cwd=PROJECT_ROOT,
        env=os.environ | {"NBA_PROPS_HOME": str(home), "PYTHONPATH": os.pathsep.join(sys.path)},
        start_new_session=True,
        # a shell's background job ignores ^C, and so would its children
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def said_until(process: subprocess.Popen[str], start: str, times: int) -> None:
    """Wait until a process has said so many lines that start like this."""
    found = (line for line in process.stdout if line.startswith(start))
    assert len(list(islice(found, times))) == times


def to_its_end(home: Path, data: Path) -> float:
    """Seconds that it takes, and it must end well."""
    started = time.monotonic()
    process = backfill(home, data)
    said, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, said
    return time.monotonic() - started


def test_three_seasons_interrupted_five_times_are_as_if_never_interrupted(
    real_data: Path, tmp_path: Path
) -> None:
    whole = to_its_end(tmp_path / "whole", real_data)
    home = tmp_path / "interrupted"
    settings = Settings(home=home)
    lost, spent = [], 0.0
    for turn in range(KILLS):
        process = backfill(home, real_data)
        started = time.monotonic()
        if turn < KILLS - 1:
            # in the second or third batch of it, or the pause before it
            said_until(process, "  backfill: ", random.choice((2, 3)))
            time.sleep(random.uniform(1, 8))
        else:
            said_until(process, "read dbt project", 1)
            time.sleep(random.uniform(0, 15))
        # ^C and kill by turns
        os.killpg(process.pid, signal.SIGINT if turn % 2 else signal.SIGKILL)
        said, _ = process.communicate(timeout=PATIENCE)
        assert process.returncode != 0, said
        spent += time.monotonic() - started
        dates = ledger(settings)
        running = [one["game_date"] for one in dates if one["status"] == "running"]
        loaded = sum(one["status"] == "loaded" for one in dates)
        lost.append(len(running))
        print(f"{turn}: {spent:.0f} s in all, {loaded} of {len(dates)} loaded, {running[:1]} lost")
    last = to_its_end(home, real_data)
    print(f"never interrupted {whole:.0f} s; interrupted {spent:.0f} s, and then {last:.0f} s")

    compared, unlike = differing(Settings(home=tmp_path / "whole"), settings)
    assert unlike == {}
    assert compared > 40
    # a quarter of a year is a batch
    assert max(lost) <= 92
    one = ledger(settings)
    assert len({row["backfill_id"] for row in one}) == 1
    assert {row["status"] for row in one} == {"complete", "no_games"}
    assert sum(row["status"] == "complete" for row in one) > 600
    runs = warehouse.query(settings, "select status from raw_runs.runs")["status"].to_pylist()
    assert "running" not in runs
