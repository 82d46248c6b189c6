"""What runs when: in code, in prefect.yaml, and over the nights when clocks change."""

from __future__ import annotations

import asyncio
import os
from datetime import UTC, date, datetime
from typing import Any

import pytest
import yaml

from flows.clock import EASTERN
from flows.defaults import COMPLETENESS_TIERS
from flows.slots import slate_date
from loaders.settings import PROJECT_ROOT, Settings


@pytest.fixture(scope="module")
def in_code(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """The deployments as they would be served."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        if "PREFECT_HOME" not in os.environ:
            patch.setenv("PREFECT_HOME", str(home / "prefect"))
        from flows.deployments import deployments

        return [_said(one) for one in deployments(Settings(home=home))]


def test_every_flow_has_an_end(in_code: list[dict[str, Any]]) -> None:
    from flows import scheduled

    ends = {one["flow"]: getattr(scheduled, one["flow"]).timeout_seconds for one in in_code}
    assert ends.pop("backfill") is None
    assert all(0 < seconds <= 6 * 3600 for seconds in ends.values())
    # a morning may wait as long as it takes to know what is missing
    assert ends["morning"] > COMPLETENESS_TIERS[-1][0].total_seconds()


def _said(one: Any) -> dict[str, Any]:
    limit = one.concurrency_options
    return {
        "name": one.name,
        "flow": one.entrypoint.rpartition(".")[2],
        "description": one.description,
        "tags": one.tags,
        "parameters": one.parameters,
        "schedules": [(made.schedule.cron, made.schedule.timezone) for made in one.schedules or []],
        "limit": (one.concurrency_limit, limit and limit.collision_strategy.value),
        "triggers": [
            (
                told.name,
                sorted(told.expect),
                dict(told.match.root),
                told.posture.value,
                told.threshold,
                told.parameters,
            )
            for told in one.triggers
        ],
    }


def _written(one: dict[str, Any]) -> dict[str, Any]:
    limit = one.get("concurrency_limit", {})
    return {
        "name": one["name"],
        "flow": one["entrypoint"].rpartition(":")[2],
        "description": one["description"],
        "tags": one["tags"],
        "parameters": one["parameters"],
        "schedules": [(made["cron"], made["timezone"]) for made in one.get("schedules", [])],
        "limit": (limit.get("limit"), limit.get("collision_strategy")),
        "triggers": [
            (
                told["name"],
                sorted(told["expect"]),
                told["match"],
                told["posture"],
                told["threshold"],
                told["parameters"],
            )
            for told in one.get("triggers", [])
        ],
    }


def test_prefect_yaml_says_the_same(in_code: list[dict[str, Any]]) -> None:
    written = yaml.safe_load((PROJECT_ROOT / "prefect.yaml").read_text())["deployments"]
    assert [_written(one) for one in written] == in_code
    assert {one["entrypoint"].partition(":")[0] for one in written} == {"flows/scheduled.py"}
    assert {one["work_pool"]["name"] for one in written} == {"nba-props"}


def test_two_deployments_never_share_flow_and_name(in_code: list[dict[str, Any]]) -> None:
    named = [(one["flow"], one["name"]) for one in in_code]
    assert len(set(named)) == len(named)


def test_the_docs_name_every_slot(in_code: list[dict[str, Any]]) -> None:
    page = (PROJECT_ROOT / "docs" / "scheduling.md").read_text()
    for one in in_code:
        assert f"`{one['flow']}" in page
        for cron, _ in one["schedules"]:
            assert f"`{cron}`" in page


def _slots(cron: str, start: datetime, days: int) -> list[datetime]:
    from prefect.server.schemas.schedules import CronSchedule

    schedule = CronSchedule(cron=cron, timezone="America/New_York")
    found = asyncio.run(schedule.get_dates(n=400, start=start))
    end = start.timestamp() + days * 86400
    return [slot.astimezone(UTC) for slot in found if slot.timestamp() < end]


@pytest.mark.parametrize(
    ("night", "hours"),
    [
        # there is no 02:00 that night
        (date(2026, 3, 7), ["22:00", "23:30", "01:00", "04:00"]),
        (date(2026, 10, 31), ["22:00", "23:30", "01:00", "02:00", "04:00"]),
        (date(2026, 1, 16), ["22:00", "23:30", "01:00", "02:00", "04:00"]),
    ],
)
def test_every_grading_slot_of_a_night_is_about_its_evening(
    in_code: list[dict[str, Any]], night: date, hours: list[str]
) -> None:
    start = datetime(night.year, night.month, night.day, 21, 30, tzinfo=EASTERN)
    crons = [cron for one in in_code if one["flow"] == "grading" for cron, _ in one["schedules"]]
    slots = sorted(slot for cron in crons for slot in _slots(cron, start, days=1))
    of_the_night = [slot for slot in slots if slate_date(slot) == night]
    assert [f"{slot.astimezone(EASTERN):%H:%M}" for slot in of_the_night] == hours


@pytest.mark.parametrize("changed", [date(2026, 3, 8), date(2026, 11, 1)])
def test_the_morning_is_at_seven_on_every_day(in_code: list[dict[str, Any]], changed: date) -> None:
    cron = next(one["schedules"][0][0] for one in in_code if one["flow"] == "morning")
    start = datetime(changed.year, changed.month, changed.day, tzinfo=EASTERN)
    slots = _slots(cron, start, days=2)
    assert [slot.astimezone(EASTERN).hour for slot in slots] == [7, 7]
    assert [slate_date(slot).day for slot in slots] == [changed.day, changed.day + 1]
