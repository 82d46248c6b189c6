from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest

from loaders.errors import ContractError
from loaders.quarantine import Split
from loaders.records import flatten, judge
from loaders.tables import Column, RawTable

NOW = datetime(2024, 1, 10, tzinfo=UTC)
TABLE = RawTable(
    name="things",
    description="Things.",
    columns=(
        Column("row_key", "text", "Hash."),
        Column("id", "bigint", "Id.", required=True),
        Column("size", "double", "Size.", source="inner.size|inner.old_size"),
        Column("flag", "bool", "Flag.", optional=True),
        Column("day", "date", "Day.", optional=True),
        Column("seen_at", "timestamp", "Seen.", optional=True),
        Column("label", "text", "Label.", optional=True),
    ),
    key=("id",),
    strategy="upsert",
    hashes={"row_key": ("id", "label")},
    rules={"size: negative": "size >= 0"},
)


def run(*records: dict) -> Split:
    return judge(flatten(records, TABLE), TABLE, captured_at=NOW)


def test_types_and_numbers_in_text() -> None:
    split = run(
        {
            "id": "7",
            "inner": {"size": "6.5"},
            "flag": True,
            "day": "2024-01-09",
            "seen_at": "2024-01-10T00:30:00.000Z",
            "label": "00",
        }
    )
    [row] = split.valid.to_pylist()
    assert (row["id"], row["size"], row["flag"], row["label"]) == (7, 6.5, True, "00")
    assert row["day"] == date(2024, 1, 9)
    assert row["seen_at"] == datetime(2024, 1, 10, 0, 30, tzinfo=UTC)
    assert split.rejects.num_rows == 0


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ({"id": 1, "inner": {"size": "abc"}}, "size: not a double: abc"),
        ({"id": 6.5, "inner": {"size": 1}}, "id: not a bigint: 6.5"),
        ({"id": None, "inner": {"size": 1}}, "id: missing"),
        ({"id": 1, "inner": {"size": -1}}, "size: negative"),
        ({"id": 1, "inner": {"size": 1}, "day": "soon"}, "day: not a date: soon"),
    ],
)
def test_a_misfit_is_kept_with_payload_and_reason(record: dict, reason: str) -> None:
    split = run(record, {"id": 2, "inner": {"size": 1}})
    [reject] = split.rejects.to_pylist()
    assert reject["reason"] == reason
    assert json.loads(reject["payload"]) == record
    assert reject["resource"] == "things"
    assert reject["captured_at"] == NOW
    assert split.valid.column("id").to_pylist() == [2]


def test_the_last_of_equal_keys_stays() -> None:
    split = run(
        {"id": 1, "inner": {"size": 1}},
        {"id": 2, "inner": {"size": 2}},
        {"id": 1, "inner": {"size": 3}},
        {"id": 2, "inner": {"size": 2}},
    )
    assert {r["id"]: r["size"] for r in split.valid.to_pylist()} == {1: 3.0, 2: 2.0}


def test_hash_tells_null_from_empty() -> None:
    split = run(
        {"id": 1, "inner": {"size": 1}, "label": ""},
        {"id": 1, "inner": {"size": 1}, "label": None},
        {"id": 3, "inner": {"size": 1}, "label": None},
    )
    assert len(set(split.valid.column("row_key").to_pylist())) == 2
    one, other = (run({"id": 1, "inner": {"size": 1}, "label": x}).valid for x in ("", None))
    assert one.column("row_key") != other.column("row_key")


def test_fields_are_compared_by_name() -> None:
    flat = flatten([{"id": 1, "inner": {"old_size": 2, "colour": "red"}}], TABLE)
    assert flat.unknown_fields == ("inner.colour",)
    assert flat.missing_fields == ()
    flat = flatten([{"id": 1}], TABLE, ignored=("inner.",))
    assert flat.missing_fields == ("inner.size|inner.old_size",)


def test_a_required_field_that_is_gone_stops_the_load() -> None:
    with pytest.raises(ContractError, match=r"things: the provider no longer sends id.*number"):
        flatten([{"number": 1, "inner": {"size": 1}}], TABLE)


def test_no_records() -> None:
    split = run()
    assert split.valid.num_rows == split.rejects.num_rows == 0
    assert split.valid.schema.equals(TABLE.arrow_schema())
