"""A BigQuery, or a process of ours, that dies in the middle: a clear error soon, and it heals."""

from __future__ import annotations

import multiprocessing
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Timer

import pytest
import requests
from dlt.destinations.job_client_impl import SqlJobClientBase
from emulator import Emulator, emulator
from google.auth.transport.requests import AuthorizedSession
from here import settings_of
from published_models import RUN, make_models, shown
from raw_contents import contents
from things import HISTORY, LOG, SCOPED, first_load, second_load

from flows import cli
from flows import publish as publishing
from loaders.engines import engine, publish_bigquery
from loaders.engines.bigquery_client import client
from loaders.engines.bigquery_loading import BigQueryClient, _LoadClient, _SqlClient
from loaders.errors import WarehouseUnreachable
from loaders.pipeline import Batch, write
from loaders.settings import Settings
from loaders.tables import LOAD_ID

CLEARLY = r"BigQuery at 127\.0\.0\.1:\d+ does not answer.*run again"
SOON = 30
# Deleted and merged, versioned, appended.
OURS = (SCOPED, HISTORY, LOG)


def first() -> list[Batch]:
    """The first load of them."""
    return [one for one in first_load() if one.table in OURS]


def second() -> list[Batch]:
    """The second load of them."""
    return [one for one in second_load() if one.table in OURS]


class Mortal:
    """An emulator that can be killed and started again where it was, with what it held."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = 0
        self.stack = ExitStack()
        self.running: Emulator | None = None
        self.start()

    def start(self) -> None:
        """Start it, or start it again."""
        self.running = self.stack.enter_context(emulator(port=self.port, folder=self.folder))
        self.port = int(self.running.url.rpartition(":")[2])

    def kill(self) -> None:
        """End it at once."""
        self.running.kill()


@pytest.fixture(scope="module")
def mortal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mortal]:
    """Running before each test, and after it too."""
    made = Mortal(tmp_path_factory.mktemp("emulator"))
    with made.stack:
        yield made


@pytest.fixture
def settings(mortal: Mortal, tmp_path: Path) -> Settings:
    """An empty BigQuery that may die; it is given up soon.

    One thread: a job's rows and its record are one in BigQuery and two in the emulator, which must
    not die between them.
    """
    return settings_of(
        mortal.running, tmp_path, bigquery_retry_deadline_seconds=1, bigquery_threads=1
    )


def act_when(patch: pytest.MonkeyPatch, moment: str, act: Callable[[], object]) -> None:
    """Call `act` at that moment of the next load."""
    if moment == "a file has been sent":
        request = AuthorizedSession.request

        def sent(self: AuthorizedSession, method: str, url: str, *rest: object, **more: object):
            answer = request(self, method, url, *rest, **more)
            if method == "PUT":
                act()
                raise requests.ConnectionError("the answer was lost")
            return answer

        patch.setattr(AuthorizedSession, "request", sent)
    elif moment == "a table is merged":
        run = _SqlClient.execute_query

        def running(self: _SqlClient, query: str, *arguments: object, **more: object) -> object:
            if "MERGE" in query:
                act()
            return run(self, query, *arguments, **more)

        patch.setattr(_SqlClient, "execute_query", running)
    else:
        record = SqlJobClientBase.complete_load

        def recorded(self: SqlJobClientBase, load_id: str) -> object:
            act()
            return record(self, load_id)

        patch.setattr(SqlJobClientBase, "complete_load", recorded)


@pytest.fixture(scope="module")
def by_the_book(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list]:
    """The tables after the first and the second load, with nothing in between."""
    settings = Settings(home=tmp_path_factory.mktemp("duckdb"))
    write(settings, "x", first())
    write(settings, "x", second())
    return without_load(contents(settings, "raw_x", OURS))


def without_load(found: dict[str, list]) -> dict[str, list]:
    """The same without the load ids, which stand last, and without what is only ever appended."""
    return {name: [row[:-1] for row in of] for name, of in found.items() if name != LOG.name}


def assert_healed(settings: Settings, by_the_book: dict[str, list]) -> None:
    """The next load leaves what two undisturbed loads leave, and every row's load is recorded."""
    write(settings, "x", second())
    assert without_load(contents(settings, "raw_x", OURS)) == by_the_book
    ids = {row["load_id"] for row in ask(settings, "select load_id from raw_x._dlt_loads")}
    for table in OURS:
        assert {
            r[LOAD_ID] for r in ask(settings, f"select {LOAD_ID} from raw_x.{table.name}")
        } <= ids
    lines = [row[LOAD_ID] for row in ask(settings, f"select {LOAD_ID} from raw_x.{LOG.name}")]
    assert len(lines) == len(set(lines))


def ask(settings: Settings, sql: str) -> list[dict]:
    return engine(settings).query(sql).to_pylist()


