"""Arrow tables to and from the evaluator's protobuf messages (TableContent, ValueProto)."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from zetasql.wasi._pb2.zetasql.local_service import local_service_pb2 as service
from zetasql.wasi._pb2.zetasql.public import type_pb2
from zetasql.wasi._pb2.zetasql.public.value_pb2 import ValueProto

INSTANT = pa.timestamp("us", tz="UTC")
TYPE_NAMES: dict[pa.DataType, str] = {
    pa.string(): "STRING",
    pa.int64(): "INT64",
    pa.float64(): "FLOAT64",
    pa.bool_(): "BOOL",
    pa.date32(): "DATE",
    INSTANT: "TIMESTAMP",
}

# Wire format: a field is its key, then a length where the payload has no fixed width. Numbers are
# varints, padded to a fixed width here so that whole columns can be laid out at once.
_ROW_KEY = _CELL_KEY = _NESTED_KEY = b"\x0a"
_NULL_CELL = _CELL_KEY + b"\x00"
_INT_BYTES = 10
_LENGTH_BYTES = 5


def type_name(arrow_type: pa.DataType) -> str:
    """BigQuery's name of an Arrow type. Raises TypeError for a type that no model has."""
    if arrow_type not in TYPE_NAMES:
        known = ", ".join(str(known) for known in TYPE_NAMES)
        raise TypeError(f"{arrow_type} is none of the types that can be filled in: {known}")
    return TYPE_NAMES[arrow_type]


def encoded_columns(rows: pa.Table) -> dict[str, pa.BinaryArray]:
    """Each column as cells of the message TableData. Raises TypeError as `type_name` does."""
    return {name: _cells(_one_array(rows[name])) for name in rows.column_names}


def content_entry(table: str, columns: list[pa.BinaryArray]) -> bytes:
    """An entry of EvaluateQueryRequest.table_content, to append to the serialized request."""
    lines = _with_length(_ROW_KEY, pc.binary_join_element_wise(*columns, b""))
    data = b""
    if len(lines):
        ends = np.frombuffer(lines.buffers()[1], np.int32)
        data = lines.buffers()[2].slice(0, int(ends[len(lines)])).to_pybytes()
    content = _message(_NESTED_KEY, data)
    entry = _message(b"\x0a", table.encode()) + _message(b"\x12", content)
    return _message(
        bytes([service.EvaluateQueryRequest.TABLE_CONTENT_FIELD_NUMBER << 3 | 2]), entry
    )


def decoded_rows(
    rows: list[service.TableData.Row], names: list[str], types: list[type_pb2.TypeProto]
) -> pa.Table:
    """The rows of an answer as Arrow. Raises TypeError for a type that has no Arrow form here."""
    columns = []
    for place, kind in enumerate(types):
        read, stored, final = _reader(kind)
        values = [read(row.cell[place]) for row in rows]
        columns.append(pa.array(values, type=stored).cast(final))
    return pa.table(columns, names=names) if columns else pa.table({})


def _message(key: bytes, payload: bytes) -> bytes:
    length = _varints(np.array([len(payload)]), _LENGTH_BYTES).tobytes()
    return key + length + payload


def _one_array(column: pa.ChunkedArray) -> pa.Array:
    found = column.combine_chunks()
    return found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found


def _cells(column: pa.Array) -> pa.BinaryArray:
    """A column as Row.cell fields, one a row."""
    write = _WRITERS[type_name(column.type)]
    cells = write(column)
    return pc.if_else(column.is_valid(), cells, _NULL_CELL) if column.null_count else cells


def _int_cells(key: bytes, column: pa.Array) -> pa.BinaryArray:
    values = _varints(column.fill_null(0).to_numpy(zero_copy_only=False), _INT_BYTES)
    return _fixed_cells(len(column), key, values)


def _float_cells(column: pa.Array) -> pa.BinaryArray:
    values = np.ascontiguousarray(column.fill_null(0.0).to_numpy())
    return _fixed_cells(len(column), b"\x39", values.view(np.uint8).reshape(-1, 8))


def _bool_cells(column: pa.Array) -> pa.BinaryArray:
    values = column.fill_null(False).to_numpy(zero_copy_only=False).astype(np.uint8)
    return _fixed_cells(len(column), b"\x28", values.reshape(-1, 1))


def _date_cells(column: pa.Array) -> pa.BinaryArray:
    return _int_cells(b"\x50", column.cast(pa.int32()).cast(pa.int64()))


def _instant_cells(column: pa.Array) -> pa.BinaryArray:
    micros = column.cast(pa.int64()).fill_null(0).to_numpy(zero_copy_only=False)
    seconds, rest = np.divmod(micros, 1_000_000)
    size = bytes([2 + _INT_BYTES + _LENGTH_BYTES])
    return _fixed_cells(
        len(column),
        b"\x82\x01" + size + b"\x08",
        _varints(seconds, _INT_BYTES),
        b"\x10",
        _varints(rest * 1000, _LENGTH_BYTES),
    )


def _text_cells(column: pa.Array) -> pa.BinaryArray:
    values = _with_length(b"\x42", column.fill_null("").cast(pa.binary()))
    return _with_length(_CELL_KEY, values)


_WRITERS: dict[str, Callable[[pa.Array], pa.BinaryArray]] = {
    "STRING": _text_cells,
    "INT64": lambda column: _int_cells(b"\x10", column),
    "FLOAT64": _float_cells,
    "BOOL": _bool_cells,
    "DATE": _date_cells,
    "TIMESTAMP": _instant_cells,
}


