{{ config(
    post_hook="{{ drop_vanished_dates(ref('games')) }}",
    **by_game_date(['team_id']),
) }}

-- depends_on: {{ ref('gate_context') }}
-- What each defence has allowed by zone in its last 15 games, against the league's last 30 days.
with teams as (

    select * from {{ ref('upcoming_team_game_context') }}
    where {{ game_dates_to_build() }}

),

form as (

    select * from {{ ref('int_team_form__windows') }}

),

league as (

    select * from {{ ref('int_league_days__summed') }}

),

measured as (

    select
        teams.team_question_id,
        teams.question_id,
        teams.team_id,
        teams.game_id,
        teams.game_date,
        teams.information_set,
        teams.cut_off_at,
        form.zone_games_15 as games,
        {% for zone in ['paint', 'mid_range', 'three'] -%}
            {{ safe_divide(
                'form.allowed_' ~ zone ~ '_fgm_15', 'form.allowed_' ~ zone ~ '_fga_15'
            ) }}
                as {{ zone }}_pct_allowed,
            {{ safe_divide('form.allowed_' ~ zone ~ '_fga_15', 'form.zone_games_15') }}
                as {{ zone }}_attempts_allowed,
            100 * (
                {{ safe_divide(
                    'form.allowed_' ~ zone ~ '_fgm_15', 'form.allowed_' ~ zone ~ '_fga_15'
                ) }}
                - {{ safe_divide('league.' ~ zone ~ '_fgm', 'league.' ~ zone ~ '_fga') }}
            ) as {{ zone }}_vs_league,
        {% endfor -%}
        teams.source_load_id
    from teams
    left join form
        on teams.last_team_game_id = form.team_game_id
    left join league
        on teams.game_date = league.game_date

),

final as (

    select
        *,
        -- The zone where shots fall least is the strongest; nothing is said of fewer than ten games.
        case
            when games < 10 or paint_vs_league is null then null
            when paint_vs_league <= mid_range_vs_league and paint_vs_league <= three_vs_league
                then 'paint'
            when mid_range_vs_league <= three_vs_league then 'mid_range'
            else 'three'
        end as strongest_zone,
        case
            when games < 10 or paint_vs_league is null then null
            when paint_vs_league >= mid_range_vs_league and paint_vs_league >= three_vs_league
                then 'paint'
            when mid_range_vs_league >= three_vs_league then 'mid_range'
            else 'three'
        end as weakest_zone
    from measured

)

select * from final
