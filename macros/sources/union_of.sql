{# The same columns of several relations, one below the other. relations: list of ref(); columns: list of names. #}
{% macro union_of(relations, columns) -%}
    {%- for relation in relations %}
    select {{ columns | join(', ') }} from {{ relation }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
