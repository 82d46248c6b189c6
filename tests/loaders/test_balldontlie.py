from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from loaders import balldontlie
from loaders.balldontlie.tables import COUNTS, IGNORED, RESOURCES
from loaders.errors import AccessDenied, BadArgument, ContractError, LoadError, MissingKey
from loaders.records import flatten, judge

DAY = date(2024, 1, 9)


def team(number: int) -> dict:
    return {
        "id": number,
        "abbreviation": f"T{number}",
        "full_name": f"Town {number}",
        "city": "Town",
        "name": str(number),
        "conference": "East",
        "division": "Atlantic",
    }


def game(number: int, **more) -> dict:
    return {
        "id": number,
        "date": "2024-01-09",
        "datetime": "2024-01-10T00:30:00.000Z",
        "season": 2023,
        "status": "Final",
        "period": 4,
        "time": "Final",
        "postseason": False,
        "home_team": team(1),
        "visitor_team": team(2),
        "home_team_score": 101,
        "visitor_team_score": 99,
        **more,
    }


def stat(player: int, **more) -> dict:
    return {
        "id": 900 + player,
        "min": "31",
        **dict.fromkeys(COUNTS, 3),
        "plus_minus": -4,
        "fg_pct": 0.5,
        "player": {"id": player, "first_name": "A", "last_name": "B", "position": "G"},
        "team": team(1),
        "game": {"id": 1, "date": "2024-01-09", "status": "Final"},
        **more,
    }


def player(number: int, club: int = 1) -> dict:
    return {
        "id": number,
        "first_name": "A",
        "last_name": "B",
        "position": "G",
        "height": "6-6",
        "weight": "200",
        "jersey_number": "00",
        "team": team(club),
    }


def injury(number: int, status: str) -> dict:
    who = {"id": number, "first_name": "A", "last_name": "B", "team_id": 1}
    return {"player": who, "status": status, "return_date": "Jan 12", "description": "Knee."}


class League:
    """What the stub answers; pages of two rows, the last one without a cursor."""

    def __init__(self) -> None:
        self.lists = {
            "/nba/v1/teams": [team(1), team(2)],
            "/nba/v1/games": [game(1)],
            "/nba/v1/stats": [stat(n) for n in (1, 2, 3, 4, 5)],
            "/nba/v1/players/active": [player(1), player(2)],
            "/nba/v1/player_injuries": [injury(1, "Out")],
        }
        self.broken: dict[tuple[str, str], tuple] = {}

    def __call__(self, path: str, query: list) -> tuple:
        asked = dict(query)
        start = int(asked.get("cursor", 0))
        if (path, str(start)) in self.broken:
            return self.broken[path, str(start)]
        rows = self.lists[path]
        meta = {"per_page": 2} | ({"next_cursor": start + 2} if start + 2 < len(rows) else {})
        return 200, {"data": rows[start : start + 2], "meta": meta}


@pytest.fixture
def league(stub) -> League:
    stub.reply = League()
    return stub.reply


@pytest.fixture
def load(settings, stub, league, clock):
    settings = settings.model_copy(update={"balldontlie_url": stub.url, "balldontlie_page_size": 2})

    def run(resources=balldontlie.ALL, **more):
        found = balldontlie.load(
            settings, start=DAY, end=DAY, clock=clock, resources=resources, **more
        )
        return {o.resource: o for o in found}

    return run


def test_everything_is_loaded_and_again_changes_nothing(load, league, stub, sql, clock) -> None:
    said: list[str] = []
    outcomes = load(progress=said.append)
    assert {n: o.rows for n, o in outcomes.items()} == {
        "teams": 2,
        "games": 1,
        "player_stats": 5,
        "active_players": 2,
        "player_injuries": 1,
    }
    assert all(o.unknown_fields == o.missing_fields == () for o in outcomes.values())
    assert "stats: page 3, 5 rows" in said
    assert all(headers["Authorization"].startswith("very") for _, _, headers in stub.asked)
    assert next(q for p, q, _ in stub.asked if p.endswith("stats"))[0] == ("dates[]", "2024-01-09")
    assert sql("select game_date, tipoff_at, home_team_id from raw_balldontlie.games") == [
        (DAY, datetime(2024, 1, 10, 0, 30, tzinfo=UTC), 1)
    ]

    before = sql("from raw_balldontlie.player_stats order by player_id")
    clock.hours_later(1)
    again = load()
    assert {o.rows for o in again.values()} == {0}
    assert {o.received for o in again.values()} == {1, 2, 5}
    assert sql("from raw_balldontlie.player_stats order by player_id") == before


