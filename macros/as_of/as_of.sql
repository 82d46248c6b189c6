{#
    The instant a build speaks from, as text. The var wins; else the clock of the latest live run,
    so that a bare `dbt build` rebuilds the world as it stood. No model asks the machine for the time.
#}
{% macro as_of_text() %}
    {% if var('as_of', none) is not none %}{{ return(var('as_of') | string) }}{% endif %}
    {% if not execute %}{{ return('1970-01-01T00:00:00+00:00') }}{% endif %}
    {% set runs = adapter.get_relation(
        database=target.database, schema=source('runs', 'runs').schema, identifier='runs') %}
    {% if runs is not none %}
        {% set found = run_query(
            "select as_of from " ~ runs ~ " where run_mode = 'live' order by started_at desc, run_id desc limit 1") %}
        {% if found.rows %}{{ return(found.rows[0][0].isoformat()) }}{% endif %}
    {% endif %}
    {{ exceptions.raise_compiler_error(
        "No clock: this warehouse has no run yet. Run `nba-props backfill` or `nba-props daily` first, "
        ~ "or pass --vars '{as_of: \"2026-01-15T22:00:00+00:00\"}'.") }}
{% endmacro %}

{% macro as_of() -%}
    {{ instant_literal(as_of_text()) }}
{%- endmacro %}

{# The basketball day that is forecast. #}
{% macro slate_date() -%}
    {%- if var('slate_date', none) is not none -%}
        cast('{{ var('slate_date') }}' as date)
    {%- else -%}
        {{ eastern_date(as_of()) }}
    {%- endif -%}
{%- endmacro %}
