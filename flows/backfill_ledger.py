"""The ledger of a backfill's game dates, `raw_runs.backfill_dates`, and what is known of them.

The same request continues the last backfill of it that is not finished; a finished one begins anew.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import pyarrow as pa

from flows import defaults, runs, warehouse
from flows.audit.tables import BACKFILL_DATES

if TYPE_CHECKING:
    from loaders.settings import Settings

LOAD = "load"
REBUILD = "rebuild"
BOTH = "both"

EXPECTED = "expected"
RUNNING = "running"
LOADED = "loaded"
COMPLETE = "complete"
NO_GAMES = "no_games"
DEGRADED = "degraded"
FAILED = "failed"
ENDED = (COMPLETE, NO_GAMES, DEGRADED)
TO_BEGIN = (EXPECTED, RUNNING, FAILED)

RELATION = f"raw_runs.{BACKFILL_DATES.name}"
# What a source's schedule and box scores are called: games, is it final, does it count, box scores.
SCHEDULES = {
    "archive": (
        "raw_archive.schedule",
        "game_id",
        "home_pts is not null and away_pts is not null",
        "true",
        "raw_archive.player_box",
    ),
    "balldontlie": (
        "raw_balldontlie.games",
        "id",
        "status = 'Final'",
        "not coalesce(postponed, false) and lower(coalesce(status, '')) != 'postponed'",
        "raw_balldontlie.player_stats",
    ),
    "nba_com": (
        "raw_nba_com.schedule",
        "game_id",
        "game_status = 3",
        # preseason is no game date
        "coalesce(postponed_status, '') != 'P' and not starts_with(game_id, '001')",
        "raw_nba_com.box_scores",
    ),
    "espn": (
        "raw_espn.scoreboard",
        "id",
        "status = 'STATUS_FINAL' and is_completed",
        "season_type != 1 and status not in ('STATUS_POSTPONED', 'STATUS_CANCELED')",
        "raw_espn.box_scores",
    ),
}


@dataclass(frozen=True)
class Request:
    """What a backfill is asked for. source: None where it only rebuilds."""

    mode: str
    source: str | None
    start: date
    end: date


@dataclass(frozen=True)
class BackfillDate:
    """A game date that a backfill is to make whole: a row of the ledger."""

    backfill_id: str
    game_date: date
    source: str | None
    mode: str
    status: str
    attempts: int
    run_id: str | None
    error: str | None
    reason: str | None
    requested_from: date
    requested_to: date
    updated_at: datetime

    @property
    def is_undone(self) -> bool:
        """Whether a continued backfill has anything to do with it."""
        return self.status not in ENDED

    @property
    def may_begin(self) -> bool:
        """Whether it is to be loaded (rebuilt) and may still be tried."""
        return self.status in TO_BEGIN and self.attempts < defaults.BACKFILL_ATTEMPTS


def unfinished(settings: Settings, request: Request) -> list[BackfillDate]:
    """The dates of the last backfill of this request that is not finished, in their order.

    Empty where there is none.
    """
    if not warehouse.relation_exists(settings, RELATION):
        return []
    ended = ", ".join(f"'{status}'" for status in ENDED)
    latest = warehouse.query(
        settings,
        f"""
        select backfill_id
        from {RELATION}
        where
            coalesce(source, '') = ? and mode = ?
            and requested_from = ? and requested_to = ?
        group by backfill_id
        having count(case when status not in ({ended}) then 1 end) > 0
        order by max(updated_at) desc, backfill_id desc
        limit 1
        """,
        [request.source or "", request.mode, request.start, request.end],
    ).to_pylist()
    return read(settings, latest[0]["backfill_id"]) if latest else []


def read(settings: Settings, backfill_id: str) -> list[BackfillDate]:
    """The dates of a backfill, in their order."""
    names = [one.name for one in fields(BackfillDate)]
    found = warehouse.query(
        settings,
        f"select {', '.join(names)} from {RELATION} where backfill_id = ? order by game_date",
        [backfill_id],
    )
    return [BackfillDate(**row) for row in found.to_pylist()]


def begin(
    settings: Settings, request: Request, days: Sequence[date], reason: str | None, now: datetime
) -> list[BackfillDate]:
    """Enter a new backfill that expects these game dates."""
    backfill_id = runs.new_id(now)
    dates = [
        BackfillDate(
            backfill_id=backfill_id,
            game_date=day,
            source=request.source,
            mode=request.mode,
            status=EXPECTED,
            attempts=0,
            run_id=None,
            error=None,
            reason=reason,
            requested_from=request.start,
            requested_to=request.end,
            updated_at=now,
        )
        for day in days
    ]
    write(settings, dates)
    return dates


def write(settings: Settings, dates: Sequence[BackfillDate]) -> None:
    """Enter how far these dates have got; whoever calls is the one writer of the warehouse."""
    from loaders.pipeline import Batch
    from loaders.pipeline import write as load

    load(settings, "runs", [Batch(BACKFILL_DATES, table(dates))])


def table(dates: Sequence[BackfillDate]) -> pa.Table:
    """The dates as rows of the raw table."""
    return pa.Table.from_pylist([asdict(one) for one in dates], BACKFILL_DATES.arrow_schema())


def next_batch(
    dates: Sequence[BackfillDate], window: timedelta, passed: Collection[date]
) -> list[BackfillDate]:
    """The first dates that are to be loaded, within one window; without those `passed` over."""
    ahead = [one for one in dates if one.may_begin and one.game_date not in passed]
    return [one for one in ahead if one.game_date < ahead[0].game_date + window]


def moved(dates: Sequence[BackfillDate], now: datetime, **changes: object) -> list[BackfillDate]:
    """The dates with the same changes."""
    return [replace(one, updated_at=now, **changes) for one in dates]


def games_by_date(settings: Settings, start: date, end: date) -> dict[date, int]:
    """How many games the loaded schedules list on the dates from `start` to `end`; others lack."""
    parts = [
        f"select game_date, count(*) as games from {schedule} "
        f"where game_date between ? and ? and {counts} group by game_date"
        for schedule, _, _, counts, _ in SCHEDULES.values()
        if warehouse.relation_exists(settings, schedule)
    ]
    if not parts:
        return {}
    found = warehouse.query(
        settings,
        f"""
        select game_date, max(games) as games
        from ({" union all ".join(parts)}) as listed
        group by game_date
        """,
        [start, end] * len(parts),
    )
    return {row["game_date"]: row["games"] for row in found.to_pylist()}


def priced_by_date(settings: Settings, start: date, end: date) -> dict[date, int]:
    """How many games the imported files price on the dates from `start` to `end`; others lack."""
    found = warehouse.query(
        settings,
        """
        select game_date, count(distinct concat(home_team, away_team)) as games
        from raw_bettingpros.prop_prices
        where game_date between ? and ?
        group by game_date
        """,
        [start, end],
    )
    return {row["game_date"]: row["games"] for row in found.to_pylist()}


def loaded_by_date(
    settings: Settings, source: str, start: date, end: date
) -> dict[date, tuple[str, str | None]]:
    """What a source's raw tables hold of each date with games: a status, and what is not there."""
    schedule, game_id, is_final, counts, box_scores = SCHEDULES[source]
    found = warehouse.query(
        settings,
        f"""
        select
            game_date,
            case
                when whole_games < final_games then '{FAILED}'
                when final_games < games then '{DEGRADED}'
                else '{COMPLETE}'
            end as status,
            case
                when whole_games < final_games
                    then 'box scores of ' || cast(whole_games as string) || ' of '
                        || cast(final_games as string) || ' final games'
                when final_games < games
                    then cast(final_games as string) || ' of ' || cast(games as string)
                        || ' games are final'
            end as error
        from (
            select
                listed.game_date,
                count(*) as games,
                count(case when listed.is_final then 1 end) as final_games,
                count(case when listed.is_final and box_scores.sides = 2 then 1 end) as whole_games
            from (
                select {game_id} as game_id, game_date, {is_final} as is_final
                from {schedule}
                where game_date between ? and ? and {counts}
            ) as listed
            left join (
                select game_id, count(distinct team_id) as sides
                from {box_scores}
                where game_date between ? and ?
                group by game_id
            ) as box_scores
                on listed.game_id = box_scores.game_id
            group by listed.game_date
        ) as counted
        """,
        [start, end, start, end],
    )
    return {row["game_date"]: (row["status"], row["error"]) for row in found.to_pylist()}


def found_by_date(settings: Settings, backfill_id: str) -> dict[date, tuple[str, str | None]]:
    """What the built warehouse holds of each date of a backfill, as `audit.backfill_dates` says."""
    found = warehouse.query(
        settings,
        """
        select game_date, found, found_reason
        from audit.backfill_dates
        where backfill_id = ?
        """,
        [backfill_id],
    )
    return {row["game_date"]: (row["found"], row["found_reason"]) for row in found.to_pylist()}
