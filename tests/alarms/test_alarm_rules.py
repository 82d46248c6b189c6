"""Every rule of the seed fires on its fault, once a cause and day, and again the next day."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from small_league import LAST_RESULTS, LOAD, PLAYERS, SLATE, League, at, forecast, run
from webhook import copied, listening

from flows import alarms
from flows.clock import eastern_date
from loaders.settings import PROJECT_ROOT

DAY = timedelta(days=1)
# Days with a game and lines, but none that the features could know.
BARE = SLATE - 2 * DAY
Fault = Callable[[League, date], None]


def run_failed(league: League, day: date) -> None:
    run(league, day, status="failed", error="ValueError: no", error_class="ValueError")


def run_died(league: League, day: date) -> None:
    run(league, day, status="died", finished_at=None, error="died", error_class="RunDied")


def nodes(layer: str, failed: int, well: int) -> Fault:
    def fault(league: League, day: date) -> None:
        run_id = run(league, day)
        for number, status in enumerate(["error"] * failed + ["success"] * well):
            league.insert(
                "raw_runs.nodes",
                run_id=run_id,
                selector="features",
                node_id=f"model.{layer}.{number}",
                name=f"model_{number}",
                resource_type="model",
                layer=layer,
                status=status,
            )

    return fault


def minutes(taken: int) -> Fault:
    def fault(league: League, day: date) -> None:
        run(league, day, finished_at=at(day, 16) + timedelta(minutes=taken))

    return fault


def publish_failed(league: League, day: date) -> None:
    run_id = run(league, day, status="failed", error="no", error_class="PublishFailed")
    league.insert(
        "raw_runs.steps", run_id=run_id, step="publish", ordinal=9, seconds=1.0, status="failed"
    )


def no_run_on_game_day(league: League, day: date) -> None:
    run(league, day - DAY)


def no_rows_on_game_day(league: League, day: date) -> None:
    for _ in range(2):
        run_id = run(league, day)
        for resource in ("games", "player_stats"):
            league.insert(
                "raw_runs.loads",
                run_id=run_id,
                load_key=f"{run_id}/{resource}",
                source="balldontlie",
                resource=resource,
                status="no_data",
                rows_loaded=0,
                received=0,
            )


def source_stale(league: League, day: date) -> None:
    league.insert(
        "raw_runs.source_states",
        run_id=run(league, day),
        source="odds_api",
        latest_load_id=LOAD,
        latest_load_at=at(day - 2 * DAY, 12),
        age_seconds=100_000.0,
    )


def gate(status: str) -> Fault:
    def fault(league: League, day: date) -> None:
        run_id = run(league, day)
        for number in range(3):
            league.insert(
                "raw_runs.gate_results",
                run_id=run_id,
                gate_row_id=f"{status}-{number}",
                layer="team_summaries",
                metric="every_final_game_has_two_team_rows",
                game_date=day - number * DAY,
                value=1.0,
                direction="at_least",
                error_threshold=2.0,
                status=status,
                waived_by="ann" if status == "waived" else None,
            )

    return fault


def quota_low(league: League, day: date) -> None:
    league.insert(
        "raw_runs.api_quota",
        run_id=run(league, day),
        source="odds_api",
        calls=3,
        spent=30,
        used=450,
        remaining=50,
    )


def coverage(players: int) -> Fault:
    def fault(league: League, day: date) -> None:
        run_id = run(league, day, as_of=at(day, 17, 20))
        forecast(league, run_id, day, players, at(day, 6))
        league.dbt("run", "--select", "upcoming_slate", "stg_forecasts__forecasts+", slate=day)

    return fault


def lines_unseen(league: League, day: date) -> None:
    """The lines come when the features are cut off already, and nothing is forecast."""
    run(league, day, as_of=at(day, 18, 58), finished_at=at(day, 18, 59))


def evaluation_too_good(league: League, day: date) -> None:
    league.insert(
        "raw_evaluations.verdicts",
        verdict_id=f"evaluation of {day}|points_mae",
        evaluation_id=f"evaluation of {day}",
        bar="points_mae",
        information_set="BASE",
        is_ceiling=False,
        figure="mae_median",
        value=2.15,
        alarm_below=4.15,
        verdict="alarm",
        told_at=at(day, 16),
    )


def model_old(league: League, day: date) -> None:
    forecast(league, run(league, day), day, 3, at(day - 11 * DAY, 16))


def usage_rates(lacking: int) -> Fault:
    """So many of ten lack what a usage rate is made of, in the last box scores that came."""

    def fault(league: League, day: date) -> None:
        run(league, day)
        changed = league.sql(
            f"""
            update raw_archive.player_box
            set fga = null, fta = null, tov = null, _dlt_load_id = '{float(LOAD) + 1}'
            where game_date = date '{LAST_RESULTS}' and player_id % 10 < {lacking}
                and fga is not null
            """
        )
        # it stands the next day, too
        if changed == [(0,)]:
            return
        league.dbt("run", "--select", "int_player_box_scores__members+,+player_game_summary")

    return fault


def features_drift(league: League, day: date) -> None:
    """Before the last two weeks every feature was ten, give or take one."""
    run(league, day)
    league.sql(
        f"""
        insert into audit.feature_days by name
        select
            'before/' || feature as feature_day_id, date '{SLATE - 60 * DAY}' as game_date, feature,
            200 as n_rows, 200 as n_known, 200 * 10_000 as value_sum,
            20_200_000_000 as square_sum
        from (select distinct feature from audit.feature_days)
        where not exists (from audit.feature_days where starts_with(feature_day_id, 'before/'))
        """
    )
    league.dbt("run", "--select", "feature_drift", slate=day)


def error_drift(league: League, day: date) -> None:
    """In December the graded forecasts missed by one or three, in January by twenty."""
    run(league, day)
    league.sql(
        f"""
        insert into marts.games by name
        select * replace ('december' as game_id, date '2023-12-01' as game_date) from marts.games
        where game_date = date '{LAST_RESULTS}'
            and not exists (from marts.games where game_id = 'december');
        insert into marts.prediction_accuracy by name
        select
            game_id || '/' || n as forecast_id, game_id, game_date, 'live' as run_mode,
            'catboost' as system, 'points' as market, 'graded' as grade,
            case when game_id != 'december' then 20.0 else 1.0 + 2 * (n % 2) end as error
        from marts.games, range(150) as t(n)
        where game_id = 'december' or game_date = date '{LAST_RESULTS}'
        """
    )
    league.dbt("run", "--select", "error_drift", slate=day)


FAULTS: dict[str, Fault] = {
    "run_failed": run_failed,
    "run_died": run_died,
    "layer_failed": nodes("context", failed=2, well=0),
    "layer_failing": nodes("features", failed=2, well=8),
    "run_very_slow": minutes(121),
    "run_slow": minutes(61),
    "publish_failed": publish_failed,
    "no_run_on_game_day": no_run_on_game_day,
    "no_rows_on_game_day": no_rows_on_game_day,
    "source_stale": source_stale,
    "gate_blocked": gate("error"),
    "waiver_in_force": gate("waived"),
    "quota_low": quota_low,
    "coverage_very_low": coverage(PLAYERS * 17 // 20),
    "coverage_low": coverage(PLAYERS * 18 // 20),
    "no_predictions": lines_unseen,
    "no_lines_in_features": lines_unseen,
    "usage_rates_very_low": usage_rates(6),
    "usage_rates_low": usage_rates(3),
    "model_old": model_old,
    "features_drift": features_drift,
    "error_drift": error_drift,
    "evaluation_too_good": evaluation_too_good,
    "daily_summary": lambda league, day: run(league, day) and None,
}
# What can go wrong together in one warehouse from this day on, and what cannot.
TOGETHER: dict[str, tuple[date, set[str]]] = {
    "no run": (BARE, {"no_run_on_game_day"}),
    "late": (SLATE, {"coverage_low", "run_slow", "usage_rates_low"}),
    "later": (SLATE, {"coverage_very_low", "model_old", "publish_failed"}),
}
TOGETHER["drift"] = (SLATE, {"features_drift", "error_drift"})
TOGETHER["anything else"] = (BARE, set(FAULTS) - set.union(*(one for _, one in TOGETHER.values())))


def rules() -> list[str]:
    with (PROJECT_ROOT / "seeds" / "alarm_rules.csv").open(encoding="utf-8") as file:
        return [row["rule"] for row in csv.DictReader(file)]


def tell(league: League, now: datetime) -> None:
    alarms.send(league.settings, alarms.current(league.settings, now), now)


class Told:
    """What the webhook had heard after each of four looks at a group of faults.

    The evening before, on the day, an hour later, on the next day.
    """

    def __init__(self, first: date) -> None:
        self.first = first
        self.looks: list[list[str]] = []
        self.entered: list[tuple[str, str]] = []

    def of(self, rule: str) -> list[list[str]]:
        """By look, the subjects of a rule."""
        return [[one for one in look if f": {rule} (" in one] for look in self.looks]


@pytest.fixture(scope="module")
def told(built: League, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Told]:
    """By rule, what became of its fault."""
    found: dict[str, Told] = {}
    for first, names in TOGETHER.values():
        home = tmp_path_factory.mktemp("faults")
        with pytest.MonkeyPatch.context() as patch, listening() as webhook:
            patch.setenv("PREFECT_HOME", str(home / "prefect"))
            league = copied(built, home, webhook)
            one = Told(first)
            for look, now in enumerate(
                [at(first - DAY, 9), at(first, 21), at(first, 22), at(first + DAY, 21)]
            ):
                if look in (1, 3):
                    for name in sorted(names):
                        FAULTS[name](league, eastern_date(now))
                tell(league, now)
                one.looks.append([call["subject"] for call in webhook.calls])
            one.entered = league.sql("select rule, alert_id from raw_runs.alerts")
            found |= dict.fromkeys(names, one)
    return found


def test_every_rule_has_its_fault() -> None:
    assert sorted(FAULTS) == sorted(rules())


@pytest.mark.parametrize("rule", rules())
def test_the_fault_is_told_once_a_day(told: dict[str, Told], rule: str) -> None:
    one = told[rule]
    before, on_the_day, an_hour_later, the_next_day = one.of(rule)
    assert before == []
    assert len(on_the_day) == 1
    assert on_the_day[0].endswith(f"{one.first})")
    assert an_hour_later == on_the_day
    assert len(the_next_day) == 2
    assert the_next_day[1].endswith(f"{one.first + DAY})")
    ids = [alert_id for name, alert_id in one.entered if name == rule]
    assert len(ids) == len(set(ids)) == 2


def test_a_day_without_a_fault_is_told_in_one_line(league: League, webhook: Any) -> None:
    coverage(PLAYERS)(league, SLATE)
    tell(league, at(SLATE, 21))
    assert [call["subject"] for call in webhook.calls] == [
        f"nba-props info: daily_summary (summary, {SLATE})"
    ]


@pytest.mark.parametrize(
    ("rule", "before", "after"),
    [("no_run_on_game_day", (9, 59), (10, 1)), ("no_lines_in_features", (16, 59), (17, 1))],
)
def test_what_is_early_in_the_morning_is_no_alarm(
    league: League, rule: str, before: tuple[int, int], after: tuple[int, int]
) -> None:
    FAULTS[rule](league, BARE)
    league.sql(
        "update raw_runs.runs set finished_at = ? where finished_at = ?",
        [at(BARE, 9), at(BARE, 18, 59)],
    )

    def speaks(clock: tuple[int, int]) -> bool:
        found = alarms.current(league.settings, at(BARE, *clock))
        return rule in {one.rule for one in found}

    assert (speaks(before), speaks(after)) == (False, True)


def test_the_graver_of_two_rules_speaks(league: League, webhook: Any) -> None:
    FAULTS["layer_failed"](league, BARE)
    tell(league, at(BARE, 21))
    assert len(webhook.of("layer_failed")) == 1
    assert webhook.of("layer_failing") == []
