-- League totals of the 30 days before each game date, that day's games not among them.
with team_games as (

    select * from {{ ref('int_team_games__countable') }}

),

days as (

    select distinct game_date from {{ ref('games') }}

),

final as (

    select
        days.game_date,
        count(*) as team_games,
        {{ integer_sum('team_games.possessions_x200') }} as possessions_x200,
        {{ integer_sum('team_games.pts') }} as pts,
        {% for stat in markets() if stat.column != 'pts' -%}
            {{ integer_sum('team_games.opponent_' ~ stat.column) }} as {{ stat.column }},
        {% endfor -%}
        {{ integer_sum('team_games.opponent_fta') }} as fta,
        {% for zone in ['paint', 'mid_range', 'three'] -%}
            {{ integer_sum('team_games.allowed_' ~ zone ~ '_fga') }} as {{ zone }}_fga,
            {{ integer_sum('team_games.allowed_' ~ zone ~ '_fgm') }} as {{ zone }}_fgm,
        {% endfor -%}
        max(team_games.result_known_at) as known_at
    from days
    inner join team_games
        on
            {{ earlier_day(
                'team_games.game_date', 'team_games.result_known_at', 'days.game_date'
            ) }}
            and team_games.game_date >= {{ add_days('days.game_date', -30) }}
    group by days.game_date

)

select * from final
