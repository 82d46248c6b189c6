"""The raw tables of the audit: runs, and what each did, node by node and load by load."""

from __future__ import annotations

from loaders.tables import Column, RawTable

RUN_ID = Column("run_id", "text", "Run that the row is about.")

RUNS = RawTable(
    name="runs",
    description="One row a run of a command: what it was asked for, and how it ended.",
    columns=(
        Column("run_id", "text", "Start of the run (UTC) and a random suffix."),
        Column("command", "text", "daily, refresh, poll, backfill or load."),
        Column(
            "run_mode", "text", "live: loads, then speaks from now; replay: speaks from the past."
        ),
        Column(
            "as_of",
            "timestamp",
            "Instant the run speaks from (UTC); live: its start until its loads are done.",
        ),
        Column("started_at", "timestamp", "Start of the run (UTC)."),
        Column(
            "finished_at",
            "timestamp",
            "End of the run (UTC); null while it runs, or where it died.",
        ),
        Column("status", "text", "running, completed, failed or died."),
        Column("game_date_from", "date", "First game date (Eastern) the run is about."),
        Column("game_date_to", "date", "Last game date (Eastern) the run is about."),
        Column(
            "gated_from",
            "date",
            "From this game date (Eastern) on it passed every gate; null where it built nothing.",
        ),
        Column(
            "trigger", "text", "What started it: cli, demo, schedule, event, or manual (Prefect)."
        ),
        Column("deployment", "text", "Prefect's deployment; null outside of one."),
        Column("flow_run_id", "text", "Prefect's flow run; null outside of one."),
        Column("scheduled_at", "timestamp", "Slot of the schedule it ran for (UTC)."),
        Column("caused_by", "text", "Load, run or backfill that it follows."),
        Column(
            "mode", "text", "overnight, same_day, tomorrow or refresh; null where none is asked."
        ),
        Column("reason", "text", "Why it was started, or why there was nothing to do."),
        Column("git_sha", "text", "Commit of the project; null outside a git checkout."),
        Column("error", "text", "What failed, one line first; never a key."),
        Column("error_class", "text", "Class of what failed; null where nothing did."),
        Column("host", "text", "Machine that the run went on."),
        Column("process_id", "bigint", "Process of the run on its machine."),
        Column("project_fingerprint", "text", "Of models, seeds and macros; null without a build."),
        Column("vars_hash", "text", "md5 of what dbt was given, but for the run's id."),
        Column("versions", "text", "Versions of what it ran on, as JSON."),
        Column("information_set", "text", "Set that was forecast: BASE, TIP or LINE."),
        Column("is_degraded", "bool", "Whether it completed although something was left out."),
        Column("degraded_reason", "text", "What was left out or let pass; null where nothing was."),
    ),
    key=("run_id",),
    strategy="upsert",
)

NODES = RawTable(
    name="nodes",
    description="One row a run, build and node of it, whatever its status.",
    columns=(
        RUN_ID,
        Column("selector", "text", "Build of the run: its selector."),
        Column("node_id", "text", "dbt's unique id."),
        Column("name", "text", "Name of the model, seed or test."),
        Column("resource_type", "text", "model, seed, test or snapshot."),
        Column("layer", "text", "Folder below marts, else the first folder."),
        Column("status", "text", "success, error, fail, warn, pass, skipped or no-op."),
        Column("seconds", "double", "How long it took."),
        Column("rows_affected", "bigint", "Rows written, where the engine tells."),
        Column("failures", "bigint", "Rows that a test found."),
        Column("message", "text", "What dbt said, cut; never a key."),
        Column("started_at", "timestamp", "When it began (UTC); null where it was skipped."),
    ),
    key=("run_id", "selector", "node_id"),
    strategy="upsert",
)

GATE_COLUMNS = (
    Column("gate_row_id", "text", "Key of the gate's row."),
    Column("layer", "text", "Layer that the gate stands behind."),
    Column("metric", "text", "What is measured, as a sentence."),
    Column("subject", "text", "Source, feature or market it is measured of; null: of all."),
    Column("game_date", "date", "Game date it is measured on (Eastern)."),
    Column("value", "double", "Measured value; null where nothing was measured."),
    Column("direction", "text", "at_least or at_most: the thresholds' side."),
    Column("warn_threshold", "double", "Beyond it the gate warns."),
    Column("error_threshold", "double", "Beyond it the gate blocks."),
    Column("status", "text", "pass, warn, error, empty or waived."),
    Column("waived_by", "text", "Who waived it; null where nobody did."),
    Column("waiver_reason", "text", "Why it was waived."),
    Column("measured_as_of", "timestamp", "Instant the measuring build speaks from (UTC)."),
)

GATE_RESULTS = RawTable(
    name="gate_results",
    description="One row a run and row of a gate that the run measured, also where it passed.",
    columns=(RUN_ID, *GATE_COLUMNS),
    key=("run_id", "gate_row_id"),
    strategy="upsert",
)

