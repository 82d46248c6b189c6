"""An evaluation goes on where it was stopped, and does not let a leak pass."""

from __future__ import annotations

import contextlib
import re
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from made_up_league import FEATURES, day, made_up_examples, with_rivals

from flows import evaluate as evaluating
from flows import evaluation_rows, runs, steps
from flows.errors import LeakSuspected
from flows.evaluation_rows import Asked, Season
from flows.forecasting import evaluation
from flows.progress import SilentReporter
from loaders.settings import PROJECT_ROOT, Settings

ASKED = Asked("2030-31", ("points",), "BASE")
IMPORTED = re.compile(r"from flows\.forecasting\.(\w+) import")
BARS = """
    create schema if not exists reports;
    create or replace table reports.evaluation_bars as
    select
        'points_mae' as bar, evaluation_id, 'BASE' as information_set, false as is_ceiling,
        'mae_median' as figure, avg(absolute_error) as value, {alarm_below}::double as alarm_below,
        case when avg(absolute_error) < {alarm_below} then 'alarm' else 'must' end as verdict
    from raw_evaluations.scores
    where system = 'catboost'
    group by evaluation_id
"""


@pytest.fixture(scope="module")
def season() -> Season:
    """Two months of the made-up league, of which February is scored in two blocks."""
    rows = with_rivals(made_up_examples(players=12, days=70))
    rows = rows.sort_by([(name, "ascending") for name in ("game_date", "game_id", "player_id")])
    lines = rows.select(["player_id", "game_id", *evaluation.LINE_COLUMNS])
    lines = lines.append_column("market", pa.repeat("points", rows.num_rows))
    return Season(
        examples=rows.drop_columns(list(evaluation.LINE_COLUMNS)),
        lines=lines.combine_chunks(),
        scored=pc.greater_equal(rows["game_date"], pa.scalar(day(45))),
        groups=dict.fromkeys(FEATURES, "form"),
        systems=("season_average", "ewma"),
        weights={"catboost": 0.6, "ewma": 0.4},
        information_set="BASE",
        start=day(45),
        end=day(69),
        is_whole=True,
    )


class Warehouse:
    """A home whose reports are the one table that the command reads."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.alarm_below = 0.0

    def report(self, *_: Any) -> None:
        self.rows(BARS.format(alarm_below=self.alarm_below))

    def rows(self, sql: str) -> list[tuple]:
        with duckdb.connect(str(self.settings.warehouse_path)) as connection:
            return connection.execute(sql).fetchall()


@pytest.fixture(scope="module")
def empty_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with empty raw tables; to make them takes seconds."""
    home = tmp_path_factory.mktemp("home")
    steps.ensure_tables(Settings(home=home))
    return home


@pytest.fixture
def warehouse(
    empty_home: Path, tmp_path: Path, season: Season, monkeypatch: pytest.MonkeyPatch
) -> Warehouse:
    made = Warehouse(Settings(home=tmp_path / "home"))
    shutil.copytree(empty_home, made.settings.home)
    monkeypatch.setattr(evaluation_rows, "require_features", lambda _: None)
    monkeypatch.setattr(evaluation_rows, "prepare", lambda *_, **__: None)
    monkeypatch.setattr(evaluation_rows, "read_season", lambda *_: season)
    monkeypatch.setattr(evaluating, "report", made.report)
    return made


def run(warehouse: Warehouse) -> evaluating.Evaluation:
    return evaluating.evaluate(warehouse.settings, ASKED, reporter=SilentReporter())


def test_a_killed_evaluation_goes_on_behind_the_blocks_that_stand(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain, made = evaluation.evaluate_block, []

    def dies_at_the_second(examples: pa.Table, block: Any, *rest: Any, **how: Any) -> Any:
        if made:
            raise KeyboardInterrupt
        made.append(block.first)
        return plain(examples, block, *rest, **how)

    monkeypatch.setattr(evaluation, "evaluate_block", dies_at_the_second)
    with contextlib.suppress(KeyboardInterrupt):
        run(warehouse)
    standing = warehouse.rows("select block_start, rows_scored from raw_evaluations.blocks")
    assert standing == [(day(45), 12 * 14)]
    assert warehouse.rows("select finished_at from raw_evaluations.evaluations") == [(None,)]
    before = warehouse.rows("select * from raw_evaluations.scores")

    def remembers(examples: pa.Table, block: Any, *rest: Any, **how: Any) -> Any:
        made.append(block.first)
        return plain(examples, block, *rest, **how)

    monkeypatch.setattr(evaluation, "evaluate_block", remembers)
    done = run(warehouse)
    assert made == [day(45), date(2031, 3, 1)]
    after = warehouse.rows("select * from raw_evaluations.scores")
    assert set(before) < set(after)
    keys = "evaluation_id, market, system, player_id, game_id"
    counts = f"select count(*), count(distinct ({keys})) from raw_evaluations.scores"
    [(rows, distinct)] = warehouse.rows(counts)
    assert rows == distinct == len(after)
    assert warehouse.rows("select count(*) from raw_evaluations.evaluations") == [(1,)]
    # asked once more nothing is made, and nothing changes
    assert run(warehouse).evaluation_id == done.evaluation_id
    assert len(made) == 2
    assert set(warehouse.rows("select * from raw_evaluations.scores")) == set(after)


def test_a_figure_that_no_honest_forecast_reaches_ends_the_command(warehouse: Warehouse) -> None:
    warehouse.alarm_below = 1000.0
    with pytest.raises(LeakSuspected, match=r"points_mae: mae_median \d.*look for a leak"):
        run(warehouse)
    verdicts = warehouse.rows(
        "select bar, verdict, told_at is not null from raw_evaluations.verdicts"
    )
    assert verdicts == [("points_mae", "alarm", True)]
    warehouse.alarm_below = 0.0
    run(warehouse)
    assert warehouse.rows("select verdict from raw_evaluations.verdicts") == [("must",)]


def test_what_determines_the_numbers_is_in_the_name(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = run(warehouse)
    monkeypatch.setattr(evaluating, "code_version", lambda: "another")
    assert run(warehouse).evaluation_id != first.evaluation_id


def test_a_commit_that_changes_no_number_begins_nothing_anew(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    commits = []
    for commit in ("one", "another"):
        monkeypatch.setattr(runs, "git_sha", lambda commit=commit: commit)
        run(warehouse)
        commits += warehouse.rows("select git_sha from raw_evaluations.evaluations")
    assert commits == [("one",), ("another",)]


def test_all_the_code_of_the_numbers_is_in_the_name() -> None:
    silent = {"errors", "evaluation_tables", "reference"}
    found, ahead = set(), ["evaluation", "feature_groups"]
    while ahead:
        name = ahead.pop()
        found.add(name)
        text = (PROJECT_ROOT / "flows" / "forecasting" / f"{name}.py").read_text(encoding="utf-8")
        ahead += set(IMPORTED.findall(text)) - found - silent
    named = {Path(one).stem for one in evaluating.CODE if one.startswith("forecasting/")}
    assert named == found


def test_what_a_group_buys_is_entered_once(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        evaluating.evaluate_feature_groups(warehouse.settings, ASKED, reporter=SilentReporter())
    rows = warehouse.rows(
        "select choice, feature_group, rows_scored from raw_evaluations.feature_groups"
    )
    assert sorted(rows) == [("all", "", 12 * 25), ("core", "", 12 * 25)]
