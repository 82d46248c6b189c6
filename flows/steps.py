"""The steps of a run, one plain function each; `daily` and the Prefect flow call the same ones."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from flows import gates, modelling, warehouse
from flows.audit.tables import ALERTS, ENTERED_TABLES
from flows.built import HALVES, Built
from flows.clock import Clock, choose_information_set
from flows.dbt_runner import BuildResult, DbtRunner
from flows.errors import DbtBuildFailed, SlateIncomplete
from flows.publish import publish as publish_copy

if TYPE_CHECKING:
    from flows.gates import GateWindow
    from flows.published_files import Written
    from flows.runs import Run
    from loaders.engines import Published
    from loaders.settings import Settings

NO_GAMES = "no games"
ALL_BEGUN = "every game has begun"
NOTHING_CHANGED = "nobody is known to be other than when he was forecast"


@dataclass(frozen=True)
class Slate:
    """What is to be forecast.

    Args:
        rows: feature rows of the information set, one a player and game that has not begun, of
            those who can be forecast and were asked for.
        information_set: which facts the rows may know.
        games: games of the day, begun or not.
        first_tipoff: UTC instant of the day's first tip-off; None without games.
        known: players of games to come, whether asked for or not.
    """

    rows: pa.Table
    information_set: str
    games: int
    first_tipoff: datetime | None
    known: int

    @property
    def reason(self) -> str | None:
        """Why there is nothing to forecast; None where there is something."""
        if self.games == 0:
            return NO_GAMES
        if self.known == 0:
            return ALL_BEGUN
        return NOTHING_CHANGED if self.rows.num_rows == 0 else None


def ensure_tables(settings: Settings) -> list[str]:
    """Create the raw tables that no load has made yet, empty, so that every model can be built.

    Returns what was made.
    """
    from flows.forecasting.evaluation_tables import EVALUATION_TABLES
    from flows.forecasting.tables import FORECAST_TABLES
    from flows.waivers import WAIVERS
    from loaders.raw import RAW_TABLES, ensure_raw_tables

    of_runs = (*ENTERED_TABLES, ALERTS, WAIVERS)
    declared = {
        **RAW_TABLES,
        "forecasts": FORECAST_TABLES,
        "evaluations": EVALUATION_TABLES,
        "runs": of_runs,
    }
    return ensure_raw_tables(settings, declared)


def build_features(
    settings: Settings,
    dbt: DbtRunner,
    run: Run,
    *,
    slate_date: date | None,
    window: GateWindow,
    rebuild: tuple[date, date] | None = None,
) -> BuildResult:
    """The first build, of as much as can have changed since the last one.

    All of it where the project is not the one that was built last, and from nothing where its
    tables are of older code; without seeds and staging where it is the same; and from the work
    list on where nothing was loaded since either.

    rebuild: first and last game date whose features are made anew, changed or not.
    """
    selector = Built(settings, dbt).features_selector()
    return build(
        settings, dbt, selector, run, slate_date=slate_date, window=window, rebuild=rebuild
    )


def build(
    settings: Settings,
    dbt: DbtRunner,
    selector: str,
    run: Run,
    *,
    slate_date: date | None,
    window: GateWindow,
    full_refresh: bool = False,
    rebuild: tuple[date, date] | None = None,
) -> BuildResult:
    """One of the two builds, with the run's clock, its gates judging the dates of `window`.

    It is made from nothing where its tables are of older code.

    Raises:
        DbtBuildFailed: naming what a gate measured where a gate failed.
    """
    built, half = Built(settings, dbt), HALVES[selector]
    rebuild_from, rebuild_to = rebuild or (None, None)
    full_refresh = full_refresh or built.is_outdated(half)
    if full_refresh:
        built.forget(half)
    try:
        result = dbt.build(
            selector=selector,
            full_refresh=full_refresh,
            vars={
                "as_of": run.as_of.isoformat(),
                "run_mode": run.run_mode,
                "run_id": run.run_id,
                "slate_date": _iso(slate_date),
                "gate_from": _iso(window.first),
                "gate_to": _iso(window.last),
                "gate_severity": window.severity,
                "rebuild_from": _iso(rebuild_from),
                "rebuild_to": _iso(rebuild_to),
            },
        )
    except DbtBuildFailed as error:
        named = "\n".join([str(error), *gates.blocked(settings, error.tests)])
        raise DbtBuildFailed(named, error.tests) from error
    built.remember(half)
    return result


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def read_slate(
    settings: Settings,
    *,
    game_date: date,
    as_of: datetime,
    information_set: str | None,
    only_changed: bool = False,
    players: Collection[str] | None = None,
) -> Slate:
    """The day's feature rows of the information set that fits the hour, of who can be forecast.

    only_changed: of whom something else is known than when he was forecast last; players: ids.

    Raises:
        SlateIncomplete: games are to come, and not one of them has a feature row.
    """
    day = warehouse.query(
        settings,
        """
        select
            count(*) as games,
            countif(tipoff_at > ?) as games_to_come,
            min(tipoff_at) as first_tipoff
        from marts.games
        where game_date = ?
        """,
        [as_of, game_date],
    ).to_pylist()[0]
    chosen = choose_information_set(information_set, as_of=as_of, first_tipoff=day["first_tipoff"])
    systems = modelling.system_columns(modelling.read_systems(settings), "baselines")
    rows = warehouse.query(
        settings,
        f"""
        select slate.*, changes.input_hash, changes.is_changed, {", ".join(systems)}
        from marts.upcoming_slate as slate
        inner join marts.slate_changes as changes
            on slate.player_id = changes.player_id and slate.game_id = changes.game_id
        inner join (
            select * from marts.baseline_means where game_date = ?
        ) as baselines
            on slate.feature_row_id = baselines.feature_row_id
        where slate.game_date = ? and slate.information_set = ?
        """,
        [game_date, game_date, chosen],
    )
    if day["games_to_come"] and not rows.num_rows:
        raise SlateIncomplete(
            f"{day['games_to_come']} games of {game_date} are to come, and marts.upcoming_slate "
            f"holds no {chosen} row for them: are rosters loaded?"
        )
    wanted = pc.is_null(rows["skip_reason"])
    if only_changed:
        wanted = pc.and_(wanted, rows["is_changed"])
    if players is not None:
        wanted = pc.and_(wanted, pc.is_in(rows["player_id"], pa.array(players, pa.string())))
    return Slate(rows.filter(wanted), chosen, day["games"], day["first_tipoff"], rows.num_rows)


def publish(settings: Settings, run: Run, *, clock: Clock) -> Published:
    """Switch the published copy to this run's tables; called behind the last gate only."""
    return publish_copy(settings, run, now=clock())


def write_files(settings: Settings) -> Written:
    """Write the files that other programs read, from what is published.

    Raises: FilesFailed, WarehouseError; the files that were there still are.
    """
    from flows.published_files import write

    return write(settings)


def write_report(settings: Settings) -> Path:
    """Write the pages that people look at; returns the first one.

    Raises: OSError, WarehouseError; a page that was there is whole, the old one or the new.
    """
    from flows.report.pages import write_report as write

    return write(settings)


def docs(settings: Settings, dbt: DbtRunner) -> Path:
    """The docs page, with the SQL of the latest run's instant; without a run, of any."""
    as_of = None
    if warehouse.relation_exists(settings, "raw_runs.runs"):
        latest = warehouse.query(settings, "select max(as_of) as as_of from raw_runs.runs")
        as_of = latest.column("as_of")[0].as_py()
    as_of = as_of or datetime.fromtimestamp(0, UTC)
    return dbt.docs(settings.docs_page.parent, {"as_of": as_of.isoformat()})
