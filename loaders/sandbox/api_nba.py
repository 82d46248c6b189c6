"""NBA.com's static files over the simulated world: schedule, box scores and play-by-play, with the
ids, times and refusals of the real ones."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np

from .api_balldontlie import Balldontlie
from .clock import EASTERN, HOUR, iso
from .league import TEAMS, WORLD_FIRST_DAY
from .names import league_spelling
from .nba_shots import field_goals
from .reply import Reply
from .simulate import COLUMN, points
from .world import World

PREFIX = "/static/json/"
SCHEDULE = f"{PREFIX}staticData/scheduleLeagueV2.json"
FILE = re.compile(rf"{PREFIX}liveData/(boxscore|playbyplay)/\1_([0-9]{{10}})\.json")
PERSON_ID_BASE, PERSON_ID_STEP = 1_640_000, 7
# The league's id of each club of `league.TEAMS`, in their order.
TEAM_IDS = tuple(1_610_612_700 + number for number in (
    37, 38, 51, 66, 41, 39, 42, 43, 65, 44, 45, 54, 46, 47, 63, 48, 49, 50, 40, 52, 60, 53, 55, 56,
    57, 58, 59, 61, 62, 64))  # fmt: skip
SCHEDULED, RUNNING, FINAL = 1, 2, 3
BEHIND_EASTERN = {"E": 0, "C": 1, "M": 2, "P": 3}
STARTERS, STARTING = 5, ("SF", "PF", "C", "SG", "PG")
COUNTS = {
    "assists": "ast",
    "blocks": "blk",
    "fieldGoalsAttempted": "fga",
    "fieldGoalsMade": "fgm",
    "foulsPersonal": "pf",
    "freeThrowsAttempted": "fta",
    "freeThrowsMade": "ftm",
    "reboundsDefensive": "dreb",
    "reboundsOffensive": "oreb",
    "steals": "stl",
    "threePointersAttempted": "fg3a",
    "threePointersMade": "fg3m",
    "turnovers": "turnover",
}
DENIED = '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AccessDenied</Code></Error>'


def denied() -> Reply:
    """What a refused caller gets, and who asks for a file that is not there."""
    return Reply(403, DENIED)


class NbaCom:
    """Answers requests as of an instant; its people and its published games are balldontlie's."""

    def __init__(self, world: World, other: Balldontlie) -> None:
        self.world, self.published = world, other.published
        self.names = [
            league_spelling(index, *world.players.names[index])
            for index in range(len(world.players))
        ]
        season = world.schedule.season
        number = np.arange(len(season)) - np.searchsorted(season, season) + 1
        self.game_ids = [
            f"002{year % 100}{count:05d}"
            for year, count in zip(season.tolist(), number.tolist(), strict=True)
        ]
        self.number = {game_id: game for game, game_id in enumerate(self.game_ids)}

    def respond(self, path: str, headers: Mapping[str, str], epoch: float) -> Reply:
        """Answer one GET; `path` without the host, `epoch` the clock's instant."""
        referer, agent = headers.get("Referer") or "", headers.get("User-Agent") or ""
        if not (referer.startswith("https://www.nba.com") and agent.startswith("Mozilla/")):
            return denied()
        if path == SCHEDULE:
            return self._schedule(epoch)
        file = FILE.fullmatch(path)
        game = self.number.get(file[2]) if file else None
        if file is None or game is None or self._state(game, epoch)[0] == SCHEDULED:
            return denied()
        over = int(self.world.periods_over(np.array([game]), epoch)[0])
        inner = self._box(game, epoch, over) if file[1] == "boxscore" else self._plays(game, over)
        return Reply(200, {"meta": self._meta(path, epoch), "game": inner})

    def _meta(self, path: str, epoch: float) -> dict[str, Any]:
        return {"version": 1, "code": 200, "request": path, "time": iso(epoch)}

    def _state(self, game: int, epoch: float) -> tuple[int, str, int]:
        """Status, its text, and the tip-off that is known."""
        world, schedule = self.world, self.world.schedule
        moved = schedule.moved_at[game] < epoch
        tip = int(schedule.tip[game] if moved else schedule.first_tip[game])
        if schedule.postponed_at[game] < epoch and not moved:
            return SCHEDULED, "PPD", tip
        if tip >= epoch:
            half = f"{_wall(tip):%p}".lower()
            return SCHEDULED, f"{_wall(tip):%I:%M} {half} ET".lstrip("0"), tip
        text, period = world.status(game, epoch)
        if text != "Final":
            return RUNNING, f"Q{period}" if period <= 4 else f"OT{period - 4}", tip
        overtimes = period - 4
        return (
            FINAL,
            "Final" + ("/OT" if overtimes else "") + (str(overtimes) * (overtimes > 1)),
            tip,
        )

    def _schedule(self, epoch: float) -> Reply:
        season = self.world.schedule.season[self.published < epoch]
        if not len(season):
            return denied()
        year = int(season.max())
        days: dict[date, list[dict[str, Any]]] = {}
        for game in np.flatnonzero(self.world.schedule.season == year).tolist():
            days.setdefault(self._day(game, epoch), []).append(self._game(game, epoch))
        dates = [
            {"gameDate": f"{day:%m/%d/%Y} 00:00:00", "games": days[day]} for day in sorted(days)
        ]
        dates.append(_undecided(year))
        return Reply(200, {
            "meta": self._meta(SCHEDULE, epoch),
            "leagueSchedule": {
                "seasonYear": f"{year}-{(year + 1) % 100:02d}",
                "leagueId": "00",
                "gameDates": dates,
                "weeks": [],
                "broadcasterList": [],
            },
        })  # fmt: skip

    def _day(self, game: int, epoch: float) -> date:
        schedule = self.world.schedule
        known = schedule.day if schedule.moved_at[game] < epoch else schedule.first_day
        return WORLD_FIRST_DAY + timedelta(days=int(known[game]))

    def _game(self, game: int, epoch: float) -> dict[str, Any]:
        world, schedule = self.world, self.world.schedule
        status, text, tip = self._state(game, epoch)
        over = int(world.periods_over(np.array([game]), epoch)[0]) if status != SCHEDULED else 0
        scores = world.scores[over - 1, game].tolist() if over else [0, 0]
        sides = [int(schedule.home[game]), int(schedule.away[game])]
        home, away = (
            {**_team(side), "teamSlug": TEAMS[side].name.lower().replace(" ", ""), "wins": 0,
             "losses": 0, "score": score, "seed": 0}
            for side, score in zip(sides, scores, strict=True)
        )  # fmt: skip
        return {
            "gameId": self.game_ids[game],
            "gameStatus": status,
            "gameStatusText": text,
            "gameCode": _code(self._day(game, epoch), sides),
            **_times(self._day(game, epoch), tip, [TEAMS[side].zone for side in sides]),
            **_particulars(),
            "postponedStatus": "P" if text == "PPD" else "N",
            "homeTeam": home,
            "awayTeam": away,
        }

    def _box(self, game: int, epoch: float, over: int) -> dict[str, Any]:
        world, schedule = self.world, self.world.schedule
        status, text, tip = self._state(game, epoch)
        sides = [int(schedule.home[game]), int(schedule.away[game])]
        home, away = (self._side(2 * game + n, side, over) for n, side in enumerate(sides))
        played = min(over + (status == RUNNING), int(world.periods[game]))
        return {
            "gameId": self.game_ids[game],
            "gameTimeLocal": _wall(tip).isoformat(),
            "gameTimeUTC": iso(tip),
            "gameTimeHome": _wall(tip).isoformat(),
            "gameTimeAway": _wall(tip).isoformat(),
            "gameEt": _wall(tip).isoformat(),
            "duration": 140,
            "gameCode": _code(self._day(game, epoch), sides),
            "gameStatusText": text,
            "gameStatus": status,
            "regulationPeriods": 4,
            "period": played,
            "gameClock": "PT00M00.00S",
            "attendance": 18000,
            "sellout": "0",
            "arena": {"arenaId": sides[0] + 1, "arenaName": f"{TEAMS[sides[0]].city} Hall"},
            "officials": [],
            "homeTeam": home,
            "awayTeam": away,
        }

    def _side(self, row: int, team: int, over: int) -> dict[str, Any]:
        """A team of a box score after `over` periods; zeros before the first one is over."""
        world = self.world
        lines = world.box[max(over, 1) - 1, row] * (over > 0)
        ready = np.where(world.out[row], -1.0, world.setting.minutes[row])
        starters = np.argsort(-ready, kind="stable")[:STARTERS].tolist()
        players = [self._player(row, slot, lines[slot], starters) for slot in range(len(lines))]
        players.sort(key=lambda one: (one["status"] != "ACTIVE", one["starter"] == "0"))
        numbered = [{**one, "order": order} for order, one in enumerate(players, start=1)]
        total = lines.sum(axis=0)
        counts = _counts(total)
        return {
            **_team(team),
            "score": counts["points"],
            "inBonus": "0",
            "timeoutsRemaining": 2,
            "periods": [],
            "players": numbered,
            "statistics": {
                **counts,
                "minutes": f"PT{int(total[COLUMN['min']])}M00.00S",
                "reboundsPersonal": counts["reboundsTotal"],
                "reboundsTeam": 8,
                "reboundsTotal": counts["reboundsTotal"] + 8,
                "turnoversTeam": 1,
                "turnoversTotal": counts["turnovers"] + 1,
            },
        }

    def _player(self, row: int, slot: int, line: np.ndarray, starters: list[int]) -> dict[str, Any]:
        person, out = int(self.world.setting.roster[row, slot]), bool(self.world.out[row, slot])
        first, last = self.names[person]
        minutes = int(line[COLUMN["min"]])
        starts = slot in starters
        why = {"notPlayingReason": "INACTIVE_INJURY" if out else "DNP_COACH"}
        return {
            "status": "INACTIVE" if out else "ACTIVE",
            **({} if minutes or starts else why),
            "personId": PERSON_ID_BASE + PERSON_ID_STEP * person,
            "jerseyNum": self.world.players.details[person]["jersey_number"],
            **({"position": STARTING[starters.index(slot)]} if starts else {}),
            "starter": str(int(starts)),
            "oncourt": "0",
            "played": str(int(minutes > 0)),
            "name": f"{first} {last}",
            "nameI": f"{first[0]}. {last}",
            "firstName": first,
            "familyName": last,
            "statistics": {
                **_counts(line),
                "minutes": f"PT{minutes:02d}M00.00S",
                "minutesCalculated": f"PT{minutes:02d}M",
                "plusMinusPoints": float(line[COLUMN["plus_minus"]]),
            },
        }

    def _plays(self, game: int, over: int) -> dict[str, Any]:
        world, schedule = self.world, self.world.schedule
        rows = [2 * game, 2 * game + 1]
        made = field_goals(world.seed, game, world.box[:over, rows])
        people = PERSON_ID_BASE + PERSON_ID_STEP * world.setting.roster[rows]
        clubs = [int(schedule.home[game]), int(schedule.away[game])]
        actions = [
            {
                **{name: value for name, value in one.items() if name not in ("side", "slot")},
                **({} if one["side"] is None else {
                    "personId": int(people[one["side"], one["slot"]]),
                    "teamId": TEAM_IDS[clubs[one["side"]]],
                    "teamTricode": TEAMS[clubs[one["side"]]].abbreviation,
                }),
            }
            for one in made
        ]  # fmt: skip
        return {"gameId": self.game_ids[game], "actions": actions}


