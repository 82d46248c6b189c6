"""The raw tables of NBA.com, and where in a record each column stands."""

from __future__ import annotations

from loaders.tables import REJECTS, Column, RawTable

TEN_DIGITS = "regexp_full_match(game_id, '[0-9]{10}')"
GAME_ID = Column("game_id", "text", "NBA.com's game id, ten digits.", "gameId", required=True)
GAME_DATE = Column(
    "game_date", "date", "US Eastern date, of the schedule.", "gameDate", required=True
)

SCHEDULE = RawTable(
    name="schedule",
    description="Games of the season that is on, played or not, as the schedule last showed them.",
    columns=(
        GAME_ID,
        Column("season", "text", "Season, as 2025-26.", "seasonYear", required=True),
        # a local day that calls itself UTC
        Column(
            "game_date",
            "date",
            "US Eastern date.",
            "gameDateEst",
            required=True,
            sql="try_cast(left(s.game_date, 10) as date)",
        ),
        Column("tipoff_at", "timestamp", "Tip-off (UTC); midnight Eastern while it is not fixed.",
               "gameDateTimeUTC"),
        Column("game_status", "bigint", "1 scheduled, 2 running, 3 final.", "gameStatus",
               required=True),
        Column("game_status_text", "text", "Tip-off time, `TBD`, a period, `Final` or `Final/OT2`.",
               "gameStatusText"),
        Column("postponed_status", "text", "`P`: postponed; `A` or `N`: not.", "postponedStatus"),
        Column("is_neutral", "bool", "Whether it is played on neutral ground, where said.",
               "isNeutral", optional=True),
        Column("game_label", "text", "Competition; blank for the usual.", "gameLabel",
               optional=True),
        Column("game_sublabel", "text", "Stage of the competition.", "gameSubLabel",
               optional=True),
        Column("game_subtype", "text", "NBA Cup and games abroad; blank for the usual.",
               "gameSubtype", optional=True),
        Column("home_team_id", "bigint", "Home team.", "homeTeam.teamId", required=True),
        Column("away_team_id", "bigint", "Visiting team.", "awayTeam.teamId", required=True),
        Column("home_score", "bigint", "Points so far.", "homeTeam.score"),
        Column("away_score", "bigint", "Points so far.", "awayTeam.score"),
    ),
    key=("game_id",),
    strategy="upsert",
    rules={
        "game_id: not ten digits": TEN_DIGITS,
        "home_team_id: plays itself": "home_team_id <> away_team_id",
    },
    may_be_empty=False,
)  # fmt: skip

# our name, theirs in a player's statistics, theirs in a team's where it is another, and what it is;
# a team's own rebounds stand in its total, as no official box score counts them
COUNTS = (
    ("fgm", "fieldGoalsMade", "", "Field goals made."),
    ("fga", "fieldGoalsAttempted", "", "Field goals attempted."),
    ("fg3m", "threePointersMade", "", "Three-pointers made."),
    ("fg3a", "threePointersAttempted", "", "Three-pointers attempted."),
    ("ftm", "freeThrowsMade", "", "Free throws made."),
    ("fta", "freeThrowsAttempted", "", "Free throws attempted."),
    ("oreb", "reboundsOffensive", "", "Offensive rebounds."),
    ("dreb", "reboundsDefensive", "", "Defensive rebounds."),
    ("reb", "reboundsTotal", "reboundsPersonal", "Rebounds of the players."),
    ("ast", "assists", "", "Assists."),
    ("stl", "steals", "", "Steals."),
    ("blk", "blocks", "", "Blocks."),
    ("tov", "turnovers", "turnoversTotal", "Turnovers; a team's own count for the team."),
    ("pf", "foulsPersonal", "", "Personal fouls."),
    ("pts", "points", "", "Points."),
)
NOT_NEGATIVE = {f"{name}: negative": f"{name} >= 0" for name, *_ in COUNTS}

