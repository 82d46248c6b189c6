-- Every id space's players, with the name that joins them and whether it names one player only within that space.
with seen as (

    select
        source,
        source_player_id,
        player_name
    from {{ ref('int_sources__player_box_scores') }}
    union all
    select
        source,
        source_player_id,
        player_name
    from {{ ref('stg_balldontlie__roster_spots') }}

),

spaces as (

    select * from {{ ref('source_id_spaces') }}

),

aliases as (

    select * from {{ ref('player_aliases') }}

),

names as (

    select
        spaces.id_space as source,
        seen.source_player_id,
        -- A player can stand under two spellings; the greater text keeps the accents, whatever was loaded first.
        max(seen.player_name) as player_name
    from seen
    inner join spaces
        on seen.source = spaces.source
    where seen.source_player_id is not null and seen.player_name is not null
    group by spaces.id_space, seen.source_player_id

),

normalized as (

    select
        names.source,
        names.source_player_id,
        names.player_name,
        coalesce(aliases.normalized_name, {{ normalized_name('names.player_name') }})
            as normalized_name
    from names
    left join aliases
        on {{ normalized_name('names.player_name') }} = aliases.normalized_alias

),

final as (

    select
        normalized.*,
        {{ member_id('source', 'source_player_id') }} as member_id,
        count(*) over (partition by source, normalized_name) as players_of_that_name
    from normalized

)

select * from final