def _counts(line: np.ndarray) -> dict[str, int]:
    found = {theirs: int(line[COLUMN[ours]]) for theirs, ours in COUNTS.items()}
    rebounds = found["reboundsOffensive"] + found["reboundsDefensive"]
    return {**found, "reboundsTotal": rebounds, "points": int(points(line))}


def _team(index: int) -> dict[str, Any]:
    team = TEAMS[index]
    return {
        "teamId": TEAM_IDS[index],
        "teamName": team.name,
        "teamCity": team.city,
        "teamTricode": team.abbreviation,
    }


def _wall(epoch: float) -> datetime:
    return datetime.fromtimestamp(int(epoch), EASTERN)


def _code(day: date, sides: list[int]) -> str:
    """`20260114/NYKBOS`: the visitors first."""
    return f"{day:%Y%m%d}/{TEAMS[sides[1]].abbreviation}{TEAMS[sides[0]].abbreviation}"


def _times(day: date, tip: int, zones: list[str]) -> dict[str, str]:
    """The times of a game: one is UTC, the others are local and say Z all the same."""
    form = "%Y-%m-%dT%H:%M:%SZ"
    local = [_wall(tip - HOUR * BEHIND_EASTERN[zone]).strftime(form) for zone in zones]
    midnight = int(datetime(day.year, day.month, day.day, tzinfo=EASTERN).timestamp())
    return {
        "gameDateEst": f"{day:%Y-%m-%d}T00:00:00Z",
        "gameTimeEst": f"1900-01-01T{_wall(tip):%H:%M:%S}Z",
        "gameDateTimeEst": _wall(tip).strftime(form),
        "gameDateUTC": iso(midnight),
        "gameTimeUTC": f"1900-01-01T{iso(tip)[11:]}",
        "gameDateTimeUTC": iso(tip),
        "homeTeamTime": local[0],
        "awayTeamTime": local[1],
        "day": f"{day:%a}",
    }


