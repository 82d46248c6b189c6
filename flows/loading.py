"""What a run loads, and from whom: of each need, the first of `Settings.sources` that answers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from flows import breaker, defaults, warehouse
from loaders.errors import (
    AccessDenied,
    BadArgument,
    ContractError,
    MissingKey,
    QuotaExhausted,
    SourceResting,
    TransientError,
)

if TYPE_CHECKING:
    from flows.clock import Clock
    from loaders.attempts import Heard
    from loaders.pipeline import LoadOutcome
    from loaders.settings import Settings

SCHEDULE = "schedule"
BOX_SCORES = "box_scores"
ROSTERS = "rosters"
INJURIES = "injuries"
SHOT_ZONES = "shot_zones"
BALLDONTLIE = "balldontlie"
ODDS_API = "odds_api"

RESOURCES: Mapping[str, Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        BALLDONTLIE: {
            SCHEDULE: ("teams", "games"),
            BOX_SCORES: ("player_stats",),
            ROSTERS: ("active_players",),
            INJURIES: ("player_injuries",),
        },
        "nba_com": {
            SCHEDULE: ("schedule",),
            BOX_SCORES: ("box_scores", "team_box_scores"),
            SHOT_ZONES: ("shots",),
        },
        "espn": {
            SCHEDULE: ("scoreboard",),
            BOX_SCORES: ("box_scores",),
            INJURIES: ("injuries",),
        },
    }
)
"""What of each source meets a need; the seed `source_stand_ins` says the same of readiness."""
OF_GAMES = (SCHEDULE, BOX_SCORES)
NEEDS = (*OF_GAMES, ROSTERS, INJURIES, SHOT_ZONES)
# Of the present alone.
UNDATED = (ROSTERS, INJURIES)

# A source that fails so has another one in its place, or the run goes on without, and says so.
PASSING = (TransientError, ContractError, SourceResting)
REFUSING = (AccessDenied, QuotaExhausted)

# Told what a load is at.
Progress = Callable[[str], None]


def require_keys(settings: Settings) -> None:
    """Say at once, before anything is done, that a source has no key.

    Raises:
        MissingKey: naming the variable to set.
    """
    keys = {
        BALLDONTLIE: ("BALLDONTLIE_API_KEY", settings.balldontlie_api_key),
        ODDS_API: ("ODDS_API_KEY", settings.odds_api_key),
    }
    absent = [
        name for source, (name, key) in keys.items() if source in settings.sources and key is None
    ]
    if absent:
        raise MissingKey(
            f"{' and '.join(absent)} not set: a live run loads first. Set the key, take the source "
            "out of NBA_PROPS_SOURCES, or pass --skip-loads to forecast from what is already loaded"
        )


def load_sources(
    settings: Settings,
    *,
    game_date: date,
    clock: Clock,
    free_tier: bool = False,
    progress: Progress | None = None,
    heard: Heard | None = None,
) -> list[LoadOutcome]:
    """Box scores around the day, who is on which team and hurt, and the day's events and prices.

    free_tier: balldontlie without what its free tier refuses, which is all but teams and games.
    heard: told how each load ended, and so of what the run goes on without.

    Raises: as `load_results`.
    """
    games = load_results(
        settings,
        game_date=game_date,
        clock=clock,
        free_tier=free_tier,
        progress=progress,
        heard=heard,
    )
    return [*games, *_prices_if_any(settings, game_date=game_date, clock=clock, heard=heard)]


def load_results(
    settings: Settings,
    *,
    game_date: date,
    clock: Clock,
    free_tier: bool = False,
    progress: Progress | None = None,
    heard: Heard | None = None,
) -> list[LoadOutcome]:
    """The same without prices.

    Raises: what the first source of games failed of, where no other one answered.
    """
    return load_needs(
        settings,
        NEEDS,
        required=(SCHEDULE,) if free_tier else OF_GAMES,
        start=first_day_of_results(settings, game_date),
        end=game_date + defaults.DAYS_AFTER,
        clock=clock,
        free_tier=free_tier,
        progress=progress,
        heard=heard,
    )


def load_news(
    settings: Settings,
    *,
    game_date: date,
    clock: Clock,
    free_tier: bool = False,
    progress: Progress | None = None,
    heard: Heard | None = None,
) -> list[LoadOutcome]:
    """Injuries and the day's prices, and no box scores."""
    what: dict[str, Any] = {"clock": clock, "heard": heard}
    injuries = load_needs(
        settings, (INJURIES,), start=game_date, end=game_date, free_tier=free_tier, **what
    )
    return [*injuries, *_prices_if_any(settings, game_date=game_date, **what)]


def load_injuries(
    settings: Settings, *, game_date: date, clock: Clock, heard: Heard | None = None
) -> list[LoadOutcome]:
    """Injury reports as they are now.

    Raises: what the first source of them failed of, where no other one answered.
    """
    return load_needs(
        settings,
        (INJURIES,),
        required=(INJURIES,),
        start=game_date,
        end=game_date,
        clock=clock,
        heard=heard,
    )


