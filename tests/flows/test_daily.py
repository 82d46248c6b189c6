"""The order of the steps and what the ledger says; the steps themselves are replaced."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pytest

from flows import gates, loading, modelling, runs, steps
from flows.backfill_sources import windows
from flows.daily import run_daily
from flows.dbt_runner import BuildResult
from flows.errors import DbtBuildFailed, FilesFailed, SlateIncomplete
from flows.progress import Reporter
from flows.published_files import Written
from loaders.engines import Published
from loaders.errors import MissingKey, QueryFailed, TransientError
from loaders.settings import Settings

DAY = date(2026, 1, 15)
START = datetime(2026, 1, 15, 22, 30, tzinfo=UTC)
TIPOFF = datetime(2026, 1, 16, 0, 0, tzinfo=UTC)
WINDOW = gates.GateWindow(date(2026, 1, 12), None)
STEPS = (
    "load_sources",
    "ensure_tables",
    "build_features",
    "build",
    "read_slate",
    "train_models",
    "forecast",
    "publish",
    "write_files",
    "write_report",
)
PLACES = {"load_sources": loading, "train_models": modelling, "forecast": modelling}


class Calls(list):
    """Names of the steps called; `returns` says with what, an exception is raised instead."""

    def __init__(self) -> None:
        self.arguments: dict[str, list[tuple[tuple, dict]]] = {}
        self.ledger: list[runs.Run] = []
        self.audits: list[dict[str, pa.Table]] = []
        card = SimpleNamespace(system="catboost", market="points", model_version="v1")
        model = SimpleNamespace(card=card, is_new=True)
        self.returns: dict[str, Any] = {
            "load_sources": ["outcome"],
            "ensure_tables": [],
            "build_features": BuildResult("features", (), None),
            "build": BuildResult("forecasts", (), None),
            "read_slate": steps.Slate(pa.table({"player_id": ["p"]}), "TIP", 5, TIPOFF, 1),
            "train_models": [model],
            "forecast": {"forecasts": 4},
            "publish": Published("copy.duckdb", 3, 3),
            "write_files": Written(Path("v1"), "run", 12, 30),
            "write_report": Path("index.html"),
        }

    def stub(self, name: str) -> Callable[..., Any]:
        def step(*arguments: Any, **named: Any) -> Any:
            self.append(f"build {arguments[2]}" if name == "build" else name.replace("_f", " f"))
            self.arguments.setdefault(name, []).append((arguments, named))
            found = self.returns[name]
            if isinstance(found, BaseException):
                raise found
            return found

        return step


class FakeDbt:
    def parse(self) -> None:
        return None

    def fingerprint(self) -> str:
        return "of a project"


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Calls:
    calls = Calls()
    for name in STEPS:
        place = PLACES.get(name, steps)
        monkeypatch.setattr(place, name, calls.stub(name))

    def write(_: Any, rows: list, audits: Any = ()) -> None:
        calls.ledger.extend(rows)
        calls.audits.extend(audits)

    monkeypatch.setattr(runs, "_write", write)
    monkeypatch.setattr(gates, "gate_window", lambda *_, **__: WINDOW)
    return calls


@pytest.fixture
def clock() -> Callable[[], datetime]:
    looks = iter(range(100))
    return lambda: START + timedelta(minutes=next(looks))


def daily(settings: Settings, clock: Callable, **changes: Any) -> Any:
    asked = {"game_date": DAY, "as_of": None, "run_mode": "live", **changes}
    return run_daily(settings, clock=clock, dbt=FakeDbt(), **asked)


def test_a_live_run_loads_first_and_speaks_from_the_end_of_its_loads(
    settings: Settings, calls: Calls, clock: Callable
) -> None:
    result = daily(settings, clock)
    assert calls == [
        "load_sources",
        "ensure_tables",
        "build features",
        "read_slate",
        "train_models",
        "forecast",
        "build forecasts",
        "publish",
        "write files",
        "write_report",
    ]
    assert calls.arguments["load_sources"][0][1]["game_date"] == DAY
    started, ended = calls.ledger
    as_of = START + timedelta(minutes=1)
    assert (started.status, started.as_of) == ("running", START)
    assert (ended.status, ended.as_of, ended.error) == ("completed", as_of, None)
    assert {run.run_id for run in calls.ledger} == {result.run_id}
    for name in ("build_features", "build"):
        [(arguments, named)] = calls.arguments[name]
        [run] = [a for a in arguments if isinstance(a, runs.Run)]
        assert run.as_of == as_of
        assert named["slate_date"] == DAY
        assert named["window"] == WINDOW
    assert ended.gated_from == WINDOW.first
    assert calls.arguments["forecast"][0][1]["created_at"] > as_of
    assert (result.status, result.forecasts, result.trained) == ("completed", 4, ["points"])
    assert (result.published_place, result.files_place) == ("copy.duckdb", "v1")
    assert result.report_place == "index.html"
    assert set(result.seconds) >= {"load sources", "build features", "publish"}


def test_a_replay_never_loads_and_speaks_from_45_minutes_before_tipoff(
    settings: Settings, calls: Calls, clock: Callable, warehouse: Callable
) -> None:
    warehouse(
        "create schema marts",
        "create table marts.games as select date '2026-01-15' as game_date, "
        "timestamptz '2026-01-16 00:00:00+00' as tipoff_at",
    )
    bare = settings.model_copy(update={"odds_api_key": None, "balldontlie_api_key": None})
    result = daily(bare, clock, run_mode="replay")
    assert "load_sources" not in calls
    assert [run.as_of for run in calls.ledger] == [TIPOFF - timedelta(minutes=45)] * 2
    assert result.as_of == TIPOFF - timedelta(minutes=45)


def test_a_day_without_games_ends_well_without_training(
    settings: Settings, calls: Calls, clock: Callable
) -> None:
    calls.returns["read_slate"] = steps.Slate(pa.table({"player_id": []}), "BASE", 0, None, 0)
    result = daily(settings, clock)
    assert calls[-4:] == ["build forecasts", "publish", "write files", "write_report"]
    assert "train_models" not in calls
    assert (result.status, result.reason, result.forecasts) == ("completed", "no games", 0)
    assert (calls.ledger[-1].status, calls.ledger[-1].reason) == ("completed", "no games")


@pytest.mark.parametrize(
    ("step", "error", "before"),
    [
        ("load_sources", TransientError("balldontlie is down"), []),
        ("read_slate", SlateIncomplete("no row"), ["build features"]),
        ("publish", OSError("disk full"), ["build features", "build forecasts"]),
    ],
)
def test_a_step_that_fails_ends_the_run_and_is_in_the_ledger(
    settings: Settings,
    calls: Calls,
    clock: Callable,
    step: str,
    error: Exception,
    before: list[str],
) -> None:
    calls.returns[step] = error
    with pytest.raises(type(error)):
        daily(settings, clock)
    assert [name for name in calls if name.startswith("build")] == before
    assert calls[-2:] == [step, "write_report"], "the pages tell of a failed run, too"
    assert calls.ledger[-1].status == "failed"
    assert calls.ledger[-1].error == f"{type(error).__name__}: {error}"


def test_nothing_is_published_behind_a_gate_that_failed(
    settings: Settings, calls: Calls, clock: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    def build(_: Any, dbt: Any, selector: str, run: Any, **__: Any) -> BuildResult:
        raise DbtBuildFailed(f"gate of {selector}")

    monkeypatch.setattr(steps, "build", build)
    with pytest.raises(DbtBuildFailed):
        daily(settings, clock)
    assert "publish" not in calls
    assert calls.ledger[-1].status == "failed"


def test_a_missing_key_is_told_before_anything_is_done(
    settings: Settings, calls: Calls, clock: Callable
) -> None:
    bare = settings.model_copy(update={"odds_api_key": None})
    with pytest.raises(MissingKey, match=r"^ODDS_API_KEY not set.*--skip-loads"):
        daily(bare, clock)
    assert calls == []
    assert calls.ledger == []
    daily(bare, clock, loads=False)
    assert calls[0] == "ensure_tables"


def test_every_step_goes_through_the_caller_that_was_given(
    settings: Settings, calls: Calls, clock: Callable
) -> None:
    called = []

    def call(name: str, function: Callable, *arguments: Any, **named: Any) -> Any:
        called.append(name)
        return function(*arguments, **named)

    daily(settings, clock, call=call)
    assert called == [
        "load sources",
        "read dbt project",
        "prepare raw tables",
        "build features",
        "read slate",
        "train or reuse models",
        "forecast and write back",
        "build forecasts",
        "publish",
        "write files",
        "write the report",
    ]


@pytest.mark.parametrize("error", [FilesFailed("no space left"), QueryFailed("no such column")])
def test_files_that_fail_are_told_and_what_is_published_stays_so(
    settings: Settings, calls: Calls, clock: Callable, error: Exception
) -> None:
    calls.returns["write_files"] = error
    result = daily(settings, clock)
    assert (result.status, result.published_place) == ("completed", "copy.duckdb")
    assert result.files_place is None
    ended = calls.ledger[-1]
    assert (ended.status, ended.error, ended.is_degraded) == ("completed", None, True)
    assert ended.degraded_reason == f"the files that others read were not written: {error}"


def test_the_report_is_written_once_the_ledger_says_how_the_run_ended(
    settings: Settings, calls: Calls, clock: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    monkeypatch.setattr(
        steps, "write_report", lambda _: seen.append(calls.ledger[-1].status) or Path("index.html")
    )
    daily(settings, clock)
    calls.returns["publish"] = OSError("disk full")
    with pytest.raises(OSError, match="disk full"):
        daily(settings, clock)
    assert seen == ["completed", "failed"]


def test_a_report_that_fails_is_told_and_the_run_stays_a_good_one(
    settings: Settings, calls: Calls, clock: Callable, capsys: pytest.CaptureFixture
) -> None:
    calls.returns["write_report"] = OSError("no space left for key-one")
    result = daily(settings, clock, reporter=Reporter())
    said = "the report was not written: OSError: no space left for ***"
    assert (result.status, result.files_place, result.report_place) == ("completed", "v1", None)
    ended = calls.ledger[-1]
    assert (ended.status, ended.error, ended.is_degraded) == ("completed", None, True)
    assert ended.degraded_reason == said
    assert said in capsys.readouterr().err
    last = {name: one.to_pylist() for name, one in calls.audits[-1].items()}
    [step] = last["steps"]
    assert (step["step"], step["status"]) == ("write the report", "failed")


def test_a_report_that_fails_changes_nothing_of_why_a_run_failed(
    settings: Settings, calls: Calls, clock: Callable
) -> None:
    calls.returns |= {"publish": OSError("disk full"), "write_report": RuntimeError("no template")}
    with pytest.raises(OSError, match="disk full"):
        daily(settings, clock)
    ended = calls.ledger[-1]
    assert (ended.status, ended.error) == ("failed", "OSError: disk full")
    assert ended.is_degraded is None


def test_who_stops_a_run_waits_for_no_report(
    settings: Settings, calls: Calls, clock: Callable
) -> None:
    calls.returns["publish"] = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        daily(settings, clock)
    assert calls[-1] == "publish"


def test_windows_cover_a_range_once() -> None:
    spans = list(windows(DAY, DAY + timedelta(days=6), timedelta(days=3)))
    assert spans == [
        (DAY, DAY + timedelta(days=2)),
        (DAY + timedelta(days=3), DAY + timedelta(days=5)),
        (DAY + timedelta(days=6), DAY + timedelta(days=6)),
    ]
    assert list(windows(DAY, DAY, timedelta(days=28))) == [(DAY, DAY)]
