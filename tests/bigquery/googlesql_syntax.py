"""The parser's and the analyzer's trees, and the edits that make a query fit for the evaluator."""

from collections.abc import Callable, Iterator, Sequence

from google.protobuf.message import Message
from zetasql.wasi._pb2.zetasql.resolved_ast.resolved_ast_enums_pb2 import ResolvedJoinScanEnums

Edit = tuple[int, int, bytes]
Parse = Callable[[bytes], Message]


def concrete(node: Message) -> Message:
    """The node inside its wrappers: an Any… message holds exactly one of several kinds."""
    while node.DESCRIPTOR.name.startswith("Any") and node.WhichOneof("node"):
        node = getattr(node, node.WhichOneof("node"))
    return node


def kind(node: Message) -> str:
    """A node's name without prefix and suffix: `QueryStmt`, `InExpression`."""
    return node.DESCRIPTOR.name.removeprefix("AST").removeprefix("Resolved").removesuffix("Proto")


def inherited(node: Message, name: str) -> object | None:
    """A field of the node or of one of its parents (base classes); None where none has it."""
    while name not in node.DESCRIPTOR.fields_by_name:
        if "parent" not in node.DESCRIPTOR.fields_by_name:
            return None
        node = node.parent
    return getattr(node, name)


def walk(node: Message) -> Iterator[Message]:
    """The node and everything below it."""
    yield node
    for field, value in node.ListFields():
        if field.message_type is not None:
            for child in value if field.is_repeated else (value,):
                yield from walk(child)


def span(node: Message) -> tuple[int, int]:
    """First byte of a parsed node, and the byte after its last."""
    found = inherited(concrete(node), "parse_location_range")
    return found.start, found.end


def text_of(sql: bytes, node: Message) -> str:
    """The text that a parsed node was read from."""
    start, end = span(node)
    return sql[start:end].decode()


def named_paths(statement: Message) -> list[tuple[str, ...]]:
    """What an ALTER alters and what a CREATE … LIKE is like, as paths."""
    named = [inherited(statement, name) for name in ("path", "like_table_name")]
    return [tuple(part.id_string for part in path.names) for path in named if path is not None]


def edited(sql: bytes, edits: Sequence[Edit]) -> bytes:
    """The text with the given stretches replaced; they must not overlap."""
    for start, end, new in sorted(edits, reverse=True):
        sql = sql[:start] + new + sql[end:]
    return sql


def with_sources(sql: bytes, parsed: Message, sources: dict[tuple[str, ...], str]) -> bytes:
    """Each table path as one identifier.

    sources: path as written -> identifier. An unaliased table keeps its own name as the alias.
    """
    edits = []
    for node in walk(parsed):
        if kind(node) != "TablePathExpression" or not node.HasField("path_expr"):
            continue
        path = tuple(part.id_string for part in node.path_expr.names)
        if path in sources:
            alias = "" if node.HasField("alias") else f" as `{path[-1].rsplit('.')[-1]}`"
            edits.append((*span(node.path_expr), f"`{sources[path]}`{alias}".encode()))
    return edited(sql, edits)


def used_columns(resolved: Message) -> dict[str, set[int]] | None:
    """Full name of each table that a query scans -> places of the columns that it needs.

    A column that only passes through `select *` is not needed. Set operations match columns by
    place, so they need all. None for a recursive query, where that is not followed.
    """
    scans, references, entries, needed = [], [], {}, set()
    for node in _walk_outside_column_lists(resolved):
        match kind(node):
            case "Column":
                needed.add(node.column_id)
            case "SubqueryExpr":
                needed.update(_column_ids(concrete(node.subquery)))
            case "TableScan":
                scans.append(node)
            case "WithRefScan":
                references.append(node)
            case "WithEntry":
                entries[node.with_query_name] = _column_ids(concrete(node.with_subquery))
            case "RecursiveScan":
                return None
    grows = True
    while grows:
        before = len(needed)
        for reference in references:
            given = zip(_column_ids(reference), entries[reference.with_query_name], strict=True)
            needed.update(source for column, source in given if column in needed)
        grows = len(needed) > before
    used: dict[str, set[int]] = {}
    for scan in scans:
        places = zip(_column_ids(scan), scan.column_index_list, strict=True)
        found = used.setdefault(scan.table.full_name, set())
        found.update(place for column, place in places if column in needed)
    return used


