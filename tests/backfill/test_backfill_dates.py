"""What becomes of each expected game date; the loads are made up, the ledger is real."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from flows import backfill_ledger, backfill_runs, defaults, steps, warehouse
from flows.backfill import BackfillResult, run_backfill
from flows.dbt_runner import BuildResult
from flows.errors import ArgumentError, BackfillIncomplete
from flows.gates import GateWindow
from flows.trigger import Trigger
from loaders.errors import QuotaExhausted, TransientError
from loaders.settings import Settings

NOW = datetime(2026, 1, 15, 11, tzinfo=UTC)
FIRST, LAST = date(2026, 1, 1), date(2026, 1, 6)
DAYS = [FIRST + timedelta(days=n) for n in range(6)]
COMPLETE = ("complete", None)


@dataclass
class Source:
    """A source that answers as a test says: by date an error, or what is held afterwards."""

    asked: list[date] = field(default_factory=list)
    fails: dict[date, list[BaseException | None]] = field(default_factory=dict)
    held: dict[date, tuple[str, str | None]] = field(default_factory=dict)
    built: list[dict[str, Any]] = field(default_factory=list)
    meanwhile: Callable[[], None] = lambda: None

    def load(self, settings: Any, source: str, days: Sequence[date], *_: Any) -> list:
        self.asked += days
        self.meanwhile()
        for day in days:
            if errors := self.fails.get(day):
                error = errors.pop(0)
                if error is not None:
                    raise error
        return []

    def holds(self, settings: Any, source: str, days: Sequence[date], *_: Any) -> dict:
        return {day: self.held.get(day, COMPLETE) for day in days}

    def build(self, *_: Any, **named: Any) -> BuildResult:
        self.built.append(named)
        return BuildResult("features", (), None)


class NoDbt:
    def parse(self) -> None:
        return None


@pytest.fixture
def source(monkeypatch: pytest.MonkeyPatch) -> Source:
    made = Source()
    monkeypatch.setattr(backfill_runs, "load_days", made.load)
    monkeypatch.setattr(backfill_runs, "held", made.holds)
    monkeypatch.setattr(steps, "build_features", made.build)
    monkeypatch.setattr(
        backfill_runs.gates, "gate_window", lambda *_, **__: GateWindow(FIRST, None)
    )
    monkeypatch.setattr(
        backfill_ledger,
        "found_by_date",
        lambda *_: {day: made.held.get(day, COMPLETE) for day in DAYS},
    )
    monkeypatch.setattr(defaults, "TASK_RETRY_SECONDS", (0, 0))
    return made


@pytest.fixture
def go(settings: Settings) -> Callable[..., BackfillResult]:
    """The backfill of six dates, two batches."""

    def run(**changes: Any) -> BackfillResult:
        asked = {
            "source": "balldontlie",
            "start": FIRST,
            "end": LAST,
            "build": False,
            "window": timedelta(days=3),
            "clock": lambda: NOW,
            "dbt": NoDbt(),
            "reason": "a test",
            **changes,
        }
        quick = settings.model_copy(update={"lock_poll_seconds": 0.01})
        return run_backfill(quick, **asked)

    return run


def ledger(settings: Settings, columns: str = "status, attempts") -> list[tuple]:
    rows = warehouse.query(
        settings, f"select {columns} from raw_runs.backfill_dates order by backfill_id, game_date"
    )
    return [tuple(row.values()) for row in rows.to_pylist()]


def runs(settings: Settings) -> list[dict[str, Any]]:
    return warehouse.query(
        settings, "select * from raw_runs.runs order by started_at, run_id"
    ).to_pylist()


def test_every_batch_is_a_run_that_the_backfill_caused(
    settings: Settings, source: Source, go: Callable
) -> None:
    result = go(trigger=Trigger("schedule", deployment="a/b"))
    assert source.asked == DAYS
    assert source.built == []
    assert ledger(settings) == [("complete", 1)] * 6
    assert (result.counts, result.skipped) == ({"complete": 6}, 0)
    entered = runs(settings)
    assert len(entered) == 2
    assert {
        (run["command"], run["status"], run["trigger"], run["deployment"], run["caused_by"])
        for run in entered
    } == {("backfill", "completed", "schedule", "a/b", result.backfill_id)}
    spans = sorted((run["game_date_from"], run["game_date_to"]) for run in entered)
    assert spans == [(DAYS[0], DAYS[2]), (DAYS[3], DAYS[5])]
    assert set(ledger(settings, "run_id")) == {(run["run_id"],) for run in entered}
    assert set(ledger(settings, "reason, source, mode")) == {("a test", "balldontlie", "load")}


def test_loads_are_followed_by_one_build_that_judges_every_date(
    settings: Settings, source: Source, go: Callable
) -> None:
    source.held = {DAYS[1]: ("no_games", None), DAYS[2]: ("degraded", "1 of 2 games are final")}
    result = go(build=True)
    [built] = source.built
    assert built["rebuild"] is None
    assert built["window"] == GateWindow(FIRST, None)
    assert result.counts == {"complete": 4, "no_games": 1, "degraded": 1}
    assert len(runs(settings)) == 3
    last = next(run for run in runs(settings) if run["run_id"] == result.run_id)
    assert (last["game_date_from"], last["game_date_to"]) == (FIRST, LAST)
    assert last["gated_from"] == FIRST
    assert ledger(settings, "error")[2] == ("1 of 2 games are final",)


def test_what_passes_is_tried_again_at_the_end_of_the_same_command(
    settings: Settings, source: Source, go: Callable
) -> None:
    source.fails = {DAYS[0]: [TransientError("away"), TransientError("away"), None]}
    go()
    assert source.asked == [*DAYS, *DAYS[:3], *DAYS[:3]]
    assert ledger(settings) == [("complete", 3)] * 3 + [("complete", 1)] * 3


def test_a_date_is_tried_three_times_and_then_named(
    settings: Settings, source: Source, go: Callable
) -> None:
    source.fails = {DAYS[3]: [TransientError("away for good")] * 9}
    with pytest.raises(BackfillIncomplete) as raised:
        go(build=True)
    assert ledger(settings) == [("loaded", 1)] * 3 + [("failed", 3)] * 3
    for part in (
        "3 of 6 game dates failed, 3 are loaded and not built",
        "2026-01-04 to 2026-01-06 failed (attempts: 3): TransientError: away for good",
        "tried 3 times",
        "--again --reason 'a test'",
    ):
        assert part in str(raised.value)
    # features of a history with a hole would look whole
    assert source.built == []
    source.asked.clear()
    with pytest.raises(BackfillIncomplete, match="away for good"):
        go(build=True)
    assert source.asked == []
    source.fails.clear()
    result = go(build=True, again=True)
    assert source.asked == DAYS
    assert result.counts == {"complete": 6}
    assert len(set(ledger(settings, "backfill_id"))) == 2


def test_what_needs_a_hand_stops_at_once_and_the_next_call_goes_on_there(
    settings: Settings, source: Source, go: Callable
) -> None:
    source.fails = {DAYS[0]: [None], DAYS[3]: [QuotaExhausted("no credits are left")]}
    with pytest.raises(QuotaExhausted):
        go(window=timedelta(days=2))
    assert source.asked == DAYS[:4]
    assert ledger(settings) == [("complete", 1)] * 2 + [("failed", 1)] * 2 + [("expected", 0)] * 2
    assert ledger(settings, "error")[2] == ("QuotaExhausted: no credits are left",)
    source.asked.clear()
    result = go()
    assert source.asked == [*DAYS[2:5], DAYS[5]]
    assert (result.skipped, result.counts) == (2, {"complete": 6})
    assert len(set(ledger(settings, "backfill_id"))) == 1
    # done is done: the same asked again is a new one
    go()
    assert len(set(ledger(settings, "backfill_id"))) == 2


def test_stopped_by_hand_it_gives_its_dates_back_and_lets_the_warehouse_go(
    settings: Settings, source: Source, go: Callable
) -> None:
    source.fails = {DAYS[3]: [KeyboardInterrupt()] * 4 + [None]}
    for _ in range(4):
        with pytest.raises(KeyboardInterrupt):
            go()
    assert ledger(settings) == [("complete", 1)] * 3 + [("expected", 0)] * 3
    assert {run["error_class"] for run in runs(settings)} == {None, "KeyboardInterrupt"}
    with warehouse.writing(settings):
        pass
    assert go().counts == {"complete": 6}


def test_a_date_without_its_box_scores_is_not_done(
    settings: Settings, source: Source, go: Callable
) -> None:
    source.held = {DAYS[1]: ("failed", "box scores of 1 of 2 final games")}
    with pytest.raises(
        BackfillIncomplete,
        match=r"2026-01-02 failed \(attempts: 1\): box scores .*\ncontinue with: nba-props",
    ):
        go()
    # a minute later it would be no other
    assert source.asked == DAYS
    source.held.clear()
    assert go().counts == {"complete": 6}
    assert source.asked[6:] == [DAYS[1]]


def test_a_build_that_fails_is_all_that_is_done_again(
    settings: Settings, source: Source, go: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("disk full")

    with monkeypatch.context() as patched:
        patched.setattr(steps, "build_features", fail)
        with pytest.raises(RuntimeError):
            go(build=True)
    assert ledger(settings) == [("loaded", 1)] * 6
    source.asked.clear()
    assert go(build=True).counts == {"complete": 6}
    assert source.asked == []
    assert len(source.built) == 1


def test_another_run_of_the_same_may_have_done_it(
    settings: Settings, source: Source, go: Callable
) -> None:
    # while the first batch is loaded, another process loads all there is
    def others() -> None:
        source.meanwhile = lambda: None
        found = backfill_ledger.read(settings, ledger(settings, "backfill_id")[0][0])
        ahead = [one for one in found if one.status == "expected"]
        backfill_ledger.write(settings, backfill_ledger.moved(ahead, NOW, status="complete"))

    source.meanwhile = others
    assert go().counts == {"complete": 6}
    assert source.asked == DAYS[:3]


def test_whoever_waits_has_the_warehouse_between_two_batches(
    settings: Settings, source: Source, go: Callable
) -> None:
    had: list[int] = []

    def wait() -> None:
        patient = settings.model_copy(update={"lock_poll_seconds": 0.01})
        with warehouse.writing(patient):
            had.append(len(source.asked))

    waiting = threading.Thread(target=wait)
    source.meanwhile = lambda: None if waiting.is_alive() or had else waiting.start()
    go()
    waiting.join()
    assert had == [3]


@pytest.mark.parametrize("changes", [{}, {"source": "odds_api"}])
def test_only_a_rebuild_asks_for_the_range_anew(
    settings: Settings, source: Source, go: Callable, monkeypatch: pytest.MonkeyPatch, changes: dict
) -> None:
    monkeypatch.setattr(backfill_ledger, "games_by_date", lambda *_: dict.fromkeys(DAYS[:3], 2))
    if changes:
        go(build=True, **changes)
        # prices are asked where there is a game, and nowhere else
        assert source.asked == DAYS[:3]
        assert source.built[0]["rebuild"] is None
        return
    result = go(source=None, load=False, build=True)
    assert source.asked == []
    assert source.built[0]["rebuild"] == (FIRST, LAST)
    assert result.counts == {"complete": 3}
    assert set(ledger(settings, "mode, source, attempts")) == {("rebuild", None, 1)}


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        (
            {"source": "nba_stats"},
            "none of archive, balldontlie, bettingpros, espn, nba_com, odds_api",
        ),
        ({"start": date(2026, 1, 7)}, "is after"),
        ({"source": "archive"}, "--path"),
        ({"source": None}, "name it with --source"),
        ({"load": False}, "leave nothing to do"),
        ({"load": False, "build": True}, "leave --source and --path out"),
        ({"load": False, "build": True, "source": None, "start": date(2026, 1, 7)}, "is after"),
    ],
)
def test_what_cannot_be_meant_touches_nothing(
    settings: Settings, source: Source, go: Callable, changes: dict, says: str
) -> None:
    with pytest.raises(ArgumentError, match=says):
        go(**changes)
    assert source.asked == []
    assert not settings.warehouse_path.exists()


def test_a_dry_run_looks_and_leaves_nothing(
    settings: Settings, source: Source, go: Callable
) -> None:
    result = go(dry_run=True)
    assert (result.backfill_id, result.run_id, source.asked) == (None, None, [])
    assert not settings.warehouse_path.exists()
