-- When a player was seen with a team, and for how long that holds: until he is seen elsewhere, or named off a list.
with listings as (

    select * from {{ ref('int_player_listings__windows') }}

),

spots as (

    select * from {{ ref('stg_balldontlie__roster_spots') }}

),

players as (

    select * from {{ ref('int_players__crosswalk') }}

),

teams as (

    select * from {{ ref('int_teams__crosswalk') }}

),

resolved_spots as (

    select
        players.player_id,
        teams.team_id,
        spots.known_at,
        spots.gone_by_at,
        spots.source_load_id,
        spots.loaded_at
    from spots
    inner join players
        on
            spots.source = players.source
            and spots.source_player_id = players.source_player_id
    inner join teams
        on
            spots.source = teams.source
            and spots.source_team_id = teams.source_team_id

),

facts as (

    select
        player_id,
        team_id,
        listing_id,
        team_game_number,
        known_at,
        'box score' as basis,
        source_load_id,
        loaded_at
    from listings
    union all
    select
        player_id,
        team_id,
        cast(null as {{ dbt.type_string() }}) as listing_id,
        cast(null as {{ dbt.type_bigint() }}) as team_game_number,
        known_at,
        'roster' as basis,
        source_load_id,
        loaded_at
    from resolved_spots
    union all
    select
        player_id,
        cast(null as {{ dbt.type_string() }}) as team_id,
        cast(null as {{ dbt.type_string() }}) as listing_id,
        cast(null as {{ dbt.type_bigint() }}) as team_game_number,
        gone_by_at as known_at,
        'off the roster' as basis,
        source_load_id,
        loaded_at
    from resolved_spots
    where gone_by_at is not null

),

ordered as (

    select
        facts.*,
        lead(known_at) over moves as next_known_at,
        lag(team_id) over moves as previous_team_id
    from facts
    window moves as (
        partition by player_id
        -- Off one list and on another at the same instant is a move, so the list he is on counts.
        order by known_at asc, case basis when 'off the roster' then 0 else 1 end asc, team_id asc
    )

),

final as (

    select
        {{ row_id(['player_id', unix_micros('known_at'), 'basis', 'team_id']) }} as roster_fact_id,
        player_id,
        team_id,
        listing_id,
        team_game_number,
        known_at,
        basis,
        source_load_id,
        loaded_at,
        -- A box score speaks until the next fact; a place on the list until he is seen elsewhere or named off.
        case
            when basis = 'box score' then next_known_at
            else min(
                case when team_id is distinct from previous_team_id then known_at end
            ) over (
                partition by player_id
                order by
                    known_at asc,
                    case basis when 'off the roster' then 0 else 1 end asc,
                    team_id asc
                rows between 1 following and unbounded following
            )
        end as superseded_at
    from ordered

)

select * from final