def has_unbounded_outer_join(resolved: Message) -> bool:
    """Whether an outer join lacks an equality of its two sides, which BigQuery's engine needs."""
    for node in walk(resolved):
        if kind(node) == "JoinScan" and node.join_type != ResolvedJoinScanEnums.INNER:
            left = set(_column_ids(concrete(node.left_scan)))
            right = set(_column_ids(concrete(node.right_scan)))
            if not any(
                one
                and other
                and ((one <= left and other <= right) or (one <= right and other <= left))
                for one, other in _equalities(node.join_expr)
            ):
                return True
    return False


def names_columns_of_a_star(parsed: Message) -> bool:
    """Whether there is a `* except` or `* replace`, whose columns must be there, needed or not."""
    return any(kind(node).endswith("StarWithModifiers") for node in walk(parsed))


def with_joined_memberships(sql: bytes, parse: Parse) -> bytes:
    """`where x in (select …)` as a join with the distinct values.

    The evaluator runs an IN subquery once a row, a join once. Only conditions that a row must
    fulfil are taken, so an unknown (null) answer drops the row in both forms. The subquery must
    not look at the rows outside it.
    """
    number = 0
    while (found := _first_with_memberships(parse(sql))) is not None:
        select, memberships = found
        edits: list[Edit] = []
        keys, joins = [], []
        for membership in memberships:
            number += 1
            keys.append(f"membership_key_{number}")
            subquery, lhs = text_of(sql, membership.query), text_of(sql, membership.lhs)
            # A first part without rows gives the values a name, whatever the subquery calls them.
            named = f"select null as {keys[-1]} from unnest([1]) where false"
            values = f"select distinct {keys[-1]} from ({named} union all ({subquery}))"
            joins.append(f" inner join ({values}) as membership_{number} on ({lhs}) = {keys[-1]} ")
            edits.append((*span(membership), b"true"))
        where, _ = span(select.where_clause)
        edits.append((where, where, "".join(joins).encode()))
        for column in select.select_list.columns:
            if kind(concrete(column.expression)) == "Star":
                _, end = span(column.expression)
                edits.append((end, end, f" except ({', '.join(keys)})".encode()))
        sql = edited(sql, edits)
    return sql


def _first_with_memberships(parsed: Message) -> tuple[Message, list[Message]] | None:
    """The first SELECT with `x in (select …)` among the conditions that all its rows fulfil."""
    for node in walk(parsed):
        if kind(node) != "Select" or not (node.HasField("where_clause") and _can_join(node)):
            continue
        memberships = [
            condition
            for condition in _conjuncts(node.where_clause.expression)
            if kind(condition) == "InExpression"
            and condition.HasField("query")
            and not condition.is_not
        ]
        if memberships:
            return node, memberships
    return None


def _can_join(select: Message) -> bool:
    """A further table would show in `* except`, which can be excepted from no second time."""
    columns = [kind(concrete(column.expression)) for column in select.select_list.columns]
    return select.HasField("from_clause") and "StarWithModifiers" not in columns


def _equalities(expression: Message) -> Iterator[tuple[set[int], set[int]]]:
    """The columns on either side of each `=` that must hold."""
    found = concrete(expression)
    function = inherited(found, "function")
    if function is None:
        return
    arguments = inherited(found, "argument_list")
    if function.name == "ZetaSQL:$and":
        for argument in arguments:
            yield from _equalities(argument)
    elif function.name == "ZetaSQL:$equal":
        one, other = (
            {column.column.column_id for column in walk(argument) if kind(column) == "ColumnRef"}
            for argument in arguments
        )
        yield one, other


def _column_ids(scan: Message) -> list[int]:
    return [column.column_id for column in inherited(scan, "column_list")]


def _walk_outside_column_lists(node: Message) -> Iterator[Message]:
    """As `walk`, without the columns that a scan merely hands on."""
    yield node
    handed_on = "column_list" if kind(node) == "Scan" else None
    for field, value in node.ListFields():
        if field.message_type is not None and field.name != handed_on:
            for child in value if field.is_repeated else (value,):
                yield from _walk_outside_column_lists(child)


def _conjuncts(expression: Message) -> Iterator[Message]:
    found = concrete(expression)
    if kind(found) != "AndExpr":
        yield found
        return
    for part in found.conjuncts:
        yield from _conjuncts(part)
