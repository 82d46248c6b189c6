"""Absences and how they become known: spells out, and the listings a feed shows at an instant."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .clock import HOUR
from .league import ROSTER_SIZE

STATUSES = ("Out", "Doubtful", "Questionable", "Day-To-Day", "Probable")
OUT, DOUBTFUL, QUESTIONABLE, DAY_TO_DAY, PROBABLE = range(len(STATUSES))
# Chance to play that the status stands for; the last entry is for players on no list.
PLAY_CHANCE = np.array([0.0, 0.15, 0.57, 0.7, 0.95, 1.0])
UNLISTED = len(STATUSES)
PARTS = ("ankle", "knee", "hamstring", "back", "illness", "calf", "wrist", "foot", "groin")
SPELLS_PER_SEASON = 2.9
MOST_ABSENT = 6
DAY = 24 * HOUR


@dataclass(frozen=True)
class Listings:
    """Intervals in which a player is listed, sorted by start: [start, end) in epoch seconds."""

    player: np.ndarray
    start: np.ndarray
    end: np.ndarray
    status: np.ndarray
    part: np.ndarray
    back_at: np.ndarray

    def at(self, epoch: float) -> np.ndarray:
        """Indices of the entries known strictly before `epoch`, at most one a player."""
        stop = int(np.searchsorted(self.start, epoch, side="left"))
        shown = np.flatnonzero(self.end[:stop] >= epoch)
        # The latest start wins; flipping makes `unique` keep the last entry of each player.
        _, last = np.unique(self.player[shown][::-1], return_index=True)
        return np.sort(shown[::-1][last])


def build_injuries(
    seed: int, roster: np.ndarray, tip: np.ndarray, season: np.ndarray
) -> tuple[np.ndarray, Listings]:
    """Who misses which game, and what the feed said when.

    roster: (N, 15) player index by team-game; tip and season: (N,).
    Returns out (N, 15) and the listings.
    """
    rng = np.random.default_rng([seed, 3])
    player = roster.ravel()
    when = np.repeat(tip, ROSTER_SIZE)
    order = np.lexsort((when, player))
    player, when = player[order], when[order]
    row = order // ROSTER_SIZE
    years = np.repeat(season, ROSTER_SIZE)[order]
    low, high = _spells(rng, player, when, years, row, len(roster))
    out = np.zeros(len(player), dtype=bool)
    steps = np.zeros(len(player) + 1, dtype=int)
    np.add.at(steps, low, 1)
    np.add.at(steps, high, -1)
    out[order] = steps[:-1].cumsum() > 0
    listings = _listings(rng, player, when, low, high, steps[:-1].cumsum() > 0)
    return out.reshape(roster.shape), listings


def _spells(
    rng: np.random.Generator,
    player: np.ndarray,
    when: np.ndarray,
    years: np.ndarray,
    row: np.ndarray,
    rows: int,
) -> tuple[np.ndarray, np.ndarray]:
    """Half-open ranges of missed entries in the (player, time) order, never touching."""
    span = np.int64(2) ** 36
    key = player.astype(np.int64) * span + when
    people = np.arange(player.max() + 1)
    lows, highs = [], []
    for year in np.unique(years):
        first, last = when[years == year].min(), when[years == year].max()
        who = np.repeat(people, rng.poisson(SPELLS_PER_SEASON, len(people)))
        start = rng.uniform(first - 10 * DAY, last, len(who))
        days = np.select(
            [rng.random(len(who)) < 0.55, rng.random(len(who)) < 0.67],
            [rng.uniform(0.5, 4, len(who)), rng.uniform(4, 16, len(who))],
            rng.uniform(16, 55, len(who)),
        )
        end = np.minimum(start + days * DAY, last + DAY)
        lows.append(np.searchsorted(key, who * span + np.maximum(start, first).astype(np.int64)))
        highs.append(np.searchsorted(key, who * span + end.astype(np.int64)))
    low, high = np.concatenate(lows), np.concatenate(highs)
    order = np.argsort(low, kind="stable")
    low, high = low[order], high[order]
    # Two spells of one player keep two played games between them, so that their news never mixes.
    before = np.concatenate([[-9], np.maximum.accumulate(high)[:-1]])
    keep = (high > low) & (low >= before + 2)
    low, high = low[keep], high[keep]
    while True:
        steps = np.zeros(len(player) + 1, dtype=int)
        np.add.at(steps, low, 1)
        np.add.at(steps, high, -1)
        absent = np.bincount(row[steps[:-1].cumsum() > 0], minlength=rows)
        crowded = np.concatenate([[0], (absent[row] > MOST_ABSENT).cumsum()])
        hit = crowded[high] > crowded[low]
        if not hit.any():
            return low, high
        # Cancel some of the spells that reach into a crowded game, and look again.
        drop = hit & (rng.random(len(low)) < 0.3)
        low, high = low[~drop], high[~drop]


def _listings(
    rng: np.random.Generator,
    player: np.ndarray,
    when: np.ndarray,
    low: np.ndarray,
    high: np.ndarray,
    out: np.ndarray,
) -> Listings:
    """News about every spell, about returns, and about players who were listed and played."""
    count, last = len(low), len(player) - 1
    previous = np.where(player[low - 1] == player[low], when[low - 1], 0)
    next_same = (high <= last) & (player[np.minimum(high, last)] == player[low])
    following = np.where(next_same, when[np.minimum(high, last)], when[high - 1] + 8 * DAY)
    soon = following - when[high - 1] < 20 * DAY
    back = np.where(soon, following, when[high - 1] + 8 * DAY)
    part = rng.integers(0, len(PARTS), count)

    status = rng.choice(5, count, p=[0.4, 0.1, 0.36, 0.11, 0.03])
    early = _pick(rng, count, (0.25, 0.45, 0.2), ((18, 28), (6, 9), (2, 4), (0.45, 1.1)))
    late = _pick(rng, count, (0.25, 0.45), ((4, 7), (1.3, 3.5), (0.45, 1.2)))
    lead = np.where(status == OUT, early, late)
    announced = np.maximum(when[low] - lead, previous + 5 * HOUR)
    doubted = np.maximum(announced - rng.uniform(2, 11, count) * HOUR, previous + 4 * HOUR)
    hinted = (status != OUT) & (doubted < announced)

    upgrade = back - rng.uniform(4, 20, count) * HOUR
    upgrade = np.maximum(upgrade, when[high - 1] + 4 * HOUR)
    cleared = np.maximum(back - rng.uniform(0.5, 2.5, count) * HOUR, upgrade + 60)
    back_status = rng.choice(5, count, p=[0.5, 0.0, 0.17, 0.13, 0.2])
    slow = back_status != OUT

    extra = np.flatnonzero(~out & (rng.random(len(player)) < 0.013))
    touched = np.concatenate([low - 1, low, high, high + 1])
    extra = extra[~np.isin(extra, touched)]
    told = when[extra] - rng.uniform(4, 20, len(extra)) * HOUR
    extra_status = rng.choice(5, len(extra), p=[0, 0.03, 0.4, 0.17, 0.4])
    # A few of these are settled before the game, the others stay listed while they play.
    settled = rng.random(len(extra)) < 0.4
    gone = np.where(settled, when[extra] - rng.uniform(0.4, 2, len(extra)) * HOUR, when[extra])
    gone = np.where(settled, gone, gone + 4 * HOUR)

    # The date of return is a guess, the vaguer the longer the absence.
    guess = back + rng.normal(0, 0.3, count) * (back - when[low])
    guess = np.maximum(guess, when[low] + DAY)
    blocks = [
        (player[low][hinted], doubted[hinted], announced[hinted], status[hinted], part[hinted],
         when[low][hinted]),
        (player[low], announced, upgrade, np.full(count, OUT), part, guess),
        (player[low][slow], upgrade[slow], cleared[slow], back_status[slow], part[slow],
         guess[slow]),
        (player[extra], told, gone, extra_status, rng.integers(0, len(PARTS), len(extra)),
         when[extra]),
    ]  # fmt: skip
    columns = [np.concatenate(column).astype(np.int64) for column in zip(*blocks, strict=True)]
    order = np.lexsort((columns[0], columns[1]))
    return Listings(*(column[order] for column in columns))


def _pick(
    rng: np.random.Generator,
    count: int,
    chances: tuple[float, ...],
    hours: tuple[tuple[float, float], ...],
) -> np.ndarray:
    """Seconds of lead, from one of several ranges of hours; the last range takes the rest."""
    kind = np.searchsorted(np.cumsum(chances), rng.random(count))
    low, high = np.array(hours).T
    return rng.uniform(low[kind], high[kind]) * HOUR
