-- Nobody on tonight's slate vanishes: every slate player, and every name a book offers, has a prediction or a reason.
with slate as (

    select * from {{ ref('upcoming_slate') }}

),

runs as (

    -- The information set the latest run of this slate served.
    select
        game_id,
        max(information_set) as information_set
    from (
        select
            game_id,
            information_set,
            row_number() over (partition by game_id order by created_at desc, forecast_id asc)
                as recency
        from {{ ref('int_forecasts__inputs') }}
        where run_mode = '{{ var("run_mode") }}'
    ) as latest
    where recency = 1
    group by game_id

),

predictions as (

    select
        player_id,
        game_id,
        count(distinct market) as markets
    from {{ ref('active_player_prop_predictions') }}
    where run_mode = '{{ var("run_mode") }}' and system = '{{ var("published_system") }}'
    group by player_id, game_id

),

quotes as (

    select distinct
        game_id,
        game_date,
        player_id,
        player_name
    from {{ ref('int_prop_quotes__paired') }}
    where
        {{ every_game_date() }}
        and game_id is not null
        and {{ known_before('known_at', as_of(), 'tipoff_at') }}

),

slate_players as (

    select
        slate.player_id,
        slate.game_id,
        slate.game_date,
        min(slate.team_id) as team_id,
        min(slate.skip_reason) as skip_reason
    from slate
    left join runs
        on slate.game_id = runs.game_id
    where slate.information_set = coalesce(runs.information_set, slate.information_set)
    group by slate.player_id, slate.game_id, slate.game_date

),

slate_games as (

    select distinct game_id from slate

),

quoted as (

    select
        quotes.player_id,
        quotes.game_id,
        min(quotes.game_date) as game_date,
        min(quotes.player_name) as player_name
    from quotes
    inner join slate_games
        on quotes.game_id = slate_games.game_id
    group by
        quotes.player_id,
        quotes.game_id,
        case when quotes.player_id is null then quotes.player_name end

),

final as (

    select
        {{ row_id([
            'coalesce(slate_players.game_id, quoted.game_id)',
            'coalesce(slate_players.player_id, quoted.player_id, quoted.player_name)'
        ]) }} as coverage_id,
        coalesce(slate_players.game_date, quoted.game_date) as game_date,
        coalesce(slate_players.game_id, quoted.game_id) as game_id,
        coalesce(slate_players.player_id, quoted.player_id) as player_id,
        slate_players.team_id,
        quoted.player_name as quoted_name,
        quoted.game_id is not null as has_prop_line,
        coalesce(predictions.markets, 0) as markets_predicted,
        case
            -- ruled out since he was predicted: what was said of him no longer counts
            when slate_players.skip_reason = 'PLAYER_OUT' then 'PLAYER_OUT'
            when predictions.player_id is not null then 'PREDICTED'
            when quoted.game_id is not null and quoted.player_id is null then 'NAME_UNRESOLVED'
            when slate_players.player_id is null then 'NOT_IN_PLAYER_CONTEXT'
            when slate_players.skip_reason is not null then slate_players.skip_reason
            else 'NOT_FORECAST'
        end as reason
    from slate_players
    full outer join quoted
        on
            slate_players.player_id = quoted.player_id
            and slate_players.game_id = quoted.game_id
    left join predictions
        on
            coalesce(slate_players.player_id, quoted.player_id) = predictions.player_id
            and coalesce(slate_players.game_id, quoted.game_id) = predictions.game_id

)

select * from final
