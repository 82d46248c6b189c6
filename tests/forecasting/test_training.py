from dataclasses import replace
from datetime import timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from made_up_league import FEATURES, made_up_examples, morning

from flows.forecasting import registry
from flows.forecasting.card import ModelCard, TrainingParameters
from flows.forecasting.errors import (
    FeatureContractError,
    LeakError,
    ModelError,
    TrainingError,
)
from flows.forecasting.training import LABELS, prepare, train, version_of


@pytest.fixture(scope="module")
def model(examples, quick):
    return train(
        examples, FEATURES, "points", as_of=morning(60), information_set="BASE", params=quick
    )


def set_column(table: pa.Table, name: str, values) -> pa.Table:
    return table.set_column(table.column_names.index(name), name, values)


def with_nulls(table: pa.Table, name: str) -> pa.Table:
    return set_column(table, name, pa.nulls(table.num_rows, table[name].type))


def test_model_finds_the_mean_and_the_variance(model):
    fresh = made_up_examples(seed=8)
    mean, truth = model.mean(fresh), fresh["true_mean"].to_numpy()
    blind = np.abs(truth - truth.mean()).mean()
    assert np.abs(mean - truth).mean() < blind / 3
    ratio = model.variance(mean).mean() / fresh["true_variance"].to_numpy().mean()
    assert 0.85 < ratio < 1.2


@pytest.mark.parametrize("market", LABELS)
def test_every_market_reads_its_own_label(market, examples, quick):
    found = train(
        examples, FEATURES, market, as_of=morning(60), information_set="BASE", params=quick
    )
    label = examples[LABELS[market]].to_numpy().mean()
    assert found.mean(examples).mean() == pytest.approx(label, rel=0.03)


def test_row_known_at_the_very_instant_is_a_leak(examples, quick):
    last = pc.max(examples["result_known_at"]).as_py()
    with pytest.raises(LeakError, match="40 training examples"):
        train(examples, FEATURES, "points", as_of=last, information_set="BASE", params=quick)
    prepare(
        examples,
        FEATURES,
        "points",
        as_of=last + timedelta(microseconds=1),
        information_set="BASE",
    )


def test_row_of_unknown_time_is_a_leak(examples):
    with pytest.raises(LeakError):
        prepare(
            with_nulls(examples, "result_known_at"),
            FEATURES,
            "points",
            as_of=morning(60),
            information_set="BASE",
        )


def test_time_without_a_zone_is_refused(examples):
    naive = pc.cast(examples["result_known_at"], pa.timestamp("us"))
    with pytest.raises(FeatureContractError, match="time zone"):
        prepare(
            set_column(examples, "result_known_at", naive),
            FEATURES,
            "points",
            as_of=morning(60),
            information_set="BASE",
        )


@pytest.mark.parametrize(
    ("market", "change", "error"),
    [
        ("steals", lambda t: t, TrainingError),
        ("points", lambda t: t.drop_columns(["opponent"]), FeatureContractError),
        ("points", lambda t: t.drop_columns(["actual_points"]), FeatureContractError),
        ("points", lambda t: with_nulls(t, "actual_points"), TrainingError),
        ("points", lambda t: t.slice(0, 50), TrainingError),
    ],
)
def test_unusable_examples_are_errors(market, change, error, examples, quick):
    with pytest.raises(error):
        train(
            change(examples),
            FEATURES,
            market,
            as_of=morning(60),
            information_set="BASE",
            params=quick,
        )


def test_other_information_sets_are_left_out(examples, quick, model):
    poisoned = set_column(examples, "information_set", pa.array(["TIP"] * examples.num_rows))
    poisoned = set_column(
        poisoned, "actual_points", pc.add(examples["actual_points"], pa.scalar(100))
    )
    both = pa.concat_tables([poisoned, examples])
    found = train(both, FEATURES, "points", as_of=morning(60), information_set="BASE", params=quick)
    assert found.card.model_version == model.card.model_version
    with pytest.raises(TrainingError, match="LINE"):
        train(both, FEATURES, "points", as_of=morning(60), information_set="LINE", params=quick)


