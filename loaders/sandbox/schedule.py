"""The calendar: who meets whom, on which day, at what time, and which games are moved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import combinations

import numpy as np

from .clock import HOUR, eastern_midnights
from .league import (
    GAMES_BY_WEEKDAY,
    GAMES_PER_TEAM,
    POSTPONEMENTS_PER_SEASON,
    SEASONS,
    TEAMS,
    WORLD_FIRST_DAY,
    WORLD_LAST_DAY,
    Season,
)

# Eastern tip-off times in minutes after midnight, by the home city's zone.
TIP_MINUTES = {
    "E": (1140, 1140, 1140, 1170, 1170, 1200),
    "C": (1200, 1200, 1200, 1170, 1230, 1140),
    "M": (1260, 1260, 1260, 1290, 1320),
    "P": (1320, 1320, 1320, 1350, 1290, 1260),
}
MATINEE_MINUTES = (780, 900, 930, 1080)
NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True)
class Schedule:
    """One entry a game, ordered by the tip-off first published; instants in epoch seconds.

    `day` and `tip` are those at which the game is played; `first_*` those first published;
    `postponed_at` and `moved_at` are NEVER for games that keep their date.
    """

    season: np.ndarray
    home: np.ndarray
    away: np.ndarray
    day: np.ndarray
    tip: np.ndarray
    first_day: np.ndarray
    first_tip: np.ndarray
    postponed_at: np.ndarray
    moved_at: np.ndarray
    midnights: np.ndarray

    def __len__(self) -> int:
        return len(self.home)


def matchups(turn: int) -> np.ndarray:
    """(1230, 2) home and away team indices: 4, 3 or 2 meetings, 41 home games each.

    `turn` rotates which opponents of the conference are met three times.
    """
    divisions: dict[str, list[int]] = {}
    for team in TEAMS:
        divisions.setdefault(f"{team.conference}|{team.division}", []).append(team.team_id - 1)
    pairs: list[tuple[int, int]] = []
    for members in divisions.values():
        for one, two in combinations(members, 2):
            pairs += [(one, two), (two, one)] * 2
    for (key, left), (other, right) in combinations(divisions.items(), 2):
        same = key.split("|")[0] == other.split("|")[0]
        for i, one in enumerate(left):
            for j, two in enumerate(right):
                offset = (i - j + turn) % 5
                both = [(one, two), (two, one)]
                extra = {0: [(one, two)], 1: [(two, one)]}.get(offset, both) if same else []
                pairs += both + extra
    return np.array(pairs)


def _game_days(season: Season, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Day offsets with games, and how many games each should hold."""
    span = range((season.last_day - season.first_day).days + 1)
    dates = [season.first_day + timedelta(days=offset) for offset in span]
    open_days = [
        day
        for day in dates
        if day not in season.dark_days and not season.all_star_from <= day <= season.all_star_to
    ]
    weights = np.array([GAMES_BY_WEEKDAY[day.weekday()] for day in open_days], dtype=float)
    weights = np.maximum(weights + rng.integers(-2, 3, len(weights)), 3.0)
    weights[-1] = 15
    games = GAMES_PER_TEAM * len(TEAMS) // 2
    # A little more room than needed, because a greedy day cannot always be filled.
    targets = np.minimum(np.ceil(weights * 1.02 * games / weights.sum()), 15).astype(int)
    offsets = np.array([(day - WORLD_FIRST_DAY).days for day in open_days])
    return offsets, targets


