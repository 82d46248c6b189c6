with bets as (

    select * from {{ source('bets', 'bets') }}

),

final as (

    select
        bet_id,
        player_name,
        market,
        side,
        cast(line as {{ type_double() }}) as line,
        cast(price_american as {{ dbt.type_bigint() }}) as price_american,
        cast(stake as {{ type_double() }}) as stake,
        placed_at,
        stated_date,
        bookmaker,
        reference,
        note,
        _dlt_load_id as source_load_id,
        {{ load_instant('_dlt_load_id') }} as loaded_at
    from bets

)

select * from final
