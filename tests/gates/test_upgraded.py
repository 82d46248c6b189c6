"""A run of a newer project makes every date anew, and judges those that it would have judged."""

from __future__ import annotations

from datetime import date

import pytest
from lab import Lab
from scenario import Edit

from flows import evaluate
from flows.evaluation_rows import Asked
from flows.progress import SilentReporter
from loaders.errors import WarehouseOutdated


def test_an_upgrade_passes_the_gates_of_its_window(lab: Lab) -> None:
    lab.reset()
    dbt = lab.project([Edit("macros/formulas/is_star.sql", ">= 18 or", ">= 19 or")])
    outcome = lab.run(dbt)
    assert outcome.error is None
    [dates] = lab.rows(
        "select count(distinct game_date) as made from intermediate.int_games__to_build"
    )
    assert dates["made"] > 30
    judged = {row["game_date"] for row in outcome.gates if row["metric"] != "no_row_was_rejected"}
    assert min(judged) == outcome.run["gated_from"] == date(2026, 1, 12)


def test_an_evaluation_of_older_features_names_the_table_and_the_remedy(lab: Lab) -> None:
    lab.reset()
    lab.execute(["alter table marts.ml_feature_store drop column minutes_available"])
    asked = Asked("2025-26", ("points",), "BASE")
    with pytest.raises(WarehouseOutdated, match=r"marts\.ml_feature_store.*nba-props daily"):
        evaluate.evaluate(lab.settings, asked, reporter=SilentReporter())
    assert lab.rows("select count(*) as entered from raw_evaluations.evaluations") == [
        {"entered": 0}
    ]