def test_same_rows_in_any_order_on_any_threads_give_the_same_model(examples, quick, model):
    shuffled = examples.take(np.random.default_rng(1).permutation(examples.num_rows))
    again = train(
        shuffled,
        FEATURES,
        "points",
        as_of=morning(60) + timedelta(hours=5),
        information_set="BASE",
        params=replace(quick, thread_count=1),
    )
    assert again.card.model_version == model.card.model_version
    assert again.card.law == model.card.law
    np.testing.assert_array_equal(again.mean(examples), model.mean(examples))


def test_version_changes_with_all_that_determines_the_model(examples, quick, monkeypatch):
    def version(rows=examples, features=FEATURES, market="points", params=quick):
        prepared = prepare(rows, features, market, as_of=morning(60), information_set="BASE")
        return version_of(prepared, params)

    corrected = examples["actual_points"].to_numpy().copy()
    corrected[5] += 1
    versions = [
        version(),
        version(rows=examples.slice(1)),
        version(rows=set_column(examples, "actual_points", pa.array(corrected))),
        version(features=FEATURES[:-1]),
        version(market="rebounds"),
        version(params=replace(quick, depth=5)),
    ]
    assert version() == versions[0]
    reloaded = set_column(examples, "source_load_id", pa.array(["9"] * examples.num_rows))
    assert version(rows=reloaded) == versions[0]
    monkeypatch.setattr("flows.forecasting.card.library_versions", lambda: {"catboost": "0"})
    versions.append(version())
    assert len(set(versions)) == len(versions)


def test_variance_law_is_fitted_on_rows_that_its_mean_model_never_saw(examples, quick, monkeypatch):
    from flows.forecasting import training

    seen = []
    fit_mean = training._fit_mean

    def spy(training_set, params, mask):
        seen.append(training_set.dates[mask])
        return fit_mean(training_set, params, mask)

    monkeypatch.setattr(training, "_fit_mean", spy)
    found = train(
        examples, FEATURES, "points", as_of=morning(60), information_set="BASE", params=quick
    )
    rehearsal, final = seen
    start = np.datetime64(found.card.metrics["holdout_start_date"])
    assert rehearsal.max() < start
    assert final.size == examples.num_rows == rehearsal.size + found.card.metrics["n"]
    assert found.card.metrics["n"] == pytest.approx(0.2 * examples.num_rows, rel=0.1)


def get(settings, rows, params, hour=0):
    return registry.get_or_train(
        settings,
        rows,
        FEATURES,
        "points",
        as_of=morning(60) + timedelta(hours=hour),
        information_set="BASE",
        trained_at=morning(60) + timedelta(hours=hour, minutes=1),
        git_sha="abc",
        params=params,
    )


def test_second_run_of_the_day_reuses_the_model(settings, examples, quick, monkeypatch):
    first, trained = get(settings, examples, quick)
    assert trained
    monkeypatch.setattr(registry, "fit", lambda *_: pytest.fail("trained again"))
    second, trained = get(settings, examples, quick, hour=5)
    assert not trained
    assert second.card == first.card
    assert second.card.git_sha == "abc"
    np.testing.assert_array_equal(second.mean(examples), first.mean(examples))


def test_new_results_train_a_new_model(settings, examples, quick):
    older = examples.filter(
        pc.less(examples["result_known_at"], pa.scalar(morning(59), pa.timestamp("us", "UTC")))
    )
    first, _ = get(settings, older, quick)
    second, trained = get(settings, examples, quick)
    assert trained
    assert second.card.model_version != first.card.model_version


def test_killed_save_leaves_no_model(settings, model):
    registry.save(settings, model).unlink()
    with pytest.raises(ModelError, match="train it first"):
        registry.load(settings, model.card.model_version)


def test_other_library_version_is_a_clear_error(settings, model):
    odd = replace(model.card, library_versions=model.card.library_versions | {"catboost": "0.1"})
    registry.save(settings, replace(model, card=odd))
    with pytest.raises(ModelError, match=r"catboost 0\.1 \(installed 1\."):
        registry.load(settings, model.card.model_version)


def test_card_survives_its_json(model):
    assert ModelCard.from_json(model.card.to_json()) == model.card


def test_thread_count_is_no_part_of_a_model():
    assert "thread_count" not in TrainingParameters(thread_count=3).identity()
