"""How good the forecasts would have been: a season walked forward, block by block, and judged."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from flows import evaluation_rows as reading
from flows import runs, warehouse
from flows.clock import REPLAY, Clock, utc_now
from flows.dbt_runner import DbtRunner
from flows.errors import LeakSuspected
from flows.evaluation_rows import Asked
from flows.forecasting import evaluation_tables as tables
from flows.progress import Reporter
from flows.trigger import Trigger
from loaders.settings import PROJECT_ROOT

if TYPE_CHECKING:
    from flows.forecasting.evaluation import Block
    from loaders.settings import Settings
    from loaders.tables import RawTable

SOURCE = "evaluations"
REPORTS = "evaluation_reports"
ALARM = "alarm"
# The code that the numbers come from: another reading of it makes another evaluation, a commit
# that leaves it alone does not.
CODE = (
    "evaluation_rows.py",
    "forecasting/card.py",
    "forecasting/distribution.py",
    "forecasting/evaluation.py",
    "forecasting/feature_groups.py",
    "forecasting/features.py",
    "forecasting/holdout.py",
    "forecasting/mean.py",
    "forecasting/scoring.py",
    "forecasting/training.py",
)


@dataclass(frozen=True)
class Evaluation:
    """A row of `raw_evaluations.evaluations`."""

    evaluation_id: str
    season: str
    start_date: date
    end_date: date
    is_whole_season: bool
    markets: str
    information_set: str
    is_ceiling: bool
    features_hash: str
    parameters: str
    code_version: str
    examples_hash: str
    git_sha: str | None
    run_id: str
    started_at: datetime
    player_games: int
    finished_at: datetime | None = None


def evaluate(
    settings: Settings, asked: Asked, *, reporter: Reporter, clock: Clock = utc_now
) -> Evaluation:
    """Forecast and score what was asked for, block by block, and make the reports of it.

    Every block is entered when it is done. The same command goes on behind the blocks that stand,
    and where all stand it only makes the reports.

    Raises:
        WarehouseMissing: no feature store yet.
        ForecastingError: nothing to train on, or nothing to score.
        LeakSuspected: a figure is better than any honest forecast can be; the reports stand.
    """
    reading.require_features(settings)
    with _recorded(settings, asked, reporter, clock) as ledger:
        season, evaluation = _begun(settings, asked, ledger.run, reporter, clock)
        for market in asked.markets:
            with reporter.step(f"walk forward: {market}"):
                _walk(settings, season, evaluation, market, reporter)
        done = replace(evaluation, finished_at=clock())
        _enter(settings, (tables.EVALUATIONS, _row(tables.EVALUATIONS, asdict(done))))
        with reporter.step("build reports"):
            report(settings, reporter)
        verdicts = _enter_verdicts(settings, done, ledger.run.run_id, clock)
        ledger.complete(clock(), f"evaluation {done.evaluation_id}")
    _refuse_leaks(done, verdicts)
    return done


def evaluate_feature_groups(
    settings: Settings, asked: Asked, *, reporter: Reporter, clock: Clock = utc_now
) -> Evaluation:
    """What each group of features buys: models without it, and with it beside the core alone.

    One model a block and choice, ours only. Choices that stand are not made again.

    Raises: as `evaluate`, but for leaks.
    """
    reading.require_features(settings)
    with _recorded(settings, asked, reporter, clock) as ledger:
        season, evaluation = _begun(settings, asked, ledger.run, reporter, clock)
        for market in asked.markets:
            with reporter.step(f"feature groups: {market}"):
                _walk_groups(settings, season, evaluation, market, reporter)
        with reporter.step("build reports"):
            report(settings, reporter)
        ledger.complete(clock(), f"feature groups of {evaluation.evaluation_id}")
    return evaluation


def report(settings: Settings, reporter: Reporter) -> None:
    """Build the reports of all evaluations, with their tests."""
    DbtRunner(settings, reporter=reporter).build(selector=REPORTS)


def _recorded(settings: Settings, asked: Asked, reporter: Reporter, clock: Clock) -> Any:
    return runs.recorded(
        settings,
        clock,
        command="evaluate",
        # no clock of its own: what stands was built as of the latest live run
        run_mode=REPLAY,
        as_of=reading.built_as_of(settings),
        trigger=Trigger(),
        reason=f"{asked.season} {asked.information_set}",
        said=reporter.say,
    )


def _begun(
    settings: Settings, asked: Asked, run: runs.Run, reporter: Reporter, clock: Clock
) -> tuple[reading.Season, Evaluation]:
    """What is to be scored, and the evaluation of it: a new one, or one that was begun before."""
    from flows.forecasting.card import TrainingParameters
    from flows.forecasting.features import feature_list_hash

    with reporter.step("prepare"):
        reading.prepare(settings, reporter, is_ceiling=asked.is_ceiling)
    with reporter.step("read examples"):
        season = reading.read_season(settings, asked)
    identity = {
        "season": asked.season,
        "start_date": season.start,
        "end_date": season.end,
        "is_whole_season": season.is_whole,
        "markets": "|".join(asked.markets),
        "information_set": asked.information_set,
        "is_ceiling": asked.is_ceiling,
        "features_hash": feature_list_hash(season.features),
        "parameters": json.dumps(TrainingParameters().identity(), sort_keys=True),
        "code_version": code_version(),
        "examples_hash": season.digest,
    }
    text = json.dumps(identity, sort_keys=True, default=str)
    key = hashlib.sha256(text.encode()).hexdigest()[:16]
    before = warehouse.query(
        settings,
        "select started_at from raw_evaluations.evaluations where evaluation_id = ?",
        [key],
    )
    evaluation = Evaluation(
        evaluation_id=key,
        **identity,
        git_sha=run.git_sha,
        run_id=run.run_id,
        started_at=before["started_at"][0].as_py() if before.num_rows else clock(),
        player_games=pc.sum(season.scored).as_py(),
    )
    if not before.num_rows:
        _enter(settings, (tables.EVALUATIONS, _row(tables.EVALUATIONS, asdict(evaluation))))
    return season, evaluation


def _walk(
    settings: Settings,
    season: reading.Season,
    evaluation: Evaluation,
    market: str,
    reporter: Reporter,
) -> None:
    """Make and enter the blocks of a market that do not stand yet, each in one load."""
    from flows.forecasting.evaluation import evaluate_block

    standing = warehouse.query(
        settings,
        """
        select block_start from raw_evaluations.blocks
        where evaluation_id = ? and market = ?
        """,
        [evaluation.evaluation_id, market],
    )["block_start"].to_pylist()
    blocks = season.blocks()
    question, examples = season.question(market), season.of_market(market)
    for number, block in _told(blocks, reporter):
        if block.first in standing:
            continue
        scores, done = evaluate_block(examples, block, question, scored=season.scored)
        reporter.share(number, len(blocks), f"{_named(block)}: enter {scores.num_rows:,} rows")
        _enter(
            settings,
            (tables.SCORES, _owned(tables.SCORES, scores, evaluation)),
            (tables.BLOCKS, _owned(tables.BLOCKS, done, evaluation)),
        )


def _walk_groups(
    settings: Settings,
    season: reading.Season,
    evaluation: Evaluation,
    market: str,
    reporter: Reporter,
) -> None:
    """Make and enter each choice of features that does not stand yet."""
    from flows.forecasting.feature_groups import choices, evaluate_choice

    standing = warehouse.query(
        settings,
        """
        select choice, feature_group from raw_evaluations.feature_groups
        where evaluation_id = ? and market = ?
        """,
        [evaluation.evaluation_id, market],
    ).to_pylist()
    left = [
        one
        for one in choices(season.groups)
        if {"choice": one.choice, "feature_group": one.feature_group} not in standing
    ]
    examples, blocks = season.of_market(market), season.blocks()
    for number, one in enumerate(left):
        reporter.share(number, len(left), f"{one.choice} {one.feature_group}")
        question = replace(season.question(market), features=one.features, systems=(), weights={})
        made = evaluate_choice(examples, blocks, question, one, scored=season.scored)
        _enter(settings, (tables.FEATURE_GROUPS, _owned(tables.FEATURE_GROUPS, made, evaluation)))


def _enter_verdicts(
    settings: Settings, evaluation: Evaluation, run_id: str, clock: Clock
) -> list[dict[str, Any]]:
    """Enter what the bars say of the evaluation, so that its alarms are told like any other."""
    found = warehouse.query(
        settings,
        """
        select bar, information_set, is_ceiling, figure, value, alarm_below, verdict
        from reports.evaluation_bars
        where evaluation_id = ?
        order by bar
        """,
        [evaluation.evaluation_id],
    ).to_pylist()
    common = {
        "evaluation_id": evaluation.evaluation_id,
        "run_id": run_id,
        "told_at": clock(),
    }
    rows = [
        {"verdict_id": f"{evaluation.evaluation_id}|{one['bar']}", **common, **one} for one in found
    ]
    made = pa.Table.from_pylist(rows, schema=tables.VERDICTS.arrow_schema())
    _enter(settings, (tables.VERDICTS, made))
    return found


def _refuse_leaks(evaluation: Evaluation, verdicts: list[dict[str, Any]]) -> None:
    """Raise LeakSuspected where a figure is below its alarm."""
    beyond = [one for one in verdicts if one["verdict"] == ALARM]
    if not beyond:
        return
    named = "; ".join(
        f"{one['bar']}: {one['figure']} {one['value']:.3f} is below {one['alarm_below']:.3f}"
        for one in beyond
    )
    raise LeakSuspected(
        f"{named}. No honest forecast is that good: look for a leak, a feature of evaluation "
        f"{evaluation.evaluation_id} that knows its own game",
        evaluation.evaluation_id,
    )


def _told(blocks: Sequence[Block], reporter: Reporter) -> Iterator[tuple[int, Block]]:
    for number, block in enumerate(blocks):
        reporter.share(number, len(blocks), _named(block))
        yield number, block


def _named(block: Block) -> str:
    return f"{block.first} to {block.last}"


def _row(table: RawTable, values: dict[str, Any]) -> pa.Table:
    return pa.Table.from_pylist([values], schema=table.arrow_schema())


def _owned(table: RawTable, rows: pa.Table, evaluation: Evaluation) -> pa.Table:
    """Rows with their evaluation's id, in the declared schema."""
    owner = pa.repeat(pa.scalar(evaluation.evaluation_id), rows.num_rows)
    schema = table.arrow_schema()
    return rows.append_column("evaluation_id", owner).select(schema.names).cast(schema)


def _enter(settings: Settings, *batches: tuple[RawTable, pa.Table]) -> None:
    """Write tables of the evaluation in one load."""
    from loaders.pipeline import Batch, write

    write(settings, SOURCE, [Batch(table, rows) for table, rows in batches if rows.num_rows])


def code_version() -> str:
    """Hash (16 hex characters) of the code that forecasts and scores, and of its libraries."""
    from flows.forecasting.card import library_versions

    digest = hashlib.sha256(json.dumps(library_versions(), sort_keys=True).encode())
    for name in CODE:
        digest.update((PROJECT_ROOT / "flows" / name).read_bytes())
    return digest.hexdigest()[:16]
