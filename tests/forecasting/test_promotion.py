"""Which model forecasts: promoted by the rule alone, rolled back in one step, and still itself."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from made_up_league import FEATURES, morning

from flows import promotion
from flows.errors import ArgumentError, PromotionRefused
from flows.forecasting import registry
from flows.forecasting.errors import ModelError
from flows.forecasting.training import TrainedModel, train
from flows.forecasting.writeback import ensure_forecast_tables, write_forecasts
from flows.modelling import Trained
from loaders.settings import Settings

AS_OF = datetime(2026, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 1, 20, tzinfo=UTC)
# What dbt makes of the raw tables, as far as it is asked.
MODELS = """
create schema staging; create schema marts;
create view staging.stg_forecasts__model_versions as select * from raw_forecasts.model_versions;
create view marts.model_champions as
select
    market, information_set,
    coalesce(
        (select max_by(model_version, promoted_at) from raw_forecasts.model_promotions),
        max_by(model_version, trained_as_of)
    ) as model_version,
    case when exists (from raw_forecasts.model_promotions) then 'promoted' else 'newest' end
        as basis
from raw_forecasts.model_versions group by all;
create table marts.model_comparisons (
    model_version varchar, evidence varchar, n_rows bigint, mean_absolute_error double,
    champion_mean_absolute_error double, standard_error double, is_enough boolean,
    is_not_worse boolean
);
"""


@pytest.fixture(scope="session")
def trained(examples, quick) -> TrainedModel:
    return train(
        examples, FEATURES, "points", as_of=morning(60), information_set="BASE", params=quick
    )


@pytest.fixture
def clock() -> Callable[[], datetime]:
    """A minute passes with every look."""
    looks = iter(range(1000))
    return lambda: NOW + timedelta(minutes=next(looks))


@pytest.fixture(scope="session")
def three(trained: TrainedModel, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Three models of points, the second one trained a week after the first, and so on."""
    settings = Settings(home=tmp_path_factory.mktemp("three") / "home")
    ensure_forecast_tables(settings)
    cards = [
        replace(trained.card, model_version=version, trained_as_of=AS_OF + timedelta(weeks=week))
        for week, version in enumerate(("old", "middle", "new"))
    ]
    for card in cards:
        registry.save(settings, TrainedModel(card, trained.mean_model))
    write_forecasts(settings, cards, [])
    execute(settings, MODELS)
    return settings


@pytest.fixture
def stored(three: Settings, tmp_path: Path) -> Settings:
    """A copy of the three models' home."""
    return Settings(home=shutil.copytree(three.home, tmp_path / "home"))


def execute(settings: Settings, statement: str) -> list[tuple]:
    with duckdb.connect(str(settings.warehouse_path)) as connection:
        return connection.execute(statement).fetchall()


def compare(settings: Settings, version: str, *, rows: int, enough: bool, not_worse: bool) -> None:
    execute(
        settings,
        f"insert into marts.model_comparisons values"
        f" ('{version}', 'held out', {rows}, 4.6, 4.5, 0.02, {enough}, {not_worse})",
    )


def champion(settings: Settings) -> str | None:
    found = promotion.promoted(settings, information_set="BASE", as_of=NOW + timedelta(days=1))
    return found.get("points")


def test_trees_that_were_changed_are_refused(settings: Settings, trained: TrainedModel) -> None:
    registry.save(settings, trained)
    version = trained.card.model_version
    assert registry.load(settings, version).card == trained.card
    trees = settings.models_dir / f"{version}.cbm"
    changed = trained.mean_model.trees.copy()
    changed.set_scale_and_bias(1.0, changed.get_scale_and_bias()[1] + 1e-6)
    changed.save_model(str(trees), format="cbm")
    with pytest.raises(ModelError, match=r"does not reproduce its own predictions: one of 5"):
        registry.load(settings, version)


def test_trees_that_are_cut_off_or_gone_are_refused(
    settings: Settings, trained: TrainedModel
) -> None:
    registry.save(settings, trained)
    trees = settings.models_dir / f"{trained.card.model_version}.cbm"
    trees.write_bytes(trees.read_bytes()[:100])
    for _ in range(2):
        with pytest.raises(ModelError, match="cannot be read: restore"):
            registry.load(settings, trained.card.model_version)
        trees.unlink(missing_ok=True)


def test_a_reference_holds_what_is_missing_and_knows_its_own_trees(trained: TrainedModel) -> None:
    rows = trained.card.reference["rows"]
    assert len(rows) == len(trained.card.reference["predictions"]) == 5
    assert {len(row) for row in rows} == {len(trained.card.features)}


def test_held_out_days_add_up_to_the_metrics(trained: TrainedModel) -> None:
    days = trained.card.holdout
    rows = sum(day[1] for day in days)
    assert rows == trained.card.metrics["n"]
    assert min(day[0] for day in days) == trained.card.metrics["holdout_start_date"]
    assert sum(day[3] for day in days) / rows / 1e6 == pytest.approx(
        trained.card.metrics["mae_mean"], abs=1e-6
    )


