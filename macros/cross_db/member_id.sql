{# The key of a source's own id: first 12 hex characters of md5('source:id'). #}
{% macro member_id(source, id) -%}
    substr({{ dbt.hash(source ~ " || ':' || " ~ to_text(id)) }}, 1, 12)
{%- endmacro %}
