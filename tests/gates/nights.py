"""Nights of several runs: what is waived, what only warns, and what heals."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from lab import Lab, Outcome
from scenario import DAY_12, DAY_13
from worlds import difference

from flows import warehouse
from flows.waivers import waive
from loaders.settings import Settings

DRAW = "no_final_game_is_a_draw"
DRAWS = tuple(
    f"""update raw_balldontlie.games
    set visitor_team_score = home_team_score, _dlt_load_id = new_load()
    where id = game('{day}', 0)"""
    for day in (DAY_12, DAY_13)
)
LOADED_AGAIN = (
    "update raw_balldontlie.games set _dlt_load_id = newer_load() where id = game('2026-01-13', 0)",
)


def at(hour: int, minute: int, day: int = 15) -> datetime:
    return datetime(2026, 1, day, hour, minute, tzinfo=UTC)


def waived_night(lab: Lab) -> dict[str, Outcome]:
    """Two draws on two dates; one is waived, then both; a day later the waivers have run out."""

    def let_pass(day: date, now: datetime) -> None:
        waive(
            lab.settings,
            metric=DRAW,
            game_date=day,
            waived_by="ann",
            reason="abandoned, and replayed in March",
            clock=lambda: now,
        )

    lab.reset()
    lab.execute(DRAWS)
    runs = {"blocked": lab.run(at=at(22, 10), half="no forecasts")}
    let_pass(DAY_13, at(22, 11))
    runs["one waived"] = lab.run(at=at(22, 12), half="no forecasts")
    let_pass(DAY_12, at(22, 13))
    runs["both waived"] = lab.run(at=at(22, 14), half="no forecasts")
    lab.execute(LOADED_AGAIN)
    runs["a day later"] = lab.run(
        at=at(22, 20, day=16), game_date=date(2026, 1, 16), half="no forecasts"
    )
    return runs


NEGATIVE = "no_predicted_value_is_negative"


def warned_night(lab: Lab) -> dict[str, Outcome]:
    """A negative forecast under a gate that only warns, and then under gates as they are."""
    lab.reset()
    lab.execute(
        (
            """update raw_forecasts.forecasts set mean = -25.5, _dlt_load_id = new_load()
            where forecast_id = forecast('assists', 0)""",
        )
    )
    return {
        "warned": lab.run(at=at(22, 10), half="forecasts", severity="warn"),
        "as ever": lab.run(at=at(22, 20), half="forecasts"),
    }


# Who lost most of his side's time; the team plays on the slate.
SIDE = "game_id = last_game() and team_id = home('2026-01-15', 0)"
LAST_GAME = (
    """create or replace temp macro last_game() as (
        select max_by(id, game_date) from raw_balldontlie.games
        where game_date < date '2026-01-15'
            and home('2026-01-15', 0) in (home_team_id, visitor_team_id)
    )""",
)
SPOIL = (
    *LAST_GAME,
    f"create table raw_runs.whole as select * from raw_balldontlie.player_stats where {SIDE}",
    """update raw_balldontlie.player_stats set min = '00', _dlt_load_id = new_load()
    where id in (select id from raw_runs.whole order by id limit 12)""",
)
MEND = (
    """update raw_balldontlie.player_stats as stats
    set min = whole.min, _dlt_load_id = newer_load()
    from raw_runs.whole where stats.id = whole.id""",
    "drop table raw_runs.whole",
)
ROWS = {
    "partial": "count(*) from marts.team_offense_game_summary where is_partial",
    "countable": "count(*) from marts.team_offense_game_summary where is_partial and is_countable",
    # games behind the players of the slate, of both teams of the game
    "games": "sum(career_games) from marts.ml_feature_store"
    " where game_date = date '2026-01-15' and information_set = 'BASE'",
    "team_games": "sum(games_season) from marts.upcoming_team_game_context"
    " where game_date = date '2026-01-15' and information_set = 'BASE'",
}


def healed(lab: Lab) -> dict[str, Any]:
    """A side's time is lost, and found again; the second run forecasts too."""
    lab.reset()
    seen = {"before": lab.execute((), ROWS)}
    lab.execute(SPOIL)
    partial: Outcome = lab.run(at=at(22, 10), half="no forecasts")
    seen["partial"] = lab.execute((), ROWS)
    lab.execute(MEND)
    whole = lab.run(at=at(22, 20))
    seen["whole"] = lab.execute((), ROWS)
    unlike = difference(
        Settings(home=lab.base),
        lab.settings,
        "marts.ml_feature_store",
        # what only the hour of the run changes is left out
        "information_set = 'BASE' and game_date <= date '2026-01-15'",
    )
    forecasts = difference(Settings(home=lab.base), lab.settings, "raw_forecasts.forecasts")
    published = warehouse.query_published(
        lab.settings, "select run_id, count(*) as n from marts.player_prop_predictions group by 1"
    )
    return {
        "seen": seen,
        "partial": partial,
        "whole": whole,
        "unlike": unlike,
        "forecasts": forecasts,
        "published": published["n"].to_pylist(),
    }
