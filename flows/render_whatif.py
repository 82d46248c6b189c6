"""An answer of `nba-props predict` as a table for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from flows.clock import EASTERN

if TYPE_CHECKING:
    from flows.whatif import Answer, Price

UNKNOWN_TEAM = "?"


def what_if(answer: Answer) -> RenderableType:
    """What was asked, each side with its probability, fair price and worth, the books' line."""
    teams = (answer.team_abbreviation, answer.opponent_abbreviation)
    game = " v ".join(one or UNKNOWN_TEAM for one in teams)
    head = Text.assemble(
        (f"{answer.player_name}, {answer.market} {answer.line:g}", "bold"),
        (
            f"   {game} {answer.tipoff_at.astimezone(EASTERN):%d %b %H:%M} Eastern, "
            f"{answer.run_mode} {answer.information_set} forecast as of "
            f"{answer.as_of.astimezone(EASTERN):%d %b %H:%M}",
            "dim",
        ),
    )
    ours = (
        f"expected {answer.predicted_value:.1f}, "
        f"80 % between {answer.quantile_10} and {answer.quantile_90}"
    )
    return Group(head, Text(ours), Text(), _table(answer), Text(), Text(_books(answer)))


def _table(answer: Answer) -> Table:
    table = Table(header_style="bold", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("side", no_wrap=True)
    names = ["wins", "pushes", "fair price"]
    if answer.price is not None:
        names.append(f"worth of 1 at {_price(answer.price)}")
    for name in names:
        table.add_column(name, justify="right", no_wrap=True)
    for one in answer.sides:
        cells = [f"{one.win:.1%}", f"{one.push:.1%}", _price(one.fair)]
        if one.expected_value is not None:
            style = "green" if one.expected_value > 0 else ""
            cells.append(Text(f"{one.expected_value:+.3f}", style=style))
        table.add_row(one.side.upper(), *cells)
    return table


def _price(price: Price | None) -> str:
    return "none" if price is None else f"{price.american:+.0f} ({price.decimal:.2f})"


def _books(answer: Answer) -> str:
    if answer.book_line is None:
        return "no book had a line as of then"
    over, under = (
        "none" if one is None else f"{one:+d}"
        for one in (answer.over_price_american, answer.under_price_american)
    )
    return f"the books: line {answer.book_line:g}, over {over}, under {under} ({answer.bookmaker})"
