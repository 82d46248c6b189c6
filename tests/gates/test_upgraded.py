"""A run of a newer project makes every date anew, and judges those that it would have judged."""

from __future__ import annotations

from datetime import date

from lab import Lab
from scenario import Edit


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
