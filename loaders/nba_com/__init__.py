"""NBA.com, for who may use it: the season's schedule, box scores and shots of final games."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import pyarrow as pa

from loaders.arguments import check_names, check_range
from loaders.attempts import Attempt, Heard, attempt
from loaders.errors import AccessDenied, BadArgument, ContractError
from loaders.http import Api
from loaders.nba_com import client, records
from loaders.nba_com.tables import BOX_SCORES, IGNORED, RESOURCES, SHOTS, TABLES, TEAM_BOX_SCORES
from loaders.nba_com.tables import SCHEDULE as SCHEDULE_TABLE
from loaders.pipeline import Batch, LoadOutcome, write
from loaders.quarantine import Split, engine
from loaders.records import Flat, flatten, judge
from loaders.settings import Settings
from loaders.tables import REJECTS

__all__ = ["ALL", "TABLES", "load"]

SOURCE = "nba_com"
ALL: tuple[str, ...] = tuple(RESOURCES)
SCHEDULE = SCHEDULE_TABLE.name
OF_BOX_SCORE = {BOX_SCORES.name: records.players, TEAM_BOX_SCORES.name: records.teams}
FINAL = 3
PRESEASON = "001"
SEASON_STARTS = (7, 1)
"""No game of the season before is later than this month and day."""

Progress = Callable[[str], None]
Records = dict[str, list[records.Record]]


def load(
    settings: Settings,
    *,
    start: date,
    end: date,
    clock: Callable[[], datetime],
    resources: Sequence[str] = ALL,
    progress: Progress | None = None,
    heard: Heard | None = None,
) -> list[LoadOutcome]:
    """Load the schedule of the season that is on, whole, and what was played on the Eastern dates
    `start` to `end` (both included): of final games, preseason left out.

    Everything is fetched and judged first and written as one load, so a failure leaves nothing.
    Games whose teams are undecided, and final games without a file yet, are skipped and counted.
    progress: called with a line of text after each game. heard: told how the load ended.

    Raises: BadArgument, TermsNotAccepted, AccessDenied, TransientError, ContractError,
        WarehouseError.
    """
    with attempt(SOURCE, clock, heard, settings.scrubbed) as one:
        one.outcomes = _load(settings, one, check_range(start, end), resources, progress)
    return list(one.outcomes)


def _load(
    settings: Settings,
    one: Attempt,
    days: tuple[date, date],
    resources: Sequence[str],
    progress: Progress | None,
) -> tuple[LoadOutcome, ...]:
    wanted = check_names("resource", resources, ALL)
    api = client.make_api(settings)
    one.usage = api.usage
    with one.asking(SCHEDULE):
        answered = client.schedule(api)
    listed = records.games(answered)
    _check_season(answered, days[0])
    found: Records = {SCHEDULE: [game for game in listed if records.is_decided(game)]}
    flats = {SCHEDULE: _flat(SCHEDULE, found[SCHEDULE])}
    splits = {SCHEDULE: judge(flats[SCHEDULE], SCHEDULE_TABLE, captured_at=one.clock())}
    skipped = {SCHEDULE: len(listed) - len(found[SCHEDULE])}
    played = _played(splits[SCHEDULE].valid, days)
    for name, (rows, unknown) in _of_games(api, one, played, wanted, progress).items():
        flats[name], skipped[name] = _flat(name, rows), unknown
        splits[name] = judge(flats[name], RESOURCES[name], captured_at=one.clock())
    batches = [
        Batch(RESOURCES[name], splits[name].valid, scope=_scope(name, days, splits[name]))
        for name in wanted
    ]
    rejects = pa.concat_tables([splits[name].rejects for name in wanted])
    written = write(settings, SOURCE, [*batches, Batch(REJECTS, rejects)])
    return tuple(
        LoadOutcome.of(
            SOURCE,
            name,
            splits[name],
            written,
            answered=flats[name].rows.num_rows > 0,
            unknown_fields=flats[name].unknown_fields,
            missing_fields=flats[name].missing_fields,
            skipped=skipped[name],
        )
        for name in wanted
    )


def _flat(name: str, rows: Sequence[Mapping[str, Any]]) -> Flat:
    return flatten(rows, RESOURCES[name], ignored=IGNORED[name])


def _check_season(schedule: Mapping[str, Any], start: date) -> None:
    """Raises: ContractError for a season that is no text as 2025-26, BadArgument before it."""
    season = str(schedule.get("seasonYear"))
    if not season[:4].isdecimal():
        raise ContractError(
            f"NBA.com: the schedule's seasonYear is {season!r} and not as 2025-26; nothing was "
            "loaded, compare the documentation with the declaration."
        )
    first = date(int(season[:4]), *SEASON_STARTS)
    if start < first:
        raise BadArgument(
            f"NBA.com's schedule is that of {season} alone: {start} is before {first}. Take a "
            "later --from, or --source balldontlie or archive for earlier seasons."
        )


def _played(schedule: pa.Table, days: tuple[date, date]) -> dict[str, date]:
    """The final games of these dates, in their order, and the date of each."""
    con = engine()
    try:
        con.register("schedule", schedule)
        rows = con.execute(
            "select game_id, game_date from schedule where game_status = ? and game_date "
            "between ? and ? and not starts_with(game_id, ?) order by game_date, game_id",
            [FINAL, *days, PRESEASON],
        ).fetchall()
    finally:
        con.close()
    return dict(rows)


def _of_games(
    api: Api,
    one: Attempt,
    played: Mapping[str, date],
    wanted: Sequence[str],
    progress: Progress | None,
) -> dict[str, tuple[list[records.Record], int]]:
    """By resource, the records of these games, and how many games have none."""
    found: dict[str, tuple[list[records.Record], int]] = {}
    of_box = [name for name in OF_BOX_SCORE if name in wanted]
    if of_box:
        with one.asking(of_box[0]):
            answers = _files(api, client.BOX_SCORE, played, progress)
        # the schedule may run ahead of the file
        boxes = {key: game for key, game in answers.items() if game.get("gameStatus") == FINAL}
        for name in of_box:
            cut = [OF_BOX_SCORE[name](game, played[key]) for key, game in boxes.items()]
            found[name] = [row for rows in cut for row in rows], len(played) - len(boxes)
    if SHOTS.name in wanted:
        with one.asking(SHOTS.name):
            answers = _files(api, client.PLAY_BY_PLAY, played, progress)
        cut = [records.shots(game, played[key]) for key, game in answers.items()]
        found[SHOTS.name] = [row for rows in cut for row in rows], len(played) - len(answers)
    return found


def _files(
    api: Api, path: str, played: Mapping[str, date], progress: Progress | None
) -> dict[str, Mapping[str, Any]]:
    """The file of each game that has one. Raises: AccessDenied where several are and none comes."""
    found: dict[str, Mapping[str, Any]] = {}
    for number, (game_id, day) in enumerate(played.items(), start=1):
        game = client.fetch(api, path.format(game_id), "game")
        if game is not None:
            found[game_id] = game
        if progress:
            progress(f"{path.split('/')[4]}: {day}, game {number} of {len(played)}")
    if len(played) > 1 and not found:
        raise AccessDenied(
            f"NBA.com refuses {path.format('…')} of all {len(played)} games (403) but answers the "
            "schedule; nothing was loaded. Take --source balldontlie until it answers."
        )
    return found


def _scope(name: str, days: tuple[date, date], rows: Split) -> str:
    """SQL: where a stored row that the provider no longer has is deleted.

    Only in games that came whole: one with a rejected row is left alone, as one without a file is.
    """
    if name == SCHEDULE:
        return ""
    con = engine()
    try:
        con.register("valid", rows.valid.select(["game_id"]))
        con.register("rejects", rows.rejects)
        whole = con.execute(
            """
            select distinct game_id from valid
            where not exists (select 1 from rejects where contains(payload, '"' || game_id || '"'))
            order by game_id
            """
        ).fetchall()
    finally:
        con.close()
    games = ", ".join(f"'{game_id}'" for (game_id,) in whole) or "''"
    return f"game_date between '{days[0]}' and '{days[1]}' and game_id in ({games})"
