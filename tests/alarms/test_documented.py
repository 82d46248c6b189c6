"""docs/alarms.md says of every rule what the seed says."""

from __future__ import annotations

import csv

from loaders.settings import PROJECT_ROOT


def test_the_page_lists_every_rule_as_the_seed_has_it() -> None:
    page = (PROJECT_ROOT / "docs" / "alarms.md").read_text(encoding="utf-8")
    cells = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in page.partition("## Rules")[2].partition("\n## ")[0].splitlines()
        if line.startswith("| `")
    ]
    listed = {row[0].strip("`"): (row[1], row[2], row[3]) for row in cells}
    with (PROJECT_ROOT / "seeds" / "alarm_rules.csv").open(encoding="utf-8") as file:
        rules = {row["rule"]: row for row in csv.DictReader(file)}
    assert list(listed) == list(rules)
    for name, (severity, speaks, remedy) in listed.items():
        rule = rules[name]
        assert (severity, remedy) == (rule["severity"], rule["remedy"])
        assert speaks.startswith(rule["description"])
        assert f"`{rule['measure']}`" in speaks
        assert f" {rule['threshold']}" in speaks
        assert (f"from {rule['from_hour']}:00" in speaks) == bool(rule["from_hour"])
