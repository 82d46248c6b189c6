from __future__ import annotations

import gzip
import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from loaders import odds_api
from loaders.errors import AccessDenied, BadArgument, LoadError, MissingKey, QuotaExhausted
from loaders.odds_api.tables import GAME_LINES, IGNORED, PLAYER_PROPS
from loaders.records import flatten, judge

DAY = date(2024, 1, 10)
HOME, AWAY = "Town Ones", "Town Twos"
STOPPING = (
    *("INVALID_MARKET", "INVALID_MARKET_COMBO", "MISSING_MARKET", "INVALID_REGION"),
    *("MISSING_REGION", "INVALID_BOOKMAKERS", "INVALID_ODDS_FORMAT", "INVALID_DATE_FORMAT"),
    *("INVALID_COMMENCE_TIME_FROM", "INVALID_COMMENCE_TIME_TO", "INVALID_COMMENCE_TIME_RANGE"),
    *("INVALID_EVENT_IDS", "INVALID_EVENT_ID", "INVALID_SCORES_DAYS_FROM"),
    *("INVALID_HISTORICAL_TIMESTAMP", "MISSING_HISTORICAL_TIMESTAMP"),
    "INVALID_ALL_SPORTS_QUERY",
)


def event(name: str = "e1", **more) -> dict:
    return {
        "id": name,
        "sport_key": "basketball_nba",
        "sport_title": "NBA",
        "commence_time": "2024-01-11T00:10:00Z",
        "home_team": HOME,
        "away_team": AWAY,
        **more,
    }


def props(*outcomes: dict, updated: str = "2024-01-10T16:59:00Z") -> list[dict]:
    market = {"key": "player_points", "last_update": updated, "outcomes": list(outcomes)}
    return [{"key": "book", "title": "Book", "markets": [market]}]


def side(name: str, price=-110, point=20.5, player: str = "Al Player") -> dict:
    return {"name": name, "description": player, "price": price, "point": point}


def lines() -> list[dict]:
    markets = [
        ("h2h", [{"name": HOME, "price": -150}, {"name": AWAY, "price": 130}]),
        ("spreads", [{"name": HOME, "price": -110, "point": -3.5}]),
        ("totals", [{"name": "Over", "price": -105, "point": 220.5}]),
    ]
    return [
        {
            "key": "book",
            "last_update": "2024-01-10T16:50:00Z",
            "markets": [{"key": key, "outcomes": outcomes} for key, outcomes in markets],
        }
    ]


class Books:
    """What the stub answers, live and from history."""

    def __init__(self) -> None:
        self.events = [event()]
        self.props = {"e1": props(side("Over"), side("Under", -118))}
        self.left = "500"
        self.errors: dict[str, tuple[int, str]] = {}
        self.snapshot = "2024-01-10T15:55:38Z"

    def __call__(self, path: str, query: list) -> tuple:
        last = path.removesuffix("/odds").rsplit("/", 1)[-1]
        cost = "0" if path.endswith("/events") else "4"
        quota = {"x-requests-remaining": self.left, "x-requests-used": "9", "x-requests-last": cost}
        if last in self.errors and cost == "4":
            status, code = self.errors[last]
            return status, {"message": "No.", "error_code": code}, quota
        if path.endswith("/events"):
            body = self.events
        elif "/events/" in path:
            body = event(last, bookmakers=self.props[last])
        else:
            body = [event(bookmakers=lines())]
        if "/historical/" in path:
            body = {"timestamp": self.snapshot, "data": body}
        return 200, body, quota


@pytest.fixture
def books(stub) -> Books:
    stub.reply = Books()
    return stub.reply


@pytest.fixture
def load(settings, stub, books, clock):
    settings = settings.model_copy(update={"odds_api_url": stub.url})

    def run(**more):
        found = odds_api.load(settings, **{"game_date": DAY, "clock": clock, **more})
        return {o.resource: o for o in found}

    return run


