"""A lived-in warehouse that faults are put into: it is put back, spoiled, run, and looked at."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from scenario import Edit, Scenario
from wire import CountingClock
from worlds import project_copy

from flows import steps
from flows.built import Built
from flows.clock import LIVE
from flows.daily import DailyResult, call_plainly, run_daily
from flows.dbt_runner import BuildResult, DbtRunner
from flows.errors import DbtBuildFailed
from flows.gates import GATED_LAYERS
from loaders.files import sha256
from loaders.settings import Settings

SLATE = date(2026, 1, 15)
EVENING = datetime(2026, 1, 15, 22, 10, tzinfo=UTC)
# The relations of the warehouse that a fault's SQL may name by what they mean.
WORDS = """
create temp macro new_load() as cast(epoch(timestamptz '2033-01-01 00:00:00+00') as varchar);
create temp macro newer_load() as cast(epoch(timestamptz '2033-01-02 00:00:00+00') as varchar);
create temp macro game(day, n) as (
    select id from raw_balldontlie.games
    where game_date = cast(day as date) and period <= 4 order by id limit 1 offset n
);
create temp macro home(day, n) as (
    select home_team_id from raw_balldontlie.games
    where game_date = cast(day as date) and period <= 4 order by id limit 1 offset n
);
create temp macro a_player(day, n) as (
    select min(id) from raw_balldontlie.player_stats
    where game_id = game(day, n) and min > '20'
);
create temp macro slate_game() as (
    select min(game_id) from marts.games where game_date = date '2026-01-15'
);
create temp macro forecast(of_market, n) as (
    select forecast_id from marts.player_prop_predictions
    where system = 'catboost' and market = of_market
        and line is not null and game_id != slate_game()
    order by forecast_id limit 1 offset n
);
"""


LOAD = re.compile(r"raw_(balldontlie|odds_api|archive|forecasts)\.[^;]*?(newer_load|new_load)\(\)")
ENTERED = """
insert into raw_{source}._dlt_loads by name
select {load}() as load_id, '{source}' as schema_name, 0 as status, 
    coalesce(max(inserted_at), timestamptz '2026-01-15 22:05:00+00') as inserted_at
from raw_{source}._dlt_loads
"""


@dataclass
class Outcome:
    """What one run left: its error, if any, and what the audit keeps of it."""

    error: str | None
    failed_tests: tuple[str, ...]
    run: dict[str, Any]
    steps: list[dict[str, Any]]
    nodes: list[dict[str, Any]]
    gates: list[dict[str, Any]]
    measured: list[dict[str, Any]]
    alarms: list[dict[str, Any]]
    is_published_as_before: bool
    told: set[str]
    injected: dict[str, float] = field(default_factory=dict)
    seen: dict[str, Any] = field(default_factory=dict)

    def rows(self, metric: str, day: date, subject: str | None) -> list[dict[str, Any]]:
        """The audit's rows of a metric on a date."""
        return [
            row
            for row in self.gates
            if (row["metric"], row["game_date"], row["subject"]) == (metric, day, subject)
        ]

    def status(self, name: str) -> set[str]:
        """How the nodes of a name ended."""
        return {node["status"] for node in self.nodes if node["name"] == name}


