"""The raw tables of imported prop history, and with them the schema of its files."""

from __future__ import annotations

from loaders.tables import REJECTS, Column, RawTable

PROP_PRICES = RawTable(
    name="prop_prices",
    description="Prop prices from files that the user has, one row a side and instant.",
    columns=(
        Column("row_key", "text", "md5 of what makes the row."),
        Column("game_date", "date", "US Eastern date of the game.", required=True),
        Column("home_team", "text", "Tricode of the home team.", required=True),
        Column("away_team", "text", "Tricode of the away team.", required=True),
        Column("player_name", "text", "Player's name as printed.", required=True),
        Column("market", "text", "Key of the market, as The Odds API has it.", required=True),
        Column("bookmaker", "text", "Key of the bookmaker, or consensus.", required=True),
        Column("side", "text", "over or under.", required=True, sql="lower(s.side)"),
        Column("line", "double", "The line.", required=True),
        Column("price_american", "bigint", "American price, where known.", optional=True),
        Column("line_at", "timestamp", "When the line stood so (UTC).", required=True),
        Column("is_opening", "bool", "Whether it is the opening line, where known.", optional=True),
        Column(
            "tipoff_at",
            "timestamp",
            "Tip-off in the loaded schedules (UTC); null where none has it.",
            made=True,
        ),
    ),
    key=("row_key",),
    strategy="insert-only",
    hashes={
        "row_key": (
            "game_date",
            "home_team",
            "away_team",
            "player_name",
            "market",
            "bookmaker",
            "side",
            "line",
            "price_american",
            "line_at",
        )
    },
    rules={
        "side: not over or under": "side in ('over', 'under')",
        "home_team: plays itself": "home_team <> away_team",
        "price_american: between -100 and 100": "abs(price_american) >= 100",
        "line_at: not before tip-off": "line_at < tipoff_at",
    },
    partition="game_date",
    cluster=("player_name", "market"),
)
TABLES = (PROP_PRICES, REJECTS)
