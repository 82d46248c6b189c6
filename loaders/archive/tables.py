"""The raw tables of the archive, and the Parquet files that they are read from."""

from __future__ import annotations

from dataclasses import dataclass

from loaders.archive.price_tables import (
    CLOSING_LINES,
    GAME_LINES,
    LINE_MOVEMENTS,
    PLAYER_PROPS,
    ROW_KEY,
    SNAPSHOTS,
)
from loaders.tables import REJECTS, Column, RawTable

SEASON = Column("season", "text", "Season as `2023-24`.", required=True)
SEASON_TYPE = Column(
    "season_type",
    "text",
    "Regular Season, Playoffs, Play-In, NBA Cup Final or All-Star.",
    required=True,
)
GAME_ID = Column("game_id", "text", "NBA.com game id, ten characters.", required=True)
GAME_DATE = Column("game_date", "date", "Local US Eastern date of the game.", required=True)
TEAM_ID = Column("team_id", "bigint", "NBA.com team id.", required=True)
PLAYER_ID = Column("player_id", "bigint", "NBA.com player id.", required=True)
PLAYER_NAME = Column("player_name", "text", "Player's name as published.")

COUNTS = {
    "fgm": "Field goals made.",
    "fga": "Field goals attempted.",
    "fg3m": "Three-pointers made.",
    "fg3a": "Three-pointers attempted.",
    "ftm": "Free throws made.",
    "fta": "Free throws attempted.",
    "oreb": "Offensive rebounds.",
    "dreb": "Defensive rebounds.",
    "reb": "Rebounds.",
    "ast": "Assists.",
    "stl": "Steals.",
    "blk": "Blocks.",
    "tov": "Turnovers.",
    "pf": "Personal fouls.",
    "pts": "Points.",
}
BOX = (
    *(Column(name, "bigint", text) for name, text in COUNTS.items()),
    Column("plus_minus", "bigint", "Point difference while on the court."),
)
NOT_NEGATIVE = {f"{name}: negative": f"{name} >= 0" for name in ("fgm", "fga", "reb", "ast", "pts")}
ZONES = {
    "restricted": "in the restricted area",
    "paint_non_ra": "in the paint outside the restricted area",
    "mid_range": "from mid-range",
    "corner3": "from the corners behind the arc",
    "above_break3": "from above the break behind the arc",
    "backcourt": "from the backcourt",
}

SCHEDULE = RawTable(
    name="schedule",
    description="One row a game, with the best known tip-off and the final score.",
    columns=(
        SEASON,
        SEASON_TYPE,
        GAME_ID,
        GAME_DATE,
        Column("game_date_scheduled", "date", "First published date of the game (US Eastern)."),
        Column("tipoff_utc", "timestamp", "Best known tip-off (UTC); null where none is known."),
        Column("tipoff_source", "text", "Where the tip-off is from."),
        Column("home_team_id", "bigint", "NBA.com id of the home team.", required=True),
        Column("home_abbr", "text", "Tricode of the home team."),
        Column("away_team_id", "bigint", "NBA.com id of the away team.", required=True),
        Column("away_abbr", "text", "Tricode of the away team."),
        Column("home_pts", "bigint", "Final points of the home team."),
        Column("away_pts", "bigint", "Final points of the away team."),
        Column("arena", "text", "Arena."),
        Column("tip_official", "timestamp", "Tip-off published before the season (UTC)."),
        Column("tip_fixture", "timestamp", "Tip-off of the fixture list before the season (UTC)."),
        Column("tip_odds_api", "timestamp", "The Odds API's latest commence time (UTC)."),
        Column("odds_api_event_id", "text", "The Odds API's event id, where mapped."),
    ),
    key=("game_id",),
    strategy="upsert",
    rules={"home_pts, away_pts: negative": "home_pts >= 0 and away_pts >= 0"},
)

PLAYER_BOX = RawTable(
    name="player_box",
    description="One row a player listed in a box score, players who did not play included.",
    columns=(
        SEASON,
        SEASON_TYPE,
        GAME_ID,
        GAME_DATE,
        TEAM_ID,
        Column("team_abbr", "text", "Tricode of the player's team."),
        Column("is_home", "bool", "Whether the player's team is the home team."),
        Column("opponent_team_id", "bigint", "NBA.com id of the opponent."),
        Column("opponent_abbr", "text", "Tricode of the opponent."),
        PLAYER_ID,
        PLAYER_NAME,
        Column("first_name", "text", "First name as published."),
        Column("family_name", "text", "Family name as published."),
        Column("player_slug", "text", "Name in NBA.com addresses."),
        Column("start_position", "text", "G, F or C for the five starters, else null."),
        Column("is_starter", "bool", "Whether the player started."),
        Column("comment", "text", "Published reason for not playing."),
        Column("minutes", "text", "Minutes as published (`38:34`); null for who did not play."),
        Column("seconds_played", "bigint", "Parsed minutes in seconds; null when unparsable."),
        *BOX,
    ),
    key=("game_id", "player_id"),
    strategy="upsert",
    rules=NOT_NEGATIVE,
    partition="game_date",
    cluster=("team_id", "player_id"),
)

PLAYER_GAMELOGS = RawTable(
    name="player_gamelogs",
    description="One row a player who played: a second, independent capture of two seasons.",
    columns=(
        SEASON,
        SEASON_TYPE,
        GAME_ID,
        GAME_DATE,
        TEAM_ID,
        PLAYER_ID,
        PLAYER_NAME,
        Column("team_abbr", "text", "Tricode of the player's team."),
        Column("team_name", "text", "Full name of the player's team."),
        Column("matchup", "text", "Match-up as published (`BOS vs. PHI`)."),
        Column("is_home", "bool", "Whether the match-up names the player's team as the home team."),
        Column("opponent_abbr", "text", "Tricode of the opponent."),
        Column("wl", "text", "W or L."),
        Column("minutes", "bigint", "Whole minutes, rounded at half a minute."),
        *BOX,
        Column("fantasy_pts", "double", "The league's fantasy points."),
    ),
    key=("game_id", "player_id"),
    strategy="upsert",
    rules=NOT_NEGATIVE,
    partition="game_date",
    cluster=("team_id", "player_id"),
)

