-- How far each model input of the last days is from what models were trained on: shift of the mean in standard deviations, and
-- the change of how often it is missing.
{% set first_recent = add_days(slate_date(), -(var('drift_days') - 1)) %}
with days as (

    select
        *,
        case when game_date >= {{ first_recent }} then 'recent' else 'before' end as stretch
    from {{ ref('feature_days') }}
    where {{ every_game_date() }} and game_date <= {{ slate_date() }}

),

expected as (

    select * from {{ ref('drift_expected') }}

),

summed as (

    select
        feature,
        {% for stretch in ['before', 'recent'] -%}
            {% for column in ['n_rows', 'n_known', 'value_sum'] -%}
                {{ integer_sum(
                    "case when stretch = '" ~ stretch ~ "' then " ~ column ~ " else 0 end"
                ) }} as {{ stretch }}_{{ column }},
            {% endfor -%}
        {% endfor -%}
        {{ integer_sum("case when stretch = 'before' then square_sum else 0 end") }}
            as before_square_sum
    from days
    group by feature

),

measured as (

    select
        *,
        {{ safe_divide('before_value_sum', '1000 * before_n_known') }} as mean_before,
        {{ safe_divide('recent_value_sum', '1000 * recent_n_known') }} as mean_recent,
        sqrt({{ greatest_known([
            safe_divide('before_square_sum', '1000000 * before_n_known')
            ~ ' - ' ~ safe_divide('before_value_sum', '1000 * before_n_known')
            ~ ' * ' ~ safe_divide('before_value_sum', '1000 * before_n_known'), '0.0'
        ]) }}) as std_before,
        1 - {{ safe_divide('before_n_known', 'before_n_rows') }} as missing_share_before,
        1 - {{ safe_divide('recent_n_known', 'recent_n_rows') }} as missing_share_recent
    from summed

),

shifted as (

    select
        *,
        {{ safe_divide('mean_recent - mean_before', 'std_before') }} as mean_shift,
        missing_share_recent - missing_share_before as missing_share_change,
        before_n_rows >= {{ var('drift_min_rows') }}
        and recent_n_rows >= {{ var('drift_min_rows') }} as is_enough
    from measured

),

final as (

    select
        shifted.feature,
        shifted.before_n_rows as rows_before,
        shifted.recent_n_rows as rows_recent,
        shifted.mean_before,
        shifted.mean_recent,
        shifted.std_before,
        shifted.mean_shift,
        shifted.missing_share_before,
        shifted.missing_share_recent,
        expected.reason as expected_because,
        shifted.is_enough
        and expected.feature is null
        and (
            coalesce(abs(shifted.mean_shift), 0) > {{ var('drift_mean_shift') }}
            or abs(shifted.missing_share_change) > {{ var('drift_missing_share') }}
        ) as is_drifted
    from shifted
    left join expected
        on shifted.feature = expected.feature

)

select * from final
