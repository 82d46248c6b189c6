"""What runs by itself: thin Prefect flows around the functions that the commands call.

Each reads its slot, asks whether there is anything to do, does it as the one writer, and ends
Completed with the reason as its message. `flows.deployments` says when each runs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from prefect import flow, runtime
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowRunFilter
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.context import FlowRunContext
from prefect.states import Completed

from flows import artifacts, defaults, one_writer, warm
from flows.clock import EASTERN, OVERNIGHT, Clock, utc_now
from flows.gamedays import game_day
from flows.leftovers import at_work
from flows.modelling import DUE
from flows.prefect_flows import RunReporter, call_as_task, note, scrubbing, settings_of, tell
from flows.slots import is_before_tips, overtaken_by, slate_date
from flows.trigger import EVENT, MANUAL, SCHEDULE, Trigger
from flows.world import providers
from loaders.engines import engine
from loaders.settings import Target

if TYPE_CHECKING:
    from prefect.client.schemas.objects import State

    from flows.daily import DailyResult
    from loaders.settings import Settings

CAUSES = {"SCHEDULE": SCHEDULE, "AUTOMATION": EVENT}
# A slot is overtaken by one that works or will, not by one that failed.
WORKING = [StateType.SCHEDULED, StateType.PENDING, StateType.RUNNING, StateType.COMPLETED]


@dataclass(frozen=True)
class Job:
    """What a flow run is to work on.

    Args:
        settings: of the target, reaching its providers.
        began: instant of the slot, or of the start by hand; in the sandbox by its clock.
        clock: tells the present; the sandbox's in the sandbox.
        day: Eastern date of the slate.
        trigger: what started the run.
        reporter: shows what is going on in the run's log.
    """

    settings: Settings
    began: datetime
    clock: Clock
    day: date
    trigger: Trigger
    reporter: RunReporter

    @property
    def how(self) -> dict[str, Any]:
        """What every one of the functions is called with."""
        return {
            "clock": self.clock,
            "reporter": self.reporter,
            "call": call_as_task,
            "trigger": self.trigger,
            "writing": one_writer.writing,
        }

    @property
    def how_of_a_day(self) -> dict[str, Any]:
        """The same, with a bar on the run's page."""
        return {**self.how, "call": artifacts.Progress(self.settings, call_as_task)}


def run_name() -> str:
    """`lines Fri 16 Jan 18:00 ET`, `refresh of 2026-01-16 after 2026…`."""
    name, given = runtime.flow_run.flow_name, runtime.flow_run.parameters
    if given.get("caused_by"):
        return f"{name} of {given['game_date']} after {given['caused_by']}"
    if given.get("game_date"):
        return f"{name} of {given['game_date']}"
    slot = runtime.flow_run.scheduled_start_time.astimezone(EASTERN)
    return f"{name} {slot:%a %d %b %H:%M} ET"


def scheduled(function: Callable[..., State]) -> Any:
    """A flow that keeps no result, has a name for people, and tells how it ended if not well."""
    return flow(
        function,
        persist_result=False,
        flow_run_name=run_name,
        timeout_seconds=defaults.FLOW_TIMEOUTS.get(function.__name__, defaults.FLOW_TIMEOUT),
        on_failure=[tell],
        on_crashed=[tell],
        on_cancellation=[note],
    )


@scheduled
def morning(
    game_date: date | None = None, target: Target | None = None, mode: str = OVERNIGHT
) -> State:
    """Wait for the night's sources, build everything, train if due, forecast the day, publish.

    mode: overnight, same_day or tomorrow; a `game_date` is forecast as it is asked for.
    """

    def work(job: Job) -> State:
        from flows.daily import run_daily
        from flows.modes import run_in_mode
        from flows.retrain import run_retraining

        how = {"train": DUE, "mode": mode, **job.how_of_a_day}
        if game_date is None:
            result = run_in_mode(job.settings, waits=True, since=job.began, **how)
        else:
            result = run_daily(job.settings, game_date=game_date, **how)
        # the day's refreshes read more than the morning knows, and must not wait for a training
        run_retraining(job.settings, train=DUE, **job.how)
        return shown(job, result)

    return run_job(work, game_date=game_date, target=target, needs_games=False)


@scheduled
def lines(
    game_date: date | None = None, target: Target | None = None, before_tips: bool = False
) -> State:
    """Poll the books. `before_tips`: only where a game tips off within the hour."""

    def work(job: Job) -> State:
        if before_tips and not is_before_tips(job.clock(), game_day(job.settings, job.day).tipoffs):
            return skipped(f"no game of {job.day} tips off within the hour", job)
        return _poll("lines", job)

    return run_job(work, game_date=game_date, target=target)


@scheduled
def injuries(game_date: date | None = None, target: Target | None = None) -> State:
    """Poll the injury report."""
    return run_job(lambda job: _poll("injuries", job), game_date=game_date, target=target)


@scheduled
def refresh(
    game_date: date | None = None, target: Target | None = None, caused_by: str | None = None
) -> State:
    """Build, forecast and publish what the latest loads changed of the day, and nothing else."""

    def work(job: Job) -> State:
        from flows.refresh import run_refresh

        # before the warehouse is this run's
        warm.load(job.settings)
        return shown(job, run_refresh(job.settings, game_date=job.day, **job.how_of_a_day))

    return run_job(work, game_date=game_date, target=target, caused_by=caused_by)


@scheduled
def grading(game_date: date | None = None, target: Target | None = None) -> State:
    """Load box scores, build, grade the games that have ended, publish."""

    def work(job: Job) -> State:
        from flows.daily import run_grading

        return shown(job, run_grading(job.settings, game_date=job.day, **job.how_of_a_day))

    return run_job(work, game_date=game_date, target=target)


