{# An ISO text with zone as an instant. #}
{% macro instant_literal(iso) -%}
    cast('{{ iso }}' as {{ type_instant() }})
{%- endmacro %}
