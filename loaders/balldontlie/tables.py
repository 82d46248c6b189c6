"""The raw tables of balldontlie, and where in a record each column stands."""

from __future__ import annotations

from loaders.tables import REJECTS, Column, RawTable

# a day as `YYYY-MM-DD`, or an instant, whose day is the Eastern one
GAME_DATE_SQL = """
    case when length(s.game_date) <= 10 then try_cast(s.game_date as date)
    else cast(timezone('America/New_York', try_cast(s.game_date as timestamptz)) as date) end
"""
VERSION = Column("row_version", "text", "md5 of all other columns; a new one is a new version.")

TEAMS = RawTable(
    name="teams",
    description="Clubs, defunct ones (id over 30) included.",
    columns=(
        Column("id", "bigint", "balldontlie's team id.", required=True),
        Column("abbreviation", "text", "Tricode."),
        Column("full_name", "text", "City and name."),
        Column("city", "text", "City."),
        Column("name", "text", "Name without the city."),
        Column("conference", "text", "East or West; blank for defunct clubs."),
        Column("division", "text", "Division; blank for defunct clubs."),
    ),
    key=("id",),
    strategy="upsert",
    may_be_empty=False,
)

GAMES = RawTable(
    name="games",
    description="Games of the requested dates, played or not, as the provider last showed them.",
    columns=(
        Column("id", "bigint", "balldontlie's game id.", required=True),
        Column(
            "game_date",
            "date",
            "US Eastern date.",
            source="date",
            required=True,
            sql=GAME_DATE_SQL,
        ),
        Column(
            "tipoff_at",
            "timestamp",
            "Tip-off (UTC), where given.",
            source="datetime",
            optional=True,
        ),
        Column("season", "bigint", "Year in which the season starts.", required=True),
        Column("status", "text", "Final, a period, or the tip-off time before the game."),
        Column("period", "bigint", "Period that is being, or was last, played."),
        Column("postseason", "bool", "Whether it is a playoff or play-in game."),
        Column("postponed", "bool", "Whether the game is postponed, where said.", optional=True),
        Column("ist_stage", "text", "Stage of the NBA Cup; null outside.", optional=True),
        Column("home_team_id", "bigint", "Home team.", "home_team.id|home_team_id", required=True),
        Column(
            "visitor_team_id",
            "bigint",
            "Visiting team.",
            "visitor_team.id|visitor_team_id",
            required=True,
        ),
        Column("home_team_score", "bigint", "Points so far.", "home_team_score|home_score"),
        Column("visitor_team_score", "bigint", "Points so far.", "visitor_team_score|away_score"),
    ),
    key=("id",),
    strategy="upsert",
    rules={"home_team_id: plays itself": "home_team_id <> visitor_team_id"},
)

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
    "turnover": "Turnovers.",
    "pf": "Personal fouls.",
    "pts": "Points.",
}

PLAYER_STATS = RawTable(
    name="player_stats",
    description="Box-score lines, those of players who did not play (min 00) and of running games "
    "included.",
    columns=(
        Column("id", "bigint", "balldontlie's id of the line.", optional=True),
        Column("game_id", "bigint", "Game.", "game.id|game_id", required=True),
        Column(
            "game_date",
            "date",
            "US Eastern date of the game.",
            source="game.date",
            required=True,
            sql=GAME_DATE_SQL,
        ),
        Column("game_status", "text", "Status of the game then.", "game.status", optional=True),
        Column("player_id", "bigint", "Player.", "player.id|player_id", required=True),
        Column("team_id", "bigint", "Team he played for.", "team.id|team_id", required=True),
        Column("first_name", "text", "First name.", "player.first_name"),
        Column("last_name", "text", "Last name.", "player.last_name"),
        Column("position", "text", "Position.", "player.position"),
        Column("min", "text", "Whole minutes as text; `00` or blank: did not play."),
        *(Column(name, "bigint", text) for name, text in COUNTS.items()),
        Column("plus_minus", "bigint", "Point difference while on the court.", optional=True),
    ),
    key=("game_id", "player_id"),
    strategy="cdc",
    rules={f"{name}: negative": f"{name} >= 0" for name in COUNTS},
    partition="game_date",
    cluster=("team_id", "player_id"),
)

