from __future__ import annotations

import gzip
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from nba_com_files import AWAY, HOME, box, game, player, plays, schedule, shot, side

from loaders import nba_com
from loaders.errors import (
    AccessDenied,
    BadArgument,
    ContractError,
    LoadError,
    TermsNotAccepted,
    TransientError,
)
from loaders.nba_com import records
from loaders.nba_com.client import BOX_SCORE, PLAY_BY_PLAY, SCHEDULE
from loaders.nba_com.tables import IGNORED, RESOURCES
from loaders.records import Flat, flatten, judge

DAY = date(2024, 1, 9)
ONE, TWO = "0022300517", "0022300518"
DENIED = (403, b"<Error><Code>AccessDenied</Code></Error>")


class Files:
    """What the stub serves: a file a path; every other path is refused."""

    def __init__(self) -> None:
        nobody = {**side(0), "teamName": "", "teamTricode": ""}
        self.found: dict[str, Any] = {
            SCHEDULE: schedule(
                game(ONE),
                game(TWO, gameStatusText="Final/OT2"),
                game("0012300070"),
                game("0022300600", day="2024-01-11"),
                game("0022300601", gameStatus=1, gameStatusText="7:30 pm ET"),
                game("0042300101", day="2024-04-20", gameStatus=1, homeTeam=nobody),
                game("0042300102", day="2024-04-20", gameStatus=1, awayTeam={"teamId": None}),
            ),
            BOX_SCORE.format(ONE): box(ONE, player(1), player(2)),
            BOX_SCORE.format(TWO): box(TWO),
            PLAY_BY_PLAY.format(ONE): plays(ONE, shot(4), shot(7, actionType="3pt")),
            PLAY_BY_PLAY.format(TWO): plays(TWO, shot(4)),
        }

    def __call__(self, path: str, query: list) -> tuple:
        found = self.found.get(path, DENIED)
        return found if isinstance(found, tuple) else (200, found)


@pytest.fixture
def files(stub) -> Files:
    stub.reply = Files()
    return stub.reply


@pytest.fixture
def accepting(settings, stub):
    return settings.model_copy(update={"nba_com_url": stub.url, "nba_com_terms_accepted": True})


@pytest.fixture
def load(accepting, files, clock):
    def run(resources=nba_com.ALL, start=DAY, **more):
        found = nba_com.load(
            accepting, start=start, end=DAY, clock=clock, resources=resources, **more
        )
        return {o.resource: o for o in found}

    return run


def test_everything_is_loaded_and_again_changes_nothing(load, stub, sql, clock, accepting) -> None:
    said: list[str] = []
    outcomes = load(progress=said.append)
    assert {n: (o.rows, o.rejected, o.skipped) for n, o in outcomes.items()} == {
        "schedule": (5, 0, 2),
        "box_scores": (5, 0, 0),
        "team_box_scores": (4, 0, 0),
        "shots": (3, 0, 0),
    }
    assert all(o.unknown_fields == () for o in outcomes.values())
    assert {n: o.requests for n, o in outcomes.items()} == {
        "schedule": 1,
        "box_scores": 2,
        "team_box_scores": 0,
        "shots": 2,
    }
    assert said[1] == "boxscore: 2024-01-09, game 2 of 2"
    for _, _, headers in stub.asked:
        assert headers["Referer"] == "https://www.nba.com/"
        assert headers["User-Agent"] == accepting.nba_com_user_agent
        assert "Authorization" not in headers
    assert sql(
        "select game_date, tipoff_at, season, home_team_id, away_score from raw_nba_com.schedule "
        f"where game_id = '{ONE}'"
    ) == [(DAY, datetime(2024, 1, 10, 0, 30, tzinfo=UTC), "2023-24", HOME, 99)]
    assert sql(
        "select team_id, name, starter, minutes, reb, tov, plus_minus from raw_nba_com.box_scores "
        f"where game_id = '{ONE}' and person_id = 1"
    ) == [(HOME, "Made 1 Up Jr.", True, "PT31M07.00S", 3, 3, -4)]
    assert sql(
        "select period, minutes, reb, tov, pts from raw_nba_com.team_box_scores "
        f"where game_id = '{ONE}' and team_id = {AWAY}"
    ) == [(4, "PT240M00.00S", 40, 12, 3)]

    before = sql("from raw_nba_com.shots order by all")
    clock.hours_later(1)
    assert {o.rows for o in load().values()} == {0}
    assert sql("from raw_nba_com.shots order by all") == before


