"""The raw tables of the users' own bets, and with them the columns of their files."""

from __future__ import annotations

from loaders.tables import REJECTS, Column, RawTable

MARKETS = (
    *("points", "rebounds", "assists", "threes"),
    *("points_rebounds_assists", "points_rebounds", "points_assists", "rebounds_assists"),
)
SIDES = ("over", "under")


def one_of(values: tuple[str, ...]) -> str:
    """SQL list of texts."""
    return ", ".join(f"'{value}'" for value in values)


BETS = RawTable(
    name="bets",
    description="One row a bet that a user placed; never changed.",
    columns=(
        Column("bet_id", "text", "md5 of what makes the bet."),
        Column(
            "player_name",
            "text",
            "Player's name as the books write it, or his player_id.",
            source="player",
            required=True,
        ),
        Column(
            "market",
            "text",
            f"One of {', '.join(MARKETS)}.",
            required=True,
            sql="lower(s.market)",
        ),
        Column("side", "text", "over or under.", required=True, sql="lower(s.side)"),
        Column("line", "double", "The line, a whole number or a half: 24.5.", required=True),
        Column(
            "price_american",
            "bigint",
            "American price, a whole number: -110, or 150.",
            source="price",
            required=True,
        ),
        Column("stake", "double", "What was staked, above zero, in any one unit.", required=True),
        Column(
            "placed_at",
            "timestamp",
            "When it was placed: 2026-01-15T20:00:00-05:00; UTC where no zone is written.",
            required=True,
        ),
        Column(
            "stated_date",
            "date",
            "Eastern date of the game, 2026-01-15; his next game where it is left out.",
            source="game_date",
            optional=True,
        ),
        Column("bookmaker", "text", "Who took it.", optional=True),
        Column(
            "reference",
            "text",
            "Number of the slip; tells two bets apart that are alike in all else.",
            optional=True,
        ),
        Column("note", "text", "Anything else; it tells no bets apart.", optional=True),
    ),
    key=("bet_id",),
    strategy="insert-only",
    hashes={
        "bet_id": (
            "player_name",
            "market",
            "side",
            "line",
            "price_american",
            "stake",
            "placed_at",
            "stated_date",
            "bookmaker",
            "reference",
        )
    },
    rules={
        "market: unknown": f"market in ({one_of(MARKETS)})",
        "side: neither over nor under": f"side in ({one_of(SIDES)})",
        "line: no line": "line between 0 and 1000 and 2 * line = trunc(2 * line)",
        "price_american: between -100 and 100": "abs(price_american) >= 100",
        "stake: not above zero": "stake > 0 and stake < 1e12",
    },
)
TABLES = (BETS, REJECTS)
