{# The sources that are loaded from outside, each into its own raw schema. #}
{% macro provider_names() %}
    {{ return(['archive', 'balldontlie', 'bettingpros', 'espn', 'nba_com', 'odds_api']) }}
{% endmacro %}
