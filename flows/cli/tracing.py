"""Commands that ask the audit: trace, alarms."""

from __future__ import annotations

from typing import Annotated

import typer

from flows.cli.app import app, out, settings_of
from flows.errors import ArgumentError


@app.command()
def trace(
    ctx: typer.Context,
    prediction: Annotated[
        str | None, typer.Argument(metavar="[PREDICTION]", help="A forecast_id, or how it begins.")
    ] = None,
    player: Annotated[str | None, typer.Option(metavar="NAME", help="Instead of an id.")] = None,
    market: Annotated[
        str | None, typer.Option(help="With --player: points, points_rebounds, …")
    ] = None,
    date: Annotated[
        str | None, typer.Option(metavar="DATE", help="With --player; default his latest game.")
    ] = None,
) -> None:
    """Show the run, model and raw loads behind a prediction.

    By --player and --market it is the prediction that counts: the last one before tip-off.
    """
    from flows import clock as clocks
    from flows import trace as tracing
    from flows.render_audit import lineage
    from flows.whatif import MARKETS

    settings = settings_of(ctx.obj)
    if (prediction is None) == (player is None):
        raise ArgumentError("name one prediction: by its id, or by --player and --market")
    if prediction is not None:
        forecast_id = tracing.find(settings, prediction)
    elif market not in MARKETS:
        raise ArgumentError(f"--market {market!r} is none of {', '.join(MARKETS)}")
    else:
        day = None if date is None else clocks.parse_date(date)
        forecast_id = tracing.find_active(settings, player=player, market=market, day=day)
    out().print(lineage(tracing.lineage(settings, forecast_id)))


@app.command()
def alarms(
    ctx: typer.Context,
    send: Annotated[
        bool, typer.Option("--send", help="Send those that were not sent yet.")
    ] = False,
) -> None:
    """Show the alarms of today and yesterday.

    Every run sends its own at its end. Where to: NBA_PROPS_ALERT_WEBHOOK (a URL that takes JSON),
    NBA_PROPS_ALERT_BLOCK (the name of a notification block saved in Prefect), or both.
    """
    from flows import alarms as alarming
    from flows.clock import utc_now
    from flows.render_audit import alarms as table

    settings, now = settings_of(ctx.obj), utc_now()
    if send and not alarming.is_configured(settings):
        raise ArgumentError(
            "nowhere to send to: set NBA_PROPS_ALERT_WEBHOOK or NBA_PROPS_ALERT_BLOCK"
        )
    found = alarming.current(settings, now)
    out().print(table(found))
    if send:
        out().print(f"{len(alarming.send(settings, found, now))} sent")
