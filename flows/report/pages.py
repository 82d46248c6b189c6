"""Writes the pages: templates, styles and scripts of this folder around what was read."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2
import pyarrow as pa

from flows.report import contents as reading
from flows.report.encode import tables_as_json
from flows.report.states import banners, day, instant, time

if TYPE_CHECKING:
    from flows.report.contents import Contents
    from loaders.settings import Settings

HERE = Path(__file__).parent
ALL = None
CARD_OF_A_GAME = (
    "card_number player_id player_name team_abbreviation game_id market market_label "
    "line predicted_value recommendation"
)
NOT_SHOWN = {"cards": {"forecast_id", "game_date", "run_mode", "as_of", "confidence"}}
JOINED_BY_CARD = {"forecast_id", "player_id", "market"}


@dataclass(frozen=True)
class Page:
    """A page: its file, name, scripts, and the tables it carries (columns by name; None: all)."""

    file: str
    name: str
    scripts: tuple[str, ...]
    tables: dict[str, str | None]


PAGES = (
    Page(
        "index.html",
        "Tonight",
        ("plots", "cards", "index"),
        {
            "cards": ALL,
            "plots": "card_number first_outcome shape",
            "prices": "card_number bookmaker line over_price_american under_price_american "
            "is_at_our_line known_at",
            "drivers": "card_number feature_text value contribution",
            "absences": "player_name team_abbreviation status usual_minutes usual_points known_at",
            "players": "player_name team_abbreviation has_prop_line reason reason_text",
        },
    ),
    Page(
        "players.html",
        "Players",
        ("plots", "cards", "players"),
        {
            "cards": ALL,
            "plots": "card_number first_outcome shape",
            "prices": "card_number bookmaker line over_price_american under_price_american "
            "is_at_our_line known_at",
            "drivers": "card_number feature_text value contribution",
            "history": "player_id recency game_date opponent_abbreviation is_home minutes points "
            "rebounds assists threes points_rebounds_assists points_rebounds points_assists "
            "rebounds_assists points_line rebounds_line assists_line threes_line "
            "points_rebounds_assists_line points_rebounds_line points_assists_line "
            "rebounds_assists_line",
            "absences": "player_id status",
            "players": "coverage_id player_id player_name team_abbreviation tipoff_at reason "
            "reason_text",
        },
    ),
    Page(
        "games.html",
        "Games",
        ("games",),
        {
            "games": ALL,
            "cards": CARD_OF_A_GAME,
            "absences": "game_id player_name team_abbreviation status",
            "players": "game_id player_name team_abbreviation reason reason_text",
        },
    ),
    Page("record.html", "Record", ("plots", "record"), {"slices": ALL, "tenths": ALL}),
    Page(
        "health.html",
        "Health",
        ("plots", "health"),
        {"gates": ALL, "failures": ALL, "sources": ALL, "latency": ALL},
    ),
)


def write_report(settings: Settings) -> Path:
    """Write every page to `settings.report_dir`, each in one step; returns the first one.

    Raises:
        WarehouseError: what is to be shown cannot be read.
    """
    contents = reading.read(settings)
    is_sandbox = settings.world == "sandbox"
    docs = _docs(settings)
    made = {page.file: render(page, contents, is_sandbox=is_sandbox, docs=docs) for page in PAGES}
    settings.report_dir.mkdir(parents=True, exist_ok=True)
    for file, text in made.items():
        unfinished = settings.report_dir / f".{file}.unfinished"
        unfinished.write_text(text, encoding="utf-8")
        unfinished.replace(settings.report_dir / file)
    return settings.report_dir / PAGES[0].file


def render(page: Page, contents: Contents, *, is_sandbox: bool, docs: str | None) -> str:
    """One page as text: everything that it needs is in it; `docs` is linked where it is given."""
    templates = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    tables = {name: _shown(name, contents[name], columns) for name, columns in page.tables.items()}
    counts, header = contents.counts, contents.header
    return templates.get_template(page.file).render(
        title=page.name if counts is None else f"{page.name}, {day(counts['slate_date'])}",
        page=page.file,
        pages=[(one.file, one.name) for one in PAGES],
        banners=banners(contents),
        counts=counts,
        heading="Tonight" if counts is None else day(counts["slate_date"]),
        lede=_lede(page, contents),
        figures=_health(header) if page.file == "health.html" else _tonight(counts, header),
        has_cards=contents["cards"].num_rows > 0,
        has_players=contents["players"].num_rows > 0,
        has_games=contents["games"].num_rows > 0,
        has_record=contents["slices"].num_rows > 0,
        as_of="the time of the run" if counts is None else instant(counts["as_of"]),
        is_sandbox=is_sandbox,
        provenance=_provenance(contents),
        docs=docs,
        css=_joined("css", ("base", "slate")),
        js=_joined("js", ("core", *page.scripts)),
        data=tables_as_json(
            tables, published_system=None if counts is None else counts["published_system"]
        ),
    )


def _shown(name: str, table: pa.Table, columns: str | None) -> pa.Table:
    if not table.num_columns:
        return table
    if columns is not None:
        return table.select(columns.split())
    return table.drop_columns([n for n in table.column_names if n in NOT_SHOWN.get(name, ())])


def _joined(suffix: str, names: tuple[str, ...]) -> str:
    files = [HERE / "static" / f"{name}.{suffix}" for name in names]
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


def _lede(page: Page, contents: Contents) -> str:
    counts, header = contents.counts, contents.header
    if page.file == "health.html":
        if header is None:
            return "No run has been made yet."
        return f"The latest run: {header['command']} {header['run_id']}, {header['status']}."
    if counts is None:
        return "There is nothing to show yet."
    if page.file == "index.html":
        return f"Forecasts of NBA player props beside the books' lines, as of {_as_of(counts)}."
    return f"{day(counts['slate_date'])}, as of {_as_of(counts)}."


def _as_of(counts: dict[str, Any]) -> str:
    return instant(counts["forecast_as_of"] or counts["as_of"])


def _tonight(
    counts: dict[str, Any] | None, header: dict[str, Any] | None
) -> list[tuple[str, str, str]]:
    """Name, value and note of tonight's counts."""
    if counts is None:
        return []
    seen = counts["line_known_at"]
    found = [
        ("Games", f"{counts['games']:,}", f"{counts['games_to_come']:,} to come"),
        ("Players forecast", f"{counts['players_forecast']:,}", f"of {counts['players']:,}"),
        (
            "Forecasts",
            f"{counts['forecasts']:,}",
            f"{counts['forecasts_with_a_line']:,} with a line",
        ),
        ("Calls", f"{counts['calls']:,}", f"newest line {time(seen)}" if seen else "no line"),
    ]
    if header is not None:
        found.append(("Gates", f"{header['gate_checks_passed']:,} passed", _gates(header)))
    return found


