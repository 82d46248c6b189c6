-- The daily sums of every stratum: all, X20 (expected minutes of at least 20), home, lines, months, bands of minutes.
{% set sums = [
    'n', 'absolute_error', 'mean_absolute_error', 'squared_error', 'mean_error', 'pinball', 'crps',
    'within_50', 'within_80', 'within_90',
] %}
{% set strata = [
    ("'all'", 'true'),
    ("'X20'", "minutes_band in ('20-25', '25-30', '30+')"),
    ("'home'", 'is_home'),
    ("'away'", 'not is_home'),
    ("'with line'", 'has_line'),
    ("'without line'", 'not has_line'),
    ("'month ' || substr(" ~ to_text('game_date') ~ ", 1, 7)", 'true'),
    ("'minutes ' || minutes_band", 'true'),
] %}

with daily as (

    select * from {{ ref('int_evaluations__daily') }}

),

strata as (

    {% for name, holds in strata -%}
        select
            evaluation_id,
            market,
            system,
            {{ name }} as stratum,
            game_date,
            {{ sums | join(',\n            ') }}
        from daily
        where {{ holds }}
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

final as (

    select
        {{ row_id(['evaluation_id', 'market', 'system', 'stratum', 'game_date']) }}
            as stratum_day_id,
        evaluation_id,
        market,
        system,
        stratum,
        game_date,
        {% for name in sums -%}
            sum({{ name }}) as {{ name }}{{ ',' if not loop.last }}
        {% endfor %}
    from strata
    group by
        evaluation_id,
        market,
        system,
        stratum,
        game_date

)

select * from final
