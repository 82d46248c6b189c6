from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import requests

from loaders.sandbox import ODDS_API_KEY, Sandbox

from .conftest import NOW, PAST, PROPS, SPORT, Client


def stamp(instant: datetime) -> str:
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")


def credits_of(answer: requests.Response) -> tuple[int, int, int]:
    names = ("remaining", "used", "last")
    return tuple(int(answer.headers[f"x-requests-{name}"]) for name in names)


def first_event(client: Client) -> str:
    return client.odds(f"{SPORT}/events").json()[0]["id"]


def updates(event: dict) -> list[str]:
    return [market["last_update"] for book in event["bookmakers"] for market in book["markets"]]


def test_events_are_free_and_inside_the_window(client: Client) -> None:
    answer = client.odds(f"{SPORT}/events")
    assert credits_of(answer) == (20_000, 0, 0)
    rows = answer.json()
    assert all(len(row["id"]) == 32 and "bookmakers" not in row for row in rows)
    assert min(row["commence_time"] for row in rows) >= stamp(NOW)
    window = {"commenceTimeFrom": "2026-01-14T05:00:00Z", "commenceTimeTo": "2026-01-15T05:00:00Z"}
    tonight = client.odds(f"{SPORT}/events", **window).json()
    assert 8 <= len(tonight) < len(rows)
    assert client.odds("/v4/sports").json()[0]["key"] == "basketball_nba"


def test_costs_are_those_of_the_guide(client: Client) -> None:
    lines = client.odds(f"{SPORT}/odds", markets="h2h,spreads,totals", regions="us")
    assert credits_of(lines) == (19_997, 3, 3)
    assert credits_of(client.odds(f"{SPORT}/odds", regions="us,eu"))[2] == 2
    event = first_event(client)
    assert credits_of(client.props(event))[2] == 4
    # Valid markets and books that show nothing cost nothing.
    assert credits_of(client.props(event, markets="player_blocks"))[2] == 0
    assert credits_of(client.props(event, bookmakers="pinnacle"))[2] == 0
    assert credits_of(client.props(event, bookmakers="draftkings,fanduel"))[2] == 4
    assert credits_of(client.odds(f"{SPORT}/scores"))[2] == 1
    assert credits_of(client.odds(f"{SPORT}/scores", daysFrom=2))[2] == 2
    at = {"date": "2026-01-14T22:00:00Z"}
    past = {"markets": PROPS, "regions": "us", **at}
    assert credits_of(client.odds(f"{PAST}/events", **at))[2] == 1
    assert credits_of(client.odds(f"{PAST}/events", date="2025-08-01T00:00:00Z"))[2] == 0
    assert credits_of(client.odds(f"{PAST}/odds", regions="us", **at))[2] == 10
    assert credits_of(client.odds(f"{PAST}/events/{event}/odds", **past))[2] == 40


def test_used_up_credits_stop_what_costs_but_not_the_events(client: Client) -> None:
    with Sandbox(NOW, credits=5) as poor:
        other = Client(poor)
        assert other.props(first_event(other)).status_code == 200
        assert credits_of(other.props(first_event(other))) == (-3, 8, 4)
        refused = other.props(first_event(other))
        assert refused.status_code == 401
        assert refused.json()["error_code"] == "OUT_OF_USAGE_CREDITS"
        assert credits_of(refused)[2] == 0
        assert other.odds(f"{SPORT}/events").status_code == 200
        other.session.close()


