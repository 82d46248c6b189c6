-- Statuses under our player ids, in one vocabulary. A text outside it is kept and says so.
with statuses as (

    select * from {{ ref('int_sources__injury_statuses') }}

),

vocabulary as (

    select * from {{ ref('injury_vocabulary') }}

),

names as (

    select * from {{ ref('int_prop_names__resolved') }}

),

players as (

    select * from {{ ref('int_players__crosswalk') }}

),

final as (

    select
        statuses.status_id,
        coalesce(players.player_id, names.player_id) as player_id,
        statuses.player_name,
        statuses.status_text,
        coalesce(vocabulary.status, 'unknown') as status,
        vocabulary.severity,
        statuses.detail,
        statuses.known_at,
        statuses.gone_by_at,
        statuses.source,
        statuses.source_load_id,
        statuses.loaded_at
    from statuses
    left join vocabulary
        on lower(trim(statuses.status_text)) = vocabulary.status_text
    left join players
        on
            statuses.source = players.source
            and statuses.source_player_id = players.source_player_id
    left join names
        on statuses.player_name = names.player_name

)

select * from final
