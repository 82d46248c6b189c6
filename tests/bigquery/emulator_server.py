"""The emulator as a process of its own: `emulator_server.py PROJECT PORT [FOLDER]`.

It prints its address. A port of 0 is any free one; in a folder it finds again what it held.

Each patch stands for something that BigQuery does and bqemulator 1.4.0 does not.
"""

from __future__ import annotations

import asyncio
import gzip
import os
import re
import signal
import sys
from contextvars import ContextVar
from dataclasses import replace
from functools import lru_cache, wraps
from pathlib import Path
from typing import Any

import sqlglot
from bqemulator.api.routes import jobs, upload
from bqemulator.catalog import ddl_sync
from bqemulator.config import LogFormat, LogLevel, PersistenceMode, Settings
from bqemulator.domain.errors import AlreadyExistsError, DomainError, InvalidQueryError
from bqemulator.jobs import executor
from bqemulator.observability.logging_ import configure_logging
from bqemulator.scripting import interpreter
from bqemulator.scripting.interpreter import ScriptInterpreter
from bqemulator.server import EmulatorServer
from bqemulator.sql import inner_query, translator
from bqemulator.sql.rewriter import aggregate_variants, create_table_schema_ctas
from bqemulator.storage.engine import DuckDBEngine
from sqlglot import exp
from sqlglot.parser import Parser

LISTENING = "listening on "
GZIPPED = b"\x1f\x8b"
DECIMAL = re.compile(
    r"""'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|`[^`]*`|--[^\n]*|/\*.*?\*/"""
    r"""|(?<![\w.])(?P<decimal>\d+\.\d+)(?![\w.])""",
    re.S,
)
ALTER_TABLE = re.compile(r"\s*alter\s+table\s+([\w`.-]+)\s+(?:add|drop)\s", re.I)


def patch_start() -> None:
    """Let it start without what no package registry has."""
    # only GEOGRAPHY needs the spatial extension
    DuckDBEngine._load_spatial = lambda self: None


def patch_sql() -> None:
    """What dbt-bigquery sends and the emulator cannot read."""
    first_select = create_table_schema_ctas._first_select
    filter_target = aggregate_variants._filter_target
    exec_set = ScriptInterpreter._exec_set

    # create table t (columns) as (select …): the query of a contract stands in parentheses
    create_table_schema_ctas._first_select = lambda body: first_select(
        body.unnest() if isinstance(body, exp.Subquery) else body
    )

    # array_agg(distinct x ignore nulls): the nulls of x are meant, not of the distinct list
    aggregate_variants._filter_target = lambda operand: filter_target(
        operand.expressions[0] if isinstance(operand, exp.Distinct) else operand
    )

    # set (v) = (select as struct …): one variable from a struct of one field
    async def set_from_struct(self: ScriptInterpreter, statement) -> None:
        source = re.sub(r"select\s+as\s+struct", "select", statement.source_expr, flags=re.I)
        await exec_set(self, replace(statement, source_expr=source))

    ScriptInterpreter._exec_set = set_from_struct

    # an apostrophe in a comment opens no string: a decimal behind it is still one in a string
    translator.rewrite_decimal_literals = lambda sql: DECIMAL.sub(
        lambda found: f"{found[0]}e0" if found["decimal"] else found[0], sql
    )

    # types by bare table name confuse tables of two datasets; only NUMERIC needs them, we have none
    inner_query.build_catalog_schema = lambda *args, **kwargs: {}


def patch_speed() -> None:
    """The same results sooner: nearly all of its time goes into parsing."""
    parse_one = sqlglot.parse_one

    # each of some twenty rewriters parses the statement anew, mostly without having changed it
    @lru_cache(maxsize=64)
    def parsed(sql: str, dialect: Any) -> Any:
        return parse_one(sql, read=dialect)

    def parse(sql: str, read: Any = None, dialect: Any = None, **options: Any) -> Any:
        if options:
            return parse_one(sql, read=read, dialect=dialect, **options)
        return parsed(sql, read or dialect).copy()

    sqlglot.parse_one = parse

    # `from t, t.array` is not written here, and to look for it copies every statement
    Parser._implicit_unnests_to_explicit = lambda self, this: this