def test_what_was_taken_back_vanishes_from_games_that_came_whole(load, files, sql) -> None:
    load()
    files.found[BOX_SCORE.format(ONE)] = box(ONE, player(1, statistics={"points": 4}))
    files.found[BOX_SCORE.format(TWO)] = DENIED
    files.found[PLAY_BY_PLAY.format(ONE)] = plays(ONE, shot(4, area=7), shot(9, teamId="none"))
    outcomes = load()
    assert outcomes["box_scores"].skipped == outcomes["team_box_scores"].skipped == 1
    lines = "select game_id, person_id, pts from raw_nba_com.box_scores order by 1, 2"
    assert sql(lines) == [(ONE, 1, 4), (ONE, 9, 3), (TWO, 1, 3), (TWO, 9, 3)]
    # a spoilt shot of the game is still there at the source, so the others stay
    assert outcomes["shots"].rejected == 1
    shots = "select action_number, area from raw_nba_com.shots where game_id = '0022300517'"
    assert sorted(sql(shots)) == [(4, "7"), (7, "Restricted Area")]


def test_a_running_box_score_is_left_out_and_counted(load, files) -> None:
    files.found[BOX_SCORE.format(ONE)] = box(ONE, gameStatus=2)
    outcome = load(["box_scores"])["box_scores"]
    assert (outcome.received, outcome.skipped) == (2, 1)


def test_without_accepted_terms_nothing_is_asked(settings, stub, clock) -> None:
    settings = settings.model_copy(update={"nba_com_url": stub.url})
    with pytest.raises(TermsNotAccepted, match=r"section 9: .*gambling.*NBA_ACCEPT_NBACOM_TERMS=1"):
        nba_com.load(settings, start=DAY, end=DAY, clock=clock)
    assert stub.asked == []


BOX, PLAYS = BOX_SCORE.format(ONE), PLAY_BY_PLAY.format(ONE)


@pytest.mark.parametrize(
    ("path", "reply", "error", "text"),
    [
        (SCHEDULE, DENIED, AccessDenied, "NBA_PROPS_NBA_COM_REFERER.*network's address"),
        (SCHEDULE, (404, {}), AccessDenied, "refuses /static/json/staticData"),
        (SCHEDULE, (200, b"<html>Back soon</html>"), ContractError, "is a web page and no JSON"),
        (SCHEDULE, (200, b'{"leagueSchedule": {"gam'), ContractError, "is no complete JSON"),
        (SCHEDULE, (200, b""), ContractError, r"no object `leagueSchedule` \(it is empty\)"),
        (SCHEDULE, (200, {"Message": "An error has occurred."}), ContractError, "error has occur"),
        (SCHEDULE, (200, schedule()), ContractError, "schedule has no game"),
        (SCHEDULE, (200, schedule(game(ONE), season=None)), ContractError, "seasonYear is 'None'"),
        (SCHEDULE, (200, {"leagueSchedule": {}}), ContractError, "list of objects `gameDates`"),
        (SCHEDULE, (200, schedule({"gameId": ONE})), ContractError, "no object `homeTeam`"),
        (SCHEDULE, (400, {"Message": "LeagueID"}), BadArgument, "with 400: LeagueID"),
        (SCHEDULE, (418, b"teapot"), LoadError, "with 418: teapot"),
        (SCHEDULE, (500, {"Message": "?"}), TransientError, "still answers 500 after 3 attempts"),
        (BOX, (200, box(ONE, homeTeam=[])), ContractError, "no object `homeTeam`"),
        (BOX, (200, {"game": {**box(ONE)["game"], "awayTeam": {"players": []}}}), ContractError,
         f"awayTeam of the box score of {ONE} lists no player"),
        (PLAYS, (200, plays(ONE)), ContractError, "no action with isFieldGoal 1"),
        (PLAYS, (200, plays(ONE, shot(4, isFieldGoal="1"))), ContractError, "isFieldGoal 1"),
    ],
)  # fmt: skip
def test_every_other_answer_has_its_message_and_leaves_nothing(
    load, files, accepting, path, reply, error, text
) -> None:
    files.found[path] = reply
    with pytest.raises(error, match=text) as caught:
        load()
    assert "\n" not in str(caught.value)
    assert not accepting.warehouse_path.exists()


