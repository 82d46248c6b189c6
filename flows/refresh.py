"""The refresh: whomever news has touched is forecast anew, with the models that there are."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from flows import modelling
from flows.daily import REFRESH, DailyResult, run_daily

if TYPE_CHECKING:
    from loaders.settings import Settings


def run_refresh(settings: Settings, *, game_date: date, **how: Any) -> DailyResult:
    """Forecast those of a day's slate of whom something else is known than when they were last.

    It loads nothing and takes the models that there are. Where only prices and injuries were loaded
    since the last build, it makes no team or player summary; where nothing has changed, it does
    nothing, and the result's reason says so. `how` is passed on to `run_daily`.

    Raises:
        Whatever a step raises; what was published stays.
    """
    return run_daily(
        settings,
        game_date=game_date,
        work=REFRESH,
        mode=REFRESH.command,
        # all that is known by now, whatever the hour
        information_set="TIP",
        train=modelling.MISSING,
        **how,
    )