def patch_loads() -> None:
    """What comes with the files that dlt and dbt load."""
    configuration_of = upload._load_configuration_from_envelope
    run_load = upload._run_load
    chosen: ContextVar[str | None] = ContextVar("chosen", default=None)

    # whoever loads a table from memory sends it as */*
    upload._PERMITTED_MEDIA_CONTENT_TYPES += ("*/*",)

    # a load job has the id that its client chose for it; the same id is not run twice
    def with_reference(envelope: dict[str, Any]) -> dict[str, Any]:
        return {**configuration_of(envelope), "reference": envelope.get("jobReference", {})}

    async def run(*, project_id: str, configuration: dict, media_path: str, ctx: Any) -> Any:
        job_id = configuration.pop("reference").get("jobId")
        if job_id and ctx.catalog.get_job(project_id, job_id) is not None:
            raise AlreadyExistsError(f"Already Exists: Job {project_id}:{job_id}")
        # files may come compressed
        path = Path(media_path)
        if path.read_bytes()[:2] == GZIPPED:
            path.write_bytes(gzip.decompress(path.read_bytes()))
        token = chosen.set(job_id)
        try:
            return await run_load(
                project_id=project_id,
                configuration=configuration,
                media_path=media_path,
                ctx=ctx,
            )
        finally:
            chosen.reset(token)

    new_id = upload._new_job_id
    upload._load_configuration_from_envelope = with_reference
    upload._run_load = run
    upload._new_job_id = lambda: chosen.get() or new_id()


def patch_answers() -> None:
    """What a client is told."""
    statuses = {kind.bq_reason: kind for kind in DomainError.__subclasses__()}
    [route] = [one for one in jobs.router.routes if one.path.endswith("/queries")]
    answer = route.endpoint

    # a statement that fails in jobs.query is an HTTP error, and no empty result with an error in it
    @wraps(answer)
    async def query(**asked: Any) -> dict[str, Any]:
        answered = await answer(**asked)
        for error in answered.get("errors", []):
            raise statuses.get(error["reason"], InvalidQueryError)(error["message"])
        return answered

    route.endpoint = query

    # a column that `alter table` added is in the table's description too
    def after_alter(sql: str, project_id: str, ctx: Any) -> None:
        sync_dropped(sql, project_id, ctx)
        altered = ALTER_TABLE.match(sql)
        if altered:
            names = altered[1].replace("`", "").split(".")
            project, dataset, name = (project_id, *names)[-3:]
            stored = ctx.catalog.get_table(project, dataset, name)
            schema = ddl_sync._introspect_schema(project, dataset, name, ctx)
            ctx.catalog.update_table(stored.model_copy(update={"schema_": schema}))

    sync_dropped = ddl_sync.sync_dropped_object
    executor.sync_dropped_object = interpreter.sync_dropped_object = after_alter


def dump(server: EmulatorServer, path: Path) -> None:
    """Write a project's tables, and what its views show, to a DuckDB file; complete once there."""
    project = path.with_suffix(".project").read_text()
    unfinished = path.with_suffix(".unfinished")
    with server._engine.connection.cursor() as cursor:
        found = cursor.execute(
            "select table_schema, table_name from information_schema.tables"
            " where starts_with(table_schema, ?)",
            [f"{project}__"],
        ).fetchall()
        cursor.execute(f"attach '{unfinished}' as dump")
        for schema in {schema for schema, _ in found}:
            cursor.execute(f'create schema dump."{schema}"')
        for schema, name in found:
            cursor.execute(f'create table dump."{schema}"."{name}" as from "{schema}"."{name}"')
        cursor.execute("detach dump")
    unfinished.rename(path)


async def serve(project: str, port: int, folder: Path | None) -> None:
    configure_logging(level=LogLevel.ERROR, fmt=LogFormat.CONSOLE)
    server = EmulatorServer(
        Settings(
            persistence_mode=(PersistenceMode.PERSISTENT if folder else PersistenceMode.EPHEMERAL),
            data_dir=folder,
            rest_host="127.0.0.1",
            rest_port=port,
            grpc_host="127.0.0.1",
            grpc_port=0,
            default_project_id=project,
            enable_format_extensions=False,
            log_level=LogLevel.ERROR,
        )
    )
    await server.start()
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, stopped.set)
    loop.add_signal_handler(signal.SIGUSR1, lambda: dump(server, Path(os.environ["DUMP"])))
    print(f"{LISTENING}{server.rest_url}", flush=True)
    await stopped.wait()
    await server.stop()


if __name__ == "__main__":
    patch_start()
    patch_sql()
    patch_speed()
    patch_loads()
    patch_answers()
    project, port, *folders = sys.argv[1:]
    asyncio.run(serve(project, int(port), Path(folders[0]) if folders else None))
