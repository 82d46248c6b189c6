-- Each slate player's last status known before the cut; a status that was taken back is none.
with slate as (

    select * from {{ ref('int_slate_players__known') }}

),

statuses as (

    select * from {{ ref('int_injury_statuses__resolved') }}
    where player_id is not null and known_at is not null and status != 'unknown'

),

known as (

    select
        slate.player_question_id,
        slate.question_id,
        slate.player_id,
        statuses.status,
        statuses.severity,
        statuses.known_at,
        statuses.source_load_id,
        row_number() over (
            partition by slate.player_question_id
            order by statuses.known_at desc, statuses.severity desc, statuses.status_id asc
        ) as recency
    from slate
    inner join statuses
        on
            slate.player_id = statuses.player_id
            and {{ known_before('statuses.known_at', 'slate.cut_off_at', 'slate.tipoff_at') }}
            -- Taken back, and that too was known before the cut.
            and (
                statuses.gone_by_at is null
                or not {{ known_before(
                    'statuses.gone_by_at', 'slate.cut_off_at', 'slate.tipoff_at'
                ) }}
            )

),

final as (

    select
        player_question_id,
        question_id,
        player_id,
        status,
        severity,
        known_at,
        source_load_id
    from known
    where recency = 1

)

select * from final
