-- A context row for both sides of every game asked about, and no fact younger than the cut: measured a game date.
with teams as (

    select * from {{ ref('upcoming_team_game_context') }}

),

players as (

    select * from {{ ref('upcoming_player_game_context') }}
    where {{ every_game_date() }}

),

final as (

    select
        'context rows of teams' as metric,
        game_date,
        cast(count(*) as {{ type_double() }}) as value,
        cast(2 * count(distinct question_id) as {{ type_double() }}) as threshold
    from teams
    group by game_date
    union all
    select
        'player rows that know nothing younger than their cut' as metric,
        game_date,
        cast(
            count(case when inputs_known_at < cut_off_at or inputs_known_at is null then 1 end)
            as {{ type_double() }}
        ) as value,
        cast(count(*) as {{ type_double() }}) as threshold
    from players
    group by game_date

)

select
    {{ row_id(["'context'", 'metric', 'game_date']) }} as gate_row_id,
    'context' as layer,
    *
from final