@scheduled
def retrain(game_date: date | None = None, target: Target | None = None) -> State:
    """Train every model anew from all that is known."""

    def work(job: Job) -> State:
        from flows.retrain import run_retraining

        return ended(run_retraining(job.settings, **job.how))

    return run_job(work, game_date=game_date, target=target, needs_games=False)


@scheduled
def health(game_date: date | None = None, target: Target | None = None) -> State:
    """Look at the audit, and tell what needs a hand."""

    def work(job: Job) -> State:
        from flows.health import run_health

        found = run_health(job.settings, **job.how).num_rows
        return Completed(message=f"{found} findings" if found else "nothing needs a hand")

    return run_job(work, game_date=game_date, target=target, needs_games=False)


@scheduled
def backfill(
    start: date,
    end: date,
    reason: str,
    source: str | None = "balldontlie",
    path: Path | None = None,
    load: bool = True,
    build: bool = True,
    target: Target | None = None,
) -> State:
    """Load and rebuild a range of game dates; started by hand, and taking turns with the others."""

    def work(job: Job) -> State:
        from flows.backfill import run_backfill

        # its steps are many and its batches take turns: tasks would tell nothing more
        how = {name: value for name, value in job.how.items() if name != "call"}
        result = run_backfill(
            job.settings,
            source=source if load else None,
            start=start,
            end=end,
            path=path,
            load=load,
            build=build,
            reason=reason,
            **how,
        )
        return ended(result)

    return run_job(work, game_date=start, target=target, needs_games=False)


def run_job(
    work: Callable[[Job], State],
    *,
    game_date: date | None,
    target: Target | None,
    caused_by: str | None = None,
    needs_games: bool = True,
) -> State:
    """Call `work`, unless a later slot has taken over or nobody plays that day.

    game_date: the day that was asked for; by default the slot's, in the sandbox its clock's.
    """
    flow_run = FlowRunContext.get().flow_run
    settings = settings_of(target)
    trigger = trigger_of(flow_run, caused_by)
    with (
        at_work(settings, flow_run.id),
        scrubbing(settings),
        providers(settings) as (reachable, clock),
    ):
        slot = trigger.scheduled_at
        now_there = clock() if slot is None or engine(settings).is_simulated else slot
        day = game_date or slate_date(now_there)
        job = Job(reachable, now_there, clock, day, trigger, RunReporter(reachable))
        if slot is not None:
            newer = overtaken_by(slot, utc_now(), later_slots(flow_run, slot))
            if newer is not None:
                at = newer.astimezone(EASTERN)
                return skipped(f"overtaken by the slot of {at:%Y-%m-%d %H:%M} ET", job)
        if needs_games and game_day(reachable, job.day).is_off:
            return skipped(f"no games on {job.day}", job)
        return work(job)


def trigger_of(flow_run: FlowRun, caused_by: str | None) -> Trigger:
    """What started a flow run; only a schedule's has a slot."""
    maker = flow_run.created_by
    kind = CAUSES.get((maker.type or "") if maker is not None else "", MANUAL)
    name = runtime.deployment.name
    return Trigger(
        kind=kind,
        deployment=None if name is None else f"{runtime.flow_run.flow_name}/{name}",
        flow_run_id=str(flow_run.id),
        scheduled_at=flow_run.expected_start_time if kind == SCHEDULE else None,
        caused_by=caused_by,
    )


def later_slots(flow_run: FlowRun, slot: datetime) -> list[datetime]:
    """Slots of the same deployment after this one, that have worked, work, or are going to."""
    after = FlowRunFilter.model_validate(
        {
            "deployment_id": {"any_": [flow_run.deployment_id]},
            "expected_start_time": {"after_": slot, "before_": utc_now()},
            "state": {"type": {"any_": WORKING}},
        }
    )
    with get_client(sync_client=True) as client:
        found = client.read_flow_runs(
            flow_run_filter=after, sort=FlowRunSort.EXPECTED_START_TIME_DESC
        )
    return [run.expected_start_time for run in found if run.auto_scheduled]


def _poll(what: str, job: Job) -> State:
    from flows.events import emit_changed
    from flows.polls import run_poll

    poll = run_poll(job.settings, what=what, game_date=job.day, **job.how)
    told = {
        "run_id": poll.run_id,
        "game_date": poll.game_date.isoformat(),
        "load_ids": list(poll.load_ids),
        "players": list(poll.players),
    }
    if not poll.has_changed:
        return Completed(message=f"{what}: nothing new", data=told)
    heard = "told" if emit_changed(job.settings, poll) else "not told"
    about = f" about {len(poll.players)} players" if poll.players else ""
    return Completed(message=f"{what}: news{about}, {heard}", data=told)


def shown(job: Job, result: DailyResult) -> State:
    """What the run of a day published, as artifacts; then as `ended`."""
    artifacts.show(job.settings, result)
    return ended(result)


def ended(result: Any) -> State:
    """Completed, with what a function's result says of itself."""
    told = {
        name: value
        for name in ("run_id", "status", "reason", "forecasts", "trained", "seconds")
        if (value := getattr(result, name, None)) is not None
    }
    done = f"{told['forecasts']} forecasts" if told.get("forecasts") else "done"
    return Completed(message=told.get("reason") or done, data=told)


def skipped(reason: str, job: Job) -> State:
    """Completed without any work."""
    job.reporter.say(reason)
    return Completed(
        message=reason,
        data={"status": "skipped", "reason": reason, "game_date": job.day.isoformat()},
    )
