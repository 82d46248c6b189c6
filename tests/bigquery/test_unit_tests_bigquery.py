"""dbt's unit tests as dbt-bigquery sends them, judged and run by Google's evaluator."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from compared import UNIT_TESTS, note
from here import TOKEN
from judging_dbt import Judge, judging
from strict import compiled, relation

from flows.dbt_runner import DbtRunner
from loaders.settings import Settings

AS_OF = datetime(2026, 1, 15, 22, 0, tzinfo=UTC)


@dataclass
class UnitTests:
    """The unit tests of a parsed project, and who judges them."""

    dbt: DbtRunner
    judge: Judge

    def run(self, *select: str) -> dict[str, tuple[str, str]]:
        """Status and message of each, by unique id."""
        variables = json.dumps({"as_of": AS_OF.isoformat()})
        with judging(self.judge):
            done = self.dbt._invoke(["test", "--select", *select, "--vars", variables])
        if done.exception:
            raise done.exception
        return {one.node.unique_id: (str(one.status), one.message or "") for one in done.result}


@pytest.fixture(scope="module")
def unit_tests(tmp_path_factory: pytest.TempPathFactory) -> UnitTests:
    settings = Settings(
        target="bigquery",
        home=tmp_path_factory.mktemp("unit_tests"),
        bigquery_project="unit-tests",
        bigquery_method="oauth-secrets",
        bigquery_token=TOKEN,
        bigquery_threads=1,
    )
    dbt = DbtRunner(settings)
    manifest = dbt.parse()
    tables = {name: relation(node.to_dict()) for name, node in manifest.nodes.items()}
    tested = {one.name: tables[one.depends_on.nodes[0]] for one in manifest.unit_tests.values()}
    judge = Judge(tested)
    with judging(judge):
        judge.learn(compiled(dbt, AS_OF, "--select", "resource_type:model"))
    return UnitTests(dbt, judge)


def test_every_unit_test_of_the_models_holds(unit_tests: UnitTests) -> None:
    found = unit_tests.run("test_type:unit")

    assert {name: said for name, said in found.items() if said[0] != "pass"} == {}
    assert set(found) == set(unit_tests.dbt.parse().unit_tests)
    assert unit_tests.judge.refused == []
    # the select of each was run, and every one has a name of its own
    assert len(unit_tests.judge.rows) == len(unit_tests.judge.tested) == len(found) > 100
    # actual and expected rows
    assert all(rows % 2 == 0 for rows in unit_tests.judge.rows)
    assert sum(unit_tests.judge.rows) > 800
    note(UNIT_TESTS, Counter(name.split(".")[2] for name in found))


# run last: it changes the manifest
def test_a_wrong_expectation_is_found_and_duckdbs_sql_refused(unit_tests: UnitTests) -> None:
    manifest = unit_tests.dbt.parse()
    by_name = {one.name: one for one in manifest.unit_tests.values()}
    teaches = by_name["only_settled_countable_games_played_teach"].expect.rows
    outcomes = by_name["a_last_line_is_a_row_a_market"].expect.rows
    grades = by_name["spread_and_slope_of_a_form"].expect.rows
    slate = manifest.nodes["model.nba_props.upcoming_slate"]
    teaches[0]["actual_points"] = None
    outcomes[0]["over_probability"] += 2e-9
    grades.pop()
    slate.raw_code = f"select * from (\n{slate.raw_code}\n) as slate where '10' = career_games"

    found = unit_tests.run(
        "only_settled_countable_games_played_teach",
        "a_last_line_is_a_row_a_market",
        "spread_and_slope_of_a_form",
        "the_slate_is_what_has_not_begun_today",
    )

    said = {name.rsplit(".", 1)[1]: status for name, (status, _) in found.items()}
    assert said == {
        "only_settled_countable_games_played_teach": "fail",
        "a_last_line_is_a_row_a_market": "fail",
        "spread_and_slope_of_a_form": "fail",
        "the_slate_is_what_has_not_begun_today": "error",
    }
    assert ["STRING, INT64" in refused for refused in unit_tests.judge.refused] == [True]
