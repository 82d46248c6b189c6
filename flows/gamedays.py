"""What is known of a day's games without waiting for whoever writes: from the published copy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from flows import defaults, warehouse
from flows.clock import eastern_date
from loaders.errors import WarehouseMissing

if TYPE_CHECKING:
    from loaders.settings import Settings


@dataclass(frozen=True)
class GameDay:
    """The games of an Eastern day.

    Args:
        day: the day.
        tipoffs: UTC instants, one a game that was not postponed.
        is_known: whether what is published comes from loads that reached this day; where it does
            not, no games mean nothing.
    """

    day: date
    tipoffs: tuple[datetime, ...]
    is_known: bool

    @property
    def is_off(self) -> bool:
        """Whether it is known that nobody plays."""
        return self.is_known and not self.tipoffs


def game_day(settings: Settings, day: date) -> GameDay:
    """The day's games as last published; nothing is known before the first publish."""
    try:
        found = warehouse.query_published(
            settings,
            "select tipoff_at from marts.games where game_date = ? and status != 'postponed'",
            [day],
        )
        told = warehouse.query_published(settings, "select as_of from published.publication")
    except WarehouseMissing:
        return GameDay(day, (), is_known=False)
    known_to = max(told["as_of"].to_pylist(), default=None)
    return GameDay(
        day,
        tuple(found["tipoff_at"].to_pylist()),
        is_known=known_to is not None and day <= eastern_date(known_to) + defaults.DAYS_AFTER,
    )
