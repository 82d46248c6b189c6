-- What the layers behind may rely on: known teams, decided games, one game a team and day.
with games as (

    select * from {{ ref('games') }}
    where {{ in_gate_window() }}

),

team_days as (

    select
        team_id,
        game_date,
        count(*) as games
    from {{ ref('int_team_games__scheduled') }}
    where {{ in_gate_window() }}
    group by team_id, game_date

),

statuses as (

    select
        status,
        {{ eastern_date('known_at') }} as game_date
    from {{ ref('int_injury_statuses__resolved') }}

),

measured as (

    {{ measure(
        'every_game_has_both_teams_known',
        'games',
        share("coalesce(is_franchise_game, false) or coalesce(season_type = 'All-Star', false)")
    ) }}
    union all
    {{ offenders(
        'no_final_game_is_a_draw', 'games', 'is_final and coalesce(home_score = away_score, true)'
    ) }}
    union all
    {{ offenders('every_tip_off_is_known', 'games', "tipoff_basis = 'fallback'") }}
    union all
    {{ offenders('no_team_plays_twice_a_day', 'team_days', 'games > 1') }}
    union all
    {{ measure(
        'most_injury_statuses_are_understood',
        'statuses',
        share("status != 'unknown'"),
        where=in_gate_window()
    ) }}

),

{{ judged_gate('core') }}

select * from judged
