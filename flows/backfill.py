"""History: load a range of game dates, then build everything up to the feature store."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from flows import defaults, gates, runs, steps
from flows.clock import LIVE, REPLAY, Clock, eastern_instant, utc_now
from flows.daily import Stepper
from flows.dbt_runner import BuildResult, DbtRunner
from flows.errors import ArgumentError
from flows.progress import Reporter, SilentReporter
from flows.trigger import Trigger

if TYPE_CHECKING:
    from loaders.attempts import Heard
    from loaders.pipeline import LoadOutcome
    from loaders.settings import Settings

SOURCES = ("archive", "balldontlie", "odds_api")


@dataclass
class BackfillResult:
    """What a backfill did."""

    run_id: str
    as_of: datetime
    loads: list[LoadOutcome] = field(default_factory=list)
    build: BuildResult | None = None
    seconds: dict[str, float] = field(default_factory=dict)


def run_backfill(
    settings: Settings,
    *,
    source: str,
    start: date,
    end: date,
    path: Path | None = None,
    as_of: datetime | None = None,
    build: bool = True,
    clock: Clock = utc_now,
    reporter: Reporter | None = None,
    dbt: DbtRunner | None = None,
    trigger: Trigger = Trigger(),
    reason: str | None = None,
    severity: str = gates.ERROR,
) -> BackfillResult:
    """Load the game dates `start` to `end` (inclusive) from one source and build the features.

    Args:
        settings: target and places.
        source: 'archive' (Parquet files in `path`), 'balldontlie' or 'odds_api'.
        start: first Eastern game date.
        end: last Eastern game date.
        path: the archive's folder.
        as_of: instant the features speak from; by default the end of the loads.
        build: whether to build the features afterwards.
        clock: tells the present.
        reporter: shows what is going on.
        dbt: a runner that has parsed already.
        trigger: what started the run.
        reason: why it was started.
        severity: whether what fails a gate blocks ('error') or is only said ('warn').

    Raises:
        ArgumentError: unknown source, reversed range, archive without a path.
        Whatever a load or the build raises; the ledger then says 'failed'.
    """
    check(source, start, end, path)
    gates.check(severity)
    reporter = reporter or SilentReporter()
    with runs.recorded(
        settings,
        clock,
        command="backfill",
        run_mode=LIVE if as_of is None else REPLAY,
        as_of=as_of,
        game_dates=(start, end),
        trigger=trigger,
        reason=gates.why(severity, reason),
    ) as ledger:
        step = Stepper(reporter, stepped=ledger.audit.stepped)
        heard = ledger.audit.heard
        result = BackfillResult(ledger.run.run_id, ledger.run.as_of, seconds=reporter.seconds)
        asked = (source, start, end, path)
        result.loads = step(f"load {source}", _load, settings, *asked, clock, reporter, heard)
        if as_of is None:
            ledger.fix_as_of(clock())
        result.as_of = ledger.run.as_of
        if build:
            step("prepare raw tables", steps.ensure_tables, settings)
            dbt = dbt or DbtRunner(settings)
            dbt.run_id, dbt.reporter = ledger.run.run_id, reporter
            dbt.built = ledger.audit.built
            step("read dbt project", dbt.parse)
            window = gates.gate_window(settings, ledger.run, game_date=start, severity=severity)
            result.build = step(
                "build features",
                steps.build_features,
                settings,
                dbt,
                ledger.run,
                slate_date=None,
                window=replace(window, last=None),
            )
            ledger.complete(clock(), None, gated_from=window.passed_from)
    return result


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
        ArgumentError: as `run_backfill`.
        LoadError: whatever the load failed of; the ledger then says 'failed'.
    """
    check(source, start, end, path)
    with runs.recorded(
        settings, clock, command="load", run_mode=LIVE, as_of=None, game_dates=(start, end)
    ) as ledger:
        step = Stepper(reporter, stepped=ledger.audit.stepped)
        asked = (source, start, end, path)
        heard = ledger.audit.heard
        loads = step(
            f"load {source}", _load_present, settings, *asked, clock, reporter, heard, free_tier
        )
        ledger.fix_as_of(clock())
    return loads


def check(source: str, start: date, end: date, path: Path | None) -> None:
    """Refuse what cannot be meant, before anything is touched.

    Raises:
        ArgumentError: unknown source, reversed range, archive without a path.
    """
    if source not in SOURCES:
        raise ArgumentError(f"--source {source!r} is none of {', '.join(SOURCES)}")
    if start > end:
        raise ArgumentError(f"--from {start} is after --to {end}: swap them")
    if (source == "archive") != (path is not None):
        raise ArgumentError("--path belongs to --source archive, which cannot do without it")


def _load(
    settings: Settings,
    source: str,
    start: date,
    end: date,
    path: Path | None,
    clock: Clock,
    reporter: Reporter,
    heard: Heard,
) -> list[LoadOutcome]:
    if source == "archive":
        from loaders import archive

        return archive.load(settings, path=path, start=start, end=end, clock=clock, heard=heard)
    outcomes: list[LoadOutcome] = []
    load = _load_games if source == "balldontlie" else _load_prices
    length = defaults.BACKFILL_WINDOW if source == "balldontlie" else timedelta(days=1)
    spans = list(windows(start, end, length))
    for number, (first, last) in enumerate(spans, start=1):
        reporter.share(number - 1, len(spans), f"{first} to {last}")
        outcomes += load(settings, first, last, clock, heard)
    return outcomes


def _load_present(
    settings: Settings,
    source: str,
    start: date,
    end: date,
    path: Path | None,
    clock: Clock,
    reporter: Reporter,
    heard: Heard,
    free_tier: bool,
) -> list[LoadOutcome]:
    if source == "archive":
        return _load(settings, source, start, end, path, clock, reporter, heard)
    if source == "balldontlie":
        return steps.load_games(
            settings,
            start=start,
            end=end,
            clock=clock,
            free_tier=free_tier,
            progress=reporter.detail,
            heard=heard,
        )
    outcomes: list[LoadOutcome] = []
    for day, _ in windows(start, end, timedelta(days=1)):
        outcomes += steps.load_prices(settings, game_date=day, clock=clock, heard=heard)
    return outcomes


def _load_games(
    settings: Settings, first: date, last: date, clock: Clock, heard: Heard
) -> list[LoadOutcome]:
    # Rosters and injuries have no history at the source: a backfill would date them wrongly.
    return steps.load_games(settings, start=first, end=last, clock=clock, history=True, heard=heard)


def _load_prices(
    settings: Settings, day: date, _: date, clock: Clock, heard: Heard
) -> list[LoadOutcome]:
    snapshot_at = eastern_instant(day, defaults.SNAPSHOT_TIME)
    return steps.load_prices(
        settings, game_date=day, clock=clock, snapshot_at=snapshot_at, heard=heard
    )


def windows(start: date, end: date, length: timedelta) -> Iterator[tuple[date, date]]:
    """First and last day of consecutive windows that cover `start` to `end`."""
    while start <= end:
        yield start, min(start + length - timedelta(days=1), end)
        start += length
