{%- set resolved = ref('int_bets__resolved') -%}
{%- set is_asked = execute and model.resource_type != 'unit_test' -%}
{%- set has_bets = is_asked and load_relation(resolved) is not none -%}
{%- set dates = run_query(
    'select distinct game_date from ' ~ resolved ~ ' where game_date is not null order by game_date'
).columns[0].values() if has_bets else [] -%}
-- The last consensus line before tip-off of what a user's bet is on: what the books thought in the end.
with bets as (

    select * from {{ resolved }}
    where game_id is not null

),

questions as (

    select distinct
        game_id as question_id,
        game_id,
        tipoff_at as cut_off_at,
        tipoff_at
    from bets

),

quotes as (

    select * from {{ ref('int_prop_quotes__paired') }}
    where
        {{ is_one_of('game_date', dates) if has_bets else every_game_date() }}
        and player_id is not null
        and game_id is not null

),

{{ prop_line_consensus('questions', 'quotes') }},

final as (

    select
        bets.bet_id,
        consensus.line as closing_line,
        consensus.known_at as closing_known_at,
        case bets.side
            when 'over' then consensus.over_probability
            else 1 - consensus.over_probability
        end as closing_probability
    from bets
    inner join consensus
        on
            bets.game_id = consensus.question_id
            and bets.player_id = consensus.player_id
            and bets.market = consensus.market

)

select * from final
