from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from loaders.sandbox import Sandbox
from loaders.sandbox.clock import iso

from .conftest import NOW, Client


def test_teams_are_thirty_and_fifteen_defunct_ones(client: Client) -> None:
    body = client.bdl("teams").json()
    assert "meta" not in body
    assert [row["id"] for row in body["data"]] == [*range(1, 31), *range(37, 52)]
    assert {row["conference"] for row in body["data"][30:]} == {"    "}
    assert body["data"][12]["full_name"] == "LA Clippers"
    assert client.bdl("teams/13").json()["data"]["abbreviation"] == "LAC"
    assert client.bdl("teams/99").status_code == 404


@pytest.mark.parametrize("key", ["", "wrong"])
@pytest.mark.parametrize("name", ["teams", "stats", "games"])
def test_a_missing_or_wrong_key_is_refused_in_plain_text(
    client: Client, name: str, key: str
) -> None:
    answer = client.bdl(name, key=key)
    assert (answer.status_code, answer.text) == (401, "Unauthorized")


def test_the_free_tier_has_no_stats(client: Client) -> None:
    with Sandbox(NOW, tier="free") as poor:
        other = Client(poor)
        assert other.bdl("games", per_page=1).status_code == 200
        for name in ("stats", "player_injuries", "players/active"):
            assert other.bdl(name).status_code == 401
        other.session.close()


@pytest.mark.parametrize(
    "params",
    [{"per_page": 101}, {"per_page": 0}, {"cursor": "x"}, {"dates": ["2026-13-01"]}],
)
def test_a_bad_parameter_is_named(client: Client, params: dict) -> None:
    answer = client.bdl("games", **params)
    assert answer.status_code == 400
    assert set(answer.json()) == {"error"}


def test_unknown_paths_and_ids_are_not_found(client: Client) -> None:
    assert client.bdl("nothing").status_code == 404
    assert client.bdl("games/1").status_code == 404


def test_pages_join_without_gap_or_overlap_and_the_last_has_no_cursor(client: Client) -> None:
    whole = client.bdl("stats", dates=["2026-01-13"], per_page=100).json()
    assert whole["meta"] == {"next_cursor": whole["data"][-1]["id"], "per_page": 100}
    rows = client.pages("stats", dates=["2026-01-13"], per_page=37)
    ids = [row["id"] for row in rows]
    assert len(ids) == len(set(ids))
    games = client.bdl("games", dates=["2026-01-13"], per_page=100).json()
    assert games["meta"] == {"per_page": 100}
    assert len(ids) == 30 * len(games["data"])
    last = client.bdl("stats", dates=["2026-01-13"], per_page=100, cursor=ids[-5]).json()
    assert [row["id"] for row in last["data"]] == ids[-4:]
    assert "next_cursor" not in last["meta"]
    assert len(client.bdl("stats", dates=["2026-01-13"]).json()["data"]) == 25


def test_filters_narrow_the_answer(client: Client) -> None:
    span = client.pages("games", start_date="2026-01-12", end_date="2026-01-14", per_page=100)
    assert {row["date"] for row in span} == {"2026-01-12", "2026-01-13", "2026-01-14"}
    boston = client.pages("games", seasons=[2024], team_ids=[2], per_page=100)
    assert len(boston) == 82
    assert all(2 in (row["home_team"]["id"], row["visitor_team"]["id"]) for row in boston)
    roster = client.pages("players/active", team_ids=[2])
    assert len(roster) == 15
    assert {row["team"]["id"] for row in roster} == {2}
    one = client.pages("stats", player_ids=[roster[0]["id"]], start_date="2026-01-01")
    assert {row["player"]["id"] for row in one} == {roster[0]["id"]}
    game = span[0]["id"]
    assert len(client.pages("stats", game_ids=[game])) == 30
    assert client.bdl("games", dates=["2026-01-14"], postseason="true").json()["data"] == []


def test_a_stat_row_has_the_documented_shape(client: Client) -> None:
    rows = client.pages("stats", dates=["2026-01-13"], per_page=100)
    scores: dict[tuple[int, int], int] = {}
    for row in rows:
        assert row["min"].isdigit()
        assert len(row["min"]) == 2
        assert row["pts"] == 2 * (row["fgm"] - row["fg3m"]) + 3 * row["fg3m"] + row["ftm"]
        assert row["reb"] == row["oreb"] + row["dreb"]
        assert row["player"]["team_id"] == row["team"]["id"]
        assert row["game"]["status"] == "Final"
        assert row["team"]["id"] in (row["game"]["home_team_id"], row["game"]["visitor_team_id"])
        key = row["game"]["id"], row["team"]["id"]
        scores[key] = scores.get(key, 0) + row["pts"]
    absent = [row for row in rows if row["min"] == "00"]
    assert 50 < len(absent) < len(rows) / 2
    assert not any(row[name] for row in absent for name in ("pts", "reb", "fga", "pf", "stl"))
    for game in client.pages("games", dates=["2026-01-13"], per_page=100):
        assert scores[game["id"], game["home_team"]["id"]] == game["home_team_score"]
        assert scores[game["id"], game["visitor_team"]["id"]] == game["visitor_team_score"]


