"""What is looked at before the first request of a backfill: whether it can get to its end."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from importlib import metadata
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from flows import defaults, warehouse
from flows.backfill_ledger import REBUILD, Request
from flows.clock import eastern_date
from flows.errors import PreflightFailed

if TYPE_CHECKING:
    from loaders.settings import Settings

PACKAGE = "nba-props"
PINNED = ("dbt-core", "dbt-duckdb", "dlt", "duckdb")
GIB = 1 << 30
MIB = 1 << 20
# From November to March somebody plays every week, as audit.schedule_days has it.
MONTHS_OF_GAMES = (11, 12, 1, 2, 3)
LONGEST_BREAK = timedelta(days=8)


@dataclass(frozen=True)
class Check:
    """One thing that was looked at, and what was seen. is_ok: None where nobody can tell."""

    name: str
    is_ok: bool | None
    said: str


def checks(
    settings: Settings,
    request: Request,
    days: Sequence[date],
    games: Mapping[date, int],
    *,
    path: Path | None,
    now: datetime,
) -> list[Check]:
    """Look at everything that a backfill needs.

    days: the game dates that are still to be done.
    games: by date, the games that the loaded schedules list.
    """
    found = [_dates(request, days, now), _versions(), _disk(settings, len(days))]
    if request.source == "archive":
        found.append(_archive(path))
    elif request.source == "nba_com":
        found.append(_terms(settings))
    elif request.source == "bettingpros":
        found += [_files(path), _schedule(request, games)]
    elif request.source is not None:
        found.append(_key(settings, request.source))
    if request.source == "odds_api":
        found += [_schedule(request, games), _credits(settings, days, games, now)]
    elif request.mode == REBUILD:
        found.append(_schedule(request, games))
    elif request.source == "balldontlie":
        found.append(_time(settings, len(days)))
    return found


def require(found: Iterable[Check]) -> None:
    """Go no further where a check failed.

    Raises:
        PreflightFailed: naming each, with its remedy.
    """
    failed = [f"{one.name}: {one.said}" for one in found if one.is_ok is False]
    if failed:
        raise PreflightFailed("the backfill was not begun. " + "; ".join(failed))


def _dates(request: Request, days: Sequence[date], now: datetime) -> Check:
    today = eastern_date(now)
    span = f"{request.start} to {request.end}"
    if request.end > today:
        return Check("dates", False, f"--to {request.end} is after today, {today}: choose the past")
    if not days:
        return Check("dates", False, f"no game is scheduled from {span}: there is nothing to do")
    return Check("dates", True, f"{len(days)} to be done of {span}")


def _versions() -> Check:
    from packaging.requirements import Requirement

    declared = {one.name: one for one in map(Requirement, metadata.requires(PACKAGE) or [])}
    installed = {name: metadata.version(name) for name in PINNED}
    wrong = [
        f"{name} {version} is not {declared[name].specifier}"
        for name, version in installed.items()
        if not declared[name].specifier.contains(version, prereleases=True)
    ]
    if wrong:
        return Check("versions", False, f"{', '.join(wrong)}: run `make setup`")
    return Check("versions", True, ", ".join(f"{n} {v}" for n, v in installed.items()))


def _disk(settings: Settings, dates: int) -> Check:
    place = next(one for one in (settings.home, *settings.home.parents) if one.exists())
    free = shutil.disk_usage(place).free
    needed = defaults.BACKFILL_BYTES + dates * defaults.BACKFILL_BYTES_A_DATE
    said = f"{free / GIB:.1f} GiB free in {place}, {needed / MIB:,.0f} MiB needed"
    if free < needed:
        return Check("disk", False, f"{said}: make room, or set NBA_PROPS_HOME to another disk")
    return Check("disk", True, said)


def _archive(path: Path | None) -> Check:
    if path is None or not path.is_dir():
        return Check("archive", False, f"--path {path} is no folder: give the one with seasons/")
    return Check("archive", True, str(path))


def _terms(settings: Settings) -> Check:
    name = "NBA_ACCEPT_NBACOM_TERMS"
    if not settings.nba_com_terms_accepted:
        return Check("terms", False, f"{name} is not set: see loaders/nba_com/README.md")
    return Check("terms", True, f"{name} is set")


def _files(path: Path | None) -> Check:
    if path is None or not path.exists():
        return Check("files", False, f"--path {path} is not there: give a CSV or Parquet file")
    return Check("files", True, str(path))


def _key(settings: Settings, source: str) -> Check:
    if source == "espn":
        accepted = settings.espn_terms_accepted
        said = "accepted" if accepted else "not accepted: see NBA_ACCEPT_ESPN_TERMS"
        return Check("terms of ESPN", accepted, said)
    name, key = {
        "balldontlie": ("BALLDONTLIE_API_KEY", settings.balldontlie_api_key),
        "odds_api": ("ODDS_API_KEY", settings.odds_api_key),
    }[source]
    if key is None:
        return Check("key", False, f"{name} is not set: set it")
    return Check("key", True, f"{name} is set")


def _schedule(request: Request, games: Mapping[date, int]) -> Check:
    """Whether the games of the range are known, for what goes by them."""
    span = f"--from {request.start} --to {request.end}"
    remedy = (
        f"load it: nba-props backfill --source balldontlie {span} --load-only --reason schedule "
        "(or --source archive)"
    )
    if not games:
        return Check(
            "schedule", False, f"no game of {request.start} to {request.end} is known; {remedy}"
        )
    day = timedelta(days=1)
    known = sorted({*games, request.start - day, request.end + day})
    gaps = [
        f"{one + day} to {other - day}"
        for one, other in pairwise(known)
        if other - one > LONGEST_BREAK + day
        and (one + day).month in MONTHS_OF_GAMES
        and (other - day).month in MONTHS_OF_GAMES
    ]
    if gaps:
        return Check("schedule", False, f"no game of {', '.join(gaps)} is known; {remedy}")
    return Check("schedule", True, f"{sum(games.values())} games on {len(games)} dates are known")


def _credits(
    settings: Settings, days: Sequence[date], games: Mapping[date, int], now: datetime
) -> Check:
    """What the snapshots may cost at most: nothing is charged for what is not there."""
    from loaders.odds_api import cost_of_history

    cost = sum(cost_of_history(settings, events=games.get(day, 0)) for day in days)
    said = f"{cost:,} credits at most"
    left = _credits_left(settings, now)
    if left is None:
        return Check("quota", None, f"{said}; how many are left is not known before the first call")
    said = f"{said}, {left:,} are left, {settings.odds_api_credit_floor} of them are kept"
    if left - settings.odds_api_credit_floor < cost:
        return Check(
            "quota", False, f"{said}: ask for fewer dates or markets, or take a larger plan"
        )
    return Check("quota", True, said)


def _credits_left(settings: Settings, now: datetime) -> int | None:
    """As the provider last said; None where it never did, or before the reset on the 1st."""
    if not warehouse.relation_exists(settings, "raw_runs.api_quota"):
        return None
    latest = warehouse.query(
        settings,
        """
        select quota.remaining, runs.started_at
        from raw_runs.api_quota as quota
        inner join raw_runs.runs as runs
            on quota.run_id = runs.run_id
        where quota.source = 'odds_api' and quota.remaining is not null
        order by runs.started_at desc, quota.run_id desc
        limit 1
        """,
    ).to_pylist()
    first = now.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    told = [one["remaining"] for one in latest if one["started_at"] >= first]
    return told[0] if told else None


def _time(settings: Settings, dates: int) -> Check:
    asked = max(1, round(dates * defaults.BALLDONTLIE_REQUESTS_A_DATE))
    a_minute = settings.balldontlie_requests_per_minute
    minutes = asked / a_minute
    return Check(
        "time", True, f"about {asked:,} requests, {minutes:,.0f} min at {a_minute:,} a minute"
    )
