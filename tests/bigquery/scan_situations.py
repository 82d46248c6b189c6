"""The three situations that are estimated: the builds, and what a daily run does beside them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
from scan_builds import PROJECT, Build, Weigher, run_build
from scan_reads import PARTITION, Reader, measure

# Yesterday's results and today's slate: what the load of a daily run touches.
NIGHTS = 2
# What the flow picks: (selectors, full refresh). A daily run and a refresh also read and publish.
FULL, REFRESH, DAILY = "full rebuild", "refresh", "daily run"
BUILDS = {
    FULL: (("features", "forecasts"), True),
    REFRESH: (("slate", "forecasts"), False),
    DAILY: (("features_of_new_loads", "forecasts"), False),
}
BY_DATE = re.compile(r"\b(by_game_date|partitioned_table)\(")


def catalog(connection: Any) -> tuple[dict[str, list[str]], dict[str, str]]:
    """Columns of all tables and views, and the statements that made the views."""
    columns: dict[str, list[str]] = defaultdict(list)
    for name, column in connection.execute(
        "select schema_name || '.' || table_name, column_name from duckdb_columns()"
        " where database_name = current_database() and not internal order by column_index"
    ).fetchall():
        columns[name].append(column)
    views = connection.execute(
        "select schema_name || '.' || view_name, sql from duckdb_views() where not internal"
    ).fetchall()
    return columns, dict(views)


def partitioned_tables(folder: Path) -> set[str]:
    """Names (without schema) of the models that BigQuery keeps by game date."""
    return {path.stem for path in folder.rglob("*.sql") if BY_DATE.search(path.read_text())}


def forecast_tables(folder: Path) -> set[str]:
    """Names of the models that rest on forecasts, directly or not."""
    texts = {path.stem: path.read_text() for path in folder.rglob("*.sql")}
    reads = {name: set(re.findall(r"ref\('(\w+)'\)", text)) for name, text in texts.items()}
    found = {name for name, text in texts.items() if "source('forecasts'" in text}
    while more := {name for name, read in reads.items() if read & found} - found:
        found |= more
    return found


def latest_slate(connection: Any) -> dict[str, str]:
    """dbt's vars of the latest daily run.

    Raises:
        SystemExit: there was none.
    """
    row = connection.execute(
        "select strftime(as_of at time zone 'UTC', '%Y-%m-%dT%H:%M:%S+00:00'),"
        " game_date_from::varchar, run_mode, run_id from raw_runs.runs"
        " where command = 'daily' and status = 'completed'"
        " order by as_of desc limit 1"
    ).fetchone()
    if row is None:
        raise SystemExit("this warehouse has no completed `nba-props daily`: run one first")
    return dict(zip(("as_of", "slate_date", "run_mode", "run_id"), row, strict=True))


def touch(connection: Any, slate_date: str) -> dict[str, int]:
    """Mark the raw rows of the last nights as loaded anew; returns how many, by table."""
    nights = (
        "select distinct game_date from marts.games"
        f" where game_date <= date '{slate_date}' order by 1 desc limit {NIGHTS}"
    )
    dated = connection.execute(
        "select schema_name || '.' || table_name, column_name from duckdb_columns()"
        " where schema_name like 'raw\\_%' escape '\\' and schema_name not like '%staging'"
        f" and column_name in ('{PARTITION}', 'snapshot_date')"
    ).fetchall()
    touched = {}
    for table, column in dated:
        where = f"{column} in ({nights})"
        [touched[table]] = connection.execute(
            f"select count(*) from {table} where {where}"
        ).fetchone()
        connection.execute(
            f"update {table} set _dlt_load_id = (select max(_dlt_load_id::double) + 60"
            f" from {table})::varchar where {where}"
        )
    return touched


def reads_of_the_flow(connection: Any, slate_date: str) -> Iterator[tuple[str, str]]:
    """What a daily run asks beside its builds: new loads, slate, examples, what is published."""
    from flows.publish import PRIVATE_RELATIONS, PUBLIC_SCHEMAS
    from flows.steps import example_columns

    features = connection.execute(
        "select feature from seeds.feature_contract where is_model_input"
    ).fetchall()
    columns = ", ".join(example_columns([name for (name,) in features]))
    yield "slate", "select count(*) as n from audit.loads_pending"
    yield "slate", f"select * from marts.upcoming_slate where game_date = date '{slate_date}'"
    yield (
        "training",
        f"select {columns} from marts.ml_training_examples"
        f" where game_date <= date '{slate_date}'"
        f" and information_set = 'TIP' and result_known_at < timestamptz '{slate_date} 22:00:00Z'",
    )
    for schema, name in connection.execute(
        "select table_schema, table_name from information_schema.tables order by all"
    ).fetchall():
        if schema in PUBLIC_SCHEMAS and f"{schema}.{name}" not in PRIVATE_RELATIONS:
            yield "publish", f"select * from {schema}.{name}"


def declared_raw_tables() -> dict[str, Any]:
    """Raw tables as they are declared, by `schema.name`."""
    from flows.forecasting.tables import FORECAST_TABLES
    from flows.runs import RUNS
    from loaders.raw import RAW_TABLES

    declared = {**RAW_TABLES, "forecasts": FORECAST_TABLES, "runs": (RUNS,)}
    return {f"raw_{source}.{t.name}": t for source, tables in declared.items() for t in tables}


def run_situations(home: Path) -> dict[str, Build]:
    """Build the warehouse of `home` in the three situations; it is changed by that."""
    warehouse = str(home / "warehouse.duckdb")
    with duckdb.connect(warehouse) as connection:
        variables = latest_slate(connection)
    raw_tables = declared_raw_tables()
    builds = {}
    for name, (selectors, full_refresh) in BUILDS.items():
        touched: dict[str, int] = {}
        if name == DAILY:
            with duckdb.connect(warehouse) as connection:
                touched = touch(connection, variables["slate_date"])
        build = run_build(home, selectors, variables, full_refresh=full_refresh)
        with duckdb.connect(warehouse, read_only=True) as connection:
            connection.execute("set timezone = 'UTC'")
            build.sizes = measure(connection)
            columns, views = catalog(connection)
            stems = partitioned_tables(PROJECT / "models")
            by_date = {name for name in columns if name.split(".")[1] in stems}
            by_date |= {
                n for n, t in raw_tables.items() if getattr(t, "partition", "") == PARTITION
            }
            reader = Reader(columns, views, by_date)
            weigher = Weigher(connection, reader, build.sizes)
            build.scans = weigher.weigh(build.statements)
            build.writes = weigher.writes
            if name != FULL:
                for kind, sql in reads_of_the_flow(connection, variables["slate_date"]):
                    reads = reader.reads(sql)
                    build.scans += (
                        weigher.of_publication(reads)
                        if kind == "publish"
                        else weigher.of_reads("flow", kind, reads)
                    )
            if name == DAILY:
                for raw_name, raw in raw_tables.items():
                    build.scans += weigher.of_load(raw_name, raw, touched.get(raw_name, 1))
        builds[name] = build
    return builds
