{{ config(materialized='view') }}

-- Who of the slate is to be forecast anew: what is known of him now is something else than when he was forecast last.
{% set markets = markets() | map(attribute='name') | list %}
{% set line_columns = [] %}
{% for market in markets %}{% do line_columns.append('lines.' ~ market) %}{% endfor %}
with slate as (

    -- What is known by now, whatever set a run forecasts with: TIP has all news up to its cut.
    select * from {{ ref('upcoming_slate') }}
    where information_set = 'TIP'

),

lines as (

    select
        questions.game_id,
        prices.player_id,
        {% for market in markets -%}
            max(case
                when prices.market = '{{ market }}' then {{ row_id([
                    'prices.line', 'prices.books', 'round(prices.over_probability, 6)',
                    'prices.best_over_price', 'prices.best_under_price',
                    'prices.best_over_bookmaker', 'prices.best_under_bookmaker',
                ]) }}
            end) as {{ market }}{{ ',' if not loop.last }}
        {% endfor -%}
    from {{ ref('int_prop_lines__as_of') }} as prices
    inner join {{ ref('int_games__to_build') }} as questions
        on prices.question_id = questions.question_id
    where questions.information_set = 'LINE'
    group by questions.game_id, prices.player_id

),

known as (

    select
        slate.player_id,
        slate.game_id,
        slate.game_date,
        slate.skip_reason,
        {{ row_id(
            ['slate.injury_status', 'slate.skip_reason']
            + line_columns
            + model_inputs('slate')
        ) }} as input_hash
    from slate
    left join lines
        on
            slate.player_id = lines.player_id
            and slate.game_id = lines.game_id

),

forecasts as (

    select
        players.player_id,
        games.game_id,
        forecasts.run_id,
        forecasts.created_at,
        forecasts.input_hash,
        row_number() over (
            partition by players.player_id, games.game_id
            order by forecasts.created_at desc, forecasts.forecast_id asc
        ) as recency
    from {{ ref('stg_forecasts__forecasts') }} as forecasts
    inner join (select distinct member_id, player_id from {{ ref('int_players__crosswalk') }})
        as players
        on forecasts.player_id = players.member_id
    inner join (select distinct member_id, game_id from {{ ref('int_games__crosswalk') }}) as games
        on forecasts.game_id = games.member_id
    where
        forecasts.run_mode = '{{ var("run_mode") }}'
        and forecasts.game_date between {{ add_days(slate_date(), -7) }} and {{ slate_date() }}

),

final as (

    select
        known.player_id,
        known.game_id,
        known.game_date,
        known.skip_reason,
        known.input_hash,
        forecasts.input_hash as forecast_input_hash,
        forecasts.run_id as forecast_run_id,
        forecasts.created_at as forecast_at,
        known.skip_reason is null
        and known.input_hash is distinct from forecasts.input_hash as is_changed
    from known
    left join forecasts
        on
            known.player_id = forecasts.player_id
            and known.game_id = forecasts.game_id
            and forecasts.recency = 1

)

select * from final
