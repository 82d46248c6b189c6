{{ config(materialized='view') }}

-- Every name of a feed that is not one player, with how often and since when it was seen.
with prices as (

    select
        source,
        'player props' as feed,
        event_id,
        player_name,
        known_at
    from {{ ref('int_sources__prop_prices') }}
    union all
    select
        source,
        'line movements' as feed,
        cast(null as {{ dbt.type_string() }}) as event_id,
        player_name,
        known_at
    from {{ ref('stg_archive__line_movements') }}
    union all
    select
        source,
        'injuries' as feed,
        cast(null as {{ dbt.type_string() }}) as event_id,
        player_name,
        known_at
    from {{ ref('stg_archive__injury_statuses') }}

),

names as (

    select * from {{ ref('int_prop_names__resolved') }}

),

event_names as (

    select * from {{ ref('int_prop_event_names__resolved') }}

),

uses as (

    select
        prices.source,
        prices.feed,
        prices.player_name,
        names.normalized_name,
        names.turned_name,
        names.resolution,
        event_names.resolution as event_resolution,
        prices.known_at,
        coalesce(names.player_id, event_names.player_id) as player_id
    from prices
    inner join names
        on prices.player_name = names.player_name
    left join event_names
        on
            prices.event_id = event_names.event_id
            and prices.player_name = event_names.player_name
    where names.player_id is null

),

counted as (

    select
        source,
        feed,
        player_name,
        normalized_name,
        turned_name,
        min(resolution) as resolution,
        count(case when event_resolution = 'ambiguous' then 1 end) as ambiguous_rows,
        count(*) as rows_seen,
        count(*) - count(player_id) as rows_unresolved,
        min(known_at) as first_seen_at,
        max(known_at) as last_seen_at
    from uses
    group by source, feed, player_name, normalized_name, turned_name

),

-- More players of a name than any one source tells of: two sources' namesakes were not matched.
namesakes as (

    select
        members.normalized_name,
        count(distinct crosswalk.player_id) as players,
        max(members.players_of_that_name) as people
    from {{ ref('int_players__members') }} as members
    inner join {{ ref('int_players__crosswalk') }} as crosswalk
        on members.member_id = crosswalk.member_id
    group by members.normalized_name

),

final as (

    select
        source,
        feed,
        player_name,
        normalized_name,
        turned_name,
        case
            when resolution = 'ignored' then 'ignored'
            when resolution = 'ambiguous' or ambiguous_rows > 0 then 'ambiguous'
            else 'pending'
        end as status,
        rows_seen,
        rows_unresolved,
        first_seen_at,
        last_seen_at
    from counted
    where rows_unresolved > 0
    union all
    select
        members.source,
        'player list' as feed,
        members.player_name,
        members.normalized_name,
        members.normalized_name as turned_name,
        'ambiguous' as status,
        count(*) as rows_seen,
        count(*) as rows_unresolved,
        cast(null as {{ type_instant() }}) as first_seen_at,
        cast(null as {{ type_instant() }}) as last_seen_at
    from {{ ref('int_players__members') }} as members
    inner join namesakes
        on members.normalized_name = namesakes.normalized_name
    where namesakes.players > namesakes.people
    group by members.source, members.player_name, members.normalized_name

)

select * from final
