"""Waiting for what a run rests on: asks the sources again until enough of them have told it.

What is needed stands in the seed `source_requirements`, what is there in `audit.source_readiness`,
and how long what is waited for in `defaults.COMPLETENESS_TIERS`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from flows import alarms, completeness, defaults, loading, runs, steps, warehouse
from flows.built import Built
from flows.clock import LIVE, OVERNIGHT, Clock, utc_now
from flows.completeness import GIVE_UP, GO_ON, Decision, SourceState
from flows.dbt_runner import DbtRunner
from flows.errors import SourceMissing
from flows.progress import Reporter, SilentReporter
from flows.trigger import Trigger

if TYPE_CHECKING:
    from loaders.attempts import Heard
    from loaders.settings import Settings

SELECTOR = "source_readiness"
READINESS = "audit.source_readiness"
# load(settings, states, game_date, clock, progress, heard): asks for these needs; returns those of
# them that are refused.
Load = Callable[..., Collection[str]]


@dataclass(frozen=True)
class Waited:
    """What a wait ended with.

    Args:
        game_date: the slate.
        states: every need of the mode.
        missing: those that are not all there; the run is degraded by them.
        attempts: how often sources were asked.
        waited: from the start to the decision.
    """

    game_date: date
    states: tuple[SourceState, ...]
    missing: tuple[SourceState, ...]
    attempts: int
    waited: timedelta

    @property
    def without(self) -> tuple[str, ...]:
        """What the run goes on without, a sentence each; for its row in the ledger."""
        return tuple(f"went on without all of {one}" for one in self.missing)


def wait_for_sources(
    settings: Settings,
    *,
    game_date: date,
    mode: str = OVERNIGHT,
    clock: Clock = utc_now,
    sleep: Callable[[float], None] = time.sleep,
    load: Load | None = None,
    since: datetime | None = None,
    reporter: Reporter | None = None,
    trigger: Trigger = Trigger(),
    dbt: DbtRunner | None = None,
    writing: warehouse.Writing = warehouse.writing,
) -> Waited:
    """Load what the mode needs, and again what of it is not there, until enough of it is.

    Each attempt is a run of its own in the ledger; between them nobody is kept from the warehouse.
    The first asks for everything, so that the run that follows need not load again.

    Args:
        settings: target and places.
        game_date: Eastern date of the slate.
        mode: overnight, same_day or tomorrow: whose needs.
        clock: tells the present.
        sleep: waits so many seconds.
        load: asks the sources; by default the real ones (`ask`).
        since: start of the wait, by default now; a deployment's scheduled start.
        reporter: told what is waited for.
        trigger: what started it.
        dbt: a runner that has parsed already.
        writing: makes an attempt the one writer.

    Raises:
        SourceMissing: a required source was not there at the deadline, or refuses; entered as a
            failed daily run.
        MissingKey: a key is not set.
        WarehouseBusy: another run held the warehouse for too long.
    """
    with alarms.telling(settings, clock, "daily"):
        loading.require_keys(settings)
    reporter = reporter or SilentReporter()
    what = {"mode": mode, "game_dates": (game_date, game_date), "trigger": trigger}
    what |= {"run_mode": LIVE, "as_of": None, "said": reporter.say, "writing": writing}
    wait = _Wait(settings, game_date, mode, clock, reporter, load or ask)
    dbt = dbt or DbtRunner(settings)
    began = since or clock()
    while True:
        wait.attempt(dbt, what)
        elapsed = clock() - began
        decision = wait.decide(elapsed)
        if decision.verdict == GO_ON:
            return Waited(game_date, wait.states, decision.missing, wait.attempts, elapsed)
        if decision.verdict == GIVE_UP:
            with runs.recorded(settings, clock, command="daily", **what):
                raise SourceMissing(_missing(decision.missing, game_date, elapsed))
        seconds = _pause(elapsed).total_seconds()
        named = ", ".join(map(str, decision.missing))
        reporter.say(f"waiting for {named}; asked again in {seconds / 60:.0f} min")
        sleep(seconds)


class _Wait:
    """The attempts of one wait, and since when nothing more has come."""

    def __init__(
        self,
        settings: Settings,
        game_date: date,
        mode: str,
        clock: Clock,
        reporter: Reporter,
        load: Load,
    ) -> None:
        self.settings = settings
        self.game_date = game_date
        self.mode = mode
        self.clock = clock
        self.reporter = reporter
        self.load = load
        self.attempts = 0
        self.states: tuple[SourceState, ...] = ()
        self._refused: set[str] = set()
        self._changed_at: datetime | None = None

    def attempt(self, dbt: DbtRunner, what: dict[str, Any]) -> None:
        """Ask for what is not there, as a run of its own, and read what is there then."""
        self.attempts += 1
        awaited = [one for one in self.states if not (one.is_complete or one.is_refused)]
        named = ", ".join(one.need for one in awaited) or "every source"
        reason = f"waits for {named} of {self.game_date}, attempt {self.attempts}"
        with runs.recorded(
            self.settings, self.clock, command="load", reason=reason, **what
        ) as ledger:
            if self.attempts == 1:
                awaited = self._prepare(dbt, ledger)
            with self.reporter.step(f"load {named}"):
                self._refused |= set(
                    self.load(
                        self.settings,
                        awaited,
                        game_date=self.game_date,
                        clock=self.clock,
                        progress=self.reporter.detail,
                        heard=ledger.audit.heard,
                    )
                )
        found = states(self.settings, game_date=self.game_date, mode=self.mode, now=self.clock())
        marked = tuple(replace(one, is_refused=one.need in self._refused) for one in found)
        if _present(marked) != _present(self.states):
            self._changed_at = self.clock()
        self.states = marked

    def decide(self, elapsed: timedelta) -> Decision:
        """What to do now."""
        unchanged = self.clock() - (self._changed_at or self.clock())
        return completeness.decide(elapsed, self.states, unchanged_for=unchanged)

    def _prepare(self, dbt: DbtRunner, ledger: runs.Recorder) -> Sequence[SourceState]:
        """Make the views that are asked, where they are not those of this project."""
        steps.ensure_tables(self.settings)
        is_there = warehouse.relation_exists(self.settings, READINESS)
        if not is_there or not Built(self.settings, dbt).is_same_project():
            dbt.run_id, dbt.reporter = ledger.run.run_id, self.reporter
            dbt.built = ledger.audit.built
            dbt.build(selector=SELECTOR, vars={"as_of": ledger.run.as_of.isoformat()})
        return states(self.settings, game_date=self.game_date, mode=self.mode, now=self.clock())


def states(
    settings: Settings, *, game_date: date, mode: str, now: datetime
) -> tuple[SourceState, ...]:
    """How much of each need of a mode is there for a slate; what is too old is not.

    Raises:
        WarehouseMissing: nothing is built yet.
    """
    rows = warehouse.query(
        settings,
        f"""
        select
            requirements.need,
            requirements.source,
            requirements.resource,
            requirements.is_required,
            requirements.minimum_share,
            requirements.remedy,
            readiness.latest_at,
            coalesce(readiness.expected, 1) as expected,
            case when readiness.expires_at <= ? then 0 else coalesce(readiness.present, 0) end
                as present
        from seeds.source_requirements as requirements
        left join {READINESS} as readiness
            on requirements.need = readiness.need and readiness.game_date = ?
        where ('|' || requirements.modes || '|') like ('%|' || ? || '|%')
        order by requirements.is_required desc, requirements.need
        """,
        [now, game_date, mode],
    )
    return tuple(SourceState(**row) for row in rows.to_pylist())


def ask(
    settings: Settings,
    awaited: Sequence[SourceState],
    *,
    game_date: date,
    clock: Clock,
    progress: loading.Progress | None = None,
    heard: Heard | None = None,
) -> set[str]:
    """Load what is awaited, each resource by itself, so that one that fails keeps back no other.

    Returns the needs that are refused. A source that fails otherwise is told to `heard` and may be
    asked again.

    Raises:
        MissingKey, BadArgument, WarehouseError.
    """
    start = loading.first_day_of_results(settings, game_date)
    refused: set[str] = set()
    for one in awaited:
        if one.need in loading.NEEDS:
            refused |= _tried(
                [one],
                loading.load_needs,
                settings,
                [one.need],
                required=[one.need],
                start=start,
                end=game_date + defaults.DAYS_AFTER,
                clock=clock,
                progress=progress,
                heard=heard,
            )
    # one request answers for props and game lines
    priced = [one for one in awaited if one.source == loading.ODDS_API]
    if loading.ODDS_API not in settings.sources:
        refused |= {one.need for one in priced}
    elif priced:
        named = {"game_date": game_date, "clock": clock, "heard": heard}
        refused |= _tried(priced, loading.load_prices, settings, **named)
    return refused


def _tried(
    asked: Sequence[SourceState], load: Callable[..., Any], *arguments: Any, **named: Any
) -> set[str]:
    """Load; the needs that are refused. What fails is in the ledger, told by the load itself."""
    try:
        load(*arguments, **named)
    except loading.REFUSING:
        return {one.need for one in asked}
    except loading.PASSING:
        return set()
    return set()


def _present(found: Sequence[SourceState]) -> list[tuple[str, int]]:
    return [(one.need, one.present) for one in found]


def _pause(elapsed: timedelta) -> timedelta:
    ahead = completeness.next_tier(elapsed)
    return defaults.SOURCE_POLL if ahead is None else min(defaults.SOURCE_POLL, ahead)


def _missing(lacking: Sequence[SourceState], game_date: date, elapsed: timedelta) -> str:
    named = "; ".join(f"{one}. {one.remedy}" for one in lacking)
    minutes = elapsed.total_seconds() / 60
    return (
        f"{minutes:.0f} min after the start, the slate of {game_date} lacks what no run goes on "
        f"without: {named}"
    )
