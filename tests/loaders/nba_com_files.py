"""Made-up files in the shape of NBA.com's: nobody in them ever played."""

from __future__ import annotations

from typing import Any

from loaders.nba_com.tables import COUNTS

HOME, AWAY = 1610612738, 1610612752
STATISTICS = {theirs: 3 for _, theirs, _, _ in COUNTS}


def side(number: int, score: int = 101) -> dict[str, Any]:
    return {
        "teamId": number,
        "teamName": f"Club {number}",
        "teamCity": "Town",
        "teamTricode": "TWN",
        "teamSlug": "club",
        "wins": 1,
        "losses": 0,
        "score": score,
        "seed": 0,
    }


def game(number: str, day: str = "2024-01-09", **more: Any) -> dict[str, Any]:
    """A game of the schedule; its UTC time is the only one that is meant."""
    return {
        "gameId": number,
        "gameCode": "20240109/AAABBB",
        "gameStatus": 3,
        "gameStatusText": "Final",
        "gameSequence": 1,
        "gameDateEst": f"{day}T00:00:00Z",
        "gameTimeEst": "1900-01-01T19:30:00Z",
        "gameDateTimeEst": f"{day}T19:30:00Z",
        "gameDateUTC": f"{day}T05:00:00Z",
        "gameTimeUTC": "1900-01-01T23:30:00Z",
        "gameDateTimeUTC": "2024-01-10T00:30:00Z",
        "awayTeamTime": f"{day}T18:30:00Z",
        "homeTeamTime": f"{day}T19:30:00Z",
        "postponedStatus": "N",
        "gameSubtype": "",
        "broadcasters": {"nationalTvBroadcasters": [{"broadcasterId": 1}]},
        "homeTeam": side(HOME),
        "awayTeam": side(AWAY, 99),
        "pointsLeaders": [],
        **more,
    }


def schedule(*games: dict[str, Any], season: Any = "2023-24") -> dict[str, Any]:
    days = [{"gameDate": "01/09/2024 00:00:00", "games": list(games)}]
    inner = {"seasonYear": season, "leagueId": "00", "gameDates": days, "weeks": []}
    return {"meta": {"version": 1}, "leagueSchedule": inner}


def player(number: int, **more: Any) -> dict[str, Any]:
    of_statistics = {
        "minutes": "PT31M07.00S",
        "plusMinusPoints": -4.0,
        "minutesCalculated": "PT31M",
    }
    return {
        "status": "ACTIVE",
        "order": 1,
        "personId": number,
        "jerseyNum": "00",
        "position": "SF",
        "starter": "1",
        "oncourt": "0",
        "played": "1",
        "name": f"Made {number} Up Jr.",
        "nameI": "M. Up Jr.",
        "firstName": "Made",
        "familyName": "Up Jr.",
        "statistics": {**STATISTICS, **of_statistics, **more.pop("statistics", {})},
        **more,
    }


def box(number: str, *players: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A box score of one player a side, `players` those of the home team."""
    of_team = {"minutes": "PT240M00.00S", "reboundsPersonal": 40, "reboundsTotal": 48,
               "turnoversTotal": 12}  # fmt: skip
    sides = {
        name: {
            **{key: value for key, value in side(club).items() if key.startswith("team")},
            "score": 101,
            "inBonus": "0",
            "timeoutsRemaining": 2,
            "periods": [{"period": 1, "periodType": "REGULAR", "score": 25}],
            "players": list(listed),
            "statistics": {**STATISTICS, **of_team},
        }
        for name, club, listed in (
            ("homeTeam", HOME, players or (player(1),)),
            ("awayTeam", AWAY, (player(9),)),
        )
    }
    for one in sides.values():
        del one["teamSlug"]
    inner = {
        "gameId": number,
        "gameTimeUTC": "2024-01-10T00:30:00Z",
        "gameCode": "20240109/AAABBB",
        "gameStatus": 3,
        "gameStatusText": "Final",
        "period": 4,
        "arena": {"arenaId": 1, "arenaName": "Hall"},
        "officials": [],
        **sides,
        **more,
    }
    return {"meta": {"version": 1}, "game": inner}


def shot(number: int, **more: Any) -> dict[str, Any]:
    return {
        "actionNumber": number,
        "clock": "PT11M58.00S",
        "timeActual": "2024-01-10T00:41:00.5Z",
        "period": 1,
        "periodType": "REGULAR",
        "teamId": HOME,
        "teamTricode": "TWN",
        "actionType": "2pt",
        "subType": "Jump Shot",
        "qualifiers": ["2ndchance"],
        "personId": 1,
        "isFieldGoal": 1,
        "shotResult": "Made",
        "shotDistance": 3.97,
        "area": "Restricted Area",
        "areaDetail": "0-8 Center",
        "scoreHome": "2",
        "scoreAway": "0",
        "personIdsFilter": [1],
        **more,
    }


def plays(number: str, *shots: dict[str, Any]) -> dict[str, Any]:
    start = {"actionNumber": 2, "clock": "PT12M00.00S", "period": 1, "actionType": "period",
             "subType": "start", "personId": 0, "isFieldGoal": 0}  # fmt: skip
    free = {**start, "actionNumber": 8, "actionType": "freethrow", "shotResult": "Made"}
    return {"meta": {"version": 1}, "game": {"gameId": number, "actions": [start, free, *shots]}}
