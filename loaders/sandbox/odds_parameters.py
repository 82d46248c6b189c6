"""The Odds API's parameters and error bodies."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from .clock import iso
from .league import BOOKS
from .markets import american, decimal
from .reply import Query, Refusal, Reply

DETAILS = "https://the-odds-api.com/liveapi/guides/v4/api-error-codes.html"
REGIONS = ("us", "us2", "us_dfs", "us_ex", "uk", "eu", "fr", "se", "au")
HOME_REGION = "us"
# Valid keys that these books leave without prices.
SILENT_BOOKS = ("betonlineag", "betus", "williamhill_us", "fanatics", "lowvig", "mybookieag",
                "ballybet", "betparx", "espnbet", "fliff", "hardrockbet", "prizepicks",
                "underdog", "pinnacle")  # fmt: skip
SILENT_MARKETS = ("player_blocks", "player_steals", "player_turnovers", "player_double_double",
                  "player_points_rebounds_assists", "player_points_rebounds",
                  "player_points_assists", "player_rebounds_assists", "player_points_alternate",
                  "team_totals", "alternate_spreads", "alternate_totals")  # fmt: skip
MESSAGES = {
    "MISSING_KEY": (401, "API key is missing"),
    "INVALID_KEY": (401, "API key is not valid"),
    "OUT_OF_USAGE_CREDITS": (401, "Usage quota has been reached"),
    "HISTORICAL_UNAVAILABLE_ON_FREE_USAGE_PLAN": (
        401, "Historical odds are only available on paid usage plans"),
    "UNKNOWN_SPORT": (404, "Unknown sport"),
    "EVENT_NOT_FOUND": (404, "Event not found. The event may have expired or the id is invalid"),
    "INVALID_MARKET": (422, "Invalid markets"),
    "INVALID_REGION": (422, "Invalid region"),
    "MISSING_REGION": (422, "Missing region: give regions or bookmakers"),
    "INVALID_BOOKMAKERS": (422, "Invalid bookmakers"),
    "INVALID_ODDS_FORMAT": (422, "Invalid oddsFormat"),
    "INVALID_DATE_FORMAT": (422, "Invalid dateFormat"),
    "INVALID_COMMENCE_TIME_FROM": (422, "Invalid commenceTimeFrom"),
    "INVALID_COMMENCE_TIME_TO": (422, "Invalid commenceTimeTo"),
    "INVALID_COMMENCE_TIME_RANGE": (422, "commenceTimeFrom is later than commenceTimeTo"),
    "INVALID_SCORES_DAYS_FROM": (422, "Invalid daysFrom: 1 to 3"),
    "MISSING_HISTORICAL_TIMESTAMP": (422, "Missing date parameter"),
    "INVALID_HISTORICAL_TIMESTAMP": (422, "Invalid date parameter"),
    "EXCEEDED_FREQ_LIMIT": (429, "Requests are too frequent"),
}  # fmt: skip


def refusal(code: str, detail: str = "") -> Refusal:
    """The documented error body of a code."""
    status, message = MESSAGES[code]
    body = {
        "message": f"{message}: {detail}" if detail else message,
        "error_code": code,
        "details_url": f"{DETAILS}#{code.lower().replace('_', '-')}",
    }
    return Refusal(Reply(status, body))


def last(query: Query, name: str) -> str | None:
    """The last value given, or None."""
    values = query.get(name)
    return values[-1] if values else None


def words(query: Query, name: str) -> list[str]:
    """A comma list."""
    return [word for word in (last(query, name) or "").split(",") if word]


def instant(text: str, code: str) -> int:
    """Epoch seconds of `2026-01-09T05:00:00Z`, the one accepted form."""
    try:
        return int(datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp())
    except ValueError as error:
        raise refusal(code, text) from error


def stamp_of(query: Query) -> Callable[[float], Any]:
    """How times are written (dateFormat); Refusal for an unknown form."""
    form = last(query, "dateFormat") or "iso"
    if form not in ("iso", "unix"):
        raise refusal("INVALID_DATE_FORMAT", form)
    return iso if form == "iso" else int


def price_of(query: Query) -> Callable[[float], float]:
    """How prices are written (oddsFormat); decimal unless asked otherwise."""
    form = last(query, "oddsFormat") or "decimal"
    if form not in ("decimal", "american"):
        raise refusal("INVALID_ODDS_FORMAT", form)
    return american if form == "american" else decimal


def markets_of(query: Query, allowed: tuple[str, ...]) -> list[str]:
    """Market keys asked for, h2h by default; Refusal names those not allowed here."""
    markets = list(dict.fromkeys(words(query, "markets"))) or ["h2h"]
    wrong = [market for market in markets if market not in allowed]
    if wrong:
        raise refusal("INVALID_MARKET", ", ".join(wrong))
    return markets


def books_of(query: Query) -> tuple[list[str], int]:
    """Books to show, and how many regions they are charged as."""
    named = words(query, "bookmakers")
    keys = [key for key, _ in BOOKS]
    if named:
        wrong = [book for book in named if book not in (*keys, *SILENT_BOOKS)]
        if wrong:
            raise refusal("INVALID_BOOKMAKERS", ", ".join(wrong))
        return named, -(-len(set(named)) // 10)
    regions = words(query, "regions")
    if not regions:
        raise refusal("MISSING_REGION")
    wrong = [region for region in regions if region not in REGIONS]
    if wrong:
        raise refusal("INVALID_REGION", ", ".join(wrong))
    return keys if HOME_REGION in regions else [], len(set(regions))
