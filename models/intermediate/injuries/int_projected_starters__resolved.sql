-- Projected starters under our ids. A projection holds until the team's next, and a day after it was last seen at most.
with starters as (

    select * from {{ ref('int_projected_lineups__split') }}

),

names as (

    select * from {{ ref('int_prop_names__resolved') }}

),

teams as (

    select * from {{ ref('teams_seed') }}

),

lineups as (

    select distinct
        lineup_id,
        team_text,
        known_at,
        last_seen_at
    from starters

),

intervals as (

    select
        lineup_id,
        {{ add_minutes('last_seen_at', '24 * 60') }} as stale_at,
        lead(known_at) over (
            partition by team_text
            order by known_at asc, lineup_id asc
        ) as next_known_at
    from lineups

),

final as (

    select
        starters.projected_starter_id,
        starters.lineup_id,
        starters.place,
        names.player_id,
        teams.team_id,
        starters.player_name,
        starters.team_text,
        starters.listed_position,
        names.resolution,
        starters.known_at,
        {{ least_known(['intervals.next_known_at', 'intervals.stale_at']) }} as gone_by_at,
        starters.source,
        starters.source_load_id,
        starters.loaded_at
    from starters
    inner join intervals
        on starters.lineup_id = intervals.lineup_id
    left join names
        on starters.player_name = names.player_name
    left join teams
        on starters.team_text = teams.abbreviation

)

select * from final
