"""What a reader must know before the figures: no games, no lines, a failed gate, a poor source."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from flows.clock import EASTERN

if TYPE_CHECKING:
    from flows.report.contents import Contents

FAILURES = {
    "no_data_available": "a source had no data",
    "upstream_failure": "a source did not answer",
    "timeout": "something took too long",
    "configuration_error": "a setting is wrong",
    "processing_error": "a step broke",
}


@dataclass(frozen=True)
class Banner:
    """One thing to know.

    Args:
        state: its name, as tests and scripts know it.
        kind: bad, warn or plain.
        title: the thing, in a sentence.
        text: what it means for what is shown; may be empty.
    """

    state: str
    kind: str
    title: str
    text: str = ""


def day(value: date) -> str:
    """A date as people write it."""
    return f"{value:%A}, {value.day} {value:%B %Y}"


def instant(value: datetime) -> str:
    """An instant in Eastern time."""
    there = value.astimezone(EASTERN)
    return f"{there.day} {there:%b %Y, %H:%M} Eastern"


def time(value: datetime) -> str:
    """An instant of tonight in Eastern time."""
    return f"{value.astimezone(EASTERN):%H:%M} Eastern"


def banners(contents: Contents) -> list[Banner]:
    """Everything to know, gravest first; empty where all is well."""
    found: list[Banner] = []
    header, counts = contents.header, contents.counts
    if header is not None:
        found += _of_run(contents, header)
    if counts is None:
        found.append(
            Banner(
                "nothing_published",
                "plain" if header is None else "warn",
                "Nothing is published yet.",
                "A daily run publishes at its end: nba-props daily, or nba-props demo to see how.",
            )
        )
    else:
        found += _of_tonight(counts)
    if contents.is_busy:
        found.append(
            Banner("busy", "plain", "A run is writing the warehouse; this is from before it.")
        )
    return found


def _of_run(contents: Contents, header: dict[str, Any]) -> list[Banner]:
    found = []
    if header["status"] != "completed":
        found.append(_failed(contents, header))
    if header["is_degraded"]:
        text = f"What was left out or let pass: {header['degraded_reason']}"
        found.append(Banner("degraded", "warn", "The latest run went without something.", text))
    return found


def _failed(contents: Contents, header: dict[str, Any]) -> Banner:
    counts = contents.counts
    shown = (
        "Nothing was published before, so there is nothing to show."
        if counts is None
        else f"What you see was published before: the slate of {day(counts['slate_date'])}, "
        f"as of {instant(counts['as_of'])}."
    )
    of = f"The run for {day(header['slate_date'])}" if header["slate_date"] else "The latest run"
    if header["gate_checks_blocking"]:
        names = contents["failures"].filter(_is_blocking(contents))["metric"].unique().to_pylist()
        measured = ", ".join(name.replace("_", " ") for name in names)
        text = f"Behind a gate that fails nothing is published. It failed: {measured}. {shown}"
        return Banner("failed_gate", "bad", f"{of} was held back by a gate.", text)
    why = FAILURES.get(header["failure_category"] or "", "something went wrong")
    title = f"{of} died." if header["status"] == "died" else f"{of} failed: {why}."
    return Banner("failed_run", "bad", title, shown)


def _is_blocking(contents: Contents) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    return pc.is_in(contents["failures"]["status"], pa.array(["error", "empty"]))


def _of_tonight(counts: dict[str, Any]) -> list[Banner]:
    found = []
    if counts["run_mode"] == "replay":
        text = "It rests only on what was known then, and is kept apart from the live record."
        title = f"A replay: {day(counts['slate_date'])} as it could have been forecast then."
        found.append(Banner("replay", "plain", title, text))
    if not counts["games"]:
        following = counts["next_game_date"]
        text = f"The next games known are on {day(following)}." if following else ""
        title = f"No games on {day(counts['slate_date'])}."
        found.append(Banner("no_games", "plain", title, text))
    elif not counts["forecasts"]:
        begun = not counts["games_to_come"]
        title = "Every game had begun." if begun else "Nobody of the slate is forecast."
        text = "" if begun else "Why not stands below, player by player."
        found.append(Banner("all_begun" if begun else "no_forecasts", "warn", title, text))
    elif not counts["forecasts_with_a_line"]:
        text = (
            "Forecasts stand without a comparison: no probability over a line, no value, no call."
        )
        title = f"No book had a line by {instant(counts['as_of'])}."
        found.append(Banner("no_lines", "warn", title, text))
    return found
