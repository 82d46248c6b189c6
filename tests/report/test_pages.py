"""What the pages carry is what the SQL says, on a night of any size."""

from __future__ import annotations

import json
import re
import time
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import pytest
import yaml
from made_up_night import publish

from flows.report.contents import HEALTH, PUBLISHED
from flows.report.pages import PAGES, write_report
from loaders.settings import PROJECT_ROOT, Settings

DATA = re.compile(r'<script type="application/json" id="data">(.*?)</script>', re.DOTALL)
MOST_BYTES = 3_000_000
MOST_SECONDS = 15


def carried(page: Path) -> dict:
    return json.loads(DATA.search(page.read_text(encoding="utf-8")).group(1))["tables"]


def unpacked(table: dict) -> list[dict]:
    columns = {}
    for name, packed in table["columns"].items():
        if "k" in packed:
            columns[name] = [packed["k"]] * table["n"]
        elif "d" in packed:
            columns[name] = [None if i < 0 else packed["d"][i] for i in packed["i"]]
        elif "c" in packed:
            columns[name] = [i for i, n in enumerate(packed["c"], start=1) for _ in range(n)]
        else:
            columns[name] = packed["v"]
    assert {len(values) for values in columns.values()} <= {table["n"]}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = Settings(home=tmp_path_factory.mktemp("home"))
    publish(settings)
    write_report(settings)
    return settings


def asked(settings: Settings, sql: str) -> list[dict]:
    with duckdb.connect(str(settings.published_path), read_only=True) as connection:
        connection.execute("set TimeZone = 'UTC'")
        return connection.execute(sql).to_arrow_table().to_pylist()


def as_json(value: object) -> object:
    """A value of SQL as the page writes it."""
    if isinstance(value, bool):
        return int(value)
    if hasattr(value, "astimezone"):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    return value.isoformat() if hasattr(value, "isoformat") else value


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.file)
def test_every_figure_of_a_page_equals_its_sql(night: Settings, page) -> None:
    tables = carried(night.report_dir / page.file)
    assert set(tables) == set(page.tables)
    for name, table in tables.items():
        shown = unpacked(table)
        expected = asked(night, {**PUBLISHED, **HEALTH}[name])
        assert len(shown) == len(expected) > 0, name
        for row, truth in zip(shown, expected, strict=True):
            assert row == pytest.approx({key: as_json(truth[key]) for key in row}), name


class _Texts(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.pairs: dict[str, str] = {}
        self.last: list[str] = []
        self.tag = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tag = tag

    def handle_data(self, data: str) -> None:
        if self.tag == "dt" and data.strip():
            self.last.append(data.strip())
        if self.tag == "dd" and data.strip():
            self.pairs.setdefault(self.last[-1], data.strip())


def test_the_made_up_night_is_of_the_declared_columns(night: Settings) -> None:
    declared = {
        model["name"]: {column["name"] for column in model["columns"]}
        for file in (PROJECT_ROOT / "models" / "reports").glob("*/_*__models.yml")
        for model in yaml.safe_load(file.read_text())["models"]
    }
    rows = asked(
        night,
        "select table_name, list(column_name) as names from information_schema.columns"
        " where table_schema = 'reports' group by table_name",
    )
    assert len(rows) == len(PUBLISHED) + len(HEALTH) + 1
    for row in rows:
        assert set(row["names"]) == declared[row["table_name"]], row["table_name"]


def test_the_counts_above_the_slate_equal_their_sql(night: Settings) -> None:
    texts = _Texts()
    texts.feed((night.report_dir / "index.html").read_text())
    [counts] = asked(night, "select * from reports.todays_counts")
    assert texts.pairs["Games"] == f"{counts['games']:,}"
    assert texts.pairs["Forecasts"] == f"{counts['forecasts']:,}"
    assert texts.pairs["Calls"] == f"{counts['calls']:,}"
    assert texts.pairs["Players forecast"] == f"{counts['players_forecast']:,}"


def test_a_page_asks_for_nothing_from_anywhere(night: Settings) -> None:
    for page in PAGES:
        text = (night.report_dir / page.file).read_text()
        assert re.findall(r"""(?:src|href|url|@import)\s*[=(]\s*["']?(?:https?:)?//""", text) == []
        linked = set(re.findall(r'href="([^"#]+)', text))
        assert linked <= {*(one.file for one in PAGES), "data:,"}


def test_a_page_leads_to_the_docs_where_there_are_any(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    publish(settings, players=3)
    write_report(settings)
    page = settings.report_dir / "index.html"
    assert 'id="docs"' not in page.read_text()
    settings.docs_page.parent.mkdir()
    settings.docs_page.touch()
    write_report(settings)
    [link] = re.findall(r'id="docs"><a href="([^"]+)"', page.read_text())
    assert (page.parent / link).resolve() == settings.docs_page.resolve()


def test_a_name_cannot_end_the_script_that_it_stands_in(night: Settings) -> None:
    page = night.report_dir / "index.html"
    names = [row["player_name"] for row in unpacked(carried(page)["players"])]
    assert "Un </script> Resolved" in names


def test_a_thousand_players_and_a_season_are_written_fast_and_small(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    publish(settings, players=1000, games=15, markets=8)
    started = time.process_time()
    write_report(settings)
    assert time.process_time() - started < MOST_SECONDS
    sizes = {p.name: p.stat().st_size for p in settings.report_dir.iterdir()}
    assert set(sizes) == {page.file for page in PAGES}
    assert {name: size for name, size in sizes.items() if size > MOST_BYTES} == {}
    assert carried(settings.report_dir / "index.html")["cards"]["n"] == 8000