def test_a_slate_is_loaded(load, stub, sql, clock) -> None:
    outcomes = load()
    assert {n: o.rows for n, o in outcomes.items()} == {
        "events": 1,
        "player_props": 2,
        "game_lines": 4,
    }
    assert all(o.unknown_fields == o.missing_fields == () for o in outcomes.values())
    asked = {path: dict(query) for path, query, _ in stub.asked}
    prefix = "/v4/sports/basketball_nba"
    window = ("2024-01-10T05:00:00Z", "2024-01-11T04:59:59Z")
    assert (
        asked[f"{prefix}/events"]["commenceTimeFrom"],
        asked[f"{prefix}/events"]["commenceTimeTo"],
    ) == window
    assert asked[f"{prefix}/events/e1/odds"]["oddsFormat"] == "american"
    assert asked[f"{prefix}/events/e1/odds"]["markets"].count(",") == 3
    assert asked[f"{prefix}/odds"]["markets"] == "h2h,spreads,totals"
    assert sql(
        "select side, point, price_american, last_update, captured_at "
        "from raw_odds_api.player_props order by side"
    ) == [
        ("over", 20.5, -110, datetime(2024, 1, 10, 16, 59, tzinfo=UTC), clock.now),
        ("under", 20.5, -118, datetime(2024, 1, 10, 16, 59, tzinfo=UTC), clock.now),
    ]
    assert sql("select market, outcome, point from raw_odds_api.game_lines order by all") == [
        ("h2h", "away", None),
        ("h2h", "home", None),
        ("spreads", "home", -3.5),
        ("totals", "over", 220.5),
    ]
    assert sql("select requests_remaining, requests_last from raw_odds_api.api_quota") == [(500, 8)]


def test_prices_are_added_never_changed(load, books, sql, clock) -> None:
    load()
    first = sql("from raw_odds_api.player_props order by row_key")
    clock.hours_later(1)
    books.props["e1"] += props(side("Over", -125), updated="2024-01-10T18:10:00Z")
    books.events = [event(commence_time="2024-01-11T00:20:00Z")]
    again = load()
    assert (again["events"].rows, again["player_props"].rows, again["game_lines"].rows) == (1, 1, 0)
    assert again["player_props"].received == 3
    kept = sql("from raw_odds_api.player_props order by row_key")
    assert len(kept) == 3
    assert set(first) < set(kept)


def test_history_carries_the_time_of_its_snapshot(load, stub, sql) -> None:
    load(snapshot_at=datetime(2024, 1, 10, 16, tzinfo=UTC))
    assert set(stub.paths()) == {
        "/v4/historical/sports/basketball_nba/events",
        "/v4/historical/sports/basketball_nba/events/e1/odds",
        "/v4/historical/sports/basketball_nba/odds",
    }
    assert all(dict(query)["date"] == "2024-01-10T16:00:00Z" for _, query, _ in stub.asked)
    taken = [(datetime(2024, 1, 10, 15, 55, 38, tzinfo=UTC),)]
    for name in ("events", "player_props", "game_lines"):
        assert sql(f"select distinct captured_at from raw_odds_api.{name}") == taken


def test_misfits_are_quarantined(load, books, sql) -> None:
    books.props["e1"] = [
        {"odds": None},
        *props(
            side("Over", None),
            side("Under", "abc"),
            side("Maybe"),
            side("Over", 1.91),
            side("Over", -110, None),
            side("Over", -105, "21.5"),
        ),
    ]
    outcome = load()["player_props"]
    assert (outcome.rows, outcome.rejected) == (1, 6)
    assert outcome.unknown_fields == ("bookmaker.odds",)
    reasons = {reason for (reason,) in sql("select reason from raw_odds_api.rejects")}
    assert reasons == {
        "bookmaker: missing; market: missing; player_name: missing; side: missing; "
        "price_american: missing",
        "price_american: missing",
        "price_american: not a bigint: abc",
        "price_american: not a bigint: 1.91",
        "side: not over, under, yes or no",
        "point: missing",
    }


def test_an_event_that_is_gone_is_skipped_and_counted(load, books) -> None:
    books.events = [event(), event("e2")]
    books.errors["e2"] = (404, "EVENT_NOT_FOUND")
    outcome = load()["player_props"]
    assert (outcome.rows, outcome.skipped) == (2, 1)


def test_no_events_cost_nothing(load, books, stub, sql) -> None:
    books.events = []
    books.left = "0"
    outcomes = load()
    assert {o.status for o in outcomes.values()} == {"no_data"}
    assert stub.paths() == ["/v4/sports/basketball_nba/events"]
    assert sql("select count(*) from raw_odds_api.player_props") == [(0,)]


