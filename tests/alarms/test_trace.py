"""The way back from a prediction: the exact loads behind it, and a gate that misses one."""

from __future__ import annotations

import shutil
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from small_league import LOAD, PLAYERS, SLATE, WRITTEN_BACK, League, at, forecast, run

from flows import cli, trace
from flows.errors import PredictionUnknown
from loaders.settings import Settings

GATE = "every_prediction_traces_to_its_loads"
CORRECTED = "1704700000.25"
FORECASTS = "stg_forecasts__forecasts+"
BOX_SCORES = ("int_player_box_scores__members", "int_player_box_scores__unioned")


@pytest.fixture(scope="module")
def traced(built: League, tmp_path_factory: pytest.TempPathFactory) -> League:
    """The league with forecasts, made after one box score was corrected. Not to be written."""
    home = tmp_path_factory.mktemp("traced")
    shutil.copy(built.settings.warehouse_path, home)
    league = League(Settings(home=home), built.manifest)
    forecast(league, run(league, SLATE, run_id="run-a"), SLATE, PLAYERS, at(SLATE, 6))
    league.sql(
        f"""
        insert into raw_forecasts._dlt_loads (load_id, schema_name, status, inserted_at)
        values ('{WRITTEN_BACK}', 'forecasts', 0, to_timestamp({WRITTEN_BACK}));
        insert into raw_archive._dlt_loads (load_id, schema_name, status, inserted_at)
        values ('{CORRECTED}', 'archive', 0, to_timestamp({CORRECTED}));
        update raw_archive.player_box set reb = 5, _dlt_load_id = '{CORRECTED}'
        where player_id = 0 and game_id = 'g3';
        """
    )
    league.insert(
        "raw_runs.loads",
        run_id="run-0",
        load_key="run-0/archive/player_box/1",
        source="archive",
        resource="player_box",
        status="loaded",
        load_id=LOAD,
        requests=3,
        http_statuses="200,429",
    )
    league.dbt("run", "--select", *BOX_SCORES, FORECASTS)
    return league


@pytest.fixture
def harmed(traced: League, tmp_path: Path) -> League:
    """A copy of it to do harm to."""
    shutil.copy(traced.settings.warehouse_path, tmp_path)
    return League(Settings(home=tmp_path), traced.manifest)


def player(league: League, name: str) -> str:
    """The forecast of a player."""
    return trace.find_active(league.settings, player=name, market="points", day=None)


def loads(league: League, forecast_id: str) -> dict[tuple[str, str, str], dict]:
    """By role, raw table and load, the rows of a trace."""
    rows = trace.lineage(league.settings, forecast_id).to_pylist()
    return {(one["role"], one["resource"], one["load_id"]): one for one in rows}


