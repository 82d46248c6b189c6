"""Slots of a schedule: which basketball day one is about, and when it is no longer worth working.

A slot that was missed (killed, asleep, away) is still run when somebody serves again, so what it is
about follows from its scheduled start, never from the clock on the wall.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from flows.clock import EASTERN, eastern_date

# The last games of the West end after midnight in the East; what runs by then is about the evening.
DAY_BEGINS = time(6)
BEFORE_TIPS = (timedelta(minutes=15), timedelta(minutes=60))


def slate_date(instant: datetime) -> date:
    """The basketball day of a slot: its Eastern date, before 06:00 Eastern the day before."""
    day = eastern_date(instant)
    begun = instant.astimezone(EASTERN).time() >= DAY_BEGINS
    return day if begun else day - timedelta(days=1)


def overtaken_by(
    scheduled_at: datetime, now: datetime, slots: Iterable[datetime]
) -> datetime | None:
    """The newest slot of the same deployment that is due too, if it is later than this one.

    After a sleep or a crash every missed slot is run at once; only the newest of them has work.
    """
    due = [slot for slot in slots if scheduled_at < slot <= now]
    return max(due, default=None)


def is_before_tips(now: datetime, tipoffs: Iterable[datetime]) -> bool:
    """Whether a game tips off soon enough that prices move, and late enough to forecast it yet."""
    first, last = BEFORE_TIPS
    return any(first <= tipoff - now <= last for tipoff in tipoffs)
