"""ESPN's site API over the simulated world: scoreboard, summary and injuries, their shapes, quirks
and errors."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np

from .api_balldontlie import Balldontlie
from .clock import eastern_date
from .injuries import PARTS, STATUSES
from .league import TEAMS, WORLD_FIRST_DAY
from .players import team_at
from .reply import Query, Refusal, Reply
from .simulate import COLUMN, points
from .world import World

PREFIX = "/apis/site/v2/sports/basketball/nba/"
EVENT_ID_BASE, ATHLETE_ID_BASE, ATHLETE_ID_STEP = 401_700_000, 4_400_000, 7
# ESPN's id of each club of `league.TEAMS`, in their order.
TEAM_IDS = (1, 2, 17, 30, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 29, 14, 15, 16, 3, 18, 25, 19, 20, 21,
            22, 23, 24, 28, 26, 27)  # fmt: skip
CODES = {"GSW": "GS", "NYK": "NY", "NOP": "NO", "SAS": "SA", "UTA": "UTAH", "WAS": "WSH"}
# Whom it answers: `name/1.0 (+https://address)`, and the usual tools.
ANSWERED = re.compile(r"[\w.-]+/[\w.]+ \(\+https?://.+\)|(python-requests|curl)/.*")
NO_EVENTS = {"code": 400, "message": "Failed to get events endpoint."}
STATUS_OF = {
    "STATUS_SCHEDULED": ("1", "pre", False),
    "STATUS_IN_PROGRESS": ("2", "in", False),
    "STATUS_HALFTIME": ("23", "in", False),
    "STATUS_FINAL": ("3", "post", True),
    # completed, and never played
    "STATUS_POSTPONED": ("6", "post", True),
}
LABELS = {
    "MIN": "minutes",
    "PTS": "points",
    "FG": "fieldGoalsMade-fieldGoalsAttempted",
    "3PT": "threePointFieldGoalsMade-threePointFieldGoalsAttempted",
    "FT": "freeThrowsMade-freeThrowsAttempted",
    "REB": "rebounds",
    "AST": "assists",
    "TO": "turnovers",
    "STL": "steals",
    "BLK": "blocks",
    "OREB": "offensiveRebounds",
    "DREB": "defensiveRebounds",
    "PF": "fouls",
    "+/-": "plusMinus",
}
STARTERS = 5


def instant(epoch: float) -> str:
    """`2024-01-15T18:00Z`: without seconds."""
    return datetime.fromtimestamp(int(epoch), UTC).strftime("%Y-%m-%dT%H:%MZ")


class Espn:
    """Answers requests as of an instant; its people and its published games are balldontlie's."""

    def __init__(self, world: World, other: Balldontlie) -> None:
        self.world, self.people, self.published = world, other.people, other.published
        self.teams = [
            {
                "id": str(number),
                "location": team.city,
                "name": team.name,
                "abbreviation": CODES.get(team.abbreviation, team.abbreviation),
                "displayName": team.full_name,
            }
            for number, team in zip(TEAM_IDS, TEAMS, strict=True)
        ]

    def respond(self, path: str, query: Query, agent: str | None, epoch: float) -> Reply:
        """Answer one GET; `path` without the host, `epoch` the clock's instant."""
        if not ANSWERED.fullmatch(agent or ""):
            return Reply(403, "<HTML><TITLE>Access Denied</TITLE></HTML>")
        name = path.removeprefix(PREFIX)
        try:
            if name == "scoreboard":
                return self._scoreboard(query, epoch)
            if name == "summary":
                return self._summary(query, epoch)
            if name == "injuries":
                return self._injuries(epoch)
        except Refusal as refusal:
            return refusal.reply
        return Reply(404, {"code": 404, "message": "not found"})

    def _scoreboard(self, query: Query, epoch: float) -> Reply:
        schedule = self.world.schedule
        day = np.where(schedule.moved_at < epoch, schedule.day, schedule.first_day)
        asked = (query.get("dates") or [f"{eastern_date(epoch):%Y%m%d}"])[-1]
        first, last = _days(asked)
        chosen = (self.published < epoch) & (day >= first) & (day <= last)
        events = [self._event(game, epoch) for game in np.flatnonzero(chosen).tolist()]
        return Reply(200, {"leagues": [{"id": "46", "abbreviation": "NBA"}], "events": events})

    def _event(self, game: int, epoch: float) -> dict[str, Any]:
        schedule = self.world.schedule
        sides = [self.teams[int(team[game])] for team in (schedule.away, schedule.home)]
        competition = self._competition(game, epoch)
        return {
            "id": competition["id"],
            "date": competition["date"],
            "name": " at ".join(side["displayName"] for side in sides),
            "shortName": " @ ".join(side["abbreviation"] for side in sides),
            "season": {
                "year": int(schedule.season[game]) + 1,
                "type": 2,
                "slug": "regular-season",
            },
            "competitions": [competition],
            "status": competition["status"],
        }

    def _competition(self, game: int, epoch: float) -> dict[str, Any]:
        world, schedule = self.world, self.world.schedule
        moved = schedule.moved_at[game] < epoch
        tip = int(schedule.tip[game] if moved else schedule.first_tip[game])
        name, period, over = self._status(game, tip, epoch)
        number, state, completed = STATUS_OF[name]
        scores = world.scores[: max(over, 1), game] * (over > 0)
        quarters = np.diff(scores, axis=0, prepend=0)
        sides = [
            {
                "id": self.teams[int(team[game])]["id"],
                "homeAway": where,
                "score": str(int(scores[-1, side])),
                "linescores": [
                    {"value": float(value), "period": turn}
                    for turn, value in enumerate(quarters[:over, side].tolist(), start=1)
                ],
                "team": self.teams[int(team[game])],
            }
            for side, where, team in ((0, "home", schedule.home), (1, "away", schedule.away))
        ]
        return {
            "id": str(EVENT_ID_BASE + game),
            "date": instant(tip),
            "timeValid": name != "STATUS_POSTPONED",
            "neutralSite": False,
            "type": {"id": "1", "abbreviation": "STD"},
            # the order of the sides is nothing to rely on
            "competitors": sides[:: 1 if game % 2 else -1],
            "status": {
                "clock": 0.0,
                "displayClock": "0.0",
                "period": period,
                "type": {"id": number, "name": name, "state": state, "completed": completed},
            },
        }

    def _status(self, game: int, tip: int, epoch: float) -> tuple[str, int, int]:
        """ESPN's status, the period, and how many periods are over."""
        schedule = self.world.schedule
        if schedule.postponed_at[game] < epoch and not schedule.moved_at[game] < epoch:
            return "STATUS_POSTPONED", 0, 0
        if tip >= epoch:
            return "STATUS_SCHEDULED", 0, 0
        text, period = self.world.status(game, epoch)
        over = int(self.world.periods_over(np.array([game]), epoch)[0])
        named = {"Final": "STATUS_FINAL", "Halftime": "STATUS_HALFTIME"}
        return named.get(text, "STATUS_IN_PROGRESS"), period, over

    def _summary(self, query: Query, epoch: float) -> Reply:
        text = (query.get("event") or [""])[-1]
        game = int(text) - EVENT_ID_BASE if text.isdecimal() else -1
        if not 0 <= game < len(self.world.schedule) or self.published[game] >= epoch:
            return Reply(404, {"code": 404, "message": f"no event {text}"})
        competition = self._competition(game, epoch)
        over = max(len(side["linescores"]) for side in competition["competitors"])
        header = {"id": competition["id"], "competitions": [competition]}
        players = [self._side(2 * game + side, over) for side in (1, 0)] if over else []
        return Reply(200, {"boxscore": {"teams": [], "players": players}, "header": header})

    def _side(self, row: int, over: int) -> dict[str, Any]:
        world = self.world
        expected = np.where(world.out[row], -1.0, world.setting.minutes[row])
        starters = np.argsort(-expected, kind="stable")[:STARTERS].tolist()
        athletes = [self._line(row, slot, over, slot in starters) for slot in range(len(expected))]
        athletes.sort(key=lambda one: not one["starter"])
        block = {"names": [*LABELS], "keys": [*LABELS.values()], "labels": [*LABELS]}
        team = self.teams[int(world.setting.team[row])]
        return {"team": team, "statistics": [{**block, "athletes": athletes}]}

    def _line(self, row: int, slot: int, over: int, starter: bool) -> dict[str, Any]:
        world = self.world
        box = world.box[over - 1, row, slot]
        count = {name: int(box[at]) for name, at in COLUMN.items()}
        person = int(world.setting.roster[row, slot])
        stats = {
            "minutes": count["min"],
            "points": int(points(box)),
            LABELS["FG"]: f"{count['fgm']}-{count['fga']}",
            LABELS["3PT"]: f"{count['fg3m']}-{count['fg3a']}",
            LABELS["FT"]: f"{count['ftm']}-{count['fta']}",
            "rebounds": count["oreb"] + count["dreb"],
            "assists": count["ast"],
            "turnovers": count["turnover"],
            "steals": count["stl"],
            "blocks": count["blk"],
            "offensiveRebounds": count["oreb"],
            "defensiveRebounds": count["dreb"],
            "fouls": count["pf"],
            "plusMinus": f"{count['plus_minus']:+d}" if count["plus_minus"] else "0",
        }
        has_played = count["min"] > 0
        return {
            "active": False,
            "athlete": {**self._athlete(person), "id": self._athlete_id(person)},
            "starter": starter and has_played,
            "didNotPlay": not has_played,
            # also of those who did play, as ESPN has it
            "reason": "INJURY" if world.out[row, slot] else "COACH'S DECISION",
            "ejected": False,
            "stats": [str(stats[key]) for key in LABELS.values()] if has_played else [],
        }

    def _athlete_id(self, person: int) -> str:
        return str(ATHLETE_ID_BASE + ATHLETE_ID_STEP * person)

    def _athlete(self, person: int) -> dict[str, Any]:
        one = self.people[person]
        position = {"abbreviation": one["position"][:1]}
        return {"displayName": f"{one['first_name']} {one['last_name']}", "position": position}

    def _injuries(self, epoch: float) -> Reply:
        world = self.world
        team = team_at(world.players, world.schedule.midnights, epoch)
        shown = world.listings.at(epoch)
        of_team = team[world.listings.player[shown]]
        listed = [
            {
                "id": self.teams[club]["id"],
                "displayName": self.teams[club]["displayName"],
                "injuries": [self._report(entry) for entry in shown[of_team == club].tolist()],
            }
            for club in np.unique(of_team[of_team >= 0]).tolist()
        ]
        return Reply(200, {"timestamp": instant(epoch), "injuries": listed})

    def _report(self, entry: int) -> dict[str, Any]:
        listings = self.world.listings
        person, part = int(listings.player[entry]), PARTS[int(listings.part[entry])]
        status, told = STATUSES[int(listings.status[entry])], instant(listings.start[entry])
        link = f"https://www.espn.com/nba/player/_/id/{self._athlete_id(person)}/x"
        last_name = self.people[person]["last_name"]
        return {
            "id": str(entry),
            "status": status,
            "date": told,
            "shortComment": f"{last_name} ({part}) is {status.lower()}.",
            "longComment": f"{last_name} is listed as {status.lower()} with his {part}.",
            # no id of his own here: his links have it
            "athlete": {
                **self._athlete(person),
                "links": [{"rel": ["playercard"], "href": link}],
            },
            "type": {"name": f"INJURY_STATUS_{status.upper()}"},
            "details": {
                "type": part.title(),
                "returnDate": f"{eastern_date(listings.back_at[entry])}",
            },
        }


def _days(text: str) -> tuple[int, int]:
    """First and last day offset of `YYYYMMDD` or `YYYYMM`; Refusal 400 for all else, ranges too."""
    try:
        if re.fullmatch("[0-9]{6}", text):
            first = date(int(text[:4]), int(text[4:]), 1)
            last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        elif re.fullmatch("[0-9]{8}", text):
            first = last = date.fromisoformat(text)
        else:
            raise ValueError(text)
    except ValueError as error:
        raise Refusal(Reply(400, NO_EVENTS)) from error
    return (first - WORLD_FIRST_DAY).days, (last - WORLD_FIRST_DAY).days
