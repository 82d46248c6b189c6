{#
    One text key from several parts; a null part is told apart from an empty one. By the function concat, which is one flat
    call: BigQuery's parser gives up on a sum of a hundred texts.
#}
{% macro row_id(parts) -%}
    {%- set texts = [] -%}
    {%- for part in parts -%}
        {%- do texts.append("coalesce(" ~ to_text(part) ~ ", '~')") -%}
    {%- endfor -%}
    {{ dbt.hash('concat(' ~ texts | join(", '|', ") ~ ')') }}
{%- endmacro %}