BOX_SCORES = RawTable(
    name="box_scores",
    description="A line a player listed in the box score of a final game, who did not play too.",
    columns=(
        Column("game_id", "text", GAME_ID.description, "game.gameId", required=True),
        GAME_DATE,
        Column("team_id", "bigint", "Team he played for.", "team.teamId", required=True),
        Column("person_id", "bigint", "NBA.com's player id.", "player.personId", required=True),
        Column("name", "text", "First and last name.", "player.name"),
        Column("status", "text", "ACTIVE or INACTIVE.", "player.status"),
        Column("not_playing_reason", "text", "Why he did not play, in a word.",
               "player.notPlayingReason", optional=True),
        Column("not_playing_description", "text", "Why he did not play, as told.",
               "player.notPlayingDescription", optional=True),
        Column("position", "text", "Position; starters only.", "player.position"),
        Column("starter", "bool", "Whether he started.", "player.starter"),
        Column("played", "bool", "Whether he was on the floor.", "player.played"),
        Column("minutes", "text", "Playing time as `PT25M01.00S`.", "player.statistics.minutes"),
        *(
            Column(name, "bigint", text, f"player.statistics.{theirs}")
            for name, theirs, _, text in COUNTS
        ),
        Column("plus_minus", "bigint", "Point difference while on the court.",
               "player.statistics.plusMinusPoints"),
    ),
    key=("game_id", "person_id"),
    strategy="cdc",
    rules={"game_id: not ten digits": TEN_DIGITS, **NOT_NEGATIVE},
    partition="game_date",
    cluster=("team_id", "person_id"),
)  # fmt: skip

TEAM_BOX_SCORES = RawTable(
    name="team_box_scores",
    description="A line a team in the box score of a final game.",
    columns=(
        Column("game_id", "text", GAME_ID.description, "game.gameId", required=True),
        GAME_DATE,
        Column("team_id", "bigint", "Team.", "team.teamId", required=True),
        Column("period", "bigint", "Periods played.", "game.period"),
        Column("minutes", "text", "Team minutes as `PT240M00.00S`.", "statistics.minutes"),
        *(
            Column(name, "bigint", text, f"statistics.{of_team or theirs}")
            for name, theirs, of_team, text in COUNTS
        ),
    ),
    key=("game_id", "team_id"),
    strategy="cdc",
    rules={"game_id: not ten digits": TEN_DIGITS, **NOT_NEGATIVE},
    partition="game_date",
    cluster=("team_id",),
)

SHOTS = RawTable(
    name="shots",
    description="A field-goal attempt of a final game, out of its play-by-play.",
    columns=(
        GAME_ID,
        GAME_DATE,
        Column("action_number", "bigint", "Number of the action in its game.", "actionNumber",
               required=True),
        Column("period", "bigint", "Period; 5 and more are overtimes.", required=True),
        Column("clock", "text", "Time left in the period as `PT11M58.00S`."),
        Column("team_id", "bigint", "Team that shot.", "teamId", required=True),
        Column("person_id", "bigint", "Player who shot; 0: nobody's.", "personId",
               required=True),
        Column("action_type", "text", "`2pt` or `3pt`.", "actionType", required=True),
        Column("shot_result", "text", "`Made` or `Missed`.", "shotResult", required=True),
        Column("area", "text", "Zone of the court; older seasons lack it."),
        Column("shot_distance", "double", "Feet from the rim.", "shotDistance"),
    ),
    key=("game_id", "action_number"),
    strategy="cdc",
    rules={
        "game_id: not ten digits": TEN_DIGITS,
        "action_type: no field goal": "action_type in ('2pt', '3pt')",
        "shot_result: neither Made nor Missed": "shot_result in ('Made', 'Missed')",
    },
    partition="game_date",
    cluster=("team_id", "person_id"),
)  # fmt: skip

