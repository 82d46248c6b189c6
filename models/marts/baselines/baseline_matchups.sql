{{ config(materialized='view') }}

-- What the opponent of a feature row allows beside the league: a ratio a market, and its defence of each shot zone.
-- depends_on: {{ ref('gate_features') }}
with features as (

    select * from {{ ref('ml_feature_store') }}
    where {{ every_game_date() }}

),

defenses as (

    select * from {{ ref('team_defense_zone_analysis') }}

),

league as (

    select * from {{ ref('int_league_days__summed') }}

),

final as (

    select
        features.feature_row_id,
        features.player_id,
        features.game_id,
        features.game_date,
        features.information_set,
        {% for market in markets() -%}
            {{ safe_divide(
                'features.opponent_' ~ market.name ~ '_allowed',
                safe_divide('20000 * league.' ~ market.column, 'league.possessions_x200')
            ) }} as {{ market.name }}_vs_league,
            -- five players of two teams share the floor for 48 minutes: four hours a team
            {{ safe_divide('league.' ~ market.column, '4 * league.team_games') }}
                as {{ market.name }}_per_hour_league,
        {% endfor -%}
        features.opponent_free_throws_allowed
        - {{ safe_divide('20000 * league.fta', 'league.possessions_x200') }}
            as free_throws_vs_league,
        {% for zone in ['paint', 'mid_range', 'three'] -%}
            defenses.{{ zone }}_vs_league{{ ',' if not loop.last }}
        {% endfor -%}
    from features
    left join defenses
        on
            features.question_id = defenses.question_id
            and features.opponent_team_id = defenses.team_id
    left join league
        on features.game_date = league.game_date

)

select * from final
