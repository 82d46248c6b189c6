{{ config(materialized='view') }}

-- Each model beside the one that forecasts its market, on the same player-games: held out of both, or forecast by both
-- and graded. The rule of a promotion stands here and nowhere else.
with challenges as (

    select
        models.model_version,
        models.market,
        models.information_set,
        champions.model_version as champion_version
    from {{ ref('stg_forecasts__model_versions') }} as models
    inner join {{ ref('model_champions') }} as champions
        on
            models.market = champions.market
            and models.information_set = champions.information_set
            and models.model_version != champions.model_version
    where models.system = 'catboost'

),

holdouts as (

    select * from {{ ref('stg_forecasts__model_holdouts') }}

),

shadows as (

    select * from {{ ref('model_graded_days') }}

),

days as (

    select
        'held out' as evidence,
        challenges.model_version,
        holdouts.game_date,
        holdouts.n_rows,
        holdouts.absolute_error_millionths,
        rivals.absolute_error_millionths as champion_error_millionths
    from challenges
    inner join holdouts
        on challenges.model_version = holdouts.model_version
    inner join holdouts as rivals
        on
            challenges.champion_version = rivals.model_version
            and holdouts.game_date = rivals.game_date
            -- the same rows of that day
            and holdouts.n_rows = rivals.n_rows
            and holdouts.outcomes = rivals.outcomes
    union all
    select
        'graded' as evidence,
        shadows.model_version,
        shadows.game_date,
        shadows.n_rows,
        shadows.absolute_error_millionths,
        shadows.champion_error_millionths
    from shadows

),

-- in thousandths, so that squares stay within an integer
differences as (

    select
        days.*,
        cast(round({{ safe_divide(
            'absolute_error_millionths - champion_error_millionths', '1000'
        ) }}) as {{ dbt.type_bigint() }}) as more
    from days

),

summed as (

    select
        model_version,
        evidence,
        count(*) as days,
        {{ integer_sum('n_rows') }} as n_rows,
        {{ integer_sum('absolute_error_millionths') }} as error_sum,
        {{ integer_sum('champion_error_millionths') }} as champion_error_sum,
        {{ safe_divide(integer_sum('more'), integer_sum('n_rows')) }} as more_a_row,
        {{ integer_sum('more * more') }} as more_squares,
        {{ integer_sum('more * n_rows') }} as more_by_rows,
        {{ integer_sum('n_rows * n_rows') }} as row_squares
    from differences
    group by model_version, evidence

),

measured as (

    select
        *,
        {{ safe_divide('error_sum', '1000000 * n_rows') }} as mean_absolute_error,
        {{ safe_divide('champion_error_sum', '1000000 * n_rows') }} as champion_mean_absolute_error,
        -- of the mean difference, a day being one draw: players of a day miss together
        {{ safe_divide(
            'sqrt(' ~ safe_divide('days', 'days - 1') ~ ' * ' ~ greatest_known([
                'more_squares - 2 * more_a_row * more_by_rows'
                ~ ' + more_a_row * more_a_row * row_squares',
                '0.0'
            ]) ~ ')',
            '1000 * n_rows'
        ) }} as standard_error
    from summed

),

final as (

    select
        {{ row_id(['measured.model_version', 'measured.evidence']) }} as comparison_id,
        measured.model_version,
        challenges.champion_version,
        challenges.market,
        challenges.information_set,
        measured.evidence,
        measured.days,
        measured.n_rows,
        measured.mean_absolute_error,
        measured.champion_mean_absolute_error,
        measured.standard_error,
        measured.n_rows >= {{ var('promotion_min_rows') }} and measured.days >= 2 as is_enough,
        measured.mean_absolute_error - measured.champion_mean_absolute_error
        <= measured.standard_error as is_not_worse
    from measured
    inner join challenges
        on measured.model_version = challenges.model_version

)

select * from final
