{{ config(materialized='view') }}

{% set is_near = 'nearest.is_fitting or 2 * nearest.distance <= length(names.normalized_name)' %}

-- Names that are not one player, each with the player it is nearest to by spelling. An alias is a line in the seed.
with names as (

    select * from {{ ref('int_names__unresolved') }}

),

players as (

    select * from {{ ref('players') }}

),

distances as (

    select
        names.source,
        names.feed,
        names.player_name,
        players.player_id,
        players.player_name as suggested_name,
        {{ least_known([
            edit_distance('names.normalized_name', 'players.normalized_name'),
            edit_distance('names.turned_name', 'players.normalized_name')
        ]) }} as distance,
        coalesce({{ fits_initial(
            'names.player_name',
            'names.normalized_name',
            'names.turned_name',
            'players.normalized_name'
        ) }}, false) as is_fitting
    from names
    cross join players

),

nearest as (

    select
        *,
        row_number() over (
            partition by source, feed, player_name
            order by case when is_fitting then 0 else 1 end asc, distance asc, player_id asc
        ) as choice
    from distances

),

final as (

    select
        {{ row_id(['names.source', 'names.feed', 'names.player_name']) }} as unresolved_id,
        names.source,
        names.feed,
        names.player_name,
        names.normalized_name,
        names.status,
        case
            when names.status = 'ignored' then 'the seed player_aliases says that this is no player'
            when names.feed = 'player list'
                then 'namesakes that two sources have never seen with the same team and season'
            when names.status = 'ambiguous'
                then 'several players bear the name, or fit its initial'
            else 'no player bears the name; without an alias its rows count for nobody'
        end as reason,
        -- A spelling of which more than half would have to change suggests nobody.
        case when {{ is_near }} then nearest.player_id end as suggested_player_id,
        case when {{ is_near }} then nearest.suggested_name end as suggested_name,
        case when {{ is_near }} then nearest.distance end as suggested_distance,
        names.rows_seen,
        names.rows_unresolved,
        names.first_seen_at,
        names.last_seen_at
    from names
    left join nearest
        on
            names.source = nearest.source
            and names.feed = nearest.feed
            and names.player_name = nearest.player_name
            and nearest.choice = 1

)

select * from final
