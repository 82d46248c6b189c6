"""Where the field goals of a game came from: a play-by-play out of the counts of its periods."""

from __future__ import annotations

from typing import Any

import numpy as np

from .simulate import COLUMN

# Areas of the court as NBA.com names them, and their share of two-pointers and of three-pointers.
AREAS: dict[str, dict[str, float]] = {
    "2pt": {"Restricted Area": 0.5, "In The Paint (Non-RA)": 0.32, "Mid-Range": 0.18},
    "3pt": {"Left Corner 3": 0.12, "Right Corner 3": 0.12, "Above the Break 3": 0.75,
            "Backcourt": 0.01},
}  # fmt: skip
FEET = {"Restricted Area": 2.0, "In The Paint (Non-RA)": 8.0, "Mid-Range": 16.0, "Backcourt": 60.0}
THREE_FEET = 24.0
MINUTES, OVERTIME_MINUTES = 12, 5


def field_goals(seed: int, game: int, box: np.ndarray) -> list[dict[str, Any]]:
    """The actions of a game, in their order: a start of each period, then its field goals.

    box: (periods over, 2, 15, stats), cumulated. Actions name the shooter by `side` and `slot`,
    None where there is none. A pure function of its arguments.
    """
    actions: list[dict[str, Any]] = []
    for number, lines in enumerate(np.diff(box, axis=0, prepend=np.zeros_like(box[:1])), start=1):
        rng = np.random.default_rng([seed, 7, game, number])
        length = MINUTES if number <= 4 else OVERTIME_MINUTES
        taken = [
            one
            for side, slot in np.argwhere(lines[..., COLUMN["fga"]] > 0).tolist()
            for one in _taken(rng, side, slot, lines[side, slot])
        ]
        order = rng.permutation(len(taken))
        common = {"period": number, "periodType": "REGULAR" if number <= 4 else "OVERTIME"}
        start = {"actionType": "period", "subType": "start", "personId": 0, "isFieldGoal": 0,
                 "side": None, "slot": None}  # fmt: skip
        seconds = np.linspace(60 * length, 0, len(taken) + 1)
        for left, one in zip(seconds, [start, *(taken[i] for i in order)], strict=True):
            clock = f"PT{int(left) // 60:02d}M{int(left) % 60:02d}.00S"
            actions.append({"actionNumber": 4 * len(actions) + 2, "clock": clock, **common, **one})
    return actions


def _taken(rng: np.random.Generator, side: int, slot: int, line: np.ndarray) -> list[dict]:
    """The field goals of a player in a period."""
    fgm, fga, fg3m, fg3a = (int(line[COLUMN[name]]) for name in ("fgm", "fga", "fg3m", "fg3a"))
    found = []
    for kind, made, tried in (("2pt", fgm - fg3m, fga - fg3a), ("3pt", fg3m, fg3a)):
        areas = rng.choice(list(AREAS[kind]), tried, p=list(AREAS[kind].values()))
        found += [
            {
                "actionType": kind,
                "subType": "Jump Shot",
                "qualifiers": [],
                "isFieldGoal": 1,
                "shotResult": "Made" if number < made else "Missed",
                "area": str(area),
                "shotDistance": FEET.get(str(area), THREE_FEET),
                "side": side,
                "slot": slot,
            }
            for number, area in enumerate(areas)
        ]
    return found
