"""What `nba-props predict` says of the books' own lines is what the system alone says of them."""

from __future__ import annotations

import pytest
from lab import Lab

from flows import players, warehouse, whatif

PREDICTIONS = """
select slate.player_id, slate.market, slate.line,
    predictions.model_probability_over as probability_over,
    predictions.model_probability_push as probability_push,
    predictions.model_probability_under as probability_under
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
        answer = whatif.what_if(lab.settings, **asked)
        found = {side.side: side for side in answer.sides}
        names = ("probability_over", "probability_push", "probability_under")
        assert (found["over"].win, found["over"].push, found["under"].win) == pytest.approx(
            tuple(row[name] for name in names), abs=1e-12
        )
        assert answer.book_line == row["line"]


def test_names_are_normalized_as_the_models_do_it(lab: Lab) -> None:
    lab.reset()
    known = warehouse.query(
        lab.settings, "select player_name, normalized_name from marts.players"
    ).to_pylist()
    assert len(known) > 100
    assert {r["player_name"]: players.normalized_name(r["player_name"]) for r in known} == {
        r["player_name"]: r["normalized_name"] for r in known
    }
