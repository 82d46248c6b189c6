{#
    CTEs up to `states`: what is there of every need, for each slate of a relation.
    slates: CTE of (slate_id, game_date, as_of); with an as_of only what was known by then counts, else all that is loaded.
#}
{% macro source_states(slates) %}
requirements as (

    select * from {{ ref('source_requirements') }}

),

questions as (

    select
        {{ row_id(['slates.slate_id', 'requirements.need']) }} as state_id,
        slates.slate_id,
        slates.game_date as slate_date,
        slates.as_of,
        {{ add_days('slates.game_date', '-coalesce(requirements.days_back, 0)') }} as first_date,
        -- what is asked of earlier days ends the day before
        {{ add_days(
            'slates.game_date', '-case when requirements.days_back > 0 then 1 else 0 end'
        ) }} as last_date,
        requirements.*
    from {{ slates }} as slates
    cross join requirements

),

games as (

    select
        game_date,
        count(*) as games
    from {{ ref('stg_balldontlie__games') }}
    where status != 'postponed'
    group by game_date

),

found as (

    select
        questions.state_id,
        count(facts.fact_id) as facts,
        max(facts.known_at) as latest_at
    from questions
    inner join {{ ref('source_facts') }} as facts
        on
            questions.need = facts.need
            -- a fact without dates serves any day
            and coalesce(facts.last_date >= questions.first_date, true)
            and coalesce(facts.first_date <= questions.last_date, true)
            and (questions.as_of is null or facts.known_at <= questions.as_of)
    group by questions.state_id

),

states as (

    select
        questions.state_id,
        questions.slate_id,
        questions.slate_date,
        questions.as_of,
        questions.need,
        questions.source,
        questions.resource,
        questions.is_required,
        questions.minimum_share,
        questions.quality_impact,
        case when questions.is_per_game then coalesce(games.games, 0) else 1 end as expected,
        coalesce(found.facts, 0) as facts,
        found.latest_at,
        {{ add_minutes('found.latest_at', '60 * questions.max_age_hours') }} as expires_at
    from questions
    left join found
        on questions.state_id = found.state_id
    left join games
        on questions.first_date = games.game_date

),

judged as (

    select
        *,
        case when facts < expected then facts else expected end as present,
        case
            when facts < expected then {{ safe_divide('facts', 'expected') }}
            else 1
        end as share
    from states

)
{% endmacro %}
