{# One metric of a gate: a value a game date (and subject) of a relation. #}
{% macro measure(metric, relation, value, where='true', subject=none) %}
    select
        '{{ metric }}' as metric,
        {{ subject or 'cast(null as ' ~ dbt.type_string() ~ ')' }} as subject,
        game_date,
        cast({{ value }} as {{ type_double() }}) as value
    from {{ relation }}
    where {{ where }}
    group by game_date{{ ', ' ~ subject if subject }}
{% endmacro %}

{# One that counts the rows which break a rule. #}
{% macro offenders(metric, relation, condition, where='true', subject=none) %}
    {{ measure(metric, relation, 'count(case when ' ~ condition ~ ' then 1 end)', where, subject) }}
{% endmacro %}

{# The share of rows, or of distinct values, for which something holds. #}
{% macro share(condition, distinct=none) -%}
    {%- if distinct -%}
        {{ safe_divide('count(distinct case when ' ~ condition ~ ' then ' ~ distinct ~ ' end)', 'count(distinct ' ~ distinct ~ ')') }}
    {%- else -%}
        {{ safe_divide('count(case when ' ~ condition ~ ' then 1 end)', 'count(*)') }}
    {%- endif -%}
{%- endmacro %}
