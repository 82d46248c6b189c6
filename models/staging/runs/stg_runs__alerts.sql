with alerts as (

    select * from {{ source('runs', 'alerts') }}

),

final as (

    select
        alert_id,
        rule,
        severity,
        cause,
        day,
        message,
        remedy,
        sent_at
    from alerts

)

select * from final
