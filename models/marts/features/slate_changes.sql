{{ config(materialized='view') }}

-- Who of the slate is to be forecast anew: what is known of him now is something else than when he was forecast last.
{% set known = ['slate.injury_status', 'slate.skip_reason', 'slate.quality_issues'] %}
{% set inputs = known + model_inputs('slate') %}
{% for market in all_markets() %}{% do inputs.append('lines.' ~ market.name) %}{% endfor %}
-- Hashed in parts first, because parsers give up on a sum of a hundred texts.
{% set parts = inputs | batch(8) | list %}
{% set hashes = [] %}
{% for _ in parts %}{% do hashes.append('hash_' ~ loop.index) %}{% endfor %}
with slate as (

    -- What is known by now, whatever set a run forecasts with: TIP has all news up to its cut.
    select * from {{ ref('upcoming_slate') }}
    where information_set = 'TIP'

),

lines as (

    select
        questions.game_id,
        prices.player_id,
        {% for market in all_markets() -%}
            max(case
                when prices.market = '{{ market.name }}' then
                    {{ row_id([
                        'prices.books',
                        'cast(round(100 * prices.line) as ' ~ dbt.type_bigint() ~ ')',
                        'cast(round(1000000 * prices.over_probability) as ' ~ dbt.type_bigint() ~ ')',
                        'prices.best_over_price', 'prices.best_under_price',
                        'prices.best_over_bookmaker', 'prices.best_under_bookmaker',
                    ]) }}
            end) as {{ market.name }},
        {% endfor -%}
        max(prices.known_at) as known_at
    from {{ ref('int_prop_lines__as_of') }} as prices
    inner join {{ ref('int_games__to_build') }} as questions
        on prices.question_id = questions.question_id
    where questions.information_set = 'LINE'
    group by questions.game_id, prices.player_id

),

hashed as (

    select
        slate.player_id,
        slate.game_id,
        slate.game_date,
        {% for part in parts -%}
            {{ row_id(part) }} as {{ hashes[loop.index0] }},
        {% endfor -%}
        slate.skip_reason
    from slate
    left join lines
        on
            slate.player_id = lines.player_id
            and slate.game_id = lines.game_id

),

known as (

    select
        player_id,
        game_id,
        game_date,
        skip_reason,
        {{ row_id(hashes) }} as input_hash
    from hashed

),

players as (

    select distinct
        member_id,
        player_id
    from {{ ref('int_players__crosswalk') }}

),

game_members as (

    select distinct
        member_id,
        game_id
    from {{ ref('int_games__crosswalk') }}

),

forecasts as (

    select
        players.player_id,
        game_members.game_id,
        forecasts.run_id,
        forecasts.created_at,
        forecasts.input_hash,
        row_number() over (
            partition by players.player_id, game_members.game_id
            order by forecasts.created_at desc, forecasts.forecast_id asc
        ) as recency
    from {{ ref('stg_forecasts__forecasts') }} as forecasts
    inner join players
        on forecasts.player_id = players.member_id
    inner join game_members
        on forecasts.game_id = game_members.member_id
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
        -- never forecast: there is no hash to differ from
        coalesce(
            known.skip_reason is null and known.input_hash != forecasts.input_hash,
            known.skip_reason is null
        ) as is_changed
    from known
    left join forecasts
        on
            known.player_id = forecasts.player_id
            and known.game_id = forecasts.game_id
            and forecasts.recency = 1

)

select * from final
