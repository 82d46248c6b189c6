"""The SQL that makes JSON documents of tables: DuckDB as a calculator, in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows.published_files.contracts import INSTANT, PUBLICATION, TYPES, VERSION

if TYPE_CHECKING:
    from flows.published_files.contracts import File

# RFC 3339, which a JSON Schema means by date-time.
RFC_3339 = "%Y-%m-%dT%H:%M:%S.%fZ"


def instants_as_text(file: File) -> str:
    """A view of a file's table `<name>_table`, named like the file, with instants as JSON has them.

    Of the columns only those that are promised.
    """
    columns = ", ".join(
        _text_of(name) if promise.get("format") == INSTANT else name
        for name, promise in file.columns.items()
    )
    return f"create view {file.name} as select {columns} from {file.name}_table"


def document(file: File) -> str:
    """The one row that is a file: version, publication, rows."""
    return f"""
        select
            {VERSION} as version,
            ({_publication()}) as publication,
            coalesce((select list(one) from {file.name} as one), []) as rows
    """


def players() -> str:
    """A row a player of the slate: his id, and the text of his file."""
    return f"""
        with slate_of as (
            select one.player_id, min(one.player_name) as player_name, list(one) as rows
            from slate as one
            where one.player_id is not null
            group by one.player_id
        ),
        results_of as (
            select one.player_id, list(one) as rows
            from results as one
            group by one.player_id
        ),
        chances as (
            select
                player_id,
                forecast_id,
                market,
                list(cumulative_probability order by value) as cumulative_probabilities
            from distributions
            group by all
        ),
        distributions_of as (
            select
                player_id,
                list(
                    {{
                        'forecast_id': forecast_id,
                        'market': market,
                        'cumulative_probabilities': cumulative_probabilities
                    }}
                    order by market, forecast_id
                ) as rows
            from chances
            group by player_id
        )
        select
            slate_of.player_id,
            to_json(
                {{
                    'version': {VERSION},
                    'publication': ({_publication()}),
                    'player_id': slate_of.player_id,
                    'player_name': slate_of.player_name,
                    'slate': slate_of.rows,
                    'distributions': coalesce(distributions_of.rows, []),
                    'results': coalesce(results_of.rows, [])
                }}
            )
        from slate_of
        left join results_of on slate_of.player_id = results_of.player_id
        left join distributions_of on slate_of.player_id = distributions_of.player_id
        order by slate_of.player_id
    """


def _publication() -> str:
    parts = ", ".join(
        f"'{name}': {_instant(name) if TYPES[kind].get('format') == INSTANT else name}"
        for name, (kind, _) in PUBLICATION.items()
    )
    return f"select {{{parts}}} from publication"


def _text_of(name: str) -> str:
    return f"{_instant(name)} as {name}"


def _instant(name: str) -> str:
    return f"strftime({name}, '{RFC_3339}')"
