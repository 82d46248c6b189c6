"""The emulator as a process of its own: `python emulator_server.py PROJECT` prints its address.

Each patch stands for something that BigQuery does and bqemulator 1.4.0 does not.
"""

from __future__ import annotations

import asyncio
import re
import signal
import sys
from dataclasses import replace

from bqemulator.config import LogFormat, LogLevel, PersistenceMode, Settings
from bqemulator.observability.logging_ import configure_logging
from bqemulator.scripting.interpreter import ScriptInterpreter
from bqemulator.server import EmulatorServer
from bqemulator.sql import inner_query
from bqemulator.sql.rewriter import aggregate_variants, create_table_schema_ctas
from bqemulator.storage.engine import DuckDBEngine
from sqlglot import exp

LISTENING = "listening on "


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

    # types by bare table name confuse tables of two datasets; only NUMERIC needs them, we have none
    inner_query.build_catalog_schema = lambda *args, **kwargs: {}


async def serve(project: str) -> None:
    configure_logging(level=LogLevel.ERROR, fmt=LogFormat.CONSOLE)
    server = EmulatorServer(
        Settings(
            persistence_mode=PersistenceMode.EPHEMERAL,
            rest_host="127.0.0.1",
            rest_port=0,
            grpc_host="127.0.0.1",
            grpc_port=0,
            default_project_id=project,
            enable_format_extensions=False,
            log_level=LogLevel.ERROR,
        )
    )
    await server.start()
    print(f"{LISTENING}{server.rest_url}", flush=True)
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    await stopped.wait()
    await server.stop()


if __name__ == "__main__":
    patch_start()
    patch_sql()
    asyncio.run(serve(sys.argv[1]))
