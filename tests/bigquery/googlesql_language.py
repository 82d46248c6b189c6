"""BigQuery's language in the terms of GoogleSQL: features, types, and the views of a dataset."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from zetasql.wasi._pb2.zetasql.proto import options_pb2, simple_catalog_pb2
from zetasql.wasi._pb2.zetasql.public import options_pb2 as public_options
from zetasql.wasi._pb2.zetasql.public import simple_table_pb2, type_pb2
from zetasql.wasi._pb2.zetasql.resolved_ast.resolved_node_kind_pb2 import ResolvedNodeKind

# What Google's own toolkit switches on for BigQuery (BigQueryLanguageOptions), less two that let
# pass what BigQuery has not (ANONYMIZATION, TIMESTAMP_NANOS), and last what it got since.
FEATURES = """
    ALLOW_MISSING_PATH_EXPRESSION_IN_ALTER_DDL ALTER_COLUMN_SET_DATA_TYPE
    ALTER_TABLE_RENAME_COLUMN ANALYTIC_FUNCTIONS BIGNUMERIC_TYPE CBRT_FUNCTIONS
    CREATE_EXTERNAL_TABLE_WITH_CONNECTION CREATE_EXTERNAL_TABLE_WITH_PARTITION_COLUMNS
    CREATE_EXTERNAL_TABLE_WITH_TABLE_ELEMENT_LIST CREATE_MATERIALIZED_VIEW_CLUSTER_BY
    CREATE_MATERIALIZED_VIEW_PARTITION_BY CREATE_SNAPSHOT_TABLE CREATE_TABLE_AS_SELECT_COLUMN_LIST
    CREATE_TABLE_CLONE CREATE_TABLE_CLUSTER_BY CREATE_TABLE_COPY CREATE_TABLE_FIELD_ANNOTATIONS
    CREATE_TABLE_FUNCTION CREATE_TABLE_LIKE CREATE_TABLE_NOT_NULL CREATE_TABLE_PARTITION_BY
    CREATE_VIEW_WITH_COLUMN_LIST DML_UPDATE_WITH_JOIN ENCRYPTION FOREIGN_KEYS GEOGRAPHY
    GROUP_BY_ROLLUP INTERVAL_TYPE INVERSE_TRIG_FUNCTIONS JSON_ARRAY_FUNCTIONS JSON_TYPE
    JSON_VALUE_EXTRACTION_FUNCTIONS NAMED_ARGUMENTS NUMERIC_TYPE PARAMETERIZED_TYPES
    PARAMETERS_IN_GRANTEE_LIST ROUND_WITH_ROUNDING_MODE TABLESAMPLE TABLE_VALUED_FUNCTIONS
    TEMPLATE_FUNCTIONS TIME_BUCKET_FUNCTIONS UNENFORCED_PRIMARY_KEYS V_1_1_HAVING_IN_AGGREGATE
    V_1_1_LIMIT_IN_AGGREGATE V_1_1_NULL_HANDLING_MODIFIER_IN_AGGREGATE
    V_1_1_NULL_HANDLING_MODIFIER_IN_ANALYTIC V_1_1_ORDER_BY_IN_AGGREGATE
    V_1_1_SELECT_STAR_EXCEPT_REPLACE V_1_1_WITH_ON_SUBQUERY V_1_2_CIVIL_TIME
    V_1_2_SAFE_FUNCTION_CALL V_1_2_WEEK_WITH_WEEKDAY V_1_3_ADDITIONAL_STRING_FUNCTIONS
    V_1_3_ALLOW_DASHES_IN_TABLE_NAME V_1_3_ALLOW_REGEXP_EXTRACT_OPTIONALS
    V_1_3_ANNOTATION_FRAMEWORK V_1_3_CASE_STMT V_1_3_COLLATION_SUPPORT V_1_3_COLUMN_DEFAULT_VALUE
    V_1_3_CONCAT_MIXED_TYPES V_1_3_DATE_ARITHMETICS V_1_3_DATE_TIME_CONSTRUCTORS
    V_1_3_DECIMAL_ALIAS V_1_3_EXTENDED_DATE_TIME_SIGNATURES V_1_3_EXTENDED_GEOGRAPHY_PARSERS
    V_1_3_FORMAT_IN_CAST V_1_3_FOR_IN V_1_3_IS_DISTINCT V_1_3_LIKE_ANY_SOME_ALL
    V_1_3_NULLS_FIRST_LAST_IN_ORDER_BY V_1_3_OMIT_INSERT_COLUMN_LIST V_1_3_PIVOT V_1_3_QUALIFY
    V_1_3_REMOTE_FUNCTION V_1_3_REPEAT V_1_3_SCRIPT_LABEL V_1_3_UNNEST_AND_FLATTEN_ARRAYS
    V_1_3_UNPIVOT V_1_3_WITH_GROUP_ROWS V_1_3_WITH_RECURSIVE V_1_4_ARRAY_AGGREGATION_FUNCTIONS
    V_1_4_REMOTE_MODEL V_1_4_GROUPING_BUILTIN V_1_4_GROUPING_SETS V_1_4_GROUP_BY_ALL PIPES
    CREATE_VIEWS_WITH_COLUMN_OPTIONS ALTER_VIEWS_ALTER_COLUMN_SET_OPTIONS
    V_1_1_FOR_SYSTEM_TIME_AS_OF
    V_1_4_BARE_ARRAY_ACCESS