def test_what_changes_at_the_source_changes_here(load, league, sql, clock) -> None:
    load()
    seen_at = clock.now
    clock.hours_later(1)
    league.lists["/nba/v1/stats"] = [stat(1), stat(2, reb=4), stat(6)]
    league.lists["/nba/v1/player_injuries"] = [injury(1, "Questionable")]
    league.lists["/nba/v1/players/active"] = [player(1, club=2)]
    outcomes = load()
    assert outcomes["player_stats"].rows == 2
    assert sql("select player_id, reb from raw_balldontlie.player_stats order by 1") == [
        (1, 3),
        (2, 4),
        (6, 3),
    ]
    assert sql(
        "select status, valid_from, valid_to from raw_balldontlie.player_injuries order by 2"
    ) == [("Out", seen_at, clock.now), ("Questionable", clock.now, None)]
    assert sql("select id, team_id from raw_balldontlie.active_players where valid_to is null") == [
        (1, 2)
    ]


def test_misfits_are_quarantined_and_duplicates_dropped(load, league, sql) -> None:
    running = {"id": 1, "date": "2024-01-09", "status": "3rd Qtr"}
    dnp = stat(4, min="00", game=running)
    league.lists["/nba/v1/stats"] = [stat(1), stat(2), stat(1), stat(2), stat(3), dnp]
    assert load(["player_stats"])["player_stats"].rows == 4
    league.lists["/nba/v1/stats"] = [stat(1), stat(2, shoes=1), stat(3, pts="abc"), dnp]
    outcome = load(["player_stats"])["player_stats"]
    assert (outcome.rows, outcome.rejected) == (0, 1)
    assert outcome.unknown_fields == ("shoes",)
    [(reason, payload)] = sql("select reason, payload from raw_balldontlie.rejects")
    assert reason == "pts: not a bigint: abc"
    assert json.loads(payload)["player"]["id"] == 3
    # the spoilt line is still there at the source, so its last good state stays here
    assert sql(
        "select player_id, pts, min, game_status from raw_balldontlie.player_stats order by 1"
    ) == [
        (1, 3, "31", "Final"),
        (2, 3, "31", "Final"),
        (3, 3, "31", "Final"),
        (4, 3, "00", "3rd Qtr"),
    ]


@pytest.mark.parametrize(
    ("at", "reply", "error", "text"),
    [
        ("2", (404, {}), ContractError, "cursor 2 is missing"),
        ("2", (200, {"data": [], "meta": {"next_cursor": 4}}), ContractError, "without rows"),
        ("2", (200, {"data": [stat(3)], "meta": {"next_cursor": 2}}), ContractError, "twice"),
        ("2", (200, {"data": [stat(3), stat(4)]}), ContractError, "whether more follow"),
        ("0", (200, {"rows": []}), ContractError, "no list of records"),
        ("0", (200, b'{"data": [{"id"'), ContractError, "no complete JSON"),
        ("0", (400, {"error": "bad dates"}), BadArgument, "bad dates"),
        ("0", (401, b"Unauthorized"), AccessDenied, "tier lacks it.*ALL-STAR"),
        ("0", (418, {"error": "teapot"}), LoadError, "418: teapot"),
    ],
)
def test_a_failing_page_fails_the_load_and_leaves_nothing(
    load, league, settings, at, reply, error, text
) -> None:
    league.broken["/nba/v1/stats", at] = reply
    with pytest.raises(error, match=text) as caught:
        load(["teams", "player_stats"])
    assert "\n" not in str(caught.value)
    assert not settings.warehouse_path.exists()