ACTIVE_PLAYERS = RawTable(
    name="active_players",
    description="Rosters as versions: a row as long as a player's entry stays the same.",
    columns=(
        Column("id", "bigint", "balldontlie's player id.", required=True),
        Column("first_name", "text", "First name."),
        Column("last_name", "text", "Last name."),
        Column("position", "text", "Position."),
        Column("height", "text", "Feet and inches (`6-6`)."),
        Column("weight", "text", "Pounds."),
        Column("jersey_number", "text", "Jersey number, `00` and `0` differ."),
        Column("team_id", "bigint", "Team.", "team.id|team_id"),
        VERSION,
    ),
    key=("id",),
    strategy="scd2",
    hashes={
        "row_version": (
            "id",
            "first_name",
            "last_name",
            "position",
            "height",
            "weight",
            "jersey_number",
            "team_id",
        )
    },
    version="row_version",
    may_be_empty=False,
)

PLAYER_INJURIES = RawTable(
    name="player_injuries",
    description="Injury reports as versions: a row as long as a player's report stays the same.",
    columns=(
        Column("player_id", "bigint", "Player.", "player.id|player_id", required=True),
        Column("first_name", "text", "First name.", "player.first_name"),
        Column("last_name", "text", "Last name.", "player.last_name"),
        Column("team_id", "bigint", "Team.", "player.team_id|player.team.id"),
        Column("status", "text", "Status as reported (Out, Day-To-Day, ...).", required=True),
        Column("return_date", "text", "Expected return as text without a year."),
        Column("description", "text", "Report.", "description|comment"),
        VERSION,
    ),
    key=("player_id",),
    strategy="scd2",
    hashes={
        "row_version": (
            "player_id",
            "first_name",
            "last_name",
            "team_id",
            "status",
            "return_date",
            "description",
        )
    },
    version="row_version",
)

# fields of the provider that are known, and left to the tables that own them
_TEAM_PARTS = ("conference", "division", "city", "name", "full_name", "abbreviation")
_PLAYER_PARTS = (
    "position_abbreviation",
    "height",
    "weight",
    "jersey_number",
    "college",
    "country",
    "draft_year",
    "draft_round",
    "draft_number",
    "age",
)
IGNORED = {
    "teams": (),
    "games": (
        "time",
        "period_detail",
        *(f"{side}_team.{part}" for side in ("home", "visitor") for part in _TEAM_PARTS),
        *(f"{side}_{part}" for side in ("home", "visitor") for part in ("q1", "q2", "q3", "q4")),
        *(f"{side}_ot{n}" for side in ("home", "visitor") for n in (1, 2, 3)),
        *(f"{side}_timeouts_remaining" for side in ("home", "visitor")),
        *(f"{side}_in_bonus" for side in ("home", "visitor")),
    ),
    "player_stats": (
        "fg_pct",
        "fg3_pct",
        "ft_pct",
        "game.",
        "player.team_id",
        *(f"team.{part}" for part in _TEAM_PARTS),
        *(f"player.{part}" for part in _PLAYER_PARTS),
    ),
    "active_players": (*_PLAYER_PARTS, *(f"team.{part}" for part in _TEAM_PARTS)),
    "player_injuries": (
        "player.position",
        *(f"player.{part}" for part in _PLAYER_PARTS),
        *(f"player.team.{part}" for part in _TEAM_PARTS),
    ),
}
RESOURCES = {t.name: t for t in (TEAMS, GAMES, PLAYER_STATS, ACTIVE_PLAYERS, PLAYER_INJURIES)}
TABLES = (*RESOURCES.values(), REJECTS)
