{# How old the inputs of the slate are: the results of the day before, and for a live run the reports of injuries. #}
{% macro input_ages() %}
    select
        'the_last_game_day_is_known' as metric,
        cast(null as {{ dbt.type_string() }}) as subject,
        {{ slate_date() }} as game_date,
        {{ safe_divide("count(case when status in ('final', 'postponed') then 1 end)", 'count(*)') }} as value
    from {{ ref('games') }}
    where
        {{ add_minutes('tipoff_at', 480) }} <= {{ as_of() }}
        and game_date = (
            select max(game_date) from {{ ref('games') }}
            where game_date < {{ slate_date() }} and game_date >= {{ add_days(slate_date(), -7) }}
        )
    having count(*) > 0
    union all
    select
        'injury_reports_are_fresh' as metric,
        cast(null as {{ dbt.type_string() }}) as subject,
        {{ slate_date() }} as game_date,
        -- a load of later than the instant is as young as can be
        {{ greatest_known(['0', minutes_between('max(inserted_at)', as_of())]) }} / 60.0 as value
    from {{ source('balldontlie', '_dlt_loads') }}
    where {{ 'true' if var('run_id') and var('run_mode') == 'live' else 'false' }}
    having count(*) > 0
{% endmacro %}