def test_a_refused_file_is_asked_for_twice(load, files, stub) -> None:
    replies = iter([DENIED, (200, files.found[BOX])])
    refused = files.found | {BOX: None}
    stub.reply = lambda path, query: next(replies) if path == BOX else (200, refused[path])
    assert load(["box_scores"])["box_scores"].skipped == 0
    assert stub.paths().count(BOX) == 2


def test_files_that_are_all_refused_are_no_coincidence(load, files, accepting) -> None:
    for number in (ONE, TWO):
        files.found[BOX_SCORE.format(number)] = DENIED
    with pytest.raises(AccessDenied, match="of all 2 games"):
        load()
    assert not accepting.warehouse_path.exists()


def test_no_answer_at_all_is_said(accepting, clock) -> None:
    nowhere = accepting.model_copy(update={"nba_com_url": "http://127.0.0.1:9"})
    with pytest.raises(TransientError, match=r"NBA\.com: no complete answer from .* in 3 attempts"):
        nba_com.load(nowhere, start=DAY, end=DAY, clock=clock)


def test_earlier_seasons_are_refused_by_name(load) -> None:
    with pytest.raises(BadArgument, match="of 2023-24 alone: 2023-06-30 is before 2023-07-01"):
        load(start=date(2023, 6, 30))


def _judged(resource: str, rows: list[dict]) -> tuple[Flat, Any]:
    flat = flatten(rows, RESOURCES[resource], ignored=IGNORED[resource])
    return flat, judge(flat, RESOURCES[resource], captured_at=datetime(2026, 1, 1, tzinfo=UTC))


def rows_of(resource: str, **change: Any) -> list[dict]:
    """Rows of made-up files, of which one has fields that are new or of another type."""
    if resource == "schedule":
        return [game(ONE, seasonYear="2023-24"), game(TWO, seasonYear="2023-24", **change)]
    if resource == "shots":
        return [
            {"gameId": ONE, "gameDate": "2024-01-09", **one} for one in (shot(1), shot(2, **change))
        ]
    if resource == "box_scores":
        return records.players(box(ONE, player(1), player(2, **change))["game"], DAY)
    found = records.teams(box(ONE)["game"], DAY)
    found[1]["statistics"] |= change
    return found


@pytest.mark.parametrize(
    ("resource", "change", "unknown", "reason"),
    [
        ("schedule", {"gameMood": "tense"}, ("gameMood",), None),
        ("schedule", {"gameId": 22300518}, (), "game_id: not ten digits"),
        ("schedule", {"gameStatus": "over"}, (), "game_status: not a bigint: over"),
        ("schedule", {"gameDateEst": "soon"}, (), "game_date: not a date: soon"),
        ("schedule", {"gameDateTimeUTC": "7 pm"}, (), "tipoff_at: not a timestamp: 7 pm"),
        ("schedule", {"awayTeam": side(HOME)}, (), "home_team_id: plays itself"),
        ("box_scores", {"shoes": 13}, ("player.shoes",), None),
        ("box_scores", {"starter": "maybe"}, (), "starter: not a bool: maybe"),
        ("box_scores", {"personId": None}, (), "person_id: missing"),
        ("box_scores", {"statistics": {"points": "many"}}, (), "pts: not a bigint: many"),
        ("box_scores", {"statistics": {"steals": {"all": 1}}}, ("player.statistics.steals.all",),
         None),
        ("team_box_scores", {"points": -1}, (), "pts: negative"),
        ("team_box_scores", {"pointsByBench": 20}, ("statistics.pointsByBench",), None),
        ("shots", {"spin": 1}, ("spin",), None),
        ("shots", {"shotResult": "Blocked"}, (), "shot_result: neither Made nor Missed"),
        ("shots", {"actionType": "heave"}, (), "action_type: no field goal"),
    ],
)  # fmt: skip
def test_a_new_or_retyped_field_is_named(resource, change, unknown, reason) -> None:
    flat, found = _judged(resource, rows_of(resource, **change))
    assert flat.unknown_fields == unknown
    assert found.rejects.column("reason").to_pylist() == ([reason] if reason else [])


