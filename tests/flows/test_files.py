"""The files that others read: valid, of one publication, switched as a whole, kept as told."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import jsonschema
import pytest

from flows import defaults, published_files
from flows.dbt_runner import DbtRunner
from flows.errors import FilesFailed
from flows.publish import publish
from flows.published_files import contracts
from flows.runs import Run
from loaders.errors import WarehouseMissing
from loaders.settings import Settings

RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
SQL_TYPES = {"string": "varchar", "integer": "bigint", "boolean": "boolean", "number": "double"}
FORMATS = {"date": "date", "date-time": "timestamptz"}
DISTRIBUTIONS = """
create or replace table reports.todays_distributions as
select
    player_id, forecast_id, market, value,
    (value + 1) / 10.0 as cumulative_probability
from reports.todays_predictions, range(10) as outcomes (value)
"""


def sql_type(promise: dict[str, Any]) -> str:
    kind = promise["type"][0] if isinstance(promise["type"], list) else promise["type"]
    return FORMATS.get(promise.get("format", ""), SQL_TYPES[kind])


@pytest.fixture
def reports(warehouse: Callable) -> Callable[[int, int], None]:
    """The reports of a day with so many players, each with so many results, and secrets beside."""

    def make(players: int, results: int = 0) -> None:
        statements = ["create schema if not exists reports"]
        for file in contracts.FILES:
            columns = ", ".join(f"{name} {sql_type(one)}" for name, one in file.columns.items())
            statements.append(
                f"create or replace table reports.{file.report} ({columns}, secret varchar)"
            )
        row = (
            "'p' || n as player_id, 'Pa Pe' || n as player_name, 'points' as market, 's' as secret"
        )
        day = "date '2026-01-15'"
        at = "timestamptz '2026-01-16 00:30:00+00'"
        shown = (
            f"{row}, 'f' || n as forecast_id, {day} as game_date, {at} as tipoff_at, 0.5 as line"
        )
        statements += [
            f"insert into reports.todays_slate by name"
            f" select 's' || n as slate_row_id, {shown} from range({players}) as slate (n)",
            # a name that nobody knows has no id, and no file
            "insert into reports.todays_slate by name"
            f" select 'open' as slate_row_id, {day} as game_date where {players} > 0",
            f"insert into reports.todays_predictions by name"
            f" select {shown} from range({players}) as slate (n)",
            f"insert into reports.recent_results by name select {row},"
            f" 'r' || n || '_' || ago as forecast_id, {day} - cast(ago as integer) as game_date"
            f" from range({players}) as slate (n), range(1, {results + 1}) as days (ago)",
            "insert into reports.track_record by name"
            " select 't' as performance_id, 'catboost' as system, 1.5 as mean_absolute_error",
            f"insert into reports.todays_status by name"
            f" select {day} as game_date, {players} as players",
            DISTRIBUTIONS,
        ]
        warehouse(*statements)

    return make


@pytest.fixture
def published(settings: Settings, reports: Callable, run: Run) -> Callable[..., Run]:
    """Makes the reports, publishes them as a run of their own, and says which."""

    def make(name: str, players: int, results: int = 0) -> Run:
        reports(players, results)
        told = replace(run, run_id=name)
        publish(settings, told, now=run.as_of + timedelta(minutes=5))
        return told

    return make


def read(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8"))


def errors(folder: Path) -> list[str]:
    """What the files of a set break of what their schemas promise."""
    found = []
    for path in [*folder.glob("*.json"), *folder.glob("players/*.json")]:
        name = contracts.PLAYER if path.parent.name == "players" else path.stem
        promise = read(folder / "schemas" / f"{name}.schema.json")
        jsonschema.Draft202012Validator.check_schema(promise)
        checker = jsonschema.Draft202012Validator(
            promise, format_checker=jsonschema.FormatChecker(["date"])
        )
        found += [f"{path.name}: {one.message}" for one in checker.iter_errors(read(path))]
    return found


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_shipped_schemas_are_those_of_the_reports(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    manifest = DbtRunner(Settings(home=tmp_path_factory.mktemp("home"))).parse()
    made = contracts.schemas(manifest)
    assert {name: contracts.schema(name) for name in made} == made, "run `make schemas`"
    shipped = {path.name.removesuffix(contracts.SUFFIX) for path in contracts.SCHEMAS.iterdir()}
    assert shipped == set(made)


def test_a_set_holds_every_table_as_promised_and_nothing_else(
    settings: Settings, published: Callable
) -> None:
    published("run-1", players=3, results=2)
    written = published_files.write(settings)
    folder = settings.publish_dir / "v1"
    assert written.place == folder
    assert names(folder) == [
        *("performance.json", "performance.parquet", "players"),
        *("predictions.json", "predictions.parquet", "results.json", "results.parquet"),
        *("schemas", "slate.json", "slate.parquet", "status.json", "status.parquet"),
    ]
    assert names(folder / "players") == ["p0.json", "p1.json", "p2.json"]
    assert errors(folder) == []
    assert "secret" not in "".join(path.read_text() for path in folder.rglob("*.json"))
    slate = read(folder / "slate.json")
    assert (slate["version"], slate["publication"]["run_id"]) == (1, "run-1")
    assert slate["publication"]["published_at"] == "2026-01-15T22:35:00.000000Z"
    assert [row["player_id"] for row in slate["rows"]] == ["p0", "p1", "p2", None]
    assert slate["rows"][0]["game_date"] == "2026-01-15"
    assert RFC_3339.fullmatch(slate["rows"][0]["tipoff_at"])
    assert slate["rows"][0]["line"] == 0.5
    assert slate["rows"][0]["edge"] is None
    player = read(folder / "players" / "p1.json")
    assert player["player_name"] == "Pa Pe1"
    assert [row["slate_row_id"] for row in player["slate"]] == ["s1"]
    assert [row["game_date"] for row in player["results"]] == ["2026-01-14", "2026-01-13"]
    [chances] = player["distributions"]
    assert chances["forecast_id"] == "f1"
    assert chances["cumulative_probabilities"] == [n / 10 for n in range(1, 11)]
    assert written.rows == 4 + 3 + 6 + 1 + 1


def test_parquet_holds_the_same_rows_with_their_types(
    settings: Settings, published: Callable
) -> None:
    published("run-1", players=2)
    published_files.write(settings)
    folder = settings.publish_dir / "v1"
    for file in contracts.FILES:
        with duckdb.connect() as connection:
            found = connection.execute(f"describe from '{folder}/{file.name}.parquet'").fetchall()
            [(rows,)] = connection.execute(
                f"select count(*) from '{folder}/{file.name}.parquet'"
            ).fetchall()
        kinds = {
            name: kind.lower().replace("timestamp with time zone", "timestamptz")
            for name, kind, *_ in found
        }
        assert kinds == {name: sql_type(one) for name, one in file.columns.items()}
        assert rows == len(read(folder / f"{file.name}.json")["rows"])


def test_a_day_without_games_is_a_valid_set(settings: Settings, published: Callable) -> None:
    published("run-1", players=0)
    published_files.write(settings)
    folder = settings.publish_dir / "v1"
    assert errors(folder) == []
    assert read(folder / "slate.json")["rows"] == []
    assert read(folder / "predictions.json")["rows"] == []
    assert len(read(folder / "status.json")["rows"]) == 1
    assert names(folder / "players") == []


def test_results_are_those_of_the_last_days(settings: Settings, published: Callable) -> None:
    published("run-1", players=1, results=40)
    published_files.write(settings)
    dates = [row["game_date"] for row in read(settings.publish_dir / "v1/results.json")["rows"]]
    assert (dates[0], dates[-1], len(dates)) == ("2026-01-14", "2026-01-01", 14)


CONSUMER = """
import json, os, sys, time
link, seen, reads, started = sys.argv[1], [], 0, time.monotonic()
FILES = ("slate.json", "status.json", "performance.json", "predictions.json", "players/p0.json")
print("reading", flush=True)
while not os.path.exists(sys.argv[2]):
    one_set = os.path.realpath(link)
    runs = set()
    for name in FILES:
        with open(os.path.join(one_set, name)) as file:
            document = json.load(file)
        runs.add(document["publication"]["run_id"])
    with open(os.path.join(link, "slate.json")) as file:
        through_link = json.load(file)
    players = len(document["slate"])
    assert len(runs) == 1, runs
    [run] = runs
    with open(os.path.join(one_set, "slate.json")) as file:
        assert len(json.load(file)["rows"]) == int(run) + 1, run
    assert len(through_link["rows"]) == int(through_link["publication"]["run_id"]) + 1
    if seen[-1:] != [run]:
        seen.append(run)
    reads += 1
    time.sleep(max(0, started + reads / 200 - time.monotonic()))
