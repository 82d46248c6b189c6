{# The game dates a run vouches for: vars gate_from to gate_to; without them every date, so that a bare build is an audit. #}
{% macro in_gate_window(column='game_date') -%}
    {%- if var('gate_from') is none and var('gate_to') is none -%}
        {{ every_game_date(column) }}
    {%- else -%}
        {{ column }} between cast('{{ var('gate_from') or var('first_game_date') }}' as date)
        and cast('{{ var('gate_to') or '9999-12-31' }}' as date)
    {%- endif -%}
{%- endmacro %}
