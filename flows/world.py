"""Where loads go and what time it is: the real providers, or the simulated league."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import TYPE_CHECKING

from flows.clock import Clock, utc_now
from flows.defaults import SANDBOX_NOW
from flows.errors import ArgumentError
from loaders.engines import engine

if TYPE_CHECKING:
    from rich.console import Console

    from loaders.sandbox import Sandbox
    from loaders.settings import Settings


# Requests a minute; the loopback has no rate limit.
UNLIMITED = 1_000_000


@contextmanager
def providers(
    settings: Settings, *, sandbox_now: datetime | None = None
) -> Iterator[tuple[Settings, Clock]]:
    """Settings that reach the target's providers, and the clock that goes with them.

    For the warehouse of the simulated league: the league and the clock at `sandbox_url`, where that
    is set; else one that is served on this machine while the block runs, with a clock of its own
    that starts at `sandbox_now`.
    """
    if not engine(settings).is_simulated:
        yield settings, utc_now
        return
    from loaders.sandbox import RemoteClock, Sandbox

    if settings.sandbox_url is not None:
        if sandbox_now is not None:
            raise ArgumentError(
                f"the sandbox at {settings.sandbox_url} has its own clock: set it there, or unset "
                "NBA_PROPS_SANDBOX_URL"
            )
        yield (
            reach(settings, settings.sandbox_url),
            RemoteClock(settings.sandbox_url, settings.http_timeout_seconds),
        )
        return
    with Sandbox(now=sandbox_now or SANDBOX_NOW) as sandbox:
        yield reach_sandbox(settings, sandbox), sandbox.clock


def reach_sandbox(settings: Settings, sandbox: Sandbox) -> Settings:
    """The settings with the sandbox's address and keys, and without the providers' rate limits."""
    return reach(settings, sandbox.url)


def reach(settings: Settings, url: str) -> Settings:
    """The settings of a sandbox that is served at `url`."""
    from pydantic import SecretStr

    from loaders.sandbox import BALLDONTLIE_KEY, ODDS_API_KEY

    return settings.model_copy(
        update={
            "balldontlie_url": url,
            "odds_api_url": url,
            "nba_com_url": url,
            "espn_url": url,
            # nobody holds rights in the league that is simulated here
            "nba_com_terms_accepted": True,
            "espn_terms_accepted": True,
            "balldontlie_api_key": SecretStr(BALLDONTLIE_KEY),
            "odds_api_key": SecretStr(ODDS_API_KEY),
            "balldontlie_requests_per_minute": UNLIMITED,
            "odds_api_requests_per_minute": UNLIMITED,
            "nba_com_requests_per_minute": UNLIMITED,
            "espn_requests_per_minute": UNLIMITED,
        }
    )


def serve_sandbox(settings: Settings, now: datetime | None, console: Console) -> None:
    """Serve the simulated league until ^C, and say how loads reach it."""
    own = settings.model_copy(update={"sandbox_url": None})
    with providers(own, sandbox_now=now) as (reachable, clock):
        console.print(
            f"The simulated league is served; its clock says {clock():%Y-%m-%dT%H:%M:%SZ}.\n"
            f"  balldontlie    {reachable.balldontlie_url}\n"
            f"  The Odds API   {reachable.odds_api_url}\n"
            f"  NBA.com        {reachable.nba_com_url}\n"
            f"  ESPN           {reachable.espn_url}\n"
            f"  keys           {reachable.balldontlie_api_key.get_secret_value()}"
            f" and {reachable.odds_api_key.get_secret_value()} (of the sandbox, no secret)\n"
            "^C ends it.",
            soft_wrap=True,
        )
        with suppress(KeyboardInterrupt):
            threading.Event().wait()
