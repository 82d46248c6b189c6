from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from made_up_league import FEATURES, day

from flows.forecasting.errors import FeatureContractError, TrainingError
from flows.forecasting.evaluation import summarise, walk_forward
from flows.forecasting.training import train

RIVALS = {"line": "line", "season_average": "season_average"}


@pytest.fixture(scope="module")
def rows(examples):
    """Two rivals: the truth as a line (every seventh row has none), and a constant."""
    line = examples["true_mean"].to_numpy().copy()
    line[::7] = np.nan
    constant = np.full(examples.num_rows, examples["true_mean"].to_numpy().mean())
    return examples.append_column("line", pa.array(line, from_pandas=True)).append_column(
        "season_average", pa.array(constant)
    )


class Spy:
    """A trainer that remembers what it was given."""

    def __init__(self):
        self.calls = []

    def __call__(self, examples, features, market, *, as_of, information_set, params):
        self.calls.append((examples, as_of))
        return train(
            examples,
            features,
            market,
            as_of=as_of,
            information_set=information_set,
            params=params,
        )


def evaluate(rows, quick, **changes):
    options = {
        "start": day(40),
        "end": day(55),
        "information_set": "BASE",
        "rivals": RIVALS,
        "params": quick,
    }
    return walk_forward(rows, FEATURES, "points", **(options | changes))


def test_a_block_is_never_trained_on(rows, quick):
    spy, seen = Spy(), []
    found = evaluate(rows, quick, trainer=spy, progress=lambda *state: seen.append(state))
    firsts = [day(40), day(47), day(54)]
    assert len(spy.calls) == len(firsts)
    for (given, as_of), first in zip(spy.calls, firsts, strict=True):
        assert as_of.utcoffset() == timedelta(hours=-5)
        assert as_of == datetime(first.year, first.month, first.day, 5, tzinfo=UTC)
        # 23:00 UTC + 3 h is 21:00 Eastern: the evening before is known, the block's first day not
        assert pc.max(given["game_date"]).as_py() == first - timedelta(days=1)
        assert pc.max(given["result_known_at"]).as_py() < as_of
    assert [state[:2] for state in seen] == [(0, 3), (1, 3), (2, 3), (3, 3)]
    assert found.forecasts["game_date"].to_numpy().min() == np.datetime64(day(40))
    assert len(set(found.forecasts["model_version"].to_pylist())) == 3


def test_scores_change_not_when_the_blocks_own_outcomes_leave_the_training(rows, quick):
    """Doubling the last block's outcomes moves its scores, but no forecast."""
    at = rows.column_names.index("actual_points")
    inside = pc.greater_equal(rows["game_date"], pa.scalar(day(54)))
    doubled = pc.if_else(
        inside, pc.multiply(rows["actual_points"], pa.scalar(2)), rows["actual_points"]
    )
    honest = evaluate(rows, quick)
    altered = evaluate(rows.set_column(at, "actual_points", doubled), quick)
    assert honest.forecasts["mean"].equals(altered.forecasts["mean"])
    assert honest.summary["rmse"][0].as_py() < altered.summary["rmse"][0].as_py()


def test_systems_stand_side_by_side_on_the_same_rows(rows, quick):
    found = evaluate(rows, quick, block_days=None)
    ours, line, season = found.summary.to_pylist()
    assert [ours["system"], line["system"], season["system"]] == ["catboost", *RIVALS]
    assert ours["n"] == line["n"] == season["n"] == found.forecasts.num_rows
    assert found.forecasts.num_rows + found.left_out == 40 * 16
    inside = rows.filter(
        pc.and_(
            pc.greater_equal(rows["game_date"], pa.scalar(day(40))),
            pc.less_equal(rows["game_date"], pa.scalar(day(55))),
        )
    )
    assert found.left_out == inside["line"].null_count > 0
    # the line is the truth, the constant knows nobody: an honest model lies between them
    for score in ("mae_mean", "rmse"):
        assert line[score] < ours[score] < season[score]
    assert ours["crps"] < ours["mae_mean"]
    assert 0.75 < ours["c80"] < 0.92
    assert line["c80"] is None
    actual = found.forecasts["actual"].to_numpy()
    rmse = np.sqrt(((found.forecasts["mean"].to_numpy() - actual) ** 2).mean())
    assert ours["rmse"] == pytest.approx(rmse)
    mae = np.abs(found.forecasts["line"].to_numpy() - actual).mean()
    assert line["mae_median"] == line["mae_mean"] == line["crps"] == pytest.approx(mae)


def test_a_part_of_the_rows_can_be_scored(rows, quick):
    found = evaluate(rows, quick, block_days=None)
    late = found.forecasts.filter(pc.greater(found.forecasts["game_date"], pa.scalar(day(50))))
    assert summarise(late, list(RIVALS))["n"].to_pylist() == [late.num_rows] * 3


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"start": day(50), "end": day(40)}, TrainingError),
        ({"start": day(80), "end": day(90)}, TrainingError),
        ({"start": day(0), "end": day(5)}, TrainingError),
        ({"rivals": {"last_10": "no_such_column"}}, FeatureContractError),
    ],
)
def test_impossible_evaluations_are_errors(rows, quick, changes, error):
    with pytest.raises(error):
        evaluate(rows, quick, **changes)
