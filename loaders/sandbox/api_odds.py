"""The Odds API v4 over the simulated books: paths, parameters, costs, headers and error codes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import numpy as np

from .clock import iso
from .league import BOOKS, GAME_MARKETS, PROP_MARKETS
from .markets import TEAM_NAMES, Market, Quote, american, decimal, market_of
from .reply import Query, Refusal, Reply
from .world import World

SPORT, SPORT_TITLE = "basketball_nba", "NBA"
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
SNAPSHOT_SECONDS, SNAPSHOT_OFFSET = 300, 38
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


class OddsApi:
    """Answers requests as of an instant; counts credits against a budget."""

    def __init__(self, world: World, key: str, credits: int, historical: bool = True) -> None:
        self.world, self.key, self.historical = world, key, historical
        self.credits, self.used = credits, 0
        self._lock = threading.Lock()

    def respond(self, path: str, query: Query, epoch: float) -> Reply:
        """Answer one GET; `path` without the host, `epoch` the clock's instant."""
        cost = 0
        try:
            given = _last(query, "apiKey")
            if given != self.key:
                return refusal("INVALID_KEY" if given else "MISSING_KEY").reply
            _stamp(query)
            reply, cost = self._route(path.strip("/").split("/"), query, epoch)
        except Refusal as error:
            reply = error.reply
        with self._lock:
            self.used += cost
            reply.headers |= {
                "x-requests-remaining": str(self.credits - self.used),
                "x-requests-used": str(self.used),
                "x-requests-last": str(cost),
            }
        return reply

    def _route(self, parts: list[str], query: Query, epoch: float) -> tuple[Reply, int]:
        past = parts[1:2] == ["historical"]
        tail = parts[2:] if past else parts[1:]
        if tail[:1] != ["sports"]:
            return Reply(404, {"message": "Not found"}), 0
        if len(tail) == 1 and not past:
            return self._sports(), 0
        if tail[1:2] != [SPORT]:
            raise refusal("UNKNOWN_SPORT")
        if past and not self.historical:
            raise refusal("HISTORICAL_UNAVAILABLE_ON_FREE_USAGE_PLAN")
        match tail[2:]:
            case ["events"] if not past:
                return Reply(200, self._events(query, epoch)), 0
            case ["scores"] if not past:
                return self._paid(lambda: self._scores(query, epoch))
            case ["odds"]:
                make = self._odds
            case ["events"]:
                make = self._past_events
            case ["events", event_id, "odds"]:
                make = self._event_odds(event_id)
            case _:
                return Reply(404, {"message": "Not found"}), 0
        if past:
            return self._paid(lambda: self._snapshot(make, query, epoch))
        return self._paid(lambda: make(query, epoch))

    def _paid(self, make: Callable[[], tuple[Any, int]]) -> tuple[Reply, int]:
        """Refuse when nothing is left; else answer with (body, cost)."""
        if self.used >= self.credits:
            raise refusal("OUT_OF_USAGE_CREDITS")
        body, cost = make()
        return Reply(200, body), cost

    def _sports(self) -> Reply:
        sport = {"key": SPORT, "group": "Basketball", "title": SPORT_TITLE,
                 "description": "US Basketball", "active": True, "has_outrights": False}  # fmt: skip
        return Reply(200, [sport])

    def _snapshot(self, make: Any, query: Query, epoch: float) -> tuple[Any, int]:
        """The envelope of a historical answer: the last snapshot at or before `date`."""
        text = _last(query, "date")
        if text is None:
            raise refusal("MISSING_HISTORICAL_TIMESTAMP")
        asked = min(_instant(text, "INVALID_HISTORICAL_TIMESTAMP"), int(np.ceil(epoch)) - 1)
        taken = (asked - SNAPSHOT_OFFSET) // SNAPSHOT_SECONDS * SNAPSHOT_SECONDS + SNAPSHOT_OFFSET
        # What bears the snapshot's own second belongs to it; live answers are strictly earlier.
        data, cost = make(query, taken + 1)
        later = taken + SNAPSHOT_SECONDS
        body = {
            "timestamp": iso(taken),
            "previous_timestamp": iso(taken - SNAPSHOT_SECONDS),
            "next_timestamp": iso(later) if later < epoch else None,
            "data": data,
        }
        return body, cost if make == self._past_events else 10 * cost

    def _listed(self, query: Query, epoch: float) -> list[int]:
        """Events on the board, by time of start, inside the asked window."""
        events = self.world.events
        since = until = None
        if text := _last(query, "commenceTimeFrom"):
            since = _instant(text, "INVALID_COMMENCE_TIME_FROM")
        if text := _last(query, "commenceTimeTo"):
            until = _instant(text, "INVALID_COMMENCE_TIME_TO")
        if since is not None and until is not None and since > until:
            raise refusal("INVALID_COMMENCE_TIME_RANGE")
        shown = (events.listed_from < epoch) & (events.gone_at >= epoch)
        shown &= events.commence >= (since if since is not None else 0)
        shown &= events.commence <= (until if until is not None else np.inf)
        wanted = _words(query, "eventIds")
        listed = np.flatnonzero(shown).tolist()
        return [n for n in listed if not wanted or events.event_id[n] in wanted]

    def _head(self, number: int, query: Query) -> dict[str, Any]:
        events, schedule = self.world.events, self.world.schedule
        game = int(events.game[number])
        return {
            "id": events.event_id[number],
            "sport_key": SPORT,
            "sport_title": SPORT_TITLE,
            "commence_time": _stamp(query)(events.commence[number]),
            "home_team": TEAM_NAMES[int(schedule.home[game])],
            "away_team": TEAM_NAMES[int(schedule.away[game])],
        }

    def _events(self, query: Query, epoch: float) -> list[dict[str, Any]]:
        return [self._head(number, query) for number in self._listed(query, epoch)]

    def _past_events(self, query: Query, epoch: float) -> tuple[Any, int]:
        rows = self._events(query, epoch)
        return rows, int(bool(rows))

    def _odds(self, query: Query, epoch: float) -> tuple[Any, int]:
        """Game lines of the whole board."""
        markets = _markets(query, GAME_MARKETS)
        books, regions = _books(query)
        price = _price(query)
        rows = [
            self._head(number, query)
            | {"bookmakers": self._bookmakers(number, books, markets, price, query, epoch, True)}
            for number in self._listed(query, epoch)
        ]
        return rows, len(markets) * regions if rows else 0

    def _event_odds(self, event_id: str) -> Callable[[Query, float], tuple[Any, int]]:
        def make(query: Query, epoch: float) -> tuple[Any, int]:
            markets = _markets(query, GAME_MARKETS + PROP_MARKETS + SILENT_MARKETS)
            books, regions = _books(query)
            price = _price(query)
            number = self.world.events.number.get(event_id)
            if number is None or number not in self._listed({}, epoch):
                raise refusal("EVENT_NOT_FOUND")
            shown = self._bookmakers(number, books, markets, price, query, epoch, False)
            returned = {market["key"] for book in shown for market in book["markets"]}
            return self._head(number, query) | {"bookmakers": shown}, len(returned) * regions

        return make

    def _bookmakers(
        self, number: int, books: list[str], markets: list[str], price: Callable[[float], float],
        query: Query, epoch: float, dated: bool,
    ) -> list[dict[str, Any]]:  # fmt: skip
        """Each book's markets; `dated` adds the book's own last_update, as the bulk path does."""
        market: Market = market_of(self.world.seed, number)
        stamp = _stamp(query)
        shown = []
        for book, title in BOOKS:
            if book not in books:
                continue
            quoted = []
            latest = 0
            for key in sorted(markets):
                known = market.last(book, key, epoch)
                if known is not None:
                    latest = max(latest, known[0])
                    sides = [_side(quote, price) for quote in known[1]]
                    quoted.append({"key": key, "last_update": stamp(known[0]), "outcomes": sides})
            if quoted:
                own = {"last_update": stamp(latest)} if dated else {}
                shown.append({"key": book, "title": title, **own, "markets": quoted})
        return shown

    def _scores(self, query: Query, epoch: float) -> tuple[Any, int]:
        """Running and listed games, with `daysFrom` also those finished in the last days."""
        text = _last(query, "daysFrom")
        if text is not None and text not in ("1", "2", "3"):
            raise refusal("INVALID_SCORES_DAYS_FROM")
        world, stamp = self.world, _stamp(query)
        events, schedule = world.events, world.schedule
        final_at = world.final_at[events.game]
        held = (events.tip == schedule.tip[events.game]) & (events.listed_from < epoch)
        since = epoch - 86400 * int(text or 0)
        rows = []
        for number in np.flatnonzero(held & (final_at >= since)).tolist():
            game = int(events.game[number])
            over = int(world.periods_over(np.array([game]), epoch)[0])
            head = self._head(number, query)
            score = world.scores[over - 1, game].tolist() if over else [0, 0]
            begun = bool(schedule.tip[game] < epoch)
            sides = (head["home_team"], head["away_team"])
            rows.append(head | {
                "completed": bool(final_at[number] < epoch),
                "scores": [
                    {"name": name, "score": str(value)}
                    for name, value in zip(sides, score, strict=True)
                ] if begun else None,
                "last_update": stamp(int(np.ceil(epoch)) - 1) if begun else None,
            })  # fmt: skip
        return rows, 2 if text else 1


