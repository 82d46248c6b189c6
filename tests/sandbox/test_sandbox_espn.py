from __future__ import annotations

import csv
from datetime import UTC, date, datetime, timedelta

import pytest
import requests

from flows.world import reach
from loaders import balldontlie, espn
from loaders.errors import AccessDenied, ContractError
from loaders.espn.client import BASE
from loaders.pipeline import LoadOutcome
from loaders.sandbox import Fault, Sandbox, World
from loaders.sandbox.api_espn import CODES, TEAM_IDS
from loaders.sandbox.league import TEAMS
from loaders.settings import PROJECT_ROOT, Settings

from .conftest import NOW

DAY = date(2026, 1, 12)
AGENT = "test/1.0 (+https://test.example)"


@pytest.fixture
def reaching(settings: Settings, sandbox: Sandbox) -> Settings:
    return reach(settings, sandbox.url)


def ask(sandbox: Sandbox, path: str, agent: str = AGENT, **params: str) -> requests.Response:
    return requests.get(
        f"{sandbox.url}{BASE}/{path}", params=params, headers={"User-Agent": agent}, timeout=10
    )


def load(settings: Settings, sandbox: Sandbox, **what: object) -> dict[str | None, LoadOutcome]:
    days = {"start": DAY, "end": DAY}
    found = espn.load(settings, clock=sandbox.clock, **{**days, **what})
    return {one.resource: one for one in found}


def test_teams_are_those_of_the_seed() -> None:
    with (PROJECT_ROOT / "seeds" / "teams_seed.csv").open(encoding="utf-8") as file:
        seed = {
            row["abbreviation"]: (row["espn_id"], row["espn_abbreviation"])
            for row in csv.DictReader(file)
        }
    assert seed == {
        team.abbreviation: (str(number), CODES.get(team.abbreviation, team.abbreviation))
        for number, team in zip(TEAM_IDS, TEAMS, strict=True)
    }
    assert set(CODES.values()) == {"GS", "NY", "NO", "SA", "UTAH", "WSH"}


@pytest.mark.parametrize(
    ("agent", "status"),
    [
        (AGENT, 200),
        ("python-requests/2.32.0", 200),
        ("nba-props/1.0", 403),
        ("", 403),
        ("Mozilla/5.0 (X11; Linux x86_64)", 403),
    ],
)
def test_only_agents_that_say_who_they_are_are_answered(
    sandbox: Sandbox, agent: str, status: int
) -> None:
    assert ask(sandbox, "injuries", agent).status_code == status


@pytest.mark.parametrize("dates", ["20260112-20260113", "2026-01-12", "20261345", "soon"])
def test_a_range_of_dates_is_refused(sandbox: Sandbox, dates: str) -> None:
    answer = ask(sandbox, "scoreboard", dates=dates)
    assert answer.status_code == 400
    assert answer.json() == {"code": 400, "message": "Failed to get events endpoint."}


def test_a_month_holds_its_days(sandbox: Sandbox) -> None:
    month = ask(sandbox, "scoreboard", dates="202601").json()["events"]
    day = ask(sandbox, "scoreboard", dates="20260112").json()["events"]
    assert len(month) > 200
    assert {one["id"] for one in day} < {one["id"] for one in month}
    assert {one["competitions"][0]["competitors"][0]["homeAway"] for one in day} == {"home", "away"}


