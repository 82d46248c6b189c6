-- Tonight's games, begun or not, with both teams' names and how many forecasts each has.
-- depends_on: {{ ref('gate_predictions') }}
with games as (

    select * from {{ ref('games') }}
    where game_date = {{ slate_date() }}

),

teams as (

    select * from {{ ref('teams') }}

),

cards as (

    select
        game_id,
        count(*) as forecasts,
        count(distinct player_id) as players,
        count(line) as lines,
        count(case when recommendation in ('OVER', 'UNDER') then 1 end) as calls
    from {{ ref('todays_cards') }}
    group by game_id

),

final as (

    select
        games.game_id,
        games.game_date,
        games.tipoff_at,
        games.tipoff_at <= {{ as_of() }} as has_begun,
        home.abbreviation as home_abbreviation,
        home.full_name as home_name,
        away.abbreviation as away_abbreviation,
        away.full_name as away_name,
        coalesce(cards.players, 0) as players,
        coalesce(cards.forecasts, 0) as forecasts,
        coalesce(cards.lines, 0) as lines,
        coalesce(cards.calls, 0) as calls
    from games
    left join teams as home
        on games.home_team_id = home.team_id
    left join teams as away
        on games.away_team_id = away.team_id
    left join cards
        on games.game_id = cards.game_id

)

select * from final
