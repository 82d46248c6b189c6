-- Does a hot hand last? What the next game brings beyond the season's average, by how far the last five were from it.
-- Read it down: were form all, above_season_next would be above_season_last_5; were it noise, nothing.
with form as (

    select * from {{ ref('player_daily_cache') }}
    where games_played_season >= 15 and minutes_avg_season >= 15 and {{ every_game_date() }}

),

results as (

    select * from {{ ref('player_game_summary') }}
    where has_played and not is_partial and {{ every_game_date() }}

),

deviations as (

    select
        cast(round((form.points_avg_last_5 - form.points_avg_season) / 2) as {{ dbt.type_int() }})
        * 2 as points_above_season,
        form.points_avg_last_5 - form.points_avg_season as last_5,
        results.pts - form.points_avg_season as next_game
    from form
    inner join results
        on form.player_game_id = results.player_game_id

)

select
    points_above_season,
    count(*) as games,
    round(avg(last_5), 2) as above_season_last_5,
    round(avg(next_game), 2) as above_season_next,
    case
        when points_above_season != 0
            then round({{ safe_divide('avg(next_game)', 'avg(last_5)') }}, 2)
    end as share_that_lasts
from deviations
where last_5 is not null and next_game is not null
group by points_above_season
having count(*) >= 20
order by points_above_season asc
