-- Every forecast, the ensemble's too, under today's ids, and when its own row or its game's quotes were last loaded.
with forecasts as (

    {{ union_of(
        [ref('stg_forecasts__forecasts'), ref('int_forecasts__ensembled')],
        [
            'forecast_id', 'run_id', 'system', 'run_mode', 'as_of', 'created_at', 'player_id',
            'game_id', 'information_set', 'cut_off_at', 'market', 'model_version',
            'mean', 'variance', 'quality_score', 'quality_issues', 'feature_source_load_id',
            'source_load_id', 'loaded_at',
        ]
    ) }}

),

players as (

    select distinct
        member_id,
        player_id
    from {{ ref('int_players__crosswalk') }}

),

game_members as (

    select distinct
        member_id,
        game_id
    from {{ ref('int_games__crosswalk') }}

),

games as (

    select * from {{ ref('games') }}

),

quotes as (

    select
        game_id,
        max(loaded_at) as loaded_at
    from {{ ref('int_prop_quotes__paired') }}
    where {{ every_game_date() }} and game_id is not null
    group by game_id

),

final as (

    select
        forecasts.forecast_id,
        forecasts.run_id,
        forecasts.system,
        forecasts.run_mode,
        forecasts.as_of,
        forecasts.created_at,
        -- A forecast written under a member's key is resolved to the cluster's id of today.
        players.player_id,
        games.game_id,
        games.game_date,
        games.tipoff_at,
        forecasts.information_set,
        forecasts.cut_off_at,
        forecasts.market,
        forecasts.model_version,
        forecasts.mean,
        forecasts.variance,
        forecasts.quality_score,
        forecasts.quality_issues,
        forecasts.feature_source_load_id,
        forecasts.source_load_id,
        {{ greatest_known(['forecasts.loaded_at', 'games.loaded_at', 'quotes.loaded_at']) }}
            as loaded_at
    from forecasts
    inner join players
        on forecasts.player_id = players.member_id
    inner join game_members
        on forecasts.game_id = game_members.member_id
    inner join games
        on game_members.game_id = games.game_id
    left join quotes
        on games.game_id = quotes.game_id

)

select * from final