def test_a_trace_names_each_load_and_what_it_told(traced: League) -> None:
    found = loads(traced, player(traced, "aaa aaaa"))
    facts = {key: (one["facts"], one["first_date"], one["last_date"]) for key, one in found.items()}
    first, last = date(2024, 1, 1), date(2024, 1, 7)
    corrected = date(2024, 1, 4)
    of_games = {
        # six and one corrected; then twenty players a game and two teams, from seven games
        ("own box scores", "player_box", LOAD): (6, first, last),
        ("own box scores", "player_box", CORRECTED): (1, corrected, corrected),
    }
    for whose in ("team", "opponent", "league"):
        games = 7 if whose != "team" else 14
        of_games |= {
            (f"{whose} box scores", "player_box", LOAD): (games * 20 - games // 7, first, last),
            (f"{whose} box scores", "player_box", CORRECTED): (games // 7, corrected, corrected),
            (f"{whose} box scores", "team_box", LOAD): (games * 2, first, last),
        }
    assert facts == of_games | {
        ("schedule", "schedule", LOAD): (10, first, SLATE),
        ("prop lines", "player_props", LOAD): (1, SLATE, SLATE),
        ("forecast", "forecasts", WRITTEN_BACK): (1, SLATE, SLATE),
        ("model", "model_versions", WRITTEN_BACK): (1, None, None),
    }
    assert not any(one["is_reloaded"] for one in found.values())
    one = found["own box scores", "player_box", LOAD]
    assert (one["source"], one["requests"], one["http_statuses"]) == ("archive", 3, "200,429")
    assert one["load_completed_at"].timestamp() == float(LOAD)
    assert one["run_id"] == "run-a"
    assert one["run_started_at"] == at(SLATE, 16)
    assert one["trained_as_of"] == at(SLATE, 6)
    assert one["feature_row_id"] is not None


def test_who_was_not_corrected_has_one_load(traced: League) -> None:
    own = [key for key in loads(traced, player(traced, "bbb bbbb")) if key[0] == "own box scores"]
    assert own == [("own box scores", "player_box", LOAD)]


def test_a_line_of_after_the_prediction_is_not_behind_it(harmed: League) -> None:
    harmed.sql(
        f"""
        insert into raw_archive.player_props by name
        select * replace (
            row_key || '/late' as row_key, captured_at + interval 6 hour as captured_at,
            '{CORRECTED}' as _dlt_load_id
        )
        from raw_archive.player_props where snapshot_date = '{SLATE}'
        """
    )
    harmed.dbt("run", "--select", "int_prop_quotes__paired")
    found = loads(harmed, player(harmed, "aaa aaaa"))
    assert [key for key in found if key[0] == "prop lines"] == [
        ("prop lines", "player_props", LOAD)
    ]


def test_a_load_that_changed_what_was_read_is_marked(harmed: League) -> None:
    later = (at(SLATE, 17) + timedelta(hours=20)).timestamp()
    harmed.sql(
        f"""
        update raw_archive.player_box set reb = 6, _dlt_load_id = '{later}'
        where player_id = 1 and game_id = 'g2'
        """
    )
    harmed.dbt("run", "--select", *BOX_SCORES)
    found = loads(harmed, player(harmed, "bbb bbbb"))
    marked = {key for key, one in found.items() if one["is_reloaded"]}
    assert ("own box scores", "player_box", str(later)) in marked
    assert ("own box scores", "player_box", LOAD) not in marked
    # and dlt does not know that load
    assert found["own box scores", "player_box", str(later)]["source"] is None


def test_every_prediction_of_a_day_traces(traced: League) -> None:
    traced.dbt("test", "--select", GATE)
    [(predictions,)] = traced.sql("select count(*) from marts.active_player_prop_predictions")
    # of catboost, and of the ensemble that has no other member
    assert predictions == 2 * PLAYERS


@pytest.mark.parametrize(
    "harm",
    [
        "delete from raw_runs.runs",
        "delete from raw_forecasts.model_versions",
        "delete from marts.ml_feature_store where game_date = '2024-01-10'",
        "delete from raw_archive._dlt_loads where load_id = '1704700000.25'",
        "update intermediate.int_player_box_scores__unioned set source_load_id = 'x'"
        " where game_id in (select game_id from marts.games where game_date = '2024-01-07')",
        "delete from intermediate.int_games__crosswalk",
    ],
    ids=["run", "model", "feature row", "corrected load", "unknown load", "schedule"],
)
def test_a_prediction_that_does_not_trace_is_found(harmed: League, harm: str) -> None:
    if "'x'" in harm:
        harm = harm.replace("'x'", "'1.5'")
    harmed.sql(harm)
    with pytest.raises(AssertionError, match=GATE):
        harmed.dbt("test", "--select", GATE)


def test_a_prediction_without_a_box_score_is_found(harmed: League) -> None:
    harmed.sql("delete from raw_archive.player_box where player_id = 3")
    harmed.dbt("run", "--select", *BOX_SCORES)
    with pytest.raises(AssertionError, match=GATE):
        harmed.dbt("test", "--select", GATE)


def test_the_query_says_what_the_command_says(traced: League) -> None:
    forecast_id = player(traced, "aaa aaaa")
    compiled = traced.compiled("trace_prediction", prediction=forecast_id)
    rows = traced.sql(compiled)
    asked = trace.lineage(traced.settings, forecast_id).to_pylist()
    assert [row[:4] for row in rows] == [
        (one["role"], one["source"], one["resource"], one["load_id"]) for one in asked
    ]


def test_a_prediction_is_named_by_its_id_or_how_it_begins(traced: League) -> None:
    ids = [one for (one,) in traced.sql("select forecast_id from marts.player_prop_predictions")]
    assert trace.find(traced.settings, ids[0]) == ids[0]
    assert trace.find(traced.settings, ids[0][:-1]) == ids[0]
    with pytest.raises(PredictionUnknown, match=f"{PLAYERS} predictions begin with 'run-a'"):
        trace.find(traced.settings, "run-a")
    with pytest.raises(PredictionUnknown, match="no prediction 'run-b'"):
        trace.find(traced.settings, "run-b")
    with pytest.raises(PredictionUnknown, match="no prediction of points for 'Nobody' on 2024-01"):
        trace.find_active(traced.settings, player="Nobody", market="points", day=SLATE)


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["--player", "AAA aaaa", "--market", "points"], 0, "own box scores"),
        (["run-a"], 1, "Give more of the id"),
        (["--player", "aaa aaaa", "--market", "dunks"], 1, "--market 'dunks' is none of"),
        ([], 1, "name one prediction"),
        (["run-a", "--player", "aaa aaaa"], 1, "name one prediction"),
    ],
)
def test_the_command_shows_it_or_says_why_not(
    traced: League,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture,
    arguments: list[str],
    code: int,
    says: str,
) -> None:
    monkeypatch.setenv("NBA_PROPS_HOME", str(traced.settings.home))
    monkeypatch.setattr(sys, "argv", ["nba-props", "trace", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    printed = capsys.readouterr()
    assert ended.value.code == code
    assert says in printed.out + printed.err
