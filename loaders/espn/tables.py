"""The raw tables of ESPN, and where in a record each column stands.

The records are not quite the answers: `records.py` says how they are made of them.
"""

from __future__ import annotations

from loaders.tables import REJECTS, Column, RawTable


def instant(column: str) -> str:
    """SQL: ESPN's instants, which have no seconds (`2024-01-15T18:00Z`), UTC."""
    return (
        f"try_cast(regexp_replace(s.{column}, '(T[0-9]{{2}}:[0-9]{{2}})Z$', '\\1:00Z') "
        "as timestamptz)"
    )


def part(column: str, number: int) -> str:
    """SQL: one half of `9-24`, made and attempted."""
    return (
        f"case when regexp_full_match(s.{column}, '[0-9]+-[0-9]+') "
        f"then try_cast(split_part(s.{column}, '-', {number}) as bigint) end"
    )


def eastern(column: str) -> str:
    """SQL: the Eastern date of such an instant."""
    return f"cast(timezone('America/New_York', {instant(column)}) as date)"


VERSION = Column("row_version", "text", "md5 of all other columns; a new one is a new version.")

SCOREBOARD = RawTable(
    name="scoreboard",
    description="Games of the asked dates, played or not, as ESPN last showed them.",
    columns=(
        Column("id", "text", "ESPN's event id, digits.", required=True),
        Column(
            "game_date",
            "date",
            "US Eastern date of the instant that ESPN gives.",
            source="date",
            required=True,
            sql=eastern("game_date"),
        ),
        Column(
            "tipoff_at",
            "timestamp",
            "Tip-off (UTC); a stand-in where is_time_valid is false.",
            source="date",
            sql=instant("tipoff_at"),
        ),
        Column(
            "is_time_valid",
            "bool",
            "False: the tip-off is not fixed yet.",
            "competition.timeValid|timeValid",
            optional=True,
        ),
        Column("season_year", "bigint", "Year the season ends in.", "season.year", required=True),
        Column(
            "season_type",
            "bigint",
            "1 pre-season, 2 regular, 3 playoffs, 5 play-in.",
            "season.type",
            required=True,
        ),
        Column(
            "competition_type",
            "text",
            "Kind of game (STD, ALLSTAR), where said.",
            "competition.type.abbreviation",
            optional=True,
        ),
        Column(
            "status",
            "text",
            "STATUS_SCHEDULED, STATUS_IN_PROGRESS, STATUS_FINAL, STATUS_POSTPONED and others.",
            "competition.status.type.name|status.type.name",
            required=True,
        ),
        Column(
            "is_completed",
            "bool",
            "Whether nothing more will come.",
            "competition.status.type.completed|status.type.completed",
        ),
        Column(
            "period",
            "bigint",
            "Period that is being, or was last, played.",
            "competition.status.period|status.period",
        ),
        Column("home_team_id", "text", "Home team.", "home.team.id|home.id", required=True),
        Column("home_team", "text", "ESPN's code of it.", "home.team.abbreviation"),
        Column("home_score", "bigint", "Points so far; 0 before the game.", "home.score"),
        Column("away_team_id", "text", "Visiting team.", "away.team.id|away.id", required=True),
        Column("away_team", "text", "ESPN's code of it.", "away.team.abbreviation"),
        Column("away_score", "bigint", "Points so far; 0 before the game.", "away.score"),
        Column(
            "is_neutral_site",
            "bool",
            "Whether neither team is at home, where said.",
            "competition.neutralSite",
            optional=True,
        ),
        Column(
            "headline",
            "text",
            "What ESPN notes of the game: Cup and play-in games are named here.",
            optional=True,
        ),
    ),
    key=("id",),
    strategy="upsert",
    rules={"home_team_id: plays itself": "home_team_id <> away_team_id"},
)

SHOTS = {
    "fg": ("fieldGoalsMade-fieldGoalsAttempted", "Field goals"),
    "fg3": ("threePointFieldGoalsMade-threePointFieldGoalsAttempted", "Three-pointers"),
    "ft": ("freeThrowsMade-freeThrowsAttempted", "Free throws"),
}
COUNTS = {
    "oreb": ("offensiveRebounds", "Offensive rebounds."),
    "dreb": ("defensiveRebounds", "Defensive rebounds."),
    "reb": ("rebounds", "Rebounds."),
    "ast": ("assists", "Assists."),
    "stl": ("steals", "Steals."),
    "blk": ("blocks", "Blocks."),
    "tov": ("turnovers", "Turnovers."),
    "pf": ("fouls", "Personal fouls."),
    "pts": ("points", "Points."),
}
LABELS = {
    "MIN": "minutes",
    "FG": SHOTS["fg"][0],
    "3PT": SHOTS["fg3"][0],
    "FT": SHOTS["ft"][0],
    "OREB": "offensiveRebounds",
    "DREB": "defensiveRebounds",
    "REB": "rebounds",
    "AST": "assists",
    "STL": "steals",
    "BLK": "blocks",
    "TO": "turnovers",
    "PF": "fouls",
    "PTS": "points",
    "+/-": "plusMinus",
}
"""What the keys of a box score are called where it has labels only."""
HALVES = tuple(
    (f"{name}{letter}", key, f"{what} {done}.", number)
    for name, (key, what) in SHOTS.items()
    for number, letter, done in ((1, "m", "made"), (2, "a", "attempted"))
)

