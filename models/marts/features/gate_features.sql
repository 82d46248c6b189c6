-- A feature row for every player of the context, measured a game date.
with features as (

    select * from {{ ref('ml_feature_store') }}
    where {{ every_game_date() }}

),

players as (

    select * from {{ ref('upcoming_player_game_context') }}
    where {{ every_game_date() }}

),

expected as (

    select
        game_date,
        count(*) as player_rows
    from players
    group by game_date

),

measured as (

    select
        game_date,
        count(*) as feature_rows
    from features
    group by game_date

),

final as (

    select
        'feature rows of context players' as metric,
        expected.game_date,
        cast(coalesce(measured.feature_rows, 0) as {{ type_double() }}) as value,
        cast(expected.player_rows as {{ type_double() }}) as threshold
    from expected
    left join measured
        on expected.game_date = measured.game_date

)

select
    {{ row_id(["'features'", 'metric', 'game_date']) }} as gate_row_id,
    'features' as layer,
    *
from final
