{{ config(materialized='view') }}

-- What each live run had of every need when it forecast: known by its as-of instant, and not too old by then.
with slates as (

    select
        run_id as slate_id,
        game_date_to as game_date,
        as_of
    from {{ ref('stg_runs__runs') }}
    where run_mode = 'live' and information_set is not null

),

{{ source_states('slates') }},

final as (

    select
        state_id as run_source_id,
        slate_id as run_id,
        game_date,
        need,
        source,
        resource,
        is_required,
        expected,
        present,
        share,
        latest_at,
        share >= minimum_share and coalesce(expires_at > as_of, true) as is_there,
        case
            when share >= minimum_share and coalesce(expires_at > as_of, true) then 0
            else quality_impact
        end as quality_lost
    from judged

)

select * from final
