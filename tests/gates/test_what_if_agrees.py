"""What `nba-props predict` says of the books' own lines is what the models say of them."""

from __future__ import annotations

import pytest
from lab import Lab

from flows import players, warehouse, whatif

PREDICTIONS = """
select slate.*, predictions.probability_under, predictions.probability_push,
    predictions.over_expected_value, predictions.under_expected_value
from reports.todays_slate as slate
inner join marts.player_prop_predictions as predictions
    on slate.forecast_id = predictions.forecast_id
where slate.line is not null
order by slate.forecast_id limit 12
"""


def test_the_answer_for_a_books_line_is_that_of_the_models(lab: Lab) -> None:
    lab.reset()
    rows = warehouse.query_published(lab.settings, PREDICTIONS).to_pylist()
    assert len(rows) == 12
    for row in rows:
        asked = {"player": row["player_id"], "market": row["market"], "line": row["line"]}
        over = whatif.what_if(lab.settings, **asked, price=str(row["over_price_american"]))
        under = whatif.what_if(lab.settings, **asked, price=str(row["under_price_american"]))
        found = {side.side: side for side in over.sides}
        names = ("probability_over", "probability_push", "probability_under")
        assert (found["over"].win, found["over"].push, found["under"].win) == pytest.approx(
            tuple(row[name] for name in names), abs=1e-12
        )
        worth = (over.sides[0].expected_value, under.sides[1].expected_value)
        # a book may have no price of one side
        expected = (row["over_expected_value"], row["under_expected_value"])
        assert worth == pytest.approx(expected, abs=1e-12)
        assert over.book_line == row["line"]


def test_names_are_normalized_as_the_models_do_it(lab: Lab) -> None:
    lab.reset()
    known = warehouse.query(
        lab.settings, "select player_name, normalized_name from marts.players"
    ).to_pylist()
    assert len(known) > 100
    assert {r["player_name"]: players.normalized_name(r["player_name"]) for r in known} == {
        r["player_name"]: r["normalized_name"] for r in known
    }