def test_held_out_days_are_written_once(stored: Settings, trained: TrainedModel) -> None:
    days = len(trained.card.holdout)
    counted = "select count(*), count(distinct model_version) from raw_forecasts.model_holdouts"
    assert execute(stored, counted) == [(3 * days, 3)]
    write_forecasts(stored, [replace(trained.card, model_version="old")], [])
    assert execute(stored, counted) == [(3 * days, 3)]


def test_a_model_that_is_worse_or_cannot_be_compared_is_not_promoted(
    stored: Settings, clock: Callable
) -> None:
    with pytest.raises(PromotionRefused, match="share only 0 held-out or graded rows"):
        promotion.promote(stored, "old", reason="", clock=clock)
    compare(stored, "old", rows=199, enough=False, not_worse=True)
    with pytest.raises(PromotionRefused, match="share only 199"):
        promotion.promote(stored, "old", reason="", clock=clock)
    compare(stored, "middle", rows=2000, enough=True, not_worse=False)
    with pytest.raises(PromotionRefused, match=r"middle is worse than new .*4.6000 beside 4.5000"):
        promotion.promote(stored, "middle", reason="", clock=clock)
    with pytest.raises(PromotionRefused, match=r"new forecasts points .BASE. already"):
        promotion.promote(stored, "new", reason="", clock=clock)
    with pytest.raises(ArgumentError, match="no model nothing"):
        promotion.promote(stored, "nothing", reason="", clock=clock)
    assert champion(stored) is None


def test_a_promotion_is_entered_with_its_evidence_and_known_from_then_on(
    stored: Settings, clock: Callable
) -> None:
    compare(stored, "middle", rows=2000, enough=True, not_worse=True)
    made = promotion.promote(stored, "middle", reason="steadier", clock=clock)
    assert (made.model_version, made.previous_version) == ("middle", "new")
    assert '"n_rows": 2000' in made.evidence
    assert execute(stored, "select reason, action from raw_forecasts.model_promotions") == [
        ("steadier", "promote")
    ]
    assert champion(stored) == "middle"
    before = made.promoted_at - timedelta(seconds=1)
    assert promotion.promoted(stored, information_set="BASE", as_of=before) == {}
    assert promotion.promoted(stored, information_set="TIP", as_of=NOW + timedelta(days=1)) == {}


def test_a_promotion_is_rolled_back_step_by_step(stored: Settings, clock: Callable) -> None:
    for version in ("middle", "old"):
        compare(stored, version, rows=2000, enough=True, not_worse=True)
        promotion.promote(stored, version, reason="", clock=clock)
    back = {"market": "points", "information_set": None, "reason": "no", "clock": clock}
    steps = [
        (one.previous_version, one.model_version)
        for _ in range(2)
        for one in promotion.roll_back(stored, **back)
    ]
    assert steps == [("old", "middle"), ("middle", "new")]
    assert champion(stored) == "new"


def test_what_nobody_decided_on_is_rolled_back_to_the_model_before(
    stored: Settings, clock: Callable
) -> None:
    back = {"market": "points", "information_set": "BASE", "reason": "no", "clock": clock}
    assert [one.model_version for one in promotion.roll_back(stored, **back)] == ["middle"]
    assert [one.model_version for one in promotion.roll_back(stored, **back)] == ["old"]
    with pytest.raises(PromotionRefused, match="nothing to go back to"):
        promotion.roll_back(stored, **back)


def test_a_pinned_model_stays_when_another_is_trained(
    stored: Settings, trained: TrainedModel, clock: Callable
) -> None:
    promotion.pin(stored, market="points", information_set=None, reason="", clock=clock)
    card = replace(trained.card, model_version="newer", trained_as_of=NOW)
    fresh = Trained(TrainedModel(card, trained.mean_model), is_new=True)
    used = promotion.under_champions(stored, [fresh], {"points": champion(stored)})
    assert [(one.card.model_version, one.is_champion) for one in used] == [
        ("newer", False),
        ("new", True),
    ]
    with pytest.raises(PromotionRefused, match="no newest model"):
        promotion.pin(stored, market="points", information_set=None, reason="", clock=clock)


def test_a_promoted_model_that_is_gone_is_said(stored: Settings) -> None:
    with pytest.raises(ModelError, match="no model gone"):
        promotion.under_champions(stored, [], {"points": "gone"})


def test_models_are_listed_with_what_compares_them(stored: Settings) -> None:
    compare(stored, "old", rows=2000, enough=True, not_worse=False)
    found = promotion.listed(stored).to_pylist()
    assert [one["model_version"] for one in found] == ["new", "middle", "old"]
    assert [one["basis"] for one in found] == ["newest", None, None]
    assert found[2]["is_not_worse"] is False
