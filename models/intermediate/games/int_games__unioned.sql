-- One row a game: the best-ranked source's answer; a missing tip-off falls back and says so.
with members as (

    select * from {{ ref('int_games__members') }}

),

crosswalk as (

    select * from {{ ref('int_games__crosswalk') }}

),

ranked as (

    select
        members.*,
        crosswalk.game_id,
        -- A final answer beats a scheduled one; then the better source.
        {{ source_choice('crosswalk.game_id', "members.status = 'final'", 'members.member_id') }}
            as choice,
        max(members.overtime_periods) over (partition by crosswalk.game_id) as known_overtimes,
        max(members.tipoff_at) over (partition by crosswalk.game_id) as any_tipoff_at,
        max(members.loaded_at) over (partition by crosswalk.game_id) as latest_loaded_at
    from members
    inner join crosswalk
        on
            members.source = crosswalk.source
            and members.source_game_id = crosswalk.source_game_id

),

final as (

    select
        game_id,
        source,
        source_game_id,
        season,
        season_type,
        game_date,
        coalesce(
            tipoff_at,
            any_tipoff_at,
            {{ eastern_instant('game_date', var('fallback_tipoff_hour_eastern')) }}
        ) as tipoff_at,
        case when coalesce(tipoff_at, any_tipoff_at) is null then 'fallback' else 'source' end
            as tipoff_basis,
        home_team_id,
        away_team_id,
        is_franchise_game,
        status,
        home_score,
        away_score,
        known_overtimes as overtime_periods,
        source_load_id,
        latest_loaded_at as loaded_at
    from ranked
    where choice = 1

)

select * from final
