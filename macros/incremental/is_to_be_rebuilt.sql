{# Whether a game date is asked for anew although nothing of it changed: `nba-props backfill --rebuild-only`. #}
{% macro is_to_be_rebuilt(column) -%}
    {%- if var('rebuild_from') is not none and var('rebuild_to') is not none -%}
        {{ column }} between cast('{{ var('rebuild_from') }}' as date) and cast('{{ var('rebuild_to') }}' as date)
    {%- else -%}
        false
    {%- endif -%}
{%- endmacro %}
