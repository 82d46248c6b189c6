{#
    A person's name as a join key: accents off, lower case, a trailing "(Phi)" off, generational suffix off, letters only.
    Accents: strip_accents exists on DuckDB only; BigQuery decomposes and drops the marks.
#}
{% macro normalized_name(name) %}{{ return(adapter.dispatch('normalized_name', 'nba_props')(name)) }}{% endmacro %}

{% macro default__normalized_name(name) -%}
    regexp_replace(
        regexp_replace(
            regexp_replace(lower(strip_accents({{ name }})), '\s*\([^)]*\)\s*$', ''),
            '[\s,]+(jr|sr|ii|iii|iv|junior|senior)\.?\s*$', ''
        ),
        '[^a-z]', '', 'g'
    )
{%- endmacro %}

{% macro bigquery__normalized_name(name) -%}
    regexp_replace(
        regexp_replace(
            regexp_replace(
                lower(regexp_replace(normalize({{ name }}, NFD), r'\pM', '')), r'\s*\([^)]*\)\s*$', ''
            ),
            r'[\s,]+(jr|sr|ii|iii|iv|junior|senior)\.?\s*$', ''
        ),
        r'[^a-z]', ''
    )
{%- endmacro %}
