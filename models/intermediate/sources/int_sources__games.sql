{{ config(materialized='view') }}

-- The games of every source that has a schedule.
with final as (

    {{ union_of(
        [
            ref('stg_archive__games'),
            ref('stg_balldontlie__games'),
            ref('stg_nba_com__games'),
            ref('stg_espn__games')
        ],
        [
            'source_game_id', 'source', 'season', 'season_type', 'game_date', 'tipoff_at',
            'source_home_team_id', 'source_away_team_id', 'home_score', 'away_score',
            'overtime_periods', 'status', 'source_load_id', 'loaded_at',
        ]
    ) }}

)

select * from final