@pytest.mark.parametrize(
    ("path", "params", "status", "code"),
    [
        (f"{SPORT}/events", {"apiKey": ""}, 401, "MISSING_KEY"),
        (f"{SPORT}/events", {"apiKey": "wrong"}, 401, "INVALID_KEY"),
        ("/v4/sports/basketball_moon/odds", {}, 404, "UNKNOWN_SPORT"),
        (f"{SPORT}/events/{'0' * 32}/odds", {"regions": "us"}, 404, "EVENT_NOT_FOUND"),
        (f"{SPORT}/odds", {"regions": "us", "markets": "player_points"}, 422, "INVALID_MARKET"),
        (f"{SPORT}/odds", {"regions": "us", "markets": "h2h,nonsense"}, 422, "INVALID_MARKET"),
        (f"{SPORT}/odds", {}, 422, "MISSING_REGION"),
        (f"{SPORT}/odds", {"regions": "moon"}, 422, "INVALID_REGION"),
        (f"{SPORT}/odds", {"bookmakers": "nobody"}, 422, "INVALID_BOOKMAKERS"),
        (f"{SPORT}/odds", {"regions": "us", "oddsFormat": "x"}, 422, "INVALID_ODDS_FORMAT"),
        (f"{SPORT}/odds", {"regions": "us", "dateFormat": "x"}, 422, "INVALID_DATE_FORMAT"),
        (
            f"{SPORT}/events",
            {"commenceTimeFrom": "2026-01-14T00:00:00.000Z"},
            422,
            "INVALID_COMMENCE_TIME_FROM",
        ),
        (f"{SPORT}/events", {"commenceTimeTo": "tomorrow"}, 422, "INVALID_COMMENCE_TIME_TO"),
        (
            f"{SPORT}/events",
            {
                "commenceTimeFrom": "2026-01-15T00:00:00Z",
                "commenceTimeTo": "2026-01-14T00:00:00Z",
            },
            422,
            "INVALID_COMMENCE_TIME_RANGE",
        ),
        (f"{SPORT}/scores", {"daysFrom": 4}, 422, "INVALID_SCORES_DAYS_FROM"),
        (f"{PAST}/events", {}, 422, "MISSING_HISTORICAL_TIMESTAMP"),
        (f"{PAST}/events", {"date": "2026-01-14"}, 422, "INVALID_HISTORICAL_TIMESTAMP"),
    ],
)
def test_errors_have_status_code_and_body(
    client: Client, path: str, params: dict, status: int, code: str
) -> None:
    answer = client.odds(path, key=params.pop("apiKey", ODDS_API_KEY), **params)
    body = answer.json()
    assert (answer.status_code, body["error_code"]) == (status, code)
    assert set(body) == {"message", "error_code", "details_url"}
    # Only who has a key sees its quota.
    assert ("x-requests-used" in answer.headers) == (not code.endswith("_KEY"))
    if "x-requests-used" in answer.headers:
        assert credits_of(answer) == (20_000, 0, 0)


def test_the_free_plan_has_no_history(client: Client) -> None:
    with Sandbox(NOW, historical=False) as free:
        other = Client(free)
        answer = other.odds(f"{PAST}/events", date=stamp(NOW))
        assert answer.status_code == 401
        assert answer.json()["error_code"] == "HISTORICAL_UNAVAILABLE_ON_FREE_USAGE_PLAN"
        other.session.close()


def test_event_odds_have_the_documented_shape(client: Client) -> None:
    body = client.props(first_event(client)).json()
    assert {book["key"] for book in body["bookmakers"]} == {
        "draftkings",
        "fanduel",
        "betmgm",
        "bovada",
        "betrivers",
    }
    for book in body["bookmakers"]:
        assert "last_update" not in book
        for market in book["markets"]:
            for side in market["outcomes"]:
                assert set(side) == {"name", "description", "price", "point"}
                assert side["name"] in ("Over", "Under")
                assert isinstance(side["price"], int)
                assert abs(side["price"]) >= 100
                assert side["point"] >= 0.5
                assert (side["point"] * 2) % 1 == 0
    points = next(m for m in body["bookmakers"][0]["markets"] if m["key"] == "player_points")
    assert 10 <= len({side["description"] for side in points["outcomes"]}) <= 20
    decimal = client.props(first_event(client), oddsFormat=None).json()
    price = decimal["bookmakers"][0]["markets"][0]["outcomes"][0]["price"]
    assert isinstance(price, float)
    assert 1 < price < 30


def test_bulk_odds_carry_both_times_and_three_kinds_of_points(client: Client) -> None:
    event = client.odds(
        f"{SPORT}/odds", markets="h2h,spreads,totals", regions="us", oddsFormat="american"
    ).json()[0]
    for book in event["bookmakers"]:
        times = [market["last_update"] for market in book["markets"]]
        assert book["last_update"] == max(times)
        sides = {market["key"]: market["outcomes"] for market in book["markets"]}
        teams = [event["home_team"], event["away_team"]]
        assert [side["name"] for side in sides["h2h"]] == teams
        assert all("point" not in side for side in sides["h2h"])
        assert sides["spreads"][0]["point"] == -sides["spreads"][1]["point"]
        assert sides["totals"][0]["point"] == sides["totals"][1]["point"] > 180
        assert all("description" not in side for rows in sides.values() for side in rows)


def test_some_lines_are_whole_and_one_book_has_ladders(client: Client) -> None:
    whole = ladders = 0
    for row in client.odds(f"{SPORT}/events").json()[:12]:
        for book in client.props(row["id"]).json()["bookmakers"]:
            for market in book["markets"]:
                overs = [side for side in market["outcomes"] if side["name"] == "Over"]
                whole += sum(side["point"] % 1 == 0 for side in overs)
                several = len(overs) > len({side["description"] for side in overs})
                assert not several or (book["key"], market["key"]) == ("bovada", "player_points")
                ladders += several
    assert whole > 5
    assert ladders >= 1


