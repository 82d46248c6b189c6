{{ config(
    post_hook="{{ drop_vanished_dates(ref('games')) }}",
    **by_game_date(['feature']),
) }}

-- Sums of every model input by day, so that its distribution of any stretch of days costs nothing to ask.
with features as (

    select * from {{ ref('ml_feature_store') }}
    where {{ game_dates_to_build() }}

),

{{ feature_day_sums('features') }},

final as (

    select
        {{ row_id([to_text('game_date'), 'feature']) }} as feature_day_id,
        game_date,
        feature,
        n_rows,
        cast(n_known as {{ dbt.type_bigint() }}) as n_known,
        cast(value_sum as {{ dbt.type_bigint() }}) as value_sum,
        cast(square_sum as {{ dbt.type_bigint() }}) as square_sum
    from day_sums

)

select * from final
