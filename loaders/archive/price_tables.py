"""The archive's raw tables of prices: props, line movements, game lines and closing lines."""

from __future__ import annotations

from loaders.tables import Column, RawTable

ROW_KEY = Column("row_key", "text", "md5 of what makes the row.")

SNAPSHOTS = (
    Column(
        "first_seen_at",
        "timestamp",
        "First snapshot that has it (UTC).",
        source="first_seen_utc",
        required=True,
    ),
    Column(
        "last_seen_at",
        "timestamp",
        "Last snapshot that has it (UTC).",
        source="last_seen_utc",
    ),
    Column("n_snapshots", "bigint", "Snapshots that have it."),
)

SNAPSHOT = (
    Column("season", "text", "Season as `2023-24`."),
    Column("snapshot_date", "date", "Date in the name of the captured file.", required=True),
)
EVENT = (
    Column("event_id", "text", "The Odds API's event id.", required=True),
    Column(
        "commence_time", "timestamp", "Tip-off as then announced (UTC).", source="commence_time_utc"
    ),
    Column("home_team", "text", "Full name of the home team; null in one file."),
    Column("away_team", "text", "Full name of the away team; null in one file."),
    Column("bookmaker", "text", "Key of the bookmaker.", required=True),
    Column("market", "text", "Key of the market.", required=True),
)
SEEN = (
    Column("last_update", "timestamp", "The market's last update (UTC).", source="last_update_utc"),
    Column(
        "captured_at", "timestamp", "When the price was captured (UTC).", source="captured_at_utc"
    ),
)
PRICE_AMERICAN = Column(
    "price_american",
    "bigint",
    "American price; a fraction is rejected as missing.",
    required=True,
    sql="case when s.price_american = trunc(s.price_american) "
    "then cast(s.price_american as bigint) end",
)
PLAYER_PROPS = RawTable(
    name="player_props",
    description="Player prop prices of The Odds API: one row a side, point and snapshot date.",
    columns=(
        ROW_KEY,
        *SNAPSHOT,
        *EVENT,
        Column("player_name", "text", "Player's name as the provider writes it.", required=True),
        Column("side", "text", "over, under, yes or no.", required=True, sql="lower(s.side)"),
        Column("point", "double", "The line; null in yes/no markets."),
        PRICE_AMERICAN,
        *SEEN,
    ),
    key=("row_key",),
    strategy="insert-only",
    # the snapshot date belongs to the key: else the order of loads would decide which one stays
    hashes={
        "row_key": (
            "snapshot_date",
            "event_id",
            "commence_time",
            "bookmaker",
            "market",
            "player_name",
            "side",
            "point",
            "price_american",
            "last_update",
            "captured_at",
        )
    },
    rules={
        "side: not over, under, yes or no": "side in ('over', 'under', 'yes', 'no')",
        "point: missing": "point is not null or side in ('yes', 'no')",
        "price_american: between -100 and 100": "abs(price_american) >= 100",
    },
    partition="snapshot_date",
    cluster=("player_name", "market"),
)

LINE_MOVEMENTS = RawTable(
    name="line_movements",
    description="Intervals in which a book kept one line and price; no event id, no own team.",
    columns=(
        ROW_KEY,
        Column("player_name", "text", "Player as the feed writes him.", required=True),
        Column("opponent_raw", "text", "Opponent as the feed writes it; @ before it: away."),
        Column("opponent_abbr", "text", "Tricode of the opponent; null on the first two days."),
        Column("is_home", "bool", "Whether the player's team is the home team."),
        Column("market", "text", "Key of the market.", required=True),
        Column("side", "text", "over or under.", required=True, sql="lower(s.side)"),
        Column("bookmaker", "text", "Key of the bookmaker.", required=True),
        Column("point", "double", "The line; null where the feed had a price without one."),
        PRICE_AMERICAN,
        *SNAPSHOTS,
    ),
    key=("row_key",),
    strategy="upsert",
    hashes={
        "row_key": (
            "player_name",
            "opponent_raw",
            "is_home",
            "market",
            "side",
            "bookmaker",
            "point",
            "price_american",
            "first_seen_at",
        )
    },
    rules={
        "side: not over or under": "side in ('over', 'under')",
        "price_american: between -100 and 100": "abs(price_american) >= 100",
        "last_seen_at: before first_seen_at": "last_seen_at >= first_seen_at",
    },
    cluster=("player_name", "market"),
)

GAME_LINES = RawTable(
    name="game_lines",
    description="Spreads, totals and moneylines of The Odds API, lay markets left out.",
    columns=(
        ROW_KEY,
        *SNAPSHOT,
        *EVENT,
        Column("side", "text", "home, away, over or under.", required=True, sql="lower(s.side)"),
        Column("point", "double", "Spread or total; null for h2h."),
        Column(
            "price",
            "double",
            "Price in `price_format`.",
            required=True,
            sql="round(cast(s.price as double), 4)",
        ),
        Column("price_format", "text", "american or decimal.", required=True),
        *SEEN,
    ),
    key=("row_key",),
    strategy="insert-only",
    hashes={
        "row_key": (
            "snapshot_date",
            "event_id",
            "commence_time",
            "bookmaker",
            "market",
            "side",
            "point",
            "price",
            "price_format",
            "last_update",
            "captured_at",
        )
    },
    rules={
        "side: not home, away, over or under": "side in ('home', 'away', 'over', 'under')",
        "price_format: unknown": "price_format in ('american', 'decimal')",
        "point: missing": "point is not null or market = 'h2h'",
    },
    partition="snapshot_date",
    cluster=("event_id", "market"),
)

CLOSING_LINES = RawTable(
    name="closing_lines",
    description="Closing spread, total and moneylines, one row a game, with quarter scores.",
    columns=(
        ROW_KEY,
        Column("season", "bigint", "Year in which the season ends."),
        Column(
            "game_date", "date", "Local US Eastern date of the game.", source="date", required=True
        ),
        Column("regular", "bool", "Whether it is a regular-season game."),
        Column("playoffs", "bool", "Whether it is a playoff game."),
        Column("away", "text", "Source's code of the away team.", required=True),
        Column("home", "text", "Source's code of the home team.", required=True),
        *(
            Column(f"{part}_{side}", "bigint", f"Points of the {side} team, {words}.")
            for side in ("away", "home")
            for part, words in (
                ("score", "final"),
                ("q1", "first quarter"),
                ("q2", "second quarter"),
                ("q3", "third quarter"),
                ("q4", "fourth quarter"),
                ("ot", "overtime"),
            )
        ),
        Column("whos_favored", "text", "home or away."),
        Column("spread", "double", "Closing spread: points for the favourite, positive."),
        Column("total", "double", "Closing total points."),
        Column("moneyline_away", "double", "American moneyline of the away team."),
        Column("moneyline_home", "double", "American moneyline of the home team."),
        Column("h2_spread", "double", "Spread of the second half."),
        Column("h2_total", "double", "Total of the second half."),
        Column("id_spread", "double", "Source's code of the spread's result."),
        Column("id_total", "bigint", "Source's code of the total's result."),
    ),
    key=("row_key",),
    strategy="upsert",
    hashes={"row_key": ("game_date", "away", "home")},
)
