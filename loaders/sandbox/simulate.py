"""Play every game, quarter by quarter: whole box lines out of minutes, usage, rates and chance.

A row is a team-game: rows 2g and 2g + 1 are the home and the away side of game g, so the opponent
of row i is row i ^ 1. Arrays of shape (N, 15) hold the fifteen players under contract.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .league import MAX_OVERTIMES, ROSTER_SIZE, TEAMS
from .players import Players

STATS = (
    "min", "fgm", "fga", "fg3m", "fg3a", "ftm", "fta", "oreb", "dreb", "ast", "stl", "blk",
    "turnover", "pf", "plus_minus",
)  # fmt: skip
COLUMN = {name: index for index, name in enumerate(STATS)}
PERIODS = 4 + MAX_OVERTIMES

# League means a team and 48 minutes.
ATTEMPTS, FREE_TRIPS, TURNOVERS, FOULS = 88.3, 22.2, 13.2, 19.0
ASSISTED, OFFENSIVE, DEFENSIVE = 0.623, 0.215, 0.865
STOLEN, BLOCKED = 0.575, 0.215
HOME_EDGE, TIRED_EDGE = 0.012, 0.012
SHARE_CAP = 0.85
# How much of its shooting a team loses for each point it leads by at the start of a period.
EASE = 0.003


@dataclass(frozen=True)
class Setting:
    """What is true of every team-game before the ball goes up: (N,) or (N, 15) arrays."""

    roster: np.ndarray
    team: np.ndarray
    tired: np.ndarray
    minutes: np.ndarray
    usage: np.ndarray
    making: np.ndarray
    volume: np.ndarray
    group: np.ndarray
    traits: dict[str, np.ndarray]


def build_setting(
    seed: int, players: Players, roster: np.ndarray, team: np.ndarray, day: np.ndarray,
    season: np.ndarray,
) -> Setting:  # fmt: skip
    """Latent means of every team-game; roster (N, 15), the others (N,)."""
    rng = np.random.default_rng([seed, 4])
    years = np.unique(season)
    # Style and strength of clubs: they carry over to the next season in part.
    style = rng.normal(0, 1, (3, len(years), len(TEAMS)))
    for year in range(1, len(years)):
        style[:, year] = 0.6 * style[:, year - 1] + 0.8 * style[:, year]
    pace, attack, defence = style[:, np.searchsorted(years, season), team]
    other = np.arange(len(team)) ^ 1
    home = np.where(np.arange(len(team)) % 2 == 0, 1.0, -1.0)
    key = team.astype(np.int64) * 10_000 + day
    tired = np.isin(key - 1, key)
    edge = 0.024 * attack - 0.024 * defence[other] + HOME_EDGE * home - TIRED_EDGE * tired
    at = day[:, None]
    return Setting(
        roster=roster,
        team=team,
        tired=tired,
        minutes=players.minutes[roster] * players.drift["minutes"][roster, at],
        usage=players.usage[roster] * players.drift["usage"][roster, at],
        making=np.exp(edge)[:, None] * players.drift["skill"][roster, at],
        volume=np.exp(0.022 * (pace + pace[other])),
        group=players.group[roster],
        traits={name: values[roster] for name, values in players.traits.items()},
    )


def flow(minutes: np.ndarray, group: np.ndarray, here: np.ndarray) -> np.ndarray:
    """Floor weights when some are missing: the minutes go to the same kind of player first.

    `here` is the chance to play, 0 to 1; all arrays (..., 15). The result is each player's weight
    if he plays.
    """
    weight = minutes.astype(float).copy()
    for kind in range(3):
        mine = group == kind
        whole = (minutes * mine).sum(axis=-1, keepdims=True)
        there = (minutes * mine * here).sum(axis=-1, keepdims=True)
        boost = np.clip((whole + 8.0) / (there + 8.0), 1.0, 2.2) ** 0.6
        weight = np.where(mine, weight * boost, weight)
    return weight


def floor_shares(weight: np.ndarray, here: np.ndarray | None = None) -> np.ndarray:
    """Share of the time on the floor: the expected shares of a team sum to 5, none over the cap."""
    here = np.ones_like(weight) if here is None else here
    share = weight * (5.0 / (weight * here).sum(axis=-1, keepdims=True))
    for _ in range(4):
        capped = share >= SHARE_CAP
        share = np.where(capped, SHARE_CAP, share)
        fixed = (share * here * capped).sum(axis=-1, keepdims=True)
        loose = (share * here * ~capped).sum(axis=-1, keepdims=True)
        share = np.where(capped, share, share * (5.0 - fixed) / np.maximum(loose, 1e-9))
    return share


def whole_minutes(share: np.ndarray, length: int, rng: np.random.Generator) -> np.ndarray:
    """Integers with the expectation share * length that sum to 5 * length exactly."""
    edges = (share / share.sum(axis=1, keepdims=True)).cumsum(axis=1) * (5 * length)
    edges[:, -1] = 5 * length
    marks = np.floor(edges + rng.random((len(share), 1)))
    # The random start shifts all marks alike; the last one must stay the exact total.
    marks[:, -1] = np.maximum(marks[:, -1], 5 * length)
    marks = np.minimum(marks, 5 * length)
    return np.diff(marks, axis=1, prepend=0.0).astype(int)


def _deal(total: np.ndarray, weight: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Hand `total` (N,) events to players in proportion to weight (N, 15)."""
    return rng.multinomial(total, weight / weight.sum(axis=1, keepdims=True))


