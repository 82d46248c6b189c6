"""The way back from a prediction: which run, model, features and raw loads it came from."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from flows import warehouse
from flows.defaults import PUBLISHED_SYSTEM
from flows.errors import PredictionUnknown
from loaders.settings import FIRST_GAME_DATE

if TYPE_CHECKING:
    import pyarrow as pa

    from loaders.settings import Settings

# As many of several candidates as a message names.
NAMED = 5


def find(settings: Settings, prediction: str) -> str:
    """The forecast_id that `prediction` is, or begins.

    Raises:
        PredictionUnknown: there is none, or more than one.
        WarehouseError: the warehouse cannot be read.
    """
    found = warehouse.query(
        settings,
        """
        select forecast_id
        from marts.player_prop_predictions
        where game_date >= ? and substr(forecast_id, 1, ?) = ?
        order by case when forecast_id = ? then 0 else 1 end, forecast_id
        """,
        [FIRST_GAME_DATE, len(prediction), prediction, prediction],
    )
    ids = found["forecast_id"].to_pylist()
    if ids and (len(ids) == 1 or ids[0] == prediction):
        return ids[0]
    if not ids:
        raise PredictionUnknown(
            f"no prediction {prediction!r}: marts.player_prop_predictions has the ids as "
            "forecast_id; or name it by --player and --market"
        )
    raise PredictionUnknown(
        f"{len(ids)} predictions begin with {prediction!r}: {', '.join(ids[:NAMED])}"
        f"{', …' if len(ids) > NAMED else ''}. Give more of the id"
    )


def find_active(settings: Settings, *, player: str, market: str, day: date | None) -> str:
    """The forecast_id of the published system's prediction that counts; of a live run, if any.

    day: Eastern date of the game; None takes the player's latest.

    Raises:
        PredictionUnknown: there is none.
        WarehouseError: the warehouse cannot be read.
    """
    found = warehouse.query(
        settings,
        """
        select predictions.forecast_id
        from marts.active_player_prop_predictions as predictions
        inner join marts.players as players
            on predictions.player_id = players.player_id
        where
            lower(players.player_name) = lower(?)
            and predictions.market = ?
            and predictions.system = ?
            and predictions.game_date between ? and ?
        order by predictions.game_date desc, predictions.run_mode, predictions.made_at desc
        limit 1
        """,
        [player, market, PUBLISHED_SYSTEM, day or FIRST_GAME_DATE, day or date.max],
    )
    if not found.num_rows:
        when = "" if day is None else f" on {day}"
        raise PredictionUnknown(f"no prediction of {market} for {player!r}{when}")
    return found["forecast_id"][0].as_py()


def lineage(settings: Settings, forecast_id: str) -> pa.Table:
    """The rows of `audit.prediction_trace` of one prediction: one a raw load and what it told.

    Raises:
        WarehouseError: the warehouse cannot be read.
    """
    return warehouse.query(
        settings,
        """
        select *
        from audit.prediction_trace
        where forecast_id = ?
        order by role, source, resource, load_id
        """,
        [forecast_id],
    )