def _place(
    pairs: np.ndarray, days: np.ndarray, targets: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Give each pairing a day: nobody twice a day, few back-to-backs, never three in a row."""
    teams, width = len(TEAMS), int(days.max()) + 2
    home, away = pairs.T
    placed = np.full(len(pairs), -1)
    played = np.zeros((teams, width), dtype=bool)
    left = np.full(teams, float(GAMES_PER_TEAM))
    last_met = np.full((teams, teams), -99)
    shares = targets[::-1].cumsum()[::-1] / targets.sum()
    for day, target, share in zip(days, targets, shares, strict=True):
        tired = played[:, day - 1]
        blocked = (tired & played[:, day - 2]) | (played[:, day - 4 : day].sum(axis=1) >= 3)
        behind = left - GAMES_PER_TEAM * share
        score = behind[home] + behind[away] - 0.6 * (tired[home] + 0.0 + tired[away])
        score += rng.normal(0, 0.6, len(pairs))
        score -= 3.0 * (day - last_met[home, away] < 6)
        score[(placed >= 0) | blocked[home] | blocked[away]] = -np.inf
        for _ in range(target):
            pick = int(score.argmax())
            if score[pick] == -np.inf:
                break
            one, two = pairs[pick]
            placed[pick] = day
            played[[one, two], day] = True
            left[[one, two]] -= 1
            last_met[one, two] = last_met[two, one] = day
            score[(home == one) | (away == one) | (home == two) | (away == two)] = -np.inf
    for pick in np.flatnonzero(placed < 0):
        free = free_days(played, *pairs[pick], days)
        placed[pick] = day = int(free[0])
        played[pairs[pick], day] = True
    return placed


def free_days(played: np.ndarray, one: int, two: int, days: np.ndarray) -> np.ndarray:
    """Days on which both teams are idle, those with idle neighbours and few games first.

    Raises ValueError if there is none.
    """
    busy = played[one] | played[two]
    idle = days[~busy[days]]
    if not len(idle):
        raise ValueError("the calendar has no common idle day for two teams")
    crowd = busy[idle - 1] * 10.0 + busy[idle + 1] * 10.0 + played[:, idle].sum(axis=0) / 2
    return idle[np.argsort(crowd, kind="stable")]


def _tip_offs(home: np.ndarray, day: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Minutes after Eastern midnight."""
    options = [TIP_MINUTES[TEAMS[team].zone] for team in home]
    draw = rng.random(len(home))
    minutes = np.array([row[int(u * len(row))] for row, u in zip(options, draw, strict=True)])
    weekend = (day + WORLD_FIRST_DAY.weekday()) % 7 >= 5
    matinee = weekend & (rng.random(len(home)) < 0.16)
    return np.where(matinee, rng.choice(MATINEE_MINUTES, len(home)), minutes)


def build_schedule(seed: int) -> Schedule:
    """The calendar of all seasons; a pure function of the seed."""
    rng = np.random.default_rng([seed, 1])
    midnights = eastern_midnights(WORLD_FIRST_DAY, WORLD_LAST_DAY)
    parts = []
    for turn, season in enumerate(SEASONS):
        pairs = matchups(turn)
        days, targets = _game_days(season, rng)
        first_day = _place(pairs, days, targets, rng)
        first_tip = midnights[first_day] + 60 * _tip_offs(pairs[:, 0], first_day, rng)
        order = np.lexsort((pairs[:, 0], first_tip))
        pairs, first_day, first_tip = pairs[order], first_day[order], first_tip[order]
        moves = _postpone(pairs, first_day, first_tip, days, midnights, rng)
        parts.append((np.full(len(pairs), season.year), *pairs.T, *moves, first_day, first_tip))
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    year, home, away, day, tip, postponed_at, moved_at, first_day, first_tip = columns
    return Schedule(
        year, home, away, day, tip, first_day, first_tip, postponed_at, moved_at, midnights
    )


def _postpone(
    pairs: np.ndarray,
    first_day: np.ndarray,
    first_tip: np.ndarray,
    days: np.ndarray,
    midnights: np.ndarray,
    rng: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Move a few mid-season games: day, tip-off, postponed_at, moved_at."""
    day, tip = first_day.copy(), first_tip.copy()
    postponed_at, moved_at = np.full(len(pairs), NEVER), np.full(len(pairs), NEVER)
    played = np.zeros((len(TEAMS), int(days.max()) + 2), dtype=bool)
    played[pairs.T, day] = True
    middle = np.flatnonzero((day > days[30]) & (day < days[-60]))
    for game in rng.choice(middle, POSTPONEMENTS_PER_SEASON, replace=False):
        later = days[(days > day[game] + 10) & (days < days[-5])]
        day[game] = int(free_days(played, *pairs[game], later)[0])
        played[pairs[game], first_day[game]] = False
        played[pairs[game], day[game]] = True
        tip[game] = midnights[day[game]] + 19 * HOUR + HOUR // 2
        postponed_at[game] = first_tip[game] - int(rng.integers(2 * HOUR, 26 * HOUR))
        moved_at[game] = midnights[first_day[game] + 3] + 16 * HOUR
    return day, tip, postponed_at, moved_at
