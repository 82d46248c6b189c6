{#
    CTEs up to `judged`: what is there of every need, for each slate of a relation.
    slates: CTE of (slate_id, game_date, as_of); with an as_of only what was known before it counts, else all that there is.
#}
{% macro source_states(slates) %}
questions as (

    select
        {{ row_id(['slates.slate_id', 'requirements.need']) }} as state_id,
        slates.slate_id,
        slates.game_date,
        slates.as_of,
        requirements.need,
        requirements.source,
        requirements.resource,
        requirements.is_required,
        requirements.is_per_game,
        requirements.max_age_hours,
        requirements.minimum_share,
        requirements.quality_impact
    from {{ slates }} as slates
    cross join {{ ref('source_requirements') }} as requirements

),

facts as (

    select * from {{ ref('source_facts') }}

),

answers as (

    -- of the present: they are about no day
    select
        need,
        fact_id,
        known_at
    from facts
    where game_date is null

),

games as (

    -- the fullest of the schedules
    select
        game_date,
        max(games) as games
    from (
        select
            game_date,
            source,
            count(*) as games
        from {{ ref('source_games') }}
        where status != 'postponed'
        group by game_date, source
    ) as schedules
    group by game_date

),

counted as (

    select
        questions.state_id,
        count(*) as facts,
        max(facts.known_at) as latest_at
    from questions
    inner join facts
        on
            questions.need = facts.need
            and questions.game_date = facts.game_date
    where questions.as_of is null or facts.known_at < questions.as_of
    group by questions.state_id

),

found as (

    select
        questions.*,
        case when questions.is_per_game then coalesce(games.games, 0) else 1 end as expected,
        coalesce(counted.facts, case when answers.fact_id is null then 0 else 1 end) as facts,
        coalesce(counted.latest_at, answers.known_at) as latest_at
    from questions
    left join counted
        on questions.state_id = counted.state_id
    left join {{ latest_known(
        'answers', 'questions', 'need', 'known_at', 'as_of', 'fact_id', 'state_id'
    ) }} as latest_answers
        on questions.state_id = latest_answers.state_id
    left join answers
        on
            questions.need = answers.need
            and latest_answers.fact_id = answers.fact_id
    left join games
        on
            -- box scores are those of the night before
            case
                when questions.need = 'box_scores' then {{ add_days('questions.game_date', -1) }}
                else questions.game_date
            end = games.game_date

),

judged as (

    select
        *,
        case when facts < expected then facts else expected end as present,
        case
            when facts < expected then {{ safe_divide('facts', 'expected') }}
            else 1
        end as share,
        {{ add_minutes('latest_at', '60 * max_age_hours') }} as expires_at
    from found

)
{% endmacro %}
