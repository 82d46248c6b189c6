"""The command that writes what other programs read: files."""

from __future__ import annotations

import typer

from flows.cli.app import app, new_reporter, out, settings_of


@app.command()
def files(ctx: typer.Context) -> None:
    """Write the published reports as JSON and Parquet files.

    Every run does it behind its publish; this does it again. The whole set is switched at once, by
    a link: docs/files.md.
    """
    from flows.published_files import write

    reporter = new_reporter(quiet=True)
    with reporter.step("write files"):
        written = write(settings_of(ctx.obj))
    reporter.say(f"{written.files} files, {written.rows:,} rows, of run {written.run_id}")
    out().print(str(written.place), soft_wrap=True)
