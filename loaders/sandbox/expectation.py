"""What a well-informed bookmaker would expect before tip-off: means and spreads, in closed form."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .simulate import (
    ASSISTED,
    ATTEMPTS,
    COLUMN,
    DEFENSIVE,
    FREE_TRIPS,
    OFFENSIVE,
    Setting,
    floor_shares,
    flow,
    points,
)

MARKET_STATS = ("points", "rebounds", "assists", "threes")
MINUTE_EDGES = np.array([0.0, 8, 14, 18, 22, 26, 29, 31, 33, 35, 49])


@dataclass(frozen=True)
class Calibration:
    """How the closed form relates to what happens: factors by minutes, and a variance law.

    factor: (5, bins) for minutes and the four statistics; law: (4, 2), variance = a * m + b * m^2.
    """

    factor: np.ndarray
    law: np.ndarray
    margin_sd: float
    total_sd: float
    team_factor: float


def expected_lines(setting: Setting, rows: np.ndarray, chance: np.ndarray) -> np.ndarray:
    """Uncalibrated (5, ..., len(rows), 15): minutes, points, rebounds, assists, threes.

    rows: (R,) with both sides of each game next to one another; chance: (..., R, 15) to play.
    Own values are meant "if he plays"; those of team-mates are weighed by their chance.
    """
    trait = {name: values[rows] for name, values in setting.traits.items()}
    weight = flow(np.broadcast_to(setting.minutes[rows], chance.shape), setting.group[rows], chance)
    depth = np.argsort(np.argsort(-weight * (chance > 0.3), axis=-1), axis=-1)
    weight = weight * np.where(depth < 9, 1.0, np.where(depth < 11, 0.45, 0.08))
    share = floor_shares(weight, chance)
    playing = share * chance

    def part(value: np.ndarray) -> np.ndarray:
        """Each one's share of a team total, if he plays."""
        return share * value / (playing * value).sum(axis=-1, keepdims=True)

    volume = setting.volume[rows][:, None]
    making = setting.making[rows]
    fga = ATTEMPTS * volume * part(setting.usage[rows])
    threes = fga * trait["three_share"] * trait["three_pct"] * making
    twos = fga * (1 - trait["three_share"]) * trait["two_pct"] * making
    free = FREE_TRIPS * volume * part(trait["draw"]) * trait["free_pct"]
    makes = ((threes + twos) * chance).sum(axis=-1, keepdims=True)
    missed = ATTEMPTS * volume - makes + 2.4
    other = missed[..., np.arange(len(rows)) ^ 1, :]
    rebounds = OFFENSIVE * missed * part(trait["oreb"])
    rebounds = rebounds + (1 - OFFENSIVE) * DEFENSIVE * other * part(trait["dreb"])
    assists = ASSISTED * makes * part(trait["ast"])
    return np.stack([48 * share, 2 * twos + 3 * threes + free, rebounds, assists, threes])


def actual_lines(total: np.ndarray) -> np.ndarray:
    """(5, N, 15) minutes, points, rebounds, assists, threes of final box lines (N, 15, stats)."""
    one = {name: total[..., COLUMN[name]].astype(float) for name in COLUMN}
    return np.stack([one["min"], points(total), one["oreb"] + one["dreb"], one["ast"], one["fg3m"]])


def calibrate(setting: Setting, out: np.ndarray, total: np.ndarray) -> Calibration:
    """Fit the factors and the variance law on all games of the world, as an old hand would know."""
    rows = np.arange(len(out))
    expected = expected_lines(setting, rows, 1.0 - out)
    actual = actual_lines(total)
    took_part = (actual[0] > 0) & ~out
    which = np.digitize(expected[0], MINUTE_EDGES[1:-1])
    factor = np.stack(
        [
            np.bincount(which[took_part], actual[stat][took_part], len(MINUTE_EDGES) - 1)
            / np.bincount(which[took_part], expected[stat][took_part], len(MINUTE_EDGES) - 1)
            for stat in range(5)
        ]
    )
    mean = (expected * factor[np.arange(5)[:, None, None], which])[1:]
    lined = took_part & (expected[0] > 16)
    law = np.stack(
        [
            np.linalg.lstsq(
                np.stack([mean[stat][lined], mean[stat][lined] ** 2], axis=1),
                (actual[stat + 1][lined] - mean[stat][lined]) ** 2,
                rcond=None,
            )[0]
            for stat in range(4)
        ]
    )
    team = (expected[1] * ~out).sum(axis=1)
    score = actual[1].sum(axis=1)
    ratio = score.sum() / team.sum()
    miss = (score - ratio * team).reshape(-1, 2)
    return Calibration(
        factor=factor,
        law=law,
        margin_sd=float((miss[:, 0] - miss[:, 1]).std()),
        total_sd=float(miss.sum(axis=1).std()),
        team_factor=float(ratio),
    )


def calibrated(calibration: Calibration, expected: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Means (5, ...) after the factors, and variances (4, ...) of the four statistics."""
    which = np.digitize(expected[0], MINUTE_EDGES[1:-1])
    index = np.arange(5).reshape(-1, *[1] * which.ndim)
    mean = expected * calibration.factor[index, which]
    a, b = (calibration.law[:, i].reshape(-1, *[1] * which.ndim) for i in range(2))
    variance = np.maximum(a * mean[1:] + b * mean[1:] ** 2, 1.02 * mean[1:])
    return mean, variance