class Lab:
    """One home; its warehouse is put back from `base` before every experiment.

    The home stays where it is, so that dbt's stored parse stays valid.
    """

    def __init__(self, settings: Settings, base: Path, folder: Path, dbt: DbtRunner) -> None:
        self.settings = settings
        self.base = base
        self.folder = folder
        self.dbt = dbt
        self.projects = 0

    def reset(self) -> None:
        """Everything as the first evening left it, but for dbt's own files."""
        home = self.settings.home
        for path in home.iterdir():
            if path.name != "dbt":
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        shutil.rmtree(home / "dbt" / "built", ignore_errors=True)
        shutil.copytree(
            self.base,
            home,
            symlinks=True,
            dirs_exist_ok=True,
            ignore=shutil.ignore_patterns("logs", "target", "runs"),
        )

    def execute(self, statements: Sequence[str], values: dict[str, str] | None = None) -> dict:
        """Run statements on the warehouse; then the one value of each query of `values`.

        The loads that they name are entered as dlt enters its own.
        """
        with duckdb.connect(str(self.settings.warehouse_path)) as connection:
            connection.execute("set TimeZone = 'UTC'")
            connection.execute(WORDS)
            for statement in statements:
                connection.execute(statement)
            for source, load in sorted(set(LOAD.findall(";".join(statements)))):
                connection.execute(ENTERED.format(source=source, load=load))
            return {
                name: connection.execute(f"select {sql}").fetchone()[0]
                for name, sql in (values or {}).items()
            }

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[dict[str, Any]]:
        """Rows of a query on the warehouse."""
        with duckdb.connect(str(self.settings.warehouse_path), read_only=True) as connection:
            connection.execute("set TimeZone = 'UTC'")
            return connection.execute(sql, list(parameters)).to_arrow_table().to_pylist()

    def project(self, edits: Sequence[Edit]) -> DbtRunner:
        """The project with some texts changed, as if it were the one that was built last."""
        self.projects += 1
        folder = self.folder / f"project_{self.projects}"
        first, *others = edits
        project_copy(folder, first.path, first.old, first.new)
        for edit in others:
            text = (folder / edit.path).read_text()
            assert edit.old in text, f"{edit.path} does not contain {edit.old!r}"
            (folder / edit.path).write_text(text.replace(edit.old, edit.new))
        return DbtRunner(self.settings, project_dir=folder)

    def experiment(self, scenario: Scenario) -> Outcome:
        """Put the faults of a scenario in, and run."""
        self.reset()
        dbt = self.dbt
        if scenario.edits:
            dbt = self.project(scenario.edits)
            # else all of it would be built from nothing: slower, and no different
            Built(self.settings, dbt).remember("features")
        wanted = {one.metric: one.value for one in scenario.expects if isinstance(one.value, str)}
        injected = self.execute(scenario.sql, wanted)
        outcome = self.run(
            dbt,
            at=scenario.at or EVENING,
            game_date=scenario.game_date or SLATE,
            half=scenario.half,
        )
        outcome.injected = injected
        outcome.seen = self.execute((), scenario.seen)
        return outcome

    def run(
        self,
        dbt: DbtRunner | None = None,
        *,
        at: datetime = EVENING,
        game_date: date = SLATE,
        half: str = "features",
        severity: str = "error",
    ) -> Outcome:
        """A live run without loads; what the audit says of it, and of what people read."""
        before = self._published()
        earlier = [row["run_id"] for row in self.rows("select run_id from raw_runs.runs")]
        error: DbtBuildFailed | None = None
        try:
            self.daily(dbt, at=at, game_date=game_date, severity=severity, call=STEPS[half])
        except DbtBuildFailed as raised:
            error = raised
        [run] = self.rows(
            "select * from raw_runs.runs where not list_contains(?, run_id)", [earlier]
        )
        mine = [run["run_id"]]
        gates = self.rows("select * from raw_runs.gate_results where run_id = ?", mine)
        return Outcome(
            error=None if error is None else str(error),
            failed_tests=() if error is None else error.tests,
            run=run,
            steps=self.rows("select * from raw_runs.steps where run_id = ? order by ordinal", mine),
            nodes=self.rows("select * from raw_runs.nodes where run_id = ?", mine),
            gates=gates,
            measured=[
                row
                for layer in sorted({one["layer"] for one in gates})
                for row in self.rows(f"select * from marts.gate_{layer}")
            ],
            alarms=self.rows("select * from audit.alarms where rule = 'gate_blocked'"),
            is_published_as_before=self._published() == before,
            told=told(self.settings),
        )

    def daily(
        self,
        dbt: DbtRunner | None = None,
        *,
        at: datetime = EVENING,
        game_date: date = SLATE,
        severity: str = "error",
        call: Callable[..., Any] | None = None,
    ) -> DailyResult:
        """The run itself, which raises what it raises. call: how a step is called."""
        return run_daily(
            self.settings,
            game_date=game_date,
            as_of=None,
            run_mode=LIVE,
            loads=False,
            clock=CountingClock(at),
            dbt=dbt or self.dbt,
            severity=severity,
            call=call or call_plainly,
        )

    def _published(self) -> str:
        return sha256(self.settings.published_path)


def told(settings: Settings) -> set[str]:
    """What the report says before its figures, as the run left it."""
    page = (settings.report_dir / "index.html").read_text(encoding="utf-8")
    return set(re.findall(r'data-state="(\w+)"', page))


def without_features(name: str, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """A step of a run that finds its features built, and its forecasts written."""
    if name == "build features":
        return BuildResult("features", (), None)
    if name == "read slate":
        return steps.Slate(pa.table({"player_id": []}), "BASE", 6, None, 0)
    return function(*args, **kwargs)


def without_forecasts(name: str, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """A step of a run that finds nothing to forecast."""
    if name == "read slate":
        return steps.Slate(pa.table({"player_id": []}), "BASE", 0, None, 0)
    return function(*args, **kwargs)


STEPS = {
    "features": call_plainly,
    "forecasts": without_features,
    "no forecasts": without_forecasts,
}


def later_layers(layer: str) -> Iterator[str]:
    """The layers whose models must not be built once a layer's gate blocks."""
    order = (*GATED_LAYERS, "grading", "reports")
    # games and its gate stand behind the raw gate in one layer; reports alone behind the last one
    behind = {"raw": "core", "predictions": "reports"}
    first = behind.get(layer) or order[order.index(layer) + 1]
    return iter(order[order.index(first) :])
