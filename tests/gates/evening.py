"""The second evening of home argument one, argument two minutes late: there to be killed."""

import sys
from datetime import timedelta
from pathlib import Path

from wire import SECOND_EVENING, CountingClock

from flows.clock import LIVE, eastern_date
from flows.daily import run_daily
from flows.world import reach_sandbox
from loaders.sandbox import Sandbox
from loaders.settings import Settings

if __name__ == "__main__":
    clock = CountingClock(SECOND_EVENING + timedelta(minutes=int(sys.argv[2])))
    with Sandbox(now=SECOND_EVENING, ticking=False) as sandbox:
        settings = reach_sandbox(Settings(home=Path(sys.argv[1])), sandbox)
        print("begins", flush=True)
        run_daily(
            settings,
            game_date=eastern_date(SECOND_EVENING),
            as_of=None,
            run_mode=LIVE,
            clock=clock,
        )
    print("ended", flush=True)
