"""The whole simulated world, built once from a seed; everything else only reads it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from .expectation import Calibration, calibrate
from .injuries import Listings, build_injuries
from .league import DEFAULT_SEED, HALF_TIME_SECONDS, OVERTIME_SECONDS, PERIOD_ENDS
from .players import Players, build_players, roster_by_day
from .schedule import NEVER, Schedule, build_schedule
from .simulate import COLUMN, PERIODS, Setting, build_setting, play, points

GAME_ID_BASE, GAME_ID_STEP = 18_446_000, 1
STAT_ID_BASE = 30_100_000
ROWS_PER_GAME = 30
# Seconds after tip-off at which each period is over, overtimes included.
PERIOD_OVER = np.array([
    *PERIOD_ENDS,
    *(PERIOD_ENDS[-1] + OVERTIME_SECONDS * n for n in range(1, PERIODS - 3)),
])  # fmt: skip
LISTED_SECONDS = 3 * 24 * 3600


@dataclass(frozen=True)
class Events:
    """Betting events; a postponed game has two, one for each date. Instants in epoch seconds."""

    event_id: list[str]
    game: np.ndarray
    tip: np.ndarray
    commence: np.ndarray
    listed_from: np.ndarray
    gone_at: np.ndarray
    number: dict[str, int]


@dataclass(frozen=True)
class World:
    """All facts, past and future. `box` is cumulated over periods: (periods, N, 15, stats)."""

    seed: int
    schedule: Schedule
    players: Players
    setting: Setting
    out: np.ndarray
    listings: Listings
    box: np.ndarray
    periods: np.ndarray
    scores: np.ndarray
    calibration: Calibration
    events: Events

    @property
    def final_at(self) -> np.ndarray:
        """Epoch seconds at which each game is over."""
        return self.schedule.tip + PERIOD_OVER[self.periods - 1]

    def periods_over(self, game: np.ndarray, epoch: float) -> np.ndarray:
        """How many periods of each game are over, known strictly before `epoch`."""
        elapsed = epoch - self.schedule.tip[game]
        over = (PERIOD_OVER[None, :] < elapsed[:, None]).sum(axis=1)
        return np.minimum(over, self.periods[game])

    def status(self, game: int, epoch: float) -> tuple[str, int]:
        """Status text and period of a game that has tipped off."""
        over = int(self.periods_over(np.array([game]), epoch)[0])
        played = int(self.periods[game])
        if over == played:
            return "Final", played
        since = epoch - self.schedule.tip[game] - PERIOD_ENDS[1]
        if over == 2 and since <= HALF_TIME_SECONDS:
            return "Halftime", 2
        return ("1st Qtr", "2nd Qtr", "3rd Qtr", "4th Qtr", "OT", "2OT", "3OT")[over], over + 1


@lru_cache(maxsize=3)
def build_world(seed: int = DEFAULT_SEED) -> World:
    """Simulate everything; a pure function of the seed, kept in memory."""
    schedule = build_schedule(seed)
    players = build_players(seed)
    team = np.stack([schedule.home, schedule.away], axis=1).ravel()
    day, season = np.repeat(schedule.day, 2), np.repeat(schedule.season, 2)
    roster = roster_by_day(players)[day, team]
    out, listings = build_injuries(seed, roster, np.repeat(schedule.tip, 2), season)
    setting = build_setting(seed, players, roster, team, day, season)
    box, periods = play(seed, setting, out)
    box = box.cumsum(axis=0, dtype=np.int16)
    # A sixth foul ends a player's game.
    fouls = box[..., COLUMN["pf"]]
    np.minimum(fouls, 6, out=fouls)
    scores = points(box).sum(axis=2)
    return World(
        seed=seed,
        schedule=schedule,
        players=players,
        setting=setting,
        out=out,
        listings=listings,
        box=box,
        periods=periods,
        scores=scores.reshape(PERIODS, -1, 2),
        calibration=calibrate(setting, out, box[-1]),
        events=_events(seed, schedule),
    )


def _events(seed: int, schedule: Schedule) -> Events:
    """One event a game, and one more for each postponed game's first date."""
    games = np.arange(len(schedule))
    moved = schedule.moved_at < NEVER
    game = np.concatenate([games, games[moved]])
    tip = np.concatenate([schedule.tip, schedule.first_tip[moved]])
    soonest = np.where(moved, np.maximum(schedule.tip - LISTED_SECONDS, schedule.moved_at), 0)
    listed = np.where(moved, soonest, schedule.tip - LISTED_SECONDS)
    listed = np.concatenate([listed, schedule.first_tip[moved] - LISTED_SECONDS])
    # The books' start is often ten minutes after the announced tip-off.
    late = np.random.default_rng([seed, 6]).random(len(game)) < 0.12
    commence = tip + 600 * late
    gone = np.concatenate([commence[: len(games)], schedule.postponed_at[moved]])
    ids = [
        hashlib.md5(f"{seed}:{one}:{start}".encode(), usedforsecurity=False).hexdigest()
        for one, start in zip(game, tip, strict=True)
    ]
    order = np.argsort(commence, kind="stable")
    event_id = [ids[index] for index in order]
    return Events(
        event_id=event_id,
        game=game[order],
        tip=tip[order],
        commence=commence[order],
        listed_from=listed[order],
        gone_at=gone[order],
        number={key: index for index, key in enumerate(event_id)},
    )
