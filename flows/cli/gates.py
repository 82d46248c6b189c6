"""Commands about gates: waive."""

from __future__ import annotations

from typing import Annotated

import typer

from flows.cli.app import app, out, settings_of


@app.command()
def waive(
    ctx: typer.Context,
    metric: Annotated[str, typer.Argument(help="What fails, as the gate names it.")],
    date: Annotated[str, typer.Option(metavar="DATE", help="The one date (Eastern) it is about.")],
    by: Annotated[str, typer.Option(metavar="NAME", help="Who answers for it.")],
    because: Annotated[str, typer.Option(metavar="REASON", help="Why it is known and harmless.")],
    hours: Annotated[
        int | None, typer.Option(help="For how long; default 24, at most 168.")
    ] = None,
) -> None:
    """Let one metric of a gate fail on one date, for some hours.

    The waiver is kept for ever, stands beside the value it lets pass, and shows in `doctor`.
    """
    from flows import clock as clocks
    from flows.waivers import waive as enter

    waiver = enter(
        settings_of(ctx.obj),
        metric=metric,
        game_date=clocks.parse_date(date),
        waived_by=by,
        reason=because,
        hours=hours,
        clock=clocks.utc_now,
    )
    out().print(
        f"{waiver.metric} may fail on {waiver.game_date} until "
        f"{waiver.expires_at:%Y-%m-%dT%H:%M:%SZ}, by {waiver.waived_by}: {waiver.reason}"
    )
