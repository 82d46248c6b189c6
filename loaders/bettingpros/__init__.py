"""Prop history from files that the user has; there is no client, the read-me says why."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path

import duckdb
import pyarrow as pa

from loaders import engines
from loaders.arguments import check_range
from loaders.attempts import Heard, attempt
from loaders.bettingpros.tables import PROP_PRICES, TABLES
from loaders.errors import BadArgument, ContractError
from loaders.pipeline import Batch, LoadOutcome, write
from loaders.quarantine import Split, engine, split
from loaders.settings import Settings
from loaders.tables import REJECTS

__all__ = ["TABLES", "load"]

log = logging.getLogger(__name__)

SOURCE = "bettingpros"
READERS = {
    ".csv": "read_csv({}, header = true, all_varchar = true)",
    ".parquet": "(select columns(*)::varchar from read_parquet({}))",
}
# each schedule's games: date, the two teams and the tip-off
SCHEDULES = {
    "raw_archive.schedule": """
        select game_date, home_abbr as home_team, away_abbr as away_team, tipoff_utc as tipoff_at
        from raw_archive.schedule""",
    "raw_balldontlie.games": """
        select games.game_date, home.abbreviation, away.abbreviation, games.tipoff_at
        from raw_balldontlie.games as games
        inner join raw_balldontlie.teams as home on games.home_team_id = home.id
        inner join raw_balldontlie.teams as away on games.visitor_team_id = away.id""",
}


def load(
    settings: Settings,
    *,
    path: Path,
    start: date,
    end: date,
    clock: Callable[[], datetime],
    heard: Heard | None = None,
) -> list[LoadOutcome]:
    """Load the files' rows of the Eastern game dates `start` to `end`, both included.

    path: a CSV or Parquet file, or a folder of such. Rows are only added; loading again changes
    nothing. A row that stood at tip-off or later is rejected, by the schedules that are loaded.
    heard: told how the load ended.

    Raises: BadArgument (path, range), ContractError (a file lacks a column or is unreadable),
    WarehouseError, LoadError. Nothing is loaded then.
    """
    with attempt(SOURCE, clock, heard, settings.scrubbed) as one:
        start, end = check_range(start, end)
        files = _files(Path(path))
        one.outcomes = (_load(settings, files, (start, end), clock()),)
    return list(one.outcomes)


def _files(path: Path) -> list[Path]:
    found = sorted(one for one in path.glob("*") if one.is_file()) if path.is_dir() else [path]
    files = [one for one in found if one.suffix.lower() in READERS]
    if not path.exists() or not files:
        raise BadArgument(f"{path} is no CSV or Parquet file, nor a folder that holds any.")
    return files


def _load(
    settings: Settings, files: Sequence[Path], days: tuple[date, date], captured_at: datetime
) -> LoadOutcome:
    con = engine()
    try:
        con.register("tipoffs", _tipoffs(settings, *days))
        relations, unknown, missing = [], set(), set()
        for file in files:
            relation, columns = _opened(con, file)
            relations.append(_select(relation, columns))
            unknown |= columns - _fields(required=False)
            missing |= _fields(required=False) - columns
        if unknown:
            log.warning("prop_prices: columns that are not loaded: %s", ", ".join(sorted(unknown)))
        con.execute(f"create temp table files as {' union all '.join(relations)}")
        day = "try_cast(s.game_date as date)"
        # a row without its date belongs to no range: let it be rejected, not overlooked
        where = f"coalesce({day} between date '{days[0]}' and date '{days[1]}', true)"
        rows = split(con, "files", PROP_PRICES, captured_at=captured_at, text=True, where=where)
    finally:
        con.close()
    valid = rows.valid
    if unjudged := valid["tipoff_at"].null_count:
        log.warning(
            "prop_prices: rows whose tip-off no loaded schedule tells: %s of %s; load the "
            "schedule, then these files again",
            unjudged,
            valid.num_rows,
        )
    return LoadOutcome.of(
        SOURCE,
        PROP_PRICES.name,
        Split(valid, rows.rejects),
        write(settings, SOURCE, [Batch(PROP_PRICES, valid), Batch(REJECTS, rows.rejects)]),
        answered=valid.num_rows + rows.rejects.num_rows > 0,
        unknown_fields=tuple(sorted(unknown)),
        missing_fields=tuple(sorted(missing)),
    )


def _fields(*, required: bool) -> set[str]:
    """The columns that a file has, or only those that it must have."""
    return {c.name for c in PROP_PRICES.provided if not c.made and (c.required or not required)}


def _opened(con: duckdb.DuckDBPyConnection, file: Path) -> tuple[str, set[str]]:
    """SQL of a file with every column as text, and the names of its columns."""
    quoted = "'" + str(file).replace("'", "''") + "'"
    relation = READERS[file.suffix.lower()].format(quoted)
    try:
        columns = {row[0] for row in con.execute(f"describe from {relation}").fetchall()}
    except duckdb.Error as error:
        text = " ".join(str(error).split())
        raise ContractError(f"{file} is no readable file of its kind: {text}") from error
    if lacking := sorted(_fields(required=True) - columns):
        raise ContractError(f"{file} lacks the column {', '.join(lacking)}.")
    return relation, columns


def _select(relation: str, columns: set[str]) -> str:
    """The declared columns of a file as text, the row as it was, and the tip-off of its game."""
    fields = ", ".join(
        f"f.{name}" if name in columns else f"cast(null as varchar) as {name}"
        for name in sorted(_fields(required=False))
    )
    return f"""
        select {fields}, t.tipoff_at::varchar as tipoff_at, to_json(f)::varchar as _payload
        from {relation} as f
        left join (
            select
                game_date,
                least(home_team, away_team) as team,
                greatest(home_team, away_team) as other_team,
                min(tipoff_at) as tipoff_at
            from tipoffs
            group by all
        ) as t
            on try_cast(f.game_date as date) = t.game_date
            and least(f.home_team, f.away_team) = t.team
            and greatest(f.home_team, f.away_team) = t.other_team
    """


def _tipoffs(settings: Settings, start: date, end: date) -> pa.Table:
    """Game date, teams (tricodes) and tip-off (UTC) of the games that are loaded."""
    target = engines.engine(settings)
    parts = [sql for relation, sql in SCHEDULES.items() if target.exists(relation)]
    if not parts:
        raise BadArgument(
            "No schedule is loaded, and so nobody knows which lines stood before tip-off; load one "
            f"first: nba-props load balldontlie --from {start} --to {end} (or archive)."
        )
    return target.query(
        f"select * from ({' union all '.join(parts)}) as games where game_date between ? and ?",
        [start, end],
    )
