"""What a poll tells the world: that a load changed something. Prefect's triggers listen.

Told at best effort: the schedule of the refresh is there for what was not heard.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from flows.prefect_home import configure

if TYPE_CHECKING:
    from flows.polls import Poll
    from loaders.settings import Settings

log = logging.getLogger(__name__)

CHANGED = "nba-props.load.changed"


def resource(settings: Settings) -> str:
    """The name of a warehouse among Prefect's resources."""
    return f"nba-props.warehouse.{settings.world.replace('/', '.')}"


def emit_changed(settings: Settings, poll: Poll) -> bool:
    """Tell that a poll's loads changed something; False where nobody could be told.

    Never raises: a server that cannot be reached is logged, and the load stands all the same.
    """
    configure(settings)
    from prefect.events import emit_event

    event = emit_event(
        event=CHANGED,
        resource={"prefect.resource.id": resource(settings)},
        payload={
            "run_id": poll.run_id,
            "load_ids": list(poll.load_ids),
            "game_date": poll.game_date.isoformat(),
            "players": list(poll.players),
        },
    )
    if event is None:
        log.warning("the change of run %s was not told: the refresh's slots see it", poll.run_id)
    return event is not None
