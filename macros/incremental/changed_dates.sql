{#
    The game dates of this model that no longer match its upstream: a key that is new, gone, re-dated or loaded again, or
    whose `also` is another one. loaded_at alone does not tell a row of another source where something later enters beside it.
    Compared row by row, so nothing has to be remembered outside the two tables.
#}
{% macro changed_dates(upstream, key, also=[]) %}
    {% set watched = ["game_date", "loaded_at"] + also %}
    {% set sql %}
        with upstream_rows as (
            select {{ key }} as row_key, {{ watched | join(", ") }} from {{ upstream }}
            where {{ every_game_date() }}
        ),

        stored_rows as (
            select {{ key }} as row_key, {{ watched | join(", ") }} from {{ this }}
            where {{ every_game_date() }}
        ),

        pairs as (
            select
                upstream_rows.game_date as new_date,
                stored_rows.game_date as old_date
            from upstream_rows
            full outer join stored_rows
                on upstream_rows.row_key = stored_rows.row_key
            where
                upstream_rows.row_key is null
                or stored_rows.row_key is null
                {% for column in watched -%}
                    or upstream_rows.{{ column }} is distinct from stored_rows.{{ column }}
                {% endfor %}
        )

        select distinct game_date
        from (
            select new_date as game_date from pairs
            union all
            select old_date as game_date from pairs
        ) as dates
        where game_date is not null
        order by game_date
    {% endset %}
    {{ return(run_query(sql).columns[0].values() | list) }}
{% endmacro %}

{# Whether the table was made before it had one of the columns: then none of its rows is as it would be made today. #}
{% macro is_without(columns) %}
    {{ return((columns | reject('in', adapter.get_columns_in_relation(this) | map(attribute='name') | list) | list) != []) }}
{% endmacro %}

{# Only the changed dates. For a row that depends on its own game alone. #}
{% macro rebuild_changed(upstream, key, also=[]) %}
    {%- if is_incremental() and execute and not is_without(also) -%}
        {{ is_one_of('game_date', changed_dates(upstream, key, also)) }}
    {%- else -%}
        {{ every_game_date() }}
    {%- endif -%}
{% endmacro %}

{# The first changed date and all after it. For windows, which look back over everything before. #}
{% macro rebuild_from_first_change(upstream, key, also=[]) %}
    {%- if is_incremental() and execute -%}
        {%- set dates = changed_dates(upstream, key, also) -%}
        {%- if dates -%}game_date >= cast('{{ dates[0] }}' as date)
        {%- else -%}{{ is_one_of('game_date', []) }}{%- endif -%}
    {%- else -%}
        {{ every_game_date() }}
    {%- endif -%}
{% endmacro %}
