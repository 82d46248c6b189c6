"""What a run did, as rows of the audit's tables."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from importlib import metadata
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from flows import warehouse
from flows.audit.tables import GATE_RESULTS, SOURCE_STATES

if TYPE_CHECKING:
    from flows.dbt_runner import BuildResult, NodeResult
    from loaders.attempts import LoadReport
    from loaders.pipeline import LoadOutcome
    from loaders.settings import Settings

MESSAGE_LENGTH = 500
PACKAGES = {
    "nba_props": "nba-props",
    "dbt": "dbt-core",
    "dlt": "dlt",
    "duckdb": "duckdb",
    "catboost": "catboost",
}
# Differs between two runs that are asked for the same.
OF_ONE_RUN = "run_id"
GATES = "models/marts/*/gate_*.sql"


def versions() -> str:
    """Versions of what the run goes on, as JSON."""
    found = {name: metadata.version(package) for name, package in PACKAGES.items()}
    return json.dumps({**found, "python": platform.python_version()}, sort_keys=True)


def vars_hash(builds: Sequence[BuildResult]) -> str | None:
    """md5 of what the builds were given; None without a build."""
    if not builds:
        return None
    given = [{k: v for k, v in one.vars.items() if k != OF_ONE_RUN} for one in builds]
    return hashlib.md5(json.dumps(given, sort_keys=True).encode()).hexdigest()


def node_rows(settings: Settings, run_id: str, builds: Sequence[BuildResult]) -> list[dict]:
    """The nodes of every build, whatever their status; of a build that was repeated the last."""
    rows = {
        (build.selector, node.unique_id): _node_row(settings, run_id, build.selector, node)
        for build in builds
        for node in build.nodes
    }
    return list(rows.values())


def _node_row(settings: Settings, run_id: str, selector: str, node: NodeResult) -> dict[str, Any]:
    return {
        "run_id": run_id,
        "selector": selector,
        "node_id": node.unique_id,
        "name": node.name,
        "resource_type": node.resource_type,
        "layer": layer_of(node.path),
        "status": node.status,
        "seconds": node.seconds,
        "rows_affected": node.rows_affected,
        "failures": node.failures,
        "message": settings.scrubbed(node.message or "")[:MESSAGE_LENGTH] or None,
        "started_at": node.started_at,
    }


def layer_of(path: str) -> str:
    """The folder below marts, else the first one: marts/core/games.sql is of core."""
    parts = PurePath(path).parts
    if parts[:2] == ("models", "marts"):
        return parts[2]
    return parts[1] if parts[:1] == ("models",) else parts[0] if parts else ""


def load_rows(settings: Settings, run_id: str, reports: Sequence[LoadReport]) -> list[dict]:
    """Every attempt at a resource, numbered in the order in which they ended."""
    outcomes = [one for report in reports for one in report.outcomes]
    return [
        _load_row(settings, run_id, ordinal, one) for ordinal, one in enumerate(outcomes, start=1)
    ]


def _load_row(settings: Settings, run_id: str, ordinal: int, one: LoadOutcome) -> dict[str, Any]:
    row = asdict(one)
    return {
        **{name: value for name, value in row.items() if name not in ("rows", "error")},
        "run_id": run_id,
        "load_key": f"{run_id}/{one.source}/{one.resource or ''}/{ordinal}",
        "rows_loaded": one.rows,
        "unknown_fields": ",".join(one.unknown_fields) or None,
        "missing_fields": ",".join(one.missing_fields) or None,
        "error": None if one.error is None else settings.scrubbed(one.error)[:MESSAGE_LENGTH],
    }


def quota_rows(run_id: str, reports: Sequence[LoadReport]) -> list[dict]:
    """Calls and credits by provider, the provider's own count from the last load that saw it."""
    asked = [one for one in reports if one.calls]
    return [
        {
            "run_id": run_id,
            "source": source,
            "calls": sum(one.calls for one in asked if one.source == source),
            "spent": sum(one.spent for one in asked if one.source == source),
            "used": _last([one.used for one in asked if one.source == source]),
            "remaining": _last([one.remaining for one in asked if one.source == source]),
        }
        for source in dict.fromkeys(one.source for one in asked)
    ]


def _last(values: Sequence[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return known[-1] if known else None


def gates_built(builds: Sequence[BuildResult]) -> list[str]:
    """The gate models that these builds made."""
    made = [
        node.name
        for build in builds
        for node in build.nodes
        if node.resource_type == "model"
        and node.status == "success"
        and PurePath(node.path).match(GATES)
    ]
    return list(dict.fromkeys(made))


def gate_rows(settings: Settings, run_id: str, builds: Sequence[BuildResult]) -> pa.Table:
    """What the gates of these builds measured. Raises: WarehouseError."""
    schema = GATE_RESULTS.arrow_schema()
    found = [
        warehouse.query(settings, f"select * from marts.{gate}") for gate in gates_built(builds)
    ]
    # a gate of older code has fewer columns
    whole = pa.concat_tables([schema.empty_table(), *found], promote_options="permissive")
    return _of_run(whole.drop_columns("run_id"), run_id, schema)


def source_rows(settings: Settings, run_id: str, now: datetime) -> pa.Table:
    """How fresh every source is `now`, a machine's time as in dlt's loads. Raises: WarehouseError.

    No row before the first build.
    """
    schema = SOURCE_STATES.arrow_schema()
    if not warehouse.relation_exists(settings, "audit.loads_now"):
        return schema.empty_table()
    found = warehouse.query(
        settings,
        "select source, max(latest_load_id) as latest_load_id from audit.loads_now group by source",
    )
    # dlt's id of a load is its epoch as text
    micros = pc.round(pc.multiply(found["latest_load_id"].cast(pa.float64()), 1e6))
    loaded_at = micros.cast(pa.int64()).cast(schema.field("latest_load_at").type)
    waited = pc.subtract(now.timestamp(), pc.divide(micros, 1e6))
    with_age = found.append_column("latest_load_at", loaded_at).append_column("age_seconds", waited)
    return _of_run(with_age, run_id, schema)


def _of_run(found: pa.Table, run_id: str, schema: pa.Schema) -> pa.Table:
    whose = pa.array([run_id] * found.num_rows, type=pa.string())
    return found.append_column("run_id", whose).select(schema.names).cast(schema)


def degraded_reason(
    reports: Sequence[LoadReport], gates: pa.Table, without: Sequence[str] = ()
) -> str | None:
    """What was let pass: loads that failed and were not made good, gates that were waived, those
    that failed where gates only warn, and what it went `without`.
    """
    last = {one.source: one for one in reports}
    failed = [s for s, one in last.items() if any(o.status == "failed" for o in one.outcomes)]
    let_pass = {"is waived": ["waived"], "failed and only warned": ["error", "empty"]}
    said = [*without, *(f"{source} was not loaded" for source in failed)]
    for how, statuses in let_pass.items():
        found = gates.filter(pc.is_in(gates["status"], pa.array(statuses)))
        said += [f"{metric} {how}" for metric in sorted(found["metric"].unique().to_pylist())]
    return "; ".join(said) or None


def as_table(rows: Sequence[Mapping[str, Any]], schema: pa.Schema) -> pa.Table:
    """Rows in the declared schema; what it does not declare is left out."""
    return pa.Table.from_pylist(list(rows), schema=schema)
