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

),

known_players as (

    select
        questions.game_date,
        count(*) as known_rows,
        count(players.player_question_id) as context_rows
    from {{ ref('int_slate_players__known') }} as known
    inner join questions
        on known.question_id = questions.question_id
    left join players
        on known.player_question_id = players.player_question_id
    group by questions.game_date

),

team_rosters as (

    select
        players.game_date,
        players.game_id,
        players.team_id,
        count(*) as known_players
    from players
    inner join {{ ref('int_team_games__scheduled') }} as scheduled
        on
            players.game_id = scheduled.game_id
            and players.team_id = scheduled.team_id
    where players.information_set = 'BASE' and scheduled.team_game_number > 2
    group by players.game_date, players.game_id, players.team_id

),

quotes as (

    select
        game_date,
        game_id,
        player_id,
        player_name
    from {{ ref('int_prop_quotes__paired') }}
    where {{ in_gate_window() }} and {{ known_before('known_at', as_of(), 'tipoff_at') }}
    group by game_date, game_id, player_id, player_name

),

statuses as (

    select
        {{ eastern_date('known_at') }} as game_date,
        case when status = 'unknown' then 1 end as is_unknown
    from {{ ref('int_injury_statuses__resolved') }}
    where known_at is not null

),

slate as (

    select
        players.*,
        quotes.player_id is not null as is_quoted
    from players
    left join (select distinct game_id, player_id from quotes) as quotes
        on
            players.game_id = quotes.game_id
            and players.player_id = quotes.player_id
    where
        players.information_set = 'LINE'
        and players.game_date = {{ slate_date() }}
        and players.tipoff_at > {{ as_of() }}

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

    select
        'every_scheduled_team_has_a_context_row' as metric,
        cast(null as {{ dbt.type_string() }}) as subject,
        game_date,
        {{ safe_divide('count(*)', '2 * count(distinct question_id)') }} as value
    from teams
    group by game_date
    union all
    select
        'every_rostered_player_has_a_context_row' as metric,
        cast(null as {{ dbt.type_string() }}) as subject,
        game_date,
        {{ safe_divide('context_rows', 'known_rows') }} as value
    from known_players
    union all
    select
        'every_team_knows_8_players' as metric,
        cast(null as {{ dbt.type_string() }}) as subject,
        game_date,
        min(known_players) as value
    from team_rosters
    group by game_date
    union all
    select
        'the_slate_has_players' as metric,
        cast(null as {{ dbt.type_string() }}) as subject,
        game_date,
        count(*) as value
    from slate
    group by game_date
    union all
    {{ offenders(
        'no_context_row_knows_anything_younger_than_its_cut',
        'players',
        'inputs_known_at >= cut_off_at or cut_off_at > tipoff_at'
    ) }}
    union all
    {{ offenders('no_line_was_known_at_or_after_the_cut', 'lines', 'is_too_late') }}
    union all
    select
        'most_quoted_names_are_known' as metric,
        cast(null as {{ dbt.type_string() }}) as subject,
        game_date,
        {{ safe_divide(
            'count(distinct case when player_id is not null then player_name end)',
            'count(distinct player_name)'
        ) }} as value
    from quotes
    group by game_date
    union all
    select
        'most_injury_statuses_are_understood' as metric,
        cast(null as {{ dbt.type_string() }}) as subject,
        game_date,
        1 - {{ safe_divide('count(is_unknown)', 'count(*)') }} as value
    from statuses
    where {{ in_gate_window() }}
    group by game_date
    union all
    select
        'players_with_a_prop_line' as metric,
        cast(null as {{ dbt.type_string() }}) as subject,
        game_date,
        {{ safe_divide('count(case when has_prop_line then 1 end)', 'count(*)') }} as value
    from slate
    group by game_date
    union all
    select
        'quoted_players_have_a_line_by_evening' as metric,
        cast(null as {{ dbt.type_string() }}) as subject,
        game_date,
        {{ safe_divide('count(case when has_prop_line then 1 end)', 'count(*)') }} as value
    from slate
    where is_quoted and {{ as_of() }} >= {{ eastern_instant(slate_date(), '17') }}
    group by game_date

),

{{ judged_gate('context') }}

select * from judged
