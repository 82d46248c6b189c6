-- The player a name in the odds feed means. A name of two players stays open here: its event may tell them apart.
with prices as (

    select player_name from {{ ref('int_sources__prop_prices') }}
    union all
    select player_name from {{ ref('stg_archive__line_movements') }}

),

statuses as (

    select player_name from {{ ref('stg_archive__injury_statuses') }}

),

starters as (

    select player_name from {{ ref('int_projected_lineups__split') }}

),

players as (

    select * from {{ ref('int_players__crosswalk') }}

),

aliases as (

    select * from {{ ref('player_aliases') }}

),

names as (

    select player_name from prices
    union distinct
    select player_name from statuses
    union distinct
    select player_name from starters

),

normalized as (

    select
        names.player_name,
        coalesce(aliases.normalized_name, {{ normalized_name('names.player_name') }})
            as normalized_name,
        {{ normalized_name(given_name_first('names.player_name')) }} as turned_name,
        aliases.normalized_alias is not null and aliases.normalized_name is null as is_ignored
    from names
    left join aliases
        on {{ normalized_name('names.player_name') }} = aliases.normalized_alias
    where names.player_name is not null

),

named as (

    select
        normalized_name,
        min(player_id) as player_id,
        count(distinct player_id) as players
    from players
    group by normalized_name

),

matched as (

    select
        normalized.player_name,
        -- Surname first is a reading only where the name as it stands is nobody's.
        case
            when named.players is null and turned.players is not null then normalized.turned_name
            else normalized.normalized_name
        end as normalized_name,
        normalized.turned_name,
        normalized.is_ignored,
        coalesce(named.player_id, turned.player_id) as player_id,
        coalesce(named.players, turned.players, 0) as players
    from normalized
    left join named
        on normalized.normalized_name = named.normalized_name
    left join named as turned
        on normalized.turned_name = turned.normalized_name

),

final as (

    select
        player_name,
        normalized_name,
        turned_name,
        case when players = 1 and not is_ignored then player_id end as player_id,
        case
            when is_ignored then 'ignored'
            when players = 1 then 'resolved'
            when players > 1 then 'ambiguous'
            else 'unknown'
        end as resolution
    from matched

)

select * from final
