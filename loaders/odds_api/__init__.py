"""The Odds API: events, player props and game lines, live or from history."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pyarrow as pa

from loaders.arguments import as_date, check_names
from loaders.attempts import Attempt, Heard, attempt
from loaders.errors import BadArgument, ContractError, QuotaExhausted
from loaders.http import Api, Params
from loaders.odds_api.client import REMAINING, USED, ask, iso, make_api
from loaders.odds_api.tables import (
    API_QUOTA,
    GAME_MARKETS,
    IGNORED,
    PLAYER_MARKETS,
    RESOURCES,
    TABLES,
)
from loaders.pipeline import Batch, LoadOutcome, write
from loaders.quarantine import Split
from loaders.records import Flat, flatten, judge
from loaders.settings import Settings
from loaders.tables import REJECTS

__all__ = [
    "ALL",
    "PLAYER_MARKETS",
    "TABLES",
    "cost_of_history",
    "event_records",
    "load",
    "price_records",
]

SOURCE = "odds_api"
ALL: tuple[str, ...] = tuple(RESOURCES)
HISTORY_FACTOR = 10
"""Credits of a historical price over those of a live one."""
HISTORY_EVENTS_COST = 1
"""Credits of a past day's list of events."""
NO_OUTCOME = {"name": None, "description": None, "price": None}


@dataclass(frozen=True)
class _Request:
    api: Api
    settings: Settings
    day: date
    clock: Callable[[], datetime]
    markets: tuple[str, ...]
    resources: tuple[str, ...]
    snapshot_at: datetime | None


def load(
    settings: Settings,
    *,
    game_date: date,
    clock: Callable[[], datetime],
    markets: Sequence[str] | None = None,
    resources: Sequence[str] = ALL,
    snapshot_at: datetime | None = None,
    heard: Heard | None = None,
) -> list[LoadOutcome]:
    """Load the events of an Eastern day with their player props and game lines.

    markets: player markets, the settings' where None. snapshot_at: the state at that UTC instant,
    from history (ten times the credits); None: now. Prices are added, never changed; one that was
    seen before stays as it is. Snapshots from after the tip-off stay in raw: the as-of cut of the
    models leaves them out. heard: told how the load ended.

    Raises: BadArgument, MissingKey, QuotaExhausted (before the first paid request where the
    credits left are under the floor or the load's cost), AccessDenied, TransientError,
    ContractError, WarehouseError. Nothing is loaded then.
    """
    with attempt(SOURCE, clock, heard, settings.scrubbed, quota=(USED, REMAINING)) as one:
        request = _Request(
            settings=settings,
            day=as_date(game_date),
            clock=clock,
            markets=check_names(
                "market", settings.markets if markets is None else markets, PLAYER_MARKETS
            ),
            resources=check_names("resource", resources, ALL),
            snapshot_at=_check_snapshot(settings, snapshot_at, clock),
            api=make_api(settings),
        )
        one.usage = request.api.usage
        one.outcomes = _load(request, one)
    return list(one.outcomes)


def _load(request: _Request, one: Attempt) -> tuple[LoadOutcome, ...]:
    with one.asking("events"):
        events = _events(request)
    _check_credits(request, len(events))
    records, skipped = {"events": events}, 0
    if "player_props" in request.resources:
        with one.asking("player_props"):
            records["player_props"], skipped = _player_props(request, events)
    if "game_lines" in request.resources:
        with one.asking("game_lines"):
            records["game_lines"] = _game_lines(request) if events else []
    return _write(request, records, skipped)


def event_records(events: Any, captured_at: str) -> list[dict[str, Any]]:
    """The events of an answer as records for the table `events`. Raises: ContractError."""
    if events is None:
        return []
    if not isinstance(events, list) or not all(isinstance(e, Mapping) for e in events):
        raise ContractError("The Odds API: a list of events was expected; nothing was loaded.")
    return [
        {**{k: v for k, v in event.items() if k != "bookmakers"}, "captured_at": captured_at}
        for event in events
    ]


def price_records(event: Mapping[str, Any], captured_at: str) -> Iterator[dict[str, Any]]:
    """One record an outcome of an event's odds, with the levels above it.

    Where a level comes without the list below it (`{"odds": null}`), there is one record without
    values, so that the hole is seen in quarantine; an empty list is no hole.
    """
    top = {k: v for k, v in event.items() if k != "bookmakers"}
    for bookmaker, market, outcome in _outcomes(event):
        yield {
            "event": top,
            "bookmaker": {"key": None, **_without(bookmaker, "markets")},
            "market": {"key": None, "last_update": None, **_without(market, "outcomes")},
            "outcome": {**NO_OUTCOME, **_without(outcome)},
            "captured_at": captured_at,
        }


def _outcomes(event: Mapping[str, Any]) -> Iterator[tuple[Any, Any, Any]]:
    for bookmaker in _below(event, "bookmakers", none=[]):
        for market in _below(bookmaker, "markets", none=[None]):
            for outcome in _below(market, "outcomes", none=[None]):
                yield bookmaker, market, outcome


def _below(level: Any, name: str, *, none: list[None]) -> list[Any]:
    found = level.get(name) if isinstance(level, Mapping) else None
    return found if isinstance(found, list) else none


def _without(level: Any, name: str = "") -> dict[str, Any]:
    if level is None:
        return {}
    if not isinstance(level, Mapping):
        return {"value": level}
    return {k: v for k, v in level.items() if k != name}


