"""BigQuery dies in the middle of a build: it is said soon, nothing is half there, it heals."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path

import pytest
from here import PATIENT, on_duckdb, settings_of
from test_interrupted import Mortal
from wire import FIRST_EVENING, CountingClock, compare

from flows.dbt_runner import DbtRunner
from flows.errors import DbtBuildFailed
from flows.loading import load_games
from flows.progress import SilentReporter
from flows.steps import ensure_tables
from flows.world import reach_sandbox
from loaders.engines import engine
from loaders.sandbox import Sandbox
from loaders.settings import Settings

SOON = 30
# the dead refuse at once; who is only slow has time to answer
SOON_GIVEN_UP = {"bigquery_retry_deadline_seconds": 5}
# summaries of teams are replaced by dates: they must hold all of a date, or none of it
SELECT = "+gate_player_summaries teams players"
LAST = FIRST_EVENING.date() - timedelta(days=1)


class Deadly(SilentReporter):
    """Ends the emulator once a node has been built."""

    def __init__(self, mortal: Mortal, after: str) -> None:
        super().__init__()
        self.mortal = mortal
        self.after = after
        self.died_at = 0.0

    def node(self, name: str, *rest: object) -> None:
        if name == self.after and not self.died_at:
            self.mortal.kill()
            self.died_at = time.monotonic()


def build(settings: Settings, reporter: SilentReporter | None = None) -> None:
    DbtRunner(settings, reporter=reporter).build(
        select=SELECT, vars={"as_of": FIRST_EVENING.isoformat()}
    )


@pytest.fixture
def mortal(tmp_path: Path) -> Mortal:
    made = Mortal(tmp_path / "emulator")
    with made.stack:
        yield made


def test_bigquery_dies_while_a_build_goes_on(mortal: Mortal, tmp_path: Path) -> None:
    settings = settings_of(mortal.running, tmp_path / "bigquery", bigquery_threads=1, **PATIENT)
    ours = on_duckdb(settings, tmp_path / "duckdb")
    for one in (ours, settings):
        ensure_tables(one)
        with Sandbox(now=FIRST_EVENING, ticking=False) as sandbox:
            load_games(
                reach_sandbox(one, sandbox),
                "balldontlie",
                start=LAST - timedelta(days=2),
                end=LAST,
                clock=CountingClock(),
            )
    build(ours)
    deadly = Deadly(mortal, after="int_team_games__summed")

    with pytest.raises(DbtBuildFailed, match=r"refused|connect|answer|endpoint|timed out"):
        build(settings.model_copy(update=SOON_GIVEN_UP), deadly)
    assert time.monotonic() - deadly.died_at < SOON

    mortal.start()
    assert not engine(settings).exists("marts.team_offense_game_summary")
    build(settings)
    rows, differences = compare(
        ours.warehouse_path,
        mortal.running.dump(tmp_path / "dump.duckdb", settings.bigquery_project),
        settings.bigquery_project,
        r"(marts|intermediate|staging)\..*",
    )
    assert differences == []
    assert rows["marts.team_offense_game_summary"] > 0
