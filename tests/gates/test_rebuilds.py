"""The features of a range are made anew although nothing of them changed, and no others."""

from __future__ import annotations

from datetime import date, timedelta

from lab import EVENING, Lab
from wire import CountingClock

from flows.backfill import run_backfill

FIRST, LAST = date(2026, 1, 10), date(2026, 1, 11)
DAY = timedelta(days=1)
SPOIL = "update marts.ml_feature_store set career_games = -7 where game_date between '{}' and '{}'"
SPOILT = """
select game_date, count(*) as n from marts.ml_feature_store
where career_games = -7 group by game_date order by game_date
"""
# Nothing that forecasts or publishes leaves a trace.
OTHERS = """
select
    (select count(*) from raw_forecasts.forecasts) as forecasts,
    (select count(*) from raw_runs.alerts) as alerts
"""


def test_a_rebuild_makes_the_range_anew_and_nothing_else(lab: Lab) -> None:
    lab.reset()
    lab.execute([SPOIL.format(FIRST - DAY, LAST + DAY)])
    before, published = lab.rows(OTHERS), lab._published()
    assert [row["game_date"] for row in lab.rows(SPOILT)] == [
        *(FIRST - DAY, FIRST, LAST, LAST + DAY)
    ]

    result = run_backfill(
        lab.settings,
        source=None,
        load=False,
        start=FIRST,
        end=LAST,
        clock=CountingClock(EVENING),
        dbt=lab.dbt,
        reason="the rows were spoilt",
    )

    assert result.counts == {"complete": 2}
    assert [row["game_date"] for row in lab.rows(SPOILT)] == [FIRST - DAY, LAST + DAY]
    assert (lab.rows(OTHERS), lab._published()) == (before, published)
    [told] = lab.rows("select * from audit.backfills where mode = 'rebuild'")
    assert (told["mode"], told["dates_expected"], told["dates_complete"]) == ("rebuild", 2, 2)
    assert (told["reason"], told["first_undone"]) == ("the rows were spoilt", None)
    found = lab.rows(
        "select found, is_older, run_id from audit.backfill_dates where mode = 'rebuild'"
    )
    assert found == [{"found": "complete", "is_older": False, "run_id": result.run_id}] * 2
