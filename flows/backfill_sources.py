"""Loads of game dates, source by source: as they were, or by `load_now` as they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from flows import backfill_ledger, defaults, loading, runs
from flows.clock import LIVE, Clock, eastern_instant
from flows.daily import Stepper
from flows.errors import ArgumentError
from flows.progress import Reporter

if TYPE_CHECKING:
    from loaders.attempts import Heard
    from loaders.pipeline import LoadOutcome
    from loaders.settings import Settings

PRICES = "odds_api"
FILES = ("archive", "bettingpros")
DAY = timedelta(days=1)


def check(source: str, start: date, end: date, path: Path | None) -> None:
    """Refuse what cannot be meant, before anything is touched.

    Raises:
        ArgumentError: unknown source, reversed range, files without a path.
    """
    if source not in defaults.SOURCES:
        raise ArgumentError(f"--source {source!r} is none of {', '.join(defaults.SOURCES)}")
    if start > end:
        raise ArgumentError(f"--from {start} is after --to {end}: swap them")
    if (source in FILES) != (path is not None):
        raise ArgumentError(
            f"--path belongs to --source {' and '.join(FILES)}, which cannot do without it"
        )


def window_of(source: str) -> timedelta:
    """How many days of a source make a batch."""
    return {
        "archive": defaults.ARCHIVE_WINDOW,
        "bettingpros": defaults.ARCHIVE_WINDOW,
        "balldontlie": defaults.BACKFILL_WINDOW,
        "nba_com": defaults.BACKFILL_WINDOW,
        "espn": defaults.ESPN_WINDOW,
        "odds_api": DAY,
    }[source]


def days_of(start: date, end: date) -> list[date]:
    """Every calendar date from `start` to `end`, both included."""
    return [first for first, _ in windows(start, end, DAY)]


def load_days(
    settings: Settings,
    source: str,
    days: Sequence[date],
    path: Path | None,
    clock: Clock,
    reporter: Reporter,
    heard: Heard,
    *,
    is_past: bool = True,
    free_tier: bool = False,
) -> list[LoadOutcome]:
    """Load game dates: of prices the days alone, else the range that they span.

    is_past: as they were, else as the source holds them now.
    """
    span = {"start": days[0], "end": days[-1], "clock": clock, "heard": heard}
    if source in FILES:
        return import_module(f"loaders.{source}").load(settings, path=path, **span)
    if source in loading.RESOURCES:
        return loading.load_games(
            settings,
            source,
            # Rosters and injuries have no history: a backfill would date them wrongly.
            history=is_past,
            free_tier=free_tier,
            progress=reporter.detail,
            **span,
        )
    outcomes: list[LoadOutcome] = []
    for day in days:
        snapshot_at = eastern_instant(day, defaults.SNAPSHOT_TIME) if is_past else None
        outcomes += loading.load_prices(
            settings, game_date=day, clock=clock, snapshot_at=snapshot_at, heard=heard
        )
    return outcomes


def held(
    settings: Settings, source: str, days: Sequence[date], outcomes: Sequence[LoadOutcome]
) -> dict[date, tuple[str, str | None]]:
    """By game date a status, and what the load did not bring."""
    if source in backfill_ledger.SCHEDULES:
        known = backfill_ledger.loaded_by_date(settings, source, days[0], days[-1])
        return {day: known.get(day, (backfill_ledger.NO_GAMES, None)) for day in days}
    games = backfill_ledger.games_by_date(settings, days[0], days[-1])
    if source in FILES:
        priced = backfill_ledger.priced_by_date(settings, days[0], days[-1])
        return {day: _priced(games.get(day, 0), priced.get(day, 0), "prices") for day in days}
    events = [one.received for one in outcomes if one.resource == "events"]
    return {
        day: _priced(games.get(day, 0), received, "events")
        for day, received in zip(days, events, strict=True)
    }


def _priced(games: int, priced: int, what: str) -> tuple[str, str | None]:
    if not games and not priced:
        return backfill_ledger.NO_GAMES, None
    if priced < games:
        return backfill_ledger.DEGRADED, f"{what} of {priced} of {games} games"
    return backfill_ledger.COMPLETE, None


def load_now(
    settings: Settings,
    *,
    source: str,
    start: date,
    end: date,
    path: Path | None,
    clock: Clock,
    reporter: Reporter,
    free_tier: bool = False,
) -> list[LoadOutcome]:
    """Load what a source holds now about a range of game dates, rosters and injuries too.

    Raises:
        ArgumentError: as `check`.
        LoadError: whatever the load failed of; the ledger then says 'failed'.
    """
    check(source, start, end, path)
    with runs.recorded(
        settings, clock, command="load", run_mode=LIVE, as_of=None, game_dates=(start, end)
    ) as ledger:
        step = Stepper(reporter, stepped=ledger.audit.stepped)
        heard = ledger.audit.heard
        asked = (source, days_of(start, end), path)
        how = {"is_past": False, "free_tier": free_tier}
        loads = step(f"load {source}", load_days, settings, *asked, clock, reporter, heard, **how)
        ledger.fix_as_of(clock())
    return loads


def windows(start: date, end: date, length: timedelta) -> Iterator[tuple[date, date]]:
    """First and last day of consecutive windows that cover `start` to `end`."""
    while start <= end:
        yield start, min(start + length - DAY, end)
        start += length
