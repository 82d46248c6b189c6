"""Cuts NBA.com's answers about a game into records, one a row to be."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from loaders.errors import ContractError

Record = dict[str, Any]
SIDES = ("homeTeam", "awayTeam")


def games(schedule: Mapping[str, Any]) -> list[Record]:
    """The games of a schedule, each with its season. Raises: ContractError."""
    season = {"seasonYear": schedule.get("seasonYear")}
    days = _list(schedule, "gameDates", "the schedule")
    found = [{**season, **game} for day in days for game in _list(day, "games", "a day")]
    if not found:
        raise ContractError(
            "NBA.com: the schedule has no game, which cannot be; nothing was loaded, try again."
        )
    return found


def is_decided(game: Mapping[str, Any]) -> bool:
    """Whether both teams of a game are known: a play-off place names none (0, or nothing)."""
    teams = [_object(game, side, "a game of the schedule") for side in SIDES]
    return all(team.get("teamId") not in (0, None) for team in teams)


def players(game: Mapping[str, Any], game_date: date) -> list[Record]:
    """A record a player of a box score: `game`, `team`, `player`. Raises: ContractError."""
    found: list[Record] = []
    for side in SIDES:
        listed = _list(_object(game, side, _box(game)), "players", f"{side} of {_box(game)}")
        if not listed:
            raise ContractError(
                f"NBA.com: {side} of {_box(game)} lists no player, which cannot be; nothing was "
                "loaded, try again."
            )
        found += [{**_about(game, side, game_date), "player": player} for player in listed]
    return found


def teams(game: Mapping[str, Any], game_date: date) -> list[Record]:
    """A record a team of a box score: `game`, `team` and its statistics. Raises: ContractError."""
    return [
        {
            **_about(game, side, game_date),
            "statistics": _object(_object(game, side, _box(game)), "statistics", _box(game)),
        }
        for side in SIDES
    ]


def shots(game: Mapping[str, Any], game_date: date) -> list[Record]:
    """A record a field-goal attempt of a play-by-play. Raises: ContractError."""
    of_game = {"gameId": game.get("gameId"), "gameDate": game_date.isoformat()}
    actions = _list(game, "actions", f"the play-by-play of {game.get('gameId')}")
    found = [{**of_game, **action} for action in actions if action.get("isFieldGoal") == 1]
    if not found:
        raise ContractError(
            f"NBA.com: the play-by-play of {game.get('gameId')} has no action with isFieldGoal 1, "
            "which cannot be; nothing was loaded, try again."
        )
    return found


def _box(game: Mapping[str, Any]) -> str:
    return f"the box score of {game.get('gameId')}"


def _about(game: Mapping[str, Any], side: str, game_date: date) -> Record:
    return {
        "gameDate": game_date.isoformat(),
        "game": {name: value for name, value in game.items() if name not in SIDES},
        "team": {n: v for n, v in game[side].items() if n not in ("players", "statistics")},
    }


def _object(holder: Mapping[str, Any], name: str, what: str) -> Mapping[str, Any]:
    found = holder.get(name)
    if not isinstance(found, Mapping):
        raise ContractError(
            f"NBA.com: {what} has no object `{name}`; nothing was loaded, compare the "
            "documentation with the declaration."
        )
    return found


def _list(holder: Mapping[str, Any], name: str, what: str) -> list[Mapping[str, Any]]:
    found = holder.get(name)
    if not isinstance(found, list) or not all(isinstance(one, Mapping) for one in found):
        raise ContractError(
            f"NBA.com: {what} has no list of objects `{name}`; nothing was loaded, compare the "
            "documentation with the declaration."
        )
    return found
