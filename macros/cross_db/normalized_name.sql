{#
    A person's name as a join key: accents off, lower case, a trailing "(Phi)" off, generational suffix off wherever it
    stands behind the first word, letters only.
    Accents: strip_accents exists on DuckDB only; BigQuery decomposes and drops the marks. Letters without a
    decomposition (đ, ø, ł …) are spelled out by hand on both.
#}
{% macro normalized_name(name) %}{{ return(adapter.dispatch('normalized_name', 'nba_props')(name)) }}{% endmacro %}

{% macro spelled_out(name) -%}
    replace(replace(translate(lower({{ name }}), 'đøłıħ', 'dolih'), 'æ', 'ae'), 'ß', 'ss')
{%- endmacro %}

{% macro default__normalized_name(name) -%}
    regexp_replace(
        regexp_replace(
            regexp_replace({{ spelled_out('strip_accents(' ~ name ~ ')') }}, '[\s\p{Z}]*\([^)]*\)[\s\p{Z}]*$', ''),
            '[\s\p{Z},]+(jr|sr|ii|iii|iv|junior|senior)\b', '', 'g'
        ),
        '[^a-z]', '', 'g'
    )
{%- endmacro %}

{% macro bigquery__normalized_name(name) -%}
    regexp_replace(
        regexp_replace(
            regexp_replace(
                {{ spelled_out("regexp_replace(normalize(" ~ name ~ ", NFD), r'\pM', '')") }},
                r'[\s\p{Z}]*\([^)]*\)[\s\p{Z}]*$', ''
            ),
            r'[\s\p{Z},]+(jr|sr|ii|iii|iv|junior|senior)\b', ''
        ),
        r'[^a-z]', ''
    )
{%- endmacro %}
