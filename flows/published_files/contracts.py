"""What the files promise: a JSON Schema each, made of the contracts of the reports they come from.

`make schemas` writes them anew; a test holds them against the reports. A column that is gone, or
of another type, is another version of the files.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

VERSION = 1
SCHEMAS = Path(__file__).parent / "schemas" / f"v{VERSION}"
SUFFIX = ".schema.json"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
INSTANT = "date-time"

# dbt's names of types, as either engine has them.
TYPES: dict[str, dict[str, str]] = {
    "string": {"type": "string"},
    "int64": {"type": "integer"},
    "bool": {"type": "boolean"},
    "double": {"type": "number"},
    "float64": {"type": "number"},
    "date": {"type": "string", "format": "date"},
    "timestamptz": {"type": "string", "format": INSTANT},
    "timestamp": {"type": "string", "format": INSTANT},
}
NEVER_NULL = ("is_key", "not_null")
"""Data tests of a column that is never null."""

PUBLICATION = {
    "run_id": ("string", "Run that was published."),
    "as_of": ("timestamptz", "Instant that the run speaks from (UTC)."),
    "run_mode": ("string", "live or replay."),
    "published_at": ("timestamptz", "When it was published (UTC)."),
}


@dataclass(frozen=True)
class File:
    """A table of the files: the report it comes from, and the order of its rows.

    is_recent: whether it holds the last days only (`defaults.FILE_DAYS`).
    """

    name: str
    report: str
    order_by: str
    is_recent: bool = False

    @property
    def columns(self) -> dict[str, dict[str, Any]]:
        """The promised columns, and what a JSON Schema says of each."""
        return schema(self.name)["properties"]["rows"]["items"]["properties"]


FILES = (
    File("slate", "todays_slate", "tipoff_at, player_name, market, slate_row_id"),
    File("predictions", "todays_predictions", "tipoff_at, player_name, market, forecast_id"),
    File("results", "recent_results", "game_date desc, player_name, market, forecast_id", True),
    File("performance", "track_record", "run_mode, system, market, information_set"),
    File("status", "todays_status", "game_date"),
)
PLAYER = "player"


@cache
def schema(name: str) -> dict[str, Any]:
    """The JSON Schema of a file, as it is shipped."""
    return json.loads((SCHEMAS / f"{name}{SUFFIX}").read_text(encoding="utf-8"))


def schemas(manifest: Manifest) -> dict[str, dict[str, Any]]:
    """The JSON Schema of every file, as the reports' contracts have it."""
    models = {node.name: node for node in manifest.nodes.values() if node.resource_type == "model"}
    rows = {file.name: _rows(manifest, models[file.report]) for file in FILES}
    made = {
        file.name: _document(file.name, models[file.report].description, {"rows": rows[file.name]})
        for file in FILES
    }
    about = "One player of tonight's slate: his rows of it, his distributions, his last results."
    made[PLAYER] = _document(
        PLAYER,
        about,
        {
            "player_id": {"type": "string", "description": "Player; the name of the file."},
            "player_name": {"type": ["string", "null"], "description": "Player's name."},
            "slate": rows["slate"],
            "distributions": {"type": "array", "items": _distribution()},
            "results": rows["results"],
        },
    )
    return made


def _document(name: str, about: str, parts: dict[str, Any]) -> dict[str, Any]:
    publication = {key: _column(kind, text, False) for key, (kind, text) in PUBLICATION.items()}
    properties = {
        "version": {"const": VERSION, "description": "Version of the files."},
        "publication": {
            "description": "What all files of one set have in common.",
            **_object(publication),
        },
        **parts,
    }
    return {"$schema": DIALECT, "title": name, "description": _line(about), **_object(properties)}


def _rows(manifest: Manifest, model: Any) -> dict[str, Any]:
    never_null = set(_never_null(manifest, model))
    columns = {
        column.name: _column(column.data_type, column.description, column.name not in never_null)
        for column in model.columns.values()
    }
    return {"type": "array", "items": _object(columns)}


def _distribution() -> dict[str, Any]:
    chances = {
        "type": "array",
        "items": {"type": "number"},
        "description": "Probability of 0 or fewer, 1 or fewer, 2 or fewer, and so on.",
    }
    return _object(
        {
            "forecast_id": _column("string", "Forecast, as in the slate.", False),
            "market": _column("string", "Market.", False),
            "cumulative_probabilities": chances,
        }
    )


def _never_null(manifest: Manifest, model: Any) -> Iterator[str]:
    for node in manifest.nodes.values():
        test = getattr(node, "test_metadata", None)
        is_its = getattr(node, "attached_node", None) == model.unique_id
        if test is not None and is_its and test.name in NEVER_NULL:
            yield test.kwargs["column_name"]


def _column(kind: str, text: str, is_nullable: bool) -> dict[str, Any]:
    found: dict[str, Any] = dict(TYPES[kind])
    if is_nullable:
        found["type"] = [found["type"], "null"]
    return {**found, "description": _line(text)}


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(properties),
        "properties": properties,
    }


def _line(text: str) -> str:
    return " ".join(text.split())


def main() -> None:
    """Write the shipped schemas anew."""
    from tempfile import TemporaryDirectory

    from flows.dbt_runner import DbtRunner
    from loaders.settings import Settings

    with TemporaryDirectory() as home:
        made = schemas(DbtRunner(Settings(home=Path(home))).parse())
    SCHEMAS.mkdir(parents=True, exist_ok=True)
    for name, document in made.items():
        text = json.dumps(document, indent=2, ensure_ascii=False)
        (SCHEMAS / f"{name}{SUFFIX}").write_text(f"{text}\n", encoding="utf-8")
