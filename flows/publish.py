"""Publish: what people read is a copy that is switched in one step, and only after the last gate
has passed. How it is switched is the engine's business.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from loaders.engines import Publication, Published, engine

if TYPE_CHECKING:
    from flows.runs import Run
    from loaders.settings import Settings

PUBLIC_SCHEMAS = ("marts", "reports")
# What only models read, a row a player, game and information set: over three seasons 400 MB, and
# nine tenths of a publish's time.
PRIVATE_RELATIONS = (
    "marts.ceiling_absences",
    "marts.ml_feature_store",
    "marts.ml_training_examples",
    "marts.player_composite_factors",
    "marts.player_daily_cache",
    "marts.player_shot_zone_analysis",
    "marts.prop_line_outcomes",
    "marts.slate_changes",
    "marts.team_defense_zone_analysis",
    "marts.upcoming_player_game_context",
    "marts.upcoming_slate",
)


def publish(settings: Settings, run: Run, *, now: datetime) -> Published:
    """Publish the public models as the run left them.

    Views become tables, and the one-row table `published.publication` says which run they come
    from.

    Raises:
        PublishFailed: the copy could not be made; what was published is as it was.
        WarehouseError: the warehouse could not be read or written; likewise.
    """
    publication = Publication(
        run_id=run.run_id,
        as_of=run.as_of,
        run_mode=run.run_mode,
        published_at=now,
        schemas=PUBLIC_SCHEMAS,
        private=PRIVATE_RELATIONS,
    )
    return engine(settings).publish(publication)
