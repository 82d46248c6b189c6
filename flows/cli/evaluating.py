"""The command `evaluate`: how good the forecasts would have been."""

from __future__ import annotations

from typing import Annotated

import typer

from flows.cli.app import Quiet, app, new_reporter, out, settings_of
from flows.errors import ArgumentError, LeakSuspected

Season = Annotated[str, typer.Option(metavar="SEASON", help="Season that is scored: 2024-25.")]
Day = Annotated[str | None, typer.Option(metavar="DATE", help="Only from or to this game date.")]

INFORMATION_SETS = ("BASE", "TIP", "LINE")


@app.command()
def evaluate(
    ctx: typer.Context,
    season: Season,
    markets: Annotated[
        list[str] | None,
        typer.Option(metavar="NAMES", help="Only these; repeatable, or with commas."),
    ] = None,
    information: Annotated[
        str | None,
        typer.Option(metavar="SET", help="What the forecasts know: BASE (default), TIP or LINE."),
    ] = None,
    ceiling: Annotated[
        bool, typer.Option("--ceiling", help="TIP, with the absences of who did not play.")
    ] = False,
    playoffs: Annotated[
        bool, typer.Option("--playoffs", help="The play-in and the playoffs too.")
    ] = False,
    start: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help="Only from this game date on.")
    ] = None,
    end: Annotated[
        str | None, typer.Option("--to", metavar="DATE", help="Only up to this game date.")
    ] = None,
    feature_groups: Annotated[
        bool, typer.Option("--feature-groups", help="What each group of features buys; slow.")
    ] = False,
    quiet: Quiet = False,
) -> None:
    """Score the forecasts of a season as they could have been made.

    A walk-forward: each month (October with November) is forecast by models that learnt from what
    was known before its first day. Scored are the player-games of the regular season (and with
    --playoffs of those behind it) whose player played, all systems on the same ones. What is done
    is kept: stopped or killed, the same command goes on behind it. Reports:
    reports.evaluation_scores and others, docs/forecasting.md.

    A figure that no honest forecast can reach ends the command with 1: it is a leak.
    """
    from flows import clock as clocks
    from flows import modelling, players, render_evaluation
    from flows.evaluate import evaluate as score
    from flows.evaluate import evaluate_feature_groups
    from flows.evaluation_rows import Asked
    from flows.world import providers

    wanted = players.split_names(markets) or list(modelling.MARKETS)
    if unknown := set(wanted) - set(modelling.MARKETS):
        raise ArgumentError(
            f"--markets {', '.join(sorted(unknown))} is none of {', '.join(modelling.MARKETS)}"
        )
    information = information or ("TIP" if ceiling else "BASE")
    if information not in INFORMATION_SETS:
        raise ArgumentError(
            f"--information {information!r} is none of {', '.join(INFORMATION_SETS)}"
        )
    if ceiling and information != "TIP":
        raise ArgumentError(f"--ceiling is of TIP alone: leave --information {information} out")
    if start and end:
        clocks.parse_range(start, end)
    asked = Asked(
        season=season,
        markets=tuple(one for one in modelling.MARKETS if one in wanted),
        information_set=information,
        is_ceiling=ceiling,
        with_playoffs=playoffs,
        start=clocks.parse_date(start, "--from") if start else None,
        end=clocks.parse_date(end, "--to") if end else None,
    )
    reporter = new_reporter(quiet=True)
    with providers(settings_of(ctx.obj)) as (settings, clock):
        if feature_groups:
            done = evaluate_feature_groups(settings, asked, reporter=reporter, clock=clock)
            out().print(render_evaluation.feature_groups(settings, done.evaluation_id))
            return
        leak: LeakSuspected | None = None
        try:
            key = score(settings, asked, reporter=reporter, clock=clock).evaluation_id
        except LeakSuspected as error:
            leak, key = error, error.evaluation_id
        out().print(render_evaluation.scores(settings, key))
    if leak is not None:
        raise leak
