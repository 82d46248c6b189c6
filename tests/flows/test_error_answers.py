"""Every error that the providers document, driven through the command: what it says, and how it
ends. The rows are those of the providers' pages, by provider and status."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from http_stub import Answer, Asked, http_server

from flows import cli

DAY = "2024-01-09"
ATTEMPTS = 2
EVER = 10**6
BDL, ODDS, ESPN = "/nba/v1", "/v4/sports/basketball_nba", "/apis/site/v2/sports/basketball/nba"
TEAM = {"id": 1, "abbreviation": "T1", "full_name": "Town 1", "city": "Town", "name": "1",
        "conference": "East", "division": "Atlantic"}  # fmt: skip
PERSON = {"id": 1, "first_name": "A", "last_name": "B", "position": "G", "height": "6-6",
          "weight": "200", "jersey_number": "0", "team": TEAM}  # fmt: skip
EVENT = {"id": "e1", "sport_key": "basketball_nba", "sport_title": "NBA", "home_team": "Town 1",
         "commence_time": "2024-01-10T00:10:00Z", "away_team": "Town 2"}  # fmt: skip
FINAL = {"name": "STATUS_FINAL", "state": "post", "completed": True}
SIDES = [
    {"homeAway": where, "score": "9", "team": {"id": number, "abbreviation": number}}
    for where, number in (("home", "1"), ("away", "2"))
]
GAME = {
    "id": "1",
    "date": "2024-01-10T00:30Z",
    "season": {"year": 2024, "type": 2},
    "competitions": [{"competitors": SIDES, "status": {"period": 4, "type": FINAL}}],
}
GOOD: dict[str, Any] = {
    f"{BDL}/teams": {"data": [TEAM]},
    f"{BDL}/games": {"data": [], "meta": {}},
    f"{BDL}/stats": {"data": [], "meta": {}},
    f"{BDL}/players/active": {"data": [PERSON], "meta": {}},
    f"{BDL}/player_injuries": {"data": [], "meta": {}},
    f"{ODDS}/events": [EVENT],
    f"{ODDS}/events/e1/odds": {**EVENT, "bookmakers": []},
    f"{ODDS}/odds": [],
    f"{ESPN}/scoreboard": {"events": [GAME]},
    f"{ESPN}/summary": {"boxscore": {"players": []}, "header": {}},
    f"{ESPN}/injuries": {"injuries": []},
}
SOURCES = {BDL: "balldontlie", ODDS: "odds_api", ESPN: "espn"}


@dataclass(frozen=True)
class Row:
    """An answer in place of a good one, so many times, and what the command makes of it."""

    path: str
    status: int
    body: Any
    said: str
    ends: int = 1
    times: int = EVER
    requests: int = 1

    @property
    def source(self) -> str:
        return next(name for base, name in SOURCES.items() if self.path.startswith(base))

    def __str__(self) -> str:
        code = self.body.get("error_code", "") if isinstance(self.body, dict) else ""
        kind = "html" if isinstance(self.body, bytes) and b"<" in self.body else code
        return "-".join(
            filter(None, (self.source, self.path.rsplit("/", 1)[-1], str(self.status), kind))
        )


def busy(path: str, status: int, body: Any) -> list[Row]:
    """Asked again, and given up on after the last attempt."""
    name = re.escape(path)
    return [
        Row(path, status, body, rf"{name} still answers {status} after 2 attempts", requests=2),
        Row(path, status, body, "received", ends=0, times=1, requests=2),
    ]


def odds(status: int, code: str, said: str, **more: Any) -> Row:
    body = {"message": f"Said of {code}.", "error_code": code, "details_url": "https://x.example"}
    return Row(f"{ODDS}/events/e1/odds", status, body, said, **more)


STATS = f"{BDL}/stats"
OF_BALLDONTLIE = [
    Row(STATS, 400, {"error": "bad dates"}, "/nba/v1/stats with 400: bad dates"),
    Row(f"{BDL}/teams", 401, b"Unauthorized", "the key in BALLDONTLIE_API_KEY is wrong, or its"),
    Row(f"{BDL}/teams", 401, {"error": "no key"}, "the key in BALLDONTLIE_API_KEY is wrong"),
    Row(STATS, 401, b"Unauthorized", "the key's tier lacks it .* need ALL-STAR"),
    Row(STATS, 403, {"error": "tier"}, "the key's tier lacks it .* need ALL-STAR"),
    Row(STATS, 404, {"error": "not found"}, "/nba/v1/stats with 404: not found"),
    Row(STATS, 406, b"", "/nba/v1/stats with 406"),
    *busy(STATS, 429, {"error": "Too many requests"}),
    *busy(STATS, 500, {"error": "oops"}),
    *busy(STATS, 502, b"<html>Bad gateway</html>"),
    *busy(STATS, 503, b""),
]

# Three of many; tests/loaders/test_odds_api.py has them all.
STOPPING = ("INVALID_MARKET", "MISSING_REGION", "INVALID_HISTORICAL_TIMESTAMP")
NO_HISTORY = "HISTORICAL_UNAVAILABLE_ON_FREE_USAGE_PLAN"
OF_ODDS_API = [
    *(
        odds(401, code, rf"refuses the key in ODDS_API_KEY \({code}\); check it")
        for code in ("MISSING_KEY", "INVALID_KEY", "DEACTIVATED_KEY")
    ),
    odds(401, "OUT_OF_USAGE_CREDITS", "the credits are used up; .* reset on the 1st"),
    *(odds(status, NO_HISTORY, "serves history to paid plans only") for status in (401, 403)),
    *busy(f"{ODDS}/events/e1/odds", 429, {"error_code": "EXCEEDED_FREQ_LIMIT"}),
    odds(404, "UNKNOWN_SPORT", r"rejects .*\(404 UNKNOWN_SPORT\): Said of UNKNOWN_SPORT"),
    # the event is gone, or has no such market then: skipped, and counted
    odds(404, "EVENT_NOT_FOUND", r"player_props +0 +0 +0 +1", ends=0),
    odds(422, "HISTORICAL_MARKETS_UNAVAILABLE_AT_DATE", r"player_props +0 +0 +0 +1", ends=0),
    *(odds(422, code, rf"\(422 {code}\): Said of {code}\.") for code in STOPPING),
    odds(401, "NEVER_HEARD_OF", r"refuses .*\(401 NEVER_HEARD_OF\): Said of NEVER_HEARD_OF"),
    odds(418, "NEVER_HEARD_OF", r"with 418 NEVER_HEARD_OF: Said of NEVER_HEARD_OF"),
    # no data yet
    Row(f"{ODDS}/events/e1/odds", 204, b"", r"player_props +0 +0 +0\b", ends=0),
    *busy(f"{ODDS}/odds", 500, {"message": "oops"}),
    *busy(f"{ODDS}/odds", 503, b"<html>Bad gateway</html>"),
]

NO_EVENTS = {"code": 400, "message": "Failed to get events endpoint."}
GONE = {"code": 404, "message": "no such event"}
BOARD, BOX = f"{ESPN}/scoreboard", f"{ESPN}/summary"
OF_ESPN = [
    Row(BOARD, 400, NO_EVENTS, r"dates=20240109.*400: Failed to get events.*one day or one month"),
    Row(BOARD, 403, b"<HTML>Access Denied</HTML>", r"\(403\).*NBA_PROPS_ESPN_USER_AGENT"),
    Row(BOX, 403, b"<HTML>Access Denied</HTML>", r"/summary \(event=1\) \(403\)"),
    # of an event: skipped, and counted; of a path: another API
    Row(BOX, 404, GONE, r"box_scores +0 +0 +0 +1", ends=0),
    Row(BOARD, 404, GONE, r"has no /scoreboard .*\(404: no such event\).*new version"),
    Row(f"{ESPN}/injuries", 418, b"teapot", "answers /injuries with 418: teapot"),
    *busy(BOARD, 429, b""),
    *busy(BOX, 500, {"code": 500}),
    *busy(BOX, 502, b"<html>Bad gateway</html>"),
    *busy(f"{ESPN}/injuries", 503, b""),
    Row(BOARD, 200, {"events": []}, r"scoreboard +0 +0 +0\b", ends=0),
    Row(BOARD, 200, {"leagues": []}, "the scoreboard has no list of records under `events`"),
    Row(BOX, 200, b"<html>Sorry</html>", "/summary is a web page and no JSON"),
]
ROWS = [*OF_BALLDONTLIE, *OF_ODDS_API, *OF_ESPN]


class Provider:
    """Answers well but for one row."""

    def __init__(self) -> None:
        self.row: Row | None = None
        self.asked = 0
        self.url = ""

    def __call__(self, asked: Asked) -> Answer:
        path = urlsplit(asked.path).path
        row = self.row
        if row is not None and path == row.path:
            self.asked += 1
            if self.asked <= row.times:
                return Answer(row.status, row.body)
        return Answer(200, GOOD[path])


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    state = Provider()
    with http_server(state) as state.url:
        yield state


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One for all rows, because to make the tables takes longer than a load; no five failures in a
    row are among them, which would have a provider left alone."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def load(
    provider: Provider,
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture,
) -> Callable[..., tuple[int, str]]:
    """Runs `nba-props load SOURCE`: exit status, and what it printed."""
    here = {
        "HOME": str(home),
        "TARGET": "duckdb",
        "HTTP_MAX_ATTEMPTS": str(ATTEMPTS),
        "HTTP_BACKOFF_SECONDS": "0.01",
        "HTTP_MAX_WAIT_SECONDS": "0.05",
        "HTTP_TIMEOUT_SECONDS": "5",
    }
    for source in SOURCES.values():
        here[f"{source.upper()}_URL"] = provider.url
        here[f"{source.upper()}_REQUESTS_PER_MINUTE"] = "600000"
    for name, value in here.items():
        monkeypatch.setenv(f"NBA_PROPS_{name}", value)
    for name in ("BALLDONTLIE_API_KEY", "ODDS_API_KEY"):
        monkeypatch.setenv(name, "not-to-be-seen")
    monkeypatch.setenv("NBA_ACCEPT_ESPN_TERMS", "1")
    monkeypatch.setenv("COLUMNS", "300")

    def run(source: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["nba-props", "load", source, "--from", DAY, "--to", DAY])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        printed = capsys.readouterr()
        return int(ended.value.code or 0), printed.out + printed.err

    return run


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_what_the_command_makes_of_an_error(
    load: Callable[..., tuple[int, str]], provider: Provider, row: Row
) -> None:
    provider.row, provider.asked = row, 0
    ends, printed = load(row.source)
    assert (ends, provider.asked) == (row.ends, row.requests), printed
    assert re.search(row.said, printed), printed
    assert "not-to-be-seen" not in printed
    assert "Traceback" not in printed
    if row.ends:
        assert len([line for line in printed.splitlines() if line.startswith("error:")]) == 1


def test_messages_differ_as_the_errors_do() -> None:
    """No two errors of one provider are told alike, but for those that are one error twice."""
    told = [(row.source, row.said) for row in ROWS if row.ends]
    twice = {said for said in told if told.count(said) > 1}
    assert twice == {
        ("balldontlie", "the key's tier lacks it .* need ALL-STAR"),
        ("odds_api", "serves history to paid plans only"),
    }


@pytest.mark.parametrize(
    ("source", "unset", "said"),
    [
        ("balldontlie", "BALLDONTLIE_API_KEY", "put it into the variable BALLDONTLIE_API_KEY"),
        ("odds_api", "ODDS_API_KEY", "put it into the variable ODDS_API_KEY"),
        ("espn", "NBA_ACCEPT_ESPN_TERMS", "terms speak against this use.*automated extraction"),
    ],
)
def test_a_source_that_may_not_be_asked_is_not(
    load: Callable[..., tuple[int, str]],
    provider: Provider,
    monkeypatch: pytest.MonkeyPatch,
    source: str,
    unset: str,
    said: str,
) -> None:
    asked = provider.asked
    monkeypatch.delenv(unset)
    ends, printed = load(source)
    assert (ends, provider.asked) == (1, asked)
    assert re.search(said, printed)
