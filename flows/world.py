"""Where loads go and what time it is: the real providers, or the simulated league."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import TYPE_CHECKING

from flows.clock import Clock, utc_now

if TYPE_CHECKING:
    from rich.console import Console

    from loaders.sandbox import Sandbox
    from loaders.settings import Settings


@contextmanager
def providers(
    settings: Settings, *, sandbox_now: datetime | None = None
) -> Iterator[tuple[Settings, Clock]]:
    """Settings that reach the target's providers, and the clock that goes with them.

    For the target `sandbox` the simulated league is served on this machine while the block runs,
    with a clock of its own that starts at `sandbox_now`.
    """
    if settings.target != "sandbox":
        yield settings, utc_now
        return
    from loaders.sandbox import Sandbox

    with Sandbox(now=sandbox_now or settings.sandbox_now) as sandbox:
        yield reach_sandbox(settings, sandbox), sandbox.clock


def reach_sandbox(settings: Settings, sandbox: Sandbox) -> Settings:
    """The settings with the sandbox's address and keys, and without the providers' rate limits."""
    return settings.model_copy(update=sandbox.settings_update())


def serve_sandbox(settings: Settings, now: datetime | None, console: Console) -> None:
    """Serve the simulated league until ^C, and say how loads reach it."""
    with providers(settings, sandbox_now=now) as (reachable, clock):
        console.print(
            f"The simulated league is served; its clock says {clock():%Y-%m-%dT%H:%M:%SZ}.\n"
            f"  balldontlie    {reachable.balldontlie_url}\n"
            f"  The Odds API   {reachable.odds_api_url}\n"
            "^C ends it.",
            soft_wrap=True,
        )
        with suppress(KeyboardInterrupt):
            threading.Event().wait()