"""
STATEMENT_KINDS = """
    ADD_CONSTRAINT_ACTION ALTER_ENTITY_STMT ALTER_MATERIALIZED_VIEW_STMT ALTER_MODEL_STMT
    ALTER_SCHEMA_STMT ALTER_TABLE_STMT ALTER_TABLE_SET_OPTIONS_STMT ALTER_VIEW_STMT ASSERT_STMT
    ASSIGNMENT_STMT AUX_LOAD_DATA_STMT BEGIN_STMT CALL_STMT COMMIT_STMT CREATE_ENTITY_STMT
    CREATE_EXTERNAL_TABLE_STMT CREATE_FUNCTION_STMT CREATE_INDEX_STMT
    CREATE_MATERIALIZED_VIEW_STMT CREATE_MODEL_STMT CREATE_PROCEDURE_STMT
    CREATE_ROW_ACCESS_POLICY_STMT CREATE_SCHEMA_STMT CREATE_SNAPSHOT_TABLE_STMT
    CREATE_TABLE_AS_SELECT_STMT CREATE_TABLE_FUNCTION_STMT CREATE_TABLE_STMT CREATE_VIEW_STMT
    DELETE_STMT DROP_CONSTRAINT_ACTION DROP_FUNCTION_STMT DROP_MATERIALIZED_VIEW_STMT
    DROP_ROW_ACCESS_POLICY_STMT DROP_SNAPSHOT_TABLE_STMT DROP_STMT DROP_TABLE_FUNCTION_STMT
    EXECUTE_IMMEDIATE_STMT EXPORT_DATA_STMT EXPORT_MODEL_STMT GRANT_STMT INSERT_STMT MERGE_STMT
    QUERY_STMT REVOKE_STMT ROLLBACK_STMT TRUNCATE_STMT UPDATE_STMT
"""
INT64_ALIASES = ("int", "integer", "bigint", "smallint", "tinyint", "byteint")
# Of the system variables those that a tool may name; the others are unknown here, hence refused.
SYSTEM_VARIABLES = {
    "project_id": type_pb2.TYPE_STRING,
    "dataset_id": type_pb2.TYPE_STRING,
    "dataset_project_id": type_pb2.TYPE_STRING,
    "time_zone": type_pb2.TYPE_STRING,
    "session_id": type_pb2.TYPE_STRING,
    "query_label": type_pb2.TYPE_STRING,
    "row_count": type_pb2.TYPE_INT64,
}
# The views of a dataset that dbt and dlt read, with columns that they name: type -> names.
_TABLE = "table_catalog table_schema table_name"
DATASET_VIEWS: dict[str, dict[str, str]] = {
    "INFORMATION_SCHEMA.SCHEMATA": {
        "STRING": "catalog_name schema_name schema_owner location ddl",
        "TIMESTAMP": "creation_time last_modified_time",
    },
    "INFORMATION_SCHEMA.TABLES": {
        "STRING": f"{_TABLE} table_type is_insertable_into is_typed ddl",
        "TIMESTAMP": "creation_time",
    },
    "INFORMATION_SCHEMA.COLUMNS": {
        "STRING": f"""{_TABLE} column_name is_nullable data_type is_generated is_hidden is_updatable
            is_system_defined is_partitioning_column collation_name column_default rounding_mode""",
        "INT64": "ordinal_position clustering_ordinal_position",
    },
    "INFORMATION_SCHEMA.COLUMN_FIELD_PATHS": {
        "STRING": f"""{_TABLE} column_name field_path data_type description collation_name
            rounding_mode""",
    },
    "INFORMATION_SCHEMA.TABLE_OPTIONS": {
        "STRING": f"{_TABLE} option_name option_type option_value",
    },
    "INFORMATION_SCHEMA.MATERIALIZED_VIEWS": {
        "STRING": _TABLE,
        "TIMESTAMP": "last_refresh_time refresh_watermark",
    },
    "INFORMATION_SCHEMA.PARTITIONS": {
        "STRING": f"{_TABLE} partition_id storage_tier",
        "INT64": "total_rows total_logical_bytes total_billable_bytes",
        "TIMESTAMP": "last_modified_time",
    },
    "__TABLES__": {
        "STRING": "project_id dataset_id table_id",
        "INT64": "creation_time last_modified_time row_count size_bytes type",
    },
}


@dataclass(frozen=True)
class Column:
    """A column and the name that BigQuery's standard SQL has for its type."""

    name: str
    type: str


