"""One clock: what day is forecast, as of which instant, live or as a replay.

A fact is known when `known_at < as_of`. A live run fixes `as_of` after its loads; a replay speaks
from an instant in the past and loads nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flows.errors import ArgumentError

Clock = Callable[[], datetime]

EASTERN = ZoneInfo("America/New_York")
LIVE = "live"
REPLAY = "replay"
INFORMATION_SETS = ("BASE", "TIP", "LINE")

OVERNIGHT = "overnight"
SAME_DAY = "same_day"
TOMORROW = "tomorrow"
MODES = (OVERNIGHT, SAME_DAY, TOMORROW)

# The TIP set's cut-off, as the seed information_sets has it (tests/flows compares the two).
TIP_LEAD = timedelta(minutes=45)
# A replayed day whose tip-offs nobody knows is forecast from this Eastern hour.
FALLBACK_REPLAY_TIME = time(18)


@dataclass(frozen=True)
class RunClock:
    """A basketball day and the instant it is forecast from.

    Args:
        game_date: Eastern calendar date of the slate.
        as_of: UTC instant; None where it is fixed later (live: after the loads; replay: from the
            slate's tip-offs).
        run_mode: 'live' or 'replay'.
    """

    game_date: date
    as_of: datetime | None
    run_mode: str


@dataclass(frozen=True)
class Plan:
    """Which slate a live run of a mode is about, and what it loads.

    Args:
        mode: overnight, same_day or tomorrow.
        game_date: Eastern calendar date of the slate.
        loads_results: schedule, box scores and rosters as well; else only injuries and prices.
    """

    mode: str
    game_date: date
    loads_results: bool


def check_mode(mode: str) -> str:
    """The mode.

    Raises:
        ArgumentError: there is none of that name.
    """
    if mode not in MODES:
        raise ArgumentError(f"--mode {mode!r} is none of {', '.join(MODES)}")
    return mode


def plan(mode: str, now: datetime) -> Plan:
    """What a run of that mode does now: today's slate with all that the night brought, today's
    with nothing but the news, or tomorrow's.

    Raises:
        ArgumentError: no such mode.
    """
    check_mode(mode)
    today = eastern_date(now)
    day = today + timedelta(days=1) if mode == TOMORROW else today
    return Plan(mode, day, loads_results=mode != SAME_DAY)


def utc_now() -> datetime:
    """The machine's clock, the only place that reads it."""
    return datetime.now(UTC)


def eastern_date(instant: datetime) -> date:
    """The basketball day an instant belongs to: its Eastern calendar date."""
    return instant.astimezone(EASTERN).date()


def eastern_instant(day: date, at: time) -> datetime:
    """UTC instant of an Eastern wall-clock time; of a repeated hour in autumn the first."""
    return datetime.combine(day, at, tzinfo=EASTERN).astimezone(UTC)


def parse_date(text: str, name: str = "--date") -> date:
    """An ISO calendar date.

    Raises:
        ArgumentError: naming the option, the text, and the form that is meant.
    """
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise ArgumentError(f"{name} {text!r} is no date: write it as 2024-04-05") from None


def parse_range(start: str, end: str) -> tuple[date, date]:
    """Two ISO dates, both inclusive, the first not after the second.

    Raises:
        ArgumentError: naming what is wrong.
    """
    first, last = parse_date(start, "--from"), parse_date(end, "--to")
    if first > last:
        raise ArgumentError(f"--from {first} is after --to {last}: swap them")
    return first, last


def parse_instant(text: str, name: str = "--as-of") -> datetime:
    """An ISO instant with its zone, as UTC.

    Raises:
        ArgumentError: also for a time without a zone, which would mean another instant on every
            machine.
    """
    try:
        instant = datetime.fromisoformat(text.strip())
    except ValueError:
        raise ArgumentError(
            f"{name} {text!r} is no instant: write it as 2024-04-05T22:15:00Z"
        ) from None
    if instant.tzinfo is None:
        raise ArgumentError(f"{name} {text!r} has no time zone: add Z, or an offset such as -04:00")
    return instant.astimezone(UTC)


def decide(*, game_date: date | None, as_of: datetime | None, now: datetime) -> RunClock:
    """Live or replay, and for which day.

    Without any argument the day is today, live. A given `as_of` makes a replay; so does a past
    `game_date`, whose `as_of` then follows from the slate's first tip-off (`replay_as_of`).

    Raises:
        ArgumentError: an `as_of` that is not in the past, or that lies after the day it is meant
            to forecast.
    """
    if as_of is None:
        day = game_date or eastern_date(now)
        return RunClock(day, None, REPLAY if day < eastern_date(now) else LIVE)
    if as_of >= now:
        raise ArgumentError(
            f"--as-of {as_of:%Y-%m-%dT%H:%M:%SZ} is not in the past "
            f"(it is {now:%Y-%m-%dT%H:%M:%SZ}): leave it out for a live run"
        )
    day = game_date or eastern_date(as_of)
    if day < eastern_date(as_of):
        raise ArgumentError(
            f"--as-of {as_of:%Y-%m-%dT%H:%M:%SZ} lies after the games of --date {day}: "
            "choose an instant before their tip-off"
        )
    return RunClock(day, as_of, REPLAY)


def replay_as_of(game_date: date, first_tipoff: datetime | None) -> datetime:
    """Instant a replay speaks from: 45 minutes before the first tip-off, else 18:00 Eastern."""
    if first_tipoff is None:
        return eastern_instant(game_date, FALLBACK_REPLAY_TIME)
    return first_tipoff - TIP_LEAD


def choose_information_set(
    requested: str | None, *, as_of: datetime, first_tipoff: datetime | None
) -> str:
    """TIP once the slate's first game is 45 minutes or less away, else BASE; a requested set wins.

    Raises:
        ArgumentError: an unknown set.
    """
    if requested is not None:
        name = requested.upper()
        if name not in INFORMATION_SETS:
            known = ", ".join(INFORMATION_SETS)
            raise ArgumentError(f"--information-set {requested!r} is none of {known}")
        return name
    if first_tipoff is not None and as_of >= first_tipoff - TIP_LEAD:
        return "TIP"
    return "BASE"
