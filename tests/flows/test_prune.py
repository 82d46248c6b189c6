"""What goes, what stays, and that a look changes nothing; on tables that a few statements make."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from test_cli import nba_props
from test_warehouse import held_elsewhere

from flows import backup
from flows import prune as pruning
from flows import warehouse as reading
from flows.errors import PruneRefused
from flows.prune import Finding, prune
from loaders.engines import duckdb as on_duckdb
from loaders.errors import QueryFailed, WarehouseBusy
from loaders.settings import Settings

NOW = datetime(2027, 3, 1, tzinfo=UTC)
"""Long after the latest live run: ages do not count from it."""
MADE = (
    *(f"create schema {name}" for name in ("raw_archive", "raw_odds_api", "raw_runs", "audit")),
    "create table raw_odds_api.player_props as from (values"
    " ('kept', timestamptz '2026-01-01 22:00:00+00', null),"
    " ('old', null, timestamptz '2026-01-01 20:00:00+00'),"
    " ('young', timestamptz '2026-01-13 20:00:00+00', null))"
    " as prices (row_key, captured_at, last_update)",
    "create table raw_archive.game_lines as from (values"
    " ('old', timestamptz '2026-01-01 19:00:00+00', timestamptz '2026-01-01 18:00:00+00'))"
    " as prices (row_key, captured_at, last_update)",
    "create table raw_odds_api.rejects as from (values"
    " ('old', timestamptz '2026-01-01 20:00:00+00'),"
    " ('young', timestamptz '2026-01-13 20:00:00+00'))"
    " as rejects (row_key, captured_at)",
    "create view audit.price_snapshots_unused as"
    " select row_key as price_id, 'odds_api' as source, 'player_props' as resource,"
    " cast(coalesce(captured_at, last_update) as date) as game_date"
    " from raw_odds_api.player_props where row_key != 'kept'"
    " union all"
    " select row_key, 'archive', 'player_props', date '2026-01-01' from raw_archive.game_lines",
    "create table audit.loads_pending (source varchar)",
    "create table raw_runs.runs as select *, 'completed' as status from (values"
    " ('r1', 'live', timestamptz '2026-01-01 22:00:00+00', timestamptz '2026-01-01 22:00:00+00'),"
    " ('r2', 'live', timestamptz '2026-01-15 22:00:00+00', timestamptz '2026-01-15 22:00:00+00'),"
    " ('r3', 'replay', timestamptz '2026-01-16 22:00:00+00', timestamptz '2026-12-31 22:00:00+00'))"
    " as runs (run_id, run_mode, started_at, as_of)",
    "create table raw_runs.nodes as from (values ('r1', 'a'), ('r1', 'b'), ('r2', 'a'))"
    " as nodes (run_id, name)",
    "create table raw_runs.loads as from (values"
    " ('r1', 'wrote rows', 3), ('r1', 'wrote none', 0), ('r1', 'failed', null),"
    " ('r2', 'wrote none', 0)) as loads (run_id, status, rows_loaded)",
    "create table raw_runs.waivers as from (values ('r1')) as waivers (run_id)",
)
TABLES = (
    *("raw_odds_api.player_props", "raw_archive.game_lines", "raw_odds_api.rejects"),
    *("raw_runs.nodes", "raw_runs.loads", "raw_runs.runs", "raw_runs.waivers"),
)


class Ledger:
    """Stands for flows.runs: what was entered, without a load."""

    def __init__(self) -> None:
        self.entered: list[dict[str, Any]] = []

    def write(self, _: Settings, rows: list[Any], *__: Any) -> None:
        self.entered += [{**vars(row)} for row in rows]


@pytest.fixture
def ledger(monkeypatch: pytest.MonkeyPatch) -> Ledger:
    ledger = Ledger()
    monkeypatch.setattr(pruning.runs, "_write", ledger.write)
    return ledger


@pytest.fixture
def made(settings: Settings, warehouse: Callable) -> Settings:
    warehouse(*MADE)
    return settings


def keeping(settings: Settings, **days: int) -> Settings:
    return settings.model_copy(update={f"keep_{name}": value for name, value in days.items()})


def contents(settings: Settings) -> dict[str, list[dict]]:
    return {
        name: reading.query(settings, f"from {name} order by all").to_pylist() for name in TABLES
    }


def gone(before: dict, after: dict) -> dict[str, list]:
    """First values of the rows that are no longer there, by table."""
    return {
        name: [next(iter(row.values())) for row in before[name] if row not in after[name]]
        for name in before
        if before[name] != after[name]
    }


ALL = {"prices_days": 10, "rejects_days": 10, "audit_days": 10}


def test_nothing_may_go_unless_a_setting_says_so(made: Settings, ledger: Ledger) -> None:
    with pytest.raises(PruneRefused, match=r"NBA_PROPS_KEEP_PRICES_DAYS.*docs/operations\.md"):
        prune(made, apply=True, clock=lambda: NOW)
    assert ledger.entered == []


def test_a_look_says_what_would_go_and_changes_nothing(made: Settings, ledger: Ledger) -> None:
    before = contents(made)
    done = prune(keeping(made, **ALL), apply=False, clock=lambda: NOW)
    found = {one.place: (one.setting, one.rows) for one in done.findings if one.rows}
    assert found == {
        "raw_odds_api.player_props": ("keep_prices_days", 1),
        "raw_odds_api.rejects": ("keep_rejects_days", 1),
        "raw_runs.nodes": ("keep_audit_days", 2),
        "raw_runs.loads": ("keep_audit_days", 2),
    }
    oldest = datetime(2026, 1, 1, 20, tzinfo=UTC)
    assert Finding("keep_rejects_days", "raw_odds_api.rejects", 1, oldest, oldest) in done.findings
    assert done.run_id is None
    assert contents(made) == before
    assert ledger.entered == []


def test_what_was_shown_goes_and_the_run_is_entered(made: Settings, ledger: Ledger) -> None:
    before = contents(made)
    settings = keeping(made, **ALL)
    shown = prune(settings, apply=False, clock=lambda: NOW)
    done = prune(settings, apply=True, clock=lambda: NOW)
    assert done.findings == shown.findings
    assert gone(before, contents(made)) == {
        # the archive's line is of another resource than the view says, so it stays
        "raw_odds_api.player_props": ["old"],
        "raw_odds_api.rejects": ["old"],
        "raw_runs.nodes": ["r1", "r1"],
        "raw_runs.loads": ["r1", "r1"],
    }
    # what brought rows is where they come from
    assert "wrote rows" in {row["status"] for row in contents(made)["raw_runs.loads"]}
    started, ended = ledger.entered
    assert (started["command"], started["run_mode"], started["status"]) == (
        "prune",
        "replay",
        "running",
    )
    assert (ended["status"], ended["run_id"]) == ("completed", done.run_id)
    assert "1 of raw_odds_api.player_props" in ended["reason"]
    assert prune(settings, apply=True, clock=lambda: NOW).rows == 0
    assert ledger.entered[-1]["reason"] == "nothing to delete"


def test_each_rule_is_on_by_its_own_setting(made: Settings) -> None:
    for name, days in ALL.items():
        done = prune(keeping(made, **{name: days}), apply=False, clock=lambda: NOW)
        assert {one.setting for one in done.findings} == {f"keep_{name}"}


def test_prices_wait_for_the_build_that_may_need_them(
    made: Settings, warehouse: Callable, ledger: Ledger
) -> None:
    warehouse("insert into audit.loads_pending values ('odds_api')")
    before = contents(made)
    with pytest.raises(PruneRefused, match="loads of odds_api wait for a build"):
        prune(keeping(made, prices_days=10), apply=True, clock=lambda: NOW)
    warehouse("drop view audit.price_snapshots_unused")
    with pytest.raises(PruneRefused, match="is not built yet"):
        prune(keeping(made, prices_days=10), apply=True, clock=lambda: NOW)
    assert contents(made) == before
    assert ledger.entered == []
    assert prune(keeping(made, rejects_days=10), apply=True, clock=lambda: NOW).rows == 1


def test_without_a_live_run_nothing_has_an_age(made: Settings, warehouse: Callable) -> None:
    warehouse("delete from raw_runs.runs where run_mode = 'live'")
    with pytest.raises(PruneRefused, match="no live run"):
        prune(keeping(made, **ALL), apply=True, clock=lambda: NOW)


def test_a_table_that_fails_is_as_it_was_and_the_run_says_so(
    made: Settings, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(made)

    def fail(*_: object) -> int:
        raise QueryFailed("no space left")

    monkeypatch.setattr(on_duckdb.DuckDB, "delete", fail)
    with pytest.raises(QueryFailed):
        prune(keeping(made, **ALL), apply=True, clock=lambda: NOW)
    assert contents(made) == before
    assert ledger.entered[-1]["status"] == "failed"


def test_a_warehouse_that_is_written_is_waited_for(made: Settings, ledger: Ledger) -> None:
    with held_elsewhere(made.warehouse_path), pytest.raises(WarehouseBusy):
        prune(keeping(made, **ALL), apply=True, clock=lambda: NOW)
    assert ledger.entered == []


def make_backup(
    settings: Settings, name: str, made_at: datetime, folder: Path | None = None
) -> Path:
    made = (folder or settings.backups_dir) / name
    made.mkdir(parents=True)
    manifest = backup.Manifest(made_at.isoformat(), settings.world, "0.1.0", None, None, (), ())
    (made / "manifest.json").write_text(json.dumps(vars(manifest) | {"files": []}))
    return made


def test_old_backups_go_but_never_the_newest(made: Settings, ledger: Ledger) -> None:
    settings = keeping(made, backups_days=30)
    old = make_backup(settings, "a", NOW - timedelta(days=90))
    young = make_backup(settings, "c", NOW - timedelta(days=20))
    foreign = settings.backups_dir / "notes"
    foreign.mkdir()
    [found] = prune(settings, apply=False, clock=lambda: NOW).findings
    assert (found.rows, found.oldest, found.newest) == (1, "a", "a")
    assert old.exists()
    prune(settings, apply=True, clock=lambda: NOW)
    assert not old.exists()
    prune(settings, apply=True, clock=lambda: NOW + timedelta(days=900))
    assert young.exists()
    assert foreign.exists()


def test_published_sets_beyond_the_count_go(
    made: Settings, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    dropped = []
    engine = on_duckdb.DuckDB
    monkeypatch.setattr(engine, "published_sets", lambda _: ["r9", "r8", "r7"])
    monkeypatch.setattr(engine, "drop_published", lambda _, runs: dropped.extend(runs))
    [found] = prune(keeping(made, published_sets=1), apply=False, clock=lambda: NOW).findings
    assert (found.rows, found.oldest, found.newest, dropped) == (2, "r7", "r8", [])
    prune(keeping(made, published_sets=1), apply=True, clock=lambda: NOW)
    assert dropped == ["r8", "r7"]


def test_snapshots_of_old_publications_go(made: Settings, ledger: Ledger) -> None:
    settings = keeping(made, snapshots_days=10)
    for name in ("20260101T220000Z_r1", "20260104T220000Z_r2", "20260115T220000Z_r3"):
        (settings.snapshots_dir / name).mkdir(parents=True)
    unfinished = settings.snapshots_dir / "20260101T220000Z_r1.1.unfinished"
    unfinished.mkdir()
    [found] = prune(settings, apply=False, clock=lambda: NOW).findings
    # ten days before the as-of of the latest live run, which is not the present
    assert (found.rows, found.oldest) == (2, "20260101T220000Z_r1")
    assert found.newest == "20260104T220000Z_r2"
    prune(settings, apply=True, clock=lambda: NOW)
    left = {path.name for path in settings.snapshots_dir.iterdir()}
    assert left == {"20260115T220000Z_r3", unfinished.name}


def test_the_command_shows_then_deletes(
    made: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.setenv("NBA_PROPS_HOME", str(made.home))
    monkeypatch.setenv("NBA_PROPS_KEEP_REJECTS_DAYS", "10")
    code, printed, _ = nba_props(monkeypatch, capsys, "prune")
    assert code == 0
    assert "NBA_PROPS_KEEP_REJECTS_DAYS  raw_odds_api.rejects" in printed
    assert "nothing was deleted; --apply deletes these 1" in printed
    monkeypatch.setenv("NBA_PROPS_KEEP_REJECTS_DAYS", "0")
    code, _, said = nba_props(monkeypatch, capsys, "prune", "--apply")
    assert code == 1
    assert "keep_rejects_days" in said


EVALUATIONS = (
    "create schema raw_evaluations",
    "create table raw_evaluations.evaluations as"
    " select '2024-25' as season, date '2024-10-22' as start_date, date '2025-04-13' as end_date,"
    " 'points' as markets, 'BASE' as information_set, false as is_ceiling, * from (values"
    " ('first', timestamptz '2026-01-01 10:00:00+00', timestamptz '2026-01-01 11:00:00+00'),"
    " ('left off', timestamptz '2026-01-02 10:00:00+00', null),"
    " ('groups', timestamptz '2026-01-03 10:00:00+00', timestamptz '2026-01-03 11:00:00+00'),"
    " ('second', timestamptz '2026-01-04 10:00:00+00', timestamptz '2026-01-04 11:00:00+00'),"
    " ('begun', timestamptz '2026-01-05 10:00:00+00', null))"
    " as evaluations (evaluation_id, started_at, finished_at)",
    *(
        "insert into raw_evaluations.evaluations"
        f" select * replace ('{value}' as {column}, 'other {column}' as evaluation_id)"
        " from raw_evaluations.evaluations where evaluation_id = 'first'"
        for column, value in (
            *(("season", "2023-24"), ("start_date", "2024-11-01"), ("end_date", "2025-04-01")),
            *(("markets", "assists"), ("information_set", "TIP"), ("is_ceiling", "true")),
        )
    ),
    *(
        f"create table raw_evaluations.{name} as select evaluation_id,"
        f" started_at as told_at, start_date as block_start, start_date as game_date"
        " from raw_evaluations.evaluations"
        for name in ("scores", "blocks", "verdicts")
    ),
    "create table raw_evaluations.feature_groups as select 'groups' as evaluation_id",
)


def test_superseded_evaluations_go_with_all_that_is_theirs(
    made: Settings, warehouse: Callable, ledger: Ledger
) -> None:
    warehouse(*EVALUATIONS)
    tables = [f"raw_evaluations.{name}" for name in ("scores", "blocks", "verdicts", "evaluations")]

    def left() -> list[set[str]]:
        return [
            set(reading.query(made, f"from {name}")["evaluation_id"].to_pylist()) for name in tables
        ]

    before = left()
    shown = prune(keeping(made, evaluations=1), apply=False, clock=lambda: NOW)
    assert [(one.place, one.rows) for one in shown.findings] == [(name, 2) for name in tables]
    assert left() == before
    done = prune(keeping(made, evaluations=3), apply=True, clock=lambda: NOW)
    assert (done.rows, left()) == (0, before)
    done = prune(keeping(made, evaluations=1), apply=True, clock=lambda: NOW)
    assert done.findings == shown.findings
    assert left() == [one - {"first", "left off"} for one in before]
    assert prune(keeping(made, evaluations=1), apply=True, clock=lambda: NOW).rows == 0
