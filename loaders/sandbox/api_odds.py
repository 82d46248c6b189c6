"""The Odds API v4 over the simulated books: paths, parameters, costs, headers and error codes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import numpy as np

from .clock import iso
from .league import BOOKS, GAME_MARKETS, PROP_MARKETS
from .markets import TEAM_NAMES, Market, Quote, market_of
from .odds_parameters import (
    SILENT_MARKETS,
    books_of,
    instant,
    last,
    markets_of,
    price_of,
    refusal,
    stamp_of,
    words,
)
from .reply import Query, Refusal, Reply
from .world import World

SPORT, SPORT_TITLE = "basketball_nba", "NBA"
SNAPSHOT_SECONDS, SNAPSHOT_OFFSET = 300, 38


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
            given = last(query, "apiKey")
            if given != self.key:
                return refusal("INVALID_KEY" if given else "MISSING_KEY").reply
            stamp_of(query)
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
                 "description": "US Basketball", "active": True,
                 "has_outrights": False}  # fmt: skip
        return Reply(200, [sport])

    def _snapshot(self, make: Any, query: Query, epoch: float) -> tuple[Any, int]:
        """The envelope of a historical answer: the last snapshot at or before `date`."""
        text = last(query, "date")
        if text is None:
            raise refusal("MISSING_HISTORICAL_TIMESTAMP")
        asked = min(instant(text, "INVALID_HISTORICAL_TIMESTAMP"), int(np.ceil(epoch)) - 1)
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
        if text := last(query, "commenceTimeFrom"):
            since = instant(text, "INVALID_COMMENCE_TIME_FROM")
        if text := last(query, "commenceTimeTo"):
            until = instant(text, "INVALID_COMMENCE_TIME_TO")
        if since is not None and until is not None and since > until:
            raise refusal("INVALID_COMMENCE_TIME_RANGE")
        shown = (events.listed_from < epoch) & (events.gone_at >= epoch)
        shown &= events.commence >= (since if since is not None else 0)
        shown &= events.commence <= (until if until is not None else np.inf)
        wanted = words(query, "eventIds")
        listed = np.flatnonzero(shown).tolist()
        return [n for n in listed if not wanted or events.event_id[n] in wanted]

    def _head(self, number: int, query: Query) -> dict[str, Any]:
        events, schedule = self.world.events, self.world.schedule
        game = int(events.game[number])
        return {
            "id": events.event_id[number],
            "sport_key": SPORT,
            "sport_title": SPORT_TITLE,
            "commence_time": stamp_of(query)(events.commence[number]),
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
        markets = markets_of(query, GAME_MARKETS)
        books, regions = books_of(query)
        price = price_of(query)
        rows = [
            self._head(number, query)
            | {"bookmakers": self._bookmakers(number, books, markets, price, query, epoch, True)}
            for number in self._listed(query, epoch)
        ]
        return rows, len(markets) * regions if rows else 0

    def _event_odds(self, event_id: str) -> Callable[[Query, float], tuple[Any, int]]:
        def make(query: Query, epoch: float) -> tuple[Any, int]:
            markets = markets_of(query, GAME_MARKETS + PROP_MARKETS + SILENT_MARKETS)
            books, regions = books_of(query)
            price = price_of(query)
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
        stamp = stamp_of(query)
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
        text = last(query, "daysFrom")
        if text is not None and text not in ("1", "2", "3"):
            raise refusal("INVALID_SCORES_DAYS_FROM")
        world, stamp = self.world, stamp_of(query)
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
