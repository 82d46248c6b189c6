{# One text key from several parts; a null part is told apart from an empty one. #}
{% macro row_id(parts) -%}
    {%- set texts = [] -%}
    {%- for part in parts -%}
        {%- do texts.append("coalesce(" ~ to_text(part) ~ ", '~')") -%}
    {%- endfor -%}
    {{ dbt.hash(texts | join(" || '|' || ")) }}
{%- endmacro %}
