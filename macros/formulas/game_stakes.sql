{#
    CTEs up to `staked`: calls with stake_share, the share of the bankroll that is staked. The var's fraction of Kelly's stake, held
    to the cap of a bet; the bets of a run and system on one game, which win and lose together, are cut in proportion until
    they are within the cap of a game. In millionths, so that they add up alike everywhere. Null without a line.
    calls: CTE with recommendation, both profits of one, and the published probabilities.
#}
{% macro game_stakes(calls) %}
{%- set game_cap = (1000000 * var('game_stake_cap')) | round | int -%}
single_stakes as (

    select
        *,
        case recommendation
            when 'OVER'
                then cast(round(1000000 * ({{ kelly(
                    'over_profit', 'published_over_probability', 'published_under_probability',
                    var('kelly_fraction'), var('stake_cap')
                ) }})) as {{ dbt.type_bigint() }})
            when 'UNDER'
                then cast(round(1000000 * ({{ kelly(
                    'under_profit', 'published_under_probability', 'published_over_probability',
                    var('kelly_fraction'), var('stake_cap')
                ) }})) as {{ dbt.type_bigint() }})
            when 'PASS' then 0
        end as stake_millionths
    from {{ calls }}

),

stakes_by_game as (

    select
        *,
        {{ integer_sum(
            'stake_millionths', '(partition by game_date, run_id, system, game_id)'
        ) }} as game_stake_millionths
    from single_stakes

),

staked as (

    select
        *,
        case
            when game_stake_millionths > {{ game_cap }}
                then {{ safe_divide(
                    'floor(' ~ safe_divide(game_cap ~ ' * stake_millionths', 'game_stake_millionths') ~ ')',
                    '1000000'
                ) }}
            else {{ safe_divide('stake_millionths', '1000000') }}
        end as stake_share
    from stakes_by_game

)
{% endmacro %}
