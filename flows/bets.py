"""The user's own bets: entered one at a time or from a file, and shown as they were graded."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from flows import players, warehouse
from flows.errors import ArgumentError
from loaders.errors import WarehouseBusy, WarehouseMissing

if TYPE_CHECKING:
    import pyarrow as pa

    from flows.clock import Clock
    from flows.progress import Reporter
    from loaders.bets import Entered
    from loaders.settings import Settings

GRADED = "marts.bet_accuracy"
RECORD = "reports.bet_record"
ENTERED = "raw_bets.bets"


@dataclass(frozen=True)
class Bets:
    """What is known of the user's bets.

    Args:
        graded: rows of marts.bet_accuracy as published, the latest first; None before any is.
        record: rows of reports.bet_record as published, the whole last; None likewise.
        waiting: rows of raw_bets.bets that the next run will grade; None while a run writes.
    """

    graded: pa.Table | None
    record: pa.Table | None
    waiting: pa.Table | None


def bet(settings: Settings, *, clock: Clock, reporter: Reporter, **given: str | None) -> Entered:
    """Enter one bet; given: by the columns of a file, `placed_at` now where it is left out.

    Raises:
        ArgumentError: a value cannot be meant; the message says what is taken.
        PlayerUnknown: a warehouse is published, and nobody, or more than one, has the name.
        WarehouseBusy: a run writes for longer than may be waited.
    """
    record = {**given, "placed_at": given["placed_at"] or clock().isoformat()}
    _require_known(settings, str(record["player"]))
    entered = _enter(settings, [record], clock=clock, reporter=reporter)
    if entered.refused:
        [refused] = entered.refused
        raise ArgumentError(f"the bet was not entered: {refused.reason}. {refused.remedy}")
    return entered


def import_file(settings: Settings, path: Path, *, clock: Clock, reporter: Reporter) -> Entered:
    """Enter the bets of a CSV file; its bad lines are set aside, with what is wrong with them.

    Raises:
        BadArgument: there is no such file.
        ContractError: it has not the columns of such a file; nothing was entered.
        WarehouseBusy: a run writes for longer than may be waited.
    """
    from loaders.bets import read

    return _enter(settings, read(path), clock=clock, reporter=reporter)


def show(settings: Settings) -> Bets:
    """The user's bets, from the published copy; and those that wait for a run."""
    graded = _published(settings, f"select * from {GRADED} order by bet_date desc, placed_at desc")
    record = _published(
        settings,
        f"select * from {RECORD} order by month = 'all', month, market = 'all', market",
    )
    return Bets(graded, record, _waiting(settings, graded))


def _enter(
    settings: Settings,
    records: list[dict[str, str | int | None]],
    *,
    clock: Clock,
    reporter: Reporter,
) -> Entered:
    from loaders.bets import enter

    with warehouse.writing(settings, reporter.say):
        return enter(settings, records, clock=clock)


def _require_known(settings: Settings, name: str) -> None:
    """Refuse a name that is nobody's while it can still be typed anew."""
    try:
        players.find(settings, name, slate=players.COVERAGE, query=warehouse.query_published)
    except WarehouseMissing:
        return


def _published(settings: Settings, sql: str) -> pa.Table | None:
    """Rows of the published copy; None where there is none, or one of before there were bets."""
    try:
        return warehouse.query_published(settings, sql)
    except WarehouseMissing:
        return None


def _waiting(settings: Settings, graded: pa.Table | None) -> pa.Table | None:
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        entered = warehouse.query(settings, f"select * from {ENTERED} order by placed_at desc")
    except WarehouseMissing:
        return pa.table({})
    except WarehouseBusy:
        return None
    if graded is None:
        return entered
    known = pa.array(graded["bet_id"].to_pylist(), pa.string())
    return entered.filter(pc.invert(pc.is_in(entered["bet_id"], known)))