def play(seed: int, setting: Setting, out: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Simulate all games.

    Returns box (periods, N, 15, stats) int16, not cumulated, and the number of periods played
    (games,).
    """
    rng = np.random.default_rng([seed, 5])
    rows = len(setting.roster)
    shape = (rows, ROSTER_SIZE)
    night = flow(setting.minutes, setting.group, 1.0 - out) * ~out
    night *= np.exp(rng.normal(0, 1, shape) * np.where(setting.minutes > 24, 0.13, 0.3))
    night *= np.where(setting.tired[:, None] & (setting.minutes > 28), 0.97, 1.0)
    depth = rng.choice([9, 10, 11], rows, p=[0.45, 0.38, 0.17])
    rank = np.argsort(np.argsort(-night, axis=1), axis=1)
    bench = np.where(out, 0.0, np.maximum(night, 2.0))
    night = np.where(rank < depth[:, None], night, 0.0)
    mood = {
        "usage": setting.usage * rng.gamma(22, 1 / 22, shape),
        "making": setting.making * np.exp(rng.normal(0, 0.04, shape)),
        "glass": rng.gamma(30, 1 / 30, shape),
        "vision": rng.gamma(25, 1 / 25, shape),
    }
    volume = setting.volume * np.repeat(np.exp(rng.normal(0, 0.03, rows // 2)), 2)
    box = np.zeros((PERIODS, rows, ROSTER_SIZE, len(STATS)), dtype=np.int16)
    periods = np.full(rows // 2, 4)
    lead = np.zeros(rows, dtype=int)
    for number in range(PERIODS):
        on = np.arange(rows) if number < 4 else np.flatnonzero(lead == 0)
        if not len(on):
            break
        if number >= 4:
            periods[on[::2] // 2] += 1
        weight = _crunch(night[on], bench[on], lead[on], number)
        share = floor_shares(weight * rng.gamma(40, 1 / 40, weight.shape))
        minutes = whole_minutes(share, 12 if number < 4 else 5, rng)
        line = _period(setting, mood, volume, on, minutes, lead[on], number, rng)
        box[number, on] = line
        scored = points(line).sum(axis=1)
        lead[on] += scored - scored.reshape(-1, 2)[:, ::-1].ravel()
    return box, periods


def _crunch(
    night: np.ndarray, bench: np.ndarray, lead: np.ndarray, number: int
) -> np.ndarray:  # fmt: skip
    """Weights of a late period: the bench when it is decided, the best when it is close."""
    if number < 3:
        return night
    gap = np.abs(lead)[:, None]
    decided = np.clip((gap - 10) / 10, 0, 1) * (number == 3)
    close = night ** np.where(gap < 8, 1.25, 1.0)
    close *= (night.sum(axis=1) / close.sum(axis=1))[:, None]
    starters = np.argsort(np.argsort(-night, axis=1), axis=1) < 6
    return np.where(starters, close * (1 - 0.85 * decided), close + decided * bench)


def _period(
    setting: Setting, mood: dict[str, np.ndarray], volume: np.ndarray, on: np.ndarray,
    minutes: np.ndarray, lead: np.ndarray, number: int, rng: np.random.Generator,
) -> np.ndarray:  # fmt: skip
    """Box lines of one period for the rows `on`: (len(on), 15, stats)."""
    trait = {name: values[on] for name, values in setting.traits.items()}
    part = (0.25 if number < 4 else 5 / 48) * volume[on]
    swap = np.arange(len(on)) ^ 1
    line = np.zeros((*minutes.shape, len(STATS)), dtype=np.int16)

    def put(name: str, values: np.ndarray) -> np.ndarray:
        line[:, :, COLUMN[name]] = values
        return values

    put("min", minutes)
    shots = np.maximum(np.rint(rng.normal(ATTEMPTS * part, 1.7)), 4).astype(int)
    fga = put("fga", _deal(shots, minutes * mood["usage"][on], rng))
    fg3a = put("fg3a", rng.binomial(fga, trait["three_share"]))
    making = mood["making"][on] * np.exp(-EASE * np.clip(lead, -25, 25))[:, None]
    fg3m = rng.binomial(fg3a, np.clip(trait["three_pct"] * making, 0.05, 0.8))
    fg2m = rng.binomial(fga - fg3a, np.clip(trait["two_pct"] * making, 0.05, 0.9))
    trips = rng.poisson(FREE_TRIPS * part)
    fta = put("fta", _deal(trips, minutes * trait["draw"], rng))
    ftm = rng.binomial(fta, trait["free_pct"])
    if number >= 3:
        _last_shot(lead, number, fga - fg3a, fg2m, fg3a, fg3m, fta, ftm, rng)
    put("fg3m", fg3m)
    put("ftm", ftm)
    put("fta", fta)
    fgm = put("fgm", fg2m + fg3m)

    missed = (fga - fgm).sum(axis=1) + (fta - ftm).sum(axis=1) // 2
    oreb = rng.binomial(missed, OFFENSIVE)
    dreb = rng.binomial((missed - oreb)[swap], DEFENSIVE)
    put("oreb", _deal(oreb, minutes * trait["oreb"] * mood["glass"][on], rng))
    put("dreb", _deal(dreb, minutes * trait["dreb"] * mood["glass"][on], rng))
    passes = rng.binomial(fgm.sum(axis=1), ASSISTED)
    put("ast", _deal(passes, minutes * trait["ast"] * mood["vision"][on], rng))
    lost = rng.poisson(TURNOVERS * part)
    put("turnover", _deal(lost, minutes * trait["tov"], rng))
    put("stl", _deal(rng.binomial(lost, STOLEN)[swap], minutes * trait["stl"], rng))
    inside = (fga - fg3a - fg2m).sum(axis=1)
    put("blk", _deal(rng.binomial(inside, BLOCKED)[swap], minutes * trait["blk"], rng))
    put("pf", _deal(rng.poisson(FOULS * part), minutes * trait["pf"], rng))
    scored = points(line).sum(axis=1)
    share = minutes / (12 if number < 4 else 5)
    swing = (scored - scored[swap])[:, None] * share
    swing = swing + rng.normal(0, 2.2, share.shape) * np.sqrt(share * (1 - share))
    put("plus_minus", np.rint(swing))
    return line


def _last_shot(
    lead: np.ndarray, number: int, fg2a: np.ndarray, fg2m: np.ndarray, fg3a: np.ndarray,
    fg3m: np.ndarray, fta: np.ndarray, ftm: np.ndarray, rng: np.random.Generator,
) -> None:  # fmt: skip
    """A share of the close games is tied by a late make; the last overtime cannot end tied."""
    scored = (2 * fg2m + 3 * fg3m + ftm).sum(axis=1)
    gap = lead + scored - scored.reshape(-1, 2)[:, ::-1].ravel()
    lucky = np.repeat(rng.random(len(gap) // 2) < 0.22, 2)
    if number < PERIODS - 1:
        for value, made, tried in ((1, ftm, fta), (2, fg2m, fg2a), (3, fg3m, fg3a)):
            miss = tried - made
            rows = np.flatnonzero(lucky & (gap == -value) & (miss.sum(axis=1) > 0))
            made[rows, miss[rows].argmax(axis=1)] += 1
        return
    rows = np.flatnonzero(gap == 0)[::2]
    best = fta[rows].argmax(axis=1)
    fta[rows, best] += 1
    ftm[rows, best] += 1


def points(line: np.ndarray) -> np.ndarray:
    """Points of lines (..., stats) by the scoring identity."""
    made, three, free = (line[..., COLUMN[name]].astype(int) for name in ("fgm", "fg3m", "ftm"))
    return 2 * (made - three) + 3 * three + free
