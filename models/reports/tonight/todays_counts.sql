-- Tonight in one row: how many games, players, forecasts, lines and calls, and when the next games are.
-- depends_on: {{ ref('gate_predictions') }}
with games as (

    select * from {{ ref('games') }}

),

slate_games as (

    select
        count(*) as games,
        count(case when not has_begun then 1 end) as games_to_come
    from {{ ref('todays_games') }}

),

next_games as (

    select min(game_date) as next_game_date from games
    where game_date > {{ slate_date() }}

),

slate_players as (

    select
        count(*) as players,
        count(case when reason = 'PREDICTED' then 1 end) as players_forecast,
        count(case when has_prop_line then 1 end) as players_with_a_line
    from {{ ref('todays_players') }}

),

cards as (

    select
        count(*) as forecasts,
        count(line) as forecasts_with_a_line,
        count(case when recommendation in ('OVER', 'UNDER') then 1 end) as calls,
        max(information_set) as information_set,
        max(as_of) as forecast_as_of,
        max(line_known_at) as line_known_at
    from {{ ref('todays_cards') }}

),

final as (

    select
        {{ slate_date() }} as slate_date,
        {{ as_of() }} as as_of,
        '{{ var("run_mode") }}' as run_mode,
        '{{ var("published_system") }}' as published_system,
        next_games.next_game_date,
        slate_games.games,
        slate_games.games_to_come,
        slate_players.players,
        slate_players.players_forecast,
        slate_players.players_with_a_line,
        cards.forecasts,
        cards.forecasts_with_a_line,
        cards.calls,
        cards.information_set,
        cards.forecast_as_of,
        cards.line_known_at
    from slate_games
    cross join next_games
    cross join slate_players
    cross join cards

)

select * from final
