"""Players: made-up people with latent skill that drifts, and the team each belongs to on a day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.signal import lfilter

from .clock import HOUR
from .league import ROSTER_SIZE, SEASONS, TEAMS, WORLD_FIRST_DAY, WORLD_LAST_DAY
from .names import COLLEGES, draw_names

GUARD, FORWARD, CENTER = 0, 1, 2
# Position text and group of the 15 roster places, in the order of the rotation.
PLACES = (
    ("G", GUARD),
    ("F", FORWARD),
    ("G", GUARD),
    ("C", CENTER),
    ("F-G", FORWARD),
    ("G", GUARD),
    ("F", FORWARD),
    ("C-F", CENTER),
    ("G-F", GUARD),
    ("F", FORWARD),
    ("C", CENTER),
    ("G", GUARD),
    ("F", FORWARD),
    ("G", GUARD),
    ("F-C", CENTER),
)
MINUTES_BY_PLACE = (34.5, 33, 31.5, 29.5, 27.5, 22.5, 19, 16.5, 12.5, 8, 5, 3, 1.6, 1.0, 0.6)
USAGE_BY_PLACE = (1.38, 1.18, 1.05, 0.82, 0.85, 0.95, 0.85, 0.8, 0.85, *[0.8] * 6)
ROOKIES_PER_TEAM = 2
TRADES_PER_DAY = 2
PLAYER_ID_BASE, PLAYER_ID_STEP = 38_017_000, 13

# name: (per-group mean, spread of its logarithm). Weights are relative inside a team.
WEIGHTS: dict[str, tuple[tuple[float, float, float], float]] = {
    "oreb": ((0.42, 0.9, 2.5), 0.28),
    "dreb": ((0.78, 1.05, 1.65), 0.2),
    "ast": ((1.75, 0.9, 0.75), 0.4),
    "stl": ((1.2, 1.0, 0.75), 0.25),
    "blk": ((0.45, 1.0, 2.8), 0.3),
    "pf": ((0.9, 1.0, 1.3), 0.15),
    "draw": ((0.9, 1.0, 1.15), 0.28),
    "tov": ((1.1, 0.9, 0.95), 0.2),
}
# name: (per-group mean, standard deviation, lowest, highest).
SHARES: dict[str, tuple[tuple[float, float, float], float, float, float]] = {
    "three_share": ((0.46, 0.44, 0.2), 0.1, 0.02, 0.75),
    "three_pct": ((0.365, 0.36, 0.335), 0.022, 0.27, 0.43),
    "two_pct": ((0.52, 0.54, 0.61), 0.028, 0.44, 0.7),
    "free_pct": ((0.82, 0.78, 0.7), 0.06, 0.5, 0.93),
}


@dataclass(frozen=True)
class Players:
    """Latent traits, one entry a player (P), and day matrices of shape (P, days).

    `team_of` holds the team index on each day, -1 while not under contract.
    """

    names: list[tuple[str, str]]
    position: list[str]
    group: np.ndarray
    minutes: np.ndarray
    usage: np.ndarray
    traits: dict[str, np.ndarray]
    drift: dict[str, np.ndarray]
    team_of: np.ndarray
    details: list[dict[str, object]]

    def __len__(self) -> int:
        return len(self.names)

    @property
    def player_id(self) -> np.ndarray:
        """Ids as the API shows them, increasing with the index."""
        return PLAYER_ID_BASE + PLAYER_ID_STEP * np.arange(len(self))


def build_players(seed: int) -> Players:
    """All players of all seasons; a pure function of the seed."""
    rng = np.random.default_rng([seed, 2])
    clubs = len(TEAMS)
    first = clubs * ROSTER_SIZE
    # The last two places of each roster are filled anew in the second season.
    place = np.concatenate(
        [
            np.tile(np.arange(ROSTER_SIZE), clubs),
            np.tile(np.arange(ROSTER_SIZE - ROOKIES_PER_TEAM, ROSTER_SIZE), clubs),
        ]
    )
    count = len(place)
    group = np.array([PLACES[index][1] for index in place])
    days = (WORLD_LAST_DAY - WORLD_FIRST_DAY).days + 1
    minutes = np.array(MINUTES_BY_PLACE)[place] * np.exp(rng.normal(0, 0.08, count))
    # Some rookies are good at once.
    minutes[first:] = rng.choice([3.0, 9.0, 18.0, 26.0], count - first)
    usage = np.array(USAGE_BY_PLACE)[place] * np.exp(rng.normal(0, 0.13, count))
    traits = {
        name: np.array(mean)[group] * np.exp(rng.normal(0, spread, count))
        for name, (mean, spread) in WEIGHTS.items()
    }
    traits["ast"] *= usage**0.7
    traits["tov"] *= usage
    traits["draw"] *= usage**1.2
    for name, (mean, spread, low, high) in SHARES.items():
        traits[name] = np.clip(rng.normal(np.array(mean)[group], spread), low, high)
    drift = {
        "minutes": _wander(rng, count, days, 0.1),
        "usage": _wander(rng, count, days, 0.1),
        "skill": _wander(rng, count, days, 0.025),
    }
    return Players(
        names=draw_names(rng, count),
        position=[PLACES[index][0] for index in place],
        group=group,
        minutes=minutes,
        usage=usage,
        traits=traits,
        drift=drift,
        team_of=_contracts(rng, place, minutes, first, days),
        details=_details(rng, place, first),
    )


def _wander(rng: np.random.Generator, count: int, days: int, spread: float) -> np.ndarray:
    """Slow multiplicative drift around 1, stationary with the given spread of its logarithm."""
    memory = 0.992
    steps = rng.normal(0, spread * np.sqrt(1 - memory**2), (count, days))
    steps[:, 0] = rng.normal(0, spread, count)
    return np.exp(lfilter([1.0], [1.0, -memory], steps, axis=1))


def _contracts(
    rng: np.random.Generator, place: np.ndarray, minutes: np.ndarray, first: int, days: int
) -> np.ndarray:
    """Team index by player and day: one-for-one trades, and a summer with rookies and moves."""
    clubs = len(TEAMS)
    team_of = np.full((len(place), days), -1, dtype=np.int16)
    team = np.concatenate(
        [
            np.repeat(np.arange(clubs), ROSTER_SIZE),
            np.repeat(np.arange(clubs), ROOKIES_PER_TEAM),
        ]
    )
    active = np.arange(len(place)) < first
    for number, season in enumerate(SEASONS):
        start = (season.roster_day - WORLD_FIRST_DAY).days
        if number:
            leaving = place >= ROSTER_SIZE - ROOKIES_PER_TEAM
            # Each rookie takes the place of the leaver of the same rank, wherever that one ended.
            leavers = np.flatnonzero(active & leaving)
            team[first:] = team[leavers]
            active = np.where(np.arange(len(place)) < first, ~leaving, True)
            for _ in range(30):
                _swap(rng, team, active, minutes)
        team_of[:, start:] = np.where(active, team, -1)[:, None]
        for trade_day in season.trade_days:
            for _ in range(TRADES_PER_DAY):
                _swap(rng, team, active, minutes)
            since = (trade_day - WORLD_FIRST_DAY).days
            team_of[:, since:] = np.where(active, team, -1)[:, None]
    return team_of


def _swap(
    rng: np.random.Generator, team: np.ndarray, active: np.ndarray, minutes: np.ndarray
) -> None:
    """Two players of like standing change clubs, in place."""
    one = rng.choice(np.flatnonzero(active & (minutes > 8)))
    like = active & (team != team[one]) & (np.abs(np.log(minutes / minutes[one])) < 0.3)
    if like.any():
        two = rng.choice(np.flatnonzero(like))
        team[[one, two]] = team[[two, one]]


def _details(rng: np.random.Generator, place: np.ndarray, first: int) -> list[dict[str, object]]:
    """Height, weight, number and draft facts as balldontlie lists them."""
    inches = 75 + 3 * np.array([PLACES[index][1] for index in place])
    inches = inches + rng.integers(-2, 4, len(place))
    weight = inches * 5 - 175 + rng.integers(-12, 18, len(place))
    jersey = rng.integers(0, 56, len(place))
    draft = rng.integers(2010, 2024, len(place))
    draft[first:] = SEASONS[1].year
    pick = rng.integers(1, 76, len(place))
    school = rng.integers(0, len(COLLEGES), len(place))
    return [
        {
            "height": f"{inches[i] // 12}-{inches[i] % 12}",
            "weight": str(weight[i]),
            "jersey_number": str(jersey[i]),
            "college": COLLEGES[school[i]],
            "country": "USA" if COLLEGES[school[i]] else "Spain",
            "draft_year": int(draft[i]) if pick[i] <= 60 else None,
            "draft_round": 1 + int(pick[i] > 30) if pick[i] <= 60 else None,
            "draft_number": int(pick[i]) if pick[i] <= 60 else None,
        }
        for i in range(len(place))
    ]


def roster_by_day(players: Players) -> np.ndarray:
    """(days, 30, 15) player indices under contract."""
    keys = np.where(players.team_of < 0, len(TEAMS), players.team_of).T
    order = np.argsort(keys, axis=1, kind="stable")[:, : len(TEAMS) * ROSTER_SIZE]
    return order.reshape(len(keys), len(TEAMS), ROSTER_SIZE)


def team_at(players: Players, midnights: np.ndarray, epoch: float) -> np.ndarray:
    """Team index of every player at an instant; a change takes effect at 09:00 Eastern."""
    day = int(np.searchsorted(midnights + 9 * HOUR, epoch, side="left")) - 1
    return players.team_of[:, min(max(day, 0), players.team_of.shape[1] - 1)]


def first_day_of(players: Players) -> np.ndarray:
    """First day offset on which each player is under contract."""
    return (players.team_of >= 0).argmax(axis=1)
