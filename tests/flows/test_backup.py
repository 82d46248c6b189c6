"""A backup is whole or not there; a restore checks first, and loses nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from test_warehouse import held_elsewhere

from flows import backup as backing
from flows import warehouse as reading
from flows.backup import back_up, restore
from flows.errors import BackupFailed, RestoreRefused
from loaders.errors import NotAFile, WarehouseBusy, WarehouseMissing
from loaders.settings import Settings

NOW = datetime(2026, 1, 16, 6, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
RUNS = """create table raw_runs.runs as
select *, started_at as as_of
from (values
    ('r1', 'backfill', 'completed', timestamptz '2026-01-15 06:00:00+00'),
    ('r2', 'daily', 'running', timestamptz '2026-01-15 22:00:00+00')
) as runs (run_id, command, status, started_at)"""
STATE = {
    "models/duckdb/points-1.cbm": "trees",
    "dlt/duckdb/archive/state.json": "{}",
    "dbt/built/duckdb": '{"project": "old"}',
}
EMPTY = "dlt/duckdb/archive/load/normalized"
"""A folder that dlt looks into, empty or not."""


@pytest.fixture
def filled(settings: Settings, warehouse: Callable) -> Settings:
    """A home with a warehouse, a published copy, a model and state."""
    warehouse("create table t as select 'old' as a", "create schema raw_runs", RUNS)
    with duckdb.connect(str(settings.published_path)) as connection:
        connection.execute("create table t as select 'published' as a")
    for name, text in STATE.items():
        path = settings.home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (settings.home / EMPTY).mkdir(parents=True)
    return settings


def value(settings: Settings) -> str:
    return reading.query(settings, "select a from t")["a"][0].as_py()


def change(settings: Settings, warehouse: Callable) -> None:
    """Everything that a backup holds is another thing now."""
    warehouse("update t set a = 'new'")
    for name in STATE:
        (settings.home / name).write_text("new")


def leftovers(folder: Path) -> list[str]:
    return [str(path) for path in folder.rglob("*") if "unfinished" in path.name]


def test_a_backup_is_a_home_that_can_be_read(filled: Settings) -> None:
    folder, manifest = back_up(filled, None, now=NOW)
    assert folder == filled.home / "backups" / "duckdb" / "20260116T060000Z"
    copied = filled.model_copy(update={"home": folder})
    assert value(copied) == "old"
    assert reading.query_published(copied, "select a from t").to_pylist() == [{"a": "published"}]
    assert {name: (folder / name).read_text() for name in STATE} == STATE
    told = json.loads((folder / "manifest.json").read_text())
    assert told["target"] == "duckdb"
    assert told["created_at"] == NOW.isoformat()
    assert told["project_version"]
    assert told["latest_run"]["run_id"] == "r2"
    assert told["latest_run"]["status"] == "running"
    on_disk = {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()}
    assert {file["path"] for file in told["files"]} == on_disk - {"manifest.json"}
    assert manifest.size == sum((folder / file["path"]).stat().st_size for file in told["files"])
    assert leftovers(filled.home) == []


def test_what_is_not_in_the_file_yet_is_in_the_backup(filled: Settings, tmp_path: Path) -> None:
    # killed, it leaves its rows in the log beside the file
    killed = (
        "import duckdb, os, signal, sys\n"
        "connection = duckdb.connect(sys.argv[1])\n"
        "connection.execute(\"update t set a = 'logged'\")\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    path = str(filled.warehouse_path)
    assert subprocess.run([sys.executable, "-c", killed, path], check=False).returncode == -9
    assert Path(f"{path}.wal").exists()
    folder, _ = back_up(filled, tmp_path / "elsewhere", now=NOW)
    assert value(filled.model_copy(update={"home": folder})) == "logged"


def test_nobody_writes_while_a_backup_is_made(
    filled: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = []
    copy = backing._copy

    def copy_and_try_to_write(part: Path, to: Path) -> None:
        code = "import duckdb, sys; duckdb.connect(sys.argv[1])"
        command = [sys.executable, "-c", code, str(filled.warehouse_path)]
        ended = subprocess.run(command, capture_output=True, text=True, check=False)
        tried.append("Could not set lock" in ended.stderr)
        copy(part, to)

    monkeypatch.setattr(backing, "_copy", copy_and_try_to_write)
    back_up(filled, None, now=NOW)
    # the file was copied before: to have closed it did not let go of it
    assert tried == [True] * len(backing.state(filled))


def test_a_warehouse_that_is_written_is_waited_for_and_its_holder_named(filled: Settings) -> None:
    with held_elsewhere(filled.warehouse_path) as holder:
        with pytest.raises(WarehouseBusy, match=rf"process {holder.pid}\b"):
            back_up(filled, None, now=NOW)
        assert leftovers(filled.home) == []
        assert not list(filled.backups_dir.iterdir())


def test_a_killed_backup_is_none_and_the_next_one_clears_it_away(
    filled: Settings, tmp_path: Path
) -> None:
    killed = (
        "import os, signal, sys\n"
        "from datetime import UTC, datetime\n"
        "from pathlib import Path\n"
        "from flows import backup\n"
        "from loaders.settings import Settings\n"
        "Path.rename = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        "settings = Settings(home=Path(sys.argv[1]))\n"
        "backup.back_up(settings, Path(sys.argv[2]), now=datetime.now(UTC))\n"
    )
    folder = tmp_path / "copies" / "one"
    command = [sys.executable, "-c", killed, str(filled.home), str(folder)]
    assert subprocess.run(command, check=False).returncode == -9
    assert not folder.exists()
    assert len(list(folder.parent.iterdir())) == 1
    with pytest.raises(RestoreRefused, match="no backup"):
        restore(filled, folder, force=True, now=NOW)
    back_up(filled, folder, now=NOW)
    assert list(folder.parent.iterdir()) == [folder]


def test_a_full_disk_leaves_nothing_behind(
    filled: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(backing, "_copy", full)
    with pytest.raises(BackupFailed, match="No space left"):
        back_up(filled, None, now=NOW)
    assert list(filled.backups_dir.iterdir()) == []


def test_a_folder_that_is_there_is_not_written(filled: Settings, tmp_path: Path) -> None:
    with pytest.raises(BackupFailed, match="is there already"):
        back_up(filled, tmp_path, now=NOW)


def test_without_a_warehouse_there_is_nothing_to_copy(settings: Settings) -> None:
    with pytest.raises(WarehouseMissing, match="no warehouse at"):
        back_up(settings, None, now=NOW)


def test_a_restore_puts_everything_back_and_keeps_what_stood_there(
    filled: Settings, warehouse: Callable
) -> None:
    folder, _ = back_up(filled, None, now=NOW)
    change(filled, warehouse)
    (filled.home / "models/duckdb/points-2.cbm").write_text("made since")
    done = restore(filled, folder, force=True, now=LATER)
    assert value(filled) == "old"
    assert {name: (filled.home / name).read_text() for name in STATE} == STATE
    assert (filled.home / EMPTY).is_dir()
    assert not (filled.home / "models/duckdb/points-2.cbm").exists()
    assert done.aside == filled.home / "replaced" / "duckdb" / f"{LATER:%Y%m%dT%H%M%SZ}"
    kept = filled.model_copy(update={"home": done.aside})
    assert value(kept) == "new"
    assert (done.aside / "models/duckdb/points-2.cbm").read_text() == "made since"
    assert leftovers(filled.home) == []
    # and it can be written
    warehouse("insert into t values ('more')")


def test_a_restore_into_an_empty_home_needs_no_force(filled: Settings, tmp_path: Path) -> None:
    folder, _ = back_up(filled, None, now=NOW)
    other = filled.model_copy(update={"home": tmp_path / "other"})
    assert restore(other, folder, force=False, now=LATER).aside is None
    assert value(other) == "old"


def test_what_the_backup_does_not_have_is_not_left_in_its_place(
    settings: Settings, warehouse: Callable
) -> None:
    warehouse("create table t as select 'old' as a")
    folder, manifest = back_up(settings, None, now=NOW)
    assert manifest.latest_run is None
    # what another warehouse was built from says nothing about this one
    built = settings.dbt_dir / "built" / "duckdb"
    built.parent.mkdir(parents=True)
    built.write_text("{}")
    settings.published_path.write_text("of another run")
    restore(settings, folder, force=True, now=LATER)
    assert not built.exists()
    assert not settings.published_path.exists()


def test_a_warehouse_is_not_overwritten_unasked(filled: Settings, warehouse: Callable) -> None:
    folder, _ = back_up(filled, None, now=NOW)
    change(filled, warehouse)
    with pytest.raises(RestoreRefused, match=r"warehouse\.duckdb is there: --force"):
        restore(filled, folder, force=False, now=LATER)
    assert value(filled) == "new"


@pytest.mark.parametrize("name", ["warehouse.duckdb", "models/duckdb/points-1.cbm"])
@pytest.mark.parametrize("how", ["changed", "shorter", "missing"])
def test_a_backup_that_is_not_as_it_was_made_changes_nothing(
    filled: Settings, warehouse: Callable, name: str, how: str
) -> None:
    folder, _ = back_up(filled, None, now=NOW)
    change(filled, warehouse)
    broken = folder / name
    content = broken.read_bytes()
    if how == "missing":
        broken.unlink()
    else:
        last = bytes([content[-1] ^ 1]) if how == "changed" else b""
        broken.write_bytes(content[:-1] + last)
    with pytest.raises(RestoreRefused, match=f"{name} is not as it was backed up"):
        restore(filled, folder, force=True, now=LATER)
    assert value(filled) == "new"
    assert (filled.home / "dbt/built/duckdb").read_text() == "new"
    assert not (filled.home / "replaced").exists()
    assert leftovers(filled.home) == []


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"target": "sandbox"}, "backup of sandbox, not of duckdb"),
        ({"format": 2}, "of format 2"),
        ({"files": [{"path": "../secret", "size": 1, "sha256": ""}]}, "outside the backup"),
        ({"folders": ["../.."]}, "outside the backup"),
        ({"files": [{"name": "x"}]}, "cannot be read"),
    ],
)
def test_a_manifest_that_does_not_fit_is_refused(
    filled: Settings, warehouse: Callable, changed: dict, says: str
) -> None:
    folder, _ = back_up(filled, None, now=NOW)
    change(filled, warehouse)
    told = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(told | changed))
    with pytest.raises(RestoreRefused, match=says):
        restore(filled, folder, force=True, now=LATER)
    assert value(filled) == "new"


def test_a_warehouse_that_is_written_is_not_switched(filled: Settings) -> None:
    folder, _ = back_up(filled, None, now=NOW)
    with held_elsewhere(filled.warehouse_path), pytest.raises(WarehouseBusy):
        restore(filled, folder, force=True, now=LATER)
    assert value(filled) == "old"
    assert not (filled.home / "replaced").exists()


@pytest.mark.parametrize("broken", ["no warehouse at all", ""])
def test_a_broken_warehouse_is_replaced(filled: Settings, broken: str) -> None:
    folder, _ = back_up(filled, None, now=NOW)
    filled.warehouse_path.write_text(broken or filled.warehouse_path.read_bytes()[:9000].hex())
    Path(f"{filled.warehouse_path}.wal").write_text("of the broken one")
    done = restore(filled, folder, force=True, now=LATER)
    assert value(filled) == "old"
    assert (done.aside / "warehouse.duckdb.wal").read_text() == "of the broken one"


def test_a_killed_restore_is_run_again(filled: Settings, warehouse: Callable) -> None:
    folder, _ = back_up(filled, None, now=NOW)
    change(filled, warehouse)
    killed = (
        "import os, signal, sys\n"
        "from datetime import UTC, datetime\n"
        "from pathlib import Path\n"
        "from flows import backup\n"
        "from loaders.settings import Settings\n"
        "switch = backup._switch\n"
        "def until_the_warehouse(place, *rest):\n"
        "    if place.name == 'warehouse.duckdb':\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
        "    switch(place, *rest)\n"
        "backup._switch = until_the_warehouse\n"
        "settings = Settings(home=Path(sys.argv[1]))\n"
        "backup.restore(settings, Path(sys.argv[2]), force=True, now=datetime.now(UTC))\n"
    )
    command = [sys.executable, "-c", killed, str(filled.home), str(folder)]
    assert subprocess.run(command, check=False).returncode == -9
    assert value(filled) == "new"
    restore(filled, folder, force=True, now=LATER)
    assert value(filled) == "old"
    assert {name: (filled.home / name).read_text() for name in STATE} == STATE
    assert leftovers(filled.home) == []


def test_bigquery_names_its_own_means(settings: Settings, tmp_path: Path) -> None:
    target = settings.for_target("bigquery").model_copy(update={"bigquery_project": "p"})
    with pytest.raises(NotAFile, match=r"system_time.*snapshot"):
        back_up(target, None, now=NOW)
    with pytest.raises(NotAFile, match=r"system_time.*snapshot"):
        restore(target, tmp_path, force=True, now=NOW)
    assert list(settings.home.iterdir()) == []
