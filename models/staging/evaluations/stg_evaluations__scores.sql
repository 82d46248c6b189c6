with scores as (

    select * from {{ source('evaluations', 'scores') }}
    where {{ every_game_date() }}

),

final as (

    select
        {{ row_id(['evaluation_id', 'market', 'system', 'player_id', 'game_id']) }} as score_id,
        evaluation_id,
        market,
        system,
        player_id,
        game_id,
        game_date,
        mean,
        variance,
        median,
        actual,
        absolute_error,
        mean_error,
        pinball,
        crps,
        is_within_50,
        is_within_80,
        is_within_90,
        pit_low,
        pit_high,
        expected_minutes,
        is_home,
        is_compared,
        line,
        over_probability,
        push_probability,
        market_probability,
        over_price,
        under_price,
        over_bookmaker,
        under_bookmaker,
        is_line_newer,
        _dlt_load_id as source_load_id
    from scores

)

select * from final
