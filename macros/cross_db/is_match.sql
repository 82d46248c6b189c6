{# Whether the whole text has the form of a regular expression (RE2 on both engines). #}
{% macro is_match(text, pattern) %}{{ return(adapter.dispatch('is_match', 'nba_props')(text, pattern)) }}{% endmacro %}

{% macro default__is_match(text, pattern) -%}
    regexp_full_match({{ text }}, '{{ pattern }}')
{%- endmacro %}

{% macro bigquery__is_match(text, pattern) -%}
    regexp_contains({{ text }}, r'^(?:{{ pattern }})$')
{%- endmacro %}