def _particulars() -> dict[str, Any]:
    texts = ("weekName", "seriesGameNumber", "seriesText", "gameLabel", "gameSubLabel",
             "gameSubtype", "arenaName", "arenaCity", "arenaState", "branchLink")  # fmt: skip
    return {
        **dict.fromkeys(texts, ""),
        "gameSequence": 1,
        "ifNecessary": False,
        "isNeutral": False,
        "broadcasters": {"nationalTvBroadcasters": []},
        "pointsLeaders": [],
    }


def _undecided(year: int) -> dict[str, Any]:
    """The day of the first play-off game, whose teams nobody knows yet."""
    day = date(year + 1, 4, 18)
    midnight = int(datetime(day.year, day.month, day.day, tzinfo=EASTERN).timestamp())
    nobody = {"teamId": 0, "teamName": "", "teamCity": "", "teamTricode": "", "teamSlug": "",
              "wins": 0, "losses": 0, "score": 0, "seed": 0}  # fmt: skip
    game = {
        "gameId": f"004{year % 100}00101",
        "gameStatus": SCHEDULED,
        "gameStatusText": "TBD",
        "gameCode": f"{day:%Y%m%d}/TBDTBD",
        **_times(day, midnight, ["E", "E"]),
        **_particulars(),
        "postponedStatus": "N",
        "homeTeam": nobody,
        "awayTeam": nobody,
    }
    return {"gameDate": f"{day:%m/%d/%Y} 00:00:00", "games": [game]}