@pytest.mark.parametrize("moment", ["a file has been sent", "a table is merged"])
def test_bigquery_dies_while_a_load_goes_on(
    mortal: Mortal,
    settings: Settings,
    by_the_book: dict[str, list],
    monkeypatch: pytest.MonkeyPatch,
    moment: str,
) -> None:
    write(settings, "x", first())
    started = time.monotonic()
    with monkeypatch.context() as patch:
        act_when(patch, moment, mortal.kill)
        with pytest.raises(WarehouseUnreachable, match=rf"Loading raw_x: {CLEARLY}"):
            write(settings, "x", second())
    assert time.monotonic() - started < SOON
    mortal.start()
    assert_healed(settings, by_the_book)


def load_and_die(settings: Settings, moment: str) -> None:
    """Load in this (forked) process, which ends at that moment as under kill -9."""
    client.cache_clear()
    act_when(pytest.MonkeyPatch(), moment, lambda: os._exit(9))
    write(settings, "x", second())


@pytest.mark.parametrize("moment", ["a table is merged", "the load is recorded"])
def test_our_process_dies_while_a_load_goes_on(
    bq_settings: Settings, by_the_book: dict[str, list], moment: str
) -> None:
    settings = bq_settings
    write(settings, "x", first())
    fork = multiprocessing.get_context("fork")
    process = fork.Process(target=load_and_die, args=(settings, moment))
    process.start()
    process.join(SOON)
    assert process.exitcode == 9
    assert_healed(settings, by_the_book)


def test_by_dlt_alone_a_file_whose_answer_was_lost_would_be_loaded_twice(
    mortal: Mortal, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = [one for one in first_load() if one.table is LOG]
    write(settings, "x", line)
    monkeypatch.setattr(_LoadClient, "_create_load_job", BigQueryClient._create_load_job)
    with monkeypatch.context() as patch:
        act_when(patch, "a file has been sent", mortal.kill)
        with pytest.raises(WarehouseUnreachable):
            write(settings, "x", line)
    mortal.start()
    write(settings, "x", line)
    lines = [row[LOAD_ID] for row in ask(settings, f"select {LOAD_ID} from raw_x.{LOG.name}")]
    assert len(lines) > len(set(lines))


def test_bigquery_dies_while_a_query_goes_on(mortal: Mortal, settings: Settings) -> None:
    slow = "select count(*) as n from unnest(generate_array(1, 30000000)) as a where a > 1"
    assert ask(settings, "select 1 as n") == [{"n": 1}]
    Timer(0.3, mortal.kill).start()
    started = time.monotonic()
    with pytest.raises(WarehouseUnreachable, match=CLEARLY):
        ask(settings, slow)
    assert time.monotonic() - started < SOON
    mortal.start()
    assert ask(settings, "select 1 as n") == [{"n": 1}]


@pytest.mark.parametrize("statement", ["insert into", "merge into"])
def test_bigquery_dies_while_a_publish_goes_on(
    mortal: Mortal, settings: Settings, monkeypatch: pytest.MonkeyPatch, statement: str
) -> None:
    make_models(settings, "old")
    publishing.publish(settings, RUN, now=RUN.as_of)
    make_models(settings, "new")
    run = publish_bigquery._Publisher.run

    def running(self: object, sql: str, *parameters: object) -> None:
        if statement in sql:
            mortal.kill()
        run(self, sql, *parameters)

    later = replace(RUN, run_id="run-2")
    started = time.monotonic()
    with monkeypatch.context() as patch:
        patch.setattr(publish_bigquery._Publisher, "run", running)
        with pytest.raises(WarehouseUnreachable, match=CLEARLY):
            publishing.publish(settings, later, now=RUN.as_of)
    assert time.monotonic() - started < SOON
    mortal.start()
    assert shown(settings) == ["old"]
    publishing.publish(settings, later, now=RUN.as_of)
    assert shown(settings) == ["new"]


def test_a_dead_bigquery_is_one_line_and_exit_1(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    for name, value in {
        "NBA_PROPS_HOME": str(tmp_path),
        "NBA_PROPS_BIGQUERY_PROJECT": "project-000",
        "NBA_PROPS_BIGQUERY_API_ENDPOINT": "http://127.0.0.1:9",
        "NBA_PROPS_BIGQUERY_RETRY_DEADLINE_SECONDS": "1",
    }.items():
        monkeypatch.setenv(name, value)
    day = datetime.now(UTC).date().isoformat()
    for command in (
        ["slate"],
        ["sql", "select 1"],
        ["sql", "--warehouse", "select 1"],
        ["daily", "--skip-loads"],
        ["backfill", "--source", "odds_api", "--from", day, "--to", day, "--reason", "r"],
        ["evaluate", "--season", "2025-26"],
        ["demo"],
    ):
        monkeypatch.setattr(sys, "argv", ["nba-props", "--target", "bigquery", *command])
        started = time.monotonic()
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr()
        assert ended.value.code == 1, command
        assert time.monotonic() - started < SOON
        assert said.out == ""
        assert said.err.count("error: ") == 1
        assert "BigQuery at 127.0.0.1:9 does not answer" in said.err
        assert "Traceback" not in said.err
