"""Every link of the documents leads somewhere: files, headings, nodes of the dbt docs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from flows.dbt_runner import DbtRunner
from loaders.settings import PROJECT_ROOT, Settings

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

OVERVIEW = PROJECT_ROOT / "models" / "_overview.md"
DOCUMENTS = [
    PROJECT_ROOT / "README.md",
    *sorted((PROJECT_ROOT / "docs").glob("*.md")),
    *sorted((PROJECT_ROOT / "loaders").rglob("README.md")),
]
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ +(.+?) *$", re.MULTILINE)
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
ELSEWHERE = ("https://", "http://", "mailto:")
# A document that code or SQL sends its reader to.
NAMED = re.compile(r"(?<![\w/.-])(docs/[\w-]+\.md|(?:loaders|flows)/[\w/]+/README\.md)(#[\w-]+)?")
NAMING = ("flows", "loaders", "models", "macros", "seeds", "tests")


def text_of(path: Path) -> str:
    """What a document shows, without its blocks of code."""
    return FENCE.sub("", path.read_text(encoding="utf-8"))


def links(path: Path) -> list[str]:
    return [link for link in LINK.findall(text_of(path)) if not link.startswith(ELSEWHERE)]


def anchor(heading: str) -> str:
    """The name that a heading gets on a page: lower case, words with dashes between them."""
    shown = LINK.sub(lambda link: link.group(0)[1:].split("]")[0], heading)
    return re.sub(r"[^\w\- ]", "", shown.lower()).replace(" ", "-")


def anchors(path: Path) -> set[str]:
    return {anchor(heading) for heading in HEADING.findall(text_of(path))}


def broken(path: Path) -> Iterator[str]:
    """The links of a document that lead nowhere."""
    for link in links(path):
        file, _, part = link.partition("#")
        target = (path.parent / file).resolve() if file else path
        if not target.exists() or (part and part not in anchors(target)):
            yield link


def test_the_rules_look_at_something() -> None:
    assert len(DOCUMENTS) > 15
    assert sum(len(links(path)) for path in DOCUMENTS) > 30
    assert anchor("What was `measured`, and [why](why.md)?") == "what-was-measured-and-why"


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(PROJECT_ROOT)))
def test_every_link_of_a_document_leads_somewhere(path: Path) -> None:
    assert list(broken(path)) == []


def test_a_link_that_leads_nowhere_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# Here\n[a](page.md#here) [b](#there) [c](gone.md) [d](https://e.f)\n")
    assert list(broken(page)) == ["#there", "gone.md"]


def test_the_documents_are_found_from_the_readme() -> None:
    """Whoever begins at the README reaches every page."""
    found, ahead = set(), [PROJECT_ROOT / "README.md"]
    while ahead:
        page = ahead.pop()
        if page not in found and page.suffix == ".md" and page.exists():
            found.add(page)
            ahead += [(page.parent / link.partition("#")[0]).resolve() for link in links(page)]
    assert {path.name for path in (PROJECT_ROOT / "docs").glob("*.md")} - {
        path.name for path in found if path.parent.name == "docs"
    } == set()


def test_documents_that_code_names_are_there() -> None:
    missing = []
    for folder in NAMING:
        for path in (PROJECT_ROOT / folder).rglob("*"):
            if path.suffix not in (".py", ".sql", ".yml", ".md", ".csv") or path == Path(__file__):
                continue
            for file, part in NAMED.findall(path.read_text(encoding="utf-8")):
                target = PROJECT_ROOT / file
                if not target.exists() or (part and part[1:] not in anchors(target)):
                    missing.append(f"{path.relative_to(PROJECT_ROOT)}: {file}{part}")
    assert missing == []


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> Manifest:
    """The dbt project, parsed without a warehouse."""
    return DbtRunner(Settings(home=tmp_path_factory.mktemp("home"))).parse()


def test_every_link_of_the_docs_site_leads_to_a_node(manifest: Manifest) -> None:
    known = {*manifest.nodes, *manifest.sources, *manifest.exposures}
    texts = {"overview": OVERVIEW.read_text(encoding="utf-8")}
    texts |= {name: node.description for name, node in manifest.nodes.items()}
    found = [
        (name, link)
        for name, text in texts.items()
        for link in LINK.findall(text)
        if not link.startswith(ELSEWHERE)
    ]
    assert len(found) > 5
    assert [
        (name, link)
        for name, link in found
        if not link.startswith("#!/") or link.rpartition("/")[2] not in known
    ] == []


def test_the_docs_lead_to_the_report(manifest: Manifest, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    link = manifest.exposures["exposure.nba_props.report"].url
    assert (settings.docs_page.parent / link).resolve() == settings.report_dir / "index.html"


FORECASTING = "exposure.nba_props.forecasting"
ORDER = (
    "staging",
    "intermediate",
    "marts/core",
    "marts/team_summaries",
    "marts/player_summaries",
    "marts/context",
    "marts/features",
    "marts/predictions",
    "marts/grading",
    "reports",
)


def layer(manifest: Manifest, name: str) -> str:
    """Of a model, the folder that is its layer; of anything else, its kind."""
    node = manifest.nodes.get(name)
    if node is None or node.resource_type != "model":
        return name.partition(".")[0]
    folders = Path(node.original_file_path).parts[1:]
    return "/".join(folders[:2]) if folders[0] == "marts" else folders[0]


def behind(manifest: Manifest, names: set[str]) -> set[str]:
    """All that is made of these. What the models are asked comes back as the source forecasts."""
    found, ahead = set(), list(names)
    written_back = [name for name in manifest.sources if ".forecasts." in name]
    while ahead:
        name = ahead.pop()
        children = written_back if name == FORECASTING else manifest.child_map.get(name, [])
        for child in children:
            if child not in found:
                found.add(child)
                ahead.append(child)
    return found


@pytest.mark.parametrize("exposure", ["report", "published_files", "daily_flow", "published_copy"])
def test_the_way_from_a_source_leads_through_every_phase_in_its_order(
    manifest: Manifest, exposure: str
) -> None:
    manifest.build_parent_and_child_maps()
    reached = {name for name in manifest.sources if ".balldontlie." in name}
    assert reached
    for phase in ORDER:
        reached = {n for n in behind(manifest, reached) if layer(manifest, n) == phase}
        assert reached, f"nothing of {phase} is made of the phase before"
    assert f"exposure.nba_props.{exposure}" in behind(manifest, reached)


def test_the_overview_draws_the_phases_in_their_order() -> None:
    picture = OVERVIEW.read_text(encoding="utf-8").split("```")[1]
    drawn = [
        line.split()[0]
        for line in picture.splitlines()
        if line.startswith(" ") and line[1:2].isalpha()
    ]
    names = [phase.rpartition("/")[2] for phase in ORDER]
    assert [name for name in drawn if name in names] == names
