{# Tiers of quality, the best first: the lowest score of each, and the confidence in percent above which no forecast on it goes. #}
{% macro quality_tiers() %}
    {{ return([
        {'tier': 'gold', 'minimum': 95, 'ceiling': 100},
        {'tier': 'silver', 'minimum': 75, 'ceiling': 95},
        {'tier': 'bronze', 'minimum': 50, 'ceiling': 80},
        {'tier': 'poor', 'minimum': 25, 'ceiling': 60},
        {'tier': 'unusable', 'minimum': 0, 'ceiling': 50},
    ]) }}
{% endmacro %}

{# The tier of a score; null of one that is not known. #}
{% macro quality_tier(score) -%}
    case
        {%- for one in quality_tiers() %}
        when {{ score }} >= {{ one.minimum }} then '{{ one.tier }}'
        {%- endfor %}
    end
{%- endmacro %}

{# The highest confidence, in percent, that a score allows; null of one that is not known. #}
{% macro confidence_ceiling(score) -%}
    case
        {%- for one in quality_tiers() %}
        when {{ score }} >= {{ one.minimum }} then {{ one.ceiling }}
        {%- endfor %}
    end
{%- endmacro %}

{# Issues joined by a bar; null where there are none. issues: SQL of texts, each null where it is no issue. #}
{% macro joined_issues(issues) -%}
    nullif(
        substr(
            {%- for issue in issues %}
            coalesce('|' || {{ issue }}, '')
            {%- if not loop.last %} || {% endif -%}
            {%- endfor %}, 2
        ), ''
    )
{%- endmacro %}
