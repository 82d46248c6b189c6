-- What the loads brought, before anything rests on it: a schedule at all, minutes that are times, rows that were set aside.
with games as (

    select * from {{ ref('int_sources__games') }}

),

box_scores as (

    select
        *,
        {{ anything_counted() }} as has_statistics
    from {{ ref('int_sources__player_box_scores') }}

),

texts as (

    select
        games.source,
        games.game_date,
        games.season_type,
        box_scores.minutes_text is not null and box_scores.seconds_played is null as is_unread,
        coalesce(box_scores.seconds_played, 0) <= 0 and box_scores.has_statistics as is_odd
    from box_scores
    inner join games
        on
            box_scores.source = games.source
            and box_scores.source_game_id = games.source_game_id
    where {{ in_gate_window('games.game_date') }}

),

rejects as (

    {% for name in provider_names() -%}
        select
            '{{ name }}' as source,
            {{ eastern_date('captured_at') }} as game_date
        from {{ source(name, 'rejects') }}
        {{ 'union all' if not loop.last }}
    {% endfor -%}

),

measured as (

    select
        'a_schedule_is_loaded' as metric,
        cast(null as {{ dbt.type_string() }}) as subject,
        {{ slate_date() }} as game_date,
        cast(count(*) as {{ type_double() }}) as value
    from games
    union all
    {{ measure(
        'every_minutes_text_is_understood',
        'texts',
        share('is_unread'),
        where="season_type != 'All-Star'",
        subject='source'
    ) }}
    union all
    {{ measure(
        'every_minutes_text_of_an_all_star_game_is_understood',
        'texts',
        share('is_unread'),
        where="season_type = 'All-Star'",
        subject='source'
    ) }}
    union all
    {{ offenders('nobody_without_time_has_statistics', 'texts', 'is_odd', subject='source') }}
    union all
    {{ measure(
        'no_row_was_rejected', 'rejects', 'count(*)', where=in_gate_window(), subject='source'
    ) }}

),

{{ judged_gate('raw', counts_games=false) }}

select * from judged
