"""What a fault is: what is spoiled, and what the gates must say of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

SLATE = date(2026, 1, 15)
DAY_12, DAY_13, DAY_14 = date(2026, 1, 12), date(2026, 1, 13), date(2026, 1, 14)
STATS = "update raw_balldontlie.player_stats set _dlt_load_id = new_load(),"


@dataclass(frozen=True)
class Edit:
    """A text of the dbt project, and what it becomes."""

    path: str
    old: str
    new: str


@dataclass(frozen=True)
class Expected:
    """What a gate must say.

    value: as injected; SQL is asked of the spoiled warehouse before the run; None is beyond any
    number. near: how far off it may be.
    """

    metric: str
    status: str
    value: float | str | None
    game_date: date
    fault: str
    subject: str | None = None
    near: float = 1e-9


@dataclass(frozen=True)
class Scenario:
    """Faults of one layer, put in together, and one run.

    half: 'features' for a whole run, 'forecasts' for one that finds its features as they were.
    seen: one value each of the warehouse behind the run, by SQL.
    """

    name: str
    layer: str
    expects: tuple[Expected, ...]
    sql: tuple[str, ...] = ()
    edits: tuple[Edit, ...] = ()
    why_edited: str = ""
    half: str = "features"
    at: datetime | None = None
    game_date: date | None = None
    seen: dict[str, str] = field(default_factory=dict)

    @property
    def blocks(self) -> bool:
        """Whether any of its faults stops the run."""
        return any(one.status in ("error", "empty") for one in self.expects)
