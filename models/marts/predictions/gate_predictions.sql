-- What people are shown may rely on this: whoever has a line is predicted, from before its time, by numbers that make sense.
with coverage as (

    select * from {{ ref('prediction_coverage') }}
    where {{ in_gate_window() }}

),

predictions as (

    select
        *,
        system = '{{ var("published_system") }}' as is_published
    from {{ ref('player_prop_predictions') }}
    where {{ in_gate_window() }}

),

active as (

    select * from {{ ref('active_player_prop_predictions') }}
    where {{ in_gate_window() }}

),

graded as (

    select
        *,
        system = '{{ var("published_system") }}' as is_published
    from {{ ref('prediction_accuracy') }}
    where {{ in_gate_window() }}

),

active_keys as (

    select
        game_date,
        count(*) as predictions,
        max(made_at) as made_at,
        min(tipoff_at) as tipoff_at
    from active
    group by game_date, run_mode, system, player_id, game_id, market

),

slate as (

    select
        active.market,
        active.predicted_value,
        case active.market
            {% for market in all_markets() -%}
                when '{{ market.name }}' then {{ market_parts(market, 'slate', '_avg_last_10') }}
            {% endfor -%}
        end as average_last_10
    from active
    inner join {{ ref('upcoming_slate') }} as slate
        on
            active.player_id = slate.player_id
            and active.game_id = slate.game_id
            and active.information_set = slate.information_set
    where
        active.run_mode = '{{ var("run_mode") }}'
        and active.system = '{{ var("published_system") }}'

),

slate_means as (

    select
        {{ slate_date() }} as game_date,
        market,
        count(*) as predictions,
        abs({{ safe_divide('sum(predicted_value)', 'sum(average_last_10)') }} - 1) as distance
    from slate
    where average_last_10 is not null
    group by market

),

measured as (

    {{ measure(
        'players_with_a_line_are_predicted', 'coverage',
        share("reason in ('PREDICTED', 'PLAYER_OUT')"),
        where='has_prop_line'
    ) }}
    union all
    {{ measure(
        'a_slate_with_lines_has_predictions', 'coverage', 'sum(markets_predicted)',
        where='has_prop_line and ' ~ ('true' if var('run_id') else 'false')
    ) }}
    union all
    {{ offenders(
        'quantiles_are_in_order',
        'predictions',
        'is_published and not coalesce(quantile_10 <= quantile_25 and quantile_25 <= quantile_50'
        ~ ' and quantile_50 <= quantile_75 and quantile_75 <= quantile_90, false)'
    ) }}
    union all
    {{ offenders(
        'probabilities_are_probabilities',
        'predictions',
        'is_published and ' ~ has_wrong_probabilities()
    ) }}
    union all
    {{ offenders(
        'no_predicted_value_is_negative',
        'predictions',
        'is_published and not coalesce(predicted_value >= 0, false)'
    ) }}
    union all
    {{ offenders(
        'one_prediction_of_a_key_is_active', 'active_keys', 'predictions > 1 or made_at >= tipoff_at'
    ) }}
    union all
    {{ offenders(
        'no_prediction_saw_a_line_of_later',
        'predictions',
        'line_known_at >= as_of or line_known_at >= tipoff_at'
        ~ ' or (line is not null and line_known_at is null)'
    ) }}
    union all
    {{ measure(
        'slate_means_are_sane',
        'slate_means',
        'max(distance)',
        where='predictions >= 50',
        subject='market'
    ) }}
    union all
    {{ offenders(
        'no_prediction_waits_for_its_grade',
        'graded',
        "is_published and grade = 'pending' and game_date < " ~ add_days(slate_date(), -2)
    ) }}
    union all
    {{ offenders(
        'who_did_not_play_costs_no_stake',
        'graded',
        "grade != 'graded' and (actual_value is not null or is_won is not null or profit is not null)"
    ) }}

),

{{ judged_gate('predictions') }}

select * from judged
