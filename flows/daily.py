"""A day's run: load, build features, forecast, grade, publish; entered in the ledger."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from flows import alarms, gates, runs, steps, warehouse
from flows.clock import LIVE, Clock, replay_as_of, utc_now
from flows.dbt_runner import BuildResult, DbtRunner
from flows.progress import Reporter, SilentReporter
from flows.trigger import Trigger

if TYPE_CHECKING:
    from loaders.pipeline import LoadOutcome
    from loaders.settings import Settings

# Calls one step: call(name, function, *args, **kwargs). Prefect puts a task around it.
Call = Callable[..., Any]
# Told of a step at its end: name, seconds, done or failed.
Stepped = Callable[[str, float, str], None]


@dataclass
class DailyResult:
    """What a daily run did. `reason` says why there was nothing to forecast, if so."""

    game_date: date
    run_mode: str
    run_id: str | None = None
    as_of: datetime | None = None
    status: str = runs.RUNNING
    reason: str | None = None
    information_set: str | None = None
    games: int = 0
    slate_rows: int = 0
    forecasts: int = 0
    loads: list[LoadOutcome] = field(default_factory=list)
    model_versions: dict[str, str] = field(default_factory=dict)
    trained: list[str] = field(default_factory=list)
    builds: list[BuildResult] = field(default_factory=list)
    published_place: str | None = None
    seconds: dict[str, float] = field(default_factory=dict)


def call_plainly(name: str, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """A step without Prefect: the function itself."""
    return function(*args, **kwargs)


def run_daily(
    settings: Settings,
    *,
    game_date: date,
    as_of: datetime | None,
    run_mode: str,
    information_set: str | None = None,
    loads: bool = True,
    free_tier: bool = False,
    clock: Clock = utc_now,
    reporter: Reporter | None = None,
    call: Call = call_plainly,
    trigger: Trigger = Trigger(),
    reason: str | None = None,
    severity: str = gates.ERROR,
    dbt: DbtRunner | None = None,
    writing: warehouse.Writing = warehouse.writing,
) -> DailyResult:
    """Forecast the slate of `game_date`, grade what has finished, publish.

    Args:
        settings: target and places; for the sandbox with the URL of a running one.
        game_date: Eastern date of the slate.
        as_of: instant of a replay; None lets it follow from the slate. Of a live run always None.
        run_mode: 'live' (loads first, speaks from the end of its loads) or 'replay' (never loads).
        information_set: BASE, TIP or LINE; by default what fits the hour.
        loads: whether a live run loads.
        free_tier: balldontlie's free tier: load teams and games only.
        clock: tells the present; the sandbox's in the sandbox.
        reporter: shows what is going on.
        call: how a step is called.
        trigger: what started the run.
        writing: makes the run the one writer.
        reason: why it was started.
        severity: whether what fails a gate blocks ('error') or is only said ('warn').
        dbt: a runner that has parsed already.

    Raises:
        Whatever a step raises; the ledger then says 'failed', and the published copy is untouched.
    """
    gates.check(severity)
    reporter = reporter or SilentReporter()
    is_loading = loads and run_mode == LIVE
    with alarms.telling(settings, clock, "daily"):
        if is_loading:
            steps.require_keys(settings)
    if run_mode != LIVE and as_of is None:
        as_of = replay_as_of(game_date, warehouse.first_tipoff(settings, game_date))
    result = DailyResult(game_date, run_mode, seconds=reporter.seconds)
    with runs.recorded(
        settings,
        clock,
        command="daily",
        run_mode=run_mode,
        as_of=as_of,
        game_dates=(game_date, game_date),
        trigger=trigger,
        reason=gates.why(severity, reason),
        said=reporter.say,
        writing=writing,
    ) as ledger:
        result.run_id = ledger.run.run_id
        step = Stepper(reporter, call, ledger.audit.stepped)
        if is_loading:
            result.loads = step(
                "load sources",
                steps.load_sources,
                settings,
                game_date=game_date,
                clock=clock,
                free_tier=free_tier,
                progress=reporter.detail,
                heard=ledger.audit.heard,
            )
        if run_mode == LIVE:
            ledger.fix_as_of(clock())
        run = ledger.run
        result.as_of = run.as_of
        step("prepare raw tables", steps.ensure_tables, settings)
        dbt = dbt or DbtRunner(settings)
        dbt.run_id, dbt.reporter, dbt.built = run.run_id, reporter, ledger.audit.built
        step("read dbt project", dbt.parse)
        window = gates.gate_window(settings, run, game_date=game_date, severity=severity)
        built = step(
            "build features",
            steps.build_features,
            settings,
            dbt,
            run,
            slate_date=game_date,
            window=window,
        )
        result.builds.append(built)
        slate = step(
            "read slate",
            steps.read_slate,
            settings,
            game_date=game_date,
            as_of=run.as_of,
            information_set=information_set,
        )
        result.games, result.slate_rows = slate.games, slate.rows.num_rows
        result.information_set, result.reason = slate.information_set, slate.reason
        ledger.forecasts(slate.information_set)
        if slate.reason is None:
            _forecast(settings, run, slate, result, step, clock)
        built = step(
            "build forecasts",
            steps.build,
            settings,
            dbt,
            "forecasts",
            run,
            slate_date=game_date,
            window=window,
        )
        result.builds.append(built)
        published = step("publish", steps.publish, settings, run, clock=clock)
        result.published_place = published.place
        ledger.complete(
            clock(),
            slate.reason and gates.why(severity, slate.reason),
            gated_from=window.passed_from if run_mode == LIVE else None,
        )
    result.status = runs.COMPLETED
    return result


class Stepper:
    """Shows a step while it is being called, and tells `stepped` its seconds and how it ended."""

    def __init__(
        self, reporter: Reporter, call: Call = call_plainly, stepped: Stepped | None = None
    ) -> None:
        self.reporter = reporter
        self.call = call
        self.stepped = stepped

    def __call__(self, name: str, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """The step's result; `name` is what a person sees."""
        started, ending = time.perf_counter(), "failed"
        try:
            with self.reporter.step(name):
                result = self.call(name, function, *args, **kwargs)
            ending = "done"
            return result
        finally:
            if self.stepped is not None:
                self.stepped(name, time.perf_counter() - started, ending)


def _forecast(
    settings: Settings,
    run: runs.Run,
    slate: steps.Slate,
    result: DailyResult,
    step: Stepper,
    clock: Clock,
) -> None:
    models = step(
        "train or reuse models",
        steps.train_models,
        settings,
        run=run,
        information_set=slate.information_set,
        clock=clock,
    )
    result.model_versions = {one.card.market: one.card.model_version for one in models}
    result.trained = [one.card.market for one in models if one.is_new]
    written = step(
        "forecast and write back",
        steps.forecast,
        settings,
        slate,
        models,
        run=run,
        created_at=clock(),
    )
    result.forecasts = written["forecasts"]
