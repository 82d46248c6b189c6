"""Polls: what changes through the day, prices and injuries, asked for again and again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from flows import alarms, loading, runs, warehouse
from flows.clock import LIVE, Clock, utc_now
from flows.daily import Call, Stepper, call_plainly
from flows.errors import ArgumentError
from flows.progress import Reporter, SilentReporter
from flows.trigger import Trigger

if TYPE_CHECKING:
    from loaders.pipeline import LoadOutcome
    from loaders.settings import Settings

LINES = "lines"
INJURIES = "injuries"

LOADS = {LINES: loading.load_prices, INJURIES: loading.load_injuries}
"""What each poll loads."""


@dataclass(frozen=True)
class Poll:
    """What a poll found.

    players: names, as the provider spells them, of those of whom something is new.
    """

    run_id: str
    game_date: date
    loads: tuple[LoadOutcome, ...]
    players: tuple[str, ...]

    @property
    def load_ids(self) -> tuple[str, ...]:
        """The loads that changed a raw table."""
        return tuple(dict.fromkeys(one.load_id for one in self.loads if one.rows and one.load_id))

    @property
    def has_changed(self) -> bool:
        """Whether anything is new."""
        return bool(self.load_ids)


def run_poll(
    settings: Settings,
    *,
    what: str,
    game_date: date,
    clock: Clock = utc_now,
    reporter: Reporter | None = None,
    call: Call = call_plainly,
    trigger: Trigger = Trigger(),
    writing: warehouse.Writing = warehouse.writing,
) -> Poll:
    """Load the 'lines' or the 'injuries' of a day's slate as they are now, and build nothing.

    Raises:
        ArgumentError: neither lines nor injuries.
        MissingKey: a source has no key.
        LoadError, WarehouseError: as the load; the ledger then says 'failed'.
    """
    if what not in LOADS:
        raise ArgumentError(f"a poll of {what!r}: it is none of {', '.join(LOADS)}")
    reporter = reporter or SilentReporter()
    with alarms.telling(settings, clock, "poll"):
        loading.require_keys(settings)
    with runs.recorded(
        settings,
        clock,
        command="poll",
        run_mode=LIVE,
        as_of=None,
        game_dates=(game_date, game_date),
        trigger=trigger,
        reason=what,
        said=reporter.say,
        writing=writing,
    ) as ledger:
        step = Stepper(reporter, call, ledger.audit.stepped)
        loads = step(
            f"load {what}",
            LOADS[what],
            settings,
            game_date=game_date,
            clock=clock,
            heard=ledger.audit.heard,
        )
        poll = Poll(ledger.run.run_id, game_date, tuple(loads), ())
        if poll.has_changed:
            players = step("see what changed", _players, settings, what, loads)
            poll = Poll(ledger.run.run_id, game_date, tuple(loads), players)
        ledger.fix_as_of(clock())
    return poll


def _players(settings: Settings, what: str, loads: Sequence[LoadOutcome]) -> tuple[str, ...]:
    """Whom the rows of these loads are about, those included whose report was taken back."""
    ids = sorted({one.load_id for one in loads if one.rows and one.load_id})
    by_load = f"_dlt_load_id in ({', '.join('?' * len(ids))})"
    if what == LINES:
        sql, values = f"select player_name from raw_odds_api.player_props where {by_load}", ids
    else:
        begun, ended = (getattr(loads[0], name) for name in ("started_at", "finished_at"))
        # a report that is taken back keeps the load that brought it, and gets an end
        sql = f"""
            select first_name || ' ' || last_name as player_name
            from raw_balldontlie.player_injuries
            where {by_load} or valid_to between ? and ?
        """
        values = [*ids, begun, ended]
    found = warehouse.query(
        settings,
        f"select distinct player_name from ({sql}) as changed order by player_name",
        values,
    )
    return tuple(found["player_name"].to_pylist())
