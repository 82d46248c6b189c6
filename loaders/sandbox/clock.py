"""The sandbox's own clock, and the few conversions between instants, Eastern days and text."""

from __future__ import annotations

import threading
import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import requests

from loaders.errors import TransientError

EASTERN = ZoneInfo("America/New_York")
HOUR = 3600


class Clock:
    """Callable that tells the sandbox's instant: starts at `now`, ticks with real time if told to.

    Raises ValueError for an instant without a time zone.
    """

    def __init__(self, now: datetime, ticking: bool = True) -> None:
        self._lock = threading.Lock()
        self.ticking = ticking
        self.move_to(now)

    def __call__(self) -> datetime:
        """The present instant, UTC."""
        with self._lock:
            passed = time.monotonic() - self._set_at if self.ticking else 0.0
            return self._start + timedelta(seconds=passed)

    def move_to(self, instant: datetime) -> None:
        """Set the clock; it goes on ticking (or standing still) from there."""
        if instant.tzinfo is None:
            raise ValueError("the sandbox clock needs an instant with a time zone")
        with self._lock:
            self._start = instant.astimezone(UTC)
            self._set_at = time.monotonic()


class RemoteClock:
    """Callable that tells the instant of a sandbox that another process serves at `url`.

    Raises TransientError where nobody answers there.
    """

    def __init__(self, url: str, timeout_seconds: float) -> None:
        self.url = url
        self.timeout_seconds = timeout_seconds

    def __call__(self) -> datetime:
        """The present instant, UTC."""
        try:
            answer = requests.get(f"{self.url}/clock", timeout=self.timeout_seconds)
            answer.raise_for_status()
            return datetime.fromisoformat(answer.json()["now"])
        except requests.RequestException as error:
            raise TransientError(
                f"no sandbox answers at {self.url} ({type(error).__name__}): start it, or unset "
                "NBA_PROPS_SANDBOX_URL"
            ) from error


def eastern_midnights(first: date, last: date) -> np.ndarray:
    """Epoch seconds of 00:00 Eastern (by the day's own daylight rule at noon), one per day."""
    days = (last - first).days + 1
    return np.array(
        [
            int(datetime(day.year, day.month, day.day, 12, tzinfo=EASTERN).timestamp()) - 12 * HOUR
            for day in (first + timedelta(days=offset) for offset in range(days))
        ],
        dtype=np.int64,
    )


def eastern_date(epoch: float) -> date:
    """Eastern calendar date of an instant."""
    return datetime.fromtimestamp(float(epoch), EASTERN).date()


def iso(epoch: float) -> str:
    """`2026-01-16T00:00:00Z`."""
    return datetime.fromtimestamp(int(epoch), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def iso_ms(epoch: float) -> str:
    """`2026-01-16T00:00:00.000Z`."""
    return datetime.fromtimestamp(int(epoch), UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
