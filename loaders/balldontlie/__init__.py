"""balldontlie: teams, games, box-score lines, rosters and injuries."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

import pyarrow as pa

from loaders.arguments import check_names, check_range
from loaders.attempts import Attempt, Heard, attempt
from loaders.balldontlie.client import Progress, fetch, make_api
from loaders.balldontlie.tables import IGNORED, PLAYER_STATS, RESOURCES, TABLES
from loaders.errors import ContractError
from loaders.http import Api
from loaders.pipeline import Batch, LoadOutcome, write
from loaders.quarantine import Split
from loaders.records import Flat, flatten, judge
from loaders.settings import Settings
from loaders.tables import REJECTS

__all__ = ["ALL", "FREE", "TABLES", "load"]

SOURCE = "balldontlie"
ALL: tuple[str, ...] = tuple(RESOURCES)
FREE: tuple[str, ...] = ("teams", "games")
"""The resources that the free tier serves; the others need ALL-STAR."""

PATHS = {
    "teams": "/nba/v1/teams",
    "games": "/nba/v1/games",
    "player_stats": "/nba/v1/stats",
    "active_players": "/nba/v1/players/active",
    "player_injuries": "/nba/v1/player_injuries",
}
DATED = ("games", "player_stats")


def load(
    settings: Settings,
    *,
    start: date,
    end: date,
    clock: Callable[[], datetime],
    resources: Sequence[str] = ALL,
    progress: Progress | None = None,
    heard: Heard | None = None,
) -> list[LoadOutcome]:
    """Load games and box scores of the Eastern dates `start` to `end` (both included), and the
    teams, rosters and injury reports as they are now.

    Everything is fetched and judged first and written as one load, so a failure leaves nothing.
    A box-score line that the provider has taken back vanishes here; unchanged rows stay untouched.
    progress: called with a line of text after each page. heard: told how the load ended.

    Raises: BadArgument, MissingKey, AccessDenied, TransientError, ContractError, WarehouseError.
    """
    with attempt(SOURCE, clock, heard, settings.scrubbed) as one:
        one.outcomes = _load(settings, one, check_range(start, end), resources, progress)
    return list(one.outcomes)


def _load(
    settings: Settings,
    one: Attempt,
    days: tuple[date, date],
    resources: Sequence[str],
    progress: Progress | None,
) -> tuple[LoadOutcome, ...]:
    (start, end), clock = days, one.clock
    wanted = check_names("resource", resources, ALL)
    api = make_api(settings)
    one.usage = api.usage
    flats: dict[str, Flat] = {}
    splits: dict[str, Split] = {}
    for name in wanted:
        with one.asking(name):
            records = [
                record
                for dates in _date_chunks(name, start, end, settings.balldontlie_dates_per_request)
                for record in _records(api, settings, name, dates, progress)
            ]
        flats[name] = flatten(records, RESOURCES[name], ignored=IGNORED[name])
        splits[name] = judge(flats[name], RESOURCES[name], captured_at=clock())
    captured_at = clock()
    batches = [
        Batch(
            RESOURCES[name],
            splits[name].valid,
            scope=_scope(start, end, splits[name]) if name == PLAYER_STATS.name else "",
            boundary=captured_at,
        )
        for name in wanted
    ]
    rejects = pa.concat_tables([splits[name].rejects for name in wanted])
    written = write(settings, SOURCE, [*batches, Batch(REJECTS, rejects)])
    return tuple(
        LoadOutcome.of(
            SOURCE,
            name,
            splits[name],
            written,
            answered=flats[name].rows.num_rows > 0,
            unknown_fields=flats[name].unknown_fields,
            missing_fields=flats[name].missing_fields,
        )
        for name in wanted
    )


def _scope(start: date, end: date, lines: Split) -> str:
    """SQL: where a stored line that the provider no longer has is deleted.

    Games with a rejected line are left alone: the provider still has that line, only spoilt.
    """
    payloads = map(json.loads, lines.rejects.column("payload").to_pylist())
    spoilt = {str((p.get("game") or {}).get("id", p.get("game_id"))) for p in payloads}
    within = f"game_date between '{start}' and '{end}'"
    kept = sorted(game for game in spoilt if game.isdecimal())
    return f"{within} and game_id not in ({', '.join(kept)})" if kept else within


def _date_chunks(name: str, start: date, end: date, size: int) -> list[list[date]]:
    if name not in DATED:
        return [[]]
    days = [start + timedelta(days=n) for n in range((end - start).days + 1)]
    return [days[i : i + size] for i in range(0, len(days), size)]


def _records(
    api: Api, settings: Settings, name: str, dates: Sequence[date], progress: Progress | None
) -> list[dict]:
    records = fetch(
        api,
        PATHS[name],
        [("dates[]", day.isoformat()) for day in dates],
        page_size=settings.balldontlie_page_size,
        progress=progress,
    )
    if not records and not RESOURCES[name].may_be_empty:
        raise ContractError(
            f"balldontlie: {PATHS[name]} answered without a single row, which cannot be; "
            "nothing was loaded, try again."
        )
    return records