def _check_snapshot(
    settings: Settings, snapshot_at: datetime | None, clock: Callable[[], datetime]
) -> datetime | None:
    if snapshot_at is None:
        return None
    if snapshot_at.tzinfo is None:
        raise BadArgument(f"The snapshot time {snapshot_at} has no time zone; give it in UTC.")
    moment = snapshot_at.astimezone(UTC)
    if moment > clock():
        raise BadArgument(f"The snapshot time {iso(moment)} lies in the future.")
    if moment < settings.odds_api_history_from:
        raise BadArgument(
            f"The Odds API has no player props from {iso(moment)}; its history begins at "
            f"{iso(settings.odds_api_history_from)}."
        )
    return moment


def _day_window(settings: Settings, day: date) -> Params:
    zone = ZoneInfo(settings.time_zone)
    start = datetime.combine(day, time.min, zone).astimezone(UTC)
    end = datetime.combine(day + timedelta(days=1), time.min, zone).astimezone(UTC)
    last = end - timedelta(seconds=1)
    return [("commenceTimeFrom", iso(start)), ("commenceTimeTo", iso(last))]


def _events(request: _Request) -> list[dict[str, Any]]:
    asked_at = request.clock()
    found = ask(
        request.api,
        request.settings,
        "/events",
        _day_window(request.settings, request.day),
        request.snapshot_at,
    )
    return event_records(found.data, found.timestamp or asked_at.isoformat()) if found else []


def _check_credits(request: _Request, events: int) -> None:
    left = request.api.usage.headers.get(REMAINING)
    if left is None:
        return
    settings = request.settings
    props = len(request.markets) * events if "player_props" in request.resources else 0
    lines = len(GAME_MARKETS) if "game_lines" in request.resources and events else 0
    cost = (props + lines) * _regions(settings) * (HISTORY_FACTOR if request.snapshot_at else 1)
    if cost and float(left) < max(settings.odds_api_credit_floor, cost):
        raise QuotaExhausted(
            f"The Odds API has {left} credits left; this load may cost {cost}, and the floor is "
            f"{settings.odds_api_credit_floor} (NBA_PROPS_ODDS_API_CREDIT_FLOOR). No price was "
            "requested; ask for fewer markets, or wait for the reset on the 1st."
        )


def cost_of_history(settings: Settings, *, events: int) -> int:
    """Credits that a past day with so many events costs at most, the list of them included."""
    prices = len(settings.markets) * events + (len(GAME_MARKETS) if events else 0)
    return HISTORY_EVENTS_COST + prices * _regions(settings) * HISTORY_FACTOR


def _regions(settings: Settings) -> int:
    return len(settings.odds_api_regions.split(","))


def _odds_params(request: _Request, markets: Sequence[str]) -> list[tuple[str, str]]:
    return [
        ("regions", request.settings.odds_api_regions),
        ("markets", ",".join(markets)),
        ("oddsFormat", "american"),
    ]


def _player_props(
    request: _Request, events: Sequence[Mapping[str, Any]]
) -> tuple[list[dict[str, Any]], int]:
    records: list[dict[str, Any]] = []
    skipped = 0
    params = _odds_params(request, request.markets)
    for event in events:
        asked_at = request.clock()
        path = f"/events/{quote(str(event.get('id')), safe='')}/odds"
        found = ask(request.api, request.settings, path, params, request.snapshot_at)
        if found is None:
            skipped += 1
        elif found.data is not None:
            if not isinstance(found.data, Mapping):
                raise ContractError("The Odds API: one event was expected; nothing was loaded.")
            records += price_records(found.data, found.timestamp or asked_at.isoformat())
    return records, skipped


def _game_lines(request: _Request) -> list[dict[str, Any]]:
    asked_at = request.clock()
    params = [
        *_odds_params(request, GAME_MARKETS),
        *_day_window(request.settings, request.day),
    ]
    found = ask(request.api, request.settings, "/odds", params, request.snapshot_at)
    if found is None or found.data is None:
        return []
    captured_at = found.timestamp or asked_at.isoformat()
    event_records(found.data, captured_at)
    return [record for event in found.data for record in price_records(event, captured_at)]


def _write(
    request: _Request, records: Mapping[str, list[dict[str, Any]]], skipped: int
) -> tuple[LoadOutcome, ...]:
    captured_at = request.clock()
    names = [name for name in request.resources if name in records]
    flats: dict[str, Flat] = {
        name: flatten(records[name], RESOURCES[name], ignored=IGNORED) for name in names
    }
    splits: dict[str, Split] = {
        name: judge(flats[name], RESOURCES[name], captured_at=captured_at) for name in names
    }
    usage = request.api.usage
    quota = pa.Table.from_pylist(
        [
            {
                "captured_at": captured_at,
                "requests_remaining": usage.number(REMAINING),
                "requests_used": usage.number(USED),
                "requests_last": usage.spent,
            }
        ],
        schema=API_QUOTA.arrow_schema(),
    )
    rejects = pa.concat_tables([s.rejects for s in splits.values()])
    batches = [
        *(Batch(RESOURCES[name], splits[name].valid) for name in names),
        Batch(API_QUOTA, quota),
        Batch(REJECTS, rejects),
    ]
    written = write(request.settings, SOURCE, batches)
    return tuple(
        LoadOutcome.of(
            SOURCE,
            name,
            splits[name],
            written,
            answered=bool(records[name]),
            unknown_fields=flats[name].unknown_fields,
            missing_fields=flats[name].missing_fields,
            skipped=skipped if name == "player_props" else 0,
        )
        for name in names
    )
