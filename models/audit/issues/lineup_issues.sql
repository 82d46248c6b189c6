{{ config(materialized='view') }}

-- What is wrong with projected line-ups, one row a place and issue; none of these places names a starter.
with starters as (

    select * from {{ ref('int_projected_starters__resolved') }}

),

lineups as (

    select * from {{ ref('stg_archive__projected_lineups') }}

),

judged as (

    select
        starters.*,
        lineups.lineup_text,
        case
            when lineups.lineup_text is null then 'no line-up'
            when starters.player_name is null then 'fewer than five names'
            when starters.place > 5 then 'more than five names'
            when starters.player_id is null then 'unresolved name'
            when starters.team_id is null then 'unknown team'
        end as issue
    from starters
    inner join lineups
        on starters.lineup_id = lineups.lineup_id

),

final as (

    select
        {{ row_id(['projected_starter_id']) }} as issue_id,
        issue,
        'kept out' as outcome,
        case
            when issue = 'unresolved name'
                then player_name || ' is ' || resolution || ' in box scores and rosters'
            when issue = 'unknown team' then 'No team is called ' || team_text
            else coalesce(lineup_text, 'Only ' || team_text)
        end as reason,
        projected_starter_id,
        lineup_id,
        place,
        source,
        team_text,
        player_name,
        known_at,
        source_load_id
    from judged
    -- A row without any line-up is broken once, not five times.
    where issue is not null and (issue != 'no line-up' or place = 1)

)

select * from final
