{{ config(
    post_hook="{{ drop_vanished_dates(ref('games')) }}",
    **by_game_date(['player_id'], is_large=true),
) }}

{% set is_to_build = game_dates_to_build() %}
-- What each of the SQL systems expects of a feature row, side by side, a column a system and market. The formulas are
-- macros (macros/formulas/baselines.sql).
with features as (

    select * from {{ ref('ml_feature_store') }}
    where {{ is_to_build }}

),

matchups as (

    select * from {{ ref('baseline_matchups') }}
    where {{ is_to_build }}

),

similar_games as (

    select * from {{ ref('baseline_similar_games') }}
    where {{ is_to_build }}

),

adjusted as (

    select
        features.*,
        {% for market in markets() -%}
            matchups.{{ market.name }}_vs_league,
            matchups.{{ market.name }}_per_hour_league,
            similar_games.{{ market.name }} as similarity_{{ market.name }},
        {% endfor -%}
        {{ situation_points(
            'features.shot_zone_mismatch_score', 'features.pace_score',
            'features.usage_spike_score', 'features.is_home', 'features.is_back_to_back',
            'features.fatigue_score'
        ) }} as situation_points,
        {{ zone_points(
            'features.pct_paint', 'matchups.paint_vs_league',
            'features.pct_mid_range', 'matchups.mid_range_vs_league',
            'features.pct_three', 'matchups.three_vs_league',
            'features.free_throw_point_share_last_10', 'matchups.free_throws_vs_league'
        ) }}
        + 0.4 * coalesce(features.pace_score, 0)
        + case when features.is_home then 0.8 else -0.8 end
        + {{ fatigue_points('features.fatigue_score') }} as matchup_points,
        {{ expected_minutes(
            'features.minutes_ewma_6', 'features.minutes_ewma_20', 'features.minutes_inherited'
        ) }} as expected_minutes
    from features
    left join matchups
        on features.feature_row_id = matchups.feature_row_id
    left join similar_games
        on
            features.player_id = similar_games.player_id
            and features.game_id = similar_games.game_id

),

final as (

    select
        feature_row_id,
        player_id,
        game_id,
        game_date,
        information_set,
        {% for market in markets() -%}
            {{ market.name }}_avg_season as season_average_{{ market.name }},
            {{ market.name }}_avg_last_5 as last_5_{{ market.name }},
            {{ market.name }}_avg_last_10 as last_10_{{ market.name }},
            {{ market.name }}_ewma_6 as ewma_{{ market.name }},
            {% set average = moving_average(
                market.name ~ '_avg_last_5', market.name ~ '_avg_last_10',
                market.name ~ '_avg_season'
            ) -%}
            {% if market.name == 'points' -%}
                {{ not_below_zero(average ~ ' + situation_points') }}
                    as moving_average_baseline_points,
                {{ not_below_zero('points_avg_season + matchup_points') }} as zone_matchup_points,
            {%- else -%}
                {{ average }} as moving_average_baseline_{{ market.name }},
                {{ market.name }}_avg_season * {{ market.name }}_vs_league
                    as zone_matchup_{{ market.name }},
            {%- endif %}
            similarity_{{ market.name }},
            expected_minutes / 60
            * {{ shrunk_rate(
                market.name ~ '_per_hour_ewma_20',
                'career_games',
                safe_divide(
                    '60 * ' ~ market.name ~ '_avg_previous_season', 'minutes_avg_previous_season'
                ),
                'games_previous_season',
                market.name ~ '_per_hour_league'
            ) }}
            * {{ opponent_factor(market.name ~ '_vs_league') }} as shrinkage_{{ market.name }},
        {% endfor -%}
        built_as_of
    from adjusted

)

select * from final
