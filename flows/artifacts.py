"""What a flow run shows on its page in Prefect: how far it is, then what it published.

All of it is read from the published copy, so nobody has to wait for the warehouse; a key bears the
target, and its history is that of one warehouse.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from prefect.artifacts import (
    create_link_artifact,
    create_markdown_artifact,
    create_progress_artifact,
    create_table_artifact,
    update_progress_artifact,
)

from flows import warehouse
from flows.clock import EASTERN
from flows.gates import GATED_LAYERS
from flows.render import ORDER
from loaders.errors import WarehouseMissing

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from uuid import UUID

    from flows.daily import Call, DailyResult
    from loaders.settings import Settings

STEPS = (
    "load sources",
    "read dbt project",
    "prepare raw tables",
    "build features",
    "read slate",
    "train or reuse models",
    "forecast and write back",
    "build forecasts",
    "publish",
    "write files",
    "write the report",
)
"""The steps of a run of a day, in their order; one that leaves some out jumps over them."""
WHOLE = 100.0
SLATE_ROWS = 50
SLATE = f"""
    select
        player_name,
        team_abbreviation,
        opponent_abbreviation,
        tipoff_at,
        market,
        line,
        predicted_value,
        probability_over,
        market_over_probability,
        edge,
        recommendation,
        stake_share,
        bookmaker
    from reports.todays_slate
    where forecast_id is not null
    order by {ORDER}
    limit {SLATE_ROWS}
"""
GATES = " union all ".join(
    f"""
    select layer, metric, status, count(*) as measures, min(game_date) as first_date,
        max(game_date) as last_date
    from marts.gate_{layer}
    group by layer, metric, status
    """
    for layer in GATED_LAYERS
)
# The worst first: what is let pass is what a person has to see.
GATES_BY_STATUS = f"""
    select * from ({GATES}) as gates
    order by case status when 'pass' then 1 else 0 end, layer, metric, status
"""
TRACK_RECORD = """
    select
        run_mode,
        system,
        market,
        information_set,
        graded,
        mean_absolute_error_with_line,
        line_mean_absolute_error,
        mean_log_loss,
        mean_market_log_loss,
        bets,
        bets_won,
        return_on_stake,
        mean_closing_line_value
    from reports.track_record
    where graded > 0
    order by run_mode, market, information_set, mean_absolute_error_with_line
"""
SCORES = """
    select
        season,
        information_set,
        is_ceiling,
        market,
        system,
        n,
        mae_median,
        mae_median_margin,
        crps,
        c80,
        skill,
        finished_at
    from reports.evaluation_scores
    where is_latest and scope = 'common' and stratum = 'all'
    order by season desc, information_set, is_ceiling, market, crps, system
"""
# A bar that nothing measured says nothing of the forecasts.
BARS = """
    select
        season,
        information_set,
        is_ceiling,
        bar,
        description,
        n,
        value,
        margin,
        must_from,
        must_to,
        excellent_from,
        excellent_to,
        alarm_below,
        verdict
    from reports.evaluation_bars
    where is_latest and value is not null
    order by
        case verdict when 'alarm' then 0 when 'missed' then 1 else 2 end,
        season desc,
        information_set,
        is_ceiling,
        bar
"""
TABLES = {
    "slate": ("Tonight's slate, recommendations first", SLATE),
    "gates": ("What the gates measured, the worst first", GATES_BY_STATUS),
    "track-record": ("Each system's error beside the line's, and its bets", TRACK_RECORD),
}
# Only where somebody has evaluated a season: no run makes their tables.
EVALUATION_TABLES = {
    "evaluation": ("Each season's latest evaluation, on what all systems speak of", SCORES),
    "evaluation-bars": ("What an evaluation must reach, what fails first", BARS),
}


class Progress:
    """Calls steps by `call`, and moves a bar on the run's page."""

    def __init__(self, settings: Settings, call: Call) -> None:
        self.key = f"progress-{settings.target}"
        self.call = call
        self.artifact: UUID | None = None

    def __call__(self, name: str, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """What the step returns; a step of another kind of run moves no bar."""
        if name not in STEPS:
            return self.call(name, function, *args, **kwargs)
        before = STEPS.index(name)
        self.tell(before, f"{name} …")
        result = self.call(name, function, *args, **kwargs)
        self.tell(before + 1, f"{name}: done")
        return result

    def tell(self, steps: int, text: str) -> None:
        """Move the bar behind so many steps."""
        percent = WHOLE * steps / len(STEPS)
        if self.artifact is None:
            self.artifact = create_progress_artifact(percent, key=self.key, description=text)
        else:
            update_progress_artifact(self.artifact, percent, description=text)


def show(settings: Settings, result: DailyResult) -> None:
    """The artifacts of a run that has published: summary, slate, gates, record, evaluations, links.

    A run that published nothing has nothing new to show.
    """
    if result.published_place is None:
        return
    target = settings.target
    create_markdown_artifact(summary(result), key=f"run-{target}", description="The run")
    for name, (text, sql) in TABLES.items():
        create_table_artifact(
            published_table(settings, sql), key=f"{name}-{target}", description=text
        )
    for name, (text, sql) in EVALUATION_TABLES.items():
        with suppress(WarehouseMissing):
            create_table_artifact(
                published_table(settings, sql), key=f"{name}-{target}", description=text
            )
    for name, path in pages(settings).items():
        if path.exists():
            create_link_artifact(
                path.as_uri(), link_text=str(path), key=f"{name}-{target}", description=name
            )


def published_table(settings: Settings, sql: str) -> list[dict[str, Any]]:
    """Rows of the published copy as a page shows them.

    Raises: WarehouseMissing, where nothing has made a relation of it.
    """
    rows = warehouse.query_published(settings, sql).to_pylist()
    return [{key: plain(value) for key, value in row.items()} for row in rows]


def pages(settings: Settings) -> dict[str, Path]:
    """What a person can open in a browser: report, docs, files."""
    return {
        "report": settings.report_dir / "index.html",
        "docs": settings.docs_page,
        "files": settings.publish_dir / "v1",
    }


def summary(result: DailyResult) -> str:
    """What a run did, as Markdown."""
    as_of = "" if result.as_of is None else f"{result.as_of.astimezone(EASTERN):%F %H:%M} Eastern"
    about = {
        "day": f"{result.game_date:%A, %d %B %Y}",
        "run": f"{result.run_id} ({result.run_mode})",
        "as of": as_of,
        "information set": result.information_set or "",
        "games": str(result.games),
        "players to forecast": str(result.slate_rows),
        "forecasts": result.reason or str(result.forecasts),
        "models trained now": ", ".join(result.trained) or "none",
        "published": result.published_place or "",
        "files": result.files_place or "not written",
        "report": result.report_place or "not written",
    }
    seconds = [f"| {name} | {took:.1f} |" for name, took in result.seconds.items()]
    return "\n".join(
        [
            f"# {about['day']}",
            "",
            "| | |",
            "|---|---|",
            *(f"| {name} | {text} |" for name, text in about.items()),
            "",
            "| step | seconds |",
            "|---|---:|",
            *seconds,
        ]
    )


def plain(value: Any) -> Any:
    """A value as a table on a page shows it: numbers short, instants Eastern, nothing as ''."""
    if value is None:
        return ""
    if isinstance(value, float):
        return round(value, 3)
    if hasattr(value, "astimezone"):
        return f"{value.astimezone(EASTERN):%F %H:%M} ET"
    return value if isinstance(value, (bool, int, str)) else str(value)
