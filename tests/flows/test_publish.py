from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from flows.publish import publish
from flows.runs import Run
from loaders.engines import publish_duckdb as publishing
from loaders.errors import PublishFailed
from loaders.settings import Settings

MODELS = (
    "create schema marts",
    "create schema reports",
    "create schema staging",
    "create table marts.games as select 1 as game_id",
    "create table marts.ml_training_examples as select 1 as game_id",
    "create table staging.secret as select 1 as game_id",
    "create view marts.active_predictions as select * from warehouse.marts.games",
    "create table reports.todays_slate as select 1 as game_id, 'points' as market",
)


def relations(path: Path) -> dict[str, str]:
    with duckdb.connect(str(path), read_only=True) as connection:
        return dict(
            connection.execute(
                """select table_schema || '.' || table_name, table_type
                from information_schema.tables"""
            ).fetchall()
        )


def rows(path: Path, relation: str) -> list[tuple]:
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute(f"from {relation}").fetchall()


def leftovers(settings: Settings) -> list[str]:
    return [path.name for path in settings.home.iterdir() if "unfinished" in path.name]


def test_the_public_models_become_tables_of_one_signed_file(
    settings: Settings, warehouse: Callable, run: Run
) -> None:
    warehouse(*MODELS)
    now = run.as_of + timedelta(minutes=5)
    published = publish(settings, run, now=now)
    assert published.place == str(settings.published_path)
    assert (published.relations, published.rows) == (3, 3)
    assert relations(settings.published_path) == {
        "marts.games": "BASE TABLE",
        "marts.active_predictions": "BASE TABLE",
        "reports.todays_slate": "BASE TABLE",
        "published.publication": "BASE TABLE",
    }
    with duckdb.connect(published.place, read_only=True) as connection:
        connection.execute("set timezone = 'UTC'")
        signed = connection.execute("from published.publication").fetchall()
    assert signed == [("run-1", run.as_of, "live", now)]
    assert leftovers(settings) == []


def test_who_reads_the_old_copy_keeps_reading_it(
    settings: Settings, warehouse: Callable, run: Run
) -> None:
    warehouse(*MODELS)
    publish(settings, run, now=run.as_of)
    reader = (
        "import duckdb, sys\n"
        "c = duckdb.connect(sys.argv[1], read_only=True)\n"
        "print(c.execute('from marts.games').fetchall(), flush=True)\n"
        "sys.stdin.readline()\n"
        "print(c.execute('from marts.games').fetchall(), flush=True)\n"
        "print(c.execute('select run_id from published.publication').fetchall(), flush=True)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", reader, str(settings.published_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout.readline() == "[(1,)]\n"
        warehouse("update marts.games set game_id = 2")
        publish(settings, replace(run, run_id="run-2"), now=run.as_of)
        assert rows(settings.published_path, "marts.games") == [(2,)]
        process.stdin.write("\n")
        process.stdin.close()
        assert process.stdout.read() == "[(1,)]\n[('run-1',)]\n"


@pytest.mark.parametrize("where", ["os.replace", "_sign", "flush"])
def test_a_publish_that_fails_leaves_the_old_copy(
    settings: Settings,
    warehouse: Callable,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    where: str,
) -> None:
    warehouse(*MODELS)
    publish(settings, run, now=run.as_of)
    warehouse("update marts.games set game_id = 2")

    def fail(*_: object) -> None:
        raise OSError("no space left")

    target = publishing.os if where == "os.replace" else publishing
    monkeypatch.setattr(target, where.removeprefix("os."), fail)
    with pytest.raises(OSError, match="no space left"):
        publish(settings, replace(run, run_id="run-2"), now=run.as_of)
    assert rows(settings.published_path, "marts.games") == [(1,)]
    assert leftovers(settings) == []


def test_a_publish_killed_before_the_switch_leaves_the_old_copy_and_the_next_one_cleans_up(
    settings: Settings, warehouse: Callable, run: Run
) -> None:
    warehouse(*MODELS)
    publish(settings, run, now=run.as_of)
    warehouse("update marts.games set game_id = 2")
    killed = (
        "import os, signal, sys\n"
        "from datetime import UTC, datetime\n"
        "from pathlib import Path\n"
        "from flows.publish import publish\n"
        "from flows.runs import Run\n"
        "from loaders.engines import publish_duckdb\n"
        "from loaders.settings import Settings\n"
        "publish_duckdb.os.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        "now = datetime.now(UTC)\n"
        "run = Run('r', 'daily', 'live', now, now)\n"
        "publish(Settings(home=Path(sys.argv[1])), run, now=now)\n"
    )
    ended = subprocess.run([sys.executable, "-c", killed, str(settings.home)], check=False)
    assert ended.returncode == -9
    assert rows(settings.published_path, "marts.games") == [(1,)]
    assert len(leftovers(settings)) == 1
    publish(settings, replace(run, run_id="run-2"), now=run.as_of)
    assert rows(settings.published_path, "marts.games") == [(2,)]
    assert leftovers(settings) == []


def test_the_file_of_a_publish_that_is_going_on_elsewhere_is_left_alone(
    settings: Settings, warehouse: Callable, run: Run
) -> None:
    warehouse(*MODELS)
    theirs = settings.home / f"{settings.published_path.name}.{os.getppid()}.unfinished"
    theirs.touch()
    publish(settings, run, now=run.as_of)
    assert theirs.exists()


def test_a_view_that_no_longer_fits_fails_the_publish(
    settings: Settings, warehouse: Callable, run: Run
) -> None:
    warehouse(*MODELS, "drop table marts.games")
    with pytest.raises(PublishFailed, match="stays as it was"):
        publish(settings, run, now=run.as_of)
    assert not settings.published_path.exists()
    assert leftovers(settings) == []


def test_there_is_nothing_to_publish_before_a_build(
    settings: Settings, warehouse: Callable, run: Run
) -> None:
    warehouse("create schema marts")
    with pytest.raises(PublishFailed, match="build first"):
        publish(settings, run, now=run.as_of)
