"""Loaded day by day, at once, shuffled, or killed half-way: the same tables."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from worlds import build, copy_world, difference, lasting, load_archive, scalar, world

from flows.dbt_runner import DbtRunner
from loaders.settings import PROJECT_ROOT, Settings

pytestmark = pytest.mark.real_data

START, END = date(2024, 3, 29), date(2024, 4, 1)
AS_OF = datetime(2024, 5, 1, tzinfo=UTC)
BUILT = ("intermediate", "marts", "audit", "seeds")


def days() -> list[date]:
    return [START + timedelta(days=n) for n in range((END - START).days + 1)]


def assert_same(one: Settings, other: Settings) -> None:
    """Every lasting table is equal, row by row."""
    names = lasting(one, BUILT)
    assert names == lasting(other, BUILT)
    assert len(names) > 30
    differing = {}
    for name in names:
        rows, gone, new = difference(one, other, name)
        if gone or new:
            differing[name] = (rows, gone, new)
    assert differing == {}


@pytest.fixture(scope="module")
def at_once(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """All days in one load and one build."""
    settings = world(tmp_path_factory.mktemp("at_once"))
    load_archive(settings, real_data, START, END)
    build(settings, AS_OF)
    return settings


def load_by_day(settings: Settings, path: Path, order: list[date]) -> None:
    dbt = DbtRunner(settings)
    for day in order:
        load_archive(settings, path, day, day)
        dbt.build(selector="features", vars={"as_of": AS_OF.isoformat()})


def test_days_in_any_order_make_the_same_tables(
    at_once: Settings, real_data: Path, tmp_path: Path
) -> None:
    settings = world(tmp_path)
    third, first, fourth, late = (days()[n] for n in (2, 0, 3, 1))
    load_by_day(settings, real_data, [third, first, fourth])
    windows = "select sum(games_20) from intermediate.int_player_form__windows where game_date > "
    before = scalar(settings, f"{windows} date '{late}'")
    load_by_day(settings, real_data, [late])
    # A late day reaches every window behind it.
    assert scalar(settings, f"{windows} date '{late}'") > before
    assert_same(at_once, settings)


def test_the_clock_moving_day_by_day_makes_the_same_tables(
    at_once: Settings, real_data: Path, tmp_path: Path
) -> None:
    settings = world(tmp_path)
    load_archive(settings, real_data, START, END)
    for day in days():
        evening = datetime(day.year, day.month, day.day, 22, tzinfo=UTC)
        # on the first of the days nobody has played yet, which a gate says
        build(settings, evening, slate_date=day, severity="warn")
    assert scalar(settings, "select count(*) from marts.ml_feature_store where not is_settled") > 0
    build(settings, AS_OF)
    assert_same(at_once, settings)


def test_a_second_run_changes_no_row(at_once: Settings, real_data: Path, tmp_path: Path) -> None:
    settings = copy_world(at_once, tmp_path / "again")
    load_archive(settings, real_data, START, END)
    build(settings, AS_OF)
    assert_same(at_once, settings)
    built = "select max(built_as_of)::varchar || count(*) from marts.ml_feature_store"
    assert scalar(settings, built) == scalar(at_once, built)
    assert scalar(settings, "select count(*) from intermediate.int_games__to_build") == 0


def kill_when_built(settings: Settings, model: str) -> None:
    """Start a build in a process of its own and kill -9 it as soon as that model is done."""
    child = Path(__file__).with_name("building.py")
    process = subprocess.Popen(
        [sys.executable, str(child), str(settings.home), AS_OF.isoformat()],
        cwd=PROJECT_ROOT,
        start_new_session=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        lines = []
        for line in process.stdout:
            lines.append(line)
            if line.split()[:2] == ["success", model]:
                return
        raise AssertionError(f"the build ended without {model}: {''.join(lines[-5:])}")
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.mark.parametrize(
    "last_built", ["intermediate.int_player_games__joined", "marts.upcoming_team_game_context"]
)
def test_a_killed_build_heals_at_the_next_run(
    at_once: Settings, real_data: Path, tmp_path: Path, last_built: str
) -> None:
    settings = world(tmp_path)
    load_by_day(settings, real_data, days()[:2])
    load_archive(settings, real_data, days()[2], END)
    kill_when_built(settings, last_built.split(".")[1])
    build(settings, AS_OF)
    assert_same(at_once, settings)