LOADS = RawTable(
    name="loads",
    description="One row a run and attempt to load a resource, whatever came of it.",
    columns=(
        RUN_ID,
        Column("load_key", "text", "Run, source, resource and number of the attempt."),
        Column("source", "text", "archive, balldontlie or odds_api."),
        Column("resource", "text", "Raw table; null where the load failed outside its requests."),
        Column("status", "text", "loaded, no_data (an answer without a row) or failed."),
        Column("rows_loaded", "bigint", "New or changed rows in the raw table."),
        Column("received", "bigint", "Valid rows that came, without duplicates."),
        Column("rejected", "bigint", "Rows that were set aside."),
        Column("unknown_fields", "text", "Fields that nobody declared, separated by commas."),
        Column("missing_fields", "text", "Declared fields that no record carried."),
        Column("skipped", "bigint", "Things asked for that the provider no longer knows."),
        Column("load_id", "text", "dlt's load; joins `_dlt_load_id`. Null where it failed."),
        Column("requests", "bigint", "Requests sent, repeated ones too; null for files."),
        Column("http_statuses", "text", "What they were answered with (0: nothing), by commas."),
        Column("started_at", "timestamp", "Start of the attempt (UTC)."),
        Column("finished_at", "timestamp", "End of the attempt (UTC)."),
        Column("error_class", "text", "Class of what failed; null where nothing did."),
        Column("error", "text", "What failed; never a key."),
    ),
    key=("load_key",),
    strategy="upsert",
)

STEPS = RawTable(
    name="steps",
    description="One row a run and step of it, in the order in which they ended.",
    columns=(
        RUN_ID,
        Column("step", "text", "What was done, as people see it."),
        Column("ordinal", "bigint", "1 ended first."),
        Column("seconds", "double", "How long it took."),
        Column("status", "text", "done or failed."),
    ),
    key=("run_id", "ordinal"),
    strategy="upsert",
)

SOURCE_STATES = RawTable(
    name="source_states",
    description="One row a run and source: how fresh it was when the run used it.",
    columns=(
        RUN_ID,
        Column("source", "text", "archive, balldontlie or odds_api."),
        Column("latest_load_id", "text", "dlt's id of its newest load; null before the first."),
        Column("latest_load_at", "timestamp", "When that load was made (UTC)."),
        Column("age_seconds", "double", "How old it was, by the clock of the machine."),
    ),
    key=("run_id", "source"),
    strategy="upsert",
)

API_QUOTA = RawTable(
    name="api_quota",
    description="One row a run and provider that it asked: calls, and what they cost.",
    columns=(
        RUN_ID,
        Column("source", "text", "balldontlie or odds_api."),
        Column("calls", "bigint", "Requests sent, repeated ones too."),
        Column("spent", "bigint", "Credits that they cost."),
        Column("used", "bigint", "Credits used since the reset, as the provider counts them."),
        Column("remaining", "bigint", "Credits left, as the provider counts them."),
    ),
    key=("run_id", "source"),
    strategy="upsert",
)

ALERTS = RawTable(
    name="alerts",
    description="One row an alarm that was sent: a cause of a rule on a day.",
    columns=(
        Column("alert_id", "text", "Rule, cause and day."),
        Column("rule", "text", "Rule that spoke; joins the seed alarm_rules."),
        Column("severity", "text", "critical, warning or info."),
        Column("cause", "text", "What of the rule's kind: a layer, a source, a metric."),
        Column("day", "date", "Day it was told for (Eastern)."),
        Column("message", "text", "What was measured; never a key."),
        Column("remedy", "text", "What to do."),
        Column("sent_at", "timestamp", "When it was sent (UTC)."),
    ),
    key=("alert_id",),
    strategy="insert-only",
)

BACKFILL_DATES = RawTable(
    name="backfill_dates",
    description="One row a backfill and game date that it was asked for: how far it has got.",
    columns=(
        Column("backfill_id", "text", "The request: its start (UTC) and a random suffix."),
        Column("game_date", "date", "Game date (Eastern) that is expected of it."),
        Column("source", "text", "Source it loads; null where it only rebuilds."),
        Column("mode", "text", "load, rebuild or both."),
        Column(
            "status",
            "text",
            "expected, running, loaded (not built yet), complete, no_games, degraded or failed.",
        ),
        Column("attempts", "bigint", "How often it was begun; a ^C does not count."),
        Column("run_id", "text", "Run that took it up last; null before the first."),
        Column("error", "text", "What failed, or what is not there; never a key."),
        Column("reason", "text", "Why the backfill was asked for."),
        Column("requested_from", "date", "First game date (Eastern) of the request."),
        Column("requested_to", "date", "Last game date (Eastern) of the request."),
        Column("updated_at", "timestamp", "When the row was last written (UTC)."),
    ),
    key=("backfill_id", "game_date"),
    strategy="upsert",
)

AUDIT_TABLES = (RUNS, NODES, GATE_RESULTS, LOADS, STEPS, SOURCE_STATES, API_QUOTA)
"""The tables that a run writes about itself; the dataset is `raw_runs`."""

ENTERED_TABLES = (*AUDIT_TABLES, BACKFILL_DATES)
"""What a run enters at its end, the dates of a backfill among it."""
