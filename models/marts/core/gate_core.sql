-- What the layers behind this one may rely on, a row a season: measured, recorded, and tested.
with games as (

    select * from {{ ref('games') }}

),

final as (

    select
        'core' as layer,
        'games with both teams known' as metric,
        game_date,
        cast(count(home_team_id) as {{ type_double() }}) as value,
        cast(count(*) as {{ type_double() }}) as threshold
    from games
    group by game_date

)

select
    {{ row_id(['layer', 'metric', 'game_date']) }} as gate_row_id,
    *
from final
