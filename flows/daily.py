"""A run of a day: load, build features, forecast, grade, publish; entered in the ledger.

A daily run does all of it, a refresh loads nothing and forecasts only whom news has changed, a
grading run forecasts nobody.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from rich.markup import escape

from flows import alarms, gates, loading, modelling, runs, steps, warehouse
from flows.built import Built
from flows.clock import LIVE, Clock, replay_as_of, utc_now
from flows.dbt_runner import BuildResult, DbtRunner
from flows.errors import FilesFailed
from flows.progress import Reporter, SilentReporter
from flows.trigger import Trigger
from loaders.errors import LoadError, WarehouseError

if TYPE_CHECKING:
    from loaders.pipeline import LoadOutcome
    from loaders.settings import Settings

# Calls one step: call(name, function, *args, **kwargs). Prefect puts a task around it.
Call = Callable[..., Any]
# Told of a step at its end: name, seconds, done or failed.
Stepped = Callable[[str, float, str], None]

ALL = "all"
CHANGED = "changed"
NOBODY = "nobody"


@dataclass(frozen=True)
class Work:
    """What a run of a day does.

    Args:
        command: its name in the ledger.
        load: the function of `loading` that a live run begins with; None: it loads nothing.
        forecast: 'all' of the slate, those who are 'changed', or 'nobody'.
    """

    command: str
    load: str | None
    forecast: str


DAILY = Work("daily", "load_sources", ALL)
SAME_DAY = Work("daily", "load_news", ALL)
REFRESH = Work("refresh", None, CHANGED)
GRADING = Work("grade", "load_results", NOBODY)
WORKS = (DAILY, REFRESH, GRADING)
# First builds that touch no team or player summary, hence no grade.
WITHOUT_SUMMARIES = ("slate", "news")


@dataclass
class DailyResult:
    """What a run did. `reason` says why there was nothing to forecast, if so."""

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
    files_place: str | None = None
    report_place: str | None = None
    seconds: dict[str, float] = field(default_factory=dict)


def call_plainly(name: str, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """A step without Prefect: the function itself."""
    return function(*args, **kwargs)


def run_daily(
    settings: Settings,
    *,
    game_date: date,
    as_of: datetime | None = None,
    run_mode: str = LIVE,
    work: Work = DAILY,
    mode: str | None = None,
    information_set: str | None = None,
    loads: bool = True,
    free_tier: bool = False,
    players: Collection[str] | None = None,
    train: str = modelling.ALWAYS,
    without: Sequence[str] = (),
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
        work: what is loaded, and who is forecast.
        mode: for the ledger: overnight, same_day, tomorrow, refresh.
        information_set: BASE, TIP or LINE; by default what fits the hour.
        loads: whether a live run loads.
        free_tier: balldontlie's free tier: load teams and games only.
        players: ids of those who are forecast; None: everybody.
        train: 'always', 'due' or 'missing' (`modelling.train_models`).
        without: what it goes without, a sentence each; it degrades the run.
        clock: tells the present; the sandbox's in the sandbox.
        reporter: shows what is going on.
        call: how a step is called.
        trigger: what started the run.
        reason: why it was started.
        severity: whether what fails a gate blocks ('error') or is only said ('warn').
        dbt: a runner that has parsed already.
        writing: makes the run the one writer.

    Raises:
        Whatever a step raises; the ledger then says 'failed', and the published copy is untouched.
    """
    gates.check(severity)
    modelling.check_training(train)
    reporter = reporter or SilentReporter()
    load = work.load if loads and run_mode == LIVE else None
    if load is not None:
        with alarms.telling(settings, clock, work.command):
            loading.require_keys(settings)
    if run_mode != LIVE and as_of is None:
        as_of = replay_as_of(game_date, warehouse.first_tipoff(settings, game_date))
    result = DailyResult(game_date, run_mode, seconds=reporter.seconds)
    with runs.recorded(
        settings,
        clock,
        command=work.command,
        run_mode=run_mode,
        as_of=as_of,
        game_dates=(game_date, game_date),
        trigger=trigger,
        mode=mode,
        reason=gates.why(severity, reason),
        said=reporter.say,
        writing=writing,
    ) as ledger:
        result.run_id = ledger.run.run_id
        ledger.audit.without = tuple(without)
        day = _Day(settings, work, ledger, result, clock, reporter, call)
        ledger.afterwards = day.write_report
        if load is not None:
            result.loads = day.step(
                "load sources",
                getattr(loading, load),
                settings,
                game_date=game_date,
                clock=clock,
                free_tier=free_tier,
                progress=reporter.detail,
                heard=ledger.audit.heard,
            )
        if run_mode == LIVE:
            ledger.fix_as_of(clock())
        result.as_of = ledger.run.as_of
        window = day.build_features(dbt or DbtRunner(settings), severity)
        day.forecast(information_set, players, train)
        if day.is_unchanged():
            # the pages tell it already
            ledger.afterwards = None
        else:
            day.publish(window)
        ledger.complete(
            clock(),
            result.reason and gates.why(severity, result.reason),
            gated_from=window.passed_from if run_mode == LIVE else None,
        )
    result.status = runs.COMPLETED
    return result


