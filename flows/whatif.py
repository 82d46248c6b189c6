"""What our forecast says of a line and price of one's own; asked of the published copy.

It is the system alone: books' prices of another line tell nothing to weigh it against.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from flows import players, warehouse
from flows.errors import ArgumentError, NotForecast, PlayerUnknown
from flows.modelling import MARKETS as COUNTED

if TYPE_CHECKING:
    from loaders.settings import Settings

SLATE = "reports.todays_slate"
MARKETS = (
    *COUNTED,
    "points_rebounds_assists",
    "points_rebounds",
    "points_assists",
    "rebounds_assists",
)
SIDES = ("over", "under")
# American prices begin here, on either side of zero.
LEAST_AMERICAN = 100

ANSWER = """
with asked as (

    select
        slate.*,
        measured.up_to_line,
        measured.below_line
    from reports.todays_slate as slate
    inner join (
        select
            forecast_id,
            max(case when value <= ? then cumulative_probability else 0 end) as up_to_line,
            max(case when value < ? then cumulative_probability else 0 end) as below_line
        from reports.todays_distributions
        group by forecast_id
    ) as measured
        on slate.forecast_id = measured.forecast_id
    where slate.player_id = ? and slate.market = ?

),

sides as (

    select *, 'over' as side, 1 - up_to_line as win, below_line as loss from asked
    union all
    select *, 'under' as side, below_line as win, 1 - up_to_line as loss from asked

)

select
    player_name,
    team_abbreviation,
    opponent_abbreviation,
    tipoff_at,
    market,
    as_of,
    information_set,
    run_mode,
    predicted_value,
    quantile_10,
    quantile_90,
    line as book_line,
    over_price_american,
    under_price_american,
    bookmaker,
    side,
    win,
    loss,
    up_to_line - below_line as push,
    win * nullif(?, 0) - loss as expected_value,
    loss / nullif(win, 0) as fair_profit
from sides
order by side
"""


@dataclass(frozen=True)
class Price:
    """What a winning stake of one brings beyond itself."""

    profit: float

    @property
    def decimal(self) -> float:
        """The European form: stake and profit together."""
        return 1 + self.profit

    @property
    def american(self) -> float:
        """The American form: +150 wins 150 on 100, -150 wins 100 on 150."""
        return 100 * self.profit if self.profit >= 1 else -100 / self.profit


@dataclass(frozen=True)
class Side:
    """One side of the line that was asked about.

    Args:
        side: 'over' or 'under'.
        win, loss, push: probabilities; they sum to one.
        expected_value: of a stake of one at the price asked about; None without one.
        fair: the price at which a stake is worth nothing; None where it cannot win, or not lose.
    """

    side: str
    win: float
    loss: float
    push: float
    expected_value: float | None
    fair: Price | None


@dataclass(frozen=True)
class Answer:
    """What the forecast of a player and market says of a line.

    `book_line` and what follows it are the books', None without a line of theirs.
    """

    player_name: str
    team_abbreviation: str | None
    opponent_abbreviation: str | None
    tipoff_at: datetime
    market: str
    line: float
    price: Price | None
    as_of: datetime
    information_set: str
    run_mode: str
    predicted_value: float
    quantile_10: int
    quantile_90: int
    book_line: float | None
    over_price_american: int | None
    under_price_american: int | None
    bookmaker: str | None
    sides: tuple[Side, ...]


def parse_price(text: str) -> Price:
    """A price in American form (-110, +150) or decimal form (1.91).

    Raises:
        ArgumentError: it is neither.
    """
    wrong = ArgumentError(f"--price {text!r} is no price: write it as -110, +150 or 1.91")
    try:
        number = float(text)
    except ValueError:
        raise wrong from None
    is_signed = text.strip()[:1] in ("+", "-")
    if abs(number) >= LEAST_AMERICAN and number.is_integer():
        return Price(number / 100 if number > 0 else 100 / -number)
    if not is_signed and 1 < number < LEAST_AMERICAN:
        return Price(number - 1)
    raise wrong


def check_line(line: float) -> float:
    """The line, which is a half or whole number.

    Raises:
        ArgumentError: it is not, or lies below zero.
    """
    if not (line >= 0 and line % 0.5 == 0):
        raise ArgumentError(f"--line {line:g} is no line: it is a whole number or a half, as 24.5")
    return line


def what_if(
    settings: Settings,
    *,
    player: str,
    market: str,
    line: float,
    price: str | None = None,
    side: str | None = None,
) -> Answer:
    """Probabilities, fair prices and expected values of a line, from the published slate.

    player: a name, or a player_id. side: 'over' or 'under'; None asks about both.

    Raises:
        ArgumentError: market, line, price or side cannot be meant.
        PlayerUnknown: nobody, or more than one, has the name.
        NotForecast: the player or market is not forecast; the message says why.
        WarehouseMissing: nothing is published yet, or by a version without distributions.
    """
    if market not in MARKETS:
        raise ArgumentError(f"--market {market!r} is none of {', '.join(MARKETS)}")
    if side is not None and side not in SIDES:
        raise ArgumentError(f"--side {side!r} is none of {', '.join(SIDES)}")
    check_line(line)
    at = None if price is None else parse_price(price)
    found = _player(settings, player)
    rows = warehouse.query_published(
        settings, ANSWER, [line, line, found.player_id, market, at.profit if at else 0.0]
    ).to_pylist()
    if not rows:
        raise NotForecast(_why_not(settings, found, market))
    shared = {name: rows[0][name] for name in Answer.__annotations__ if name in rows[0]}
    sides = tuple(_side(row) for row in rows if side in (None, row["side"]))
    return Answer(**shared, line=line, price=at, sides=sides)


def _side(row: dict) -> Side:
    fair = row["fair_profit"]
    names = ("side", "win", "loss", "push", "expected_value")
    return Side(**{name: row[name] for name in names}, fair=Price(fair) if fair else None)


def _player(settings: Settings, name: str) -> players.Player:
    try:
        return players.find(settings, name, slate=SLATE, query=warehouse.query_published)
    except PlayerUnknown:
        # a name that books quote and that no player could be found for has a reason, not an id
        quoted = warehouse.query_published(
            settings,
            f"select reason from {SLATE} where player_id is null and lower(player_name) = lower(?)",
            [name],
        )
        if quoted.num_rows:
            raise NotForecast(_reason(name, quoted["reason"][0].as_py())) from None
        raise


def _why_not(settings: Settings, player: players.Player, market: str) -> str:
    rows = warehouse.query_published(
        settings,
        f"select distinct market, reason from {SLATE} where player_id = ? order by market",
        [player.player_id],
    ).to_pylist()
    if not rows:
        return (
            f"{player.player_name} is not on the published slate: his team does not play, "
            "or no roster that is loaded lists him"
        )
    forecast = [row["market"] for row in rows if row["market"] is not None]
    if forecast:
        return f"{market} of {player.player_name} is not forecast, only {', '.join(forecast)}"
    return _reason(player.player_name, rows[0]["reason"])


def _reason(name: str, reason: str) -> str:
    return f"{name} is on the published slate without a forecast: {reason}"