def test_a_wrong_key_is_named(load, league) -> None:
    league.broken["/nba/v1/teams", "0"] = (401, b"Unauthorized")
    with pytest.raises(AccessDenied, match="the key in BALLDONTLIE_API_KEY is wrong"):
        load()


def test_an_empty_roster_cannot_be(load, league, settings) -> None:
    league.lists["/nba/v1/players/active"] = []
    with pytest.raises(ContractError, match="without a single row"):
        load()
    assert not settings.warehouse_path.exists()


def test_a_day_without_games_still_makes_the_tables(load, league, sql) -> None:
    league.lists["/nba/v1/games"] = []
    outcome = load(["games"])["games"]
    assert (outcome.status, outcome.rows) == ("no_data", 0)
    assert sql("select count(*) from raw_balldontlie.games") == [(0,)]


@pytest.mark.parametrize(
    ("change", "error", "text"),
    [
        ({"start": date(2024, 1, 10)}, BadArgument, "reversed: 2024-01-10 is after 2024-01-09"),
        ({"start": "9.1.2024"}, BadArgument, "'9.1.2024' is no date"),
        ({"resources": []}, BadArgument, "list of resources is empty"),
        ({"resources": ["tems"]}, BadArgument, "Unknown resource tems"),
    ],
)
def test_input_is_checked_before_any_request(settings, stub, clock, change, error, text) -> None:
    settings = settings.model_copy(update={"balldontlie_url": stub.url})
    with pytest.raises(error, match=text):
        balldontlie.load(settings, **{"start": DAY, "end": DAY, "clock": clock, **change})
    assert stub.asked == []


def test_a_missing_key_is_named(settings, stub, clock) -> None:
    settings = settings.model_copy(
        update={"balldontlie_url": stub.url, "balldontlie_api_key": None}
    )
    with pytest.raises(MissingKey, match="BALLDONTLIE_API_KEY"):
        balldontlie.load(settings, start=DAY, end=DAY, clock=clock)
    assert stub.asked == []


def test_long_ranges_are_asked_in_weeks(settings, stub, clock) -> None:
    replies = iter([(200, {"data": [game(1)]}), (400, {"error": "enough"})])
    stub.reply = lambda path, query: next(replies)
    settings = settings.model_copy(update={"balldontlie_url": stub.url})
    start, end = date(2024, 1, 1), date(2024, 1, 9)
    with pytest.raises(BadArgument, match="enough"):
        balldontlie.load(settings, start=start, end=end, clock=clock, resources=["games"])
    days = [[v for k, v in query if k == "dates[]"] for _, query, _ in stub.asked]
    assert [len(d) for d in days] == [7, 2]
    assert days[1] == ["2024-01-08", "2024-01-09"]


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("file", "resource", "rows"),
    [
        ("games", "games", 2),
        ("player_stats", "player_stats", 3),
        ("player_injuries", "player_injuries", 3),
    ],
)
def test_captured_answers_parse(real_data: Path, file: str, resource: str, rows: int) -> None:
    answer = json.loads((real_data / f"fixtures/balldontlie/wnba_{file}.json").read_text())
    flat = flatten(answer["data"], RESOURCES[resource], ignored=IGNORED[resource])
    split = judge(flat, RESOURCES[resource], captured_at=datetime(2026, 1, 1, tzinfo=UTC))
    assert (split.valid.num_rows, split.rejects.num_rows) == (rows, 0)
    assert flat.unknown_fields == flat.missing_fields == ()


@pytest.mark.real_data
def test_a_captured_instant_becomes_the_eastern_day(real_data: Path) -> None:
    answer = json.loads((real_data / "fixtures/balldontlie/wnba_player_stats.json").read_text())
    table = RESOURCES["player_stats"]
    flat = flatten(answer["data"], table, ignored=IGNORED["player_stats"])
    split = judge(flat, table, captured_at=datetime(2026, 1, 1, tzinfo=UTC))
    assert answer["data"][0]["game"]["date"] == "2025-05-16T23:30:00.000Z"
    assert set(split.valid.column("game_date").to_pylist()) == {date(2025, 5, 16)}
