"""The raw tables of The Odds API, and where each column stands.

A record is one outcome with everything above it: `event`, `bookmaker`, `market`, `outcome`.
"""

from __future__ import annotations

from loaders.tables import REJECTS, Column, RawTable

CAPTURED_AT = Column(
    "captured_at",
    "timestamp",
    "When the provider was asked (UTC); for history the snapshot's own time.",
    required=True,
    made=True,
)
ROW_KEY = Column("row_key", "text", "md5 of what makes the price.")
PRICE = (
    Column("event_id", "text", "The Odds API's event id.", "event.id", required=True),
    Column(
        "commence_time",
        "timestamp",
        "Tip-off as then announced (UTC); it moves.",
        "event.commence_time",
        required=True,
    ),
    Column("home_team", "text", "Full name of the home team.", "event.home_team", required=True),
    Column("away_team", "text", "Full name of the away team.", "event.away_team", required=True),
    Column("bookmaker", "text", "Key of the bookmaker.", "bookmaker.key", required=True),
    Column("market", "text", "Key of the market.", "market.key", required=True),
)
POINT = Column(
    "point", "double", "The line; null where the market has none.", "outcome.point", optional=True
)
PRICE_AMERICAN = Column(
    "price_american", "bigint", "American price.", "outcome.price", required=True
)
SEEN = (
    Column(
        "last_update",
        "timestamp",
        "The market's last update, else the bookmaker's (UTC).",
        "market.last_update|bookmaker.last_update",
    ),
    CAPTURED_AT,
)
PRICE_RULE = {"price_american: between -100 and 100": "abs(price_american) >= 100"}

EVENTS = RawTable(
    name="events",
    description="Games that the provider lists, as it last showed them.",
    columns=(
        Column("id", "text", "The Odds API's event id.", required=True),
        Column("sport_key", "text", "Key of the sport.", required=True),
        Column("commence_time", "timestamp", "Tip-off as now announced (UTC).", required=True),
        Column("home_team", "text", "Full name of the home team.", required=True),
        Column("away_team", "text", "Full name of the away team.", required=True),
        CAPTURED_AT,
        Column("row_version", "text", "md5 of all but captured_at; tells a changed event."),
    ),
    key=("id",),
    strategy="upsert",
    hashes={"row_version": ("sport_key", "commence_time", "home_team", "away_team")},
    version="row_version",
)

PLAYER_PROPS = RawTable(
    name="player_props",
    description="Player prop prices, one row a side and point; a price stays as first captured.",
    columns=(
        ROW_KEY,
        *PRICE,
        Column("player_name", "text", "Player.", "outcome.description", required=True),
        Column(
            "side",
            "text",
            "over, under, yes or no.",
            "outcome.name",
            required=True,
            sql="lower(s.side)",
        ),
        POINT,
        PRICE_AMERICAN,
        *SEEN,
    ),
    key=("row_key",),
    strategy="insert-only",
    hashes={
        "row_key": (
            "event_id",
            "bookmaker",
            "market",
            "player_name",
            "side",
            "point",
            "price_american",
            "coalesce(last_update, captured_at)",
        )
    },
    rules={
        "side: not over, under, yes or no": "side in ('over', 'under', 'yes', 'no')",
        "point: missing": "point is not null or side in ('yes', 'no')",
        **PRICE_RULE,
    },
)

GAME_LINES = RawTable(
    name="game_lines",
    description="Moneylines, spreads and totals, one row an outcome; append-only as the props.",
    columns=(
        ROW_KEY,
        *PRICE,
        Column(
            "outcome",
            "text",
            "home, away, over or under.",
            "outcome.name",
            sql="case when s.outcome = s.home_team then 'home' "
            "when s.outcome = s.away_team then 'away' "
            "when lower(s.outcome) in ('over', 'under') then lower(s.outcome) end",
        ),
        POINT,
        PRICE_AMERICAN,
        *SEEN,
    ),
    key=("row_key",),
    strategy="insert-only",
    hashes={
        "row_key": (
            "event_id",
            "bookmaker",
            "market",
            "outcome",
            "point",
            "price_american",
            "coalesce(last_update, captured_at)",
        )
    },
    rules={
        "outcome: neither a team of the event nor over or under": "outcome is not null",
        "point: missing": "point is not null or market = 'h2h'",
        **PRICE_RULE,
    },
)

API_QUOTA = RawTable(
    name="api_quota",
    description="The provider's count of credits at the end of a load.",
    columns=(
        Column("captured_at", "timestamp", "End of the load's requests (UTC)."),
        Column("requests_remaining", "bigint", "Credits left."),
        Column("requests_used", "bigint", "Credits used since the reset."),
        Column("requests_last", "bigint", "Credits that this load cost."),
    ),
    key=(),
    strategy="append",
)

# known fields that nobody needs
IGNORED = (
    "sport_title",
    "event.sport_key",
    "event.sport_title",
    "bookmaker.title",
    "bookmaker.last_update",
    "bookmaker.link",
    "bookmaker.sid",
    "market.link",
    "market.sid",
    "outcome.description",
    "outcome.link",
    "outcome.sid",
    "outcome.bet_limit",
    "outcome.multiplier",
)
RESOURCES = {t.name: t for t in (EVENTS, PLAYER_PROPS, GAME_LINES)}
TABLES = (*RESOURCES.values(), API_QUOTA, REJECTS)

GAME_MARKETS = ("h2h", "spreads", "totals")
_OVER_UNDER = (
    "points",
    "rebounds",
    "assists",
    "threes",
    "blocks",
    "steals",
    "turnovers",
    "blocks_steals",
    "points_rebounds_assists",
    "points_rebounds",
    "points_assists",
    "rebounds_assists",
    "field_goals",
    "frees_made",
    "frees_attempts",
    "fantasy_points",
    "points_q1",
    "rebounds_q1",
    "assists_q1",
)
_YES_NO = ("first_basket", "first_team_basket", "double_double", "triple_double")
_ALTERNATE = (
    "points",
    "rebounds",
    "assists",
    "blocks",
    "steals",
    "turnovers",
    "threes",
    "points_assists",
    "points_rebounds",
    "rebounds_assists",
    "points_rebounds_assists",
    "fantasy_points",
)
PLAYER_MARKETS = (
    *(f"player_{name}" for name in (*_OVER_UNDER, *_YES_NO)),
    "player_method_of_first_basket",
    *(f"player_{name}_alternate" for name in _ALTERNATE),
)
