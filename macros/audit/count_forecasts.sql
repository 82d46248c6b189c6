{# Aggregate: the players' markets that were forecast, each once a run, however many systems had their say. #}
{% macro count_forecasts(alias=none) -%}
    {%- set parts = [] -%}
    {%- for column in ['run_id', 'player_id', 'game_id', 'market'] -%}
        {%- do parts.append(alias ~ '.' ~ column if alias else column) -%}
    {%- endfor -%}
    count(distinct {{ row_id(parts) }})
{%- endmacro %}
