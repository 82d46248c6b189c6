{#
    The end of a gate: `measured` (metric, subject, game_date, value) beside the thresholds of the seed, judged.
    What the scope of a metric expects and nobody measured is 'empty', and blocks like an error; what would block and is
    waived for that date while the run began is 'waived', and warns.
    counts_games: whether marts.games stands already, from which the scopes are counted.
#}
{% macro judged_gate(layer, counts_games=true) %}
thresholds as (

    select * from {{ ref('gate_thresholds') }}
    where layer = '{{ layer }}'

),

waivers as (

    select
        metric,
        game_date,
        max(waived_by) as waived_by,
        max(reason) as reason
    from {{ ref('stg_runs__waivers') }}
    where
        created_at <= (select max(started_at) from {{ ref('stg_runs__runs') }})
        and expires_at > (select max(started_at) from {{ ref('stg_runs__runs') }})
    group by metric, game_date

),

days as (

    {{ counted_days() if counts_games }}
    select
        {{ slate_date() }} as game_date,
        0 as games,
        0 as final_games,
        0 as games_to_build,
        0 as slate_games,
        1 as runs

),

expected as (

    select
        thresholds.metric,
        days.game_date,
        max(case when thresholds.is_per_game then days.slate_games else 1 end) as scale
    from thresholds
    inner join days
        on
            (thresholds.scope = 'run' and days.runs > 0)
            or (thresholds.scope = 'games' and days.games > 0)
            or (thresholds.scope = 'final games' and days.final_games > 0)
            or (thresholds.scope = 'games to build' and days.games_to_build > 0)
            or (thresholds.scope = 'slate' and days.slate_games > 0)
    group by thresholds.metric, days.game_date

),

compared as (

    select
        coalesce(measured.metric, expected.metric) as metric,
        measured.subject,
        coalesce(measured.game_date, expected.game_date) as game_date,
        coalesce(expected.scale, 1) as scale,
        cast(measured.value as {{ type_double() }}) as value
    from measured
    full outer join expected
        on
            measured.metric = expected.metric
            and measured.game_date = expected.game_date
    where measured.value is not null or expected.metric is not null

),

scaled as (

    select
        compared.*,
        thresholds.direction,
        cast(compared.scale * thresholds.warn_threshold as {{ type_double() }}) as warn_threshold,
        cast(compared.scale * thresholds.error_threshold as {{ type_double() }}) as error_threshold
    from compared
    inner join thresholds
        on compared.metric = thresholds.metric

),

judged as (

    select
        {{ row_id(["'" ~ layer ~ "'", 'scaled.metric', 'scaled.subject', 'scaled.game_date']) }}
            as gate_row_id,
        '{{ layer }}' as layer,
        scaled.metric,
        scaled.subject,
        scaled.game_date,
        scaled.value,
        scaled.direction,
        scaled.warn_threshold,
        scaled.error_threshold,
        case
            when scaled.value is null and waivers.metric is null then 'empty'
            when scaled.value is null then 'waived'
            when {{ beyond('error_threshold') }} and waivers.metric is null then 'error'
            when {{ beyond('error_threshold') }} then 'waived'
            when {{ beyond('warn_threshold') }} then 'warn'
            else 'pass'
        end as status,
        waivers.waived_by,
        waivers.reason as waiver_reason,
        {{ as_of() }} as measured_as_of
    from scaled
    left join waivers
        on
            scaled.metric = waivers.metric
            and scaled.game_date = waivers.game_date

)
{% endmacro %}

{# Whether a value lies on the wrong side of a threshold; never, where there is none. #}
{% macro beyond(threshold) -%}
    coalesce(
        (scaled.direction = 'at_least' and scaled.value < scaled.{{ threshold }})
        or (scaled.direction = 'at_most' and scaled.value > scaled.{{ threshold }}),
        false
    )
{%- endmacro %}
