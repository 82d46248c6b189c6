-- And of a key, which holds the mode, one is active.
select
    run_mode,
    system,
    player_id,
    game_id,
    market
from {{ ref('active_player_prop_predictions') }}
group by run_mode, system, player_id, game_id, market
having
    count(*) > 1
    or max(case when run_mode = 'live' then created_at else as_of end) >= min(tipoff_at)
