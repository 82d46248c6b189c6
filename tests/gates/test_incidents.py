"""What went wrong elsewhere: each cause is put back, and is stopped or seen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import wire
from faults import SCENARIOS
from faults_of_forecasts import FEATURES, FEATURES_EDITED, PREDICTIONS_NONE
from faults_of_games import RAW_EMPTY
from faults_of_players import CONTEXT_EDITED, CONTEXT_EMPTY, PLAYER_SUMMARIES_EDITED
from lab import EVENING, Lab, Outcome
from nights import healed
from scenario import DAY_13, SLATE, Scenario

from flows.backfill import run_backfill
from loaders import balldontlie
from loaders.errors import ContractError
from loaders.raw import ensure_raw_tables
from loaders.sandbox import BALLDONTLIE_KEY, Sandbox
from loaders.sandbox.api_balldontlie import Balldontlie
from loaders.settings import Settings

Observe = Callable[[Scenario], Outcome]

TWICE = Scenario(
    name="twice",
    layer="player_summaries",
    # of one who did not play, so that no sum of the team gives it away
    sql=(
        """insert into raw_balldontlie.player_stats
        select * replace (new_load() as _dlt_load_id) from raw_balldontlie.player_stats
        where game_id = game('2026-01-14', 0) and min = '00' order by id limit 1""",
    ),
    expects=(),
)
BROKEN_GATE = Scenario(
    name="broken_gate",
    layer="raw",
    sql=(
        "update raw_balldontlie.games set _dlt_load_id = new_load()",
        "drop table seeds.gate_thresholds",
    ),
    expects=(),
)


def keys(lab: Lab) -> dict[str, tuple[int, int]]:
    """Rows and distinct keys of every raw table that a load merges."""
    tables = {
        "balldontlie.games": "id",
        "balldontlie.player_stats": "id",
        "odds_api.player_props": "row_key",
        "odds_api.game_lines": "row_key",
    }
    return {
        table: tuple(
            lab.rows(f"select count(*) as n, count(distinct {key}) as k from raw_{table}")[
                0
            ].values()
        )
        for table, key in tables.items()
    }


def test_incident_06_a_backfill_made_twice_adds_no_row(lab: Lab) -> None:
    lab.reset()
    before = keys(lab)
    with wire.days(lab.settings) as again:
        again.clock.now = EVENING
        for source in ("balldontlie", "odds_api"):
            run_backfill(
                again.settings,
                source=source,
                start=DAY_13,
                end=SLATE - timedelta(days=1),
                build=False,
                clock=again.clock,
                dbt=lab.dbt,
            )
    assert keys(lab) == before
    assert all(rows == distinct > 0 for rows, distinct in before.values())


def test_incident_06_a_row_that_came_twice_is_stopped_by_its_key(observe: Observe) -> None:
    outcome = observe(TWICE)
    assert outcome.run["status"] == "failed"
    assert [name for name in outcome.failed_tests if name.startswith("is_key_player_game_summary")]
    assert outcome.status("upcoming_player_game_context") == {"skipped"}
    assert outcome.is_published_as_before


def test_incident_07_who_did_not_play_has_no_zeros(lab: Lab, observe: Observe) -> None:
    outcome = observe(PLAYER_SUMMARIES_EDITED)
    assert "who_did_not_play_has_no_statistics" in outcome.failed_tests
    lab.reset()
    [found] = lab.rows(
        "select count(*) as listed, count(pts) + count(reb) + count(seconds_played) as known,"
        " (select count(*) from raw_balldontlie.player_stats where min = '00' and pts = 0) as zeros"
        " from marts.player_game_summary where not has_played"
    )
    assert found["listed"] == found["zeros"] > 0
    assert found["known"] == 0


def test_incident_13_a_constant_score_is_stopped_on_its_first_day(observe: Observe) -> None:
    outcome = observe(FEATURES_EDITED)
    [row] = outcome.rows("no_feature_is_constant_over_a_full_slate", SLATE, "fatigue_score")
    assert (row["status"], row["value"]) == ("error", 0)
    assert outcome.run["status"] == "failed"
    assert outcome.is_published_as_before


def test_incident_14_a_spread_of_nought_for_everybody_is_stopped(observe: Observe) -> None:
    outcome = observe(FEATURES)
    [row] = outcome.rows("no_feature_is_constant_over_a_full_slate", SLATE, "spread")
    assert (row["status"], row["value"]) == ("error", 0)
    assert outcome.run["status"] == "failed"


def test_incident_14_what_no_source_tells_is_null_and_no_default(lab: Lab) -> None:
    lab.reset()
    slate = f"marts.ml_feature_store where game_date = date '{SLATE}'"
    [found] = lab.rows(
        # nobody loaded shots by zone, starters, or a season before
        "select count(*) as n_rows, count(pct_paint) as zones, count(starts_last_10) as starters,"
        f" count(points_avg_previous_season) as seasons from {slate}"
    )
    assert found.pop("n_rows") > 0
    assert set(found.values()) == {0}
    # a median over both sides would be nought: the sides' spreads are each other's opposite
    games = lab.rows(
        "select game_id, max(spread) filter (is_home) as home, max(spread) filter (not is_home) as"
        f" away from {slate} and information_set = 'LINE' group by game_id"
    )
    assert len({game["home"] for game in games}) > 1
    assert {game["home"] + game["away"] for game in games} == {0}


def test_incident_17_a_gate_that_cannot_be_asked_blocks(observe: Observe) -> None:
    outcome = observe(BROKEN_GATE)
    assert outcome.run["status"] == "failed"
    assert outcome.status("gate_raw") == {"error"}
    assert outcome.status("games") == outcome.status("player_game_summary") == {"skipped"}
    assert outcome.is_published_as_before


def test_incident_17_a_gate_with_nothing_to_measure_blocks(observe: Observe) -> None:
    outcome = observe(CONTEXT_EMPTY)
    [row] = outcome.rows("the_slate_has_players", SLATE, None)
    assert (row["status"], row["value"]) == ("empty", None)
    assert outcome.run["status"] == "failed"


def test_incident_17_nothing_between_a_gate_and_the_caller_swallows_it(observe: Observe) -> None:
    outcome = observe(RAW_EMPTY)
    # it came out of the run as it was raised, and no step came after but the pages that tell it
    assert "a_schedule_is_loaded" in outcome.failed_tests
    assert [(one["step"], one["status"]) for one in outcome.steps[-2:]] == [
        ("build features", "failed"),
        ("write the report", "done"),
    ]


def test_incident_20_what_is_missing_is_counted_apart_and_never_filled(observe: Observe) -> None:
    outcome = observe(FEATURES_EDITED)
    [row] = outcome.rows("no_feature_is_missing_for_everybody", SLATE, "team_pace")
    assert (row["status"], row["value"]) == ("error", 1)
    # each feature has a row of its own, so that no mean of good ones hides a bad one
    judged = [one for one in outcome.gates if one["metric"] == row["metric"]]
    others = [one for one in judged if one["subject"] != "team_pace"]
    assert len(others) > 50
    assert {one["status"] for one in others} == {"pass"}


@pytest.fixture
def changed(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable]:
    """Load a day of box scores from a provider that has changed its lines."""
    line = Balldontlie._line
    with Sandbox(now=EVENING, ticking=False) as sandbox:
        settings = Settings(
            home=tmp_path,
            balldontlie_url=sandbox.url,
            balldontlie_api_key=BALLDONTLIE_KEY,
            balldontlie_requests_per_minute=600_000,
        )
        ensure_raw_tables(settings)

        def load(change: Callable[[dict], dict]) -> Any:
            monkeypatch.setattr(Balldontlie, "_line", lambda self, *args: change(line(self, *args)))
            [found] = balldontlie.load(
                settings,
                start=DAY_13,
                end=DAY_13,
                clock=lambda: EVENING,
                resources=("player_stats",),
            )
            return found

        yield load


def test_incident_23_a_field_that_is_new_or_gone_is_named(changed: Callable) -> None:
    renamed = changed(
        lambda row: {("rebounds" if name == "reb" else name): v for name, v in row.items()}
    )
    assert renamed.received > 0
    assert renamed.unknown_fields == ("rebounds",)
    assert renamed.missing_fields == ("reb",)


def test_incident_23_a_field_that_must_be_there_stops_the_load(changed: Callable) -> None:
    with pytest.raises(ContractError, match="no longer sends game"):
        changed(lambda row: {name: v for name, v in row.items() if name != "game"})


def test_incident_23_a_field_of_another_type_is_set_aside_and_counted(changed: Callable) -> None:
    retyped = changed(lambda row: {**row, "pts": "many"})
    assert (retyped.received, retyped.rows) == (0, 0)
    assert retyped.rejected > 0


def test_incident_31_no_failing_run_touches_what_is_published(observe: Observe) -> None:
    for scenario in SCENARIOS:
        if scenario.blocks:
            assert observe(scenario).is_published_as_before, scenario.name


def test_incident_31_a_run_without_forecasts_leaves_the_earlier_ones(observe: Observe) -> None:
    none = observe(PREDICTIONS_NONE)
    assert none.run["status"] == "failed"
    assert none.is_published_as_before


def test_incident_31_forecasts_are_added_and_never_changed(lab: Lab, kept: Callable) -> None:
    told = kept("partial", lambda: healed(lab))
    assert told["whole"].run["status"] == "completed"
    rows, lost, added = told["forecasts"]
    assert (rows, lost, added) == (10_800, 0, 10_800)
    # the ensemble of every player and market among them
    assert told["published"] == [12_128, 12_128]


def test_incident_05_lines_that_do_not_arrive_stop_the_evening_and_not_the_afternoon(
    lab: Lab, kept: Callable, observe: Observe
) -> None:
    metric = "quoted_players_have_a_line_by_evening"
    [row] = observe(CONTEXT_EDITED).rows(metric, SLATE, None)
    assert (row["status"], row["value"]) == ("error", 0)
    # the same quotes, an hour earlier
    afternoon = replace(
        CONTEXT_EDITED,
        name="context_afternoon",
        sql=(
            "update raw_odds_api.player_props set _dlt_load_id = new_load(),"
            " last_update = last_update - interval 2 hour,"
            " captured_at = captured_at - interval 2 hour",
        ),
        at=EVENING - timedelta(hours=1),
    )
    earlier = observe(afternoon)
    assert [one for one in earlier.gates if one["metric"] == "most_quoted_names_are_known"]
    assert [one for one in earlier.gates if one["metric"] == metric] == []
