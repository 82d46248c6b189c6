"""A real season from the archive, loaded and built on both engines."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from emulator import Emulator
from here import settings_of
from wire import compare, numbered_runs

from flows.backfill import run_backfill

START, END = date(2023, 10, 1), date(2024, 6, 30)
AFTERWARDS = datetime(2024, 7, 1, 12, tzinfo=UTC)


@pytest.mark.slow
@pytest.mark.real_data
def test_a_real_season_is_equal_on_both_engines(
    bigquery: Emulator, real_data: Path, tmp_path: Path
) -> None:
    settings = settings_of(
        bigquery,
        tmp_path / "bigquery",
        bigquery_threads=2,
        bigquery_http_timeout_seconds=300,
        bigquery_retry_deadline_seconds=300,
    )
    ours = settings.model_copy(update={"home": tmp_path / "duckdb"}).for_target("duckdb")
    for one in (ours, settings):
        with numbered_runs():
            run_backfill(
                one,
                source="archive",
                path=real_data,
                start=START,
                end=END,
                as_of=AFTERWARDS,
                clock=lambda: AFTERWARDS,
            )

    rows, differences = compare(
        ours.warehouse_path,
        bigquery.dump(tmp_path / "dump.duckdb", settings.bigquery_project),
        settings.bigquery_project,
        r"(raw_archive|seeds|staging|intermediate|marts|audit)\..*",
    )

    print(f"{len(rows)} relations, {sum(rows.values()):,} rows compared")
    assert [(one.relation, one.columns) for one in differences] == []
    assert rows["marts.player_game_summary"] > 30_000
    assert rows["marts.ml_feature_store"] > 90_000
