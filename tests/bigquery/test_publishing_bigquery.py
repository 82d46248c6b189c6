"""Publishing to BigQuery: the pointer is switched last, whatever happens before or behind it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from published_models import RELATIONS, RUN, make_models, shown

from flows.publish import publish
from loaders.engines import engine, publish_bigquery
from loaders.engines.bigquery_client import execute, table
from loaders.errors import PublishFailed, QueryFailed
from loaders.settings import Settings

SECOND = replace(RUN, run_id="run-2")
THIRD = replace(RUN, run_id="run-3")


def read(settings: Settings, sql: str) -> list[tuple]:
    found = engine(settings).query_published(sql).to_pylist()
    return sorted((tuple(row.values()) for row in found), key=repr)


def kept(settings: Settings, relation: str) -> list[str]:
    """The runs whose rows are kept."""
    sql = f"select distinct published_run_id as run from published_data.{relation} order by run"
    return engine(settings).query(sql)["run"].to_pylist()


def test_the_public_models_are_shown_signed_as_they_are(bq_settings: Settings) -> None:
    make_models(bq_settings, "old")
    now = RUN.as_of + timedelta(minutes=5)
    published = publish(bq_settings, RUN, now=now)
    assert (published.relations, published.rows) == (len(RELATIONS), 4)
    assert published.place == engine(bq_settings).published_place
    assert bq_settings.bigquery_project in published.place
    warehouse = engine(bq_settings)
    for relation in RELATIONS:
        names = engine(bq_settings).query(f"select * from {relation}").column_names
        asked = ", ".join(names)
        stored = warehouse.query(f"select {asked} from {relation}").to_pylist()
        assert warehouse.query_published(f"select * from {relation}").column_names == names
        seen = warehouse.query_published(f"select {asked} from {relation}").to_pylist()
        assert sorted(seen, key=repr) == sorted(stored, key=repr)
    [signed] = warehouse.query_published("select * from published.publication").to_pylist()
    assert signed == {
        "run_id": "run-1",
        "as_of": RUN.as_of,
        "run_mode": "live",
        "published_at": now,
    }
    assert not warehouse.exists("published_marts.ml_feature_store")


def test_rows_of_this_run_and_the_one_before_are_kept(bq_settings: Settings) -> None:
    for name, run in (("a", RUN), ("b", SECOND), ("c", THIRD)):
        make_models(bq_settings, name)
        publish(bq_settings, run, now=run.as_of)
        assert shown(bq_settings) == [name]
    assert kept(bq_settings, "marts__games") == ["run-2", "run-3"]
    publish(bq_settings, THIRD, now=RUN.as_of)
    assert read(bq_settings, "select count(*) from marts.games") == [(2,)]


def test_sets_that_nobody_reads_can_be_dropped(bq_settings: Settings) -> None:
    warehouse = engine(bq_settings)
    assert warehouse.published_sets() == []
    for name, run in (("a", RUN), ("b", SECOND)):
        make_models(bq_settings, name)
        publish(bq_settings, run, now=run.as_of)
    assert warehouse.published_sets() == ["run-2", "run-1"]
    warehouse.drop_published(["run-1"])
    assert warehouse.published_sets() == ["run-2"]
    assert kept(bq_settings, "marts__games") == ["run-2"]
    assert shown(bq_settings) == ["b"]


def test_rows_are_deleted_by_what_other_tables_say(bq_settings: Settings) -> None:
    make_models(bq_settings, "a")
    warehouse = engine(bq_settings)
    for row in ("'b'", "'c'"):
        execute(bq_settings, f"insert into reports.todays_slate (name) values ({row})")
    there = warehouse.query("select name from reports.todays_slate order by name")
    assert there["name"].to_pylist() == ["a", "b", "c"]
    known = "name in (select name from reports.todays_slate where name < ?)"
    assert warehouse.delete("reports.todays_slate", known, ["c"]) == 2
    left = warehouse.query("select name from reports.todays_slate")
    assert left["name"].to_pylist() == ["c"]
    with pytest.raises(QueryFailed):
        warehouse.delete("reports.todays_slate", "true; drop table reports.todays_slate")
    stored = warehouse.columns(["reports.todays_slate", "reports.absent"])
    assert stored == {"reports.todays_slate": {"name", "seen_at", "flag"}}


def test_columns_and_relations_may_come_and_go(bq_settings: Settings) -> None:
    make_models(bq_settings, "old")
    publish(bq_settings, RUN, now=RUN.as_of)
    for statement in (
        "create or replace table marts.games as select 'new' as name, 7 as points",
        "drop view marts.active_predictions",
        "create table reports.more as select 'new' as name, [1, 2] as list",
    ):
        execute(bq_settings, statement)
    publish(bq_settings, SECOND, now=RUN.as_of)
    assert read(bq_settings, "select * from marts.games") == [("new", 7)]
    assert read(bq_settings, "select name from reports.more") == [("new",)]
    warehouse = engine(bq_settings)
    assert not warehouse.exists("published_marts.active_predictions")
    assert not warehouse.exists("published_data.marts__active_predictions")


def test_a_column_of_another_type_is_refused_with_the_remedy(bq_settings: Settings) -> None:
    make_models(bq_settings, "old")
    publish(bq_settings, RUN, now=RUN.as_of)
    change = "create or replace table reports.todays_slate as select 1 as name"
    execute(bq_settings, change)
    with pytest.raises(PublishFailed, match=r"todays_slate\.name was STRING and is INT64.*drop"):
        publish(bq_settings, SECOND, now=RUN.as_of)
    assert shown(bq_settings) == ["old"]
    execute(bq_settings, "drop table published_data.reports__todays_slate")
    publish(bq_settings, SECOND, now=RUN.as_of)
    assert read(bq_settings, "select name from reports.todays_slate") == [(1,)]


class Killed(BaseException):
    """What a kill looks like from inside."""


def test_killed_at_any_statement_shows_one_run_whole_and_heals(
    bq_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = bq_settings.model_copy(update={"bigquery_threads": 1})
    run_statement = publish_bigquery._Publisher.run
    make_models(settings, "0")
    publish(settings, RUN, now=RUN.as_of)
    numbers = iter(range(2, 100))
    seen: list[str] = []
    fatal = 1
    while True:
        old, new = shown(settings), str(fatal)
        make_models(settings, new)
        left = fatal

        def run(self: object, sql: str, *parameters: object) -> None:
            nonlocal left
            left -= 1
            if left == 0:
                raise Killed
            run_statement(self, sql, *parameters)

        monkeypatch.setattr(publish_bigquery._Publisher, "run", run)
        later = replace(RUN, run_id=f"run-{next(numbers):02}")
        try:
            publish(settings, later, now=RUN.as_of)
        except Killed:
            seen += shown(settings)
            assert shown(settings) in (old, [new])
        else:
            break
        monkeypatch.setattr(publish_bigquery._Publisher, "run", run_statement)
        # every second time by the next run, else by the same one again
        healing = later if fatal % 2 else replace(RUN, run_id=f"run-{next(numbers):02}")
        publish(settings, healing, now=RUN.as_of)
        assert shown(settings) == [new]
        assert read(settings, "select count(*) from marts.games") == [(2,)]
        fatal += 1
    # pointer, a delete and an insert a relation, the switch, and behind it a delete a relation
    assert fatal - 1 == 1 + 2 * len(RELATIONS) + 1 + len(RELATIONS)
    assert seen.count(str(fatal - 1)) == 1


def test_a_first_publish_that_is_killed_publishes_nothing(
    bq_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_models(bq_settings, "old")

    def killed(self: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(publish_bigquery._Publisher, "switch", killed)
        with pytest.raises(Killed):
            publish(bq_settings, RUN, now=RUN.as_of)
    assert shown(bq_settings) == []
    assert read(bq_settings, "select * from published.publication") == []
    publish(bq_settings, RUN, now=RUN.as_of)
    assert shown(bq_settings) == ["old"]


def test_what_cannot_be_read_is_not_published(bq_settings: Settings) -> None:
    make_models(bq_settings, "old")
    publish(bq_settings, RUN, now=RUN.as_of)
    execute(bq_settings, "drop table marts.games")
    with pytest.raises(PublishFailed, match="stays as it was"):
        publish(bq_settings, SECOND, now=RUN.as_of)
    assert shown(bq_settings) == ["old"]


def test_there_is_nothing_to_publish_before_a_build(bq_settings: Settings) -> None:
    with pytest.raises(PublishFailed, match="build first"):
        publish(bq_settings, RUN, now=RUN.as_of)


def test_a_developer_publishes_beside_the_others(bq_settings: Settings) -> None:
    alice = bq_settings.model_copy(update={"bigquery_dataset": "alice"})
    for settings, name in ((bq_settings, "shared"), (alice, "hers")):
        make_models(settings, name)
        publish(settings, RUN, now=RUN.as_of)
    assert (shown(bq_settings), shown(alice)) == (["shared"], ["hers"])
    assert table(bq_settings, "alice_published_marts.games") is not None


def test_a_partitioned_table_is_asked_for_its_dates(
    bq_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_models(bq_settings, "old")
    sent = []
    run = publish_bigquery._Publisher.run

    def noted(self: object, sql: str, *parameters: object) -> None:
        sent.append(sql)
        run(self, sql, *parameters)

    monkeypatch.setattr(publish_bigquery._Publisher, "run", noted)
    publish(bq_settings, RUN, now=RUN.as_of)
    reads = [sql for sql in sent if "`marts`.`games`" in sql]
    assert len(reads) == 2
    assert all("(game_date is null or game_date >= date '1946-11-01')" in sql for sql in reads)
