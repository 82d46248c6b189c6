{% set days_back = 150 %}
-- The last ten games of everybody who has a card, a row a game, with the consensus line of its day where one is known.
with players as (

    select distinct player_id from {{ ref('todays_cards') }}

),

results as (

    select * from {{ ref('player_game_summary') }}
    where
        game_date >= {{ add_days(slate_date(), -days_back) }}
        and game_date < {{ slate_date() }}
        and has_played

),

lines as (

    select * from {{ ref('prop_line_outcomes') }}
    where
        game_date >= {{ add_days(slate_date(), -days_back) }}
        and game_date < {{ slate_date() }}

),

teams as (

    select * from {{ ref('teams') }}

),

ranked as (

    select
        results.*,
        row_number() over (
            partition by results.player_id order by results.tipoff_at desc, results.game_id asc
        ) as recency
    from players
    inner join results
        on players.player_id = results.player_id

),

wide_lines as (

    select
        player_id,
        game_id,
        {% for market in all_markets() -%}
            max(case when market = '{{ market.name }}' then consensus_line end)
                as {{ market.name }}_line,
        {% endfor -%}
        count(*) as lines
    from lines
    group by player_id, game_id

),

final as (

    select
        ranked.player_game_id,
        ranked.player_id,
        ranked.recency,
        ranked.game_date,
        teams.abbreviation as opponent_abbreviation,
        ranked.is_home,
        {% for market in all_markets() -%}
            {{ market_value(market, 'ranked') }} as {{ market.name }},
        {% endfor -%}
        {% for market in all_markets() -%}
            wide_lines.{{ market.name }}_line,
        {% endfor -%}
        cast(round(ranked.seconds_played / 60) as {{ dbt.type_bigint() }}) as minutes
    from ranked
    left join teams
        on ranked.opponent_team_id = teams.team_id
    left join wide_lines
        on
            ranked.player_id = wide_lines.player_id
            and ranked.game_id = wide_lines.game_id
    where ranked.recency <= 10

)

select * from final