def _gates(header: dict[str, Any]) -> str:
    names = {"warned": "warned", "waived": "waived", "blocking": "held back"}
    told = [f"{header[f'gate_checks_{key}']:,} {name}" for key, name in names.items()]
    return ", ".join(one for one in told if not one.startswith("0 ")) or "none held back"


def _health(header: dict[str, Any] | None) -> list[tuple[str, str, str]]:
    if header is None:
        return []
    last = header["last_completed_at"]
    seconds = header["seconds"]
    return [
        ("Latest run", header["status"], f"{header['command']}, {header['run_mode']}"),
        ("Took", "–" if seconds is None else f"{seconds:,.0f} s", "start to end"),
        ("Gate values", f"{header['gate_checks_passed']:,} passed", _gates(header)),
        ("Last went well", "never" if last is None else instant(last), ""),
    ]


def _docs(settings: Settings) -> str | None:
    """The way from a page to the docs; None where nobody has generated them."""
    page = settings.docs_page
    if not page.exists():
        return None
    return Path(os.path.relpath(page, settings.report_dir)).as_posix()


def _provenance(contents: Contents) -> str:
    publication = contents.publication
    if publication is None:
        return "Nothing is published."
    return (
        f"Published by the {publication['run_mode']} run {publication['run_id']} at "
        f"{instant(publication['published_at'])}, as of {instant(publication['as_of'])}. "
        "Every figure stands in the published copy: nba-props sql. "
        "Not affiliated with the league or any gambling operator."
    )
