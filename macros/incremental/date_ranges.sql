{#
    Constant ranges of game dates. BigQuery reads only the partitions that a constant names, and refuses to read a large
    table without one; DuckDB skips the row groups outside. A subquery would name nothing.
#}

{# Every row, said aloud: no game is older than the league's first, and a row without a date is a row. #}
{% macro every_game_date(column='game_date') -%}
    ({{ column }} is null or {{ column }} >= cast('{{ var('first_game_date') }}' as date))
{%- endmacro %}

{% macro is_one_of(column, dates) -%}
    {%- if dates -%}
        {{ column }} in (
            {%- for date in dates %}{{ ', ' if not loop.first }}cast('{{ date }}' as date){% endfor -%}
        )
    {%- else -%}
        {{ column }} < cast('{{ var('first_game_date') }}' as date)
    {%- endif -%}
{%- endmacro %}

{#
    The dates of the work list, or a range around them: where there are many, or where days before are looked at too.
    The list is a table of this build; where it is not there yet (compile, unit tests), every date.
#}
{% macro game_dates_to_build(column='game_date', days_before=0) -%}
    {%- set has_list = model.resource_type != 'unit_test' -%}
    {%- set work = ref('int_games__to_build') if has_list else none -%}
    {%- if execute and has_list and load_relation(work) is not none -%}
        {%- set dates = run_query(
            'select distinct game_date from ' ~ work ~ ' order by game_date').columns[0].values() -%}
        {%- if dates | length > 31 or (dates and days_before) -%}
            {{ column }} between {{ add_days("cast('" ~ dates[0] ~ "' as date)", -days_before) }}
            and cast('{{ dates[-1] }}' as date)
        {%- else -%}
            {{ is_one_of(column, dates) }}
        {%- endif -%}
    {%- else -%}
        {{ every_game_date(column) }}
    {%- endif -%}
{%- endmacro %}
