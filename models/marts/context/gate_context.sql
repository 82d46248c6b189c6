-- Both sides and every known player of the dates that were built, no fact younger than its cut, and lines where raw has them.
with teams as (

    select * from {{ ref('upcoming_team_game_context') }}
    where {{ in_gate_window() }}

),

players as (

    select * from {{ ref('upcoming_player_game_context') }}
    where {{ in_gate_window() }}

),

questions as (

    select * from {{ ref('int_games__to_build') }}
    where {{ in_gate_window() }}

),

known_players as (

    select
        questions.game_date,
        players.player_question_id is not null as has_context_row
    from {{ ref('int_slate_players__known') }} as known
    inner join questions
        on known.question_id = questions.question_id
    left join players
        on known.player_question_id = players.player_question_id

),

team_rosters as (

    -- From the teams on: one of which nobody is known has no player row to count.
    select
        teams.game_date,
        count(players.player_id) as known_players
    from teams
    inner join {{ ref('int_team_games__scheduled') }} as scheduled
        on
            teams.game_id = scheduled.game_id
            and teams.team_id = scheduled.team_id
    left join players
        on
            teams.question_id = players.question_id
            and teams.team_id = players.team_id
    where teams.information_set = 'BASE' and scheduled.team_game_number > 2
    group by teams.game_date, teams.question_id, teams.team_id

),

quotes as (

    select * from {{ ref('int_prop_quotes__paired') }}
    where
        {{ in_gate_window() }}
        and market = 'points'
        and {{ known_before('known_at', as_of(), 'tipoff_at') }}

),

quoted_players as (

    select distinct
        game_id,
        player_id
    from quotes

),

slate as (

    select
        players.*,
        quoted_players.player_id is not null as is_quoted
    from players
    left join quoted_players
        on
            players.game_id = quoted_players.game_id
            and players.player_id = quoted_players.player_id
    where
        players.information_set = 'LINE'
        and players.game_date = {{ slate_date() }}
        and players.tipoff_at > {{ as_of() }}
        -- Of this build: a date for which a build makes no row keeps those of the one before.
        and players.built_as_of = {{ as_of() }}

),

lines as (

    select
        questions.game_date,
        coalesce(
            lines.known_at >= questions.cut_off_at or lines.known_at >= questions.tipoff_at, true
        ) as is_too_late
    from {{ ref('int_prop_lines__as_of') }} as lines
    inner join questions
        on lines.question_id = questions.question_id

),

measured as (

    {{ measure(
        'every_scheduled_team_has_a_context_row',
        'teams',
        safe_divide('count(*)', '2 * count(distinct question_id)')
    ) }}
    union all
    {{ measure(
        'every_rostered_player_has_a_context_row', 'known_players', share('has_context_row')
    ) }}
    union all
    {{ measure('every_team_knows_8_players', 'team_rosters', 'min(known_players)') }}
    union all
    {{ measure('the_slate_has_players', 'slate', 'count(*)') }}
    union all
    {{ offenders(
        'no_context_row_knows_anything_younger_than_its_cut',
        'players',
        'inputs_known_at >= cut_off_at or cut_off_at > tipoff_at'
    ) }}
    union all
    {{ offenders('no_line_was_known_at_or_after_the_cut', 'lines', 'is_too_late') }}
    union all
    {{ measure(
        'most_quoted_names_are_known', 'quotes', share('player_id is not null', 'player_name')
    ) }}
    union all
    {{ measure('players_with_a_prop_line', 'slate', share('has_prop_line')) }}
    union all
    {{ measure(
        'quoted_players_have_a_line_by_evening',
        'slate',
        share('has_prop_line'),
        where='is_quoted and ' ~ as_of() ~ ' >= ' ~ eastern_instant(slate_date(), '17')
    ) }}

),

{{ judged_gate('context') }}

select * from judged
