"""What a warehouse was last built from, so that tables of older code are built anew in full.

An incremental table keeps rows that earlier code made, and a new column of it is empty in all of
them. So once the SQL that an incremental table rests on is another than the one it was built with,
or the table has other columns than its model declares, it is built from nothing; raw tables, which
alone cannot be made again, are never touched by that.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from flows import warehouse
from loaders.engines import engine

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

    from flows.dbt_runner import DbtRunner
    from loaders.settings import Settings

Half = Literal["features", "forecasts"]
"""The first build makes the tables up to the features, the second those that rest on forecasts."""

HALVES: dict[str, Half] = {
    "features": "features",
    "features_of_new_loads": "features",
    "news": "features",
    "slate": "features",
    "forecasts": "forecasts",
    "forecasts_of_slate": "forecasts",
}
"""Which tables the selectors of the two builds make."""

FORECASTS = "forecasts"
"""The dbt source of what the models wrote back."""
# A gate hands nothing on but its verdict: another threshold makes no row another one.
GATE = "gate_"


class Built:
    """What stands in the file of a warehouse, beside what the project says now.

    Args:
        settings: home and target.
        dbt: the project, which is parsed at the first question.
    """

    def __init__(self, settings: Settings, dbt: DbtRunner) -> None:
        self.settings = settings
        self.dbt = dbt
        self.path = settings.dbt_dir / "built" / settings.world

    def is_same_project(self) -> bool:
        """Whether the whole project is the one whose features were built last, to the end."""
        return self._stored().get("project") == self.dbt.fingerprint()

    def features_selector(self) -> str:
        """As much of the first build as can have changed since the last one."""
        is_known = warehouse.relation_exists(self.settings, "audit.loads_pending")
        if not is_known or not self.is_same_project() or self.is_outdated("features"):
            return "features"
        pending = warehouse.query(
            self.settings,
            """
            select count(*) as tables, count(case when is_news then 1 end) as news
            from audit.loads_pending
            """,
        ).to_pylist()[0]
        if not pending["tables"]:
            return "slate"
        return "news" if pending["news"] == pending["tables"] else "features_of_new_loads"

    def forecasts_selector(self) -> str:
        """As much of the second build as a refresh of the slate changes."""
        same = self._stored().get("predictions") == self.dbt.fingerprint()
        return "forecasts_of_slate" if same and not self.is_outdated("forecasts") else "forecasts"

    def is_outdated(self, half: Half) -> bool:
        """Whether the incremental tables of a build have to be built from nothing."""
        return self._stored().get(half) != self._code(half) or bool(self.differing(half))

    def differing(self, half: Half) -> list[str]:
        """The stored incremental tables (`schema.name`) with other columns than declared."""
        declared = {
            f"{node.config.schema}.{node.alias}": {name.lower() for name in node.columns}
            for node in self._incremental(half)
            if node.columns
        }
        stored = engine(self.settings).columns(declared)
        return sorted(name for name, columns in stored.items() if columns != declared[name])

    def forget(self, half: Half) -> None:
        """Before a build from nothing: killed, it leaves tables of which nothing is known."""
        self._write({name: text for name, text in self._stored().items() if name != half})

    def remember(self, half: Half) -> None:
        """The build went well to its end."""
        known = self._stored() | {half: self._code(half)}
        known["project" if half == "features" else "predictions"] = self.dbt.fingerprint()
        self._write(known)

    def _stored(self) -> dict[str, str]:
        if not self.path.is_file():
            return {}
        try:
            found = json.loads(self.path.read_text(encoding="utf-8"))
        except ValueError:
            # of a version that kept one fingerprint, or cut off by a kill: nothing is known
            return {}
        return found if isinstance(found, dict) else {}

    def _write(self, known: dict[str, str]) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(json.dumps(known), encoding="utf-8")

    @cached_property
    def _manifest(self) -> Manifest:
        return self.dbt.parse()

    def _incremental(self, half: Half) -> list[Any]:
        nodes = self._manifest.nodes.values()
        found = [n for n in nodes if getattr(n.config, "materialized", None) == "incremental"]
        return [node for node in found if self._rests_on_forecasts(node) == (half == FORECASTS)]

    def _rests_on_forecasts(self, node: Any) -> bool:
        return any(_is_forecasts(name) for name in self._upstream([node]))

    def _code(self, half: Half) -> str:
        """Changes when something does that makes rows of these tables."""
        parts = [(self.dbt.project_dir / "dbt_project.yml").read_text(encoding="utf-8")]
        for name in self._upstream(self._incremental(half)):
            node = self._manifest.nodes.get(name)
            if node is not None:
                types = sorted((c.name, c.data_type or "") for c in node.columns.values())
                parts.append(f"{name} {node.checksum.checksum} {node.config.materialized} {types}")
        parts += [
            f"{name} {macro.macro_sql}"
            for name, macro in self._manifest.macros.items()
            if macro.package_name == self._manifest.metadata.project_name
            and not macro.name.startswith("test_")
        ]
        return hashlib.sha256("\n".join(sorted(parts)).encode()).hexdigest()

    def _upstream(self, nodes: list[Any]) -> Iterator[str]:
        """Ids of these models and of all models, seeds and sources that they are made of."""
        waiting = [node.unique_id for node in nodes]
        seen: set[str] = set()
        while waiting:
            name = waiting.pop()
            if name in seen or name.rpartition(".")[2].startswith(GATE):
                continue
            seen.add(name)
            yield name
            node = self._manifest.nodes.get(name)
            waiting += node.depends_on_nodes if node is not None else []


def _is_forecasts(name: str) -> bool:
    kind, _, source, *_ = name.split(".")
    return kind == "source" and source == FORECASTS
