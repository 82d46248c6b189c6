{# Whether a text is a date (`Dec 23`, `December 23, 2024`, `12/23`, `2024-12-23`): what a shifted column leaves behind. #}
{% macro is_date_text(text) -%}
    coalesce({{ is_match(
        'lower(trim(' ~ text ~ '))',
        '(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[.]? [0-9]{1,2}(,? [0-9]{4})?'
        ~ '|[0-9]{1,2}/[0-9]{1,2}(/[0-9]{2,4})?|[0-9]{4}-[0-9]{2}-[0-9]{2}'
    ) }}, false)
{%- endmacro %}
