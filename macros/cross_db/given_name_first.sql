{# "Surname, Given" or "Surname Given" turned round at the first gap: "Portis, Bobby" is Bobby Portis. A suffix behind the surname falls away. #}
{% macro given_name_first(name) %}{{ return(adapter.dispatch('given_name_first', 'nba_props')(name)) }}{% endmacro %}

{% macro default__given_name_first(name) -%}
    regexp_replace({{ name }}, '^[\s\p{Z}]*([^\s\p{Z},]+)([\s\p{Z},]+(?i:jr|sr|ii|iii|iv)\.?)?[\s\p{Z},]+(.*)$', '\3 \1')
{%- endmacro %}

{% macro bigquery__given_name_first(name) -%}
    regexp_replace({{ name }}, r'^[\s\p{Z}]*([^\s\p{Z},]+)([\s\p{Z},]+(?i:jr|sr|ii|iii|iv)\.?)?[\s\p{Z},]+(.*)$', r'\3 \1')
{%- endmacro %}
