{#
    One text key from several parts; a null part is told apart from an empty one. By `concat`, which on BigQuery is one flat
    call: its parser gives up on a sum of a hundred texts.
#}
{% macro row_id(parts) -%}
    {%- set texts = [] -%}
    {%- for part in parts -%}
        {%- if not loop.first -%}{%- do texts.append("'|'") -%}{%- endif -%}
        {%- do texts.append("coalesce(" ~ to_text(part) ~ ", '~')") -%}
    {%- endfor -%}
    {{ dbt.hash(dbt.concat(texts)) }}
{%- endmacro %}