def test_injuries_have_a_team_and_no_year(client: Client, sandbox: Sandbox) -> None:
    seen = set()
    for hours in range(0, 120, 12):
        sandbox.clock.move_to(NOW + timedelta(hours=hours))
        seen |= {row["status"] for row in client.pages("player_injuries", per_page=100)}
    assert seen == {"Out", "Doubtful", "Questionable", "Day-To-Day", "Probable"}
    rows = client.pages("player_injuries", per_page=25)
    assert 25 < len(rows) < 120
    for row in rows:
        assert set(row) == {"player", "return_date", "description", "status"}
        assert 1 <= row["player"]["team_id"] <= 30
        datetime.strptime(row["return_date"] + " 2024", "%b %d %Y").replace(tzinfo=UTC)
    assert len({row["player"]["id"] for row in rows}) == len(rows)


def test_a_game_goes_from_scheduled_over_running_to_final(client: Client, sandbox: Sandbox) -> None:
    game = client.pages("games", dates=["2026-01-14"])[0]
    tip = datetime.fromisoformat(game["datetime"])
    assert tip > NOW
    assert game["status"] == iso(tip.timestamp())
    seen = []
    for minutes in (0, 1, 40, 70, 90, 125, 200):
        sandbox.clock.move_to(tip + timedelta(minutes=minutes))
        row = client.bdl(f"games/{game['id']}").json()["data"]
        stats = client.pages("stats", game_ids=[game["id"]], per_page=100)
        assert len(stats) == (0 if minutes == 0 else 30)
        assert sum(s["pts"] for s in stats) == row["home_team_score"] + row["visitor_team_score"]
        seen.append((row["status"], row["home_team_score"]))
    assert [status for status, _ in seen] == [
        iso(tip.timestamp()),
        "1st Qtr",
        "2nd Qtr",
        "Halftime",
        "3rd Qtr",
        "4th Qtr",
        "Final",
    ]
    scores = [score for _, score in seen]
    assert scores == sorted(scores)
    assert scores[2] > 0


def test_what_is_final_never_changes_and_nothing_final_lies_ahead(
    client: Client, sandbox: Sandbox
) -> None:
    dates = [f"2026-01-{day}" for day in range(12, 17)]
    early = {row["id"]: row for row in client.pages("stats", dates=dates, per_page=100)}
    games = client.pages("games", dates=dates, per_page=100)
    for game in games:
        begun = datetime.fromisoformat(game["datetime"]) < NOW
        assert begun == (game["status"] == "Final")
        assert begun == (game["home_team_score"] > 0)
    assert {row["game"]["date"] for row in early.values()} == {"2026-01-12", "2026-01-13"}
    sandbox.clock.move_to(NOW + timedelta(days=3))
    late = {row["id"]: row for row in client.pages("stats", dates=dates, per_page=100)}
    assert {key: late[key] for key in early} == early
    assert len(late) > len(early)


def test_a_postponed_game_keeps_its_id_and_changes_its_date(
    client: Client, sandbox: Sandbox
) -> None:
    schedule = sandbox.world.schedule
    game = int((schedule.moved_at < schedule.tip).argmax())
    told, moved = int(schedule.postponed_at[game]), int(schedule.moved_at[game])
    rows = []
    for epoch in (told - 60, told + 60, schedule.first_tip[game] + 10_000, moved + 60):
        sandbox.clock.move_to(datetime.fromtimestamp(int(epoch), UTC))
        name = f"games/{18_446_000 + game}"
        rows.append(client.bdl(name).json()["data"])
    assert [row["status"] for row in rows[1:3]] == ["Postponed", "Postponed"]
    assert [row["postponed"] for row in rows] == [False, True, True, False]
    assert rows[0]["date"] == rows[1]["date"] == rows[2]["date"] < rows[3]["date"]
    assert rows[3]["status"] == iso(schedule.tip[game])


def test_two_servers_give_the_same_bytes(client: Client) -> None:
    with Sandbox(NOW, ticking=False) as twin:
        other = Client(twin)
        for name, params in (("stats", {"seasons": [2025], "per_page": 100}), ("players", {})):
            assert client.bdl(name, **params).content == other.bdl(name, **params).content
        other.session.close()


def test_a_page_of_stats_is_quick(client: Client) -> None:
    client.bdl("stats", seasons=[2025], per_page=100)
    quick = min(
        client.bdl("stats", seasons=[2025], per_page=100).elapsed.total_seconds() for _ in range(5)
    )
    # A few milliseconds here; the bound leaves room for a slow machine.
    assert quick < 0.05
