{{ config(materialized='view') }}

-- What is wrong with reported statuses, one row a status and issue, and what became of it: kept out, or resolved by a rule.
with reported as (

    select * from {{ ref('int_injury_statuses__resolved') }}

),

vocabulary as (

    select * from {{ ref('injury_vocabulary') }}

),

names as (

    select * from {{ ref('int_prop_names__resolved') }}

),

at_once as (

    select * from {{ ref('injury_statuses_at_once') }}

),

statuses as (

    select
        reported.*,
        names.resolution,
        vocabulary.status_text is not null as is_known_wording,
        {{ is_date_text('reported.status_text') }} as is_date,
        at_once.other_team_text,
        at_once.other_status
    from reported
    left join vocabulary
        on lower(trim(reported.status_text)) = vocabulary.status_text
    left join names
        on reported.player_name = names.player_name
    left join at_once
        on reported.status_id = at_once.status_id

),

found as (

    {% for issue, outcome, reason, condition in [
        (
            'shifted column', 'kept out',
            "'The status is a date: ' || status_text",
            'is_date',
        ),
        (
            'unknown wording', 'kept out',
            "'No line of the seed injury_vocabulary has it: ' || coalesce(status_text, 'no text')",
            'not is_known_wording and not is_date',
        ),
        (
            'left open', 'kept out',
            "'The feed does not say yet: ' || status_text",
            "is_known_wording and status = 'unknown'",
        ),
        (
            'other wording', 'resolved',
            "status_text || ' is read as ' || status",
            "is_known_wording and status != 'unknown' and lower(trim(status_text)) != status",
        ),
        (
            'unresolved name', 'kept out',
            "'Box scores and rosters leave the name ' || coalesce(resolution, 'unknown')",
            'player_id is null',
        ),
        (
            'without a time', 'kept out',
            "'Nobody tells since when it was known'",
            'known_at is null',
        ),
        (
            'two teams at once', 'resolved',
            "'Also under ' || other_team_text || ': a status goes with the player, not the team'",
            'other_team_text is not null',
        ),
        (
            'two statuses at once', 'resolved',
            "'Also ' || other_status || ': the latest known counts, of one instant the graver'",
            'other_status is not null',
        ),
    ] -%}
        select
            '{{ issue }}' as issue,
            '{{ outcome }}' as outcome,
            {{ reason }} as reason,
            statuses.*
        from statuses
        where {{ condition }}
        {{ 'union all' if not loop.last }}
    {% endfor -%}

),

final as (

    select
        {{ row_id(['issue', 'status_id']) }} as issue_id,
        issue,
        outcome,
        reason,
        status_id,
        source,
        player_id,
        player_name,
        status_text,
        status,
        known_at,
        gone_by_at,
        source_load_id
    from found

)

select * from final
