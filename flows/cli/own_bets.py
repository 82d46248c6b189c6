"""Commands about the user's own bets: bet, bets, bets import."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.cli.app import DEFAULT_ROWS, app, new_reporter, out, settings_of

bets_app = typer.Typer(
    help="""Show your own bets, graded; or import them from a file.

    Each is graded at its own price by the next run, and set against the line that the books closed
    with. They are apart from the model's record.""",
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


@app.command()
def bet(
    ctx: typer.Context,
    player: Annotated[str, typer.Option(metavar="NAME", help="Whom the bet is on; or his id.")],
    market: Annotated[str, typer.Option(help="points, rebounds, assists, threes, or a sum.")],
    side: Annotated[str, typer.Option(help="over or under.")],
    line: Annotated[str, typer.Option(help="A whole number or a half, as 24.5.")],
    price: Annotated[str, typer.Option(help="American: -110, or 150.")],
    stake: Annotated[str, typer.Option(help="In the unit of all your bets.")],
    bookmaker: Annotated[str | None, typer.Option(metavar="NAME", help="Who took it.")] = None,
    placed_at: Annotated[
        str | None,
        typer.Option(metavar="INSTANT", help="When: 2024-04-05T18:15:00-04:00; default now."),
    ] = None,
    date: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="Day of the game (Eastern); default his next one."),
    ] = None,
    reference: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Number of the slip.")
    ] = None,
    note: Annotated[str | None, typer.Option(metavar="TEXT", help="Anything else.")] = None,
) -> None:
    """Enter a bet of your own.

    The next run grades it at its price; `nba-props bets` shows it.
    """
    from flows import bets as entering
    from flows import clock as clocks

    if placed_at is not None:
        clocks.parse_instant(placed_at, "--placed-at")
    if date is not None:
        clocks.parse_date(date)
    entered = entering.bet(
        settings_of(ctx.obj),
        clock=clocks.utc_now,
        reporter=new_reporter(quiet=True),
        player=player,
        market=market,
        side=side,
        line=line,
        price=price,
        stake=stake,
        bookmaker=bookmaker,
        placed_at=placed_at,
        game_date=date,
        reference=reference,
        note=note,
    )
    said = "entered; the next run grades it" if entered.new else "known already: nothing was added"
    out().print(f"{player}, {market} {side} {line} at {price}: {said}", soft_wrap=True)


@bets_app.callback(invoke_without_command=True)
def bets(
    ctx: typer.Context,
    all_rows: Annotated[bool, typer.Option("--all", help="Every bet.")] = False,
) -> None:
    """Show the bets, unless a command stands behind."""
    if ctx.invoked_subcommand is not None:
        return
    from flows import bets as entering
    from flows import render_bets

    found = entering.show(settings_of(ctx.obj))
    out().print(render_bets.bets(found, limit=None if all_rows else DEFAULT_ROWS))


@bets_app.command("import")
def import_file(
    ctx: typer.Context,
    path: Annotated[Path, typer.Argument(metavar="FILE", help="A CSV file.")],
) -> None:
    """Enter the bets of a CSV file.

    Its first line names the columns: player, market, side, line, price, stake, placed_at; and,
    where you have them, game_date, bookmaker, reference, note (loaders/bets/README.md). What they
    take stands there. The same file again adds nothing. A wrong line is named with its fault, and
    the exit status is 1; the other lines are entered.
    """
    from flows import bets as entering
    from flows import clock as clocks
    from flows import render_bets

    entered = entering.import_file(
        settings_of(ctx.obj), path, clock=clocks.utc_now, reporter=new_reporter(quiet=True)
    )
    out().print(render_bets.entered(entered), soft_wrap=True)
    if entered.refused:
        raise typer.Exit(1)


app.add_typer(bets_app, name="bets")
