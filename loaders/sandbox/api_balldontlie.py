"""balldontlie v1 over the simulated world: the documented paths, parameters, shapes and errors."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np

from .clock import iso, iso_ms
from .injuries import PARTS, STATUSES
from .league import DEFUNCT_TEAMS, SEASONS, TEAMS, WORLD_FIRST_DAY
from .paging import day_offset, numbers, one, page
from .players import first_day_of, team_at
from .reply import Query, Refusal, Reply
from .simulate import COLUMN, points
from .world import GAME_ID_BASE, ROWS_PER_GAME, STAT_ID_BASE, World

PREFIX = "/nba/v1/"
PUBLISHED_SECONDS = 70 * 24 * 3600
FREE = ("teams", "players", "games")
TIERS = ("free", "all-star")
COUNTS = ("fgm", "fga", "fg3m", "fg3a", "ftm", "fta", "oreb", "dreb", "ast", "stl", "blk",
          "turnover", "pf", "plus_minus")  # fmt: skip


def _day_text(offset: int) -> str:
    return (WORLD_FIRST_DAY + timedelta(days=int(offset))).isoformat()


class Balldontlie:
    """Answers requests as of an instant; holds no state besides the world."""

    def __init__(self, world: World, key: str, tier: str = "all-star") -> None:
        self.world, self.key, self.tier = world, key, tier
        self.teams = [
            {
                "id": team.team_id,
                "conference": team.conference,
                "division": team.division,
                "city": team.city,
                "name": team.name,
                "full_name": team.full_name,
                "abbreviation": team.abbreviation,
            }
            for team in TEAMS
        ]
        self.people = [
            {
                "id": int(player_id),
                "first_name": first,
                "last_name": last,
                "position": position,
                **details,
            }
            for player_id, (first, last), position, details in zip(
                world.players.player_id,
                world.players.names,
                world.players.position,
                world.players.details,
                strict=True,
            )
        ]
        self.since = world.schedule.midnights[first_day_of(world.players)]
        opening = {
            season.year: world.schedule.tip[world.schedule.season == season.year].min()
            for season in SEASONS
        }
        self.published = np.array([opening[year] for year in world.schedule.season.tolist()])
        self.published = self.published - PUBLISHED_SECONDS

    def respond(self, path: str, query: Query, authorization: str | None, epoch: float) -> Reply:
        """Answer one GET; `path` without the host, `epoch` the clock's instant."""
        if (authorization or "").removeprefix("Bearer ") != self.key:
            return Reply(401, "Unauthorized")
        name, _, identity = path.removeprefix(PREFIX).strip("/").partition("/")
        if self.tier == "free" and (name not in FREE or identity == "active"):
            return Reply(401, "Unauthorized")
        try:
            return self._route(name, identity, query, epoch)
        except Refusal as refusal:
            return refusal.reply

    def _route(self, name: str, identity: str, query: Query, epoch: float) -> Reply:
        if name == "teams":
            return self._teams(identity, query)
        if name == "players":
            return self._players(identity, query, epoch)
        if name == "games":
            return self._games(identity, query, epoch)
        if name == "stats" and not identity:
            return self._stats(query, epoch)
        if name == "player_injuries" and not identity:
            return self._injuries(query, epoch)
        return Reply(404, {"error": "Not found"})

    def _teams(self, identity: str, query: Query) -> Reply:
        blank = {"conference": "    ", "division": ""}
        old = [
            {"id": number, **blank, "city": city, "name": name, "full_name": f"{city} {name}",
             "abbreviation": short}
            for number, short, city, name in DEFUNCT_TEAMS
        ]  # fmt: skip
        rows = [
            team
            for team in self.teams + old
            if all(team[key] in query.get(key, [team[key]]) for key in ("conference", "division"))
        ]
        return one(rows, identity) if identity else Reply(200, {"data": rows})

    def _players(self, identity: str, query: Query, epoch: float) -> Reply:
        team = team_at(self.world.players, self.world.schedule.midnights, epoch)
        last = np.where(team >= 0, team, self._last_team(epoch))
        shown = self.since < epoch
        if identity == "active":
            shown &= team >= 0
        ids = numbers(query, "team_ids[]")
        if ids:
            shown &= np.isin(last + 1, ids)
        if numbers(query, "player_ids[]"):
            shown &= np.isin(self.world.players.player_id, numbers(query, "player_ids[]"))
        rows = np.flatnonzero(shown)
        for key in ("first_name", "last_name", "search"):
            for wanted in query.get(key, []):
                rows = [row for row in rows if wanted.lower() in self._name(row, key).lower()]
        make = [int(row) for row in rows]
        if identity and identity != "active":
            people = [self._player(row, last) for row in make]
            return one(people, identity)
        return page(make, [self.people[row]["id"] for row in make], query,
                     lambda row: self._player(row, last))  # fmt: skip

    def _name(self, row: int, key: str) -> str:
        person = self.people[row]
        return person.get(key) or f"{person['first_name']} {person['last_name']}"

    def _player(self, row: int, team: np.ndarray) -> dict[str, Any]:
        return {**self.people[row], "team": self.teams[team[row]]}

    def _last_team(self, epoch: float) -> np.ndarray:
        """Team of those no longer under contract: the last one they had."""
        team_of = self.world.players.team_of
        today = int(np.searchsorted(self.world.schedule.midnights, epoch)) - 1
        known = team_of[:, : max(today, 0) + 1] >= 0
        latest = known.shape[1] - 1 - known[:, ::-1].argmax(axis=1)
        return np.maximum(team_of[np.arange(len(team_of)), latest], 0)

    def _chosen_games(self, query: Query, epoch: float) -> np.ndarray:
        """Mask of games that match the filters, by the date that is known at the instant."""
        schedule = self.world.schedule
        chosen = self.published < epoch
        day = self._known_day(epoch)
        dates = [day_offset(text) for text in query.get("dates[]", [])]
        if dates:
            chosen = chosen & np.isin(day, dates)
        for text in query.get("start_date", []):
            chosen = chosen & (day >= day_offset(text))
        for text in query.get("end_date", []):
            chosen = chosen & (day <= day_offset(text))
        if numbers(query, "seasons[]"):
            chosen = chosen & np.isin(schedule.season, numbers(query, "seasons[]"))
        if query.get("postseason", ["false"])[-1] == "true":
            chosen = chosen & False
        return chosen

    def _known_day(self, epoch: float) -> np.ndarray:
        schedule = self.world.schedule
        return np.where(schedule.moved_at < epoch, schedule.day, schedule.first_day)

    def _games(self, identity: str, query: Query, epoch: float) -> Reply:
        schedule = self.world.schedule
        chosen = self._chosen_games(query, epoch)
        ids = numbers(query, "team_ids[]")
        if ids:
            chosen &= np.isin(schedule.home + 1, ids) | np.isin(schedule.away + 1, ids)
        rows = np.flatnonzero(chosen).tolist()
        if identity:
            rows = [row for row in rows if str(GAME_ID_BASE + row) == identity]
            return one([self._game(row, epoch) for row in rows], identity)
        keys = [GAME_ID_BASE + row for row in rows]
        return page(rows, keys, query, lambda row: self._game(row, epoch))

    def _game(self, game: int, epoch: float, nested: bool = False) -> dict[str, Any]:
        schedule = self.world.schedule
        moved = schedule.moved_at[game] < epoch
        postponed = bool(schedule.postponed_at[game] < epoch and not moved)
        kept = moved or schedule.postponed_at[game] >= epoch
        tip = int(schedule.tip[game] if moved else schedule.first_tip[game])
        status, period, home, away = iso(tip), 0, 0, 0
        if tip < epoch and kept:
            status, period = self.world.status(game, epoch)
            over = int(self.world.periods_over(np.array([game]), epoch)[0])
            if over:
                home, away = self.world.scores[over - 1, game].tolist()
        row = {
            "id": GAME_ID_BASE + game,
            "date": _day_text(self._known_day(epoch)[game]),
            "season": int(schedule.season[game]),
            "status": "Postponed" if postponed else status,
            "period": period,
            "time": "Final" if status == "Final" else "",
            "postseason": False,
            "postponed": postponed,
            "home_team_score": home,
            "visitor_team_score": away,
            "datetime": iso_ms(tip),
            "ist_stage": None,
        }
        left, right = int(schedule.home[game]), int(schedule.away[game])
        if nested:
            return {**row, "home_team_id": left + 1, "visitor_team_id": right + 1}
        return {**row, "home_team": self.teams[left], "visitor_team": self.teams[right]}

    def _stats(self, query: Query, epoch: float) -> Reply:
        world = self.world
        chosen = self._chosen_games(query, epoch) & (world.schedule.tip < epoch)
        ids = numbers(query, "game_ids[]")
        if ids:
            chosen &= np.isin(GAME_ID_BASE + np.arange(len(chosen)), ids)
        games = np.flatnonzero(chosen)
        rows = (games[:, None] * ROWS_PER_GAME + np.arange(ROWS_PER_GAME)).ravel()
        people = numbers(query, "player_ids[]")
        if people:
            who = world.players.player_id[world.setting.roster.ravel()[rows]]
            rows = rows[np.isin(who, people)]
        nested: dict[int, tuple[dict[str, Any], int]] = {}

        def make(row: int) -> dict[str, Any]:
            game = row // ROWS_PER_GAME
            if game not in nested:
                over = int(world.periods_over(np.array([game]), epoch)[0])
                nested[game] = (self._game(game, epoch, nested=True), over)
            return self._line(row, *nested[game])

        return page(rows, STAT_ID_BASE + rows, query, make)

    def _line(self, row: int, game: dict[str, Any], over: int) -> dict[str, Any]:
        """One stat row after `over` periods; zeros before the first one is over."""
        world = self.world
        side, slot = divmod(row, ROWS_PER_GAME // 2)
        line = world.box[max(over, 1) - 1, side, slot] * (over > 0)
        value = line.tolist()
        count = {name: value[COLUMN[name]] for name in COUNTS}
        person = int(world.setting.roster[side, slot])
        team = int(world.setting.team[side])
        return {
            "id": STAT_ID_BASE + row,
            "min": f"{value[0]:02d}",
            **count,
            "fg_pct": _ratio(count["fgm"], count["fga"]),
            "fg3_pct": _ratio(count["fg3m"], count["fg3a"]),
            "ft_pct": _ratio(count["ftm"], count["fta"]),
            "reb": count["oreb"] + count["dreb"],
            "pts": int(points(line)),
            "player": {**self.people[person], "team_id": team + 1},
            "team": self.teams[team],
            "game": game,
        }

    def _injuries(self, query: Query, epoch: float) -> Reply:
        world = self.world
        listings = world.listings
        team = team_at(world.players, world.schedule.midnights, epoch)
        shown = listings.at(epoch)
        shown = shown[team[listings.player[shown]] >= 0]
        shown = shown[np.argsort(listings.player[shown], kind="stable")]
        if numbers(query, "team_ids[]"):
            shown = shown[np.isin(team[listings.player[shown]] + 1, numbers(query, "team_ids[]"))]
        if numbers(query, "player_ids[]"):
            wanted = numbers(query, "player_ids[]")
            shown = shown[np.isin(world.players.player_id[listings.player[shown]], wanted)]

        def make(entry: int) -> dict[str, Any]:
            person = self.people[int(listings.player[entry])]
            status = STATUSES[int(listings.status[entry])]
            told = _short(listings.start[entry])
            part = PARTS[int(listings.part[entry])]
            return {
                "player": {**person, "team_id": int(team[listings.player[entry]]) + 1},
                "return_date": _short(listings.back_at[entry]),
                "description": f"{told}: {person['last_name']} ({part}) is {status.lower()}.",
                "status": status,
            }

        keys = world.players.player_id[listings.player[shown]]
        return page(shown, keys, query, make)


def _short(epoch: float) -> str:
    """`Jan 17`: the month and day, without a year, as the API gives it."""
    day = date.fromisoformat(iso(epoch)[:10])
    return f"{day:%b} {day.day}"


def _ratio(made: int, tried: int) -> float | int:
    return made / tried if tried else 0