TEAM_BOX = RawTable(
    name="team_box",
    description="One row a team and game; play-in games and Cup finals are missing at the source.",
    columns=(
        SEASON,
        SEASON_TYPE,
        GAME_ID,
        GAME_DATE,
        TEAM_ID,
        Column("team_abbr", "text", "Tricode of the team."),
        Column("team_name", "text", "Full name of the team."),
        Column("matchup", "text", "Match-up as published (`BOS vs. PHI`)."),
        Column("is_home", "bool", "Whether the team is the home team."),
        Column("opponent_abbr", "text", "Tricode of the opponent."),
        Column("wl", "text", "W or L."),
        Column("minutes", "bigint", "Team minutes: 240, and 25 more an overtime."),
        *BOX,
    ),
    key=("game_id", "team_id"),
    strategy="upsert",
    rules=NOT_NEGATIVE,
    partition="game_date",
    cluster=("team_id",),
)

SHOT_ZONES = RawTable(
    name="player_shot_zones",
    description="Field-goal attempts of a player in a game, counted by zone.",
    columns=(
        SEASON,
        GAME_ID,
        GAME_DATE,
        TEAM_ID,
        PLAYER_ID,
        PLAYER_NAME,
        Column("fga", "bigint", "Field goals attempted."),
        Column("fgm", "bigint", "Field goals made."),
        *(
            Column(f"{zone}_{short}", "bigint", f"Field goals {word} {where}.")
            for zone, where in ZONES.items()
            for short, word in (("fga", "attempted"), ("fgm", "made"))
        ),
    ),
    key=("game_id", "player_id"),
    strategy="upsert",
    rules={"fgm: more than fga": "fgm between 0 and fga"},
    partition="game_date",
    cluster=("team_id", "player_id"),
)

INJURIES = RawTable(
    name="injuries",
    description="Intervals in which a feed gave a player one status and detail.",
    columns=(
        ROW_KEY,
        Column("team_raw", "text", "Team as the feed writes it.", required=True),
        Column("player_name", "text", "Player as the feed writes it.", required=True),
        Column("position", "text", "Position as the feed writes it."),
        Column("status", "text", "Status as the feed writes it.", required=True),
        Column("detail", "text", "Reason or note."),
        *SNAPSHOTS,
        Column(
            "gone_by_at",
            "timestamp",
            "First later snapshot without it (UTC); null if there to the end.",
            source="gone_by_utc",
        ),
    ),
    key=("row_key",),
    strategy="upsert",
    hashes={
        "row_key": ("team_raw", "player_name", "position", "status", "detail", "first_seen_at")
    },
    rules={"last_seen_at: before first_seen_at": "last_seen_at >= first_seen_at"},
)


LINEUPS = RawTable(
    name="projected_lineups",
    description="Intervals in which a feed projected one starting five for a team, as text.",
    columns=(
        ROW_KEY,
        Column("feed", "text", "Feed that projected it.", source="source", required=True),
        Column("team_raw", "text", "Team as the feed writes it.", required=True),
        Column("lineup", "text", "Starters as the feed writes them; null in broken rows."),
        *SNAPSHOTS,
    ),
    key=("row_key",),
    strategy="upsert",
    hashes={"row_key": ("feed", "team_raw", "lineup", "first_seen_at")},
    rules={"last_seen_at: before first_seen_at": "last_seen_at >= first_seen_at"},
)


@dataclass(frozen=True)
class ArchiveFile:
    """Where a table's rows are: a glob below the archive, and the SQL date that selects them.

    keep: SQL over the file's columns; other rows are not the table's business.
    """

    table: RawTable
    pattern: str
    date: str = "s.game_date"
    keep: str = "true"


FIRST_SEEN_DATE = "cast(timezone('America/New_York', s.first_seen_utc) as date)"

FILES = {
    f.table.name: f
    for f in (
        ArchiveFile(SCHEDULE, "seasons/schedule.parquet"),
        ArchiveFile(PLAYER_BOX, "seasons/player_box.parquet"),
        ArchiveFile(PLAYER_GAMELOGS, "seasons/player_gamelog_*.parquet"),
        ArchiveFile(TEAM_BOX, "seasons/team_box.parquet"),
        ArchiveFile(SHOT_ZONES, "shots/player_game_shot_zones.parquet"),
        ArchiveFile(PLAYER_PROPS, "props/odds_api_*.parquet", date="s.snapshot_date"),
        ArchiveFile(
            LINE_MOVEMENTS,
            "props/line_movement_*.parquet",
            # the Eastern day on which the price was first seen
            date="cast(timezone('America/New_York', s.first_seen_utc) as date)",
        ),
        ArchiveFile(
            GAME_LINES,
            "lines/odds_api_game_lines_*.parquet",
            date="s.snapshot_date",
            keep="s.market not like '%_lay'",
        ),
        ArchiveFile(CLOSING_LINES, "lines/closing_lines_*.parquet", date='s."date"'),
        ArchiveFile(
            INJURIES,
            "injuries/injury_status_changes_*.parquet",
            date=FIRST_SEEN_DATE,
        ),
        ArchiveFile(LINEUPS, "injuries/projected_lineups_*.parquet", date=FIRST_SEEN_DATE),
    )
}
TABLES = (*(f.table for f in FILES.values()), REJECTS)
