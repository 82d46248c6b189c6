"""Commands that show what was made, and how it goes: slate, predict, sql, report, docs, doctor."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Annotated

import typer

from flows import defaults
from flows.cli.app import DEFAULT_ROWS, app, new_reporter, out, settings_of


@app.command()
def slate(
    ctx: typer.Context,
    market: Annotated[str | None, typer.Option(help="Only points, or points_rebounds, …")] = None,
    all_rows: Annotated[bool, typer.Option("--all", help="Every forecast.")] = False,
) -> None:
    """Show the published slate, recommendations first."""
    from flows import render

    limit = None if all_rows else DEFAULT_ROWS
    out().print(render.slate(settings_of(ctx.obj), market=market, limit=limit))


@app.command()
def predict(
    ctx: typer.Context,
    player: Annotated[str, typer.Option(metavar="NAME", help="Of the published slate; or his id.")],
    market: Annotated[
        str, typer.Option(help="points, rebounds, assists, threes, or a sum: points_rebounds, …")
    ],
    line: Annotated[float, typer.Option(help="A whole number or a half, as 24.5.")],
    price: Annotated[
        str | None, typer.Option(metavar="PRICE", help="American (-110) or decimal (1.91).")
    ] = None,
    side: Annotated[str | None, typer.Option(help="over or under; default both.")] = None,
) -> None:
    """Ask the forecast about a line and price of your own.

    Says how likely each side is, what price would be fair, and what a stake of one is worth at
    yours, beside the line of the books. Asks the published copy: trains and loads nothing.
    """
    from flows.render_whatif import what_if as table
    from flows.whatif import what_if

    answer = what_if(
        settings_of(ctx.obj), player=player, market=market, line=line, price=price, side=side
    )
    out().print(table(answer))


@app.command()
def sql(
    ctx: typer.Context,
    statement: Annotated[
        str, typer.Argument(metavar="STATEMENT", help="One statement in the warehouse's SQL.")
    ],
    warehouse: Annotated[
        bool, typer.Option("--warehouse", help="Ask the warehouse itself; waits while a run is on.")
    ] = False,
) -> None:
    """Ask the published copy anything; works also while a run is on."""
    from flows import render
    from flows import warehouse as reading

    ask = reading.query if warehouse else reading.query_published
    out().print(render.any_table(ask(settings_of(ctx.obj), statement)))


@app.command()
def report(
    ctx: typer.Context,
    serve: Annotated[
        bool, typer.Option("--serve", help="Serve it to this machine until ^C.", show_default=False)
    ] = False,
    port: Annotated[int, typer.Option(help="Port of --serve.")] = defaults.REPORT_PORT,
) -> None:
    """Write the report: tonight, players, games, record, health.

    Pages that need no server and no network, from the published copy; prints where the first one
    lies.
    """
    from flows.errors import ArgumentError
    from flows.report.pages import write_report
    from flows.report.serve import server

    page = write_report(settings_of(ctx.obj))
    out().print(str(page), soft_wrap=True)
    if not serve:
        return
    try:
        serving = server(page.parent, port)
    except OSError as error:
        raise ArgumentError(f"port {port} cannot be served on: {error.strerror}") from error
    with serving, suppress(KeyboardInterrupt):
        out().print(f"http://{defaults.LOOPBACK}:{serving.server_port}/  until ^C")
        serving.serve_forever()


@app.command()
def docs(ctx: typer.Context) -> None:
    """Generate the docs of every model and column as one page."""
    from flows import steps
    from flows.dbt_runner import DbtRunner

    settings = settings_of(ctx.obj)
    reporter = new_reporter(quiet=True)
    with reporter.step("generate docs"):
        page = steps.docs(settings, DbtRunner(settings, reporter=reporter))
    out().print(str(page), soft_wrap=True)


@app.command()
def doctor(
    ctx: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, for a machine.")] = False,
) -> None:
    """Show what needs a hand, and what to do.

    What is late, missing, failed, degraded, waived, died, stuck or scarce, over all of history and
    not in the last run only. Exit status 1 where something needs a hand.
    """
    from flows import doctor as looking
    from flows import render

    settings = settings_of(ctx.obj)
    found = looking.findings(settings, looking.present(settings))
    if as_json:
        typer.echo(json.dumps(found.to_pylist(), default=str, indent=2))
    else:
        out().print(render.findings(found))
    if looking.needs_a_hand(found):
        raise typer.Exit(1)