@pytest.mark.parametrize("resource", nba_com.ALL)
def test_a_field_that_is_gone_is_named_or_ends_the_load(resource) -> None:
    whole = rows_of(resource)
    for column in RESOURCES[resource].provided:
        *above, name = column.field.split(".")
        gone = json.loads(json.dumps(whole))
        for row in gone:
            for step in above:
                row = row[step]
            row.pop(name, None)
        if column.required:
            with pytest.raises(ContractError, match=f"no longer sends {column.field}[;,]"):
                _judged(resource, gone)
        elif not column.optional:
            assert column.field in _judged(resource, gone)[0].missing_fields


def _captured(folder: Path, name: str) -> dict[str, Any]:
    path = folder / "fixtures" / "nba_cdn" / name
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return json.loads(raw)


@pytest.mark.real_data
def test_the_captured_schedule_parses(real_data: Path) -> None:
    answer = _captured(real_data, "scheduleLeagueV2_2023_24.json.gz")["leagueSchedule"]
    listed = records.games(answer)
    decided = [one for one in listed if records.is_decided(one)]
    assert (len(listed), len(decided)) == (1280, 1273)
    flat, found = _judged("schedule", decided)
    assert (found.valid.num_rows, found.rejects.num_rows) == (1273, 0)
    assert flat.unknown_fields == flat.missing_fields == ()
    # the day, which is told as another thing, is the Eastern one of the instant
    zone = ZoneInfo("America/New_York")
    rows = found.valid.to_pylist()
    assert all(one["game_date"] == one["tipoff_at"].astimezone(zone).date() for one in rows)


@pytest.mark.real_data
def test_the_captured_box_score_parses(real_data: Path) -> None:
    answer = _captured(real_data, "boxscore_0022000001.json")["game"]
    played_on = date(2020, 12, 22)
    flat, lines = _judged("box_scores", records.players(answer, played_on))
    assert (lines.valid.num_rows, lines.rejects.num_rows) == (34, 0)
    assert flat.unknown_fields == flat.missing_fields == ()
    flat, teams = _judged("team_box_scores", records.teams(answer, played_on))
    assert (teams.valid.num_rows, teams.rejects.num_rows) == (2, 0)
    assert flat.unknown_fields == flat.missing_fields == ()
    by_team = lines.valid.group_by("team_id").aggregate([(n, "sum") for n in ("pts", "reb", "fga")])
    sums = {one["team_id"]: one for one in by_team.to_pylist()}
    for team in teams.valid.to_pylist():
        of_players = sums[team["team_id"]]
        assert [team[n] for n in ("pts", "reb", "fga")] == [
            of_players[f"{n}_sum"] for n in ("pts", "reb", "fga")
        ]


@pytest.mark.real_data
def test_the_captured_play_by_play_holds_every_field_goal_of_the_box_score(real_data: Path) -> None:
    played_on = date(2020, 12, 22)
    plays_then = _captured(real_data, "playbyplay_0022000001.json.gz")["game"]
    flat, found = _judged("shots", records.shots(plays_then, played_on))
    assert flat.unknown_fields == ()
    # files of that time had no areas, which is said
    assert flat.missing_fields == ("area",)
    box_then = _captured(real_data, "boxscore_0022000001.json")["game"]
    _, lines = _judged("box_scores", records.players(box_then, played_on))
    tried = {one["person_id"]: one["fga"] for one in lines.valid.to_pylist() if one["fga"]}
    counted = found.valid.group_by("person_id").aggregate([([], "count_all")]).to_pylist()
    assert {one["person_id"]: one["count_all"] for one in counted} == tried
    assert found.rejects.num_rows == 0
