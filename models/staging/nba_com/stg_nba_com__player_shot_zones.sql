with shots as (

    select * from {{ source('nba_com', 'shots') }}

),

zoned as (

    select
        *,
        case
            when area in ('Restricted Area', 'In The Paint (Non-RA)') then 'paint'
            when area = 'Mid-Range' then 'mid_range'
            when
                area in ('Left Corner 3', 'Right Corner 3', 'Above the Break 3', 'Backcourt')
                or action_type = '3pt'
                then 'three'
        end as zone,
        shot_result = 'Made' as is_made
    from shots
    -- A shot that is charged to nobody is its team's alone.
    where person_id > 0

),

counted as (

    select
        game_id,
        team_id,
        person_id,
        -- A two-pointer without an area may be either: then neither zone is known.
        count(zone) = count(*) as is_known,
        {% for zone in ['paint', 'mid_range', 'three'] -%}
            count(case when zone = '{{ zone }}' then 1 end) as {{ zone }}_fga,
            count(case when zone = '{{ zone }}' and is_made then 1 end) as {{ zone }}_fgm,
        {% endfor -%}
        max(_dlt_load_id) as source_load_id
    from zoned
    group by game_id, team_id, person_id

),

final as (

    select
        game_id as source_game_id,
        {{ to_text('team_id') }} as source_team_id,
        {{ to_text('person_id') }} as source_player_id,
        'nba_com' as source,
        case when is_known then paint_fga end as paint_fga,
        case when is_known then paint_fgm end as paint_fgm,
        case when is_known then mid_range_fga end as mid_range_fga,
        case when is_known then mid_range_fgm end as mid_range_fgm,
        three_fga,
        three_fgm,
        source_load_id,
        {{ load_instant('source_load_id') }} as loaded_at
    from counted

)

select * from final
