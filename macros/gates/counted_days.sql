{# How many games each date has in each scope of the gates; ends in `union all`. #}
{% macro counted_days() %}
    select
        game_date,
        count(*) as games,
        count(case when is_final and season_type != 'All-Star' then 1 end) as final_games,
        count(
            case
                when
                    is_franchise_game
                    and status != 'postponed'
                    and game_date <= {{ add_days(slate_date(), 1) }}
                    then 1
            end
        ) as games_to_build,
        count(
            case
                when
                    is_franchise_game
                    and status != 'postponed'
                    and game_date = {{ slate_date() }}
                    and tipoff_at > {{ as_of() }}
                    then 1
            end
        ) as slate_games,
        0 as runs
    from {{ ref('games') }}
    where {{ in_gate_window() }}
    group by game_date
    union all
{% endmacro %}