def test_quotes_are_of_the_past_and_move(client: Client, sandbox: Sandbox) -> None:
    event = first_event(client)
    shots = []
    for hours in (10, 6, 3, 0.5, 0):
        instant = NOW - timedelta(hours=hours)
        sandbox.clock.move_to(instant)
        body = client.props(event).json()
        assert all(text < stamp(instant) for text in updates(body))
        shots.append(body["bookmakers"])
    assert len(shots[0]) < len(shots[-1]) == 5
    assert shots[-1] != shots[-2]


def test_late_books_open_in_the_afternoon(client: Client, sandbox: Sandbox) -> None:
    noon = datetime(2026, 1, 14, 17, tzinfo=UTC)
    sandbox.clock.move_to(noon)
    seen = set()
    for row in client.odds(f"{SPORT}/events").json()[:9]:
        seen |= {book["key"] for book in client.props(row["id"]).json()["bookmakers"]}
    assert "draftkings" in seen
    assert "betrivers" not in seen


def test_started_events_leave_the_board(client: Client, sandbox: Sandbox) -> None:
    row = client.odds(f"{SPORT}/events").json()[0]
    start = datetime.fromisoformat(row["commence_time"])
    sandbox.clock.move_to(start - timedelta(seconds=1))
    assert client.props(row["id"]).status_code == 200
    sandbox.clock.move_to(start + timedelta(seconds=1))
    assert row["id"] not in {one["id"] for one in client.odds(f"{SPORT}/events").json()}
    assert client.props(row["id"]).json()["error_code"] == "EVENT_NOT_FOUND"


def test_history_is_the_snapshot_at_or_before_and_stays_the_same(
    client: Client, sandbox: Sandbox
) -> None:
    event = first_event(client)
    path = f"{PAST}/events/{event}/odds"
    params = {"markets": PROPS, "regions": "us", "date": "2026-01-14T21:58:00Z"}
    early = client.odds(path, **params).json()
    assert early["timestamp"] == "2026-01-14T21:55:38Z"
    assert early["previous_timestamp"] == "2026-01-14T21:50:38Z"
    assert early["next_timestamp"] == "2026-01-14T22:00:38Z"
    assert all(text <= early["timestamp"] for text in updates(early["data"]))
    sandbox.clock.move_to(NOW + timedelta(days=30))
    assert client.odds(path, **params).json() == early
    # A live answer of that instant says the same.
    sandbox.clock.move_to(datetime(2026, 1, 14, 21, 55, 39, tzinfo=UTC))
    live = client.props(event, oddsFormat=None).json()
    assert live == early["data"]


def test_history_never_answers_from_the_future(client: Client) -> None:
    body = client.odds(f"{PAST}/odds", regions="us", date="2026-03-01T00:00:00Z").json()
    assert body["timestamp"] < stamp(NOW)
    assert body["next_timestamp"] is None
    assert all(text < stamp(NOW) for event in body["data"] for text in updates(event))


def test_scores_are_text_and_only_of_the_past(client: Client) -> None:
    rows = client.odds(f"{SPORT}/scores", daysFrom=1).json()
    done = [row for row in rows if row["completed"]]
    assert done
    assert all(isinstance(side["score"], str) for row in done for side in row["scores"])
    ahead = [row for row in rows if row["commence_time"] > stamp(NOW)]
    assert ahead
    assert all(row["scores"] is None for row in ahead)


def test_a_postponed_game_is_listed_anew(sandbox: Sandbox, client: Client) -> None:
    schedule, events = sandbox.world.schedule, sandbox.world.events
    game = int((schedule.moved_at < schedule.tip).argmax())
    first, second = sorted((i for i, g in enumerate(events.game) if g == game))
    assert events.event_id[first] != events.event_id[second]
    sandbox.clock.move_to(datetime.fromtimestamp(int(schedule.postponed_at[game]) - 60, UTC))
    assert client.props(events.event_id[first]).status_code == 200
    sandbox.clock.move_to(datetime.fromtimestamp(int(schedule.postponed_at[game]) + 60, UTC))
    assert client.props(events.event_id[first]).status_code == 404
    sandbox.clock.move_to(datetime.fromtimestamp(int(schedule.tip[game]) - 3600, UTC))
    assert client.props(events.event_id[second]).status_code == 200