def _varints(values: np.ndarray, width: int) -> np.ndarray:
    """Unsigned (or two's complement) varints padded to `width` bytes: (n) -> (n, width)."""
    shifts = np.arange(width, dtype=np.uint64) * np.uint64(7)
    groups = (values.astype(np.int64).astype(np.uint64)[:, None] >> shifts).astype(np.uint8)
    groups &= 0x7F
    groups[:, :-1] |= 0x80
    return groups


def _fixed_cells(count: int, *parts: bytes | np.ndarray) -> pa.BinaryArray:
    width = sum(len(part) if isinstance(part, bytes) else part.shape[1] for part in parts)
    return _side_by_side(count, _CELL_KEY + bytes([width]), *parts)


def _with_length(key: bytes, payload: pa.BinaryArray) -> pa.BinaryArray:
    lengths = pc.binary_length(payload).to_numpy(zero_copy_only=False)
    head = _side_by_side(len(payload), key, _varints(lengths, _LENGTH_BYTES))
    return pc.binary_join_element_wise(head, payload, b"")


def _side_by_side(count: int, *parts: bytes | np.ndarray) -> pa.BinaryArray:
    """One value a row: the parts one after the other; bytes are the same in every row."""
    blocks = [
        np.broadcast_to(np.frombuffer(part, np.uint8), (count, len(part)))
        if isinstance(part, bytes)
        else part
        for part in parts
    ]
    # Row after row in memory: concatenate keeps its parts' order, which can be by column.
    matrix = np.ascontiguousarray(np.concatenate(blocks, axis=1))
    fixed = pa.FixedSizeBinaryArray.from_buffers(
        pa.binary(matrix.shape[1]), count, [None, pa.py_buffer(matrix)]
    )
    return fixed.cast(pa.binary())


# A reader of one cell, the Arrow type of what it reads, and the type that the column ends with.
Reader = tuple[Callable[[ValueProto], Any], pa.DataType, pa.DataType]


def _reader(kind: type_pb2.TypeProto) -> Reader:
    if kind.type_kind == type_pb2.TYPE_ARRAY:
        read, stored, final = _reader(kind.array_type.element_type)
        return _list_reader(read), pa.list_(stored), pa.list_(final)
    if kind.type_kind == type_pb2.TYPE_STRUCT:
        names = [field.field_name or f"_{n}" for n, field in enumerate(kind.struct_type.field)]
        readers = [_reader(field.field_type) for field in kind.struct_type.field]
        stored = pa.struct([(n, r[1]) for n, r in zip(names, readers, strict=True)])
        final = pa.struct([(n, r[2]) for n, r in zip(names, readers, strict=True)])
        return _struct_reader(names, [read for read, _, _ in readers]), stored, final
    if kind.type_kind not in _SCALARS:
        name = type_pb2.TypeKind.Name(kind.type_kind).removeprefix("TYPE_")
        raise TypeError(
            f"a result of type {name} cannot be turned into Arrow; cast it in the query"
        )
    field, convert, stored, final = _SCALARS[kind.type_kind]
    return _scalar_reader(field, convert), stored, final


def _scalar_reader(field: str, convert: Callable[[Any], Any] | None) -> Callable:
    if convert is None:
        return lambda cell: getattr(cell, field) if cell.HasField(field) else None
    return lambda cell: convert(getattr(cell, field)) if cell.HasField(field) else None


def _list_reader(read: Callable) -> Callable:
    return lambda cell: (
        [read(element) for element in cell.array_value.element]
        if cell.HasField("array_value")
        else None
    )


def _struct_reader(names: list[str], readers: list[Callable]) -> Callable:
    def read(cell: ValueProto) -> dict[str, Any] | None:
        if not cell.HasField("struct_value"):
            return None
        fields = zip(names, readers, cell.struct_value.field, strict=True)
        return {name: reader(value) for name, reader, value in fields}

    return read


def _datetime_micros(packed: ValueProto.Datetime) -> int:
    bits = packed.bit_field_datetime_seconds
    day = np.datetime64(f"{bits >> 26:04}-{bits >> 22 & 15:02}-{bits >> 17 & 31:02}", "us")
    seconds = (bits >> 12 & 31) * 3600 + (bits >> 6 & 63) * 60 + (bits & 63)
    return int(day.astype(np.int64)) + seconds * 1_000_000 + packed.nanos // 1000


def _decimal(raw: bytes) -> Decimal:
    return Decimal(int.from_bytes(raw, "little", signed=True)).scaleb(-9)


_SCALARS: dict[int, tuple[str, Callable | None, pa.DataType, pa.DataType]] = {
    type_pb2.TYPE_STRING: ("string_value", None, pa.string(), pa.string()),
    type_pb2.TYPE_BYTES: ("bytes_value", None, pa.binary(), pa.binary()),
    type_pb2.TYPE_INT64: ("int64_value", None, pa.int64(), pa.int64()),
    type_pb2.TYPE_DOUBLE: ("double_value", None, pa.float64(), pa.float64()),
    type_pb2.TYPE_BOOL: ("bool_value", None, pa.bool_(), pa.bool_()),
    type_pb2.TYPE_DATE: ("date_value", None, pa.int32(), pa.date32()),
    type_pb2.TYPE_TIMESTAMP: (
        "timestamp_value",
        lambda value: value.seconds * 1_000_000 + value.nanos // 1000,
        pa.int64(),
        INSTANT,
    ),
    type_pb2.TYPE_DATETIME: (
        "datetime_value",
        _datetime_micros,
        pa.int64(),
        pa.timestamp("us"),
    ),
    type_pb2.TYPE_NUMERIC: (
        "numeric_value",
        _decimal,
        pa.decimal128(38, 9),
        pa.decimal128(38, 9),
    ),
    type_pb2.TYPE_JSON: ("json_value", None, pa.string(), pa.string()),
}