BOX_SCORES = RawTable(
    name="box_scores",
    description="Box-score lines of finished games, those of players who did not play included.",
    columns=(
        Column("game_id", "text", "Game.", "game.id", required=True),
        Column(
            "game_date",
            "date",
            "US Eastern date of the game.",
            source="game.date",
            required=True,
            sql=eastern("game_date"),
        ),
        Column("team_id", "text", "Team he played for.", "team.id", required=True),
        Column("player_id", "text", "ESPN's athlete id, digits.", "athlete.id", required=True),
        Column("player_name", "text", "First and last name.", "athlete.displayName"),
        Column("position", "text", "Position.", "athlete.position.abbreviation"),
        Column("is_starter", "bool", "Whether he started.", "starter"),
        Column("did_not_play", "bool", "Whether he was listed and did not play.", "didNotPlay"),
        Column("reason", "text", "Why; says something also of some who did play.", optional=True),
        Column("minutes", "text", "Whole minutes; null: did not play.", "stats.minutes"),
        *(
            Column(name, "bigint", text, f"stats.{key}", sql=part(name, number))
            for name, key, text, number in HALVES
        ),
        *(Column(name, "bigint", text, f"stats.{key}") for name, (key, text) in COUNTS.items()),
        Column("plus_minus", "bigint", "Point difference while on the court.", "stats.plusMinus"),
    ),
    key=("game_id", "player_id"),
    strategy="cdc",
    rules={f"{name}: negative": f"{name} >= 0" for name in COUNTS},
    partition="game_date",
    cluster=("team_id", "player_id"),
)

_REPORT = (
    Column("player_id", "text", "Player.", "athlete.id|linked_id", required=True),
    Column("player_name", "text", "First and last name.", "athlete.displayName"),
    Column("team_id", "text", "Team.", "team.id"),
    Column("status", "text", "Status as reported (Out, Day-To-Day, ...).", required=True),
    Column(
        "reported_at", "timestamp", "ESPN's time of it (UTC).", "date", sql=instant("reported_at")
    ),
    Column("injury", "text", "Part of the body, or another cause.", "details.type", optional=True),
    Column("side", "text", "Left or right, where said.", "details.side", optional=True),
    Column("detail", "text", "Kind of injury, where said.", "details.detail", optional=True),
    Column("return_date", "date", "Expected return.", "details.returnDate", optional=True),
    Column("short_comment", "text", "Report.", "shortComment"),
    Column("long_comment", "text", "What it means.", "longComment", optional=True),
)
INJURIES = RawTable(
    name="injuries",
    description="Injury reports as versions: a row as long as a player's report stays the same.",
    columns=(*_REPORT, VERSION),
    key=("player_id",),
    strategy="scd2",
    hashes={"row_version": tuple(column.name for column in _REPORT)},
    version="row_version",
)

_LOOKS = ("uid", "guid", "links", "color", "alternateColor", "logo", "logos", "slug", "isActive")
_TEAM = ("displayName", "shortDisplayName", "location", "name", "venue.", *_LOOKS)
_SIDE = (
    *(f"team.{one}" for one in _TEAM),
    *("uid", "type", "order", "homeAway", "winner", "linescores", "statistics", "records"),
    *("leaders", "curatedRank.", "form", "record", "possession"),
)
# fields of the provider that are known, and need no column
IGNORED = {
    "scoreboard": (
        *("name", "shortName", "season.slug", "links", "uid", "weather.", "status."),
        *(f"{side}.{one}" for side in ("home", "away") for one in _SIDE),
        *(f"competition.{one}" for one in ("id", "uid", "date", "startDate", "attendance")),
        *("competition.type.id", "competition.status.", "competition.venue.", "competition.notes"),
        *("competition.conferenceCompetition", "competition.playByPlayAvailable"),
        *("competition.recent", "competition.format.", "competition.broadcasts"),
        *("competition.broadcast", "competition.geoBroadcasts", "competition.highlights"),
        *("competition.headlines", "competition.leaders", "competition.odds"),
        *("competition.series.", "competition.situation.", "competition.tickets"),
    ),
    "box_scores": (
        *("active", "ejected", "team.abbreviation"),
        *(f"team.{one}" for one in _TEAM),
        *(f"athlete.{one}" for one in ("uid", "guid", "shortName", "links", "headshot.", "jersey")),
        *("athlete.position.name", "athlete.position.displayName"),
    ),
    "injuries": (
        *("id", "type.", "details.fantasyStatus.", "details.location", "team.displayName"),
        *("source.", "athlete.team.", "athlete.position.", "athlete.links", "athlete.headshot."),
        *("athlete.firstName", "athlete.lastName", "athlete.shortName", "athlete.uid"),
        *("athlete.guid", "athlete.jersey", "athlete.status."),
    ),
}
RESOURCES = {table.name: table for table in (SCOREBOARD, BOX_SCORES, INJURIES)}
TABLES = (*RESOURCES.values(), REJECTS)