# fields of the provider that are known, and not needed
_TEAM = ("teamName", "teamCity", "teamTricode")
_OF_GAME = (
    *("gameTimeLocal", "gameTimeUTC", "gameTimeHome", "gameTimeAway", "gameEt", "duration"),
    *("gameCode", "gameStatus", "gameStatusText", "regulationPeriods", "period", "gameClock"),
    *("attendance", "sellout", "officials", "arena."),
)
_OF_TEAM = (*_TEAM, "score", "inBonus", "timeoutsRemaining", "periods")
_OF_BOX = (*(f"game.{part}" for part in _OF_GAME), *(f"team.{part}" for part in _OF_TEAM))
_OF_PLAYER = (
    *("order", "jerseyNum", "oncourt", "nameI", "firstName", "familyName"),
    *(
        f"statistics.{part}"
        for part in (
            *("blocksReceived", "fieldGoalsPercentage", "foulsOffensive", "foulsDrawn"),
            *("foulsTechnical", "freeThrowsPercentage", "minus", "minutesCalculated", "plus"),
            *("pointsFastBreak", "pointsInThePaint", "pointsSecondChance"),
            *("threePointersPercentage", "twoPointersAttempted", "twoPointersMade"),
            "twoPointersPercentage",
        )
    ),
)
_OF_TEAM_STATISTICS = (
    *("assistsTurnoverRatio", "benchPoints", "biggestLead", "biggestLeadScore"),
    *("biggestScoringRun", "biggestScoringRunScore", "blocksReceived"),
    *("fastBreakPointsAttempted", "fastBreakPointsMade", "fastBreakPointsPercentage"),
    *("fieldGoalsEffectiveAdjusted", "fieldGoalsPercentage", "foulsOffensive", "foulsDrawn"),
    *("foulsTeam", "foulsTechnical", "foulsTeamTechnical", "freeThrowsPercentage"),
    *("leadChanges", "minutesCalculated", "pointsAgainst", "pointsFastBreak"),
    *("pointsFromTurnovers", "pointsInThePaint", "pointsInThePaintAttempted"),
    *("pointsInThePaintMade", "pointsInThePaintPercentage", "pointsSecondChance"),
    *("reboundsTeam", "reboundsTeamDefensive", "reboundsTeamOffensive", "reboundsTotal"),
    *("secondChancePointsAttempted", "secondChancePointsMade", "secondChancePointsPercentage"),
    *("threePointersPercentage", "timeLeading", "timesTied", "trueShootingAttempts"),
    *("trueShootingPercentage", "turnovers", "turnoversTeam", "twoPointersAttempted"),
    *("twoPointersMade", "twoPointersPercentage"),
)
IGNORED = {
    "schedule": (
        *("gameCode", "gameSequence", "gameTimeEst", "gameDateTimeEst", "gameDateUTC"),
        *("gameTimeUTC", "awayTeamTime", "homeTeamTime", "day", "monthNum", "weekNumber"),
        *("weekName", "ifNecessary", "seriesGameNumber", "seriesText", "arenaName", "arenaState"),
        *("arenaCity", "branchLink", "broadcasters.", "pointsLeaders"),
        *(
            f"{side}Team.{part}"
            for side in ("home", "away")
            for part in (*_TEAM, "teamSlug", "wins", "losses", "seed")
        ),
    ),
    "box_scores": (*_OF_BOX, *(f"player.{part}" for part in _OF_PLAYER)),
    "team_box_scores": (*_OF_BOX, *(f"statistics.{part}" for part in _OF_TEAM_STATISTICS)),
    "shots": (
        *("timeActual", "edited", "periodType", "orderNumber", "teamTricode", "subType"),
        *("descriptor", "qualifiers", "description", "possession", "side", "areaDetail", "x", "y"),
        *(
            "xLegacy",
            "yLegacy",
            "scoreHome",
            "scoreAway",
            "isFieldGoal",
            "pointsTotal",
            "playerName",
            "playerNameI",
        ),
        *("personIdsFilter", "assistPlayerNameInitial", "assistPersonId", "assistTotal"),
        *("blockPlayerName", "blockPersonId"),
    ),
}
RESOURCES = {t.name: t for t in (SCHEDULE, BOX_SCORES, TEAM_BOX_SCORES, SHOTS)}
TABLES = (*RESOURCES.values(), REJECTS)
