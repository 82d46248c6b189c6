-- The daily sums of every stratum (X20: expected minutes of at least 20), of all player-games that a system speaks of and of
-- those that every system speaks of.
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
{% set chosen = [] %}
{% for scope, is_in_scope in [('own', 'true'), ('common', 'is_compared')] %}
    {% for name, holds in strata %}
        {% do chosen.append((scope, is_in_scope, name, holds)) %}
    {% endfor %}
{% endfor %}

with daily as (

    select * from {{ ref('int_evaluations__daily') }}

),

strata as (

    {% for scope, is_in_scope, name, holds in chosen -%}
        select
            evaluation_id,
            market,
            system,
            '{{ scope }}' as scope,
            {{ name }} as stratum,
            game_date,
            {{ sums | join(',\n            ') }}
        from daily
        where {{ holds }} and {{ is_in_scope }}
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

final as (

    select
        {{ row_id(['evaluation_id', 'market', 'system', 'scope', 'stratum', 'game_date']) }}
            as stratum_day_id,
        evaluation_id,
        market,
        system,
        scope,
        stratum,
        {% for name in sums -%}
            {{ integer_sum(name) }} as {{ name }},
        {% endfor -%}
        game_date
    from strata
    group by
        evaluation_id,
        market,
        system,
        scope,
        stratum,
        game_date

)

select * from final
