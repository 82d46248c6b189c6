"""NBA.com in the sandbox: the games and people that the other APIs tell of, in its own ids."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
import requests

from loaders import balldontlie, nba_com
from loaders.errors import AccessDenied, ContractError, LoadError, TransientError
from loaders.raw import ensure_raw_tables
from loaders.sandbox import BALLDONTLIE_KEY, TEAMS, Fault, Sandbox, World
from loaders.sandbox.api_nba import DENIED, PREFIX, TEAM_IDS
from loaders.sandbox.names import league_spelling
from loaders.settings import PROJECT_ROOT, Settings

SCHEDULE = f"{PREFIX}staticData/scheduleLeagueV2.json"
BROWSER = {"Referer": "https://www.nba.com/", "User-Agent": "Mozilla/5.0"}
DAY = date(2026, 1, 13)


@pytest.fixture
def ask(sandbox: Sandbox) -> Callable[..., requests.Response]:
    def get(path: str, headers: dict[str, str] = BROWSER) -> requests.Response:
        return requests.get(sandbox.url + path, headers=headers, timeout=10)

    return get


@pytest.fixture
def reaching(sandbox: Sandbox, settings: Settings) -> Settings:
    return settings.model_copy(
        update={
            "balldontlie_url": sandbox.url,
            "balldontlie_api_key": type(settings.balldontlie_api_key)(BALLDONTLIE_KEY),
            "nba_com_url": sandbox.url,
            "nba_com_terms_accepted": True,
        }
    )


def games(ask: Callable[..., requests.Response]) -> dict[str, dict[str, Any]]:
    days = ask(SCHEDULE).json()["leagueSchedule"]["gameDates"]
    return {game["gameId"]: game for day in days for game in day["games"]}


def load(settings: Settings, sandbox: Sandbox, **more: Any) -> dict[str, Any]:
    outcomes = nba_com.load(settings, start=DAY, end=DAY, clock=sandbox.clock, **more)
    return {one.resource: one for one in outcomes}


def rows(settings: Settings, query: str) -> list[tuple]:
    import duckdb

    with duckdb.connect(str(settings.warehouse_path), read_only=True) as connection:
        return connection.execute(query).fetchall()


def test_the_clubs_have_the_ids_of_the_seed() -> None:
    with (PROJECT_ROOT / "seeds" / "teams_seed.csv").open(encoding="utf-8") as file:
        seed = {row["abbreviation"]: int(row["nba_id"]) for row in csv.DictReader(file)}
    ours = {team.abbreviation: number for team, number in zip(TEAMS, TEAM_IDS, strict=True)}
    assert ours == seed


@pytest.mark.parametrize("headers", [{}, {**BROWSER, "Referer": ""}, {"Referer": "x"}])
def test_who_is_no_browser_is_refused(ask, headers: dict[str, str]) -> None:
    answer = ask(SCHEDULE, headers)
    assert (answer.status_code, answer.text) == (403, DENIED)


def test_a_file_is_there_once_the_game_has_begun(ask, sandbox) -> None:
    listed = games(ask)
    tonight = next(one for one in listed.values() if one["gameDateTimeUTC"] > "2026-01-14T23:30")
    path = f"{PREFIX}liveData/{{}}/{{}}_{tonight['gameId']}.json"
    box, plays = path.format("boxscore", "boxscore"), path.format("playbyplay", "playbyplay")
    assert {ask(box).status_code, ask(plays).status_code} == {403}
    sandbox.clock.move_to(datetime.fromisoformat(tonight["gameDateTimeUTC"]).replace(minute=59))
    assert ask(box).json()["game"]["gameStatus"] == 2
    sandbox.clock.move_to(datetime(2026, 1, 15, 12, tzinfo=UTC))
    game = ask(box).json()["game"]
    assert (game["gameStatus"], games(ask)[tonight["gameId"]]["gameStatus"]) == (3, 3)
    assert len(ask(plays).json()["game"]["actions"]) > 100


def test_the_schedule_is_of_one_season_and_its_last_game_undecided(ask, sandbox) -> None:
    listed = games(ask)
    assert len(listed) == 1231
    assert listed["0042500101"]["homeTeam"]["teamId"] == 0
    assert {number[:5] for number in listed} == {"00225", "00425"}
    sandbox.clock.move_to(datetime(2025, 3, 1, tzinfo=UTC))
    assert {number[:5] for number in games(ask)} == {"00224", "00424"}


def test_a_postponed_game_says_so_and_keeps_its_id(ask, sandbox, world: World) -> None:
    schedule = world.schedule
    moved = int((schedule.moved_at < 2**62).nonzero()[0][-1])
    number = sandbox.nba_com.game_ids[moved]
    sandbox.clock.move_to(datetime.fromtimestamp(int(schedule.postponed_at[moved]) + 60, UTC))
    before = games(ask)[number]
    sandbox.clock.move_to(datetime.fromtimestamp(int(schedule.moved_at[moved]) + 60, UTC))
    after = games(ask)[number]
    assert (before["postponedStatus"], before["gameStatusText"]) == ("P", "PPD")
    assert after["postponedStatus"] == "N"
    assert after["gameDateEst"] > before["gameDateEst"]


def test_both_sources_tell_the_same_box_scores(reaching, sandbox) -> None:
    load(reaching, sandbox)
    balldontlie.load(reaching, start=DAY, end=DAY, clock=sandbox.clock,
                     resources=("games", "player_stats"))  # fmt: skip
    counts = "fgm, fga, fg3m, fg3a, ftm, fta, oreb, dreb, reb, ast, stl, blk, pf, pts, plus_minus"
    ours = rows(reaching, f"select {counts}, tov from raw_nba_com.box_scores order by all")
    theirs = rows(reaching, f"select {counts}, turnover from raw_balldontlie.player_stats "
                  "where game_status = 'Final' order by all")  # fmt: skip
    assert ours == theirs
    assert len(ours) > 100


def test_shots_and_team_lines_are_those_of_the_players(reaching, sandbox) -> None:
    load(reaching, sandbox)
    of_players = rows(reaching, """
        select game_id, person_id, fga, fgm, fg3a, fg3m from raw_nba_com.box_scores
        where fga > 0 order by 1, 2""")  # fmt: skip
    of_shots = rows(reaching, """
        select game_id, person_id, count(*), count(*) filter (shot_result = 'Made'),
            count(*) filter (action_type = '3pt'),
            count(*) filter (action_type = '3pt' and shot_result = 'Made')
        from raw_nba_com.shots group by 1, 2 order by 1, 2""")  # fmt: skip
    assert of_shots == of_players
    # a team's own turnover is no player's; the scores are those of the schedule
    assert rows(reaching, """
        select distinct team.pts - sum(line.pts), team.tov - sum(line.tov)
        from raw_nba_com.team_box_scores as team
        join raw_nba_com.box_scores as line using (game_id, team_id)
        group by game_id, team_id, team.pts, team.tov""") == [(0, 1)]  # fmt: skip
    assert rows(reaching, """
        select count(*) from raw_nba_com.team_box_scores as team
        join raw_nba_com.schedule as game using (game_id)
        where team.pts != if(team.team_id = home_team_id, home_score, away_score)""") == [
        (0,)
    ]  # fmt: skip


def test_a_few_names_are_spelt_otherwise(world: World) -> None:
    same = [league_spelling(index, *name) == name for index, name in enumerate(world.players.names)]
    assert 0 < same.count(False) < len(same) / 5
    assert league_spelling(0, "André", "Šarovič Jr.") == ("Andre", "Sarovic Jr.")
    assert league_spelling(1, "André", "Šarovič Jr.") == ("André", "Šarovič")


@pytest.mark.parametrize(
    ("kind", "path", "error", "text"),
    [
        ("access_denied", SCHEDULE, AccessDenied, "network's address"),
        ("access_denied", "*/boxscore_*", AccessDenied, "box"),
        ("web_page", SCHEDULE, ContractError, "is a web page"),
        ("empty_body", "*/playbyplay_*", ContractError, "it is empty"),
        ("http_429", SCHEDULE, TransientError, "still answers 429"),
        ("http_503", "*/boxscore_*", TransientError, "still answers 503"),
        ("truncated_json", "*/boxscore_*", ContractError, "no complete JSON"),
        ("truncated_body", "*/boxscore_*", LoadError, "boxscore"),
    ],
)
def test_every_failure_has_its_message_and_leaves_nothing(
    reaching, sandbox, kind, path, error, text
) -> None:
    ensure_raw_tables(reaching)
    fault = sandbox.faults.add(Fault(kind, path=path, times=None))
    with pytest.raises(error, match=text) as caught:
        load(reaching, sandbox)
    assert fault.fired > 0
    assert "\n" not in str(caught.value)
    assert rows(reaching, "select count(*) from raw_nba_com.schedule") == [(0,)]
    sandbox.faults.clear()
    assert load(reaching, sandbox)["box_scores"].rows > 100


def test_one_refused_file_is_skipped_and_comes_later(reaching, sandbox) -> None:
    ensure_raw_tables(reaching)
    whole = len(rows(reaching, "from raw_nba_com.team_box_scores"))
    fault = sandbox.faults.add(Fault("access_denied", path="*/boxscore_*", times=2))
    first = load(reaching, sandbox, resources=("team_box_scores",))["team_box_scores"]
    assert (fault.fired, first.skipped) == (2, 1)
    again = load(reaching, sandbox, resources=("team_box_scores",))["team_box_scores"]
    assert (again.rows, again.skipped) == (2, 0)
    assert len(rows(reaching, "from raw_nba_com.team_box_scores")) == whole + first.rows + 2


def test_text_where_a_number_belongs_is_set_aside(reaching, sandbox) -> None:
    sandbox.faults.add(Fault("text_number", path="*/boxscore_*", times=1))
    outcome = load(reaching, sandbox, resources=("box_scores",))["box_scores"]
    assert outcome.rejected == 1
    assert rows(reaching, "select reason from raw_nba_com.rejects") == [
        ("pts: not a bigint: many",)
    ]