def test_too_few_credits_stop_before_the_first_paid_request(load, books, stub) -> None:
    books.left = "19"
    with pytest.raises(QuotaExhausted, match=r"19 credits left.*may cost 7.*floor is 20"):
        load()
    assert stub.paths() == ["/v4/sports/basketball_nba/events"]
    books.left = "60"
    with pytest.raises(QuotaExhausted, match="may cost 70"):
        load(snapshot_at=datetime(2024, 1, 10, 16, tzinfo=UTC))


@pytest.mark.parametrize(
    ("status", "code", "error", "text"),
    [
        (401, "OUT_OF_USAGE_CREDITS", QuotaExhausted, "credits are used up"),
        (401, "INVALID_KEY", AccessDenied, "refuses the key in ODDS_API_KEY"),
        (401, "HISTORICAL_UNAVAILABLE_ON_FREE_USAGE_PLAN", AccessDenied, "paid plans"),
        *((422, code, BadArgument, rf"\(422 {code}\): No\.") for code in STOPPING),
        (404, "UNKNOWN_SPORT", BadArgument, "UNKNOWN_SPORT"),
        (418, "SOMETHING_NEW", LoadError, "SOMETHING_NEW"),
    ],
)
def test_errors_are_told_in_one_line_and_leave_nothing(
    load, books, settings, status, code, error, text
) -> None:
    books.errors["e1"] = (status, code)
    with pytest.raises(error, match=text) as caught:
        load()
    assert "\n" not in str(caught.value)
    assert not settings.warehouse_path.exists()


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"markets": ["player_points", "player_pionts"]}, "Unknown market player_pionts"),
        ({"markets": []}, "list of markets is empty"),
        ({"markets": "player_points"}, "give a list"),
        ({"resources": ["odds"]}, "Unknown resource odds"),
        ({"game_date": "tomorrow"}, "'tomorrow' is no date"),
        ({"snapshot_at": datetime(2024, 1, 9)}, "no time zone"),  # noqa: DTZ001
        ({"snapshot_at": datetime(2024, 2, 1, tzinfo=UTC)}, "lies in the future"),
        ({"snapshot_at": datetime(2022, 2, 1, tzinfo=UTC)}, "history begins"),
    ],
)
def test_input_is_checked_before_any_request(load, stub, change, text) -> None:
    with pytest.raises(BadArgument, match=text):
        load(**change)
    assert stub.asked == []


def test_a_missing_key_is_named(settings, clock) -> None:
    settings = settings.model_copy(update={"odds_api_key": None})
    with pytest.raises(MissingKey, match="ODDS_API_KEY"):
        odds_api.load(settings, game_date=DAY, clock=clock)


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("file", "rows"),
    [
        ("event_odds_player_points_mockBrooklynVsToronto.json.gz", 572),
        ("event_odds_player_points_mockOrlandoVsCleveland.json.gz", 482),
        ("wnba_player_props.json", 40),
        ("wnba_historical_player_props.json", 16),
        ("wnba_historical_props_closing_0125b8c0.json", 106),
        ("wnba_historical_props_decision_0125b8c0.json", 42),
        ("wnba_current_odds.json", 24),
        ("wnba_historical_odds.json", 12),
    ],
)
def test_captured_answers_parse(real_data: Path, file: str, rows: int) -> None:
    content = (real_data / "fixtures/odds_api_v4" / file).read_bytes()
    answer = json.loads(gzip.decompress(content) if file.endswith(".gz") else content)
    taken = "2026-01-01T00:00:00Z"
    if "timestamp" in answer:
        taken, answer = answer["timestamp"], answer["data"]
    events = answer if isinstance(answer, list) else [answer]
    table = GAME_LINES if isinstance(answer, list) else PLAYER_PROPS
    records = [r for found in events for r in odds_api.price_records(found, taken)]
    flat = flatten(records, table, ignored=IGNORED)
    split = judge(flat, table, captured_at=datetime(2026, 1, 1, tzinfo=UTC))
    assert (split.valid.num_rows, split.rejects.num_rows) == (rows, 0)
    assert flat.unknown_fields == flat.missing_fields == ()
    assert split.valid.column("last_update").null_count == 0