def _side(quote: Quote, price: Callable[[float], float]) -> dict[str, Any]:
    row: dict[str, Any] = {"name": quote.name}
    if quote.description is not None:
        row["description"] = quote.description
    row["price"] = price(quote.implied)
    if quote.point is not None:
        row["point"] = quote.point
    return row


def _last(query: Query, name: str) -> str | None:
    values = query.get(name)
    return values[-1] if values else None


def _words(query: Query, name: str) -> list[str]:
    return [word for word in (_last(query, name) or "").split(",") if word]


def _instant(text: str, code: str) -> int:
    """Epoch seconds of `2026-01-09T05:00:00Z`, the one accepted form."""
    try:
        return int(datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp())
    except ValueError as error:
        raise refusal(code, text) from error


def _stamp(query: Query) -> Callable[[float], Any]:
    form = _last(query, "dateFormat") or "iso"
    if form not in ("iso", "unix"):
        raise refusal("INVALID_DATE_FORMAT", form)
    return iso if form == "iso" else int


def _price(query: Query) -> Callable[[float], float]:
    form = _last(query, "oddsFormat") or "decimal"
    if form not in ("decimal", "american"):
        raise refusal("INVALID_ODDS_FORMAT", form)
    return american if form == "american" else decimal


def _markets(query: Query, allowed: tuple[str, ...]) -> list[str]:
    markets = list(dict.fromkeys(_words(query, "markets"))) or ["h2h"]
    wrong = [market for market in markets if market not in allowed]
    if wrong:
        raise refusal("INVALID_MARKET", ", ".join(wrong))
    return markets


def _books(query: Query) -> tuple[list[str], int]:
    """Books to show, and how many regions they are charged as."""
    named = _words(query, "bookmakers")
    keys = [key for key, _ in BOOKS]
    if named:
        wrong = [book for book in named if book not in (*keys, *SILENT_BOOKS)]
        if wrong:
            raise refusal("INVALID_BOOKMAKERS", ", ".join(wrong))
        return named, -(-len(set(named)) // 10)
    regions = _words(query, "regions")
    if not regions:
        raise refusal("MISSING_REGION")
    wrong = [region for region in regions if region not in REGIONS]
    if wrong:
        raise refusal("INVALID_REGION", ", ".join(wrong))
    return keys if HOME_REGION in regions else [], len(set(regions))
