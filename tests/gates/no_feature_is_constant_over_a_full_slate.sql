-- A join that broke, or a source that fell silent behind a default, leaves one value for everybody.
-- Missing is no value.
{% set features = [
    'points_avg_last_5', 'points_avg_last_10', 'minutes_avg_last_10', 'usage_rate_last_10',
    'team_pace', 'team_offensive_rating', 'opponent_pace', 'opponent_defensive_rating',
    'game_total', 'implied_team_total',
] %}
with slates as (

    select
        {% for feature in features -%}
            count({{ feature }}) as {{ feature }}_rows,
            min({{ feature }}) as {{ feature }}_minimum,
            max({{ feature }}) as {{ feature }}_maximum,
        {% endfor -%}
        game_date
    from {{ ref('ml_feature_store') }}
    where {{ every_game_date() }} and information_set = 'LINE'
    group by game_date

)

select *
from slates
where
    false
    {% for feature in features -%}
        or ({{ feature }}_rows >= 100 and {{ feature }}_minimum = {{ feature }}_maximum)
    {% endfor -%}
