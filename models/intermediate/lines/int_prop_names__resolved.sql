-- The player a name in the odds feed means. A name of two players stays open: better no line than a wrong one.
with prices as (

    select player_name from {{ ref('stg_archive__prop_prices') }}
    union all
    select player_name from {{ ref('stg_odds_api__prop_prices') }}

),

statuses as (

    select player_name from {{ ref('stg_archive__injury_statuses') }}

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

),

normalized as (

    select
        names.player_name,
        coalesce(aliases.normalized_name, {{ normalized_name('names.player_name') }})
            as normalized_name
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

final as (

    select
        normalized.player_name,
        normalized.normalized_name,
        case when named.players = 1 then named.player_id end as player_id,
        case
            when named.players = 1 then 'resolved'
            when named.players > 1 then 'ambiguous'
            else 'unknown'
        end as resolution
    from normalized
    left join named
        on normalized.normalized_name = named.normalized_name

)

select * from final
