"""dbt in this process: parsed once, invoked often, one line a node, artifacts kept a run.

The project is parsed without vars, so that the stored parse stays valid from day to day; the vars
of a run enter at the invocation, when the SQL is compiled. Parsing with them would start from
nothing every time.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.errors import DbtBuildFailed, DbtParseFailed
from flows.progress import Reporter, SilentReporter
from loaders.engines import engine
from loaders.environment import environment

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

    from loaders.settings import Settings

FAILING = ("error", "fail", "runtime error")
SKIPPED = "skipped"
TEST = "test"
# Nothing on the terminal, where our own lines stand; the log file as usual.
QUIET = ("--log-level", "none", "--log-level-file", "info")
# Failing nodes that a message names in full; the others are counted.
NAMED_FAILURES = 5


@dataclass(frozen=True)
class NodeResult:
    """How one node ended. `compiled_path` is None for what has no SQL.

    path: the file that declares it, below the project.
    rows_affected: where the engine tells; failures: rows that a test found.
    started_at: UTC; None for what was skipped.
    """

    name: str
    unique_id: str
    resource_type: str
    status: str
    seconds: float
    message: str | None
    compiled_path: str | None
    path: str = ""
    rows_affected: int | None = None
    failures: int | None = None
    started_at: datetime | None = None


@dataclass(frozen=True)
class BuildResult:
    """How a dbt invocation ended, node by node.

    vars: what it was given; fingerprint: of the project (`DbtRunner.fingerprint`).
    """

    selector: str
    nodes: tuple[NodeResult, ...]
    artifacts: Path | None
    vars: Mapping[str, Any] = field(default_factory=dict)
    fingerprint: str | None = None

    def count(self, *statuses: str) -> int:
        """Nodes that ended with one of these statuses."""
        return sum(node.status in statuses for node in self.nodes)

    @property
    def failing(self) -> tuple[NodeResult, ...]:
        """Nodes that failed; those skipped behind them are not among them."""
        return tuple(node for node in self.nodes if node.status in FAILING)


class DbtRunner:
    """Runs dbt for one target of the settings.

    Args:
        settings: home and target; dbt finds its warehouse and writes its files through them.
        run_id: names the folder of the artifacts; without one, none are kept.
        reporter: prints the nodes.
        project_dir: the dbt project, by default this one.
        profiles_dir: where profiles.yml stands, by default in the project.
        built: is told of every build at its end, also of one that failed. It must not raise.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        run_id: str | None = None,
        reporter: Reporter | None = None,
        project_dir: Path | None = None,
        profiles_dir: Path | None = None,
        built: Callable[[BuildResult], None] | None = None,
    ) -> None:
        if project_dir is None:
            from loaders.settings import PROJECT_ROOT

            project_dir = PROJECT_ROOT
        self.settings = settings
        self.run_id = run_id
        self.reporter = reporter or SilentReporter()
        self.project_dir = project_dir
        self.profiles_dir = profiles_dir or project_dir
        self.built = built
        # A folder a warehouse, and not the one that dbt in a terminal writes: none share files.
        self.target_dir = settings.dbt_dir / "runs" / settings.world
        self._manifest: Manifest | None = None

    def parse(self) -> Manifest:
        """The project's manifest, parsed at the first call.

        Raises:
            DbtParseFailed: with dbt's own words.
        """
        if self._manifest is None:
            events = _Events(self.reporter)
            result = self._invoke(["--no-write-json", "parse"], events)
            if not result.success:
                raise DbtParseFailed(
                    f"the dbt project in {self.project_dir} does not parse: {result.exception}"
                )
            self._manifest = result.result
            # To write it takes a second, so it is written only when it is another one.
            written = self.target_dir / "manifest.json"
            if not (events.is_unchanged and written.is_file()):
                self._manifest.write(str(written))
        return self._manifest

    def fingerprint(self) -> str:
        """Changes when a model, a seed, a macro, a raw table or the project file does."""
        manifest = self.parse()
        parts = [(self.project_dir / "dbt_project.yml").read_text()]
        parts += [f"{name} {node.checksum.checksum}" for name, node in manifest.nodes.items()]
        parts += [f"{name} {macro.macro_sql}" for name, macro in manifest.macros.items()]
        parts += [f"{name} {sorted(one.columns)}" for name, one in manifest.sources.items()]
        return hashlib.sha256("\n".join(sorted(parts)).encode()).hexdigest()

    def build(
        self,
        *,
        selector: str | None = None,
        select: str | None = None,
        vars: Mapping[str, Any] | None = None,
        exclude_unit_tests: bool = True,
        full_refresh: bool = False,
    ) -> BuildResult:
        """`dbt build` of a named selector (or a selection, or all), with its tests in between.

        Raises:
            DbtParseFailed: the project does not parse.
            DbtBuildFailed: a node failed; names the first few, their messages and their compiled
                SQL.
            KeyboardInterrupt: ^C ended it.
        """
        self.parse()
        # its own copy of the manifest would take a second a build, and be the one of the parse
        arguments = ["--no-write-json", "build"]
        if selector is not None:
            arguments += ["--selector", selector]
        if select is not None:
            arguments += ["--select", select]
        if exclude_unit_tests:
            arguments += ["--exclude-resource-type", "unit_test"]
        if full_refresh:
            arguments += ["--full-refresh"]
        name = selector or select or "all"
        invoked = self._invoke([*arguments, "--vars", json.dumps(dict(vars or {}))])
        artifacts = self._keep_artifacts(name, invoked.result)
        results = getattr(invoked.result, "results", None)
        if results is None:
            raise DbtBuildFailed(f"dbt build of {name} did not run: {invoked.exception}")
        nodes = tuple(_node_result(one) for one in results)
        outcome = BuildResult(name, nodes, artifacts, dict(vars or {}), self.fingerprint())
        if self.built is not None:
            self.built(outcome)
        if not invoked.success:
            tests = [node.name for node in outcome.failing if node.resource_type == TEST]
            raise DbtBuildFailed(_failure(outcome, invoked.exception), tests)
        return outcome

    def docs(self, folder: Path, vars: Mapping[str, Any]) -> Path:
        """The static docs page, written as `index.html` into `folder`; returns its path.

        Raises:
            DbtParseFailed: the project does not parse.
            DbtBuildFailed: a model does not compile.
        """
        self.parse()
        invoked = self._invoke(["docs", "generate", "--static", "--vars", json.dumps(dict(vars))])
        if not invoked.success:
            raise DbtBuildFailed(f"dbt docs were not generated: {invoked.exception}")
        folder.mkdir(parents=True, exist_ok=True)
        return Path(shutil.copyfile(self.target_dir / "static_index.html", folder / "index.html"))

    def _invoke(self, arguments: list[str], events: _Events | None = None) -> Any:
        from dbt.cli.main import dbtRunner

        _forget_compiled(self._manifest)
        callbacks = [events or _Events(self.reporter)]
        runner = dbtRunner(manifest=self._manifest, callbacks=callbacks)
        places = [
            ("--project-dir", self.project_dir),
            ("--profiles-dir", self.profiles_dir),
            ("--target-path", self.target_dir),
            ("--log-path", self.settings.dbt_dir / "logs"),
            ("--target", self.settings.target),
        ]
        options = [str(part) for place in places for part in place]
        with _environment(self.settings):
            invoked = runner.invoke([*QUIET, *arguments, *options])
        # dbt hands it back as if it were an error of its own
        if isinstance(invoked.exception, KeyboardInterrupt):
            raise invoked.exception
        return invoked

    def _keep_artifacts(self, name: str, result: Any) -> Path | None:
        if self.run_id is None or not hasattr(result, "results"):
            return None
        folder = self.settings.runs_dir / self.run_id / name.replace("/", "_")
        folder.mkdir(parents=True, exist_ok=True)
        result.write(str(folder / "run_results.json"))
        shutil.copyfile(self.target_dir / "manifest.json", folder / "manifest.json")
        return folder


