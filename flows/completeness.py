"""Whether a run goes on with the sources that are there, waits, or gives up: without any effect."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Literal

from flows import defaults

Verdict = Literal["go on", "wait", "give up"]
GO_ON: Verdict = "go on"
WAIT: Verdict = "wait"
GIVE_UP: Verdict = "give up"


@dataclass(frozen=True)
class SourceState:
    """How much of a need is there.

    Args:
        need: key of `source_requirements`; source, resource: who tells it.
        is_required: no run goes on without it.
        expected, present: things there should be, and are: games, or one answer.
        minimum_share: share of them that will do in the end.
        latest_at: when the newest was known (UTC).
        is_refused: it is no use to ask again: no access, no credits.
        remedy: what to do where it is missing.
    """

    need: str
    source: str
    resource: str
    is_required: bool
    expected: int = 1
    present: int = 0
    minimum_share: float = 1.0
    latest_at: datetime | None = None
    is_refused: bool = False
    remedy: str = ""

    @property
    def share(self) -> Fraction:
        """present / expected; 1 where nothing is expected."""
        return Fraction(self.present, self.expected) if self.expected else Fraction(1)

    @property
    def is_complete(self) -> bool:
        """All of it is there."""
        return self.share >= 1

    @property
    def is_enough(self) -> bool:
        """So much is there as will do in the end."""
        return float(self.share) >= self.minimum_share

    def __str__(self) -> str:
        return f"{self.need} ({self.present} of {self.expected} from {self.source})"


@dataclass(frozen=True)
class Decision:
    """What to do, and what is not all there.

    `missing` are the incomplete needs; of a run that gives up, the required ones it lacks.
    """

    verdict: Verdict
    missing: tuple[SourceState, ...] = ()


def needed_share(elapsed: timedelta) -> Fraction:
    """Share of the sources that must be complete so long after the start; all before any tier."""
    reached = [share for after, share in defaults.COMPLETENESS_TIERS if elapsed >= after]
    return reached[-1] if reached else Fraction(1)


def deadline() -> timedelta:
    """When the wait ends, whatever is there."""
    return defaults.COMPLETENESS_TIERS[-1][0]


def next_tier(elapsed: timedelta) -> timedelta | None:
    """How long until less will do; None behind the deadline."""
    ahead = [after - elapsed for after, _ in defaults.COMPLETENESS_TIERS if after > elapsed]
    return ahead[0] if ahead else None


def decide(
    elapsed: timedelta, states: Sequence[SourceState], *, unchanged_for: timedelta = timedelta()
) -> Decision:
    """Go on, wait, or give up, so long after the start of the wait.

    Required needs are never gone without: before they are there, no share of others is enough.
    What is refused is not waited for, and missing all the same. Behind the deadline a required
    need that is not there ends the run.

    unchanged_for: since when nothing more has come.
    """
    missing = tuple(one for one in states if not one.is_complete)
    lacking = tuple(one for one in states if one.is_required and not one.is_enough)
    awaited = [one for one in states if not one.is_refused]
    if any(one.is_refused for one in lacking):
        return Decision(GIVE_UP, lacking)
    if not lacking and _is_enough(elapsed, awaited, unchanged_for):
        return Decision(GO_ON, missing)
    if elapsed < deadline():
        return Decision(WAIT, missing)
    return Decision(GIVE_UP, lacking)


def _is_enough(
    elapsed: timedelta, awaited: Sequence[SourceState], unchanged_for: timedelta
) -> bool:
    complete = sum(one.is_complete for one in awaited)
    if complete >= needed_share(elapsed) * len(awaited):
        return True
    is_stalled = unchanged_for >= defaults.STALLED_AFTER
    progress = sum(min(one.share, Fraction(1)) for one in awaited)
    return is_stalled and progress >= defaults.STALLED_SHARE * len(awaited)
