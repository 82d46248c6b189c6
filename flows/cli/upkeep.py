"""Commands around the warehouse itself: backup, restore, prune."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.app import app, new_reporter, out, settings_of

if TYPE_CHECKING:
    from flows.prune import Pruned

MEGABYTE = 1_000_000


@app.command()
def backup(
    ctx: typer.Context,
    folder: Annotated[
        Path | None, typer.Argument(metavar="[FOLDER]", help="A new folder; default in the home.")
    ] = None,
) -> None:
    """Copy the warehouse, its published copy, models and state.

    Waits while a run writes, and lets none begin until the copy is made. The folder appears
    when all of it is there; manifest.json in it says what it holds.
    """
    from flows.backup import back_up
    from flows.clock import utc_now

    reporter = new_reporter(quiet=True)
    with reporter.step("back up"):
        made, manifest = back_up(settings_of(ctx.obj), folder, now=utc_now())
    run = manifest.latest_run
    what = f"latest run {run['run_id']} ({run['status']})" if run else "no run yet"
    reporter.say(f"{len(manifest.files)} files, {manifest.size / MEGABYTE:,.1f} MB, {what}")
    out().print(str(made), soft_wrap=True)


@app.command()
def restore(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="The backup.")],
    force: Annotated[
        bool, typer.Option("--force", help="Even where a warehouse is; it is kept aside.")
    ] = False,
) -> None:
    """Put a backup in place of the warehouse.

    Every file is first compared with the manifest. Nothing is deleted: what stood there is moved
    to a folder that is named at the end.
    """
    from flows.backup import restore as put_back
    from flows.clock import utc_now

    reporter = new_reporter(quiet=True)
    with reporter.step("restore"):
        done = put_back(settings_of(ctx.obj), folder, force=force, now=utc_now())
    out().print(f"the warehouse is as of {done.manifest.created_at}", soft_wrap=True)
    if done.aside is not None:
        out().print(f"what stood there before: {done.aside}", soft_wrap=True)


@app.command()
def prune(
    ctx: typer.Context,
    apply: Annotated[bool, typer.Option("--apply", help="Delete it.")] = False,
) -> None:
    """Show, or delete, what is past its retention.

    The settings are NBA_PROPS_KEEP_PRICES_DAYS, _KEEP_REJECTS_DAYS, _KEEP_AUDIT_DAYS,
    _KEEP_BACKUPS_DAYS, _KEEP_SNAPSHOTS_DAYS, _KEEP_PUBLISHED_SETS and _KEEP_EVALUATIONS; none is
    set by default. What tables are made of always stays.
    """
    from flows.clock import utc_now
    from flows.prune import prune as run_prune

    reporter = new_reporter(quiet=True)
    with reporter.step("prune" if apply else "look for what may go"):
        done = run_prune(settings_of(ctx.obj), apply=apply, clock=utc_now)
    _say_pruned(done)


def _say_pruned(done: Pruned) -> None:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("rule", "table", "rows", "oldest", "newest"):
        table.add_column(name, justify="right" if name == "rows" else "left", no_wrap=True)
    for one in done.findings:
        ends = ["" if end is None else str(end) for end in (one.oldest, one.newest)]
        table.add_row(f"NBA_PROPS_{one.setting.upper()}", one.place, f"{one.rows:,}", *ends)
    out().print(table)
    if done.run_id is None:
        out().print(f"nothing was deleted; --apply deletes these {done.rows:,}")
    else:
        out().print(f"deleted {done.rows:,} (run {done.run_id})")
