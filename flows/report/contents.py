"""What the report reads: the published copy for tonight and the record, the warehouse for health.

Every figure is made by a model of `models/reports`; nothing is counted or averaged here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from flows import warehouse
from loaders.errors import WarehouseBusy, WarehouseMissing

if TYPE_CHECKING:
    from collections.abc import Callable

    from loaders.settings import Settings

PUBLISHED = {
    "cards": "select * from reports.todays_cards order by card_number",
    "plots": "select * from reports.todays_plots order by card_number",
    "prices": "select * from reports.todays_prices order by card_number, bookmaker",
    "drivers": "select * from reports.todays_drivers order by card_number, driver_rank",
    "history": "select * from reports.todays_history order by player_id, recency",
    "games": "select * from reports.todays_games order by tipoff_at, game_id",
    "players": "select * from reports.todays_players order by reason, player_name, coverage_id",
    "absences": """
        select * from reports.todays_absences
        order by team_abbreviation, severity desc, usual_minutes desc nulls last, player_name
    """,
    "slices": """
        select * from reports.track_record_by_slice
        where slice != 'market and month'
        order by run_mode, system, information_set, slice, month, graded desc, market
    """,
    "tenths": """
        select * from reports.calibration_table
        order by run_mode, system, information_set, market, judge, tenth
    """,
}
HEALTH = {
    "header": "select * from reports.report_header",
    "gates": "select * from reports.latest_gates order by layer, metric",
    "failures": """
        select * from reports.latest_gate_failures
        order by
            case status when 'error' then 0 when 'empty' then 0 when 'waived' then 1 else 2 end,
            layer,
            metric,
            game_date,
            subject
    """,
    "sources": "select * from reports.latest_sources order by source",
    "latency": "select * from reports.latency_days order by run_date, command, kind, part",
}


# A first run that fails before its reports are built is known by the ledger alone.
LEDGER = "raw_runs.runs"
FIRST_RUN = f"""
select run_id, command, run_mode, status, as_of, game_date_to as slate_date
from {LEDGER}
where command in ('daily', 'refresh', 'grade') and status != 'running'
order by started_at desc, run_id desc
limit 1
"""
UNKNOWN_OF_IT = {
    **dict.fromkeys(("is_degraded", "degraded_reason", "failure_category", "last_completed_at")),
    **dict.fromkeys(("seconds", "reason")),
    **{f"gate_checks_{how}": 0 for how in ("passed", "warned", "blocking", "waived")},
}


@dataclass(frozen=True)
class Contents:
    """What there is to show.

    Args:
        publication: run_id, as_of, run_mode, published_at of what is published; None: nothing is.
        counts: tonight's counts; None where nothing is published.
        header: how the latest run went; None before the first.
        tables: Arrow tables by name.
        is_busy: a run was writing the warehouse, so health is as of what is published.
    """

    publication: dict[str, Any] | None = None
    counts: dict[str, Any] | None = None
    header: dict[str, Any] | None = None
    tables: dict[str, pa.Table] = field(default_factory=dict)
    is_busy: bool = False

    def __getitem__(self, name: str) -> pa.Table:
        """A table; empty, and without columns, where there is none."""
        return self.tables.get(name, pa.table({}))


def read(settings: Settings) -> Contents:
    """All that the report shows.

    Raises:
        WarehouseError: it cannot be read, for another reason than that nothing is there yet.
    """
    publication, counts, tonight = _published(settings)
    health, is_busy = _health(settings)
    found = health.pop("header", pa.table({})).to_pylist()
    header = found[0] if found else None if is_busy else _first_run(settings)
    return Contents(publication, counts, header, {**tonight, **health}, is_busy)


def _first_run(settings: Settings) -> dict[str, Any] | None:
    if not warehouse.relation_exists(settings, LEDGER):
        return None
    runs = warehouse.query(settings, FIRST_RUN).to_pylist()
    return {**UNKNOWN_OF_IT, **runs[0]} if runs else None


def _published(
    settings: Settings,
) -> tuple[dict[str, Any] | None, dict[str, Any] | None, dict[str, pa.Table]]:
    try:
        found = warehouse.query_published(settings, "select * from published.publication")
        counts = warehouse.query_published(settings, "select * from reports.todays_counts")
    except WarehouseMissing:
        # nothing is published, or by a version that had no pages
        return None, None, {}
    tables = {name: warehouse.query_published(settings, sql) for name, sql in PUBLISHED.items()}
    [publication], [tonight] = found.to_pylist(), counts.to_pylist()
    return publication, tonight, tables


def _health(settings: Settings) -> tuple[dict[str, pa.Table], bool]:
    """How the machine is, and whether a run held the warehouse so that the copy had to say it."""
    try:
        return _asked(lambda sql: warehouse.query(settings, sql)), False
    except WarehouseBusy:
        return _asked(lambda sql: warehouse.query_published(settings, sql)), True


def _asked(ask: Callable[[str], pa.Table]) -> dict[str, pa.Table]:
    try:
        return {name: ask(sql) for name, sql in HEALTH.items()}
    except WarehouseMissing:
        return {}