def test_what_is_loaded_is_what_balldontlie_tells(
    reaching: Settings, sandbox: Sandbox, sql
) -> None:
    outcomes = load(reaching, sandbox)
    assert all(one.unknown_fields == one.missing_fields == () for one in outcomes.values())
    assert {one.rejected for one in outcomes.values()} == {0}
    balldontlie.load(reaching, start=DAY, end=DAY, clock=sandbox.clock)
    side = "select game_date, home_score, away_score, tipoff_at from raw_espn.scoreboard"
    other = (
        "select game_date, home_team_score, visitor_team_score, tipoff_at "
        "from raw_balldontlie.games"
    )
    games = sql(f"{side} order by all")
    assert games == sql(f"{other} order by all")
    assert len(games) > 2
    counts = "fgm, fga, fg3m, fg3a, ftm, fta, oreb, dreb, reb, ast, stl, blk"
    lines = (
        f"select player_name, minutes::int, {counts}, tov, pf, pts, plus_minus "
        "from raw_espn.box_scores where not did_not_play"
    )
    others = (
        f"select first_name || ' ' || last_name, min::int, {counts}, turnover, pf, pts, plus_minus "
        "from raw_balldontlie.player_stats where min != '00'"
    )
    assert sql(f"{lines} order by all") == sql(f"{others} order by all")
    absent = "from raw_espn.box_scores where did_not_play"
    assert sql(f"select count(pts), count(*) - count(reason), count(*) > 0 {absent}") == [
        (0, 0, True)
    ]
    reports = "select player_name, status from raw_espn.injuries order by all"
    told = (
        "select first_name || ' ' || last_name, status from raw_balldontlie.player_injuries "
        "order by all"
    )
    assert len(sql(reports)) > 20
    assert sql(reports) == sql(told)
    starters = "select count(*) from raw_espn.box_scores where is_starter group by game_id, team_id"
    assert set(sql(starters)) == {(5,)}


def test_a_running_game_gives_no_box_score(reaching: Settings, sandbox: Sandbox, sql) -> None:
    sandbox.clock.move_to(NOW + timedelta(hours=2))
    today = date(2026, 1, 14)
    outcomes = load(reaching, sandbox, start=today, end=today)
    status = "select distinct status from raw_espn.scoreboard order by 1"
    assert ("STATUS_IN_PROGRESS",) in sql(status)
    assert outcomes["box_scores"].received == 0
    [(event,)] = sql(
        "select id from raw_espn.scoreboard where status = 'STATUS_IN_PROGRESS' limit 1"
    )
    partial = ask(sandbox, "summary", event=event).json()
    assert partial["boxscore"]["players"]
    assert not partial["header"]["competitions"][0]["status"]["type"]["completed"]


def test_a_postponed_game_is_completed_and_not_final(
    reaching: Settings, sandbox: Sandbox, world: World, sql
) -> None:
    schedule = world.schedule
    moved = int((schedule.moved_at < schedule.moved_at.max()).argmax())
    sandbox.clock.move_to(datetime.fromtimestamp(int(schedule.postponed_at[moved]) + 60, UTC))
    first = date(2024, 10, 1) + timedelta(days=int(schedule.first_day[moved]))
    load(reaching, sandbox, start=first, end=first, resources=["scoreboard", "box_scores"])
    found = "select is_completed, is_time_valid from raw_espn.scoreboard where status = "
    assert sql(f"{found} 'STATUS_POSTPONED'") == [(True, False)]
    sandbox.clock.move_to(datetime.fromtimestamp(int(schedule.moved_at[moved]) + 60, UTC))
    later = date(2024, 10, 1) + timedelta(days=int(schedule.day[moved]))
    load(reaching, sandbox, start=later, end=later, resources=["scoreboard"])
    assert sql(f"{found} 'STATUS_POSTPONED'") == []


def test_an_unknown_event_is_not_found(sandbox: Sandbox) -> None:
    for event in ("1", "401799999", "x"):
        answer = ask(sandbox, "summary", event=event)
        assert answer.status_code == 404
        assert answer.json()["code"] == 404


def test_faults_reach_this_api_too(reaching: Settings, sandbox: Sandbox, sql) -> None:
    summaries = f"{BASE}/summary"
    again = sandbox.faults.add(Fault("http_503", path=f"{BASE}/scoreboard", times=2))
    odd = sandbox.faults.add(Fault("text_number", path=summaries))
    outcome = load(reaching, sandbox)["box_scores"]
    assert (again.fired, odd.fired, outcome.rejected) == (2, 1, 1)
    assert sql("select reason from raw_espn.rejects") == [("pts: not a bigint: many",)]
    sandbox.faults.add(Fault("truncated_json", path=summaries))
    with pytest.raises(ContractError, match="no complete JSON"):
        load(reaching, sandbox)


def test_a_refused_agent_is_told_what_to_set(reaching: Settings, sandbox: Sandbox) -> None:
    browser = reaching.model_copy(update={"espn_user_agent": "Mozilla/5.0"})
    with pytest.raises(AccessDenied, match="NBA_PROPS_ESPN_USER_AGENT"):
        load(browser, sandbox)