class _Events:
    """dbt's event callback: hands each finished node to the reporter.

    is_unchanged: whether a parse found every file as the stored parse has it.
    """

    def __init__(self, reporter: Reporter) -> None:
        self.reporter = reporter
        self.total = 0
        self.done = 0
        self.is_unchanged = False

    def __call__(self, event: Any) -> None:
        if event.info.name == "ConcurrencyLine":
            self.total = event.data.node_count
        elif event.info.name == "PartialParsingEnabled":
            found = event.data
            self.is_unchanged = found.deleted == found.added == found.changed == 0
        elif event.info.name == "NodeFinished":
            node = event.data.node_info
            # It is inlined where it is read, and dbt does not count it either.
            if node.materialized == "ephemeral":
                return
            self.done += 1
            seconds = event.data.run_result.execution_time
            self.reporter.node(node.node_name, node.node_status, seconds, self.done, self.total)


@contextmanager
def _environment(settings: Settings) -> Iterator[None]:
    """dbt_project.yml and profiles.yml read these; nothing else of the settings reaches dbt.

    What dbt keeps open is closed at the end, before anything else of ours reads the warehouse.
    """
    warehouse = engine(settings)
    wanted = {
        "NBA_PROPS_HOME": str(settings.home),
        "NBA_PROPS_TARGET": settings.target,
        **warehouse.dbt_environment(),
    }
    folder = Path.cwd()
    with environment(wanted), warehouse.running_dbt():
        try:
            yield
        finally:
            os.chdir(folder)


