with waivers as (

    select * from {{ source('runs', 'waivers') }}

),

final as (

    select
        waiver_id,
        metric,
        game_date,
        waived_by,
        reason,
        created_at,
        expires_at
    from waivers

)

select * from final
