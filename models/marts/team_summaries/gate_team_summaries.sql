-- Two team rows a final game, and a real number of shots in each: measured a game date.
with games as (

    select * from {{ ref('games') }}
    where is_final

),

offense as (

    select * from {{ ref('team_offense_game_summary') }}

),

defense as (

    select * from {{ ref('team_defense_game_summary') }}

),

expected as (

    select
        game_date,
        2 * count(*) as team_rows
    from games
    group by game_date

),

measured as (

    select
        offense.game_date,
        count(*) as team_rows,
        count(defense.team_game_id) as defense_rows,
        min(case when offense.is_countable then offense.fga end) as fewest_shots
    from offense
    left join defense
        on offense.team_game_id = defense.team_game_id
    group by offense.game_date

),

final as (

    select
        'team rows of final games' as metric,
        expected.game_date,
        cast(coalesce(measured.team_rows, 0) as {{ type_double() }}) as value,
        cast(expected.team_rows as {{ type_double() }}) as threshold
    from expected
    left join measured
        on expected.game_date = measured.game_date
    union all
    select
        'defense rows of final games' as metric,
        expected.game_date,
        cast(coalesce(measured.defense_rows, 0) as {{ type_double() }}) as value,
        cast(expected.team_rows as {{ type_double() }}) as threshold
    from expected
    left join measured
        on expected.game_date = measured.game_date
    union all
    select
        'fewest field-goal attempts of a team' as metric,
        game_date,
        cast(fewest_shots as {{ type_double() }}) as value,
        cast(50 as {{ type_double() }}) as threshold
    from measured
    where fewest_shots is not null

)

select
    {{ row_id(["'team_summaries'", 'metric', 'game_date']) }} as gate_row_id,
    'team_summaries' as layer,
    *
from final