class _Day:
    """The steps of one run, in their order."""

    def __init__(
        self,
        settings: Settings,
        work: Work,
        ledger: runs.Recorder,
        result: DailyResult,
        clock: Clock,
        reporter: Reporter,
        call: Call,
    ) -> None:
        self.settings = settings
        self.work = work
        self.ledger = ledger
        self.result = result
        self.clock = clock
        self.reporter = reporter
        self.step = Stepper(reporter, call, ledger.audit.stepped)

    def build_features(self, dbt: DbtRunner, severity: str) -> gates.GateWindow:
        """The first build; returns the dates that its gates judged."""
        run, game_date = self.ledger.run, self.result.game_date
        self.dbt = dbt
        dbt.run_id, dbt.reporter, dbt.built = run.run_id, self.reporter, self.ledger.audit.built
        self.step("read dbt project", dbt.parse)
        if not Built(self.settings, dbt).is_same_project():
            self.step("prepare raw tables", steps.ensure_tables, self.settings)
        window = gates.gate_window(self.settings, run, game_date=game_date, severity=severity)
        built = self.step(
            "build features",
            steps.build_features,
            self.settings,
            dbt,
            run,
            slate_date=game_date,
            window=window,
        )
        self.result.builds.append(built)
        return window

    def forecast(
        self, information_set: str | None, players: Collection[str] | None, train: str
    ) -> None:
        """Forecast those of the slate whom the work asks for."""
        run, result = self.ledger.run, self.result
        slate = self.step(
            "read slate",
            steps.read_slate,
            self.settings,
            game_date=result.game_date,
            as_of=run.as_of,
            information_set=information_set,
            only_changed=self.work.forecast == CHANGED,
            players=players,
        )
        result.games, result.slate_rows = slate.games, slate.rows.num_rows
        result.information_set, result.reason = slate.information_set, slate.reason
        self.ledger.forecasts(slate.information_set)
        if slate.reason is not None or self.work.forecast == NOBODY:
            return
        models = self.step(
            "train or reuse models",
            modelling.train_models,
            self.settings,
            run=run,
            information_set=slate.information_set,
            clock=self.clock,
            training=train,
        )
        ours = [one for one in models if one.card.system == modelling.OURS]
        result.model_versions = {one.card.market: one.card.model_version for one in ours}
        result.trained = [one.card.market for one in ours if one.is_new]
        written = self.step(
            "forecast and write back",
            modelling.forecast,
            self.settings,
            slate,
            models,
            run=run,
            created_at=self.clock(),
        )
        result.forecasts = written["forecasts"]

    def is_unchanged(self) -> bool:
        """Whether a refresh found all as the last run published it."""
        if self.work.forecast != CHANGED or self.result.forecasts:
            return False
        return self.result.builds[0].selector == "slate" and runs.ended_well(
            self.settings, before=self.ledger.run, commands=[one.command for one in WORKS]
        )

    def publish(self, window: gates.GateWindow) -> None:
        """The second build, and the switch to what it made."""
        selector = "forecasts"
        is_quiet = self.work.forecast == CHANGED or self.result.games == 0
        if is_quiet and self.result.builds[0].selector in WITHOUT_SUMMARIES:
            selector = Built(self.settings, self.dbt).forecasts_selector()
        built = self.step(
            "build forecasts",
            steps.build,
            self.settings,
            self.dbt,
            selector,
            self.ledger.run,
            slate_date=self.result.game_date,
            window=window,
        )
        self.result.builds.append(built)
        published = self.step(
            "publish", steps.publish, self.settings, self.ledger.run, clock=self.clock
        )
        self.result.published_place = published.place
        self.write_files()

    def write_files(self) -> None:
        """What other programs read. Where it fails, what is published stays published."""
        try:
            written = self.step("write files", steps.write_files, self.settings)
        except (FilesFailed, WarehouseError) as error:
            said = f"the files that others read were not written: {error}"
            self.ledger.audit.without = (*self.ledger.audit.without, said)
            self.reporter.say(f"[bold yellow]{escape(said)}[/]")
        else:
            self.result.files_place = str(written.place)

    def write_report(self) -> None:
        """What people look at, behind the run's end so that it is told, too; it changes no end."""
        without = []
        try:
            page = self.step("write the report", steps.write_report, self.settings)
        except Exception as error:  # noqa: BLE001  whatever breaks a page, the run has ended
            text = self.settings.scrubbed(f"{type(error).__name__}: {error}")
            without.append(f"the report was not written: {text}")
        else:
            self.result.report_place = str(page)
        try:
            self.ledger.enter_afterwards(*without)
        except (LoadError, WarehouseError) as error:
            without.append(f"the ledger was not told of the report: {error}")
        for said in without:
            self.reporter.say(f"[bold yellow]{escape(said)}[/]")


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


def run_grading(settings: Settings, *, game_date: date, **how: Any) -> DailyResult:
    """Load what has finished, build, grade, publish; forecast nobody. `how` as of `run_daily`."""
    return run_daily(settings, game_date=game_date, work=GRADING, **how)