TypedColumns = Sequence[tuple[str, type_pb2.TypeProto]]


def table_name(path: Iterable[str]) -> str:
    """`dataset.table` of a path, however it is split and quoted; the project is dropped."""
    parts = [part for text in path for part in text.replace("`", "").split(".")]
    last = ".".join(parts[-2:])
    return last.upper() if last.upper() in DATASET_VIEWS else last


def dataset_view(path: Iterable[str]) -> tuple[Column, ...]:
    """The columns of a view that every dataset has; none where the path names no such view."""
    name = table_name(path)
    view = DATASET_VIEWS.get(name, DATASET_VIEWS.get(name.rsplit(".", 1)[-1], {}))
    return tuple(Column(name, kind) for kind, names in view.items() for name in names.split())


def type_text(kind: type_pb2.TypeProto) -> str:
    """BigQuery's name of a type."""
    if kind.type_kind == type_pb2.TYPE_ARRAY:
        return f"ARRAY<{type_text(kind.array_type.element_type)}>"
    if kind.type_kind == type_pb2.TYPE_STRUCT:
        fields = [
            f"{f.field_name} {type_text(f.field_type)}".strip() for f in kind.struct_type.field
        ]
        return f"STRUCT<{', '.join(fields)}>"
    if kind.type_kind == type_pb2.TYPE_DOUBLE:
        return "FLOAT64"
    return type_pb2.TypeKind.Name(kind.type_kind).removeprefix("TYPE_")


def language_options() -> options_pb2.LanguageOptionsProto:
    """BigQuery's dialect: its statements, its names of types, its features and no more."""
    return options_pb2.LanguageOptionsProto(
        product_mode=public_options.PRODUCT_EXTERNAL,
        reserved_keywords=["QUALIFY"],
        supported_statement_kinds=[
            ResolvedNodeKind.Value(f"RESOLVED_{name}") for name in STATEMENT_KINDS.split()
        ],
        enabled_language_features=[
            public_options.LanguageFeature.Value(f"FEATURE_{name}") for name in FEATURES.split()
        ],
    )


def analyzer_options(
    language: options_pb2.LanguageOptionsProto,
) -> options_pb2.AnalyzerOptionsProto:
    """Errors come with line, column and the line itself; parameters need no declaration."""
    options = options_pb2.AnalyzerOptionsProto(
        language_options=language,
        default_timezone="UTC",
        error_message_mode=public_options.ERROR_MESSAGE_MULTI_LINE_WITH_CARET,
        allow_undeclared_parameters=True,
    )
    for name, kind in SYSTEM_VARIABLES.items():
        options.system_variables.add(name_path=[name]).type.type_kind = kind
    return options


def empty_catalog(
    language: options_pb2.LanguageOptionsProto,
) -> simple_catalog_pb2.SimpleCatalogProto:
    """A catalog with the built-in functions and BigQuery's second names of types."""
    catalog = simple_catalog_pb2.SimpleCatalogProto(name="bigquery")
    catalog.builtin_function_options.language_options.CopyFrom(language)
    aliases = dict.fromkeys(INT64_ALIASES, type_pb2.TYPE_INT64)
    aliases |= {"decimal": type_pb2.TYPE_NUMERIC, "bigdecimal": type_pb2.TYPE_BIGNUMERIC}
    for name, kind in aliases.items():
        catalog.named_type.add(name=name).type.type_kind = kind
    return catalog


def add_table(
    catalog: simple_catalog_pb2.SimpleCatalogProto, path: Sequence[str], columns: TypedColumns
) -> None:
    """Put a table where a statement that names this path will look for it."""
    for part in path[:-1]:
        known = [inner for inner in catalog.catalog if inner.name.lower() == part.lower()]
        catalog = known[0] if known else catalog.catalog.add(name=part)
    table = catalog.table.add(name=path[-1], full_name=".".join(path))
    for name, kind in columns:
        column = simple_table_pb2.SimpleColumnProto(name=name, type=kind, is_writable_column=True)
        table.column.append(column)