def _forget_compiled(manifest: Manifest | None) -> None:
    """Take away what an earlier build compiled into the nodes.

    dbt would not inline ephemeral models anew, and would report old SQL for skipped nodes. Its own
    copy of a manifest cannot be used: in dbt-core 1.11 it loses the look-ups of refs.
    """
    for node in [] if manifest is None else manifest.nodes.values():
        if getattr(node, "compiled", False):
            node.compiled = False
            node.compiled_code = None
            node.compiled_path = None
            node.extra_ctes = []
            node.extra_ctes_injected = False


def _node_result(result: Any) -> NodeResult:
    node = result.node
    begun = [one.started_at for one in result.timing if one.name == "execute" and one.started_at]
    return NodeResult(
        name=node.name,
        unique_id=node.unique_id,
        resource_type=str(node.resource_type),
        status=str(result.status),
        seconds=result.execution_time,
        message=result.message,
        compiled_path=getattr(node, "compiled_path", None),
        path=node.original_file_path,
        rows_affected=result.adapter_response.get("rows_affected"),
        failures=result.failures,
        started_at=begun[0].replace(tzinfo=UTC) if begun else None,
    )


def _failure(outcome: BuildResult, exception: BaseException | None) -> str:
    failing = outcome.failing
    if not failing:
        return f"dbt build of {outcome.selector} failed: {exception}"
    lines = [
        f"dbt build of {outcome.selector}: {len(failing)} failed, "
        f"{outcome.count(SKIPPED)} skipped behind them, of {len(outcome.nodes)} nodes"
    ]
    for node in failing[:NAMED_FAILURES]:
        message = " ".join((node.message or node.status).split())
        where = f" (compiled: {node.compiled_path})" if node.compiled_path else ""
        lines.append(f"  {node.resource_type} {node.name}: {message}{where}")
    if len(failing) > NAMED_FAILURES:
        lines.append(f"  and {len(failing) - NAMED_FAILURES} more")
    if outcome.artifacts is not None:
        lines.append(f"  all results: {outcome.artifacts / 'run_results.json'}")
    return "\n".join(lines)
