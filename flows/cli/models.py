"""Commands about trained models: models list, promote, pin, rollback."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.app import app, out, settings_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flows.promotion import Decision

models_app = typer.Typer(
    help="""List the trained models, and say which one forecasts.

    A market is forecast by the model that was promoted last; where none was, by the one that was
    trained last. A model is promoted only where it is not worse than the one it replaces by more
    than the standard error, on the same rows.""",
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
Market = Annotated[str, typer.Option(help="points, rebounds, assists or threes.")]
Set = Annotated[
    str | None, typer.Option("--information-set", metavar="SET", help="BASE, TIP or LINE.")
]
Because = Annotated[str, typer.Option("--because", metavar="REASON", help="Why; is kept.")]


@models_app.command("list")
def list_models(ctx: typer.Context) -> None:
    """List the models of each market, the one that forecasts first."""
    from flows import promotion, render_models

    out().print(render_models.models(promotion.listed(settings_of(ctx.obj))))


@models_app.command()
def promote(
    ctx: typer.Context,
    version: Annotated[str, typer.Argument(metavar="VERSION", help="As `models list` shows it.")],
    because: Because = "",
) -> None:
    """Let a model forecast its market from now on, where the rule allows it."""
    from flows import promotion, warehouse
    from flows.clock import utc_now

    settings = settings_of(ctx.obj)
    with warehouse.writing(settings):
        _say([promotion.promote(settings, version, reason=because, clock=utc_now)])


@models_app.command()
def pin(
    ctx: typer.Context, market: Market, information_set: Set = None, because: Because = ""
) -> None:
    """Keep the model that forecasts a market now, whatever is trained later."""
    from flows import promotion, warehouse
    from flows.clock import utc_now

    settings = settings_of(ctx.obj)
    what = {"market": market, "information_set": information_set, "reason": because}
    with warehouse.writing(settings):
        _say(promotion.pin(settings, **what, clock=utc_now))


@models_app.command()
def rollback(
    ctx: typer.Context, market: Market, information_set: Set = None, because: Because = ""
) -> None:
    """Let the model forecast again that did before the last promotion."""
    from flows import promotion, warehouse
    from flows.clock import utc_now

    settings = settings_of(ctx.obj)
    what = {"market": market, "information_set": information_set, "reason": because}
    with warehouse.writing(settings):
        _say(promotion.roll_back(settings, **what, clock=utc_now))


def _say(decisions: Sequence[Decision]) -> None:
    for one in decisions:
        out().print(
            f"{one.market} ({one.information_set}) is forecast by {one.model_version} from "
            f"the next run on; until now by {one.previous_version or 'none'}",
            soft_wrap=True,
        )


app.add_typer(models_app, name="models")
