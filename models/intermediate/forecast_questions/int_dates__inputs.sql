-- What the features of each game date are made of, as a fingerprint: how many facts, how good, and when the last was loaded.
with games as (

    select * from {{ ref('games') }}
    where is_franchise_game

),

game_dates as (

    select distinct game_date from games

),

daily as (

    select
        game_date,
        'games' as input,
        count(*) as n,
        0 as quality,
        max(loaded_at) as loaded_at
    from games
    group by game_date
    union all
    select
        game_date,
        'players' as input,
        count(*) as n,
        coalesce({{ integer_sum('quality_score') }}, 0) as quality,
        max(loaded_at) as loaded_at
    from {{ ref('player_game_summary') }}
    where {{ every_game_date() }}
    group by game_date
    union all
    select
        game_date,
        'teams' as input,
        count(*) as n,
        coalesce({{ integer_sum('quality_score') }}, 0) as quality,
        max(loaded_at) as loaded_at
    from {{ ref('team_offense_game_summary') }}
    group by game_date
    union all
    select
        game_date,
        'prop quotes' as input,
        count(*) as n,
        0 as quality,
        max(loaded_at) as loaded_at
    from {{ ref('int_prop_quotes__paired') }}
    where {{ every_game_date() }}
    group by game_date
    union all
    select
        game_date,
        'game lines' as input,
        count(*) as n,
        0 as quality,
        max(loaded_at) as loaded_at
    from {{ ref('int_game_lines__resolved') }}
    group by game_date
    union all
    select
        {{ eastern_date('known_at') }} as game_date,
        'statuses' as input,
        count(*) + count(gone_by_at) as n,
        0 as quality,
        max(loaded_at) as loaded_at
    from {{ ref('int_injury_statuses__resolved') }}
    where known_at is not null
    group by {{ eastern_date('known_at') }}
    union all
    select
        {{ eastern_date('known_at') }} as game_date,
        'roster spots' as input,
        count(*) as n,
        0 as quality,
        max(loaded_at) as loaded_at
    from {{ ref('int_roster_facts__unioned') }}
    where known_at is not null
    group by {{ eastern_date('known_at') }}

),

-- Everything that happened up to a day may speak in its features, so the fingerprint runs along.
totals as (

    select
        game_date,
        sum(n) as n,
        sum(quality) as quality,
        max(loaded_at) as loaded_at
    from daily
    group by game_date

),

running as (

    select
        game_date,
        sum(n) over (order by game_date asc rows between unbounded preceding and current row)
            as facts,
        sum(quality) over (order by game_date asc rows between unbounded preceding and current row)
            as quality,
        max(loaded_at) over (
            order by game_date asc rows between unbounded preceding and current row
        ) as loaded_at
    from totals

),

final as (

    select
        running.game_date,
        {{ to_text('running.facts') }} || ' facts of quality '
        || {{ to_text('cast(running.quality as ' ~ dbt.type_bigint() ~ ')') }} || ' to '
        || {{ to_text(unix_micros('running.loaded_at')) }} as inputs_version
    from running
    inner join game_dates
        on running.game_date = game_dates.game_date

)

select * from final
