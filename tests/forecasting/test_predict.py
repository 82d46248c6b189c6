from datetime import timedelta

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from made_up_league import FEATURES, morning

from flows.forecasting.errors import FeatureContractError, LeakError
from flows.forecasting.predict import predict
from flows.forecasting.tables import FORECASTS
from flows.forecasting.training import train
from flows.forecasting.writeback import (
    ensure_forecast_tables,
    model_versions_table,
    write_forecasts,
)

TODAY = 50


@pytest.fixture(scope="module")
def model(examples, quick):
    known = pc.less(examples["result_known_at"], pa.scalar(morning(TODAY)))
    return train(
        examples.filter(known),
        FEATURES,
        "points",
        as_of=morning(TODAY),
        information_set="BASE",
        params=quick,
    )


@pytest.fixture(scope="module")
def slate(examples):
    today = examples.filter(pc.equal(examples["games_played"], TODAY))
    return today.drop_columns([n for n in today.column_names if n.startswith(("actual", "true"))])


def make(model, slate, *, run_id="run-1", as_of=morning(TODAY)):
    return predict(
        [model],
        slate,
        run_id=run_id,
        as_of=as_of,
        created_at=as_of + timedelta(minutes=1),
        run_mode="replay",
    )


def test_everybody_on_the_slate_gets_a_forecast_in_the_declared_schema(model, slate):
    forecasts = make(model, slate)
    assert forecasts.schema.equals(FORECASTS.arrow_schema())
    assert forecasts["player_id"].to_pylist() == slate["player_id"].to_pylist()
    assert forecasts["feature_source_load_id"].to_pylist() == slate["source_load_id"].to_pylist()
    assert all(column.null_count == 0 for column in forecasts.columns)
    assert pc.all(pc.greater(forecasts["variance"], forecasts["mean"])).as_py()


def test_forecast_id_is_stable_and_belongs_to_one_run(model, slate):
    first = make(model, slate)
    again = make(model, slate)
    other = make(model, slate, run_id="run-2")
    assert first.equals(again)
    assert not set(first["forecast_id"].to_pylist()) & set(other["forecast_id"].to_pylist())


def test_empty_slate_gives_an_empty_table(model, slate):
    forecasts = make(model, slate.slice(0, 0))
    assert forecasts.num_rows == 0
    assert forecasts.schema.equals(FORECASTS.arrow_schema())


def test_slate_row_of_another_information_set_is_left_out(model, slate):
    at = slate.column_names.index("information_set")
    tip = slate.set_column(at, "information_set", pa.array(["TIP"] * slate.num_rows))
    forecasts = make(model, pa.concat_tables([slate, tip]))
    assert forecasts.num_rows == slate.num_rows


def test_missing_feature_is_named(model, slate):
    with pytest.raises(FeatureContractError, match="opponent"):
        make(model, slate.drop_columns(["opponent"]))


def test_same_player_and_game_twice_is_an_error(model, slate):
    with pytest.raises(FeatureContractError, match="twice"):
        make(model, pa.concat_tables([slate, slate.slice(0, 1)]))


def test_game_that_has_begun_is_a_leak(model, slate):
    with pytest.raises(LeakError, match="begun"):
        make(model, slate, as_of=morning(TODAY) + timedelta(hours=11))


def test_model_of_the_future_is_a_leak(model, slate):
    with pytest.raises(LeakError, match="learnt"):
        make(model, slate, as_of=morning(TODAY - 1))


def test_features_of_the_future_are_a_leak(model, slate):
    with pytest.raises(LeakError, match="came later"):
        make(model, slate, as_of=morning(TODAY) - timedelta(hours=2))


def stored(settings, sql: str) -> list[tuple]:
    with duckdb.connect(str(settings.warehouse_path), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def test_tables_stand_before_the_first_forecast(settings):
    ensure_forecast_tables(settings)
    for table in ("model_versions", "forecasts"):
        assert stored(settings, f"select count(*) from raw_forecasts.{table}") == [(0,)]
    types = dict(
        stored(
            settings,
            "select column_name, data_type from information_schema.columns "
            "where table_schema = 'raw_forecasts' and table_name = 'forecasts'",
        )
    )
    assert types["as_of"] == "TIMESTAMP WITH TIME ZONE"
    assert types["game_date"] == "DATE"
    assert types["_dlt_load_id"] == "VARCHAR"


def test_forecasts_are_written_once_and_never_changed(settings, model, slate):
    forecasts = make(model, slate)
    first = write_forecasts(settings, [model.card], [forecasts])
    days = len(model.card.holdout)
    assert first == {
        "model_versions": 1,
        "model_holdouts": days,
        "forecasts": slate.num_rows,
        "forecast_drivers": 0,
    }
    at = forecasts.column_names.index("mean")
    altered = forecasts.set_column(at, "mean", pa.array(np.zeros(forecasts.num_rows)))
    second = write_forecasts(settings, [model.card], [altered])
    assert second == dict.fromkeys(first, 0)
    ensure_forecast_tables(settings)
    rows = stored(settings, "select forecast_id, mean from raw_forecasts.forecasts")
    assert dict(rows) == dict(
        zip(forecasts["forecast_id"].to_pylist(), forecasts["mean"].to_pylist(), strict=True)
    )


def test_model_version_row_tells_where_the_model_comes_from(model):
    [row] = model_versions_table([model.card, model.card]).to_pylist()
    assert row["model_version"] == model.card.model_version
    assert row["system"] == "catboost"
    assert row["n_rows"] == 40 * TODAY
    assert str(row["train_end_date"]) == "2031-02-19"
    assert row["max_source_load_id"] == "1700000049.5"
    assert (
        row["feature_list"]
        == '["form", "games_played", "is_home", "minutes", "never_known", "opponent"]'
    )