print(json.dumps({"seen": seen, "reads": reads, "seconds": time.monotonic() - started}))
"""


def test_who_reads_all_the_time_sees_the_old_set_or_the_new(
    settings: Settings, published: Callable, tmp_path: Path
) -> None:
    published("1", players=1)
    published_files.write(settings)
    done, link = tmp_path / "done", settings.publish_dir / "v1"
    with subprocess.Popen(
        [sys.executable, "-c", CONSUMER, str(link), str(done)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout.readline() == "reading\n"
        for players in range(2, 7):
            # longer than a consumer reads on in a set that it has entered
            time.sleep(0.3)
            published(str(players), players=players)
            published_files.write(settings)
        time.sleep(0.3)
        done.touch()
        told, failed = process.communicate(timeout=defaults.PREFECT_STARTUP_SECONDS)
    assert process.returncode == 0, failed
    found = json.loads(told)
    assert found["seen"] == ["1", "2", "3", "4", "5", "6"]
    # a round reads each file once, and the slate through the link and through its set
    assert 7 * found["reads"] / found["seconds"] > 200


def test_the_set_before_stays_for_who_still_reads_it_and_older_ones_go(
    settings: Settings, published: Callable
) -> None:
    kept = []
    for name in ("a", "b", "c"):
        published(name, players=1)
        published_files.write(settings)
        kept.append((settings.publish_dir / "v1").resolve())
    assert [path.is_dir() for path in kept] == [False, True, True]
    assert read(kept[1] / "slate.json")["publication"]["run_id"] == "b"
    assert len(names(settings.publish_dir / "sets")) == 2


def test_every_publication_leaves_one_snapshot_that_is_never_written_again(
    settings: Settings, published: Callable
) -> None:
    published("a", players=1)
    published_files.write(settings)
    [first] = published_files.snapshots(settings)
    assert first.name == "20260115T223500Z_a"
    tables = [f"{file.name}.parquet" for file in contracts.FILES]
    assert names(first) == sorted(tables)
    before = (first / "slate.parquet").stat().st_mtime_ns
    published_files.write(settings)
    assert (first / "slate.parquet").stat().st_mtime_ns == before
    published("b", players=2)
    published_files.write(settings)
    assert [path.name[-1] for path in published_files.snapshots(settings)] == ["a", "b"]
    with duckdb.connect() as connection:
        rows = connection.execute(
            f"select count(*) from '{settings.snapshots_dir}/*/predictions.parquet'"
        ).fetchall()
    assert rows == [(1 + 2,)]


@pytest.mark.parametrize("where", ["_write_players", "_keep"])
def test_files_that_fail_leave_the_old_ones(
    settings: Settings, published: Callable, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    published("a", players=1)
    published_files.write(settings)
    published("b", players=2)

    def fail(*_: object) -> None:
        raise OSError("no space left")

    with monkeypatch.context() as patched:
        patched.setattr(published_files, where, fail)
        with pytest.raises(FilesFailed, match="stay as they were: no space left"):
            published_files.write(settings)
    folder = settings.publish_dir
    assert read(folder / "v1/slate.json")["publication"]["run_id"] == "a"
    assert [name for name in names(folder / "sets") if "unfinished" in name] == []
    published_files.write(settings)
    assert read(folder / "v1/slate.json")["publication"]["run_id"] == "b"


def test_files_killed_before_the_switch_leave_the_old_ones_and_the_next_clean_up(
    settings: Settings, published: Callable
) -> None:
    published("a", players=1)
    published_files.write(settings)
    published("b", players=2)
    killed = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from flows import published_files\n"
        "from loaders.settings import Settings\n"
        "Path.symlink_to = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        "published_files.write(Settings(home=Path(sys.argv[1])))\n"
    )
    ended = subprocess.run([sys.executable, "-c", killed, str(settings.home)], check=False)
    assert ended.returncode == -9
    folder = settings.publish_dir
    assert read(folder / "v1/slate.json")["publication"]["run_id"] == "a"
    published_files.write(settings)
    assert read(folder / "v1/slate.json")["publication"]["run_id"] == "b"
    assert len(names(folder / "sets")) == 2
    assert names(folder) == ["sets", "snapshots", "v1"]


def test_what_is_published_meanwhile_is_what_the_files_hold(
    settings: Settings, published: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    published("a", players=1)
    write_players, later = published_files._write_players, iter(["b"])

    def and_publish(*given: Any) -> None:
        write_players(*given)
        for name in later:
            published(name, players=2)

    monkeypatch.setattr(published_files, "_write_players", and_publish)
    assert published_files.write(settings).run_id == "b"
    assert read(settings.publish_dir / "v1/slate.json")["publication"]["run_id"] == "b"


def test_a_home_that_was_copied_without_its_links_heals(
    settings: Settings, published: Callable, tmp_path: Path
) -> None:
    published("a", players=1)
    published_files.write(settings)
    copied = settings.model_copy(update={"home": tmp_path / "copied"})
    shutil.copytree(settings.publish_dir, copied.publish_dir)
    shutil.copy(settings.published_path, copied.home)
    assert (copied.publish_dir / "v1").is_dir()
    assert not (copied.publish_dir / "v1").is_symlink()
    published_files.write(copied)
    assert (copied.publish_dir / "v1").is_symlink()
    assert errors(copied.publish_dir / "v1") == []


def test_no_file_is_named_after_what_is_no_name(
    settings: Settings, warehouse: Callable, reports: Callable, run: Run
) -> None:
    reports(1)
    warehouse("update reports.todays_slate set player_id = '../p'")
    publish(settings, run, now=run.as_of)
    with pytest.raises(FilesFailed, match="no file can be named"):
        published_files.write(settings)


def test_there_are_no_files_before_a_publish(settings: Settings) -> None:
    with pytest.raises(WarehouseMissing, match="nothing is published"):
        published_files.write(settings)
    assert not os.path.lexists(settings.publish_dir / "v1")