def load_needs(
    settings: Settings,
    needs: Sequence[str],
    *,
    required: Collection[str] = (),
    start: date,
    end: date,
    clock: Clock,
    free_tier: bool = False,
    progress: Progress | None = None,
    heard: Heard | None = None,
) -> list[LoadOutcome]:
    """Each need of the game dates `start` to `end` (inclusive) from the first source that answers.

    A source is asked for what no source before it has told, in the order of `Settings.sources`.

    Raises:
        BadArgument: no source of the setting tells what is required.
        LoadError: what failed first, where a required need is met by nobody; a source that fails
            for other reasons than its own (a missing key, terms that nobody accepted).
        WarehouseError.
    """
    left, failures = list(needs), []
    outcomes: list[LoadOutcome] = []
    for source in (name for name in settings.sources if name in RESOURCES):
        offered = offers(source, free_tier=free_tier)
        mine = [need for need in left if need in offered]
        if not mine:
            continue
        try:
            outcomes += breaker.load(
                import_module(f"loaders.{source}"),
                settings,
                start=start,
                end=end,
                clock=clock,
                resources=[name for need in mine for name in offered[need]],
                progress=progress,
                heard=heard,
            )
        except (*PASSING, *REFUSING) as error:
            failures.append(error)
        else:
            left = [need for need in left if need not in mine]
    lacking = [need for need in required if need in left]
    if lacking and failures:
        raise failures[0]
    if lacking:
        raise BadArgument(
            f"no source of NBA_PROPS_SOURCES ({', '.join(settings.sources)}) tells "
            f"{' or '.join(lacking)}: add {' or '.join(_tellers(lacking))}"
        )
    return outcomes


def offers(source: str, *, free_tier: bool = False) -> Mapping[str, tuple[str, ...]]:
    """By need, the resources of a source that meet it; balldontlie's free tier has games only."""
    offered = RESOURCES[source]
    if source == BALLDONTLIE and free_tier:
        return {SCHEDULE: offered[SCHEDULE]}
    return offered


def load_games(
    settings: Settings,
    source: str,
    *,
    start: date,
    end: date,
    clock: Clock,
    history: bool = False,
    free_tier: bool = False,
    progress: Progress | None = None,
    heard: Heard | None = None,
) -> list[LoadOutcome]:
    """All that a source of games tells of the game dates, inclusive: schedule, box scores and more.

    history: leave out rosters and injuries, of which providers know only the present.
    """
    offered = offers(source, free_tier=free_tier)
    return breaker.load(
        import_module(f"loaders.{source}"),
        settings,
        start=start,
        end=end,
        clock=clock,
        resources=[
            name
            for need, names in offered.items()
            if not (history and need in UNDATED)
            for name in names
        ],
        progress=progress,
        heard=heard,
    )


def load_prices(
    settings: Settings,
    *,
    game_date: date,
    clock: Clock,
    snapshot_at: datetime | None = None,
    heard: Heard | None = None,
) -> list[LoadOutcome]:
    """Events, player props and game lines of a day: as they are now, or as they were."""
    from loaders import odds_api

    what = {"game_date": game_date, "snapshot_at": snapshot_at}
    return breaker.load(odds_api, settings, clock=clock, heard=heard, **what)


def first_day_of_results(settings: Settings, game_date: date) -> date:
    """The first day whose box scores a slate's run asks for: a few days before the slate.

    From the last slate whose run loaded box scores, where that is longer ago, but no longer than a
    backfill's window.
    """
    start = game_date - defaults.DAYS_BEFORE
    if not warehouse.relation_exists(settings, "raw_runs.loads"):
        return start
    told = [
        f"loads.source = '{source}' and loads.resource = '{resource}'"
        for source, offered in RESOURCES.items()
        for resource in offered[BOX_SCORES]
    ]
    found = warehouse.query(
        settings,
        f"""
        select max(runs.game_date_to) as last
        from raw_runs.runs as runs
        inner join raw_runs.loads as loads
            on runs.run_id = loads.run_id
        where
            ({" or ".join(told)})
            and loads.status != 'failed'
            and runs.game_date_to < ?
        """,
        [game_date],
    )
    last = found["last"][0].as_py() or start
    return max(min(start, last), game_date - defaults.BACKFILL_WINDOW)


def _prices_if_any(settings: Settings, **what: Any) -> list[LoadOutcome]:
    """Prices, without which a run goes on: its predictions then say NO_LINE."""
    if ODDS_API not in settings.sources:
        return []
    try:
        return load_prices(settings, **what)
    except (*PASSING, *REFUSING):
        # told to `heard` by the load itself, and so a reason for which the run is degraded
        return []


def _tellers(needs: Collection[str]) -> list[str]:
    return [name for name, offered in RESOURCES.items() if set(needs) <= set(offered)]
